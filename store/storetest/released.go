package storetest

import (
	"database/sql"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	_ "modernc.org/sqlite" // its driver
)

// Released makes a database of an older schema with rows of every state, as the
// program of that time left it: store/testdata/schema<n>.sql.
func Released(t testing.TB, script, path string) {
	t.Helper()
	New(t) // sets the locks of the process before SQLite takes one
	statements, err := os.ReadFile(script)
	require.NoError(t, err)
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), "BEGIN;"+string(statements)+"COMMIT;")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NoError(t, os.Chmod(path, 0o600))
}

// RowsOf counts the rows of each table of a database of any schema.
func RowsOf(t testing.TB, path string) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_query_only=1")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'goose\_%' ESCAPE '\'`)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	counts := map[string]int{}
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		counts[name] = 0
	}
	require.NoError(t, rows.Err())
	for name := range counts {
		var n int
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+name).Scan(&n))
		counts[name] = n
	}
	return counts
}
