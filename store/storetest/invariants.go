package storetest

import (
	"context"
	"database/sql"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
)

// CheckInvariants reads the database file on a connection of its own and proves
// what must hold whatever happened: nothing is paid twice by us, nothing moved
// without a trace, and the log's tree follows from its records.
func CheckInvariants(t testing.TB, path string) {
	t.Helper()
	assert.Empty(t, breaches(t, path), "broken invariants")
}

// breaches names the invariants that do not hold.
func breaches(t testing.TB, path string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_query_only=1&_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	var found []string
	for name, query := range broken() {
		var rows int
		require.NoError(t, db.QueryRowContext(context.Background(), "SELECT count(*) FROM ("+query+")").Scan(&rows), name)
		if rows > 0 {
			found = append(found, name)
		}
	}
	return append(found, breachesOfTheLog(t, db)...)
}

// broken lists queries by the rule of which they find the breaches.
func broken() map[string]string {
	return map[string]string{
		"one reference for one of ours": `SELECT order_reference FROM distributions WHERE origin = 'dashboard'
			GROUP BY order_reference HAVING count(*) > 1`,
		"at most one open attempt of a distribution": `SELECT distribution_id FROM attempts WHERE outcome IS NULL
			GROUP BY distribution_id HAVING count(*) > 1`,
		"sending means an open attempt, and the reverse": `SELECT id FROM distributions d WHERE (status = 'sending') <>
			EXISTS (SELECT 1 FROM attempts a WHERE a.distribution_id = d.id AND a.outcome IS NULL)`,
		"refused at the first attempt only": `SELECT id FROM distributions WHERE status = 'refused' AND attempts <> 1`,
		"one row for one id at Plexy": `SELECT plexy_id FROM distributions WHERE plexy_id IS NOT NULL
			GROUP BY plexy_id HAVING count(*) > 1`,
		"what Plexy accepted from us has its id and was tried": `SELECT id FROM distributions WHERE origin = 'dashboard'
			AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned')
			AND (plexy_id IS NULL OR NOT EXISTS (SELECT 1 FROM attempts a WHERE a.distribution_id = distributions.id))`,
		"nobody approves their own": `SELECT d.id FROM distributions d, json_each(d.approved_by) a
			WHERE json_extract(a.value, '$.ID') = d.created_by`,
		"every event has an audit record of its own": `SELECT audit_seq FROM distribution_events GROUP BY audit_seq HAVING count(*) > 1`,
		"the last event leads to the state of the row": `SELECT d.id FROM distributions d WHERE d.status <>
			(SELECT to_status FROM distribution_events e WHERE e.distribution_id = d.id ORDER BY e.id DESC LIMIT 1)`,
		"each event begins where the one before it ended": `SELECT id FROM (SELECT id, from_status,
			lag(to_status, 1, '') OVER (PARTITION BY distribution_id ORDER BY id) AS before FROM distribution_events)
			WHERE from_status <> before`,
		"a row has one event for each of its versions": `SELECT id FROM distributions d WHERE version <>
			(SELECT count(*) FROM distribution_events e WHERE e.distribution_id = d.id)`,
	}
}

// breachesOfTheLog recomputes the tree from the records, and holds the events
// of distributions against their records.
func breachesOfTheLog(t testing.TB, db *sql.DB) (found []string) {
	t.Helper()
	hashes := blobs(t, db, "SELECT hash FROM audit_hashes ORDER BY ix")
	tree, moved := audit.NewRecomputation(), 0
	for _, b := range blobs(t, db, "SELECT record FROM audit ORDER BY seq") {
		require.NoError(t, tree.Add(b))
		r, err := audit.Decode(b)
		require.NoError(t, err)
		if r.Object == "distribution" && r.Action != "distribution.look_asked" && r.Result == audit.Done {
			moved++
		}
	}
	size, root, err := tree.Root()
	require.NoError(t, err)
	stored, err := audit.Root(size, func(indexes []int64) ([]audit.Hash, error) {
		out := make([]audit.Hash, len(indexes))
		for i, ix := range indexes {
			out[i] = audit.Hash(hashes[ix])
		}
		return out, nil
	})
	require.NoError(t, err)
	if root != stored {
		found = append(found, "the tree follows from the records")
	}
	var events int
	require.NoError(t, db.QueryRowContext(context.Background(), "SELECT count(*) FROM distribution_events").Scan(&events))
	if events != moved {
		found = append(found, "as many events as records of changed distributions")
	}
	return found
}

func blobs(t testing.TB, db *sql.DB, query string) [][]byte {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var all [][]byte
	for rows.Next() {
		var b []byte
		require.NoError(t, rows.Scan(&b))
		all = append(all, b)
	}
	require.NoError(t, rows.Err())
	return all
}
