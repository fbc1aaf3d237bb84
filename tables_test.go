package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A table in the data folder takes the place of the program's own; a wrong one
// stops the start with its file, its line and what is wrong.
func TestOperatorsTablesAreReadAtStart(t *testing.T) {
	folder := t.TempDir()
	own, err := readTables(folder)
	require.NoError(t, err)
	assert.Equal(t, "2026-01-02", own.KNPs.AsOf)

	file := filepath.Join(folder, "knp.csv")
	require.NoError(t, os.WriteFile(file, []byte("# as of 2027-01-01\ncode,name_ru,name_kk,name_en,used_for\n999,Своё,,,\n"), 0o600))
	theirs, err := readTables(folder)
	require.NoError(t, err)
	assert.Equal(t, "2027-01-01", theirs.KNPs.AsOf)
	assert.Equal(t, own.Banks, theirs.Banks)

	require.NoError(t, os.WriteFile(file, []byte("# as of 2027-01-01\ncode,name_ru,name_kk,name_en,used_for\n10,ОПВ,,,\n"), 0o600))
	_, err = readTables(folder)
	require.EqualError(t, err, "tables in "+folder+": knp.csv: line 3: KNP \"10\" is not three digits; keep the column as text, so that 010 stays 010")
}
