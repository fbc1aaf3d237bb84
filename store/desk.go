package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// This file holds what the pages of unknown outcomes and of proposals read.

const uncertain = "origin = 'dashboard' AND status IN ('unknown', 'not_found', 'mismatch')"

// Uncertain lists those of ours that nobody knows the outcome of, the longest in
// doubt first; at most limit.
func (db *DB) Uncertain(ctx context.Context, limit int) ([]distribution.Distribution, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT "+columns+" FROM distributions WHERE "+uncertain+
		" ORDER BY coalesce(unknown_since, updated_at), id LIMIT $1", limit)
	found, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: uncertain: %w", err)
	}
	return found, nil
}

// CountUncertain counts all of them.
func (db *DB) CountUncertain(ctx context.Context) (n int, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT count(*) FROM distributions WHERE "+uncertain).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("store: uncertain: %w", err)
	}
	return n, nil
}

// SettledDecisions lists what was confirmed, refused, withdrawn or became void,
// the last first; at most limit.
func (db *DB) SettledDecisions(ctx context.Context, limit int) ([]distribution.Decision, error) {
	return decisions(ctx, db.read, settledDecisions, limit)
}

// RowOfPlexy is the mirrored row with that id at Plexy.
func (db *DB) RowOfPlexy(ctx context.Context, plexyID string) (distribution.Distribution, error) {
	return getDistribution(ctx, db.read, "plexy_id = $1", plexyID)
}

// LiveTwin is the id of one that pays the same and is still under way; empty
// when there is none. It is for pages: a submission looks by itself.
func (db *DB) LiveTwin(ctx context.Context, d *distribution.Distribution) (id string, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT id FROM distributions WHERE biz_key = $1 AND id <> $2 AND "+live+" ORDER BY dup_no DESC LIMIT 1",
		distribution.BizKey(d.Content), d.ID).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("store: twin: %w", err)
	}
	return id, nil
}

// BalanceAround is the last balance that Plexy told before a span of time and
// the first one after it. A missing one is nil: nothing was told then.
func (db *DB) BalanceAround(ctx context.Context, c distribution.Currency, from, to time.Time) (before, after *distribution.Amount, err error) {
	// Readings are few around an attempt: both walks stop after some rows.
	before, id, err := db.reading(ctx, "currency = $1 AND at <= $2 ORDER BY id DESC", c, from.UnixMicro())
	if err != nil {
		return nil, nil, err
	}
	after, _, err = db.reading(ctx, "currency = $1 AND checked_at >= $2 AND id >= $3 ORDER BY id", c, to.UnixMicro(), id)
	return before, after, err
}

func (db *DB) reading(ctx context.Context, where string, args ...any) (a *distribution.Amount, id int64, err error) {
	var amount distribution.Amount
	err = db.read.QueryRowContext(ctx, "SELECT id, amount FROM balance_readings WHERE "+where+" LIMIT 1", args...).Scan(&id, &amount)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, 0, nil
	case err != nil:
		return nil, 0, fmt.Errorf("store: balance: %w", err)
	}
	return &amount, id, nil
}
