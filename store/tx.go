package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"plexydash/audit"
	"plexydash/distribution"
)

// Tx is one write transaction. Only methods of Tx take part in it; a method of
// DB called inside would wait for the one writer connection for ever.
type Tx struct {
	*sql.Tx
	db    *DB
	now   time.Time // one moment for the whole transaction
	point string    // what Options.At is told after the commit; empty: pointCommitted

	lastSeq    int64 // of the last audit record written
	lastRecord []byte
	root       audit.Hash // of the log with it, once it is signed
	commitErr  error      // what the commit failed with, even if it happened all the same
}

func (db *DB) tx(ctx context.Context, do func(*Tx) error) (err error) {
	sqlTx, done, err := db.begin(ctx)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer func() { _ = done() }() // what the transaction did is settled by then
	defer func() {
		if err != nil {
			if back := sqlTx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
				err = errors.Join(err, back)
			}
		}
	}()
	tx := &Tx{Tx: sqlTx, db: db, now: db.Now()}
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.sign(ctx); err != nil {
		return err
	}
	if tx.commitErr = tx.commit(); tx.commitErr != nil {
		return tx.reread(ctx)
	}
	if db.keeper != nil && tx.lastRecord != nil {
		db.keeper.keep(tx.lastSeq+1, tx.root)
	}
	return nil
}

// txBy is tx for a change that somebody makes; nobody is refused before
// anything happens.
func (db *DB) txBy(ctx context.Context, by distribution.Actor, do func(*Tx) error) error {
	if by.IsZero() {
		return ErrNoActor
	}
	return db.tx(ctx, do)
}

// querier is what reads need of a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// collect scans all rows, and never takes a broken read for a short list.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func scanText(r *sql.Rows) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// unique reports that a UNIQUE rule refused the write.
func unique(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func micros(t time.Time) sql.NullInt64 {
	if t.IsZero() {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: true}
}

func moment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
