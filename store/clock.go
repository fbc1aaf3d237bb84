package store

import (
	"context"
	"fmt"
	"time"

	"plexydash/distribution"
)

// LastWritten is the newest moment that a worker wrote down, zero in a new
// database. It is later than now only when the clock was set back since, or was
// wrong then.
func (db *DB) LastWritten(ctx context.Context) (time.Time, error) {
	var at int64
	err := db.read.QueryRowContext(ctx, `SELECT max(
		coalesce((SELECT max(started_at) FROM attempts), 0),
		coalesce((SELECT max(started_at) FROM sync_runs), 0))`).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("store: clock: %w", err)
	}
	if at == 0 {
		return time.Time{}, nil
	}
	return time.UnixMicro(at).UTC(), nil
}

// AnyUnknown reports that the outcome of at least one is unknown.
func (db *DB) AnyUnknown(ctx context.Context) (unknown bool, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM distributions WHERE status = 'unknown')").Scan(&unknown)
	if err != nil {
		return false, fmt.Errorf("store: clock: %w", err)
	}
	return unknown, nil
}

// Jump is a step of the clock that no time passed for.
type Jump struct {
	Step time.Duration
	// From is the earliest time that was written by the clock as it is now. What
	// is between it and now stays where it is: of two readings the later one, as
	// it makes nothing go sooner.
	From time.Time
}

// DoubtClock stops all sending because the clock of this machine cannot be
// trusted. If it jumped, what is measured by it moves along, so that nothing is
// over sooner than time really passed. All that is being looked for is looked for
// at once: that is part of what ends the doubt.
func (db *DB) DoubtClock(ctx context.Context, by distribution.Actor, found string, jump Jump) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		if err := tx.stop(ctx, by, StopClock, found, ""); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE distributions SET next_look_at = $1
			WHERE status IN ('unknown', 'not_found')`, tx.now.UnixMicro()); err != nil {
			return fmt.Errorf("store: clock: %w", err)
		}
		if jump.Step == 0 {
			return nil
		}
		return tx.moveAlong(ctx, by, found, jump)
	})
}

func (tx *Tx) moveAlong(ctx context.Context, by distribution.Actor, found string, jump Jump) error {
	for _, query := range []string{
		`UPDATE distributions SET unknown_since = unknown_since + $1
			WHERE status IN ('unknown', 'not_found', 'queued', 'sending') AND unknown_since NOT BETWEEN $2 AND $3`,
		`UPDATE distributions SET queued_at = queued_at + $1, next_try_at = NULL
			WHERE status = 'queued' AND queued_at NOT BETWEEN $2 AND $3`,
	} {
		if _, err := tx.ExecContext(ctx, query, jump.Step.Microseconds(), jump.From.UnixMicro(), tx.now.UnixMicro()); err != nil {
			return fmt.Errorf("store: clock: %w", err)
		}
	}
	_, err := tx.audit(ctx, by, entry{
		action: "clock.jumped", object: "sending", id: string(StopClock), reason: found,
		details: map[string]string{"step": jump.Step.String()},
	})
	return err
}
