package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"plexydash/distribution"
)

// Import is a walk through the whole list of Plexy.
type Import struct {
	ID        int64
	StartedAt time.Time
	NextPage  int // from one
	Size      int
	Items     int // rows seen, repeats included
	Total     int // as Plexy told it
	HasTotal  bool
	Order     Order
}

// Order is how Plexy sorts its list, as far as it was seen.
type Order string

// Orders.
const (
	OrderUnseen Order = ""
	NewestFirst Order = "newest"
	OldestFirst Order = "oldest"
	Unordered   Order = "none"
)

// Mark is how far an import has come; it is committed with the page it counts.
type Mark struct {
	ImportID int64
	NextPage int
	Items    int
	Total    int
	HasTotal bool
	Order    Order
}

// OpenImport resumes the import that was left open, or starts one.
func (db *DB) OpenImport(ctx context.Context, size int) (i Import, err error) {
	err = db.tx(ctx, func(tx *Tx) error {
		found, err := openImport(ctx, tx)
		if err != nil || found != nil {
			if found != nil {
				i = *found
			}
			return err
		}
		i = Import{StartedAt: tx.now, NextPage: 1, Size: size}
		res, err := tx.ExecContext(ctx, "INSERT INTO imports (started_at, next_page, size) VALUES ($1, 1, $2)", tx.now.UnixMicro(), size)
		if err != nil {
			return fmt.Errorf("store: import: %w", err)
		}
		i.ID, err = res.LastInsertId()
		return err
	})
	return i, err
}

func openImport(ctx context.Context, q querier) (*Import, error) {
	var i Import
	var started int64
	var total sql.NullInt64
	err := q.QueryRowContext(ctx, "SELECT id, started_at, next_page, size, items, total, list_order FROM imports WHERE finished_at IS NULL").
		Scan(&i.ID, &started, &i.NextPage, &i.Size, &i.Items, &total, &i.Order)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil //nolint:nilnil // no import is open
	case err != nil:
		return nil, fmt.Errorf("store: import: %w", err)
	}
	i.StartedAt, i.Total, i.HasTotal = time.UnixMicro(started).UTC(), int(total.Int64), total.Valid
	return &i, nil
}

func (tx *Tx) moveMark(ctx context.Context, m Mark) error {
	var open int64
	err := tx.QueryRowContext(ctx, `UPDATE imports SET next_page = $1, items = $2, total = $3, list_order = $4
		WHERE id = $5 AND finished_at IS NULL RETURNING id`,
		m.NextPage, m.Items, sql.NullInt64{Int64: int64(m.Total), Valid: m.HasTotal}, string(m.Order), m.ImportID).Scan(&open)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("store: import %d is not open: %w", m.ImportID, distribution.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("store: import: %w", err)
	}
	return nil
}

// FinishImport closes a complete import. The first one sets the baseline: what
// was made elsewhere before it is history.
func (db *DB) FinishImport(ctx context.Context, by distribution.Actor, id int64) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		var items int
		var order Order
		err := tx.QueryRowContext(ctx, "UPDATE imports SET finished_at = $1 WHERE id = $2 AND finished_at IS NULL RETURNING items, list_order",
			tx.now.UnixMicro(), id).Scan(&items, &order)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("store: import %d is not open: %w", id, distribution.ErrConflict)
		}
		if err != nil {
			return fmt.Errorf("store: import: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO sync_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
			keyBaseline, timeText(tx.now)); err != nil {
			return fmt.Errorf("store: import: %w", err)
		}
		if order != OrderUnseen {
			if err := tx.setState(ctx, keyOrder, string(order)); err != nil {
				return err
			}
		}
		if err := tx.holdImported(ctx, id); err != nil {
			return err
		}
		_, err = tx.audit(ctx, by, entry{
			action: "import.finished", object: "import", id: strconv.FormatInt(id, 10),
			details: map[string]string{"items": strconv.Itoa(items), "order": string(order)},
		})
		return err
	})
}
