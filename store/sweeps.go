package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// SweepReason says why the whole list was walked through.
type SweepReason string

// Reasons of a sweep.
const (
	SweepNight SweepReason = "night"
	SweepAsked SweepReason = "asked" // somebody pressed "check now", or a HOLD waits for the proof
)

// SweepEnd says how a sweep ended; an open one has none.
type SweepEnd string

// Ends of a sweep.
const (
	SweepProven       SweepEnd = "proven"       // the end of the list was seen
	SweepInconclusive SweepEnd = "inconclusive" // it proves nothing about what was not seen
	SweepFailed       SweepEnd = "failed"       // Plexy stopped answering
)

// Interrupted is the error of a failed sweep that the end of the program broke
// off; it says nothing against Plexy.
const Interrupted = "interrupted"

// Sweep is one walk through Plexy's whole list. Times are UTC.
type Sweep struct {
	ID         int64
	Reason     SweepReason
	StartedAt  time.Time
	FinishedAt time.Time // zero while it goes on
	Pages      int
	Items      int // distinct ids
	Total      int // as Plexy told it
	HasTotal   bool
	Ended      SweepEnd
	Error      string // code of what stopped it
}

// Evidence is what one sweep says of one that was looked for.
type Evidence struct {
	Sweep       Sweep
	Verdict     distribution.SweepVerdict
	Why         string // of an inconclusive one
	AfterWindow bool   // the sweep began when the settle window was over
	Older       distribution.Control
	Newer       distribution.Control
}

const sweepColumns = "s.id, s.reason, s.started_at, s.finished_at, s.pages, s.items, s.total, s.ended, s.error"

// scanSweep reads sweepColumns, and after them whatever more is asked for.
func scanSweep(r *sql.Rows, more ...any) (Sweep, error) {
	var s Sweep
	var started int64
	var finished, total sql.NullInt64
	err := r.Scan(append([]any{&s.ID, &s.Reason, &started, &finished, &s.Pages, &s.Items, &total, &s.Ended, &s.Error}, more...)...)
	s.StartedAt, s.FinishedAt = time.UnixMicro(started).UTC(), moment(finished)
	s.Total, s.HasTotal = int(total.Int64), total.Valid
	return s, err
}

// Sweeps lists the newest ones first.
func (db *DB) Sweeps(ctx context.Context, limit int) ([]Sweep, error) {
	return db.sweeps(ctx, newestSweeps, limit)
}

const (
	newestSweeps = "SELECT " + sweepColumns + " FROM sweeps s ORDER BY s.id DESC LIMIT $1"
	openSweeps   = "SELECT " + sweepColumns + " FROM sweeps s WHERE s.finished_at IS NULL ORDER BY s.id DESC LIMIT $1"
)

func (db *DB) sweeps(ctx context.Context, query string, limit int) ([]Sweep, error) {
	rows, err := db.read.QueryContext(ctx, query, limit)
	sweeps, err := collect(rows, err, func(r *sql.Rows) (Sweep, error) { return scanSweep(r) })
	if err != nil {
		return nil, fmt.Errorf("store: sweeps: %w", err)
	}
	return sweeps, nil
}

// EvidenceOf lists what sweeps say of one, newest first.
func (db *DB) EvidenceOf(ctx context.Context, distributionID string) ([]Evidence, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT "+sweepColumns+`,
		e.verdict, e.why, e.after_window, e.older_reference, e.older_at, e.newer_reference, e.newer_at
		FROM sweep_evidence e JOIN sweeps s ON s.id = e.sweep_id WHERE e.distribution_id = $1 ORDER BY s.id DESC`, distributionID)
	all, err := collect(rows, err, func(r *sql.Rows) (e Evidence, err error) {
		var older, newer sql.NullInt64
		e.Sweep, err = scanSweep(r, &e.Verdict, &e.Why, &e.AfterWindow, &e.Older.Reference, &older, &e.Newer.Reference, &newer)
		e.Older.At, e.Newer.At = moment(older), moment(newer)
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: evidence: %w", err)
	}
	return all, nil
}

// Similar lists rows of Plexy that were not made here and may be the payment
// that is looked for under another reference: the same amount, created since an
// hour before the first attempt. Nearest in time first, at most 20.
func (db *DB) Similar(ctx context.Context, d distribution.Distribution) ([]distribution.Distribution, error) {
	rows, err := db.read.QueryContext(ctx, similarQuery, int64(d.Amount), string(d.Currency), d.ID, time.Hour.Microseconds())
	found, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: similar: %w", err)
	}
	return found, nil
}

const similarQuery = "SELECT " + columns + ` FROM distributions
	WHERE amount = $1 AND origin = 'plexy' AND linked_to IS NULL AND currency = $2
	AND created_at >= (SELECT min(started_at) FROM attempts WHERE distribution_id = $3) - $4
	ORDER BY created_at LIMIT 20`
