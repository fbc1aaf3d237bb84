package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// released is a database of an older schema with rows of every state, as the
// program of that time left it: testdata/schema<n>.sql, and from the last of them on
// by the migrations up to it.
func released(t *testing.T, schema int) string {
	t.Helper()
	const last = 3
	path := filepath.Join(t.TempDir(), "live.db")
	storetest.Released(t, fmt.Sprintf("testdata/schema%d.sql", min(schema, last)), path)
	if schema <= last {
		return path
	}
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, store.Migrations(t), goose.WithLogger(goose.NopLogger()))
	require.NoError(t, err)
	_, err = p.UpTo(t.Context(), int64(schema))
	require.NoError(t, err)
	return path
}

func TestEveryReleasedSchemaIsBroughtUpToDate(t *testing.T) {
	newest, err := store.NewestSchema()
	require.NoError(t, err)
	for schema := 1; schema < int(newest); schema++ {
		t.Run(fmt.Sprint(schema), func(t *testing.T) {
			path := released(t, schema)
			before := storetest.RowsOf(t, path)
			note := schema < 7 // from then on each has its note beside it, and one without is on HOLD
			var told []string
			db := storetest.Open(t, path, nil, func(o *store.Options) {
				o.Signer, o.Instance, o.Tell = storetest.Signer(t), note, func(line string) { told = append(told, line) }
			}) // which looks at every invariant in the end
			require.NoError(t, db.Close())
			after := storetest.RowsOf(t, path)
			for table, n := range before {
				if table != "checkpoints" && !strings.HasPrefix(table, "search_index_") { // the new key signs what was not signed; SQLite's own
					assert.Equal(t, n, after[table], table)
				}
			}
			assert.Positive(t, before["distributions"])
			copied := fmt.Sprintf("%s.schema-%d-before-%d", path, schema, newest)
			assert.Equal(t, before, storetest.RowsOf(t, copied), "the copy is as it was")
			assert.Contains(t, strings.Join(told, "\n"), "0011_plain_search.sql is done")

			again := storetest.Open(t, path, nil, func(o *store.Options) { o.Instance = note })
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

// Schema 10 kept what is searched in Kazakh letters.
func TestWhatIsSearchedIsWrittenAnew(t *testing.T) {
	path := released(t, 10)
	old, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	_, err = old.ExecContext(t.Context(), `UPDATE distributions SET recipient_name = 'ТОО «Әлемі»', search = order_reference || ' | | тоо «әлемі»'
			WHERE id = (SELECT min(id) FROM distributions);
		INSERT INTO recipients (id, bin, iban, name, bic, kbe, knp, search, saved_at, used_at) VALUES ('r', '1', '2', 'Қазақ', '3', '4', '5', 'қазақ | 1 | 2', 1, 2)`)
	require.NoError(t, err)
	require.NoError(t, old.Close())
	before := storetest.RowsOf(t, path)

	db := storetest.Open(t, path, nil)
	for q, want := range map[string]int{"алеми": 1, "Әлемі": 1, "мі": 1, "казах": 0} {
		p, err := db.List(t.Context(), store.Filter{Q: q, Sort: "created", Size: 25})
		require.NoError(t, err)
		assert.Len(t, p.Rows, want, q)
		found, err := db.Suggest(t.Context(), q, 8)
		require.NoError(t, err)
		if len([]rune(q)) > 2 {
			assert.Len(t, found.Rows, want, q)
		}
	}
	book, _, err := db.Recipients(t.Context(), store.RecipientFilter{Q: "казак", Size: 5})
	require.NoError(t, err)
	assert.Len(t, book, 2)
	after := storetest.RowsOf(t, path)
	for table, n := range before {
		if strings.HasPrefix(table, "search_index_") { // SQLite's own
			continue
		}
		assert.Equal(t, n, after[table], table)
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
