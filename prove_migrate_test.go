package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
	"plexydash/store/storetest"
)

// struckMigration kills the program at every fsync while it brings a database of
// an older schema up to date, those of the copy that it makes before included.
func (f *fire) struckMigration(t *testing.T) {
	for schema := 1; schema <= 3; schema++ {
		t.Run(fmt.Sprint("schema ", schema), func(t *testing.T) {
			run := func(t *testing.T, x strike) (report string) { return f.oneMigration(t, schema, x) }
			syncs, _ := callsIn(t, run(t, strike{}), syncCall)
			struckAtEach(t, syncs, *proveStride, kills, run)
		})
	}
}

// oneMigration is struck in the middle and then done by the next start. All rows
// are there, none was lost to a HOLD, and a copy from before is whole or absent.
func (f *fire) oneMigration(t *testing.T, schema int, x strike) (report string) {
	t.Helper()
	_, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	s.data = t.TempDir()
	storetest.Released(t, fmt.Sprintf("store/testdata/schema%d.sql", schema), liveFile(s.data))
	before := storetest.RowsOf(t, liveFile(s.data))

	migration := exec.CommandContext(t.Context(), s.traced(), "migrate", "--data="+s.data)
	order, report := s.order(x)
	migration.Env = append(os.Environ(), order)
	out, err := migration.CombinedOutput()
	_, struck := callsIn(t, report, "")
	require.Equalf(t, struck, err != nil, "%v %s", err, out)
	copies := wholeCopies(t, s.data)

	f.command(t, "migrate", "--data="+s.data)
	after := storetest.RowsOf(t, liveFile(s.data))
	delete(before, "checkpoints") // the new key signs what was not signed
	for table, n := range before {
		assert.Equal(t, n, after[table], table)
	}
	assert.Zero(t, after["holds"], "a HOLD although nothing was restored")
	maps.Copy(copies, wholeCopies(t, s.data))
	from, there := copies[int64(schema)]
	require.True(t, there, "no copy of the schema that it was")
	for table, n := range before {
		assert.Equal(t, n, from[table], "%s in the copy", table)
	}
	parts, err := filepath.Glob(liveFile(s.data) + ".*.part*")
	require.NoError(t, err)
	assert.Empty(t, parts, "copies that were not finished")

	s.start()
	s.now.quit(t)
	storetest.CheckInvariants(t, liveFile(s.data))
	_, err = store.Prove(t.Context(), liveFile(s.data), nil)
	require.NoError(t, err)
	return report
}

// wholeCopies proves every copy from before a migration and counts its rows.
func wholeCopies(t *testing.T, data string) map[int64]map[string]int {
	t.Helper()
	found, err := filepath.Glob(liveFile(data) + ".schema-*-before-*[0-9]")
	require.NoError(t, err)
	copies := map[int64]map[string]int{}
	for _, path := range found {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			continue
		}
		c, err := store.Prove(t.Context(), path, nil)
		require.NoError(t, err)
		copies[c.Schema] = storetest.RowsOf(t, path)
	}
	return copies
}
