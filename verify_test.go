package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// auditVerify runs the command on the live database of a folder.
func auditVerify(t *testing.T, data string, args ...string) (printed string, err error) {
	t.Helper()
	var out bytes.Buffer
	err = run(t.Context(), append([]string{"audit", "verify", "--data=" + data}, args...), nothing, &out)
	return out.String(), err
}

func addSomebody(t *testing.T, data, email string) {
	t.Helper()
	_, err := userCommandLine(t, data, "fifteen chars..\n", "add", "--email="+email, "--name=A", "--role=auditor")
	require.NoError(t, err)
}

// attack changes the live database past its rules.
func attack(t *testing.T, data, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "live.db"))
	require.NoError(t, err)
	_, err = db.ExecContext(context.Background(), "DROP TRIGGER audit_no_delete; DROP TRIGGER audit_hashes_no_delete; DROP TRIGGER checkpoints_no_delete; "+statements)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestAuditVerify(t *testing.T) {
	data, elsewhere := t.TempDir(), t.TempDir()
	pub, old, newest := filepath.Join(elsewhere, "key.pub"), filepath.Join(elsewhere, "old"), filepath.Join(elsewhere, "newest")

	_, err := auditVerify(t, data)
	require.ErrorContains(t, err, "PLEXYDASH_DATA")

	addSomebody(t, data, "a@example.kz")
	printed, err := auditVerify(t, data, "--keep="+old)
	require.NoError(t, err)
	require.Regexp(t, `^audit log: 1 records, root \S+, no gap\ncheckpoints: 1, the newest at 1 records, signed by plexydash/live/[0-9a-f]{16}/1\n$`, printed)

	addSomebody(t, data, "b@example.kz")
	addSomebody(t, data, "c@example.kz")
	_, err = auditVerify(t, data, "--keep="+newest)
	require.NoError(t, err)
	key, err := os.ReadFile(filepath.Join(data, "live-audit.pub"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(pub, key, 0o600))
	_, err = auditVerify(t, data, "--pub="+pub, "--witness="+old, "--witness="+newest)
	require.NoError(t, err)

	// What the file alone does not show any more, a checkpoint kept elsewhere does.
	attack(t, data, "DELETE FROM audit WHERE seq = 2; DELETE FROM audit_hashes WHERE ix >= 3; DELETE FROM checkpoints WHERE size = 3")
	printed, err = auditVerify(t, data, "--pub="+pub, "--witness="+old)
	require.NoError(t, err)
	require.Contains(t, printed, "audit log: 2 records")
	printed, err = auditVerify(t, data, "--pub="+pub, "--witness="+newest)
	require.EqualError(t, err, "audit log: TRUNCATED: 2 records are left of the 3 in the checkpoint kept elsewhere; the newest good checkpoint before that is of 2 records")
	require.Empty(t, printed)

	// The log goes on, and is another one now.
	addSomebody(t, data, "d@example.kz")
	_, err = auditVerify(t, data, "--pub="+pub)
	require.NoError(t, err)
	_, err = auditVerify(t, data, "--pub="+pub, "--witness="+newest)
	require.ErrorContains(t, err, "SPLIT VIEW")

	// The public key is taken away, and one that somebody made is put in its place.
	require.NoError(t, os.Remove(filepath.Join(data, "live-audit.pub")))
	_, err = auditVerify(t, data)
	require.ErrorContains(t, err, "--pub FILE")
	require.NoError(t, os.Remove(filepath.Join(data, "live-audit.key")))
	addSomebody(t, data, "e@example.kz")
	_, err = auditVerify(t, data, "--pub="+pub)
	require.ErrorContains(t, err, "BAD SIGNATURE: checkpoint at 6", "two were left, a HOLD began because of the lost one, and two people came since; the last is signed with the other key")
	for _, missing := range []string{"--pub=" + pub + ".none", "--witness=" + pub + ".none", "--pub=" + old} {
		_, err = auditVerify(t, data, missing)
		require.Error(t, err, missing)
	}
}

// A key that others can read signs nothing.
func TestReadableKeyIsRefused(t *testing.T) {
	data := t.TempDir()
	addSomebody(t, data, "a@example.kz")
	require.NoError(t, os.Chmod(filepath.Join(data, "live-audit.key"), 0o644)) //nolint:gosec // on purpose
	_, err := userCommandLine(t, data, "fifteen chars..\n", "add", "--email=b@example.kz", "--name=B", "--role=auditor")
	require.ErrorContains(t, err, "chmod 600")
	printed, err := auditVerify(t, data)
	require.NoError(t, err, "verifying needs the public key only")
	require.Contains(t, printed, "1 records")
}
