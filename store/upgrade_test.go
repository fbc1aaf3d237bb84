package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func released(t *testing.T, schema int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "live.db")
	storetest.Released(t, fmt.Sprintf("testdata/schema%d.sql", schema), path)
	return path
}

func TestEveryReleasedSchemaIsBroughtUpToDate(t *testing.T) {
	for schema := 1; schema <= 3; schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			path := released(t, schema)
			before := storetest.RowsOf(t, path)
			var told []string
			db := storetest.Open(t, path, nil, func(o *store.Options) {
				o.Signer, o.Instance, o.Tell = storetest.Signer(t), true, func(line string) { told = append(told, line) }
			}) // which looks at every invariant in the end
			require.NoError(t, db.Close())
			after := storetest.RowsOf(t, path)
			for table, n := range before {
				if table != "checkpoints" { // the new key signs what was not signed
					assert.Equal(t, n, after[table], table)
				}
			}
			assert.Positive(t, before["distributions"])
			newest, err := store.NewestSchema()
			require.NoError(t, err)
			copied := fmt.Sprintf("%s.schema-%d-before-%d", path, schema, newest)
			assert.Equal(t, before, storetest.RowsOf(t, copied), "the copy is as it was")
			assert.Contains(t, strings.Join(told, "\n"), "0007_hold.sql is done")

			again := storetest.Open(t, path, nil, func(o *store.Options) { o.Instance = true })
			hold, err := again.LastHold(t.Context())
			require.NoError(t, err)
			assert.Nil(t, hold, "an upgrade is no restore")
			for _, s := range distribution.Statuses() {
				if s != distribution.Sending {
					assert.Positive(t, count(t, again, "SELECT count(*) FROM distributions WHERE status = $1", string(s)), s)
				}
			}
		})
	}
}

// Each file is one transaction. A program that dies after any of them goes on
// where it stood, and one that dies within leaves what was there before.
func TestMigrationGoesOnWhereItDied(t *testing.T) {
	var names []string
	require.NoError(t, fs.WalkDir(store.Migrations(t), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	}))
	for dies := 1; dies < len(names); dies++ {
		t.Run(fmt.Sprintf("after %d", dies), func(t *testing.T) {
			path := released(t, 1)
			before := storetest.RowsOf(t, path)
			reached := 0
			signer := storetest.Signer(t)
			_, err := store.Open(t.Context(), store.Options{Path: path, Signer: signer, Instance: true, At: func(point string) error {
				if point == "migrated" {
					if reached++; reached == dies {
						return errors.New("it dies")
					}
				}
				return nil
			}})
			require.ErrorContains(t, err, "it dies")
			db := storetest.Open(t, path, nil, func(o *store.Options) { o.Signer, o.Instance = signer, true })
			hold, err := db.LastHold(t.Context())
			require.NoError(t, err)
			assert.Nil(t, hold, "to die is no restore")
			require.NoError(t, db.Close())
			after := storetest.RowsOf(t, path)
			for table, n := range before {
				if table != "checkpoints" { // the new key signs what was not signed
					assert.Equal(t, n, after[table], table)
				}
			}
		})
	}
	t.Run("within", func(t *testing.T) {
		path := released(t, 3)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := store.Open(ctx, store.Options{Path: path, Tell: func(string) { cancel() }})
		require.Error(t, err)
		storetest.Open(t, path, nil)
	})
}

// The copy that is brought back may be so old that its program kept no note. That
// of the database in whose place it was laid still tells.
func TestOldCopyIsOnHoldAlthoughItIsUpgraded(t *testing.T) {
	path := released(t, 3)
	require.NoError(t, os.WriteFile(store.InstanceFile(path), []byte(`{"size": 100000}`), 0o600))
	db := storetest.Open(t, path, nil, func(o *store.Options) { o.Signer, o.Instance = storetest.Signer(t), true })
	hold, err := db.LastHold(t.Context())
	require.NoError(t, err)
	require.NotNil(t, hold)
	assert.Equal(t, store.HoldBehind, hold.Why)
}
