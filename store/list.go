package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"

	"plexydash/distribution"
)

// Page is one page of a list. Next and Prev are the cursors of the pages after
// and before it; each is empty at its end of the list.
type Page struct {
	Rows   []distribution.Distribution
	Next   string
	Prev   string
	Before int // matches that stand before the first row
}

// List reads one page by keyset: however long the list, a page costs the same,
// and rows that come meanwhile neither repeat nor hide others.
func (db *DB) List(ctx context.Context, f Filter) (Page, error) {
	f, err := f.counted(ctx, db.read)
	if err != nil {
		return Page{}, err
	}
	p, err := db.list(ctx, f)
	if err != nil {
		return Page{}, fmt.Errorf("store: list: %w", err)
	}
	return p, nil
}

func (db *DB) list(ctx context.Context, f Filter) (Page, error) {
	from, onward := decodeCursor(f.Cursor)
	rows, err := f.page(ctx, db.read, f.Size+1)
	if err != nil {
		return Page{}, err
	}
	more := len(rows) > f.Size
	if from.Back && !more { // nothing is left out before it: this is the first page
		f.Cursor = ""
		return db.list(ctx, f)
	}
	p := Page{Rows: rows[:min(len(rows), f.Size)]}
	if from.Back {
		slices.Reverse(p.Rows)
	}
	if len(p.Rows) == 0 {
		return p, nil
	}
	first, last := &p.Rows[0], &p.Rows[len(p.Rows)-1]
	if more || from.Back {
		p.Next = f.cursorAt(last).encode()
	}
	if onward {
		back := f.cursorAt(first)
		back.Back = true
		p.Prev = back.encode()
		p.Before, err = f.countBefore(ctx, db.read, first)
	}
	return p, err
}

func (f Filter) cursorAt(d *distribution.Distribution) cursor {
	c := cursor{Sort: f.Sort, ID: d.ID}
	switch column, _, _ := sortColumn(f.Sort); column {
	case "created_at":
		c.Num = d.CreatedAt.UnixMicro()
	case "updated_at":
		c.Num = d.UpdatedAt.UnixMicro()
	case "amount":
		c.Num = int64(d.Amount)
	case "recipient_name":
		c.Text = d.RecipientText().Name
	case "status":
		c.Text = string(d.Status)
	}
	return c
}

func (f Filter) page(ctx context.Context, q querier, limit int) ([]distribution.Distribution, error) {
	query, args := f.pageQuery(limit)
	rows, err := q.QueryContext(ctx, query, args...)
	return collect(rows, err, scanDistribution)
}

func (f Filter) pageQuery(limit int) (query string, args []any) {
	where, args := f.where()
	column, descending, _ := sortColumn(f.Sort)
	c, ok := decodeCursor(f.Cursor)
	if c.Back {
		descending = !descending
	}
	order, beyond := "ASC", ">"
	if descending {
		order, beyond = "DESC", "<"
	}
	if ok {
		cond, with := c.beyond(column, beyond)
		where, args = where+" AND "+cond, append(args, with...)
	}
	query = fmt.Sprintf("SELECT %s FROM distributions WHERE %s ORDER BY %s %s, id %s LIMIT ?", columns, where, column, order, order)
	return query, append(args, limit)
}

// beyond is the condition of the rows on one side of the cursor.
func (c cursor) beyond(column, side string) (string, []any) {
	cond := fmt.Sprintf("(%s, id) %s (?, ?)", column, side)
	if column == "recipient_name" || column == "status" {
		return cond, []any{c.Text, c.ID}
	}
	return cond, []any{c.Num, c.ID}
}

// countBefore is how many matches stand before d in the order of the list.
func (f Filter) countBefore(ctx context.Context, q querier, d *distribution.Distribution) (n int, err error) {
	where, args := f.where()
	column, descending, _ := sortColumn(f.Sort)
	side := "<"
	if descending {
		side = ">"
	}
	cond, with := f.cursorAt(d).beyond(column, side)
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM distributions WHERE "+where+" AND "+cond, append(args, with...)...).Scan(&n)
	return n, err
}

