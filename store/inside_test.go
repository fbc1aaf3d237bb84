package store

import (
	"context"
	"database/sql"
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// This file opens doors for the tests of package store_test.

// WritePool is the pool of the one writer.
func WritePool(db *DB) *sql.DB { return db.write }

// ReadPool is the pool of the readers.
func ReadPool(db *DB) *sql.DB { return db.read }

// Within runs do in a write transaction.
func Within(ctx context.Context, db *DB, do func(*Tx) error) error { return db.tx(ctx, do) }

// HoldNow puts the database on HOLD.
func HoldNow(ctx context.Context, db *DB) error { return db.hold(ctx, Hold{Why: HoldMissing}) }

// MigrateTo migrates to other files than the built-in ones.
func MigrateTo(ctx context.Context, db *DB, dir fs.FS) error { return db.migrateTo(ctx, dir) }

// Migrations are the built-in files.
func Migrations(t testing.TB) fs.FS {
	t.Helper()
	dir, err := fs.Sub(migrations, "migrations")
	require.NoError(t, err)
	return dir
}

// PageQuery is the statement of one page of a list, with its arguments.
func PageQuery(f Filter, limit int) (query string, args []any) { return f.pageQuery(limit) }

// Boot names this run of the program; attempts and records carry it.
func Boot(db *DB) string { return db.boot }

// FreeBytes is how much may still be written where the database lies.
func FreeBytes(db *DB) (uint64, error) { return db.free() }

// Record writes an audit record that stands for no change.
func Record(ctx context.Context, db *DB, by distribution.Actor, action, object, id string) error {
	return db.tx(ctx, func(tx *Tx) error {
		_, err := tx.audit(ctx, by, entry{action: action, object: object, id: id})
		return err
	})
}

// NewEnough is the floor of SQLite's version.
func NewEnough(version string) error { return newEnough(version) }

// IDAt is the identifier made at a moment.
func IDAt(at time.Time) string { return idAt(at) }

// Queries are statements whose plan a test looks at, by what they are for.
func Queries() map[string]string {
	return map[string]string{
		"answered twins":        answeredTwinsQuery,
		"recent to an account":  recentToQuery,
		"recent codes":          recentCodesQuery,
		"twin or reference":     twinOrReferenceQuery,
		"sent today":            sentTodayQuery,
		"open alarms":           openAlarmsQuery,
		"open decisions":        decisionsQuery(openDecisions),
		"decisions on one":      decisionsQuery(decisionsOn),
		"similar rows at Plexy": similarQuery,
		"next to be sent":       nextQueuedQuery,
		"doubts":                doubtsQuery,
		"awaiting me":           awaitingMeQuery,
		"open dip":              openDipQuery,
		"people":                membersQuery + "TRUE",
		"failed sign-ins":       failedSignInsQuery,
		"notes on one":          notesQuery,
		"how long a bank takes": clearingQuery,
		"forms left unfinished": formDraftsQuery,
		"balance days":          balanceDaysQuery,
		"paid today":            paidTodayQuery,
		"under way":             underWayQuery,
		"not paid":              notPaidQuery,
		"ended":                 endedQuery,
		"own work":              ownWorkQuery,
		"doubts in short":       doubtListQuery,
		"read since":            readSinceQuery,
		"known recipients":      knownQuery,
		"one recipient":         recipientRows + "r.bin = $1 AND r.iban = $2",
		"history of one":        recipientEventsQuery,
		"waiting":               waitingQuery,
		"vitals":                vitalsQuery,
	}
}

// SweepQueries are the statements of sweeps that must not read the whole mirror,
// with the index of each.
func SweepQueries() map[string]string {
	return map[string]string{
		olderControls: "INDEX distributions_by_plexy_time",
		newerByPlexy:  "INDEX distributions_by_plexy_time",
		newerOfOurs:   "INDEX attempts_by_start",
		mirroredAfter: "INDEX sqlite_autoindex_distributions_2",
	}
}

// LedgerQueries load the debits and the credits of a period.
func LedgerQueries() (debits, credits string) { return debitsQuery, creditsQuery }

// AuditQueryOf is the statement by which a filter's records are read, with its
// arguments.
func AuditQueryOf(ctx context.Context, db *DB, f AuditFilter) (query string, args []any, err error) {
	q, err := db.auditQuery(ctx, f)
	if err != nil {
		return "", nil, err
	}
	query, args = q.walkQuery(100)
	return query, args, nil
}

// AuditQueries are the other statements of the audit page, by what they are for.
func AuditQueries() map[string]string {
	return map[string]string{"whole": auditWhole, "period": auditPeriod, "lately": lately, "objects": auditObjects, "meant": auditMeant}
}

// Counted is the filter as the list uses it.
func Counted(ctx context.Context, db *DB, f Filter) (Filter, error) { return f.counted(ctx, db.read) }

// JudgeFileSystem judges a folder by the magic number of its file system.
func JudgeFileSystem(dir string, magic uint32) (warning string, err error) {
	return judgeFileSystem(dir, magic)
}

// ArrivedQuery is the statement that counts what came after a row, with its
// arguments.
func ArrivedQuery(f Filter, since string) (query string, args []any) {
	return f.arrivedQuery(since, 100)
}

// TotalsQuery is the statement that sums a list up, with its arguments.
func TotalsQuery(f Filter) (query string, args []any) { return f.totalsQuery() }

// TiesQuery is the statement that looks for what belongs to these rows, with its
// arguments.
func TiesQuery(ids ...string) (query string, args []any) { return tiesQuery(ids, ids) }

// Remembered is the moment up to which the ledger is remembered; zero: it is not.
func Remembered(db *DB) time.Time { return db.ledger.cut }
