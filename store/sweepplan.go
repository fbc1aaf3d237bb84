package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// SweepPlan says when Plexy's whole list is walked through next.
type SweepPlan struct {
	Running *Sweep // the one that goes on now, or nil
	// Reason is SweepAsked while somebody's "check now" or a HOLD waits to be served.
	Reason SweepReason
	// Due is when it begins, at once if that is past. It is zero while nothing is
	// planned: before the first import is complete.
	Due time.Time
}

const (
	// sweepHour is when the nightly sweep is due, in Almaty.
	sweepHour = 3
	// proofAgain is how long after a sweep that proved nothing the next one begins
	// for a HOLD, which is not lifted without the proof.
	proofAgain = time.Hour
)

// provenSince are the sweeps that prove for the HOLD h that all was read.
const provenSince = "FROM sweeps w WHERE w.started_at >= h.at AND w.ended = 'proven'"

// NextSweep reads the plan. A sweep that failed is tried again after a growing
// while, or at once when somebody asks after the failure.
func (db *DB) NextSweep(ctx context.Context) (SweepPlan, error) {
	var plan SweepPlan
	open, err := db.sweeps(ctx, openSweeps, 1)
	if err != nil {
		return plan, err
	}
	if len(open) > 0 {
		plan.Running = &open[0]
	}
	h, err := db.sweepHistory(ctx)
	if err != nil {
		return plan, err
	}
	plan.Reason, plan.Due = h.next(db.Now())
	return plan, nil
}

// sweepHistory is what the plan follows from.
type sweepHistory struct {
	baseline time.Time // zero: the first import is not complete
	asked    time.Time // zero: nobody waits
	held     time.Time // since when a HOLD waits for the proof that all was read; zero: none does
	served   time.Time // when the last one began that did not fail
	failures int       // since then
	failedAt time.Time // end of the last of them
}

func (db *DB) sweepHistory(ctx context.Context) (h sweepHistory, err error) {
	var baseline, asked string
	var sought, served, failed, held sql.NullInt64
	err = db.read.QueryRowContext(ctx, `SELECT
		coalesce((SELECT value FROM sync_state WHERE key = $1), ''),
		coalesce((SELECT value FROM sync_state WHERE key = $2), ''),
		(SELECT min(unknown_since) FROM distributions WHERE status IN ('unknown', 'not_found')),
		(SELECT max(started_at) FROM sweeps WHERE ended IN ('proven', 'inconclusive')),
		(SELECT h.imported_at FROM holds h JOIN stops s ON s.id = h.stop_id WHERE s.lifted_at IS NULL
			AND NOT EXISTS (SELECT 1 `+provenSince+`) ORDER BY h.id DESC LIMIT 1),
		count(*), max(finished_at)
		FROM sweeps WHERE ended = 'failed' AND error <> $3
		AND id > coalesce((SELECT max(id) FROM sweeps WHERE ended IN ('proven', 'inconclusive')), 0)`,
		keyBaseline, keySweepAsked, Interrupted).Scan(&baseline, &asked, &sought, &served, &held, &h.failures, &failed)
	h.served, h.failedAt, h.held = moment(served), moment(failed), moment(held)
	if err == nil && baseline != "" {
		h.baseline, err = parseTime(baseline)
	}
	if err == nil && asked != "" {
		h.asked, err = parseTime(asked)
	}
	if err != nil {
		return h, fmt.Errorf("store: plan of sweeps: %w", err)
	}
	if !sought.Valid || h.asked.Before(moment(sought)) {
		h.asked = time.Time{} // what it was asked for is found
	}
	return h, nil
}

func (h sweepHistory) next(now time.Time) (SweepReason, time.Time) {
	reason, due := SweepNight, h.nextNight(now)
	if !h.asked.IsZero() {
		reason, due = SweepAsked, h.asked
	}
	if proof := h.nextProof(); !proof.IsZero() && (due.IsZero() || proof.Before(due)) {
		reason, due = SweepAsked, proof
	}
	retry := h.failedAt.Add(distribution.SweepDelay(h.failures))
	if h.failures > 0 && !due.IsZero() && due.Before(retry) && !h.asked.After(h.failedAt) {
		due = retry
	}
	return reason, due
}

// nextProof is when a HOLD wants a sweep: once all is read, and then again and
// again. It is zero while none waits for one.
func (h sweepHistory) nextProof() time.Time {
	if h.held.IsZero() || h.served.Before(h.held) {
		return h.held
	}
	return h.served.Add(proofAgain)
}

// nextNight is the last night that no sweep served since, or else the coming
// one. A sweep that was asked for serves a night, too.
func (h sweepHistory) nextNight(now time.Time) time.Time {
	if h.baseline.IsZero() {
		return time.Time{}
	}
	night := distribution.AlmatyDay(now).Add(sweepHour * time.Hour).UTC()
	if night.After(now) {
		night = night.AddDate(0, 0, -1)
	}
	if h.served.Before(night) && h.baseline.Before(night) {
		return night
	}
	return night.AddDate(0, 0, 1)
}
