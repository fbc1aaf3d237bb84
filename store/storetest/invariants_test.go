package storetest

import (
	"database/sql"
	"maps"
	"path/filepath"
	"slices"
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
		broken     []string
	}{
		"one reference for two of ours": {
			"UPDATE distributions SET order_reference = 'same' WHERE status IN ('draft', 'queued')", []string{"I1"},
		},
		"two open attempts of one": {
			`INSERT INTO attempts (id, distribution_id, n, boot, started_at, request_hash)
				SELECT 'x', distribution_id, 9, '', 0, request_hash FROM attempts WHERE outcome IS NULL`, []string{"I2"},
		},
		"sending without an open attempt": {
			"UPDATE attempts SET outcome = 'unknown' WHERE outcome IS NULL", []string{"I3"},
		},
		"an open attempt of one that is not sending": {
			"UPDATE attempts SET outcome = NULL WHERE outcome = 'ok'", []string{"I3"},
		},
		"refused at the second attempt": {
			"UPDATE distributions SET status = 'refused', attempts = 2 WHERE status = 'draft'", []string{"I5", "I8"},
		},
		"one id at Plexy for two rows": {
			"UPDATE distributions SET plexy_id = 'P-1'", []string{"I6"},
		},
		"accepted without an id": {
			"UPDATE distributions SET plexy_id = NULL", []string{"I6"},
		},
		"accepted without an attempt": {
			"DELETE FROM attempts WHERE outcome = 'ok'", []string{"I6"},
		},
		"accepted without an answer": {
			"UPDATE attempts SET answer_id = NULL; UPDATE distribution_events SET answer_id = NULL", []string{"I6"},
		},
		"approved by its maker": {
			"UPDATE distributions SET approved_by = json_array(json_object('ID', created_by)) WHERE status = 'queued'", []string{"I7"},
		},
		"a decision confirmed by the maker": {
			decision("'p'", "created_by"), []string{"I7"},
		},
		"a decision confirmed by its proposer": {
			decision("'p'", "'p'"), []string{"I7"},
		},
		"sent was something else than approved": {
			"UPDATE distributions SET submitted_hash = x'00' WHERE status = 'accepted'", []string{"I7"},
		},
		"two events with one record": {
			"UPDATE distribution_events SET audit_seq = 3", []string{"I8"},
		},
		"a state that no event led to": {
			"UPDATE distributions SET status = 'cancelled' WHERE status = 'draft'", []string{"I8"},
		},
		"an event that begins elsewhere than the last one ended": {
			"UPDATE distribution_events SET from_status = 'declined' WHERE kind = 'cancelled'", []string{"I8"},
		},
		"a version without an event": {
			"UPDATE distributions SET version = version + 1", []string{"I8"},
		},
		"a record without its event": {
			"DELETE FROM distribution_events WHERE kind = 'created' AND distribution_id = (SELECT id FROM distributions WHERE status = 'draft')",
			[]string{"I8"},
		},
		"a step that no arrow allows": {
			`UPDATE distribution_events SET to_status = 'refused' WHERE to_status = 'cancelled';
				UPDATE distributions SET status = 'refused', attempts = 1 WHERE status = 'cancelled'`, []string{"I9"},
		},
		"a changed record": {
			"UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), '15000000', '95000000') AS BLOB)", []string{"I12"},
		},
		"a record less": {
			"DELETE FROM audit WHERE seq = 0", []string{"I12"},
		},
		"a checkpoint of another size": {
			"UPDATE checkpoints SET size = 90 WHERE size = (SELECT max(size) FROM checkpoints)", []string{"I12"},
		},
		"a record that is not signed": {
			"DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)", []string{"I12"},
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
				`DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;
				DROP TRIGGER checkpoints_no_update; DROP TRIGGER checkpoints_no_delete;
				DROP INDEX distributions_reference; DROP INDEX attempts_open; DROP INDEX distribution_events_by_record`,
				// UNIQUE within the table has no name to drop.
				"CREATE TABLE copied AS SELECT * FROM distributions; DROP TABLE distributions; ALTER TABLE copied RENAME TO distributions",
				row.statements,
			} {
				_, err := db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
			assert.ElementsMatch(t, row.broken, slices.Collect(maps.Keys(breaches(t, path))))
		})
	}
}

// decision is a confirmed one about the draft.
func decision(proposer, confirmer string) string {
	return `INSERT INTO decisions (id, kind, subject, distribution_id, reason, status, proposed_by, proposed_by_name, proposed_role, proposed_at, settled_by, settled_at)
		SELECT 'x', 'override', id, id, 'r', 'confirmed', ` + proposer + `, '', 'accountant', 1, ` + confirmer + `, 2 FROM distributions WHERE status = 'draft'`
}

// I11 is for people to read.
func TestAlarmsAreListedAndStopNothing(t *testing.T) {
	db := New(t)
	d := Accepted(t, db, User(t, db, distribution.Accountant), "P-1")
	_, err := db.ApplyRemote(t.Context(), distribution.System("syncer"), store.Seen{
		Remotes: []distribution.Remote{Remote(&d, "P-2", "created")}, Answer: Answer("list", db.Now()),
	}, nil)
	require.NoError(t, err)
	results, err := db.Invariants(t.Context())
	require.NoError(t, err)
	var codes []string
	for _, i := range results {
		codes = append(codes, i.Code)
		assert.Equal(t, i.Code != "I11", i.Stops, i.Code)
		if i.Code == "I11" {
			assert.Equal(t, store.Invariant{Code: "I11", Breaches: 1, Examples: []string{d.ID}}, i)
		}
	}
	assert.Equal(t, store.InvariantCodes(), codes)
}

// fill makes one distribution of each kind that the invariants speak of, in a
// signed log.
func fill(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: path, Signer: Signer(t)})
	require.NoError(t, err)
	by := User(t, db, distribution.Accountant)
	Accepted(t, db, by, "P-1")
	Sending(t, db, by)
	Queued(t, db, by)
	Draft(t, db, by)
	_, err = db.Change(t.Context(), by, Draft(t, db, by).ID, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Cancel(by, "")
	})
	require.NoError(t, err)
	require.NoError(t, db.Close())
}
