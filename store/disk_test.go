package store_test

import (
	"errors"
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
