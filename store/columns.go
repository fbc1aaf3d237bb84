package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"plexydash/distribution"
)

// ListColumns are all columns that the list of distributions can show, those of
// a person who never chose first.
func ListColumns() []string {
	return append(DefaultColumns(), "knp", "kbe", "bic", "purpose", "plexyId", "origin", "code")
}

// DefaultColumns are those of a person who never chose.
func DefaultColumns() []string {
	return []string{"created", "reference", "recipient", "bin", "account", "amount", "status", "people", "updated"}
}

// FixedColumns are always there: a row is known and opened by them, and a phone
// shows nothing else.
func FixedColumns() []string { return []string{"reference", "recipient", "amount", "status"} }

// checkColumns wants known columns, each once, and the fixed ones among them.
func checkColumns(chosen []string) error {
	known := ListColumns()
	for i, c := range chosen {
		if !slices.Contains(known, c) || slices.Contains(chosen[:i], c) {
			return refuse("columns")
		}
	}
	for _, c := range FixedColumns() {
		if !slices.Contains(chosen, c) {
			return refuse("columns")
		}
	}
	return nil
}

// ColumnsOf are the columns of the list as the person chose them, in order.
func (db *DB) ColumnsOf(ctx context.Context, by distribution.Actor) ([]string, error) {
	text, err := columnsOf(ctx, db.read, by)
	if err != nil {
		return nil, err
	}
	return strings.Fields(text), nil
}

func columnsOf(ctx context.Context, q querier, by distribution.Actor) (text string, err error) {
	err = q.QueryRowContext(ctx, "SELECT columns FROM list_columns WHERE user_id = $1", by.ID).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return strings.Join(DefaultColumns(), " "), nil
	}
	if err != nil {
		return "", fmt.Errorf("store: columns: %w", err)
	}
	return text, nil
}

// ChooseColumns keeps the columns of the list for the person. The same again
// changes nothing.
func (db *DB) ChooseColumns(ctx context.Context, by distribution.Actor, chosen []string) error {
	if err := distribution.May(by, distribution.ReadMoney); err != nil {
		return err
	}
	if err := checkColumns(chosen); err != nil {
		return err
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		was, err := columnsOf(ctx, tx, by)
		now := strings.Join(chosen, " ")
		if err != nil || was == now {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO list_columns (user_id, columns, updated_at) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO UPDATE SET columns = excluded.columns, updated_at = excluded.updated_at`,
			by.ID, now, tx.now.UnixMicro()); err != nil {
			return fmt.Errorf("store: columns: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{
			action: "column.chosen", object: "column", id: by.ID, details: map[string]string{"columns": now, "columns.was": was},
		})
		return err
	})
}
