// Package storetest gives tests a real database: people, distributions in any
// state before sending, and a proof of the invariants when the test ends.
package storetest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
)

// New opens a fresh database in a folder of the test.
func New(t testing.TB) *store.DB { return NewAt(t, nil) }

// NewAt is New with a clock; Clock.Now is one.
func NewAt(t testing.TB, now func() time.Time) *store.DB {
	t.Helper()
	return Open(t, filepath.Join(t.TempDir(), "test.db"), now)
}

// Open opens a database that may exist already, as a restart does. When the
// test ends it is closed and CheckInvariants looks at it.
func Open(t testing.TB, path string, now func() time.Time, more ...func(*store.Options)) *store.DB {
	t.Helper()
	o := store.Options{Path: path, Now: now}
	for _, set := range more {
		set(&o)
	}
	db, err := store.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() {
		_ = db.Close() // a test of restarts has closed it already
		if !t.Failed() {
			CheckInvariants(t, path)
		}
	})
	return db
}

// User adds a person of the role, "Accountant 1" with accountant1@example.kz,
// the number counting everybody in the database.
func User(t testing.TB, db *store.DB, role distribution.Role) distribution.Actor {
	t.Helper()
	all, err := db.Users(t.Context())
	require.NoError(t, err)
	n := len(all) + 1
	u, err := db.CreateUser(t.Context(), distribution.CLI("root"), store.NewUser{
		Email: fmt.Sprintf("%s%d@example.kz", role, n), Name: fmt.Sprintf("%s %d", title(role), n), Role: role,
	})
	require.NoError(t, err)
	return u.Actor()
}

func title(role distribution.Role) string {
	return string(role[0]-'a'+'A') + string(role[1:])
}

// Signer signs checkpoints by a key of the test.
func Signer(t testing.TB) *audit.Signer {
	t.Helper()
	s, err := audit.OpenKey(filepath.Join(t.TempDir(), "test-audit.key"), "plexydash/test")
	require.NoError(t, err)
	return s
}
