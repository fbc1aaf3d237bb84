package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

func tracesOfViews() []trace {
	saved := func(t *testing.T, w *world) string {
		t.Helper()
		v, err := w.SaveView(t.Context(), w.maker, store.SavedView{Name: "Налоги", Query: "knp=911"})
		require.NoError(t, err)
		return v.ID
	}
	return []trace{
		{"SaveView", []string{"view.saved"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return second(w.SaveView(t.Context(), by, store.SavedView{Name: "Налоги", Query: "knp=911"}))
			}
		}, byMaker},
		{"EditView", []string{"view.changed"}, func(t *testing.T, w *world) call {
			id := saved(t, w)
			return func(by distribution.Actor) error {
				return w.EditView(t.Context(), by, id, "Налоги и сборы", true)
			}
		}, byMaker},
		{"EditView to the same", nil, func(t *testing.T, w *world) call {
			id := saved(t, w)
			return func(by distribution.Actor) error { return w.EditView(t.Context(), by, id, "Налоги", false) }
		}, byMaker},
		{"DeleteView", []string{"view.deleted"}, func(t *testing.T, w *world) call {
			id := saved(t, w)
			return func(by distribution.Actor) error { return w.DeleteView(t.Context(), by, id) }
		}, byMaker},
		{"ChooseColumns", []string{"column.chosen"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.ChooseColumns(t.Context(), by, store.FixedColumns()) }
		}, byMaker},
		{"ChooseColumns as they are", nil, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.ChooseColumns(t.Context(), by, store.DefaultColumns()) }
		}, byMaker},
	}
}

func TestViewsAreNamedOnce(t *testing.T) {
	w := newWorld(t)
	save := func(by distribution.Actor, name string, shared bool) string {
		_, err := w.SaveView(t.Context(), by, store.SavedView{Name: name, Query: "knp=911", Shared: shared})
		if refusal, ok := err.(*distribution.Refusal); ok { //nolint:errorlint // not wrapped
			return refusal.Code
		}
		require.NoError(t, err)
		return ""
	}
	assert.Empty(t, save(w.maker, "Налоги", true))
	assert.Equal(t, "view_taken", save(w.maker, " налоги ", false), "one's own")
	assert.Equal(t, "view_taken", save(w.manager, "НАЛОГИ", true), "one for everybody")
	assert.Empty(t, save(w.manager, "Налоги", false), "one's own beside a shared one")
	assert.Equal(t, "view_name", save(w.maker, "  ", false))
	assert.Equal(t, "view_name", save(w.maker, strings.Repeat("я", store.MaxViewName+1), false))
	for i := range 49 {
		assert.Empty(t, save(w.maker, strings.Repeat("x", i+1), false))
	}
	assert.Equal(t, "view_limit", save(w.maker, "one too many", false))
	mine, err := w.Views(t.Context(), w.manager)
	require.NoError(t, err)
	assert.Len(t, mine, 2, "one's own and the shared one")
}

// Columns are kept as they were chosen when they are ones of the list, each once,
// with those by which a row is known among them.
func TestOnlyColumnsOfTheListAreChosen(t *testing.T) {
	w := newWorld(t)
	fixed := store.FixedColumns()
	for name, test := range map[string]struct {
		chosen  []string
		refused bool
	}{
		"those of everybody":     {store.DefaultColumns(), false},
		"all of them":            {store.ListColumns(), false},
		"only the fixed ones":    {fixed, false},
		"in another order":       {[]string{"status", "knp", "amount", "recipient", "reference"}, false},
		"none":                   {nil, true},
		"one that is not there":  {append(fixed, "secret"), true},
		"one twice":              {append(fixed, "knp", "knp"), true},
		"a fixed one twice":      {append(fixed, "amount"), true},
		"without a fixed one":    {[]string{"reference", "recipient", "amount", "created"}, true},
		"two names in one":       {append(fixed, "knp kbe"), true},
		"an empty name":          {append(fixed, ""), true},
		"one in other letters":   {append(fixed, "KNP"), true},
		"a column of the tables": {append(fixed, "recipient_knp"), true},
	} {
		before, err := w.ColumnsOf(t.Context(), w.maker)
		require.NoError(t, err)
		err = w.ChooseColumns(t.Context(), w.maker, test.chosen)
		_, viewErr := w.SaveView(t.Context(), w.maker, store.SavedView{Name: name, Query: "knp=911", Columns: test.chosen})
		after, readErr := w.ColumnsOf(t.Context(), w.maker)
		require.NoError(t, readErr)
		if !test.refused {
			require.NoError(t, err, name)
			require.NoError(t, viewErr, name)
			assert.Equal(t, test.chosen, after, name)
			continue
		}
		assert.Equal(t, "columns", refusalOf(t, err), name)
		assert.Equal(t, before, after, name)
		if len(test.chosen) > 0 { // a view without columns has those of whoever looks
			assert.Equal(t, "columns", refusalOf(t, viewErr), name)
		}
	}
	others, err := w.ColumnsOf(t.Context(), w.manager)
	require.NoError(t, err)
	assert.Equal(t, store.DefaultColumns(), others, "each person has their own")
}
