package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/audit"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestLogsTakeNothingBack(t *testing.T) {
	w := newWorld(t)
	storetest.Accepted(t, w.DB, w.maker, "P-1")
	for _, row := range []struct{ statement, why string }{
		{"UPDATE audit SET record = x'7b7d' WHERE seq = 1", "audit is append-only"},
		{"DELETE FROM audit WHERE seq = 1", "audit is append-only"},
		{"DELETE FROM audit", "audit is append-only"},
		{"INSERT OR REPLACE INTO audit (seq, record) VALUES (1, x'7b7d')", "audit has no gaps"},
		{"REPLACE INTO audit SELECT seq, x'7b7d' FROM audit", "audit has no gaps"},
		{"INSERT INTO audit (seq, record) SELECT max(seq) + 2, x'7b7d' FROM audit", "audit has no gaps"},
		{"INSERT INTO audit (seq, record) VALUES (-1, x'7b7d')", "audit has no gaps"},
		{"INSERT INTO audit (seq, record) VALUES (1, x'7b7d') ON CONFLICT (seq) DO UPDATE SET record = x'00'", "audit has no gaps"},

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
	require.NoError(t, w.RecordRefused(t.Context(), by, store.Refused{Action: "distribution.approval_refused", Object: "distribution", ID: "d1", Reason: "own"}))
	size := len(auditRecords(t, w.DB))
	assert.Equal(t, audit.Record{
		Version: 1, Seq: int64(size - 1), At: w.Now(), Boot: store.Boot(w.DB),
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
		require.Empty(t, verify(t, w.DB, nil))
	})
	require.Greater(t, len(auditRecords(t, w.DB)), 64, "a tree of many levels")
}

// verify does what an auditor does with the file and, if there are any, with
// the public keys and checkpoints that were kept elsewhere. Empty: nothing is
// wrong.
func verify(t *testing.T, db *store.DB, keys audit.Keys, witnesses ...[]byte) string {
	t.Helper()
	v, err := audit.NewVerification(keys, witnesses...)
	if err == nil {
		err = db.VerifyAudit(t.Context(), v)
	}
	if err == nil {
		return ""
	}
	var found *audit.Finding
	require.ErrorAs(t, err, &found)
	return string(found.Kind)
}
