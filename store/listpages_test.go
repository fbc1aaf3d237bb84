package store_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func idsOf(rows []distribution.Distribution) []string {
	var ids []string
	for _, d := range rows {
		ids = append(ids, d.ID)
	}
	return ids
}

// Whoever goes back sees the pages that they left, in any order and at any size.
func TestThePageBeforeIsTheOneThatWasLeft(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 40)
	ids := table{}.read(t, w).ids()
	rapid.Check(t, func(r *rapid.T) {
		f := drawFilter(r, ids)
		f.Size = rapid.IntRange(1, 9).Draw(r, "rows of a page")
		var onward []store.Page
		before := 0
		for {
			p, err := w.List(t.Context(), f)
			require.NoError(r, err)
			require.Equal(r, before, p.Before)
			require.Equal(r, len(onward) > 0, p.Prev != "", "only the first page has none before it")
			onward = append(onward, p)
			before += len(p.Rows)
			if f.Cursor = p.Next; f.Cursor == "" {
				break
			}
		}
		for i := len(onward) - 1; i > 0; i-- {
			f.Cursor = onward[i].Prev
			p, err := w.List(t.Context(), f)
			require.NoError(r, err)
			require.Equal(r, onward[i-1], p, "page %d", i-1)
		}
	})
}

// Rows that come on top meanwhile push nothing out of the page before, and going
// back ends on a whole first page.
func TestThePageBeforeStaysWhenRowsCome(t *testing.T) {
	w := newWorld(t)
	drafts := func(n int) (ids []string) {
		for range n {
			ids = append([]string{storetest.Draft(t, w.DB, w.maker).ID}, ids...)
		}
		return ids
	}
	list := func(cursor string) store.Page {
		p, err := w.List(t.Context(), store.Filter{Sort: "-created", Size: 4, Cursor: cursor})
		require.NoError(t, err)
		return p
	}
	old := drafts(10)
	second := list(list("").Next)
	assert.Equal(t, old[4:8], idsOf(second.Rows))
	came := drafts(2)

	first := list(second.Prev)
	assert.Equal(t, old[:4], idsOf(first.Rows))
	assert.Equal(t, 2, first.Before, "those that came stand before it")
	assert.Equal(t, idsOf(second.Rows), idsOf(list(first.Next).Rows))

	top := list(first.Prev)
	assert.Equal(t, slices.Concat(came, old[:2]), idsOf(top.Rows))
	assert.Empty(t, top.Prev)
	assert.Zero(t, top.Before)
}

// What came after a list was drawn is counted by its filter, up to a bound.
func TestArrivalsAreTheMatchesThatCameAfter(t *testing.T) {
	w := newWorld(t)
	newest, err := w.Newest(t.Context())
	require.NoError(t, err)
	assert.Empty(t, newest, "an empty table")
	sample(t, w, 0, 20)
	since, err := w.Newest(t.Context())
	require.NoError(t, err)
	assert.Equal(t, slices.Max(table{}.read(t, w).ids()), since)
	sample(t, w, 20, 20)
	all := table{}.read(t, w)
	rapid.Check(t, func(r *rapid.T) {
		f := drawFilter(r, all.ids())
		most := rapid.IntRange(1, 20).Draw(r, "most")
		want := 0
		for id, d := range all {
			if id > since && matches(f, d) {
				want++
			}
		}
		n, err := w.Arrived(t.Context(), f, since, most)
		require.NoError(r, err)
		require.Equal(r, min(want, most), n)
	})
	now, err := w.Newest(t.Context())
	require.NoError(t, err)
	n, err := w.Arrived(t.Context(), store.Filter{}, now, 100)
	require.NoError(t, err)
	assert.Zero(t, n, "nothing came since")
	n, err = w.Arrived(t.Context(), store.Filter{}, "", 100)
	require.NoError(t, err)
	assert.Len(t, all, n, "into what was empty, everything came")
}
