package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plexydash/audit"
)

// CheckpointState is how far the audit log is signed.
type CheckpointState struct {
	Size      int64     // records that the newest checkpoint covers; 0: there is none
	At        time.Time // when it was signed, UTC
	AuditSize int64     // records there are
}

// CheckpointState reads it.
func (db *DB) CheckpointState(ctx context.Context) (s CheckpointState, err error) {
	var at sql.NullInt64
	err = db.read.QueryRowContext(ctx, `SELECT coalesce(max(size), 0), at, (SELECT coalesce(max(seq) + 1, 0) FROM audit) FROM checkpoints`).
		Scan(&s.Size, &at, &s.AuditSize) // SQLite takes at from the row of the maximum
	if err != nil {
		return s, fmt.Errorf("store: checkpoint: %w", err)
	}
	s.At = moment(at)
	return s, nil
}

// sign stores a checkpoint of the log as the transaction leaves it, if there is
// a key and the transaction wrote to the log.
func (tx *Tx) sign(ctx context.Context) error {
	if tx.db.signer == nil || tx.lastRecord == nil {
		return nil
	}
	var err error
	tx.root, err = tx.signAt(ctx, tx.lastSeq+1)
	return err
}

func (tx *Tx) signAt(ctx context.Context, size int64) (root audit.Hash, err error) {
	root, err = audit.Root(size, func(ix []int64) ([]audit.Hash, error) { return readHashes(ctx, tx, ix) })
	if err != nil {
		return root, fmt.Errorf("store: checkpoint: %w", err)
	}
	signed, err := tx.db.signer.Sign(size, root)
	if err != nil {
		return root, fmt.Errorf("store: checkpoint: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO checkpoints (size, at, note) VALUES ($1, $2, $3)", size, tx.now.UnixMicro(), signed); err != nil {
		return root, fmt.Errorf("store: checkpoint: %w", err)
	}
	return root, nil
}

// signFirst signs a log that was begun before there was a key. Where there is a
// checkpoint already, a record after it is not ours to sign: see I12.
func (db *DB) signFirst(ctx context.Context) error {
	if db.signer == nil {
		return nil
	}
	return db.tx(ctx, func(tx *Tx) error {
		var size int64
		var signed bool
		err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq) + 1, 0), EXISTS (SELECT 1 FROM checkpoints) FROM audit").Scan(&size, &signed)
		if err != nil {
			return fmt.Errorf("store: checkpoint: %w", err)
		}
		if signed || size == 0 {
			return nil
		}
		_, err = tx.signAt(ctx, size)
		return err
	})
}

// countLog looks whether records are missing and whether the newest checkpoint
// covers all of them and has their root.
func (i *Invariant) countLog(ctx context.Context, q querier) error {
	size, root, err := auditTree(ctx, q)
	if errors.Is(err, ErrCut) {
		i.breach(fmt.Sprint(size))
		return nil
	}
	if err != nil {
		return err
	}
	var stored int64
	var signed []byte
	err = q.QueryRowContext(ctx, "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").Scan(&stored, &signed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // a log without a key
	}
	if err != nil {
		return err
	}
	if c, err := audit.ParseCheckpoint(string(signed)); err != nil || stored != size || c.Size != size || c.Root != root {
		i.breach(fmt.Sprint(size))
	}
	return nil
}

// VerifyAudit leads a verification through the log as it is at one moment. The
// error is the first *audit.Finding, or that of a read.
func (db *DB) VerifyAudit(ctx context.Context, v *audit.Verification) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("store: audit: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	hashes, err := tx.QueryContext(ctx, "SELECT ix, hash FROM audit_hashes ORDER BY ix")
	if err != nil {
		return fmt.Errorf("store: audit: %w", err)
	}
	defer func() { _ = hashes.Close() }()
	rows, err := tx.QueryContext(ctx, `SELECT a.seq, a.record, c.note FROM audit a LEFT JOIN checkpoints c ON c.size = a.seq + 1 ORDER BY a.seq`)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var seq int64
		var record, signed []byte
		if err := r.Scan(&seq, &record, &signed); err != nil {
			return struct{}{}, err
		}
		stored, err := nextHashes(hashes, v.Size())
		if err == nil {
			err = v.Record(seq, record, stored)
		}
		if err == nil && signed != nil {
			err = v.Checkpoint(signed)
		}
		return struct{}{}, err
	})
	if err = errors.Join(err, hashes.Err()); err != nil {
		return err
	}
	return endAudit(ctx, tx, v)
}

// nextHashes reads those that were stored with the record of number seq, as far
// as they are there.
func nextHashes(rows *sql.Rows, seq int64) (stored []audit.Hash, err error) {
	for ix := tlog.StoredHashCount(seq); ix < tlog.StoredHashCount(seq+1) && rows.Next(); ix++ {
		var at int64
		var h []byte
		if err := rows.Scan(&at, &h); err != nil {
			return nil, err
		}
		if at != ix || len(h) != len(audit.Hash{}) {
			return nil, nil
		}
		stored = append(stored, audit.Hash(h))
	}
	return stored, rows.Err()
}

func endAudit(ctx context.Context, q querier, v *audit.Verification) error {
	var beyond []byte
	var size int64
	err := q.QueryRowContext(ctx, "SELECT size, note FROM checkpoints WHERE size > $1 ORDER BY size DESC LIMIT 1", v.Size()).Scan(&size, &beyond)
	switch {
	case err == nil:
		if err := v.Beyond(beyond, size); err != nil {
			return err
		}
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("store: audit: %w", err)
	}
	var left int64
	err = q.QueryRowContext(ctx, "SELECT count(*) FROM audit_hashes WHERE ix >= $1", tlog.StoredHashCount(v.Size())).Scan(&left)
	if err != nil {
		return fmt.Errorf("store: audit: %w", err)
	}
	return v.End(left)
}
