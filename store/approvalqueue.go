package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"plexydash/distribution"
)

// ApprovalFilter asks for one page of what awaits approval, oldest first.
type ApprovalFilter struct {
	For    string // id of a person: only what that one has not made and not approved; empty: everyone's
	Cursor string
	Size   int
}

// AwaitingPage is one page. Next is the cursor of the following one, empty on the
// last.
type AwaitingPage struct {
	Rows []distribution.Distribution
	// Running is, by id, the sum of all that have waited as long or longer.
	Running map[string]distribution.Amount
	Next    string
}

// AwaitingApprovals reads one page by keyset.
func (db *DB) AwaitingApprovals(ctx context.Context, f ApprovalFilter) (AwaitingPage, error) {
	c, ok := decodeCursor(f.Cursor)
	if f.Cursor != "" && !ok {
		return AwaitingPage{}, &FilterError{"cursor", f.Cursor}
	}
	rows, err := db.read.QueryContext(ctx, awaitingQuery, f.For, c.Num, c.ID, f.Size+1)
	found, err := collect(rows, err, scanDistribution)
	if err != nil {
		return AwaitingPage{}, fmt.Errorf("store: approvals: %w", err)
	}
	page := AwaitingPage{Rows: found}
	if len(found) > f.Size {
		page.Rows = found[:f.Size]
		last := &page.Rows[f.Size-1]
		page.Next = cursor{Sort: "submitted", Num: last.SubmittedAt.UnixMicro(), ID: last.ID}.encode()
	}
	page.Running, err = db.runningSums(ctx)
	return page, err
}

const (
	waitsFor = ` status = 'awaiting_approval' AND ($1 = '' OR created_by <> $1
		AND NOT EXISTS (SELECT 1 FROM json_each(approved_by) WHERE json_extract(value, '$.ID') = $1)) `
	awaitingQuery = "SELECT " + columns + " FROM distributions WHERE" + waitsFor + `
		AND (submitted_at, id) > ($2, $3) ORDER BY submitted_at, id LIMIT $4`
)

func (db *DB) runningSums(ctx context.Context) (map[string]distribution.Amount, error) {
	sums := map[string]distribution.Amount{}
	rows, err := db.read.QueryContext(ctx, `SELECT id, sum(amount) OVER (ORDER BY submitted_at, id)
		FROM distributions WHERE status = 'awaiting_approval'`)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id string
		var sum distribution.Amount
		err := r.Scan(&id, &sum)
		sums[id] = sum
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: approvals: %w", err)
	}
	return sums, nil
}

// CountAwaiting counts what awaits approval: by the person, or at all when
// personID is empty.
func (db *DB) CountAwaiting(ctx context.Context, personID string) (n int, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM distributions WHERE"+waitsFor, personID).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: approvals: %w", err)
	}
	return n, nil
}

// Verdict is what one person said of one distribution.
type Verdict struct {
	Distribution distribution.Distribution // as it is now
	Kind         distribution.EventKind    // approved or declined
	Note         string                    // why it was declined
	At           time.Time                 // UTC
}

// Decided lists what the person approved or declined, newest first. next is the
// cursor of the following page, empty on the last.
func (db *DB) Decided(ctx context.Context, personID, cursorText string, size int) (all []Verdict, next string, err error) {
	before := int64(1<<63 - 1)
	if cursorText != "" {
		if before, err = strconv.ParseInt(cursorText, 10, 64); err != nil {
			return nil, "", &FilterError{"cursor", cursorText}
		}
	}
	rows, err := db.read.QueryContext(ctx, decidedQuery, personID, before, size+1)
	var events []int64
	var ids []string
	all, err = collect(rows, err, func(r *sql.Rows) (v Verdict, err error) {
		var event, at int64
		err = r.Scan(&event, &v.Distribution.ID, &v.Kind, &v.Note, &at)
		v.At = time.UnixMicro(at).UTC()
		events, ids = append(events, event), append(ids, v.Distribution.ID)
		return v, err
	})
	if err != nil {
		return nil, "", fmt.Errorf("store: decided: %w", err)
	}
	if len(all) > size {
		all, ids, next = all[:size], ids[:size], strconv.FormatInt(events[size-1], 10)
	}
	byID, err := distributionsByID(ctx, db.read, ids)
	for i := range all {
		all[i].Distribution = byID[all[i].Distribution.ID]
	}
	return all, next, err
}

const decidedQuery = `SELECT id, distribution_id, kind, note, at FROM distribution_events
	WHERE actor_id = $1 AND kind IN ('approved', 'declined') AND id < $2 ORDER BY id DESC LIMIT $3`

// LastPaid is the newest one that was paid to the same payee, or
// distribution.ErrNotFound.
func (db *DB) LastPaid(ctx context.Context, d *distribution.Distribution) (distribution.Distribution, error) {
	return getDistribution(ctx, db.read, `recipient_bin = $1 AND id <> $2 AND status IN ('accepted', 'processing', 'paid')
		ORDER BY created_at DESC LIMIT 1`, d.RecipientText().BIN, d.ID)
}
