package store_test

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// Each copy is whole and of one moment, however much is written meanwhile, and
// nobody who writes waits for it.
func TestFiftyBackupsWhileOthersWrite(t *testing.T) {
	db := storetest.Open(t, filepath.Join(t.TempDir(), "live.db"), nil, func(o *store.Options) { o.Signer = storetest.Signer(t) })
	maker := storetest.User(t, db, distribution.Accountant)
	ctx, stop := context.WithCancel(t.Context())
	var written atomic.Int64
	writers := make(chan error, 2)
	for range cap(writers) {
		go func() {
			var err error
			for ctx.Err() == nil && err == nil {
				if err = store.Record(t.Context(), db, maker, "test.written", "test", "x"); err == nil {
					written.Add(1)
				}
				time.Sleep(time.Second / 200)
			}
			writers <- err
		}()
	}
	began, size := time.Now(), int64(0)
	for n := range 50 {
		before := written.Load()
		to := filepath.Join(t.TempDir(), "backup.db")
		made, err := db.Backup(t.Context(), to, nil)
		require.NoError(t, err, n)
		assert.GreaterOrEqual(t, made.Size, max(size, before), "what was committed before is in it")
		size = made.Size
		again, err := store.Prove(t.Context(), to, nil)
		require.NoError(t, err)
		assert.Equal(t, made, again)
	}
	took := time.Since(began)
	stop()
	for range cap(writers) {
		require.NoError(t, <-writers)
	}
	t.Logf("%d transactions beside 50 backups in %s", written.Load(), took)
}

func TestBackupIsPrivateAndTakesNoPlace(t *testing.T) {
	db := storetest.New(t)
	storetest.User(t, db, distribution.Accountant)
	folder := t.TempDir()
	to := filepath.Join(folder, "backup.db")
	made, err := db.Backup(t.Context(), to, nil)
	require.NoError(t, err)
	info, err := os.Stat(to)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	assert.Equal(t, []any{to, info.Size()}, []any{made.Path, made.Bytes})

	for name, there := range map[string]func(path string) error{
		"a file":            func(path string) error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"a link to nowhere": func(path string) error { return os.Symlink("nowhere", path) },
	} {
		path := filepath.Join(t.TempDir(), "taken.db")
		require.NoError(t, there(path))
		_, err = db.Backup(t.Context(), path, nil)
		require.ErrorIs(t, err, fs.ErrExist, name)
		require.ErrorContains(t, err, "not overwritten", name)
	}
	_, err = db.Backup(t.Context(), filepath.Join(folder, "no", "folder.db"), nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing unfinished stays")
}

// damaged is a backup that something happened to.
func damaged(t *testing.T, statements string) string {
	t.Helper()
	db := storetest.New(t)
	storetest.Accepted(t, db, storetest.User(t, db, distribution.Accountant), "P-1")
	path := filepath.Join(t.TempDir(), "backup.db")
	_, err := db.Backup(t.Context(), path, nil)
	require.NoError(t, err)
	file, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	_, err = file.ExecContext(t.Context(), statements)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	return path
}

func TestWhatIsNoGoodBackup(t *testing.T) {
	for name, row := range map[string]struct {
		file func(*testing.T) string
		says string
	}{
		"no file":       {func(t *testing.T) string { return filepath.Join(t.TempDir(), "none") }, "no such file"},
		"other bytes":   {func(t *testing.T) string { return written(t, strings.Repeat("not a database ", 100)) }, "not a sound database"},
		"an empty file": {func(t *testing.T) string { return written(t, "") }, "not a database of plexydash"},
		"cut short": {func(t *testing.T) string {
			path := damaged(t, "SELECT 1")
			require.NoError(t, os.Truncate(path, 100_000))
			return path
		}, "not a sound database"},
		"a torn page": {func(t *testing.T) string {
			path := damaged(t, "SELECT 1")
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(make([]byte, 4096), 20*4096)
			require.NoError(t, err)
			require.NoError(t, f.Close())
			return path
		}, "not a sound database"},
		"rows that refer to nothing": {func(t *testing.T) string { return damaged(t, "DELETE FROM users") }, "refer to rows that are missing"},
		"another log": {func(t *testing.T) string {
			return damaged(t, "DROP TRIGGER audit_no_update; UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), 'P-1', 'P-2') AS BLOB)")
		}, "ROOT MISMATCH"},
		"a newer program's": {func(t *testing.T) string {
			return damaged(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
		}, "use a newer program"},
		"a database in use": {func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "live.db")
			storetest.User(t, storetest.Open(t, path, nil), distribution.Admin)
			return path
		}, "not a finished copy"},
	} {
		t.Run(name, func(t *testing.T) {
			from, folder := row.file(t), t.TempDir()
			path := filepath.Join(folder, "live.db")
			db := storetest.Open(t, path, nil)
			storetest.User(t, db, distribution.Accountant)
			require.NoError(t, db.Close())
			_, err := store.Restore(t.Context(), from, path, nil, time.Now())
			require.ErrorContains(t, err, row.says)
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			assert.Len(t, left, 1, "the database stays as it was, and nothing beside it")
		})
	}
}

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.db")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestRestoreKeepsWhatItReplaces(t *testing.T) {
	n := newNoted(t)
	from := n.copied(t)
	n.work(t, 2)
	live := count(t, n.DB, "SELECT count(*) FROM distributions")
	require.Equal(t, 2, live)
	crashed(t, n.path, func() { require.NoError(t, n.Close()) }) // its last transactions stand in the WAL

	r, err := store.Restore(t.Context(), from, n.path, nil, n.clock.Now())
	require.NoError(t, err)
	require.NoFileExists(t, n.path+"-wal", "it belongs to the other file")
	require.NoFileExists(t, n.path+".restoring.part")
	kept, err := store.OpenReader(filepath.Join(r.Aside, "live.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, kept.Close()) }()
	assert.Equal(t, live, count(t, kept, "SELECT count(*) FROM distributions"))
	n.open(t)
	assert.Zero(t, count(t, n.DB, "SELECT count(*) FROM distributions"))
	hold, err := n.LastHold(t.Context())
	require.NoError(t, err)
	assert.Equal(t, store.HoldBehind, hold.Why)
	assert.Greater(t, hold.KnownSize, hold.Size)
}

// crashed leaves the files of a database as kill -9 would, although it is closed.
func crashed(t *testing.T, path string, closes func()) {
	t.Helper()
	files := map[string][]byte{}
	for _, file := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		files[file] = content
	}
	closes()
	for file, content := range files {
		require.NoError(t, os.WriteFile(file, content, 0o600))
	}
}

