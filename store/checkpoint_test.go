package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// notary is a key with its public half.
type notary struct {
	*audit.Signer
	public audit.Keys
}

func newNotary(t testing.TB) notary {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test-audit.key")
	signer, err := audit.OpenKey(file, "plexydash/test")
	require.NoError(t, err)
	public, err := audit.ReadKeys(audit.PublicFile(file))
	require.NoError(t, err)
	return notary{signer, public}
}

// signedLog is a database at path with nine records, signed by the notary,
// whose invariants nobody checks afterwards. The same history twice is not the
// same log: identifiers differ.
func signedLog(t testing.TB, path string, by notary) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: path, Signer: by.Signer})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	maker := storetest.User(t, db, distribution.Accountant)
	for range 4 {
		storetest.Queued(t, db, maker)
	}
	state, err := db.CheckpointState(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 9, state.AuditSize)
	return db
}

// checkpointAt is what a witness was given when the log had size records.
func checkpointAt(t testing.TB, db *store.DB, size int64) []byte {
	t.Helper()
	texts := column(t, db, "SELECT CAST(note AS TEXT) FROM checkpoints WHERE size = $1", size)
	require.Len(t, texts, 1)
	return []byte(texts[0])
}

func TestEveryChangeOfTheLogIsSigned(t *testing.T) {
	by := newNotary(t)
	db := signedLog(t, filepath.Join(t.TempDir(), "test.db"), by)
	assert.Len(t, column(t, db, "SELECT size FROM checkpoints"), 9)
	v, err := audit.NewVerification(by.public)
	require.NoError(t, err)
	require.NoError(t, db.VerifyAudit(t.Context(), v))
	assert.Equal(t, 9, v.Checkpoints)
	assert.Equal(t, audit.Checkpoint{Origin: by.public[0].Name(), Size: 9, Root: v.Root()}, v.Newest)

	state, err := db.CheckpointState(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 9, state.Size)
	assert.WithinDuration(t, db.Now(), state.At, 10e9)
}

// A transaction with several records is signed once, for all of them.
func TestTransactionIsSignedOnce(t *testing.T) {
	path, by := filepath.Join(t.TempDir(), "test.db"), newNotary(t)
	db := signedLog(t, path, by)
	storetest.Claim(t, db)
	storetest.Claim(t, db)
	require.NoError(t, db.Close())
	db, err := store.Open(t.Context(), store.Options{Path: path, Signer: by.Signer})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	n, err := db.Recover(t.Context(), sender())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	assert.Equal(t, []string{"13", "11"}, column(t, db, "SELECT size FROM checkpoints ORDER BY size DESC LIMIT 2"))
	assert.Empty(t, verify(t, db, by.public))
}

// A log that was begun without a key is signed when it gets one.
func TestOlderLogIsSignedAtTheFirstOpening(t *testing.T) {
	path, by := filepath.Join(t.TempDir(), "test.db"), newNotary(t)
	db := storetest.Open(t, path, nil)
	storetest.User(t, db, distribution.Accountant)
	state, err := db.CheckpointState(t.Context())
	require.NoError(t, err)
	require.Equal(t, store.CheckpointState{AuditSize: 1}, state)
	require.NoError(t, db.Close())

	db, err = store.Open(t.Context(), store.Options{Path: path, Signer: by.Signer})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	assert.Empty(t, verify(t, db, by.public))
}

const dropGuards = "PRAGMA foreign_keys = 0; DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_no_gap; " +
	"DROP TRIGGER audit_hashes_no_delete; DROP TRIGGER audit_hashes_no_update; " +
	"DROP TRIGGER checkpoints_no_update; DROP TRIGGER checkpoints_no_delete; "

