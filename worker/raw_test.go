package worker

import (
	"database/sql"

	"github.com/stretchr/testify/require"
)

// rawDB is a second connection to the file, as another program would open it.
func rawDB(w *world) *sql.DB {
	w.Helper()
	db, err := sql.Open("sqlite", "file:"+w.path+"?_pragma=busy_timeout(5000)")
	require.NoError(w, err)
	w.Cleanup(func() { _ = db.Close() })
	return db
}
