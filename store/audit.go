package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"plexydash/audit"
	"plexydash/distribution"
)

// ErrNoActor says that a change came without anybody who makes it.
var ErrNoActor = errors.New("store: a change needs an actor")

// entry is what a change tells the audit log; the rest is filled in here.
type entry struct {
	action, object, id string
	before, after      string
	details            map[string]string
	reason             string
	result             audit.Result
}

// audit appends the record and its tree hashes within the transaction.
func (tx *Tx) audit(ctx context.Context, by distribution.Actor, e entry) (seq int64, err error) {
	if by.IsZero() {
		return 0, ErrNoActor
	}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq) + 1, 0) FROM audit").Scan(&seq); err != nil {
		return 0, fmt.Errorf("store: audit: %w", err)
	}
	if e.result == "" {
		e.result = audit.Done
	}
	record, err := audit.Record{
		Seq: seq, At: tx.now, Boot: tx.db.boot,
		Actor: audit.Actor{
			ID: by.ID, Name: by.Name, Email: by.Email, Role: string(by.Role),
			Address: by.Address, RequestID: by.RequestID,
		},
		Action: e.action, Object: e.object, ObjectID: e.id, Before: e.before, After: e.after,
		Details: e.details, Reason: e.reason, Result: e.result,
	}.Encode()
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	hashes, err := audit.Append(seq, record, func(ix []int64) ([]audit.Hash, error) { return readHashes(ctx, tx, ix) })
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO audit (seq, record) VALUES ($1, $2)", seq, record); err != nil {
		return 0, fmt.Errorf("store: audit: %w", err)
	}
	for _, h := range hashes {
		if _, err := tx.ExecContext(ctx, "INSERT INTO audit_hashes (ix, hash) VALUES ($1, $2)", h.Index, h.Hash[:]); err != nil {
			return 0, fmt.Errorf("store: audit: %w", err)
		}
	}
	tx.lastSeq, tx.lastRecord = seq, record
	return seq, nil
}

func readHashes(ctx context.Context, q querier, indexes []int64) ([]audit.Hash, error) {
	if len(indexes) == 0 {
		return nil, nil
	}
	args := make([]any, len(indexes))
	for i, ix := range indexes {
		args[i] = ix
	}
	rows, err := q.QueryContext(ctx, "SELECT ix, hash FROM audit_hashes WHERE ix"+marks(len(args)), args...)
	found := map[int64]audit.Hash{}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var ix int64
		var h []byte
		err := r.Scan(&ix, &h)
		found[ix] = audit.Hash(h)
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: tree: %w", err)
	}
	out := make([]audit.Hash, len(indexes))
	for i, ix := range indexes {
		h, ok := found[ix]
		if !ok {
			return nil, fmt.Errorf("store: tree: hash %d is missing", ix)
		}
		out[i] = h
	}
	return out, nil
}

// ErrCut says that records are missing: the log counts fewer than were numbered,
// or fewer than its tree was built from.
var ErrCut = errors.New("records of the audit log are missing")

// auditTree is the size of the log and the root of its tree as stored, or
// ErrCut.
func auditTree(ctx context.Context, q querier) (size int64, root audit.Hash, err error) {
	var numbered, hashes int64
	err = q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM audit), (SELECT coalesce(max(seq) + 1, 0) FROM audit),
		(SELECT count(*) FROM audit_hashes)`).Scan(&size, &numbered, &hashes)
	switch {
	case err != nil:
		return 0, root, fmt.Errorf("store: audit: %w", err)
	case size != numbered || hashes != tlog.StoredHashCount(size):
		return size, root, fmt.Errorf("store: audit: %d records, numbered up to %d, with %d hashes: %w", size, numbered-1, hashes, ErrCut)
	}
	root, err = audit.Root(size, func(ix []int64) ([]audit.Hash, error) { return readHashes(ctx, q, ix) })
	return size, root, err
}