// An attacker with write access to the file drops the triggers first. What the
// file and the public key cannot show, a checkpoint that was kept elsewhere does.
func TestAttacksOnTheLog(t *testing.T) {
	const cutTail = "DELETE FROM audit WHERE seq > 7; DELETE FROM audit_hashes WHERE ix >= 15; "
	for _, row := range []struct{ attack, statements, unsigned, signed, witnessed string }{
		{"none", "", "", "", ""},
		{"edit one amount", `UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), '15000000', '95000000') AS BLOB)
			WHERE seq = (SELECT max(seq) FROM audit WHERE CAST(record AS TEXT) LIKE '%15000000%')`, "ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH"},
		{"change one byte of white space", "UPDATE audit SET record = CAST(record || ' ' AS BLOB) WHERE seq = 3", "ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH"},
		{
			"swap two records", "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -1",
			"ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH",
		},
		{"delete one", "DELETE FROM audit WHERE seq = 3", "GAP", "GAP", "GAP"},
		{"delete the first", "DELETE FROM audit WHERE seq = 0", "GAP", "GAP", "GAP"},
		{"delete one and cut the hashes to fit", "DELETE FROM audit WHERE seq = 3; DELETE FROM audit_hashes WHERE ix >= 15", "GAP", "GAP", "GAP"},
		{"delete one and renumber", "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3", "ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH"},
		{"number one below the first", "INSERT INTO audit SELECT -1, record FROM audit WHERE seq = 0", "GAP", "GAP", "GAP"},
		{"cut the tail", "DELETE FROM audit WHERE seq > 7", "TRUNCATED", "TRUNCATED", "TRUNCATED"},
		{"cut the tail of the log and of its tree", cutTail, "", "TRUNCATED", "TRUNCATED"},
		{"cut the tail and the newest checkpoint", cutTail + "DELETE FROM checkpoints WHERE size > 8", "", "", "TRUNCATED"},
		{"cut everything", "DELETE FROM audit; DELETE FROM audit_hashes; DELETE FROM checkpoints", "", "", "TRUNCATED"},
		{"append without the tree", "INSERT INTO audit SELECT max(seq) + 1, record FROM audit", "ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH"},
		{"change a hash of the tree", "UPDATE audit_hashes SET hash = zeroblob(32) WHERE ix = 14", "ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH"},
		{"delete a hash of the tree", "DELETE FROM audit_hashes WHERE ix = 3", "ROOT MISMATCH", "ROOT MISMATCH", "ROOT MISMATCH"},
		{"change a checkpoint", "UPDATE checkpoints SET note = CAST(replace(CAST(note AS TEXT), char(10) || '5' || char(10), char(10) || '6' || char(10)) AS BLOB)", "", "BAD SIGNATURE", "BAD SIGNATURE"},
		{"move a checkpoint", "DELETE FROM checkpoints WHERE size = 9; UPDATE checkpoints SET size = 9 WHERE size = 8", "", "BAD SIGNATURE", "BAD SIGNATURE"},
		{"delete the newest checkpoint", "DELETE FROM checkpoints WHERE size = 9", "", "UNSIGNED", "UNSIGNED"},
		{"delete all checkpoints", "DELETE FROM checkpoints", "", "UNSIGNED", "UNSIGNED"},
	} {
		t.Run(row.attack, func(t *testing.T) {
			by := newNotary(t)
			db := signedLog(t, filepath.Join(t.TempDir(), "test.db"), by)
			witness := checkpointAt(t, db, 9)
			_, err := store.WritePool(db).ExecContext(t.Context(), dropGuards+row.statements)
			require.NoError(t, err)
			assert.Equal(t, row.unsigned, verify(t, db, nil), "the file alone")
			assert.Equal(t, row.signed, verify(t, db, by.public), "with the public key")
			assert.Equal(t, row.witnessed, verify(t, db, by.public, witness), "with a checkpoint kept elsewhere")
		})
	}
}

