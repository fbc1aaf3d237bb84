package worker

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// history adds n paid distributions made elsewhere, a minute apart, the last of
// them a day ago.
func (w *world) history(n int) {
	w.Helper()
	all := make([]plexytest.Distribution, 0, n)
	for i := range n {
		all = append(all, plexytest.Distribution{
			OrderReference: fmt.Sprintf("OLD-%06d", i), Amount: int64(i+1) * 100, Status: "paid",
			Recipient:      plexyclient.Recipient{Name: "TOO Old", BIN: "123456789012", IBAN: "KZ86125KZT5004100100", BIC: "KCJBKZKX", KBE: "17", KNP: "119"},
			PaymentPurpose: "по договору", CreatedAt: time.Now().Add(-24*time.Hour - time.Duration(n-i)*time.Minute),
		})
	}
	_, err := w.srv.Add(all...)
	require.NoError(w, err)
}

// assertWhole proves that the mirror holds every distribution of the stand-in
// once, with its amount.
func (w *world) assertWhole() {
	w.Helper()
	want := map[string]distribution.Amount{}
	for _, d := range w.srv.Distributions() {
		want[d.ID] = distribution.Amount(d.Amount)
	}
	got, rows := map[string]distribution.Amount{}, 0
	for d, err := range w.db.Register(w.Context(), store.Filter{Sort: "created"}) {
		require.NoError(w, err)
		if d.PlexyID != "" {
			got[d.PlexyID] = d.Amount
			rows++
		}
	}
	assert.Len(w, got, rows, "a distribution is there twice")
	assert.Equal(w, len(want), len(got))
	if len(want) < 1000 {
		assert.Equal(w, want, got)
		return
	}
	for id, amount := range want {
		if got[id] != amount {
			assert.Equal(w, amount, got[id], "distribution %s at Plexy", id)
		}
	}
}

func TestImportSurvivesFourKills(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		const pagesOfHistory = historyRows / pageSize
		w.history(historyRows)
		pages, kills := 0, []int{3, pagesOfHistory / 3, pagesOfHistory/3 + 1, pagesOfHistory * 2 / 3} // pages asked for, from the first run on
		kill := func() {}
		oddList{each: func() {
			pages++
			if slices.Contains(kills, pages) {
				kill()
			}
		}}.serve(w)
		for range kills {
			ctx, cancel := context.WithCancel(t.Context())
			kill = cancel
			assert.NoError(t, w.Syncer.Run(ctx))
			cancel()
			assert.NotNil(t, w.state().Import, "still open")
			assert.True(t, w.state().BaselineAt.IsZero())
			require.NoError(t, w.db.Close())
			db, err := store.Open(t.Context(), store.Options{Path: w.path})
			require.NoError(t, err)
			w.db, w.Workers = db, w.workersOn(db)
		}
		w.syncWhole()
		w.assertWhole()
		s := w.state()
		assert.Nil(t, s.Import)
		assert.False(t, s.BaselineAt.IsZero())
		assert.Equal(t, store.NewestFirst, s.Order)
		assert.Less(t, pages, pagesOfHistory+pagesOfHistory/importPages+15,
			"it went on where it stood: one page again for each batch and each kill, and the newest ones")

		swept := w.sweep() // as long a list as any here
		assert.Equal(t, store.SweepProven, swept.Ended)
		assert.Equal(t, historyRows, swept.Items)
		require.NoError(t, w.db.Close())
	})
}

func TestImportOfEveryKindOfList(t *testing.T) {
	for name, row := range map[string]struct {
		list oddList
		rows int
		want store.Order
	}{
		"as the stand-in":                  {oddList{}, 350, store.NewestFirst},
		"empty":                            {oddList{}, 0, store.OrderUnseen},
		"one":                              {oddList{}, 1, store.OrderUnseen},
		"exactly full pages":               {oddList{}, 300, store.NewestFirst},
		"oldest first":                     {oddList{oldestFirst: true}, 350, store.OldestFirst},
		"no order":                         {oddList{shuffled: true}, 350, store.Unordered},
		"no times":                         {oddList{untimed: true}, 350, store.Unordered},
		"pages smaller than asked for":     {oddList{cap: 30}, 350, store.NewestFirst},
		"no total":                         {oddList{noTotal: true}, 350, store.NewestFirst},
		"no total, full pages":             {oddList{noTotal: true}, 300, store.NewestFirst},
		"total of the page":                {oddList{pageTotal: true, cap: 50}, 320, store.NewestFirst},
		"404 behind the last page":         {oddList{refusesBeyond: true}, 300, store.NewestFirst},
		"the last page again":              {oddList{repeatsLast: true}, 300, store.NewestFirst},
		"the last page again, no total":    {oddList{repeatsLast: true, noTotal: true}, 350, store.NewestFirst},
		"more pages than one round's work": {oddList{cap: 10}, 450, store.NewestFirst},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				w.history(row.rows)
				row.list.serve(w)
				w.syncWhole()
				w.assertWhole()
				assert.Equal(t, row.want, w.state().Order)

				w.history(5) // what is added later comes too
				for range 3 {
					w.syncWhole()
				}
				w.assertWhole()
			})
		})
	}
}

