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
