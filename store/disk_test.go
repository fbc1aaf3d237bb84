package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
	"plexydash/store/storetest"
)

func TestFreeBytesAreThoseOfTheFileSystem(t *testing.T) {
	free, err := store.FreeBytes(newWorld(t).DB)
	require.NoError(t, err)
	assert.Positive(t, free)
}

func TestLittleRoomPausesSending(t *testing.T) {
	for name, row := range map[string]struct {
		free uint64
		err  error
		want string
	}{
		"enough":           {store.MinFree, nil, ""},
		"a byte less":      {store.MinFree - 1, nil, store.PausedDisk},
		"nobody can tell":  {store.MinFree, errors.New("statfs"), store.PausedDisk},
		"nothing is free":  {0, nil, store.PausedDisk},
		"more than enough": {1 << 50, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, filepath.Join(t.TempDir(), "test.db"), nil, func(o *store.Options) {
				o.Free = func() (uint64, error) { return row.free, row.err }
			})
			require.NoError(t, db.SyncSucceeded(t.Context(), syncer()))
			state, err := db.SyncState(t.Context())
			require.NoError(t, err)
			assert.Equal(t, row.want, state.Paused(db.Now(), time.Minute, true))
		})
	}
}

// The disk fills up to the last page: what is there is read, nothing is half
// written, and nothing is claimed, for what cannot be written down is not sent.
// With room again it goes on, in the same run.
func TestFullDisk(t *testing.T) {
	w := newWorld(t)
	d := storetest.Queued(t, w.DB, w.maker)
	w.sql(t, "PRAGMA wal_checkpoint(TRUNCATE)")
	pages := count(t, w.DB, "PRAGMA page_count")
	w.sql(t, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	for name, write := range map[string]func() error{
		"a draft":  func() error { return second(w.Create(t.Context(), w.maker, storetest.Filled(t))) },
		"a record": func() error { return store.Record(t.Context(), w.DB, w.maker, "test.written", "test", "x") },
	} {
		var err error
		for n := 0; err == nil && n < 1000; n++ {
			err = write()
		}
		assert.True(t, store.Unavailable(err), "%s: %v", name, err)
	}
	c, err := w.Claim(t.Context(), sender(), storetest.Wire)
	require.Nil(t, c)
	assert.True(t, store.Unavailable(err), "%v", err)
	assert.Equal(t, d, w.read(t, d.ID))
	attempts, err := w.Attempts(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Empty(t, attempts)

	w.sql(t, "PRAGMA max_page_count = 1000000")
	assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
}
