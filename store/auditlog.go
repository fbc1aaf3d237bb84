package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"plexydash/audit"
	"plexydash/distribution"
)

// AuditLine is one record of the log: as it was written, and read.
type AuditLine struct {
	audit.Record
	Raw []byte
}

// Hash is that of the record's leaf in the tree, in hex.
func (l AuditLine) Hash() string {
	h := tlog.RecordHash(l.Raw)
	return hex.EncodeToString(h[:])
}

// AuditPage is one page of the log, the newest first.
type AuditPage struct {
	Lines []AuditLine
	Next  string // cursor of the following page; empty on the last one
	// Short: the page ends although more may follow, because so many records were
	// looked through. LookedBack is the time of the last of them.
	Short      bool
	LookedBack time.Time
}

// AuditTotals count the matches of a filter by result.
type AuditTotals struct {
	Count    int
	ByResult map[audit.Result]int
	// More: these are the matches among the newest auditCounted records that the
	// filter's index leads to; there may be others.
	More bool
}

const (
	auditLooked  = 20_000 // records that one page looks through at most
	auditCounted = 10_000 // records that totals look through at most
)

// errEnough ends a walk early.
var errEnough = errors.New("enough")

// AuditLog reads one page by keyset over the numbers of the records.
func (db *DB) AuditLog(ctx context.Context, f AuditFilter) (AuditPage, error) {
	var p AuditPage
	q, err := db.auditQuery(ctx, f)
	if err != nil {
		return p, err
	}
	looked, last := 0, AuditLine{}
	err = q.walk(ctx, db.read, auditLooked, func(line AuditLine) error {
		looked, last = looked+1, line
		if !q.matches(&line.Record, line.Raw) {
			return nil
		}
		if len(p.Lines) == f.Size {
			p.Next = strconv.FormatInt(p.Lines[f.Size-1].Seq, 10)
			return errEnough
		}
		p.Lines = append(p.Lines, line)
		return nil
	})
	if err != nil {
		return AuditPage{}, fmt.Errorf("store: audit log: %w", err)
	}
	if p.Next == "" && looked == auditLooked {
		p.Next, p.Short, p.LookedBack = strconv.FormatInt(last.Seq, 10), true, last.At
	}
	return p, nil
}

// CountAudit counts the matches, at a bounded cost. The whole log is counted
// exactly.
func (db *DB) CountAudit(ctx context.Context, f AuditFilter) (AuditTotals, error) {
	f = f.conditions()
	if len(f.Values()) == 0 {
		return db.countWholeAudit(ctx)
	}
	t, looked := AuditTotals{ByResult: map[audit.Result]int{}}, 0
	q, err := db.auditQuery(ctx, f)
	if err != nil {
		return t, err
	}
	err = q.walk(ctx, db.read, auditCounted+1, func(line AuditLine) error {
		if looked++; looked > auditCounted {
			t.More = true
			return errEnough
		}
		if q.matches(&line.Record, line.Raw) {
			t.Count++
			t.ByResult[line.Result]++
		}
		return nil
	})
	if err != nil {
		return t, fmt.Errorf("store: audit log: %w", err)
	}
	return t, nil
}

// countWholeAudit needs no scan: records are numbered without gaps, and what was
// not done has an index of its own.
func (db *DB) countWholeAudit(ctx context.Context) (AuditTotals, error) {
	t := AuditTotals{ByResult: map[audit.Result]int{}}
	var denied, failed int
	err := db.read.QueryRowContext(ctx, auditWhole).Scan(&t.Count, &denied, &failed)
	if err != nil {
		return t, fmt.Errorf("store: audit log: %w", err)
	}
	t.ByResult[audit.Denied], t.ByResult[audit.Failed] = denied, failed
	t.ByResult[audit.Done] = t.Count - denied - failed
	return t, nil
}

const auditWhole = `SELECT (SELECT coalesce(max(seq) + 1, 0) FROM audit),
	(SELECT count(*) FROM audit WHERE result = 'denied' AND result <> 'done'),
	(SELECT count(*) FROM audit WHERE result = 'failed' AND result <> 'done')`

// AuditRecord is one record by its number, as it was written, or
// distribution.ErrNotFound.
func (db *DB) AuditRecord(ctx context.Context, seq int64) (raw []byte, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT record FROM audit WHERE seq = $1", seq).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, distribution.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("store: audit log: %w", err)
	}
	return raw, nil
}

// AuditRegister yields every match in the order of the log, all from one moment,
// and after the last of them the note of the newest checkpoint, if there is one.
// After an error it yields nothing more.
func (db *DB) AuditRegister(ctx context.Context, f AuditFilter, checkpoint *[]byte) iter.Seq2[AuditLine, error] {
	return func(yield func(AuditLine, error) bool) {
		err := db.auditRegister(ctx, f, checkpoint, func(line AuditLine) error {
			if !yield(line, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(AuditLine{}, fmt.Errorf("store: audit log: %w", err))
		}
	}
}

func (db *DB) auditRegister(ctx context.Context, f AuditFilter, checkpoint *[]byte, see func(AuditLine) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // a read has nothing to commit
	q, err := prepareAudit(ctx, tx, f.conditions())
	if err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").Scan(checkpoint)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	rows, err := tx.QueryContext(ctx, q.registerQuery(), q.args...)
	if err != nil {
		return err
	}
	return eachAudit(rows, func(line AuditLine) error {
		if !q.matches(&line.Record, line.Raw) {
			return nil
		}
		return see(line)
	})
}

// walk hands the records that the query's index leads to, the newest first, at
// most limit, to see until it says errEnough.
func (q *auditQuery) walk(ctx context.Context, from querier, limit int, see func(AuditLine) error) error {
	query, args := q.walkQuery(limit)
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if err = eachAudit(rows, see); errors.Is(err, errEnough) {
		return nil
	}
	return err
}

func (q *auditQuery) walkQuery(limit int) (query string, args []any) {
	before, _ := q.before()
	args = append([]any{}, q.args...)
	return "SELECT record FROM audit WHERE " + q.where + " AND seq < ? ORDER BY seq DESC LIMIT ?", append(args, before, limit)
}

func (q *auditQuery) registerQuery() string {
	return "SELECT record FROM audit WHERE " + q.where + " ORDER BY seq"
}

// eachAudit holds one record at a time.
func eachAudit(rows *sql.Rows, see func(AuditLine) error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line AuditLine
		err := rows.Scan(&line.Raw)
		if err != nil {
			return err
		}
		if line.Record, err = audit.Decode(line.Raw); err != nil {
			return err
		}
		if err := see(line); err != nil {
			return err
		}
	}
	return rows.Err()
}
