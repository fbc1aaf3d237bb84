package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Sought is one that a sweep looks for.
type Sought struct {
	ID, OrderReference string
	FirstTry           time.Time // when its first attempt began
}

// StartSweep opens a sweep and lists what it looks for. What is lost later is
// none of its business.
func (db *DB) StartSweep(ctx context.Context, reason SweepReason) (s Sweep, sought []Sought, err error) {
	err = db.tx(ctx, func(tx *Tx) error {
		s = Sweep{Reason: reason, StartedAt: tx.now}
		res, err := tx.ExecContext(ctx, "INSERT INTO sweeps (reason, started_at) VALUES ($1, $2)", string(reason), tx.now.UnixMicro())
		if err != nil {
			return fmt.Errorf("store: sweep: %w", err)
		}
		if s.ID, err = res.LastInsertId(); err != nil {
			return fmt.Errorf("store: sweep: %w", err)
		}
		sought, err = tx.sought(ctx)
		return err
	})
	return s, sought, err
}

func (tx *Tx) sought(ctx context.Context) ([]Sought, error) {
	rows, err := tx.QueryContext(ctx, `SELECT d.id, d.order_reference, coalesce(min(a.started_at), d.created_at)
		FROM distributions d LEFT JOIN attempts a ON a.distribution_id = d.id
		WHERE d.status IN ('unknown', 'not_found') GROUP BY d.id`)
	found, err := collect(rows, err, func(r *sql.Rows) (Sought, error) {
		var s Sought
		var first int64
		err := r.Scan(&s.ID, &s.OrderReference, &first)
		s.FirstTry = time.UnixMicro(first).UTC()
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: sought: %w", err)
	}
	return found, nil
}

// SweepPage notes how far an open sweep has come.
func (db *DB) SweepPage(ctx context.Context, s Sweep) error {
	_, err := db.write.ExecContext(ctx, "UPDATE sweeps SET pages = $1, items = $2, total = $3 WHERE id = $4 AND finished_at IS NULL",
		s.Pages, s.Items, sql.NullInt64{Int64: int64(s.Total), Valid: s.HasTotal}, s.ID)
	if err != nil {
		return fmt.Errorf("store: sweep: %w", err)
	}
	return nil
}

// InterruptSweeps closes what an earlier run of the program left open.
func (db *DB) InterruptSweeps(ctx context.Context) error {
	_, err := db.write.ExecContext(ctx, "UPDATE sweeps SET ended = 'failed', error = $1, finished_at = $2 WHERE finished_at IS NULL",
		Interrupted, db.Now().UnixMicro())
	if err != nil {
		return fmt.Errorf("store: sweep: %w", err)
	}
	return nil
}

// Swept is what a sweep brings home.
type Swept struct {
	Sweep  // as it ended
	Sought []Sought
	Window time.Duration // of settling
	// Under lists the ids at Plexy of the rows that carry a reference that was
	// looked for.
	Under map[string][]string
	// Unnamed is when the newest row was created whose reference cannot be read;
	// zero when there was none.
	Unnamed time.Time
	Saw     func(plexyID string) bool
	// Ahead and Behind are how far Plexy's clock may be ahead of ours and behind it.
	Ahead, Behind time.Duration

	timeless bool // nobody knows whether the window is over: the clock is in doubt
}

// FinishSweep closes an open sweep, keeps what it proves of each one that was
// looked for, and calls those not found whose time has come.
func (db *DB) FinishSweep(ctx context.Context, by distribution.Actor, s Swept) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		if err := tx.closeSweep(ctx, s.Sweep); err != nil {
			return err
		}
		var err error
		if s.timeless, err = tx.stopped(ctx, StopClock); err != nil {
			return err
		}
		for _, one := range s.Sought {
			if err := tx.weigh(ctx, by, s, one.ID); err != nil {
				return err
			}
		}
		return tx.forgetSweeps(ctx)
	})
}

