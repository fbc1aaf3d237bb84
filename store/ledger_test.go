package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// told reads a balance at the clock's time.
func (w *world) told(t testing.TB, a distribution.Amount) {
	t.Helper()
	require.NoError(t, w.KeepBalance(t.Context(), syncer(), store.Balance{Amount: a, Currency: "KZT"}, storetest.Answer("balance", w.Now())))
}

// residuals are the amounts of those of the last day.
func (w *world) residuals(t testing.TB) []distribution.Amount {
	t.Helper()
	found, err := w.Residuals(t.Context(), w.Now().Add(-24*time.Hour))
	require.NoError(t, err)
	var amounts []distribution.Amount
	for _, r := range found {
		assert.True(t, r.From.Before(r.To))
		amounts = append(amounts, r.Amount)
	}
	return amounts
}

// pays lets Plexy say yes to one, with the balance before and after.
func (w *world) pays(t testing.TB, plexyID string, before distribution.Amount) distribution.Distribution {
	t.Helper()
	c := storetest.Sending(t, w.DB, w.maker)
	require.NoError(t, w.KeepAnswer(t.Context(), sender(), c.Attempt.ID, storetest.Answer("create", w.Now())))
	return storetest.Finish(t, w.DB, c, store.OutcomeOK, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, plexyID, "created")
		after := before - d.Amount
		r.CreatedAt, r.BalanceBefore, r.BalanceAfter = w.Now(), &before, &after
		return d.Answer(r)
	})
}

const full, paid = distribution.Amount(1_000_000_00), distribution.Amount(150_000_00)

func TestResidualsOfTheDatabase(t *testing.T) {
	cases := []struct {
		name string
		what func(*testing.T, *world)
		want []distribution.Amount
	}{
		{"one reading", func(t *testing.T, w *world) { w.told(t, full) }, nil},
		{"a payment of ours with its answer", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			w.pays(t, "plx-1", full)
			w.clock.Advance(time.Hour)
			w.told(t, full-paid)
		}, nil},
		{"it failed later and the money came back", func(t *testing.T, w *world) {
			d := w.pays(t, "plx-1", full)
			w.clock.Advance(time.Hour)
			r := storetest.Remote(&d, "plx-1", "failed")
			r.UpdatedAt = w.Now()
			w.clock.Advance(time.Hour)
			w.apply(t, "detail", r)
			w.told(t, full)
		}, nil},
		{"it failed and the money did not come back", func(t *testing.T, w *world) {
			d := w.pays(t, "plx-1", full)
			w.clock.Advance(time.Hour)
			w.apply(t, "detail", storetest.Remote(&d, "plx-1", "failed"))
			w.clock.Advance(time.Hour)
			w.told(t, full-paid)
		}, []distribution.Amount{-paid}},
		{"a payment made elsewhere", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(3 * time.Hour)
			r := w.foreign("plx-2", "paid") // an hour ago
			w.apply(t, "list", r)
			w.told(t, full-r.Amount)
		}, nil},
		{"money left, and nobody here knows why", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			w.told(t, full-75_000_00)
		}, []distribution.Amount{-75_000_00}},
		{"an outcome that is not known explains nothing", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			storetest.Unknown(t, w.DB, w.maker)
			w.clock.Advance(time.Hour)
			w.told(t, full-paid)
		}, []distribution.Amount{-paid}},
		{"until it is found", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			d := storetest.Unknown(t, w.DB, w.maker)
			w.clock.Advance(time.Hour)
			w.told(t, full-paid)
			w.clock.Advance(time.Hour)
			w.apply(t, "list", storetest.Remote(&d, "plx-1", "created")) // Plexy tells no time
		}, nil},
		{"Plexy executed another amount", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker), store.OutcomeDiffers, func(d *distribution.Distribution) (distribution.Event, error) {
				r := storetest.Remote(d, "plx-1", "created")
				r.Amount, r.CreatedAt = 15_000_00, w.Now()
				return d.Differ(r)
			})
			w.clock.Advance(time.Hour)
			w.told(t, full-15_000_00)
		}, nil},
		{"Plexy's times are those of another zone", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			d := storetest.Unknown(t, w.DB, w.maker)
			r := storetest.Remote(&d, "plx-1", "created")
			r.CreatedAt = w.Now().Add(5 * time.Hour)
			w.apply(t, "list", r)
			w.clock.Advance(time.Hour)
			w.told(t, full-paid)
		}, nil},
		{"what happened before the period", func(t *testing.T, w *world) {
			w.told(t, full)
			w.clock.Advance(time.Hour)
			w.told(t, full+1)
			w.clock.Advance(25 * time.Hour)
			w.told(t, full+1+5)
			w.clock.Advance(time.Minute)
			w.told(t, full+1+5+7)
		}, []distribution.Amount{7}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.what(t, w)
			assert.Equal(t, c.want, w.residuals(t))
		})
	}
}