// Count is how many match, without their sums.
func (db *DB) Count(ctx context.Context, f Filter) (n int, err error) {
	if f, err = f.counted(ctx, db.read); err != nil {
		return 0, err
	}
	query, args := f.countQuery()
	if err := db.read.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: count: %w", err)
	}
	return n, nil
}

// Newest is the identifier of the row that came last, empty when there is none.
// Identifiers grow with time, so that it tells what came after a page was drawn.
func (db *DB) Newest(ctx context.Context) (id string, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(id), '') FROM distributions").Scan(&id); err != nil {
		return "", fmt.Errorf("store: newest: %w", err)
	}
	return id, nil
}

// Arrived counts the matches that came after the row since, up to most.
func (db *DB) Arrived(ctx context.Context, f Filter, since string, most int) (n int, err error) {
	query, args := f.arrivedQuery(since, most)
	if err := db.read.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: arrived: %w", err)
	}
	return n, nil
}

// arrivedQuery looks only at what is new, whatever the filter: no other index
// than that of the identifiers is asked for.
func (f Filter) arrivedQuery(since string, most int) (query string, args []any) {
	where, args := f.where()
	return `SELECT count(*) FROM (SELECT 1 FROM distributions INDEXED BY sqlite_autoindex_distributions_1
		WHERE id > ? AND ` + where + " LIMIT ?)", append(append([]any{since}, args...), most)
}

// StatusTotal is how many are in a state, and their sum in tiyn.
type StatusTotal struct {
	Count int
	Sum   distribution.Amount
}

// Totals are over every match of a filter, not over a page.
type Totals struct {
	Count    int
	Sum      distribution.Amount
	ByStatus map[distribution.Status]StatusTotal
}

// In is how many are in one of these states; in any when none is named.
func (t Totals) In(statuses ...distribution.Status) (n int) {
	if len(statuses) == 0 {
		return t.Count
	}
	for _, s := range statuses {
		n += t.ByStatus[s].Count
	}
	return n
}

// Totals counts and sums all matches.
func (db *DB) Totals(ctx context.Context, f Filter) (Totals, error) {
	f, err := f.counted(ctx, db.read)
	if err != nil {
		return Totals{}, err
	}
	query, args := f.totalsQuery()
	rows, err := db.read.QueryContext(ctx, query, args...)
	t := Totals{ByStatus: map[distribution.Status]StatusTotal{}}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var s distribution.Status
		var st StatusTotal
		if err := r.Scan(&s, &st.Count, &st.Sum); err != nil {
			return struct{}{}, err
		}
		t.ByStatus[s] = st
		t.Count += st.Count
		sum, ok := t.Sum.Plus(st.Sum)
		if !ok {
			return struct{}{}, fmt.Errorf("sum of %s does not fit", s)
		}
		t.Sum = sum
		return struct{}{}, nil
	})
	if err != nil {
		return Totals{}, fmt.Errorf("store: totals: %w", err)
	}
	return t, nil
}

// Register yields every match in the filter's order, all from one moment.
// After an error it yields nothing more.
func (db *DB) Register(ctx context.Context, f Filter) iter.Seq2[distribution.Distribution, error] {
	return func(yield func(distribution.Distribution, error) bool) {
		tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			yield(distribution.Distribution{}, fmt.Errorf("store: register: %w", err))
			return
		}
		defer func() { _ = tx.Rollback() }() // a read has nothing to commit
		const batch = 500
		f.Cursor = ""
		if f, err = f.counted(ctx, tx); err != nil {
			yield(distribution.Distribution{}, err)
			return
		}
		for {
			rows, err := f.page(ctx, tx, batch)
			if err != nil {
				yield(distribution.Distribution{}, fmt.Errorf("store: register: %w", err))
				return
			}
			for _, d := range rows {
				if !yield(d, nil) {
					return
				}
			}
			if len(rows) < batch {
				return
			}
			f.Cursor = f.cursorAt(&rows[batch-1]).encode()
		}
	}
}
