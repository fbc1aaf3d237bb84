package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"plexydash/distribution"
)

const (
	// maxFigures bounds how much of the balance's history is held against payments.
	maxFigures = 10_000
	// openFor is how long ago the ledger is cut at least: what is newer becomes known
	// from hour to hour.
	openFor = 12 * time.Hour
	// clocksApart is more than Plexy's clock may be from ours, zones included.
	clocksApart = 25 * time.Hour
)

// ledger remembers what the balance's history came to up to a moment at which
// everything was known, so that a page holds only the newest day against payments.
// What becomes known later of an older payment makes it forget.
type ledger struct {
	mu     sync.Mutex
	since  time.Time // when it looked back to last
	cut    time.Time
	figure int64 // that held at the cut; 0: it remembers nothing
	event  int64 // the newest one when it last looked
	found  []distribution.Residual
}

func (l *ledger) forget() { l.figure, l.cut, l.found = 0, time.Time{}, nil }

// Residuals lists the changes of the balance since then that no payment known
// here explains, oldest first. What becomes known later explains its time.
func (db *DB) Residuals(ctx context.Context, since time.Time) ([]distribution.Residual, error) {
	l := &db.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := db.recall(ctx, since); err != nil {
		return nil, err
	}
	figures, ids, err := db.figures(ctx, since)
	if err != nil || len(figures) == 0 {
		return nil, err
	}
	switch l.figure {
	case 0:
	case ids[0]:
		figures = distribution.Cut{At: l.cut}.After(figures)
	default: // too many figures since then
		l.forget()
	}
	known, err := db.movements(ctx, figures[0].At.Add(-clocksApart))
	if err != nil {
		return nil, err
	}
	l.found = slices.DeleteFunc(l.found, func(r distribution.Residual) bool { return r.From.Before(since) })
	all := slices.Concat(l.found, distribution.Residuals(figures, known))
	if cut, ok := distribution.LastCut(figures, known, db.Now().Add(-openFor)); ok && cut.Position > 0 {
		l.found = append(l.found, distribution.Residuals(cut.Before(figures), known)...)
		l.cut, l.figure = cut.At, ids[cut.Position]
	}
	return all, nil
}

// recall forgets what was remembered when it does not hold any more, or not for
// such a long time.
func (db *DB) recall(ctx context.Context, since time.Time) error {
	l := &db.ledger
	var newest int64
	var stale bool
	err := db.read.QueryRowContext(ctx, recallQuery, l.event, l.cut.Add(time.Hour).UnixMicro()).Scan(&newest, &stale)
	if err != nil {
		return fmt.Errorf("store: residuals: %w", err)
	}
	if stale || since.Before(l.since) || l.cut.Before(since) {
		l.forget()
	}
	l.since, l.event = since, newest
	return nil
}

// recallQuery reports whether something became known of a payment from before the
// cut. That it goes its way at the bank says nothing about the balance.
const recallQuery = `SELECT coalesce((SELECT max(id) FROM distribution_events), 0), EXISTS (SELECT 1 FROM distribution_events e JOIN distributions d ON d.id = e.distribution_id
		WHERE e.id > $1 AND coalesce(min(d.plexy_created_at, d.created_at), d.created_at - 86400000000) < $2
			AND (e.to_status IN (` + wasAtPlexy + `) OR e.from_status IN (` + wasAtPlexy + `))
			AND NOT (e.kind = 'reported' AND e.from_status IN (` + onItsWay + `) AND e.to_status IN (` + onItsWay + `)))`

const (
	onItsWay   = "'accepted', 'processing', 'paid'"
	wasAtPlexy = "'mismatch', 'failed', 'returned', " + onItsWay
)

// figures are those since then, or since the one that held at the cut, with their
// numbers.
func (db *DB) figures(ctx context.Context, since time.Time) (figures []distribution.Figure, ids []int64, err error) {
	rows, err := db.read.QueryContext(ctx, figuresQuery, string(distribution.KZT), db.ledger.figure, maxFigures)
	figures, err = collect(rows, err, func(r *sql.Rows) (f distribution.Figure, err error) {
		var id, at, checked int64
		var plexyAt, before sql.NullInt64
		err = r.Scan(&id, &at, &checked, &plexyAt, &f.Amount, &before, &f.Of)
		f.At, f.CheckedAt, f.PlexyAt, f.Before = time.UnixMicro(at).UTC(), time.UnixMicro(checked).UTC(), moment(plexyAt), amountOrNil(before)
		ids = append(ids, id)
		return f, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("store: figures: %w", err)
	}
	if i := slices.IndexFunc(figures, func(f distribution.Figure) bool { return f.CheckedAt.Before(since) }); i >= 0 {
		figures, ids = figures[:i], ids[:i]
	}
	slices.Reverse(figures)
	slices.Reverse(ids)
	return figures, ids, nil
}

const figuresQuery = `SELECT id, at, checked_at, plexy_at, amount, before, coalesce(distribution_id, '')
	FROM balance_readings WHERE currency = $1 AND id >= $2 ORDER BY id DESC LIMIT $3`

// movements is what moved since then, and is known here.
func (db *DB) movements(ctx context.Context, from time.Time) ([]distribution.Movement, error) {
	var all []distribution.Movement
	for _, query := range []string{debitsQuery, creditsQuery} {
		rows, err := db.read.QueryContext(ctx, query, from.UnixMicro())
		found, err := collect(rows, err, scanMovement)
		if err != nil {
			return nil, fmt.Errorf("store: movements: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

func scanMovement(r *sql.Rows) (m distribution.Movement, err error) {
	var told sql.NullInt64
	var earliest, latest int64
	err = r.Scan(&m.Of, &m.Amount, &told, &earliest, &latest)
	m.From, m.To = happened(moment(told), time.UnixMicro(earliest).UTC(), time.UnixMicro(latest).UTC())
	return m, err
}

// happened is Plexy's time of something where that can be, else between when we
// knew of it last as not happened and first as happened.
func happened(told, earliest, latest time.Time) (from, to time.Time) {
	const slack = time.Hour // more than clocks differ, less than zones do
	if told.IsZero() || told.Before(earliest.Add(-slack)) || told.After(latest.Add(slack)) {
		return earliest, latest
	}
	return told, told
}
