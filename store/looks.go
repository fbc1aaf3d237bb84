package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Checks is when Plexy was asked about one, whatever it said.
type Checks struct {
	Looks         int // searches of the list since the outcome became unknown
	NextLookAt    time.Time
	LastCheckedAt time.Time
}

// Checks reads it.
func (db *DB) Checks(ctx context.Context, id string) (Checks, error) {
	var c Checks
	var next, last sql.NullInt64
	err := db.read.QueryRowContext(ctx, "SELECT looks, next_look_at, last_checked_at FROM distributions WHERE id = $1", id).
		Scan(&c.Looks, &next, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return c, distribution.ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("store: checks: %w", err)
	}
	c.NextLookAt, c.LastCheckedAt = moment(next), moment(last)
	return c, nil
}

// LookNow asks for a sweep, and until it comes for the next look, at once.
func (db *DB) LookNow(ctx context.Context, by distribution.Actor, id string) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		d, err := getDistribution(ctx, tx, "id = $1", id)
		if err != nil {
			return err
		}
		if err := distribution.CanLook(by, &d); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE distributions SET next_look_at = $1 WHERE id = $2", tx.now.UnixMicro(), id); err != nil {
			return fmt.Errorf("store: look: %w", err)
		}
		if err := tx.setState(ctx, keySweepAsked, timeText(tx.now)); err != nil {
			return err
		}
		_, err = tx.audit(ctx, by, entry{action: "distribution.look_asked", object: "distribution", id: id})
		return err
	})
}

// DueLooks lists the unknown and not found ones whose look is due, oldest first.
func (db *DB) DueLooks(ctx context.Context) ([]distribution.Distribution, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT "+columns+` FROM distributions
		WHERE status IN ('unknown', 'not_found') AND next_look_at <= $1 ORDER BY next_look_at`, db.Now().UnixMicro())
	due, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: looks: %w", err)
	}
	return due, nil
}

// Looked notes that the list was searched for one, and when to search again. A
// look that was asked for after this one began stays due.
func (db *DB) Looked(ctx context.Context, id string, began time.Time) error {
	return db.tx(ctx, func(tx *Tx) error {
		var looks int
		if err := tx.QueryRowContext(ctx, "SELECT looks FROM distributions WHERE id = $1", id).Scan(&looks); err != nil {
			return fmt.Errorf("store: look: %w", err)
		}
		next := tx.now.Add(distribution.LookDelay(looks + 1))
		_, err := tx.ExecContext(ctx, `UPDATE distributions SET looks = $1, last_checked_at = $3,
			next_look_at = CASE WHEN next_look_at > $5 THEN next_look_at ELSE $2 END WHERE id = $4`,
			looks+1, next.UnixMicro(), tx.now.UnixMicro(), id, began.UnixMicro())
		if err != nil {
			return fmt.Errorf("store: look: %w", err)
		}
		return nil
	})
}

// scheduleLooks starts the schedule when an outcome becomes unknown. A doubt
// that Plexy itself raised is looked up at once.
func (tx *Tx) scheduleLooks(ctx context.Context, d *distribution.Distribution) error {
	first := tx.now.Add(distribution.LookDelay(0))
	if d.StatusReason == "exists" || d.StatusReason == "crash" || d.StatusReason == restored {
		first = tx.now
	}
	_, err := tx.ExecContext(ctx, "UPDATE distributions SET looks = 0, next_look_at = $1 WHERE id = $2", first.UnixMicro(), d.ID)
	if err != nil {
		return fmt.Errorf("store: look: %w", err)
	}
	return nil
}

// DueReads lists the ids at Plexy of those it still works on, and of those that
// a list hinted at without a read to confirm it; longest unread first.
func (db *DB) DueReads(ctx context.Context, limit int) ([]string, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT plexy_id FROM distributions
		WHERE plexy_id IS NOT NULL AND linked_to IS NULL AND (status IN ('accepted', 'processing') OR unconfirmed = 1) ORDER BY last_checked_at NULLS FIRST LIMIT $1`, limit)
	ids, err := collect(rows, err, scanText)
	if err != nil {
		return nil, fmt.Errorf("store: reads: %w", err)
	}
	return ids, nil
}

// ReadByID notes that Plexy was asked about one by its id.
func (db *DB) ReadByID(ctx context.Context, plexyID string) error {
	_, err := db.write.ExecContext(ctx, "UPDATE distributions SET last_checked_at = $1 WHERE plexy_id = $2", db.Now().UnixMicro(), plexyID)
	if err != nil {
		return fmt.Errorf("store: reads: %w", err)
	}
	return nil
}
