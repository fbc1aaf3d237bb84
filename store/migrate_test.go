package store_test

import (
	"database/sql"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

const goldenSchema = "testdata/schema.sql"

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write "+goldenSchema+" from the migrations")
	os.Exit(m.Run())
}

func TestSchemaIsTheGoldenOne(t *testing.T) {
	db := storetest.New(t)
	rows, err := store.ReadPool(db).QueryContext(t.Context(), `SELECT sql FROM sqlite_master
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND tbl_name NOT LIKE 'goose\_%' ESCAPE '\'
		ORDER BY tbl_name, type = 'table' DESC, type, name`)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var b strings.Builder
	for rows.Next() {
		var statement string
		require.NoError(t, rows.Scan(&statement))
		b.WriteString(statement + ";\n\n")
	}
	require.NoError(t, rows.Err())
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(goldenSchema, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(goldenSchema)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String(), "review the change, then: go test ./store -run Schema -update")
}

func TestEveryTableIsStrict(t *testing.T) {
	db := storetest.New(t)
	assert.Zero(t, count(t, db, `SELECT count(*) FROM pragma_table_list
		WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'goose\_%' ESCAPE '\'`))
}

// withOneMore is the built-in migrations and one after them.
func withOneMore(t *testing.T, statement string) fs.FS {
	t.Helper()
	more := fstest.MapFS{}
	files, err := fs.Glob(store.Migrations(t), "*.sql")
	require.NoError(t, err)
	for _, name := range files {
		b, err := fs.ReadFile(store.Migrations(t), name)
		require.NoError(t, err)
		more[name] = &fstest.MapFile{Data: b}
	}
	later := maps.Clone(more)
	later["0999_later.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + statement + "\n")}
	return later
}

func TestDatabaseIsCopiedAsideBeforeMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.db")
	db := storetest.Open(t, path, nil)
	person := storetest.User(t, db, distribution.Accountant)
	copied := fmt.Sprintf("%s.schema-%d-before-999", path, count(t, db, "SELECT max(version_id) FROM goose_db_version"))
	_, err := os.Stat(copied)
	require.ErrorIs(t, err, fs.ErrNotExist, "a new database is not copied")
	require.NoError(t, os.WriteFile(copied, []byte("left by a migration that failed"), 0o644))

	require.NoError(t, store.MigrateTo(t.Context(), db, withOneMore(t, "DELETE FROM users;")))

	assert.Zero(t, count(t, db, "SELECT count(*) FROM users"), "migrated")
	info, err := os.Stat(copied)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	old, err := sql.Open("sqlite", "file:"+copied)
	require.NoError(t, err)
	defer func() { require.NoError(t, old.Close()) }()
	var id, sound string
	require.NoError(t, old.QueryRowContext(t.Context(), "SELECT id FROM users").Scan(&id))
	assert.Equal(t, person.ID, id)
	require.NoError(t, old.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&sound))
	assert.Equal(t, "ok", sound)
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	db := storetest.New(t)
	storetest.User(t, db, distribution.Accountant)
	err := store.MigrateTo(t.Context(), db, withOneMore(t, "DELETE FROM users; SELECT * FROM nowhere;"))
	require.ErrorContains(t, err, "no such table: nowhere")
	assert.Equal(t, 1, count(t, db, "SELECT count(*) FROM users"))
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.db")
	db := storetest.Open(t, path, nil)
	require.NoError(t, store.MigrateTo(t.Context(), db, withOneMore(t, "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;")))
	require.NoError(t, db.Close())

	_, err := store.Open(t.Context(), store.Options{Path: path})
	require.ErrorContains(t, err, "the database has schema 999, this program knows")
	require.ErrorContains(t, err, "use a newer program")
}

func TestOpeningAgainKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "live.db")
	db := storetest.Open(t, path, nil)
	d, err := db.Distribution(t.Context(), storetest.Draft(t, db, storetest.User(t, db, distribution.Accountant)).ID)
	require.NoError(t, err)
	require.NoError(t, db.Close())

	again, err := storetest.Open(t, path, nil).Distribution(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Equal(t, d, again)
}
