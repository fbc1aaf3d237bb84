package store_test

import (
	"regexp"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestFormBecomesADraftOnce(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	first, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, distribution.Draft, first.Status)
	assert.Equal(t, n.Content, first.Content)
	assert.Equal(t, w.maker.Person, first.CreatedBy)
	assert.Equal(t, w.Now(), first.CreatedAt)

	state := w.dump(t)
	n.Confirmed = []string{"bin.check"} // ticks are not part of what is compared
	again, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, first.ID, again.ID)
	assert.Equal(t, state, w.dump(t))
}

func TestSpentFormIsRefused(t *testing.T) {
	w := newWorld(t)
	colleague := storetest.User(t, w.DB, distribution.Accountant)
	spent := storetest.Filled(t)
	d, err := w.Create(t.Context(), w.maker, spent)
	require.NoError(t, err)
	other := storetest.Draft(t, w.DB, w.maker)

	changed := storetest.Filled(t, func(f *distribution.Form) { f.Amount = "150 000,01" })
	changed.FormToken = spent.FormToken
	state := w.dump(t)

	_, err = w.Create(t.Context(), w.maker, changed)
	assert.Equal(t, &store.ErrFormSpent{ID: d.ID}, err, "the error names the page of the draft that is there")
	_, err = w.Edit(t.Context(), w.maker, d.ID, changed)
	assert.Equal(t, &store.ErrFormSpent{ID: d.ID}, err)
	_, err = w.Edit(t.Context(), w.maker, other.ID, spent)
	assert.Equal(t, &store.ErrFormSpent{ID: d.ID}, err, "the form of another draft")
	require.ErrorIs(t, err, distribution.ErrConflict)

	_, err = w.Create(t.Context(), colleague, spent)
	require.ErrorIs(t, err, distribution.ErrConflict, "the form of another person")
	assert.NotContains(t, err.Error(), d.ID, "which they do not learn of")
	assert.Equal(t, state, w.dump(t))
}

func TestRefusedFormIsNotSpent(t *testing.T) {
	w := newWorld(t)
	taken := storetest.Draft(t, w.DB, w.maker)
	n := storetest.Filled(t)
	free := n.Content.OrderReference

	n.Content.OrderReference = taken.OrderReference
	_, err := w.Create(t.Context(), w.maker, n)
	require.Error(t, err)

	n.Content.OrderReference = free
	_, err = w.Create(t.Context(), w.maker, n)
	require.NoError(t, err, "the same form, corrected")
}

func TestOnlyAccountantsMakeDrafts(t *testing.T) {
	w := newWorld(t)
	for _, role := range []distribution.Role{distribution.Manager, distribution.Auditor, distribution.Admin} {
		by := storetest.User(t, w.DB, role)
		state := w.dump(t)
		_, err := w.Create(t.Context(), by, storetest.Filled(t))
		require.ErrorIs(t, err, distribution.ErrForbidden, role)
		assert.Equal(t, state, w.dump(t))
	}
}

// Two presses of one button arrive at the same time.
func TestOneFormPressedByManyHandsIsOneDraft(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	ids := make([]string, 16)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			d, err := w.Create(t.Context(), w.maker, n)
			assert.NoError(t, err)
			ids[i] = d.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
	}
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distributions"))
}

func TestReferenceIsNeverUsedTwice(t *testing.T) {
	w := newWorld(t)
	taken := distribution.FieldErrors{distribution.FieldReference: {Code: "reference.taken"}}
	w.apply(t, "list", w.foreign("P-1", "created"))
	cancelled := storetest.Queued(t, w.DB, w.maker)
	_, err := w.Change(t.Context(), w.maker, cancelled.ID, cancel(w.maker, ""))
	require.NoError(t, err)
	draft := storetest.Draft(t, w.DB, w.maker)

	for name, reference := range map[string]string{
		"of one made elsewhere": "ELSEWHERE-P-1",
		"of a cancelled one":    cancelled.OrderReference,
		"of a draft":            draft.OrderReference,
	} {
		n := storetest.Filled(t, func(f *distribution.Form) { f.OrderReference = reference })
		_, err := w.Create(t.Context(), w.maker, n)
		assert.Equal(t, taken, err, name)
		if reference != draft.OrderReference {
			_, err = w.Edit(t.Context(), w.maker, draft.ID, n)
			assert.Equal(t, taken, err, name)
		}
	}
}

