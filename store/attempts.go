package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Outcome of an attempt.
type Outcome string

// Outcomes; an open attempt has none.
const (
	OutcomeOK      Outcome = "ok"
	OutcomeDiffers Outcome = "differs"
	OutcomeRefused Outcome = "refused"
	OutcomeNotSent Outcome = "not_sent"
	OutcomeUnknown Outcome = "unknown"
)

// Attempt is one try to send a distribution: opened before the POST, closed
// once, never used again.
type Attempt struct {
	ID             string
	DistributionID string
	N              int // from one
	Boot           string
	StartedAt      time.Time
	FinishedAt     time.Time // zero while open
	Outcome        Outcome
	Reason         string
	BodyHash       []byte // SHA-256 of the bytes on the wire
	AnswerID       int64
}

// KeepAnswer stores what came back, before anybody judges it.
func (db *DB) KeepAnswer(ctx context.Context, by distribution.Actor, attemptID string, a RawAnswer) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		answerID, err := tx.saveAnswer(ctx, a)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, "UPDATE attempts SET answer_id = $1 WHERE id = $2 RETURNING id", answerID, attemptID).Scan(&attemptID)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("store: attempt %s: %w", attemptID, distribution.ErrNotFound)
		}
		if err != nil {
			return fmt.Errorf("store: attempt: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{
			action: "attempt.answered", object: "attempt", id: attemptID,
			details: map[string]string{"httpStatus": fmt.Sprint(a.Status), "body.sha256": sha256Hex(a.Body), "error": a.Error},
		})
		return err
	})
}

// Finish closes an open attempt and lets judge move the distribution, in one
// transaction. It fails with distribution.ErrConflict when the attempt is closed
// already, when judge does, and when Plexy's id is another distribution's.
func (db *DB) Finish(ctx context.Context, by distribution.Actor, attemptID string, o Outcome, why string,
	judge func(*distribution.Distribution) (distribution.Event, error),
) error {
	return db.txBy(ctx, by, func(tx *Tx) error { return tx.finish(ctx, by, attemptID, o, why, judge) })
}

func (tx *Tx) finish(ctx context.Context, by distribution.Actor, attemptID string, o Outcome, why string,
	judge func(*distribution.Distribution) (distribution.Event, error),
) error {
	var id string
	var answer sql.NullInt64
	err := tx.QueryRowContext(ctx, `UPDATE attempts SET outcome = $1, reason = $2, finished_at = $3
		WHERE id = $4 AND outcome IS NULL RETURNING distribution_id, answer_id`,
		string(o), why, tx.now.UnixMicro(), attemptID).Scan(&id, &answer)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("store: attempt %s is not open: %w", attemptID, distribution.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("store: attempt: %w", err)
	}
	d, err := tx.change(ctx, by, id, answer.Int64, judge)
	switch {
	case unique(err): // the answer names an id of Plexy that another row holds
		return fmt.Errorf("%w: %w", distribution.ErrConflict, err)
	case err != nil || o != OutcomeOK && o != OutcomeDiffers:
		return err
	}
	return tx.chainAnswer(ctx, by, &d, answer.Int64)
}

// Recover closes what an earlier run of the program left open: nobody knows
// whether those were executed. It returns how many there were.
func (db *DB) Recover(ctx context.Context, by distribution.Actor) (n int, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM attempts WHERE outcome IS NULL AND boot <> $1", db.boot)
		open, err := collect(rows, err, scanText)
		if err != nil {
			return fmt.Errorf("store: recover: %w", err)
		}
		for _, id := range open {
			err := tx.finish(ctx, by, id, OutcomeUnknown, "crash", func(d *distribution.Distribution) (distribution.Event, error) {
				return d.Lose("crash", tx.now)
			})
			if err != nil {
				return err
			}
		}
		n = len(open)
		return nil
	})
	return n, err
}

// Attempts lists the tries to send one, newest first.
func (db *DB) Attempts(ctx context.Context, id string) ([]Attempt, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, distribution_id, n, boot, started_at, finished_at, coalesce(outcome, ''), reason, body_hash, answer_id
		FROM attempts WHERE distribution_id = $1 ORDER BY n DESC`, id)
	attempts, err := collect(rows, err, func(r *sql.Rows) (Attempt, error) {
		var a Attempt
		var started int64
		var finished, answer sql.NullInt64
		err := r.Scan(&a.ID, &a.DistributionID, &a.N, &a.Boot, &started, &finished, &a.Outcome, &a.Reason, &a.BodyHash, &answer)
		a.StartedAt, a.FinishedAt, a.AnswerID = time.UnixMicro(started).UTC(), moment(finished), answer.Int64
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: attempts: %w", err)
	}
	return attempts, nil
}
