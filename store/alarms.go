package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Alarm is something that somebody must have seen. Times are UTC.
type Alarm struct {
	ID             int64
	Kind           distribution.AlarmKind
	At             time.Time
	Distribution   distribution.Distribution
	AcknowledgedBy distribution.Person // zero while it is open
	AcknowledgedAt time.Time
	Note           string
}

func (tx *Tx) raise(ctx context.Context, kind distribution.AlarmKind, id string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO alarms (kind, distribution_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (distribution_id, kind) WHERE acknowledged_at IS NULL DO NOTHING`, string(kind), id, tx.now.UnixMicro())
	if err != nil {
		return fmt.Errorf("store: alarm: %w", err)
	}
	return nil
}

// Acknowledge closes all open alarms of a distribution with a person's note.
// Without an open one it is a conflict.
func (db *DB) Acknowledge(ctx context.Context, by distribution.Actor, id, note string) error {
	if err := distribution.May(by, distribution.Acknowledge); err != nil {
		return err
	}
	if note == "" {
		return refuse("reason")
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		_, err := tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) {
			res, err := tx.ExecContext(ctx, `UPDATE alarms SET acknowledged_by = $1, acknowledged_by_name = $2, acknowledged_at = $3, note = $4
				WHERE distribution_id = $5 AND acknowledged_at IS NULL`, by.ID, by.Name, tx.now.UnixMicro(), note, id)
			if err != nil {
				return distribution.Event{}, fmt.Errorf("store: alarm: %w", err)
			}
			n, err := res.RowsAffected()
			if err == nil && n == 0 {
				err = refuse("no_alarm")
			}
			return d.Acknowledged(note), err
		})
		return err
	})
}

// AlarmsOf lists the alarms of one, open and acknowledged, newest first; its
// Distribution is left empty.
func (db *DB) AlarmsOf(ctx context.Context, id string) ([]Alarm, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, kind, at, acknowledged_by, acknowledged_by_name, acknowledged_at, note
		FROM alarms WHERE distribution_id = $1 ORDER BY id DESC`, id)
	alarms, err := collect(rows, err, func(r *sql.Rows) (Alarm, error) {
		var a Alarm
		var at int64
		var seen sql.NullInt64
		err := r.Scan(&a.ID, &a.Kind, &at, &a.AcknowledgedBy.ID, &a.AcknowledgedBy.Name, &seen, &a.Note)
		a.At, a.AcknowledgedAt = time.UnixMicro(at).UTC(), moment(seen)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: alarms: %w", err)
	}
	return alarms, nil
}

// OpenAlarms lists those that nobody acknowledged yet, the loudest kind first,
// then the newest; at most limit.
func (db *DB) OpenAlarms(ctx context.Context, limit int) ([]Alarm, error) {
	rows, err := db.read.QueryContext(ctx, openAlarmsQuery, limit)
	var ids []string
	alarms, err := collect(rows, err, func(r *sql.Rows) (Alarm, error) {
		var a Alarm
		var at int64
		err := r.Scan(&a.ID, &a.Kind, &at, &a.Distribution.ID)
		a.At = time.UnixMicro(at).UTC()
		ids = append(ids, a.Distribution.ID)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: alarms: %w", err)
	}
	about, err := distributionsByID(ctx, db.read, ids)
	for i := range alarms {
		alarms[i].Distribution = about[alarms[i].Distribution.ID]
	}
	return alarms, err
}

const openAlarmsQuery = `SELECT id, kind, at, distribution_id FROM alarms WHERE acknowledged_at IS NULL
	ORDER BY CASE kind WHEN 'executed_twice' THEN 0 WHEN 'found_late' THEN 1 WHEN 'regressed' THEN 2 WHEN 'vanished' THEN 3 ELSE 4 END, id DESC
	LIMIT $1`

// CountOpenAlarms counts them by kind.
func (db *DB) CountOpenAlarms(ctx context.Context) (map[distribution.AlarmKind]int, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT kind, count(*) FROM alarms WHERE acknowledged_at IS NULL GROUP BY kind")
	counts := map[distribution.AlarmKind]int{}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var kind distribution.AlarmKind
		var n int
		err := r.Scan(&kind, &n)
		counts[kind] = n
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: alarms: %w", err)
	}
	return counts, nil
}
