package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// This file holds what the overview counts. Each of its statements searches in
// an index that holds little else, however long the history is.

// Pile is a number of distributions, what they add up to, and since when the
// oldest of them is there.
type Pile struct {
	Count  int
	Sum    distribution.Amount
	Oldest time.Time // UTC; zero when there are none, and where it is not asked for
}

func (db *DB) pile(ctx context.Context, query string, args ...any) (p Pile, err error) {
	var oldest sql.NullInt64
	if err := db.read.QueryRowContext(ctx, query, args...).Scan(&p.Count, &p.Sum, &oldest); err != nil {
		return p, fmt.Errorf("store: overview: %w", err)
	}
	p.Oldest = moment(oldest)
	return p, nil
}

// PaidToday is what Plexy executed since midnight in Almaty, and did not take
// back since.
func (db *DB) PaidToday(ctx context.Context) (Pile, error) {
	return db.pile(ctx, paidTodayQuery, distribution.AlmatyDay(db.Now()).UnixMicro())
}

const paidTodayQuery = `SELECT count(*), coalesce(sum(amount), 0), NULL FROM distributions
	WHERE status = 'paid' AND linked_to IS NULL AND id IN (SELECT distribution_id FROM distribution_events
		WHERE to_status = 'paid' AND from_status <> 'paid' AND coalesce(plexy_at, at) >= $1)`

// UnderWay is what Plexy and the banks still work on.
func (db *DB) UnderWay(ctx context.Context) (Pile, error) { return db.pile(ctx, underWayQuery) }

const underWayQuery = `SELECT count(*), coalesce(sum(amount), 0), min(coalesce(plexy_created_at, created_at))
	FROM distributions WHERE status IN ('accepted', 'processing') AND linked_to IS NULL`

// NotPaid is what was made on the last seven days in Almaty and came to a bad
// end; of counts all of those days that came to an end.
func (db *DB) NotPaid(ctx context.Context) (p Pile, since time.Time, of int, err error) {
	since = distribution.AlmatyDay(db.Now()).AddDate(0, 0, -6)
	if p, err = db.pile(ctx, notPaidQuery, since.UnixMicro()); err != nil {
		return p, since, 0, err
	}
	if err := db.read.QueryRowContext(ctx, endedQuery, since.UnixMicro()).Scan(&of); err != nil {
		return p, since, 0, fmt.Errorf("store: overview: %w", err)
	}
	return p, since, of, nil
}

const (
	notPaidQuery = `SELECT count(*), coalesce(sum(amount), 0), NULL FROM distributions INDEXED BY distributions_by_status
		WHERE status IN ('failed', 'returned', 'refused') AND created_at >= $1 AND linked_to IS NULL`
	endedQuery = `SELECT count(*) FROM distributions INDEXED BY distributions_by_status
		WHERE status IN ('paid', 'failed', 'returned', 'refused') AND created_at >= $1
			AND id NOT IN (SELECT id FROM distributions WHERE linked_to IS NOT NULL)`
)

// OwnWork is what a person made and what is not over yet.
type OwnWork struct {
	Drafts, Declined Pile
	Awaiting         Pile // approval by others
	Uncertain        Pile
	Stale            Pile // queued for so long that they want a press
}

// OwnWork reads it.
func (db *DB) OwnWork(ctx context.Context, personID string) (w OwnWork, err error) {
	rows, err := db.read.QueryContext(ctx, ownWorkQuery, personID, db.Now().Add(-distribution.StaleAfter).UnixMicro())
	piles := map[string]*Pile{
		"draft": &w.Drafts, "declined": &w.Declined, "awaiting_approval": &w.Awaiting, "queued": &w.Stale, "uncertain": &w.Uncertain,
	}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var name string
		var p Pile
		var oldest sql.NullInt64
		err := r.Scan(&name, &p.Count, &p.Sum, &oldest)
		p.Oldest = moment(oldest)
		*piles[name] = p
		return struct{}{}, err
	})
	if err != nil {
		return w, fmt.Errorf("store: overview: %w", err)
	}
	return w, nil
}

const ownWorkQuery = `SELECT CASE WHEN status IN ('unknown', 'not_found', 'mismatch') THEN 'uncertain' ELSE status END AS pile,
		count(*), sum(amount),
		min(CASE status WHEN 'queued' THEN queued_at WHEN 'awaiting_approval' THEN submitted_at ELSE coalesce(unknown_since, updated_at) END)
	FROM distributions INDEXED BY distributions_by_state
	WHERE status IN ('draft', 'declined', 'awaiting_approval', 'queued', 'unknown', 'not_found', 'mismatch')
		AND origin = 'dashboard' AND created_by = $1 AND (status <> 'queued' OR queued_at <= $2)
	GROUP BY pile`

// Doubt is one whose outcome nobody knows, in short.
type Doubt struct {
	ID, Reference, Payee string
	Status               distribution.Status
	Amount               distribution.Amount
	Since                time.Time // UTC
	Looks                int       // searches of Plexy's list since then
}

// Doubts lists the longest in doubt first, at most limit.
func (db *DB) Doubts(ctx context.Context, limit int) ([]Doubt, error) {
	rows, err := db.read.QueryContext(ctx, doubtListQuery, limit)
	found, err := collect(rows, err, func(r *sql.Rows) (d Doubt, err error) {
		var since int64
		err = r.Scan(&d.ID, &d.Reference, &d.Payee, &d.Status, &d.Amount, &since, &d.Looks)
		d.Since = time.UnixMicro(since).UTC()
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: overview: %w", err)
	}
	return found, nil
}

const doubtListQuery = `SELECT id, order_reference, recipient_name, status, amount, coalesce(unknown_since, updated_at) AS since, looks
	FROM distributions WHERE ` + uncertain + ` ORDER BY since, id LIMIT $1`

// ReadSince is the newest whole read of Plexy that began since then; false while
// there is none.
func (db *DB) ReadSince(ctx context.Context, since time.Time) (r Run, ok bool, err error) {
	rows, err := db.read.QueryContext(ctx, readSinceQuery, since.UnixMicro())
	found, err := collect(rows, err, func(rows *sql.Rows) (r Run, err error) {
		var started, finished int64
		err = rows.Scan(&started, &finished, &r.Error)
		r.StartedAt, r.FinishedAt = time.UnixMicro(started).UTC(), time.UnixMicro(finished).UTC()
		return r, err
	})
	if err != nil {
		return r, false, fmt.Errorf("store: runs: %w", err)
	}
	if len(found) == 0 {
		return r, false, nil
	}
	return found[0], true, nil
}

const readSinceQuery = `SELECT started_at, finished_at, error FROM sync_runs
	WHERE started_at >= $1 AND kind IN ('sync', 'import') AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1`
