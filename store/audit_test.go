package store_test

import (
	"encoding/hex"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestLogsTakeNothingBack(t *testing.T) {
	w := newWorld(t)
	storetest.Accepted(t, w.DB, w.maker, "P-1")
	for _, row := range []struct{ statement, why string }{
		{"UPDATE audit SET record = x'00' WHERE seq = 1", "audit is append-only"},
		{"DELETE FROM audit WHERE seq = 1", "audit is append-only"},
		{"DELETE FROM audit", "audit is append-only"},
		{"INSERT OR REPLACE INTO audit (seq, record) VALUES (1, x'00')", "audit has no gaps"},
		{"REPLACE INTO audit SELECT seq, x'00' FROM audit", "audit has no gaps"},
		{"INSERT INTO audit (seq, record) SELECT max(seq) + 2, x'00' FROM audit", "audit has no gaps"},
		{"INSERT INTO audit (seq, record) VALUES (-1, x'00')", "audit has no gaps"},
		{"INSERT INTO audit (seq, record) VALUES (1, x'00') ON CONFLICT (seq) DO UPDATE SET record = x'00'", "audit has no gaps"},

		{"UPDATE audit_hashes SET hash = zeroblob(32) WHERE ix = 1", "audit is append-only"},
		{"DELETE FROM audit_hashes WHERE ix = 1", "audit is append-only"},
		{"INSERT OR REPLACE INTO audit_hashes (ix, hash) VALUES (1, zeroblob(32))", "audit is append-only"},

		{"UPDATE distribution_events SET reason = 'x'", "history is append-only"},
		{"DELETE FROM distribution_events", "history is append-only"},
		{"INSERT OR REPLACE INTO distribution_events SELECT * FROM distribution_events", "history is append-only"},

		{"UPDATE raw_answers SET body = x'00'", "answers are append-only"},
		{"DELETE FROM raw_answers", "answers are append-only"},
		{"INSERT OR REPLACE INTO raw_answers SELECT * FROM raw_answers", "answers are append-only"},
	} {
		before := w.dump(t)
		_, err := store.WritePool(w.DB).ExecContext(t.Context(), row.statement)
		require.ErrorContains(t, err, row.why, row.statement)
		require.Equal(t, before, w.dump(t), row.statement)
	}
}

func TestRecordTellsWhoAndWhatAndWhen(t *testing.T) {
	w := newWorld(t)
	by := w.maker
	by.Address, by.RequestID = "192.0.2.7", "req-1"
	require.NoError(t, w.Record(t.Context(), by, "distribution.approval_refused", "distribution", "d1", audit.Denied, "own"))
	size := len(auditRecords(t, w.DB))
	assert.Equal(t, audit.Record{
		Version: 1, Seq: int64(size - 1), At: w.Now(), Boot: w.Boot(),
		Actor: audit.Actor{
			ID: by.ID, Name: by.Name, Email: by.Email, Role: "accountant", Address: "192.0.2.7", RequestID: "req-1",
		},
		Action: "distribution.approval_refused", Object: "distribution", ObjectID: "d1", Reason: "own", Result: audit.Denied,
	}, lastRecord(t, w.DB))
}

// Whatever is done in whatever order, the stored tree is the tree of the
// records; storetest.CheckInvariants looks at it once more at the end.
func TestTreeFollowsFromTheRecords(t *testing.T) {
	w := newWorld(t)
	var drafts []string
	rapid.Check(t, func(r *rapid.T) {
		for _, what := range rapid.SliceOfN(rapid.IntRange(0, 4), 1, 5).Draw(r, "what") {
			switch {
			case what == 0 || len(drafts) == 0:
				drafts = append(drafts, storetest.Draft(t, w.DB, w.maker).ID)
			case what == 1:
				_, err := w.Submit(t.Context(), w.maker, rapid.SampledFrom(drafts).Draw(r, "id"))
				require.NoError(t, err)
			case what == 2:
				_, err := w.Claim(t.Context(), sender(), storetest.Wire)
				require.NoError(t, err)
			case what == 3:
				require.NoError(t, w.SyncFailed(t.Context(), syncer(), store.Unreachable))
			case what == 4:
				require.NoError(t, w.SyncSucceeded(t.Context(), syncer()))
			}
		}
		require.Empty(t, verify(t, w.DB))
	})
	require.Greater(t, len(auditRecords(t, w.DB)), 64, "a tree of many levels")
}

// verify does what an auditor does with the file alone; empty: nothing is wrong.
func verify(t *testing.T, db *store.DB) string {
	t.Helper()
	size, stored, err := db.AuditTree(t.Context())
	if err != nil {
		require.ErrorIs(t, err, store.ErrCut)
		return "cut"
	}
	tree := audit.NewRecomputation()
	require.NoError(t, db.AuditRecords(t.Context(), 1<<40, tree.Add))
	n, root, err := tree.Root()
	require.NoError(t, err)
	if n != size || root != stored {
		return "root mismatch"
	}
	return ""
}

// An attacker with write access to the file drops the triggers first. What the
// file alone cannot show needs a root that was kept elsewhere.
func TestAttacksOnTheLog(t *testing.T) {
	drop := "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_no_gap; " +
		"DROP TRIGGER audit_hashes_no_delete; DROP TRIGGER audit_hashes_no_update; "
	for _, row := range []struct{ attack, statements, verdict string }{
		{"none", "", ""},
		{"edit one amount", `UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), '15000000', '95000000') AS BLOB)
			WHERE seq = (SELECT max(seq) FROM audit WHERE CAST(record AS TEXT) LIKE '%15000000%')`, "root mismatch"},
		{"change one byte of white space", "UPDATE audit SET record = CAST(record || ' ' AS BLOB) WHERE seq = 3", "root mismatch"},
		{"swap two records", "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -1", "root mismatch"},
		{"delete one", "DELETE FROM audit WHERE seq = 3", "cut"},
		{"delete one and cut the hashes to fit", "DELETE FROM audit WHERE seq = 3; DELETE FROM audit_hashes WHERE ix >= 15", "cut"},
		{"delete one and renumber", "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3", "cut"},
		{"delete one, renumber, and cut the hashes to fit", `DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3;
			DELETE FROM audit_hashes WHERE ix >= 15`, "root mismatch"},
		{"cut the tail", "DELETE FROM audit WHERE seq > 7", "cut"},
		{"append without the tree", "INSERT INTO audit SELECT max(seq) + 1, record FROM audit", "cut"},
		{"change a hash of the tree", "UPDATE audit_hashes SET hash = zeroblob(32) WHERE ix = 14", "root mismatch"},
		{"cut the tail of the log and of its tree", "DELETE FROM audit WHERE seq > 7; DELETE FROM audit_hashes WHERE ix >= 15", ""},
	} {
		t.Run(row.attack, func(t *testing.T) {
			db := attacked(t)
			_, err := store.WritePool(db).ExecContext(t.Context(), "PRAGMA foreign_keys = 0; "+drop+row.statements)
			require.NoError(t, err)
			assert.Equal(t, row.verdict, verify(t, db))
		})
	}
}

// attacked is a database with nine records, whose invariants nobody checks
// afterwards.
func attacked(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "test.db")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	by := storetest.User(t, db, distribution.Accountant)
	for range 4 {
		storetest.Queued(t, db, by)
	}
	size, root, err := db.AuditTree(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 9, size, "%s", hex.EncodeToString(root[:]))
	return db
}
