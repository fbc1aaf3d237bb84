package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// connections takes every connection of a pool at once.
func connections(t *testing.T, pool *sql.DB) []*sql.Conn {
	t.Helper()
	var all []*sql.Conn
	for range pool.Stats().MaxOpenConnections {
		c, err := pool.Conn(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		all = append(all, c)
	}
	return all
}

func pragma(t *testing.T, c *sql.Conn, name string) (value string) {
	t.Helper()
	require.NoError(t, c.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value))
	return value
}

// Only the writer of a file that counts for nothing yet does not wait for the disk.
func TestDraftDoesNotWaitForTheDisk(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "draft.db"), Draft: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	assert.Equal(t, "0", pragma(t, connections(t, store.WritePool(db))[0], "synchronous"))
	assert.Equal(t, "2", pragma(t, connections(t, store.ReadPool(db))[0], "synchronous"))
}

// A pragma given by Exec holds for one connection of a pool; these are asked of
// each.
func TestEveryConnectionHasTheSettings(t *testing.T) {
	db := storetest.New(t)
	for _, row := range []struct{ pragma, writer, reader string }{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"}, // FULL: a commit survives a power cut
		{"foreign_keys", "1", "1"},
		{"busy_timeout", "5000", "5000"}, // milliseconds
		{"trusted_schema", "0", "0"},
		{"recursive_triggers", "1", "1"}, // else INSERT OR REPLACE deletes unseen by the triggers
		{"query_only", "0", "1"},
	} {
		t.Run(row.pragma, func(t *testing.T) {
			writers, readers := connections(t, store.WritePool(db)), connections(t, store.ReadPool(db))
			require.Len(t, writers, 1)
			require.Len(t, readers, 4)
			for _, c := range writers {
				assert.Equal(t, row.writer, pragma(t, c, row.pragma), "writer")
			}
			for _, c := range readers {
				assert.Equal(t, row.reader, pragma(t, c, row.pragma), "reader")
			}
		})
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := storetest.New(t)
	for _, c := range connections(t, store.ReadPool(db)) {
		_, err := c.ExecContext(t.Context(), "INSERT INTO sync_state (key, value) VALUES ('a', 'b')")
		refused, ok := errors.AsType[*sqlite.Error](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, sqlite3.SQLITE_READONLY, refused.Code()&0xff)
	}
}

func TestReaderChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	maker := storetest.User(t, storetest.Open(t, path, nil), distribution.Accountant)
	db, err := store.OpenReader(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.Create(t.Context(), maker, storetest.Filled(t))
	require.ErrorContains(t, err, "readonly")
	all, err := db.Users(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)

	_, err = store.OpenReader(path + ".none")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// The writer begins immediate: a transaction that reads first and writes later
// would fail at once when another process wrote in between.
func TestWriterBeginsImmediate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := storetest.Open(t, path, nil)
	other, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	require.NoError(t, store.Within(t.Context(), db, func(*store.Tx) error {
		_, err := other.BeginTx(t.Context(), nil)
		busy, ok := errors.AsType[*sqlite.Error](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, sqlite3.SQLITE_BUSY, busy.Code()&0xff)
		return nil
	}))
}

// SQLite before 3.51.3 can lose committed transactions of a WAL.
func TestSQLiteIsNewEnough(t *testing.T) {
	for _, row := range []struct {
		version string
		ok      bool
	}{
		{"3.51.3", true},
		{"3.51.4", true},
		{"3.52.0", true},
		{"4.0.0", true},
		{"3.51.2", false},
		{"3.50.9", false},
		{"3.9.100", false},
		{"2.99.99", false},
		{"new", false},
	} {
		assert.Equal(t, row.ok, store.NewEnough(row.version) == nil, row.version)
	}
}

func TestFileAndFolderArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "here")
	path := filepath.Join(dir, "live.db")
	storetest.User(t, storetest.Open(t, path, nil), distribution.Auditor)
	for file, want := range map[string]fs.FileMode{
		dir:           0o700,
		path:          0o600,
		path + "-wal": 0o600,
		path + "-shm": 0o600,
	} {
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode().Perm(), file)
	}
}

func TestFileThatOthersCouldReadIsMadePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.db")
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	storetest.Open(t, path, nil)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
}

func TestOnlyARegularFileIsOpened(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"link to a file": func(path string) error {
			target := path + ".target"
			return errors.Join(os.WriteFile(target, nil, 0o600), os.Symlink(target, path))
		},
		"link to nowhere": func(path string) error { return os.Symlink(path+".target", path) },
		"folder":          func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "live.db")
			require.NoError(t, make(path))
			_, err := store.Open(t.Context(), store.Options{Path: path})
			require.ErrorContains(t, err, "not a regular file")
		})
	}
}

func TestPathMayHoldWhatAnAddressEscapes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "данные 100%?#", "live.db")
	storetest.Open(t, path, nil)
	_, err := os.Stat(path)
	require.NoError(t, err)
}

func TestSecondSenderIsLockedOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.db")
	first, err := store.LockSender(path)
	require.NoError(t, err)
	_, err = store.LockSender(path)
	require.ErrorIs(t, err, store.ErrLocked)

	require.NoError(t, first.Release())
	again, err := store.LockSender(path)
	require.NoError(t, err, "the lock is free again")
	require.NoError(t, again.Release())

	_, err = store.LockSender(filepath.Join(t.TempDir(), "nowhere", "live.db"))
	require.Error(t, err)
	require.NotErrorIs(t, err, store.ErrLocked, "another failure is not taken for a lock")
}

func TestClockIsKeptInMicrosecondsUTC(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 123_456_789, time.FixedZone("Almaty", 5*3600))
	db := storetest.NewAt(t, func() time.Time { return at })
	assert.Equal(t, time.Date(2026, 11, 23, 7, 0, 0, 123_456_000, time.UTC), db.Now())
}

func TestEachOpenIsABootOfItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	first, second := storetest.Open(t, path, nil), storetest.Open(t, path, nil)
	assert.NotEmpty(t, store.Boot(first))
	assert.NotEqual(t, store.Boot(first), store.Boot(second))
}

// A commit may fail after every statement succeeded, as a deferred foreign key
// does. The caller must hear of it.
func TestFailedCommitIsAnErrorAndWritesNothing(t *testing.T) {
	db := storetest.New(t)
	err := store.Within(t.Context(), db, func(tx *store.Tx) error {
		for _, statement := range []string{
			"PRAGMA defer_foreign_keys = 1",
			"INSERT INTO sync_state (key, value) VALUES ('written', 'yes')",
			"INSERT INTO sessions (token_hash, user_id, data, user_agent, created_at, last_seen, expires_at) VALUES (x'00', 'nobody', x'', '', 0, 0, 0)",
		} {
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	require.ErrorContains(t, err, "commit")
	assert.Zero(t, count(t, db, "SELECT count(*) FROM sync_state"))

	storetest.User(t, db, distribution.Auditor) // the connection is good for the next transaction
}

func TestCancelledTransactionWritesNothing(t *testing.T) {
	db := storetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := store.Within(ctx, db, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO sync_state (key, value) VALUES ('written', 'yes')")
		cancel()
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, count(t, db, "SELECT count(*) FROM sync_state"))
}

// count runs a query of one number.
func count(t testing.TB, db *store.DB, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, store.ReadPool(db).QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}