// closeSweep also ends the wish for a sweep, unless it failed or somebody asked
// again after it began.
func (tx *Tx) closeSweep(ctx context.Context, s Sweep) error {
	err := tx.QueryRowContext(ctx, `UPDATE sweeps SET finished_at = $1, pages = $2, items = $3, total = $4, ended = $5, error = $6
		WHERE id = $7 AND finished_at IS NULL RETURNING id`,
		tx.now.UnixMicro(), s.Pages, s.Items, sql.NullInt64{Int64: int64(s.Total), Valid: s.HasTotal}, string(s.Ended), s.Error, s.ID).Scan(&s.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("store: sweep %d is not open: %w", s.ID, distribution.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("store: sweep: %w", err)
	}
	asked, err := stateText(ctx, tx, keySweepAsked)
	if err != nil || asked == "" || s.Ended == SweepFailed {
		return err
	}
	at, err := parseTime(asked)
	if err != nil || at.After(s.StartedAt) {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM sync_state WHERE key = $1", keySweepAsked); err != nil {
		return fmt.Errorf("store: sweep: %w", err)
	}
	return nil
}

// weigh keeps what the sweep proves of one. Its state is read anew: what was
// found meanwhile, by whomever, is never missed, and what people decided about
// meanwhile is none of the sweep's business any more.
func (tx *Tx) weigh(ctx context.Context, by distribution.Actor, s Swept, id string) error {
	d, err := getDistribution(ctx, tx, "id = $1", id)
	if err != nil {
		return err
	}
	seen, err := tx.carried(ctx, &d, s)
	if err != nil {
		return err
	}
	open := d.Status == distribution.Unknown || d.Status == distribution.NotFound
	found := d.Status.AtPlexy() || d.Status == distribution.Mismatch
	if !open && !found {
		return nil
	}
	e := Evidence{Sweep: s.Sweep}
	if !s.timeless && !tx.now.Before(s.StartedAt) { // else the clock was set back meanwhile
		e.AfterWindow = d.Settled(s.StartedAt, s.Window)
	}
	proof, err := tx.proof(ctx, s, id)
	if err != nil {
		return err
	}
	e.Verdict, e.Why = proof.Verdict(seen || found)
	e.Older, e.Newer = proof.Older, proof.Newer
	if err := tx.keepEvidence(ctx, id, e); err != nil {
		return err
	}
	return tx.missAtLast(ctx, by, &d)
}

// carried reports that the sweep met a row with its reference, which the mirror
// takes for ours.
func (tx *Tx) carried(ctx context.Context, d *distribution.Distribution, s Swept) (bool, error) {
	for _, plexyID := range s.Under[d.OrderReference] {
		if not, err := tx.isDisowned(ctx, plexyID); err != nil || !not {
			return err == nil, err
		}
	}
	return false, nil
}

func (tx *Tx) keepEvidence(ctx context.Context, id string, e Evidence) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO sweep_evidence
		(sweep_id, distribution_id, verdict, why, after_window, older_reference, older_at, newer_reference, newer_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.Sweep.ID, id, string(e.Verdict), e.Why, e.AfterWindow, e.Older.Reference, micros(e.Older.At), e.Newer.Reference, micros(e.Newer.At))
	if err != nil {
		return fmt.Errorf("store: evidence: %w", err)
	}
	return nil
}

// missAtLast calls it not found once enough sweeps that began after its settle
// window have missed it.
func (tx *Tx) missAtLast(ctx context.Context, by distribution.Actor, d *distribution.Distribution) error {
	if d.Status != distribution.Unknown {
		return nil
	}
	var missed int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM sweep_evidence e JOIN sweeps s ON s.id = e.sweep_id
		WHERE e.distribution_id = $1 AND e.verdict = 'missed' AND e.after_window = 1 AND s.started_at >= $2`,
		d.ID, d.UnknownSince.UnixMicro()).Scan(&missed)
	if err != nil {
		return fmt.Errorf("store: evidence: %w", err)
	}
	if missed < distribution.SweepsToMiss {
		return nil
	}
	_, err = tx.change(ctx, by, d.ID, 0, (*distribution.Distribution).Miss)
	return err
}

// forgetSweeps drops old ones that are no evidence of anything.
func (tx *Tx) forgetSweeps(ctx context.Context) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM sweeps WHERE started_at < $1
		AND NOT EXISTS (SELECT 1 FROM sweep_evidence e WHERE e.sweep_id = sweeps.id)`, tx.now.Add(-keepRuns).UnixMicro())
	if err != nil {
		return fmt.Errorf("store: sweeps: %w", err)
	}
	return nil
}
