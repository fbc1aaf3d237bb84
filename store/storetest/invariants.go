package storetest

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/store"
)

// CheckInvariants reads the database file once more and proves what must hold
// whatever happened: store.Invariants, and what would take too long there, that
// the log's tree follows from its records and that each change has one.
func CheckInvariants(t testing.TB, path string) {
	t.Helper()
	assert.Empty(t, breaches(t, path), "broken invariants, see store.InvariantCodes")
	assert.True(t, daysAdd(t, path), "distribution_days is not what the rows add up to")
}

// breaches names what does not hold, with examples.
func breaches(t testing.TB, path string) map[string][]string {
	t.Helper()
	db, err := store.OpenReader(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	results, err := db.Invariants(context.Background())
	require.NoError(t, err)
	found := map[string][]string{}
	for _, i := range results {
		if i.Stops && i.Breaches > 0 {
			found[i.Code] = i.Examples
		}
	}
	if broken := brokenLog(t, db); broken != nil {
		found["I12"] = append(found["I12"], broken.Error())
	}
	if moved, events := changes(t, db, path); moved != events {
		found["I8"] = append(found["I8"], "events and records of changed distributions differ in number")
	}
	return found
}

// brokenLog recomputes the tree. Who signed is not asked: most tests have no
// key.
func brokenLog(t testing.TB, db *store.DB) *audit.Finding {
	t.Helper()
	v, err := audit.NewVerification(nil)
	require.NoError(t, err)
	err = db.VerifyAudit(context.Background(), v)
	var broken *audit.Finding
	if errors.As(err, &broken) {
		return broken
	}
	require.NoError(t, err)
	return nil
}

// movesNothing reports that the action is about a distribution and leaves its
// row as it is.
func movesNothing(action string) bool {
	return action == "distribution.look_asked" || action == "distribution.annotated"
}

// changes counts the records of changed distributions, and the events.
func changes(t testing.TB, db *store.DB, path string) (moved, events int) {
	t.Helper()
	for r, err := range db.AuditRegister(context.Background(), store.AuditFilter{}, new([]byte)) {
		require.NoError(t, err)
		if r.Object == "distribution" && !movesNothing(r.Action) && r.Result == audit.Done {
			moved++
		}
	}
	one(t, path, "SELECT count(*) FROM distribution_events", &events)
	return moved, events
}

// one reads a single figure past the store.
func one(t testing.TB, path, query string, figure any) {
	t.Helper()
	file, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_query_only=1&_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.NoError(t, file.QueryRowContext(context.Background(), query).Scan(figure))
}

// daysAdd reports that the sums that are kept by day are those of the rows.
func daysAdd(t testing.TB, path string) (same bool) {
	t.Helper()
	const (
		kept    = "SELECT author, status, day, count, sum FROM distribution_days WHERE count > 0 OR sum <> 0"
		counted = `SELECT created_by_email, status, date(created_at / 1000000 + 18000, 'unixepoch') AS made, count(*), sum(amount)
			FROM distributions WHERE linked_to IS NULL GROUP BY created_by_email, status, made`
	)
	one(t, path, "SELECT NOT EXISTS ("+kept+" EXCEPT "+counted+") AND NOT EXISTS ("+counted+" EXCEPT "+kept+")", &same)
	return same
}
