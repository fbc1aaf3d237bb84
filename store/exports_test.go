package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func registerExport() store.NewExport {
	return store.NewExport{Kind: store.ExportDistributions, Format: "csv", Dialect: "excel", Filter: "status=paid"}
}

func askExport(t *testing.T, db *store.DB, by distribution.Actor) store.Export {
	t.Helper()
	e, err := db.CreateExport(t.Context(), by, registerExport())
	require.NoError(t, err)
	return e
}

func TestExportIsMadeOnceOldestFirst(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	worker := distribution.System("exporter")
	by := addUser(t, db, aigul()).Actor()
	first := askExport(t, db, by)
	clock.Advance(time.Second)
	second := askExport(t, db, by)

	next, err := db.NextExport(t.Context())
	require.NoError(t, err)
	assert.Equal(t, first.ID, next.ID)

	made := store.Made{
		FileName: "register.csv", Rows: 3, Sum: 150_00, SHA256: []byte{1, 2}, Bytes: 100,
		AsOf: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), Complete: false,
	}
	require.NoError(t, db.FinishExport(t.Context(), worker, first.ID, made))
	assert.Equal(t, "export.made", lastRecord(t, db).Action)
	ready, err := db.Export(t.Context(), by, first.ID)
	require.NoError(t, err)
	assert.Equal(t, made, ready.Made)
	assert.Equal(t, store.ExportReady, ready.Status)
	assert.Equal(t, db.Now(), ready.FinishedAt)

	require.ErrorIs(t, db.FinishExport(t.Context(), worker, first.ID, made), distribution.ErrConflict)
	require.ErrorIs(t, db.FailExport(t.Context(), worker, first.ID, "X"), distribution.ErrConflict)

	require.NoError(t, db.FailExport(t.Context(), worker, second.ID, "7F3K"))
	assert.Equal(t, audit.Failed, lastRecord(t, db).Result)
	_, err = db.NextExport(t.Context())
	require.ErrorIs(t, err, distribution.ErrNotFound, "nothing waits")

	mine, err := db.Exports(t.Context(), by)
	require.NoError(t, err)
	require.Len(t, mine, 2)
	assert.Equal(t, second.ID, mine[0].ID, "newest first")
	assert.Equal(t, "7F3K", mine[0].ErrorID)
}

func TestExportBelongsToWhoAskedForIt(t *testing.T) {
	db := storetest.New(t)
	mine := addUser(t, db, aigul()).Actor()
	other := addUser(t, db, store.NewUser{Email: "b@demo.kz", Name: "B", Role: distribution.Auditor}).Actor()
	e := askExport(t, db, mine)
	assert.Equal(t, "export.requested", lastRecord(t, db).Action)
	assert.Equal(t, "status=paid", lastRecord(t, db).Details["filter"])

	_, err := db.Export(t.Context(), mine, e.ID)
	require.NoError(t, err)
	_, err = db.Export(t.Context(), other, e.ID)
	require.ErrorIs(t, err, distribution.ErrNotFound)
	list, err := db.Exports(t.Context(), other)
	require.NoError(t, err)
	assert.Empty(t, list)
	_, err = db.CreateExport(t.Context(), distribution.Actor{}, registerExport())
	require.Error(t, err)
}
