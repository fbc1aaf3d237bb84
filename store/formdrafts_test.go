package store_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func unfinished(token string) store.FormDraft {
	return store.FormDraft{Token: token, Fields: url.Values{"amount": {" 1.250 "}, "confirm": {"bin.check", "bic.bank"}}}
}

func keep(t *testing.T, w *world, by distribution.Actor, d store.FormDraft) time.Time {
	t.Helper()
	at, err := w.KeepFormDraft(t.Context(), by, d)
	require.NoError(t, err)
	return at
}

func TestAFormIsKeptAsItWasTyped(t *testing.T) {
	w := newWorld(t)
	other := storetest.User(t, w.DB, distribution.Accountant)
	first := keep(t, w, w.maker, unfinished("a"))
	w.clock.Advance(time.Minute)
	changed := unfinished("a")
	changed.Fields.Set("amount", "1250,00")
	second := keep(t, w, w.maker, changed)
	assert.Equal(t, time.Minute, second.Sub(first))

	got, err := w.FormDraft(t.Context(), w.maker.ID, "a")
	require.NoError(t, err)
	changed.KeptAt = second
	assert.Equal(t, changed, got)

	_, err = w.FormDraft(t.Context(), other.ID, "a")
	require.ErrorIs(t, err, distribution.ErrNotFound, "of another")
	_, err = w.KeepFormDraft(t.Context(), other, unfinished("a"))
	require.ErrorIs(t, err, distribution.ErrNotFound, "of another")
	require.ErrorIs(t, w.DropFormDraft(t.Context(), other, "a"), distribution.ErrNotFound, "of another")
	_, err = w.KeepFormDraft(t.Context(), w.manager, unfinished("b"))
	require.ErrorIs(t, err, distribution.ErrForbidden, "who does not make any")
}

func TestSeveralFormsAreKeptAtOnce(t *testing.T) {
	w := newWorld(t)
	draft := storetest.Draft(t, w.DB, w.maker)
	id := draft.ID
	keep(t, w, w.maker, unfinished("a"))
	w.clock.Advance(time.Second)
	editing := unfinished("b")
	editing.Editing = id
	keep(t, w, w.maker, editing)
	w.clock.Advance(time.Second)
	copied := unfinished("c")
	copied.CopyOf = id
	keep(t, w, w.maker, copied)

	all, err := w.FormDrafts(t.Context(), w.maker.ID)
	require.NoError(t, err)
	require.Len(t, all, 3)
	assert.Equal(t, "c", all[0].Token, "the newest first")
	assert.Equal(t, id, all[0].CopyOf)
	assert.Equal(t, id, all[1].Editing)
	assert.Equal(t, []string{draft.OrderReference, draft.OrderReference, ""}, []string{all[0].About, all[1].About, all[2].About})

	require.NoError(t, w.DropFormDraft(t.Context(), w.maker, "a"))
	n, err := w.CountFormDrafts(t.Context(), w.maker.ID)
	require.NoError(t, err)
	assert.Equal(t, 2, n)

	nothing := unfinished("d")
	nothing.Editing = "nothing"
	_, err = w.KeepFormDraft(t.Context(), w.maker, nothing)
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

// What was kept goes with the form, and does not come back after it.
func TestASpentFormIsNotKept(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	kept := unfinished(n.FormToken)
	keep(t, w, w.maker, kept)
	keep(t, w, w.maker, unfinished("another"))
	d, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)

	_, err = w.FormDraft(t.Context(), w.maker.ID, n.FormToken)
	require.ErrorIs(t, err, distribution.ErrNotFound)
	var spent *store.ErrFormSpent
	_, err = w.KeepFormDraft(t.Context(), w.maker, kept)
	require.ErrorAs(t, err, &spent, "an answer that came late")
	assert.Equal(t, d.ID, spent.ID)
	all, err := w.FormDrafts(t.Context(), w.maker.ID)
	require.NoError(t, err)
	assert.Len(t, all, 1, "the others stay")
}

func TestKeptFormsAreBounded(t *testing.T) {
	w := newWorld(t)
	for i := range store.MaxFormDrafts {
		keep(t, w, w.maker, unfinished(strconv.Itoa(i)))
	}
	var refusal *distribution.Refusal
	_, err := w.KeepFormDraft(t.Context(), w.maker, unfinished("one more"))
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, "drafts_full", refusal.Code)
	keep(t, w, w.maker, unfinished("7")) // one of the fifty

	large := unfinished("7")
	large.Fields.Set("paymentPurpose", strings.Repeat("ә", 40_000))
	_, err = w.KeepFormDraft(t.Context(), w.maker, large)
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, "draft_large", refusal.Code)
}
