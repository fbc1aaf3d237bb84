package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

func openImport(t *testing.T, w *world, size int) store.Import {
	t.Helper()
	i, err := w.OpenImport(t.Context(), size)
	require.NoError(t, err)
	return i
}

func syncState(t *testing.T, w *world) store.SyncState {
	t.Helper()
	s, err := w.SyncState(t.Context())
	require.NoError(t, err)
	return s
}

func TestImportIsResumedWhereItsLastPageWasCommitted(t *testing.T) {
	w := newWorld(t)
	opened := openImport(t, w, 100)
	assert.Equal(t, store.Import{ID: opened.ID, StartedAt: w.Now(), NextPage: 1, Size: 100}, opened)

	_, err := w.ApplyRemote(t.Context(), syncer(), w.seen("list", w.foreign("P-1", "created")),
		&store.Mark{ImportID: opened.ID, NextPage: 2, Items: 100, Total: 20_000, HasTotal: true, Order: store.NewestFirst})
	require.NoError(t, err)
	w.clock.Advance(time.Hour)
	w.restart(t)

	want := store.Import{
		ID: opened.ID, StartedAt: opened.StartedAt, NextPage: 2, Size: 100, Items: 100,
		Total: 20_000, HasTotal: true, Order: store.NewestFirst,
	}
	assert.Equal(t, want, openImport(t, w, 250), "the open one, not a second")
	assert.Equal(t, &want, syncState(t, w).Import)
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM imports"))
}

// Page and marker are one: a page that fails does not move the marker, a marker
// that cannot move does not take the page.
func TestPageAndMarkAreOneTransaction(t *testing.T) {
	w := newWorld(t)
	opened := openImport(t, w, 100)
	bad := w.foreign("P-1", "created")
	bad.Amount = -1
	_, err := w.ApplyRemote(t.Context(), syncer(), w.seen("list", bad), &store.Mark{ImportID: opened.ID, NextPage: 2})
	require.Error(t, err)
	assert.Equal(t, 1, openImport(t, w, 100).NextPage)

	require.NoError(t, w.FinishImport(t.Context(), syncer(), opened.ID))
	_, err = w.ApplyRemote(t.Context(), syncer(), w.seen("list", w.foreign("P-1", "created")), &store.Mark{ImportID: opened.ID, NextPage: 3})
	require.ErrorIs(t, err, distribution.ErrConflict, "the import is closed")
	assert.Zero(t, count(t, w.DB, "SELECT count(*) FROM distributions"))
}

func TestOneImportIsOpenAtATime(t *testing.T) {
	w := newWorld(t)
	openImport(t, w, 100)
	_, err := store.WritePool(w.DB).ExecContext(t.Context(), "INSERT INTO imports (started_at, next_page, size) VALUES (0, 1, 1)")
	require.ErrorContains(t, err, "UNIQUE constraint failed")
}

func TestFirstCompleteImportSetsTheBaselineForEver(t *testing.T) {
	w := newWorld(t)
	assert.Zero(t, syncState(t, w).BaselineAt)
	first := openImport(t, w, 100)
	assert.Zero(t, syncState(t, w).BaselineAt, "not while it is under way")
	require.NoError(t, w.FinishImport(t.Context(), syncer(), first.ID))
	baseline := w.Now()
	assert.Equal(t, baseline, syncState(t, w).BaselineAt)
	assert.Nil(t, syncState(t, w).Import)

	w.clock.Advance(24 * time.Hour)
	second := openImport(t, w, 100)
	assert.NotEqual(t, first.ID, second.ID)
	require.NoError(t, w.FinishImport(t.Context(), syncer(), second.ID))
	assert.Equal(t, baseline, syncState(t, w).BaselineAt)
}

func TestImportIsFinishedOnce(t *testing.T) {
	w := newWorld(t)
	i := openImport(t, w, 100)
	require.NoError(t, w.FinishImport(t.Context(), syncer(), i.ID))
	state := w.dump(t)
	require.ErrorIs(t, w.FinishImport(t.Context(), syncer(), i.ID), distribution.ErrConflict)
	require.ErrorIs(t, w.FinishImport(t.Context(), syncer(), 77), distribution.ErrConflict)
	assert.Equal(t, state, w.dump(t))
}

func TestFinishedImportIsRecordedWithWhatItSaw(t *testing.T) {
	w := newWorld(t)
	i := openImport(t, w, 100)
	_, err := w.ApplyRemote(t.Context(), syncer(), w.seen("list"), &store.Mark{ImportID: i.ID, NextPage: 9, Items: 812, Order: store.OldestFirst})
	require.NoError(t, err)
	require.NoError(t, w.FinishImport(t.Context(), syncer(), i.ID))
	r := lastRecord(t, w.DB)
	assert.Equal(t, "import.finished", r.Action)
	assert.Equal(t, map[string]string{"items": "812", "order": "oldest"}, r.Details)
}

// The order of Plexy's list is what the newest import that could see it saw: an
// empty list shows none.
func TestOrderIsWhatTheLastImportSaw(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct{ saw, want store.Order }{
		{store.OrderUnseen, store.OrderUnseen},
		{store.NewestFirst, store.NewestFirst},
		{store.OrderUnseen, store.NewestFirst},
		{store.Unordered, store.Unordered},
	} {
		i := openImport(t, w, 100)
		_, err := w.ApplyRemote(t.Context(), syncer(), w.seen("list"), &store.Mark{ImportID: i.ID, NextPage: 2, Order: row.saw})
		require.NoError(t, err)
		assert.NotEqual(t, store.Unordered, syncState(t, w).Order, "not before it is complete")
		require.NoError(t, w.FinishImport(t.Context(), syncer(), i.ID))
		assert.Equal(t, row.want, syncState(t, w).Order)
	}
}

func TestMarkOfAnOrderWithoutANameIsRefused(t *testing.T) {
	w := newWorld(t)
	i := openImport(t, w, 100)
	_, err := w.ApplyRemote(t.Context(), syncer(), w.seen("list"), &store.Mark{ImportID: i.ID, NextPage: 2, Order: "sideways"})
	require.ErrorContains(t, err, "constraint failed")
	require.False(t, errors.Is(err, distribution.ErrConflict))
}
