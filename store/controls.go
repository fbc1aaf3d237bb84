package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// controlsTried is how many candidates for a control are held against what the
// sweep saw. A whole list shows the first of them.
const controlsTried = 100

// proof is what the sweep showed around the attempts of one. Where Plexy's clock
// is held against ours, the doubt about their difference counts against the
// control.
func (tx *Tx) proof(ctx context.Context, s Swept, id string) (p distribution.SweepProof, err error) {
	first, end, err := tx.tried(ctx, id)
	if err != nil {
		return p, err
	}
	p.Whole = s.Ended == SweepProven
	p.Unnamed = !s.Unnamed.IsZero() && !s.Unnamed.Before(first.Add(-s.Behind))
	if p.Older, err = tx.control(ctx, s, olderControls, first.Add(-s.Behind), s.StartedAt); err != nil {
		return p, err
	}
	if p.Newer, err = tx.control(ctx, s, newerOfOurs, end, tx.now); err != nil || !p.Newer.IsZero() {
		return p, err
	}
	p.Newer, err = tx.control(ctx, s, newerByPlexy, end.Add(s.Ahead), tx.now.Add(s.Ahead))
	return p, err
}

// tried is when the first attempt began and the last one ended. One that a crash
// cut short ended when it was closed.
func (tx *Tx) tried(ctx context.Context, id string) (first, end time.Time, err error) {
	var from, to int64
	err = tx.QueryRowContext(ctx, `SELECT coalesce(min(started_at), 0), coalesce(max(coalesce(finished_at, $1)), $1)
		FROM attempts WHERE distribution_id = $2`, tx.now.UnixMicro(), id).Scan(&from, &to)
	if err != nil {
		return first, end, fmt.Errorf("store: attempts: %w", err)
	}
	return time.UnixMicro(from).UTC(), time.UnixMicro(to).UTC(), nil
}

// Candidates for controls, the nearest in time first: reference, id at Plexy,
// time by Plexy's clock.
const (
	// olderControls were created at Plexy before $1, and the mirror knew them at
	// Plexy before $2, when the sweep began.
	olderControls = `SELECT order_reference, plexy_id, plexy_created_at FROM distributions d
		WHERE plexy_id IS NOT NULL AND plexy_created_at < $1 AND linked_to IS NULL
		AND EXISTS (SELECT 1 FROM distribution_events e WHERE e.distribution_id = d.id AND e.at < $2
			AND e.to_status IN ('accepted', 'processing', 'paid', 'failed', 'returned'))
		ORDER BY plexy_created_at DESC LIMIT $3`
	// newerOfOurs were first tried after $1, by our own clock. One that two people
	// linked to a row of Plexy may be as old as that row.
	newerOfOurs = `SELECT d.order_reference, d.plexy_id, coalesce(d.plexy_created_at, a.started_at)
		FROM attempts a JOIN distributions d ON d.id = a.distribution_id
		WHERE a.started_at > $1 AND a.started_at <= $2 AND a.n = 1 AND d.plexy_id IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM distributions j WHERE j.linked_to = d.id)
		ORDER BY a.started_at LIMIT $3`
	// newerByPlexy were created after $1 by Plexy's clock, and not in a future that
	// nobody can know yet.
	newerByPlexy = `SELECT order_reference, plexy_id, plexy_created_at FROM distributions
		WHERE plexy_id IS NOT NULL AND plexy_created_at > $1 AND plexy_created_at <= $2 AND linked_to IS NULL
		ORDER BY plexy_created_at LIMIT $3`
)

// control is the first candidate that the sweep saw.
func (tx *Tx) control(ctx context.Context, s Swept, candidates string, from, to time.Time) (c distribution.Control, err error) {
	rows, err := tx.QueryContext(ctx, candidates, from.UnixMicro(), to.UnixMicro(), controlsTried)
	if err != nil {
		return c, fmt.Errorf("store: control: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var reference, plexyID string
		var at sql.NullInt64
		if err := rows.Scan(&reference, &plexyID, &at); err != nil {
			return c, fmt.Errorf("store: control: %w", err)
		}
		if s.Saw(plexyID) {
			return distribution.Control{Reference: reference, At: moment(at)}, nil
		}
	}
	return c, rows.Err()
}
