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
	file, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_query_only=1&_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	require.NoError(t, file.QueryRowContext(context.Background(), "SELECT count(*) FROM distribution_events").Scan(&events))
	return moved, events
}
