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

// notOurs is a distribution that was taken for a row of somebody else's under its
// reference, until two people said so. Meanwhile Plexy showed P-2 under it, too.
func notOurs(t *testing.T, w *world, second func(*distribution.Remote)) (ours distribution.Distribution, r distribution.Remote) {
	t.Helper()
	d := storetest.Unknown(t, w.DB, w.maker)
	foreign := storetest.Remote(&d, "P-1", "created")
	foreign.Amount, foreign.ByID = foreign.Amount+1, true
	w.apply(t, "detail", foreign)
	require.Equal(t, distribution.Mismatch, w.read(t, d.ID).Status)
	r = storetest.Remote(&d, "P-2", "paid")
	second(&r)
	w.apply(t, "list", r)

	dec, err := w.Propose(t.Context(), w.maker, store.Proposal{
		Kind: distribution.DecideNotOurs, DistributionID: d.ID, Reason: "another contract",
	}, time.Hour)
	require.NoError(t, err)
	_, err = w.Confirm(t.Context(), w.manager, dec.ID)
	require.NoError(t, err)
	return w.read(t, d.ID), r
}

func TestTheOtherRowOfItsReferenceBecomesOursWhenTheFirstIsNot(t *testing.T) {
	w := newWorld(t)
	d, r := notOurs(t, w, func(*distribution.Remote) {})
	require.Equal(t, distribution.Unknown, d.Status)
	require.Len(t, twins(t, w, d.ID), 1)

	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "list", r))
	found := w.read(t, d.ID)
	assert.Equal(t, []any{distribution.Paid, "P-2"}, []any{found.Status, found.PlexyID})
	assert.Equal(t, d.ID, twins(t, w, d.ID)[0].LinkedTo, "the mirrored row counts no more")
	assert.Equal(t, store.Applied{}, w.apply(t, "list", r), "told already")
}

func TestTheOtherRowThatDiffersIsAMismatchAgain(t *testing.T) {
	w := newWorld(t)
	d, r := notOurs(t, w, func(r *distribution.Remote) { r.Amount *= 100 })

	assert.Equal(t, store.Applied{Unconfirmed: []string{"P-2"}}, w.apply(t, "list", r))
	assert.Equal(t, distribution.Unknown, w.read(t, d.ID).Status, "a list alone does not say that it differs")
	r.ByID = true
	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "detail", r))
	assert.Equal(t, []any{distribution.Mismatch, "P-2"}, []any{w.read(t, d.ID).Status, w.read(t, d.ID).PlexyID})
}

func TestADisownedRowIsNotTakenForOursAgain(t *testing.T) {
	w := newWorld(t)
	d, _ := notOurs(t, w, func(*distribution.Remote) {})
	foreign := storetest.Remote(&d, "P-1", "created")
	foreign.ByID = true
	for range 2 {
		w.apply(t, "detail", foreign)
		assert.Equal(t, []any{distribution.Unknown, ""}, []any{w.read(t, d.ID).Status, w.read(t, d.ID).PlexyID})
	}
}

func twins(t *testing.T, w *world, id string) []distribution.Distribution {
	t.Helper()
	found, err := w.TwinsOf(t.Context(), id)
	require.NoError(t, err)
	return found
}
