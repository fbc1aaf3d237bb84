package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// UnsettledCommitError says that a commit failed in such a way that it is not
// known whether the change was saved: the database could not be asked.
type UnsettledCommitError struct{ Err error }

func (e *UnsettledCommitError) Error() string {
	return "store: it is not known whether the change was saved: " + e.Err.Error()
}
func (e *UnsettledCommitError) Unwrap() error { return e.Err }

// Points that Options.At is told of: rows of a new draft written, a draft
// committed, a claim committed, any other commit, and one migration done.
const (
	pointDraft          = "F6"
	pointDraftCommitted = "F7"
	pointClaimCommitted = "F10"
	pointCommitted      = "commit"
	pointMigrated       = "migrated"
)

// reached tells Options.At of a point.
func (db *DB) reached(point string) error {
	if db.at == nil {
		return nil
	}
	return db.at(point)
}

func (tx *Tx) commit() error {
	err := tx.Commit()
	if err == nil {
		err = tx.db.reached(cmp.Or(tx.point, pointCommitted))
	}
	if err != nil {
		err = fmt.Errorf("store: commit: %w", err)
	}
	return err
}

// reread decides what a commit that failed did: nothing when the transaction's
// last audit record is there, for a commit can fail and happen all the same.
func (tx *Tx) reread(ctx context.Context) error {
	if tx.lastRecord == nil {
		return tx.commitErr // nothing to know it by
	}
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return &UnsettledCommitError{errors.Join(tx.commitErr, err)}
	}
	happened, err := tx.db.settle(context.WithoutCancel(ctx), tx)
	switch {
	case err != nil:
		return &UnsettledCommitError{errors.Join(tx.commitErr, err)}
	case !happened:
		return tx.commitErr
	}
	return nil
}

// settle looks for the record of a transaction that failed through a connection
// that nothing happened to yet. One that is not there is kept from coming back:
// what a failed commit left behind the end of the WAL is read after a crash
// unless something was written over it.
func (db *DB) settle(ctx context.Context, failed *Tx) (happened bool, err error) {
	fresh, err := pool(db.path, db.writerDSN()+"&mode=rw", 1)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, fresh.Close()) }()
	tx, err := fresh.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	var stored []byte
	err = tx.QueryRowContext(ctx, "SELECT record FROM audit WHERE seq = $1", failed.lastSeq).Scan(&stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if bytes.Equal(stored, failed.lastRecord) {
		return true, nil
	}
	if diskFull(failed.commitErr) {
		return false, nil // no room for its last frame, which alone would bring it back; nor for anything over it
	}
	if err := (&Tx{Tx: tx, db: db}).setState(ctx, keyCommitFailed, timeText(db.Now())); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

// keyCommitFailed of sync_state holds when a commit last failed.
const keyCommitFailed = "commit_failed_at"
