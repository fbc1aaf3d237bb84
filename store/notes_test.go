package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestNotesAreKeptNewestFirst(t *testing.T) {
	w := newWorld(t)
	d, other := w.read(t, storetest.Draft(t, w.DB, w.maker).ID), storetest.Draft(t, w.DB, w.maker)
	first := w.Now()
	require.NoError(t, w.AddNote(t.Context(), w.maker, d.ID, "Счёт № 118 у Айгуль"))
	w.clock.Advance(time.Minute)
	require.NoError(t, w.AddNote(t.Context(), w.manager, d.ID, "Договор проверен"))
	require.NoError(t, w.AddNote(t.Context(), w.manager, other.ID, "О другом"))

	notes, err := w.Notes(t.Context(), d.ID)
	require.NoError(t, err)
	name := func(by distribution.Actor) distribution.Person { return distribution.Person{ID: by.ID, Name: by.Name} }
	assert.Equal(t, []store.Note{
		{At: first.Add(time.Minute), By: name(w.manager), Text: "Договор проверен"},
		{At: first, By: name(w.maker), Text: "Счёт № 118 у Айгуль"},
	}, notes)
	assert.Equal(t, d, w.read(t, d.ID), "what people decide about is not touched")
	records := auditRecords(t, w.DB)
	assert.Equal(t, map[string]string{"note": "О другом"}, records[len(records)-1].Details, "the log holds the words")
}

func TestTheSameNoteTwiceInARowIsOne(t *testing.T) {
	w := newWorld(t)
	id := storetest.Draft(t, w.DB, w.maker).ID
	for _, by := range []distribution.Actor{w.maker, w.maker, w.manager, w.maker} {
		require.NoError(t, w.AddNote(t.Context(), by, id, "проверено"))
	}
	notes, err := w.Notes(t.Context(), id)
	require.NoError(t, err)
	assert.Len(t, notes, 3)
}

func TestNotesThatAreNotWritten(t *testing.T) {
	w := newWorld(t)
	id := storetest.Draft(t, w.DB, w.maker).ID
	for name, row := range map[string]struct {
		by       distribution.Actor
		id, text string
		want     error
	}{
		"of a colleague": {storetest.User(t, w.DB, distribution.Accountant), id, "a", distribution.ErrForbidden},
		"of an auditor":  {storetest.User(t, w.DB, distribution.Auditor), id, "a", distribution.ErrForbidden},
		"about nothing":  {w.manager, store.NewID(), "a", distribution.ErrNotFound},
		"without words":  {w.maker, id, "", distribution.ErrConflict},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.dump(t)
			require.ErrorIs(t, w.AddNote(t.Context(), row.by, row.id, row.text), row.want)
			assert.Equal(t, before, w.dump(t))
		})
	}
}

func TestANoteIsNeverChanged(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.AddNote(t.Context(), w.maker, storetest.Draft(t, w.DB, w.maker).ID, "a"))
	for _, statement := range []string{"UPDATE notes SET text = 'b'", "DELETE FROM notes"} {
		_, err := store.WritePool(w.DB).ExecContext(t.Context(), statement)
		assert.ErrorContains(t, err, "append-only", statement)
	}
}