func TestImportThroughEveryOptionOfTheStandIn(t *testing.T) {
	for name, opt := range map[string]plexytest.Options{
		"data and size":       {Envelope: plexytest.EnvelopeData},
		"items and pageSize":  {Envelope: plexytest.EnvelopeItems},
		"amounts in tiyn":     {Unit: plexytest.UnitMinor},
		"prefixed status":     {PrefixedStatus: true},
		"no recipient in row": {OmitRecipient: true},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, opt, func(t *testing.T, w *world) {
				w.history(250)
				w.syncWhole()
				w.assertWhole()
				assert.Equal(t, 250, w.count(distribution.Paid))
			})
		})
	}
}

// Rows that appear on top push others onto the next page.
func TestImportOfAListThatShifts(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1200)
		w.fail(plexytest.ListShift, -1)
		w.syncWhole()
		assert.Greater(t, w.srv.Count(), 1200+12, "each page made the list longer")
		w.srv.Heal()
		w.syncWhole()
		w.assertWhole()
	})
}

// Between a kill and the next start more arrive than two pages hold.
func TestImportResumesInAListThatGrew(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1000)
		pages := 0
		ctx, kill := context.WithCancel(t.Context())
		defer kill()
		oddList{each: func() {
			if pages++; pages == 5 {
				kill()
			}
		}}.serve(w)
		require.NoError(t, w.Syncer.Run(ctx))
		for i := range 250 {
			_, err := w.srv.Add(plexytest.Distribution{OrderReference: fmt.Sprint("NEW-", i), Amount: 1_00, Status: "paid"})
			require.NoError(t, err)
		}
		w.restart()
		w.syncWhole()
		w.assertWhole()
		assert.Nil(t, w.state().Import)
	})
}

func TestImportTellsHowFarItIs(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(450)
		oddList{cap: 10}.serve(w)
		for _, items := range []int{200, 390} { // 20 pages, and 20 of which one was read before
			more, err := w.Syncer.round(t.Context())
			require.NoError(t, err)
			assert.True(t, more)
			assert.Equal(t, items, w.state().Import.Items)
			assert.Equal(t, 450, w.state().Import.Total)
		}
	})
}

// Some rows are gone at the next start, which pulls others onto the page that
// was read last.
func TestImportResumesInAListThatShrank(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1000)
		pages, gone := 0, 0
		ctx, kill := context.WithCancel(t.Context())
		defer kill()
		oddList{
			each: func() {
				if pages++; pages == 5 {
					kill()
				}
			},
			hidden: func() int { return gone },
		}.serve(w)
		require.NoError(t, w.Syncer.Run(ctx))
		gone = 30
		w.restart()
		w.syncWhole()
		w.assertWhole()
	})
}

// A server that does not understand our parameters must not be walked for ever.
func TestImportFromAServerThatIgnoresThePage(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(250)
		w.fail(plexytest.ListIgnorePage, -1)
		w.syncWhole()
		assert.Equal(t, 2+1, w.srv.Requests().List, "a page, the same again, and the newest")
		assert.Nil(t, w.state().Import)
		assert.Contains(t, w.log.String(), "without a proof")
		_, errs := w.runs()
		assert.Equal(t, []string{"inconclusive"}, errs)
	})
}

func TestImportGoesOnAfterAFailure(t *testing.T) {
	for _, fault := range []plexytest.Fault{
		plexytest.List500MidScan, plexytest.ReadCutJSON, plexytest.ReadHTML200, plexytest.ReadHTML502, plexytest.ReadReset, plexytest.ReadHang,
	} {
		t.Run(string(fault), func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				w.history(500)
				w.fail(fault, 3)
				w.startOnly(w.Syncer.Run)
				w.pass(time.Second)
				assert.True(t, w.state().BaselineAt.IsZero())
				assert.True(t, w.state().LastSuccess.IsZero())
				w.pass(10 * time.Minute)
				w.assertWhole()
				assert.False(t, w.state().BaselineAt.IsZero())
			})
		})
	}
}

// A long first import does not keep the sender from its work.
func TestSendingDuringTheFirstImport(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(450)
		oddList{cap: 10, each: func() { time.Sleep(2 * time.Second) }}.serve(w) // a batch takes 40 s
		d := w.queue(1)[0]
		w.start()
		w.pass(70 * time.Second)
		assert.NotNil(t, w.state().Import)
		assert.NotEqual(t, distribution.Queued, w.get(d).Status)
		w.pass(5 * time.Minute)
		assert.Nil(t, w.state().Import)
		w.assertWhole()
		assert.Equal(t, 1, w.srv.Executed(d.OrderReference))
		assert.Equal(t, distribution.Paid, w.get(d).Status)
	})
}
