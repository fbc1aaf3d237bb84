package storetest

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

// A check that never speaks proves nothing: each invariant is broken once, past
// all the rules of the database.
func TestBrokenInvariantsAreNamed(t *testing.T) {
	for name, row := range map[string]struct {
		statements string
		more       []string // that break with it
	}{
		"one reference for one of ours": {
			"UPDATE distributions SET order_reference = 'same' WHERE status IN ('draft', 'queued')", nil,
		},
		"at most one open attempt of a distribution": {
			"INSERT INTO attempts (id, distribution_id, n, boot, started_at, request_hash) SELECT 'x', distribution_id, 9, '', 0, x'' FROM attempts WHERE outcome IS NULL", nil,
		},
		"sending means an open attempt, and the reverse": {
			"UPDATE attempts SET outcome = 'unknown' WHERE outcome IS NULL", nil,
		},
		"refused at the first attempt only": {
			"UPDATE distributions SET status = 'refused', attempts = 2 WHERE status = 'draft'", []string{"the last event leads to the state of the row"},
		},
		"one row for one id at Plexy": {
			"UPDATE distributions SET plexy_id = 'P-1'", nil,
		},
		"what Plexy accepted from us has its id and was tried": {
			"UPDATE distributions SET plexy_id = NULL", nil,
		},
		"nobody approves their own": {
			"UPDATE distributions SET approved_by = json_array(json_object('ID', created_by)) WHERE status = 'queued'", nil,
		},
		"every event has an audit record of its own": {
			"UPDATE distribution_events SET audit_seq = 3", nil,
		},
		"the last event leads to the state of the row": {
			"UPDATE distributions SET status = 'cancelled' WHERE status = 'draft'", nil,
		},
		"each event begins where the one before it ended": {
			"UPDATE distribution_events SET from_status = 'paid' WHERE kind = 'submitted'", nil,
		},
		"a row has one event for each of its versions": {
			"UPDATE distributions SET version = version + 1", nil,
		},
		"the tree follows from the records": {
			"UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), '15000000', '95000000') AS BLOB)", nil,
		},
		"as many events as records of changed distributions": {
			"DELETE FROM distribution_events WHERE kind = 'created'",
			[]string{"each event begins where the one before it ended", "a row has one event for each of its versions"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			fill(t, path)
			require.Empty(t, breaches(t, path))
			db, err := sql.Open("sqlite", "file:"+path+"?_pragma=ignore_check_constraints(1)")
			require.NoError(t, err)
			defer func() { require.NoError(t, db.Close()) }()
			for _, statement := range []string{
				`DROP TRIGGER audit_no_update; DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;
				DROP INDEX distributions_reference; DROP INDEX attempts_open`,
				// UNIQUE within the table has no name to drop.
				"CREATE TABLE copied AS SELECT * FROM distributions; DROP TABLE distributions; ALTER TABLE copied RENAME TO distributions",
				row.statements,
			} {
				_, err := db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
			assert.ElementsMatch(t, append(row.more, name), breaches(t, path))
		})
	}
}

// fill makes one distribution of each kind that the invariants speak of.
func fill(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: path})
	require.NoError(t, err)
	by := User(t, db, distribution.Accountant)
	Accepted(t, db, by, "P-1")
	Sending(t, db, by)
	Queued(t, db, by)
	Draft(t, db, by)
	require.NoError(t, db.Close())
}
