package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// RawAnswer is one answer of Plexy as it came, without any secret. Status 0
// means that none came.
type RawAnswer struct {
	ID         int64
	At         time.Time // UTC, our clock
	Call       string    // create, list, detail or balance
	Status     int       // HTTP
	Duration   time.Duration
	ServerDate time.Time // Plexy's clock; zero when it told none
	Headers    map[string]string
	Body       []byte
	Error      string
}

func (tx *Tx) saveAnswer(ctx context.Context, a RawAnswer) (int64, error) {
	headers, err := json.Marshal(a.Headers)
	if err != nil {
		return 0, fmt.Errorf("store: answer: %w", err)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO raw_answers (at, call, status, duration, server_date, headers, body, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.At.UnixMicro(), a.Call, a.Status, a.Duration.Microseconds(), micros(a.ServerDate), string(headers), notNil(a.Body), a.Error)
	if err != nil {
		return 0, fmt.Errorf("store: answer: %w", err)
	}
	return res.LastInsertId()
}

// Answer reads a kept answer.
func (db *DB) Answer(ctx context.Context, id int64) (RawAnswer, error) {
	a := RawAnswer{ID: id}
	var at, duration int64
	var serverDate sql.NullInt64
	var headers []byte
	err := db.read.QueryRowContext(ctx,
		"SELECT at, call, status, duration, server_date, headers, body, error FROM raw_answers WHERE id = $1", id).
		Scan(&at, &a.Call, &a.Status, &duration, &serverDate, &headers, &a.Body, &a.Error)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return a, distribution.ErrNotFound
	case err != nil:
		return a, fmt.Errorf("store: answer: %w", err)
	}
	a.At, a.Duration, a.ServerDate = time.UnixMicro(at).UTC(), time.Duration(duration)*time.Microsecond, moment(serverDate)
	return a, json.Unmarshal(headers, &a.Headers)
}
