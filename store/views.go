package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"plexydash/distribution"
)

// Bounds of saved views.
const (
	MaxViewName = 60 // characters
	maxViews    = 50 // of one person; and shared ones in all
)

// SavedView is a list kept under a name.
type SavedView struct {
	ID      string
	Owner   distribution.Person // id and name
	Name    string
	Query   string   // Values().Encode() of its filter; without from and to when Period is set
	Period  string   // code of a period that moves with the calendar; empty: the days of Query
	Columns []string // empty: those of whoever looks
	Shared  bool     // with everybody
}

// MayChange reports that the person may rename, share or delete the view: its
// owner, and of a shared one every manager.
func (v SavedView) MayChange(by distribution.Actor) bool {
	return v.Owner.ID == by.ID || v.Shared && by.Role == distribution.Manager
}

const selectViews = `SELECT v.id, v.owner_id, u.name, v.name, v.query, v.period, v.columns, v.shared
	FROM saved_views v JOIN users u ON u.id = v.owner_id `

// viewsOfQuery reads one's own by one index and the shared ones by another.
const viewsOfQuery = selectViews + "WHERE v.owner_id = $1 UNION ALL " + selectViews + "WHERE v.shared = 1 AND v.owner_id <> $2 ORDER BY v.name"

func scanView(scan func(...any) error) (SavedView, error) {
	var v SavedView
	var columns string
	err := scan(&v.ID, &v.Owner.ID, &v.Owner.Name, &v.Name, &v.Query, &v.Period, &columns, &v.Shared)
	if errors.Is(err, sql.ErrNoRows) {
		err = distribution.ErrNotFound
	}
	if err != nil {
		return SavedView{}, fmt.Errorf("store: view: %w", err)
	}
	v.Columns = strings.Fields(columns)
	return v, nil
}

// Views are the person's own and those that others share, by name.
func (db *DB) Views(ctx context.Context, by distribution.Actor) ([]SavedView, error) {
	rows, err := db.read.QueryContext(ctx, viewsOfQuery, by.ID, by.ID)
	return collect(rows, err, func(r *sql.Rows) (SavedView, error) { return scanView(r.Scan) })
}

// SaveView keeps a list under a name. Owner and ID of v are not looked at.
func (db *DB) SaveView(ctx context.Context, by distribution.Actor, v SavedView) (SavedView, error) {
	if err := distribution.May(by, distribution.ReadMoney); err != nil {
		return v, err
	}
	if err := checkView(&v); err != nil {
		return v, err
	}
	err := db.txBy(ctx, by, func(tx *Tx) error {
		if err := tx.roomForView(ctx, by, v.Shared); err != nil {
			return err
		}
		v.ID, v.Owner = tx.db.newID(), by.Person
		_, err := tx.ExecContext(ctx, `INSERT INTO saved_views (id, owner_id, name, name_key, query, period, columns, shared, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
			v.ID, by.ID, v.Name, Fold(v.Name), v.Query, v.Period, strings.Join(v.Columns, " "), v.Shared, tx.now.UnixMicro())
		if err != nil {
			return viewErr(err)
		}
		return tx.auditView(ctx, by, "view.saved", v, nil)
	})
	return v, err
}

// checkView refuses what no page of ours would send, and a name that is none.
func checkView(v *SavedView) error {
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > MaxViewName {
		return refuse("view_name")
	}
	values, err := url.ParseQuery(v.Query)
	if err != nil {
		return refuse("view_query")
	}
	f, err := ParseFilter(values)
	if err != nil || f.Cursor != "" {
		return refuse("view_query")
	}
	v.Query = f.Values().Encode()
	if len(v.Columns) == 0 {
		return nil
	}
	return checkColumns(v.Columns)
}

// roomForView keeps the tabs to a number that people can look over.
func (tx *Tx) roomForView(ctx context.Context, by distribution.Actor, shared bool) error {
	var mine, all int
	err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM saved_views WHERE owner_id = $1),
		(SELECT count(*) FROM saved_views WHERE shared = 1)`, by.ID).Scan(&mine, &all)
	switch {
	case err != nil:
		return fmt.Errorf("store: view: %w", err)
	case mine >= maxViews, shared && all >= maxViews:
		return refuse("view_limit")
	}
	return nil
}

func viewErr(err error) error {
	if unique(err) {
		return refuse("view_taken")
	}
	return fmt.Errorf("store: view: %w", err)
}

// EditView renames a view, and shares it with everybody or no longer.
func (db *DB) EditView(ctx context.Context, by distribution.Actor, id, name string, shared bool) error {
	return db.changeView(ctx, by, id, func(tx *Tx, v SavedView) error {
		was := v
		v.Name, v.Shared = name, shared
		if err := checkView(&v); err != nil {
			return err
		}
		if v.Name == was.Name && v.Shared == was.Shared {
			return nil
		}
		if v.Shared && !was.Shared {
			if err := tx.roomForView(ctx, distribution.Actor{}, true); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE saved_views SET name = $1, name_key = $2, shared = $3, updated_at = $4 WHERE id = $5",
			v.Name, Fold(v.Name), v.Shared, tx.now.UnixMicro(), id); err != nil {
			return viewErr(err)
		}
		return tx.auditView(ctx, by, "view.changed", v, &was)
	})
}

// DeleteView takes a view away; the distributions in it stay as they are.
func (db *DB) DeleteView(ctx context.Context, by distribution.Actor, id string) error {
	return db.changeView(ctx, by, id, func(tx *Tx, v SavedView) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM saved_views WHERE id = $1", id); err != nil {
			return fmt.Errorf("store: view: %w", err)
		}
		return tx.auditView(ctx, by, "view.deleted", v, nil)
	})
}

// changeView lets only those at a view who may change it. One that a person does
// not see does not exist for them.
func (db *DB) changeView(ctx context.Context, by distribution.Actor, id string, change func(*Tx, SavedView) error) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		v, err := scanView(tx.QueryRowContext(ctx, selectViews+"WHERE v.id = $1", id).Scan)
		switch {
		case err != nil:
			return err
		case v.MayChange(by):
			return change(tx, v)
		case v.Shared:
			return &distribution.Refusal{Code: "view_owner", Kind: distribution.ErrForbidden}
		}
		return fmt.Errorf("store: view of somebody else: %w", distribution.ErrNotFound)
	})
}

func (tx *Tx) auditView(ctx context.Context, by distribution.Actor, action string, v SavedView, was *SavedView) error {
	details := map[string]string{"name": v.Name, "filter": v.Query, "shared": fmt.Sprint(v.Shared)}
	if was != nil {
		details = map[string]string{"name": v.Name, "name.was": was.Name, "shared": fmt.Sprint(v.Shared), "shared.was": fmt.Sprint(was.Shared)}
	}
	_, err := tx.audit(ctx, by, entry{action: action, object: "view", id: v.ID, details: nonEmpty(details)})
	return err
}