func TestReadingsComeNewestFirstPageByPage(t *testing.T) {
	w := newWorld(t)
	w.told(t, full+1)
	w.clock.Advance(31 * 24 * time.Hour)
	w.told(t, full)
	w.clock.Advance(time.Minute)
	d := w.pays(t, "plx-1", full)
	w.clock.Advance(time.Minute)
	w.told(t, full)
	since := w.Now().Add(-30 * 24 * time.Hour)

	first, err := w.Readings(t.Context(), since, 0, 2)
	require.NoError(t, err)
	require.Len(t, first.Rows, 2)
	assert.Equal(t, paid, *first.Rows[0].Change)
	assert.Empty(t, first.Rows[0].Reference)
	assert.Equal(t, d.OrderReference, first.Rows[1].Reference)
	assert.Equal(t, full, *first.Rows[1].Before)
	assert.Equal(t, -paid, *first.Rows[1].Change)
	require.NotZero(t, first.Next)

	second, err := w.Readings(t.Context(), since, first.Next, 2)
	require.NoError(t, err)
	require.Len(t, second.Rows, 1, "the first reading is older than the period")
	assert.Equal(t, distribution.Amount(-1), *second.Rows[0].Change)
	assert.Zero(t, second.Next)
}

// However long the history is, only the period is read.
func TestTheLedgerReadsByIndex(t *testing.T) {
	w := newWorld(t)
	paid, back := store.LedgerQueries()
	debits, credits := planOf(t, w, paid, 1), planOf(t, w, back, 1)
	assert.Contains(t, debits, "USING INDEX distributions_by_plexy_time (plexy_created_at>?)")
	assert.Contains(t, credits, "USING INDEX distribution_events_back (at>?)")
	for _, plan := range []string{debits, credits} {
		for step := range strings.Lines(plan) {
			assert.False(t, strings.HasPrefix(step, "SCAN d"), step)
		}
	}
}

func TestBacklog(t *testing.T) {
	w := newWorld(t)
	backlog := func() store.Backlog {
		b, err := w.Backlog(t.Context())
		require.NoError(t, err)
		return b
	}
	assert.Equal(t, store.Backlog{}, backlog())

	unknown := storetest.Unknown(t, w.DB, w.maker)
	w.clock.Advance(time.Hour)
	w.pays(t, "plx-1", full)
	first := storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(time.Hour)
	storetest.Queued(t, w.DB, w.maker)
	assert.Equal(t, store.Backlog{
		Queued: 2, QueuedSince: first.QueuedAt, Uncertain: 1, UncertainSince: unknown.UnknownSince, SentToday: 2 * paid,
	}, backlog(), "an unknown one may have left")

	w.clock.Advance(24 * time.Hour)
	assert.Zero(t, backlog().SentToday)
}

// planOf is how SQLite runs a query.
func planOf(t *testing.T, w *world, query string, args ...any) string {
	t.Helper()
	var plan []string
	rows, err := store.ReadPool(w.DB).QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		plan = append(plan, step)
	}
	require.NoError(t, rows.Err())
	return strings.Join(plan, "\n")
}