func TestDrillSaysWhatABackupHolds(t *testing.T) {
	signer := storetest.Signer(t)
	db := storetest.Open(t, filepath.Join(t.TempDir(), "live.db"), nil, func(o *store.Options) { o.Signer = signer })
	maker := storetest.User(t, db, distribution.Accountant)
	storetest.Accepted(t, db, maker, "P-1")
	storetest.Draft(t, db, maker)
	from := filepath.Join(t.TempDir(), "backup.db")
	_, err := db.Backup(t.Context(), from, nil)
	require.NoError(t, err)
	scratch := t.TempDir()
	t.Setenv("TMPDIR", scratch)

	found, err := store.Drill(t.Context(), from, nil)
	require.NoError(t, err)
	assert.Equal(t, 2, found.Totals.Count)
	assert.Equal(t, 1, found.Totals.ByStatus[distribution.Accepted].Count)
	assert.WithinDuration(t, time.Now(), found.NewestAt, time.Minute)
	assert.Len(t, found.Invariants, len(store.InvariantCodes()))
	left, err := os.ReadDir(scratch)
	require.NoError(t, err)
	assert.Empty(t, left, "the scratch folder is gone")

	_, err = store.Drill(t.Context(), written(t, "no database"), nil)
	require.Error(t, err)
}

func TestOnlyTheNewestBackupsStay(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	b := store.Backups{Folder: filepath.Join(t.TempDir(), "[new] backups"), Name: "live", Keep: 3}
	path, _, err := b.Newest()
	require.NoError(t, err)
	require.Empty(t, path)
	require.NoError(t, os.MkdirAll(b.Folder, 0o700))
	for _, other := range []string{"demo-20200101-000000.db", "live-20200101-000000.db.gz", "live-old.db", "live-20200102-000000.db.1.part", "live-20990102-000000.db.2.part"} {
		require.NoError(t, os.WriteFile(filepath.Join(b.Folder, other), nil, 0o600))
	}
	ages := clock.Now().Add(-48 * time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(b.Folder, "live-20200102-000000.db.1.part"), ages, ages))
	require.NoError(t, os.Chtimes(filepath.Join(b.Folder, "live-20990102-000000.db.2.part"), clock.Now(), clock.Now()))
	for range 5 {
		clock.Advance(time.Hour)
		_, err := b.Make(t.Context(), db)
		require.NoError(t, err)
	}
	path, at, err := b.Newest()
	require.NoError(t, err)
	assert.Equal(t, []any{filepath.Join(b.Folder, "live-20261123-120000.db"), clock.Now()}, []any{path, at})
	left, err := os.ReadDir(b.Folder)
	require.NoError(t, err)
	var names []string
	for _, f := range left {
		names = append(names, f.Name())
	}
	assert.Equal(t, []string{
		"demo-20200101-000000.db", "live-20200101-000000.db.gz",
		"live-20261123-100000.db", "live-20261123-110000.db", "live-20261123-120000.db",
		"live-20990102-000000.db.2.part", "live-old.db",
	}, names, "others' files, and what somebody works on, stay")
}