func TestEmptyReferenceGetsARandomOne(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for range 50 {
		d := storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.OrderReference = "" })
		assert.Regexp(t, regexp.MustCompile(`^D-[0-9A-HJKMNP-TV-Z]{16}$`), d.OrderReference, "80 bits in Crockford's base32")
		assert.False(t, seen[d.OrderReference], d.OrderReference)
		seen[d.OrderReference] = true
		f := storetest.ExampleForm()
		f.OrderReference = d.OrderReference
		_, errs := f.Parse()
		assert.Empty(t, errs, "a person could type it")
	}
}

func TestFormWithEmptyReferenceFindsItsDraftAgain(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t, func(f *distribution.Form) { f.OrderReference = "" })
	first, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	again, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, first.ID, again.ID)
	assert.Equal(t, first.OrderReference, again.OrderReference)
}

func TestEditReplacesTheContentOnce(t *testing.T) {
	w := newWorld(t)
	d := storetest.Draft(t, w.DB, w.maker)
	n := storetest.Filled(t, func(f *distribution.Form) { f.OrderReference, f.Amount = "", "1 250 000,00" })
	edited, err := w.Edit(t.Context(), w.maker, d.ID, n)
	require.NoError(t, err)
	assert.EqualValues(t, 125_000_000, edited.Amount)
	assert.Equal(t, d.OrderReference, edited.OrderReference, "an empty one leaves what is there")

	state := w.dump(t)
	again, err := w.Edit(t.Context(), w.maker, d.ID, n)
	require.NoError(t, err)
	assert.Equal(t, edited.Version, again.Version)
	assert.Equal(t, state, w.dump(t))
}

func TestEditMayKeepOrChangeTheReference(t *testing.T) {
	w := newWorld(t)
	d := storetest.Draft(t, w.DB, w.maker)
	kept, err := w.Edit(t.Context(), w.maker, d.ID, storetest.Filled(t, func(f *distribution.Form) { f.OrderReference = d.OrderReference }))
	require.NoError(t, err, "its own is not taken")
	assert.Equal(t, d.OrderReference, kept.OrderReference)

	moved, err := w.Edit(t.Context(), w.maker, d.ID, storetest.Filled(t, func(f *distribution.Form) { f.OrderReference = "DIST-7" }))
	require.NoError(t, err)
	assert.Equal(t, "DIST-7", moved.OrderReference)
}

func TestEditIsForTheMakerInDraft(t *testing.T) {
	w := newWorld(t)
	colleague := storetest.User(t, w.DB, distribution.Accountant)
	draft, queued := storetest.Draft(t, w.DB, w.maker), storetest.Queued(t, w.DB, w.maker)
	for _, row := range []struct {
		name string
		by   distribution.Actor
		id   string
		want error
	}{
		{"another accountant", colleague, draft.ID, distribution.ErrForbidden},
		{"a manager", w.manager, draft.ID, distribution.ErrForbidden},
		{"after it was handed over", w.maker, queued.ID, distribution.ErrConflict},
		{"what does not exist", w.maker, "nowhere", distribution.ErrNotFound},
	} {
		n, state := storetest.Filled(t), w.dump(t)
		_, err := w.Edit(t.Context(), row.by, row.id, n)
		require.ErrorIs(t, err, row.want, row.name)
		assert.Equal(t, state, w.dump(t), row.name)
	}
}

func TestCopyNamesWhatItCorrects(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	n.CopyOf = storetest.Draft(t, w.DB, w.maker).ID
	d, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, n.CopyOf, w.read(t, d.ID).CopyOf)
	copies, err := w.CopiesOf(t.Context(), n.CopyOf)
	require.NoError(t, err)
	require.Len(t, copies, 1)
	assert.Equal(t, d.ID, copies[0].ID)
}

// A copy of what may have been paid would be the second payment.
func TestCopyIsRefusedWhileTheOutcomeIsUnknown(t *testing.T) {
	w := newWorld(t)
	lost := storetest.Unknown(t, w.DB, w.maker)
	for name, row := range map[string]struct {
		by   distribution.Actor
		of   string
		want error
	}{
		"unknown":            {w.maker, lost.ID, distribution.ErrConflict},
		"of somebody else":   {storetest.User(t, w.DB, distribution.Accountant), lost.ID, distribution.ErrForbidden},
		"of one that is not": {w.maker, "nothing", distribution.ErrNotFound},
	} {
		n := storetest.Filled(t, func(f *distribution.Form) { f.OrderReference = "" })
		n.CopyOf = row.of
		before := w.dump(t)
		_, err := w.Create(t.Context(), row.by, n)
		require.ErrorIs(t, err, row.want, name)
		assert.Equal(t, before, w.dump(t), name)
	}
}
