package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// A row says when another one makes something of it.
func TestTiesAreWhatOtherRowsMakeOfOne(t *testing.T) {
	w := newWorld(t)
	draft := func() string { return storetest.Draft(t, w.DB, w.maker).ID }
	copyOf := func(id string) string {
		by := draft()
		w.sql(t, "UPDATE distributions SET copy_of = ? WHERE id = ?", id, by)
		return by
	}
	cancelled := draft()
	require.NoError(t, second(w.Change(t.Context(), w.maker, cancelled, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Cancel(w.maker, "")
	})))
	w.apply(t, "list", w.foreign("A", "failed"), w.foreign("B", "returned"), w.foreign("C", "paid"))
	want := map[string]distribution.Ties{draft(): {}}
	for _, original := range []string{cancelled, closed(t, w).ID, w.byPlexyID(t, "A").ID, w.byPlexyID(t, "B").ID} {
		want[original], want[copyOf(original)] = distribution.Ties{Corrected: true}, distribution.Ties{Correction: true}
	}
	paid := w.byPlexyID(t, "C").ID // the next rent is a copy of this one, and corrects nothing
	want[paid], want[copyOf(paid)] = distribution.Ties{}, distribution.Ties{}
	written := draft()
	want[written], want[copyOf(written)] = distribution.Ties{}, distribution.Ties{}

	twice, linked := draft(), draft()
	w.apply(t, "list", w.foreign("P-1", "paid"), w.foreign("P-2", "paid"))
	foreign := []string{w.byPlexyID(t, "P-1").ID, w.byPlexyID(t, "P-2").ID}
	w.sql(t, "UPDATE distributions SET twin_of = ? WHERE id = ?", twice, foreign[0])
	w.sql(t, "UPDATE distributions SET twin_of = ?, linked_to = ? WHERE id = ?", linked, linked, foreign[1])
	want[twice], want[foreign[0]], want[linked] = distribution.Ties{Twice: true}, distribution.Ties{Twice: true}, distribution.Ties{}

	for id, ties := range want { // each alone, as a row that is drawn anew
		got, err := w.TiesOf(t.Context(), []distribution.Distribution{w.read(t, id)})
		require.NoError(t, err)
		assert.Equal(t, ties, got[id], id)
	}
	var rows []distribution.Distribution
	for id := range want {
		rows = append(rows, w.read(t, id))
	}
	got, err := w.TiesOf(t.Context(), rows) // and together, as a page
	require.NoError(t, err)
	for id, ties := range want {
		assert.Equal(t, ties, got[id], id)
	}
	none, err := w.TiesOf(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, none)
}