// Whoever rewrites the whole log makes hashes and checkpoints that fit.
func TestRewrittenLog(t *testing.T) {
	ours, theirs := newNotary(t), newNotary(t)
	path := filepath.Join(t.TempDir(), "test.db")
	honest := signedLog(t, path, ours)
	newest, old := checkpointAt(t, honest, 9), checkpointAt(t, honest, 4)

	rewritten := signedLog(t, filepath.Join(t.TempDir(), "test.db"), theirs)
	forged := checkpointAt(t, rewritten, 9)
	assert.Equal(t, "BAD SIGNATURE", verify(t, rewritten, ours.public), "by a key of their own")

	_, err := store.WritePool(rewritten).ExecContext(t.Context(), dropGuards+"ATTACH $1 AS honest; "+
		"DELETE FROM main.checkpoints; INSERT INTO main.checkpoints SELECT * FROM honest.checkpoints; DETACH honest", path)
	require.NoError(t, err)
	assert.Equal(t, "ROOT MISMATCH", verify(t, rewritten, ours.public), "under the checkpoints of the honest one")

	stolen := signedLog(t, filepath.Join(t.TempDir(), "test.db"), ours)
	assert.Empty(t, verify(t, stolen, ours.public), "by the stolen key: not seen without a witness")
	assert.Equal(t, "SPLIT VIEW", verify(t, stolen, ours.public, newest))
	assert.Equal(t, "SPLIT VIEW", verify(t, stolen, ours.public, old))
	assert.Equal(t, "BAD SIGNATURE", verify(t, honest, ours.public, forged), "a witness that is none")

	storetest.Queued(t, honest, storetest.User(t, honest, distribution.Accountant))
	assert.Empty(t, verify(t, honest, ours.public, old, newest), "the log grew since")
}

// A forged record that fits the tree is seen until the program signs over it.
func TestForgedRecordAfterTheNewestCheckpoint(t *testing.T) {
	path, by := filepath.Join(t.TempDir(), "test.db"), newNotary(t)
	require.NoError(t, signedLog(t, path, by).Close())
	forging, err := store.Open(t.Context(), store.Options{Path: path}) // knows how, has no key
	require.NoError(t, err)
	defer func() { require.NoError(t, forging.Close()) }()
	require.NoError(t, store.Record(t.Context(), forging, distribution.CLI("root"), "distribution.approved", "distribution", "d1"))
	assert.Equal(t, "UNSIGNED", verify(t, forging, by.public))
	for _, i := range invariants(t, forging) {
		assert.Equal(t, i.Code == "I12", i.Breaches > 0, i.Code)
	}
}

func invariants(t *testing.T, db *store.DB) []store.Invariant {
	t.Helper()
	all, err := db.Invariants(t.Context())
	require.NoError(t, err)
	return all
}

// A key that was taken away is followed by the next; what the older one signed
// can still be verified.
func TestNextKey(t *testing.T) {
	path, file := filepath.Join(t.TempDir(), "test.db"), filepath.Join(t.TempDir(), "test-audit.key")
	for range 2 {
		signer, err := audit.OpenKey(file, "plexydash/test")
		require.NoError(t, err)
		db, err := store.Open(t.Context(), store.Options{Path: path, Signer: signer})
		require.NoError(t, err)
		storetest.User(t, db, distribution.Accountant)
		require.NoError(t, db.Close())
		require.NoError(t, os.Remove(file))
	}
	keys, err := audit.ReadKeys(audit.PublicFile(file))
	require.NoError(t, err)
	require.Len(t, keys, 2)
	assert.Equal(t, strings.TrimSuffix(keys[0].Name(), "1")+"2", keys[1].Name())
	db, err := store.Open(t.Context(), store.Options{Path: path})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	assert.Empty(t, verify(t, db, keys))
	assert.Equal(t, "BAD SIGNATURE", verify(t, db, keys[:1]), "an auditor who was not told of the new key")
}

// What a checkpoint costs in each change: compare the two.
func BenchmarkChange(b *testing.B) {
	for name, signer := range map[string]*audit.Signer{"unsigned": nil, "signed": storetest.Signer(b)} {
		b.Run(name, func(b *testing.B) {
			db, err := store.Open(b.Context(), store.Options{Path: filepath.Join(b.TempDir(), "test.db"), Signer: signer})
			require.NoError(b, err)
			defer func() { require.NoError(b, db.Close()) }()
			maker := storetest.User(b, db, distribution.Accountant)
			for b.Loop() {
				storetest.Draft(b, db, maker)
			}
		})
	}
}
