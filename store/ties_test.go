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
	copyOf := func(id string, status distribution.Status) string {
		t.Helper()
		w.sql(t, "UPDATE distributions SET status = ?, plexy_id = 'of ' || id WHERE id = ?", status, id)
		by := storetest.Draft(t, w.DB, w.maker).ID
		w.sql(t, "UPDATE distributions SET copy_of = ? WHERE id = ?", id, by)
		return by
	}
	draft := func() string { return storetest.Draft(t, w.DB, w.maker).ID }
	want := map[string]distribution.Ties{draft(): {}}
	for _, s := range distribution.CameToNothing() {
		original := draft()
		want[original] = distribution.Ties{Corrected: true}
		want[copyOf(original, s)] = distribution.Ties{Correction: true}
	}
	paid := draft() // the next rent is a copy of this one, and corrects nothing
	want[paid] = distribution.Ties{}
	want[copyOf(paid, distribution.Paid)] = distribution.Ties{}

	twice, linked := draft(), draft()
	w.apply(t, "list", w.foreign("P-1", "paid"), w.foreign("P-2", "paid"))
	foreign := column(t, w.DB, "SELECT id FROM distributions WHERE origin = 'plexy' ORDER BY plexy_id")
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
