package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// TwinError says that another distribution that pays the same is still under
// way, and names it.
type TwinError struct{ ID string }

func (e *TwinError) Error() string { return "the same payment is under way: " + e.ID }
func (e *TwinError) Unwrap() error { return distribution.ErrConflict }

// twin finds whom the unique index of live content refused us for.
func (tx *Tx) twin(ctx context.Context, d distribution.Distribution, cause error) error {
	other, err := getDistribution(ctx, tx, `origin = 'dashboard' AND biz_key = $1 AND dup_no = $2 AND id <> $3
		AND status IN ('awaiting_approval', 'queued', 'sending', 'unknown', 'not_found', 'mismatch')`,
		d.BizKey(), d.DupNo, d.ID)
	if err != nil {
		return errors.Join(cause, err)
	}
	return &TwinError{ID: other.ID}
}

// twinsFor is how long one that Plexy answered is held against a new one that
// pays the same.
const twinsFor = 45 * 24 * time.Hour

// AnsweredTwins lists what pays the same as the content and is at Plexy or was
// paid, of the last 45 days, wherever it was made: newest first, at most five.
// exceptID is left out.
func (db *DB) AnsweredTwins(ctx context.Context, c distribution.Content, exceptID string) ([]distribution.Distribution, error) {
	return answeredTwins(ctx, db.read, db.Now(), distribution.BizKey(c), exceptID)
}

func answeredTwins(ctx context.Context, q querier, now time.Time, bizKey, exceptID string) ([]distribution.Distribution, error) {
	rows, err := q.QueryContext(ctx, answeredTwinsQuery, bizKey, now.Add(-twinsFor).UnixMicro(), exceptID)
	twins, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: twins: %w", err)
	}
	return twins, nil
}

const answeredTwinsQuery = "SELECT " + columns + ` FROM distributions
	WHERE biz_key = $1 AND created_at >= $2 AND id <> $3 AND linked_to IS NULL AND status IN ('accepted', 'processing', 'paid')
	ORDER BY created_at DESC LIMIT 5`

// twinExplained refuses one that pays the same as an answered one unless its
// maker said why, or two people allowed it.
func (tx *Tx) twinExplained(ctx context.Context, d *distribution.Distribution) error {
	if d.ExplainsTwin() {
		return nil
	}
	twins, err := answeredTwins(ctx, tx, tx.now, d.BizKey(), d.ID)
	if err == nil && len(twins) > 0 {
		err = refuse("duplicate")
	}
	return err
}
