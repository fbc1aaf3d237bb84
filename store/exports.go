package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/audit"
	"plexydash/distribution"
)

// ExportStatus says how far the making of a file is.
type ExportStatus string

// States of an export. A waiting one is made by one worker, oldest first; after
// a crash it is simply made again.
const (
	ExportWaiting ExportStatus = "waiting"
	ExportReady   ExportStatus = "ready"
	ExportFailed  ExportStatus = "failed"
)

// Kinds of exports.
const (
	ExportDistributions = "distributions" // the register
	ExportAudit         = "audit"         // the audit log
)

// NewExport is what a person asks for.
type NewExport struct {
	Kind    string // ExportDistributions or ExportAudit
	Format  string // "csv" or "xlsx", of the audit log also "jsonl"
	Dialect string // "excel" or "plain"
	Filter  string // the query of the page, as Values().Encode() of its filter writes it
	Lang    string // of the words in the file: ru, kk or en; empty is ru
}

// Made is what became of a file. Times are UTC.
type Made struct {
	FileName string // as the browser saves it
	Rows     int
	Sum      distribution.Amount
	SHA256   []byte
	Bytes    int64
	AsOf     time.Time // last successful read of Plexy before the rows were read
	Complete bool      // false: the first import of the history was still running
}

// Export is a file made in the background for one person.
type Export struct {
	ID string
	NewExport
	Made
	Status     ExportStatus
	ErrorID    string // the number under which the log tells why it failed
	CreatedBy  string // user id
	CreatedAt  time.Time
	FinishedAt time.Time
}

// mayExport asks the table of roles; who may export the register is the
// route's business.
func mayExport(by distribution.Actor, kind string) error {
	if kind == ExportAudit {
		return distribution.May(by, distribution.ExportAudit)
	}
	return nil
}

// CreateExport asks for a file.
func (db *DB) CreateExport(ctx context.Context, by distribution.Actor, n NewExport) (Export, error) {
	var e Export
	if err := mayExport(by, n.Kind); err != nil {
		return e, err
	}
	action := "export.requested"
	if n.Kind == ExportAudit {
		action = "audit.exported"
	}
	err := db.tx(ctx, func(tx *Tx) error {
		e = Export{ID: db.newID(), NewExport: n, Status: ExportWaiting, CreatedBy: by.ID, CreatedAt: tx.now}
		_, err := tx.ExecContext(ctx, `INSERT INTO exports (id, kind, format, dialect, filter, lang, status, created_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			e.ID, n.Kind, n.Format, n.Dialect, n.Filter, n.Lang, string(e.Status), by.ID, tx.now.UnixMicro())
		if err != nil {
			return fmt.Errorf("store: new export: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: action, object: "export", id: e.ID, details: map[string]string{
			"kind": n.Kind, "format": n.Format, "dialect": n.Dialect, "filter": n.Filter,
		}})
		return err
	})
	return e, err
}

const selectExports = `SELECT id, kind, format, dialect, filter, lang, status, file_name, rows, sum, sha256, bytes,
	as_of, complete, error_id, created_by, created_at, finished_at FROM exports `

func scanExport(scan func(...any) error) (Export, error) {
	var e Export
	var asOf, created, finished sql.NullInt64
	err := scan(&e.ID, &e.Kind, &e.Format, &e.Dialect, &e.Filter, &e.Lang, &e.Status, &e.FileName, &e.Rows, &e.Sum, &e.SHA256, &e.Bytes,
		&asOf, &e.Complete, &e.ErrorID, &e.CreatedBy, &created, &finished)
	e.AsOf, e.CreatedAt, e.FinishedAt = moment(asOf), moment(created), moment(finished)
	if errors.Is(err, sql.ErrNoRows) {
		err = distribution.ErrNotFound
	}
	if err != nil {
		return Export{}, fmt.Errorf("store: export: %w", err)
	}
	return e, nil
}

// Export finds a file that by asked for; one that somebody else asked for is
// distribution.ErrNotFound like one that does not exist. Who may not export such
// a thing any more does not get it.
func (db *DB) Export(ctx context.Context, by distribution.Actor, id string) (Export, error) {
	e, err := scanExport(db.read.QueryRowContext(ctx, selectExports+"WHERE id = $1 AND created_by = $2", id, by.ID).Scan)
	if err != nil {
		return e, err
	}
	return e, mayExport(by, e.Kind)
}

// Exports lists the newest hundred that by asked for, newest first.
func (db *DB) Exports(ctx context.Context, by distribution.Actor) ([]Export, error) {
	rows, err := db.read.QueryContext(ctx, selectExports+"WHERE created_by = $1 ORDER BY created_at DESC, id DESC LIMIT 100", by.ID)
	return collect(rows, err, func(r *sql.Rows) (Export, error) { return scanExport(r.Scan) })
}

// NextExport is the oldest waiting one, or distribution.ErrNotFound.
func (db *DB) NextExport(ctx context.Context) (Export, error) {
	return scanExport(db.read.QueryRowContext(ctx, selectExports+"WHERE status = 'waiting' ORDER BY created_at, id LIMIT 1").Scan)
}

// FinishExport says that the file is whole and in its place.
func (db *DB) FinishExport(ctx context.Context, by distribution.Actor, id string, m Made) error {
	return db.settleExport(ctx, id, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE exports SET status = 'ready', file_name = $1, rows = $2, sum = $3, sha256 = $4,
			bytes = $5, as_of = $6, complete = $7, finished_at = $8 WHERE id = $9`,
			m.FileName, m.Rows, int64(m.Sum), m.SHA256, m.Bytes, micros(m.AsOf), m.Complete, tx.now.UnixMicro(), id); err != nil {
			return err
		}
		_, err := tx.audit(ctx, by, entry{action: "export.made", object: "export", id: id, details: map[string]string{
			"file": m.FileName, "rows": fmt.Sprint(m.Rows), "sum": m.Sum.String(), "sha256": fmt.Sprintf("%x", m.SHA256),
		}})
		return err
	})
}

// FailExport says that no file will come; errorID is its number in the log.
func (db *DB) FailExport(ctx context.Context, by distribution.Actor, id, errorID string) error {
	return db.settleExport(ctx, id, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE exports SET status = 'failed', error_id = $1, finished_at = $2 WHERE id = $3",
			errorID, tx.now.UnixMicro(), id); err != nil {
			return err
		}
		_, err := tx.audit(ctx, by, entry{action: "export.failed", object: "export", id: id, reason: errorID, result: audit.Failed})
		return err
	})
}

// settleExport changes a waiting export once; a second time is
// distribution.ErrConflict.
func (db *DB) settleExport(ctx context.Context, id string, settle func(*Tx) error) error {
	return db.tx(ctx, func(tx *Tx) error {
		e, err := scanExport(tx.QueryRowContext(ctx, selectExports+"WHERE id = $1", id).Scan)
		if err != nil {
			return err
		}
		if e.Status != ExportWaiting {
			return fmt.Errorf("store: export %s is %s: %w", id, e.Status, distribution.ErrConflict)
		}
		if err := settle(tx); err != nil {
			return fmt.Errorf("store: export: %w", err)
		}
		return nil
	})
}
