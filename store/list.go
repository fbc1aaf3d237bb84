package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"plexydash/distribution"
)

// Page is one page of a list. Next is the cursor of the following page, empty
// on the last one.
type Page struct {
	Rows []distribution.Distribution
	Next string
}

// List reads one page by keyset: however long the list, a page costs the same,
// and rows that come meanwhile neither repeat nor hide others.
func (db *DB) List(ctx context.Context, f Filter) (Page, error) {
	f, err := f.counted(ctx, db.read)
	if err != nil {
		return Page{}, err
	}
	rows, err := f.page(ctx, db.read, f.Size+1)
	if err != nil {
		return Page{}, fmt.Errorf("store: list: %w", err)
	}
	if len(rows) <= f.Size {
		return Page{Rows: rows}, nil
	}
	rows = rows[:f.Size]
	return Page{Rows: rows, Next: f.cursorAfter(&rows[f.Size-1])}, nil
}

func (f Filter) cursorAfter(d *distribution.Distribution) string {
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
	return c.encode()
}

func (f Filter) page(ctx context.Context, q querier, limit int) ([]distribution.Distribution, error) {
	query, args := f.pageQuery(limit)
	rows, err := q.QueryContext(ctx, query, args...)
	return collect(rows, err, scanDistribution)
}

func (f Filter) pageQuery(limit int) (query string, args []any) {
	where, args := f.where()
	column, descending, _ := sortColumn(f.Sort)
	order, beyond := "ASC", ">"
	if descending {
		order, beyond = "DESC", "<"
	}
	if c, ok := decodeCursor(f.Cursor); ok {
		where += fmt.Sprintf(" AND (%s, id) %s (?, ?)", column, beyond)
		if column == "recipient_name" || column == "status" {
			args = append(args, c.Text, c.ID)
		} else {
			args = append(args, c.Num, c.ID)
		}
	}
	query = fmt.Sprintf("SELECT %s FROM distributions WHERE %s ORDER BY %s %s, id %s LIMIT ?", columns, where, column, order, order)
	return query, append(args, limit)
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

func (f Filter) totalsQuery() (query string, args []any) {
	where, args := f.where()
	return fmt.Sprintf("SELECT status, count(*), sum(amount) FROM distributions WHERE %s GROUP BY status", where), args
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
			f.Cursor = f.cursorAfter(&rows[batch-1])
		}
	}
}
