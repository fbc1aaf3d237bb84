package worker

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// archive is the folder of backups of a world.
func (w *world) archive() store.Backups {
	return store.Backups{Folder: filepath.Join(filepath.Dir(w.path), "backups"), Name: "live", Keep: 3}
}

func (w *world) archived() int {
	w.Helper()
	files, err := os.ReadDir(w.archive().Folder)
	if !os.IsNotExist(err) {
		require.NoError(w, err)
	}
	return len(files)
}

func TestBackupsAreMadeByTheClock(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.Archivist.backups, w.Archivist.every = w.archive(), 24*time.Hour
		w.startOnly(w.Archivist.Run)
		w.pass(time.Second)
		assert.Equal(t, 1, w.archived(), "there was none")
		w.pass(23 * time.Hour)
		assert.Equal(t, 1, w.archived())
		w.restart()
		w.Archivist.backups, w.Archivist.every = w.archive(), 24*time.Hour
		w.startOnly(w.Archivist.Run)
		w.pass(30 * time.Minute)
		assert.Equal(t, 1, w.archived(), "a new run of the program makes none before its time")
		w.pass(31 * time.Minute)
		assert.Equal(t, 2, w.archived())
		w.pass(10 * 24 * time.Hour)
		assert.Equal(t, 3, w.archived(), "the newest stay")
		path, at, err := w.archive().Newest()
		require.NoError(t, err)
		assert.Less(t, w.db.Now().Sub(at), 25*time.Hour)
		_, err = store.Prove(t.Context(), path, nil)
		require.NoError(t, err)
	})
}

func TestBackupThatFailsIsTriedAgain(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.Archivist.backups, w.Archivist.every = w.archive(), 24*time.Hour
		require.NoError(t, os.WriteFile(w.archive().Folder, nil, 0o600)) // a file stands in the way
		w.startOnly(w.Archivist.Run)
		w.pass(time.Minute)
		assert.Contains(t, w.log.String(), "no backup was made")
		require.NoError(t, os.Remove(w.archive().Folder))
		w.pass(archivistAgain)
		assert.Equal(t, 1, w.archived())
	})
}

func TestNoBackupsWhenNoneAreWanted(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.Archivist.backups = w.archive()
		w.startOnly(w.Archivist.Run)
		w.pass(48 * time.Hour)
		assert.Zero(t, w.archived())
	})
}

// A clock that was wrong for a while has left a backup of the future.
func TestBackupOfTheFutureKeepsNobodyFromMakingOne(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		b := w.archive()
		require.NoError(t, os.Mkdir(b.Folder, 0o700))
		require.NoError(t, os.WriteFile(b.Path(w.db.Now().AddDate(1, 0, 0)), nil, 0o600))
		w.Archivist.backups, w.Archivist.every = b, 24*time.Hour
		w.startOnly(w.Archivist.Run)
		w.pass(time.Second)
		assert.Equal(t, 2, w.archived())
	})
}
