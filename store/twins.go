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

// live holds for what the unique index distributions_twin keeps apart.
const live = `origin = 'dashboard' AND status IN ('awaiting_approval', 'queued', 'sending', 'unknown', 'not_found', 'mismatch')`

// twin finds whom the unique index of live content refused us for.
func (tx *Tx) twin(ctx context.Context, d distribution.Distribution, cause error) error {
	other, err := getDistribution(ctx, tx, "biz_key = $1 AND dup_no = $2 AND id <> $3 AND "+live, d.BizKey(), d.DupNo, d.ID)
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

// hinted says that a list may have shown the reference at Plexy, and that the
// read by id which tells is still to come.
const hinted = "hinted"

// twinOrReference looks at what Plexy showed: the reference of d under another
// row, or a payment of the same since d was handed over, which its maker could
// not know of. What counts is when it was seen here, not when Plexy says that it
// was made: one that was refused, or had failed, may turn out to be paid after all.
func (tx *Tx) twinOrReference(ctx context.Context, d *distribution.Distribution) (why string, err error) {
	var hint, taken, twin bool
	err = tx.QueryRowContext(ctx, twinOrReferenceQuery, d.ID, d.OrderReference, d.BizKey(), d.DupNo, tx.now.Add(-twinsFor).UnixMicro()).
		Scan(&hint, &taken, &twin)
	switch {
	case err != nil:
		return "", fmt.Errorf("store: claim: %w", err)
	case taken:
		return "reference", nil
	case twin:
		return "twin", nil
	case hint:
		return hinted, nil
	}
	return "", nil
}

const twinOrReferenceQuery = `SELECT
	EXISTS (SELECT 1 FROM distributions WHERE id = $1 AND unconfirmed = 1),
	EXISTS (SELECT 1 FROM distributions r WHERE r.order_reference = $2 AND r.id <> $1
		AND NOT EXISTS (SELECT 1 FROM disowned x WHERE x.plexy_id = r.plexy_id)),
	EXISTS (SELECT 1 FROM distributions t WHERE t.biz_key = $3 AND t.id <> $1 AND t.linked_to IS NULL
		AND t.status IN ('accepted', 'processing', 'paid')
		AND (t.origin = 'dashboard' AND t.dup_no = $4 OR t.origin = 'plexy' AND t.created_at >= $5)
		AND EXISTS (SELECT 1 FROM distribution_events e WHERE e.distribution_id = t.id
			AND e.to_status IN ('accepted', 'processing', 'paid') AND e.from_status NOT IN ('accepted', 'processing', 'paid')
			AND e.id > (SELECT coalesce(max(s.id), 0) FROM distribution_events s WHERE s.distribution_id = $1 AND s.kind = 'submitted')))`

// stillAlone refuses to send again what stands at Plexy under another row by
// now, or may, and what was paid as a twin meanwhile.
func (tx *Tx) stillAlone(ctx context.Context, d *distribution.Distribution) error {
	why, err := tx.twinOrReference(ctx, d)
	switch {
	case err != nil || why == "":
		return err
	case why == hinted:
		return refuse("claim_reference")
	}
	return refuse("claim_" + why)
}

// nextDupNo is the number of the next one that pays the same as d.
func (tx *Tx) nextDupNo(ctx context.Context, d *distribution.Distribution) (n int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(dup_no), 0) + 1 FROM distributions WHERE biz_key = $1 AND origin = 'dashboard'",
		d.BizKey()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("store: twin: %w", err)
	}
	return n, nil
}
