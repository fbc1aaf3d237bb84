package worker

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// never sends one whose answer is lost and which was not executed.
func (w *world) never() distribution.Distribution {
	w.Helper()
	d := w.queue(1)[0]
	w.fail(plexytest.CreateResetBefore, 1)
	w.sendOne()
	require.Equal(w, distribution.Unknown, w.get(d).Status)
	return d
}

// newer sends one that Plexy accepts.
func (w *world) newer() distribution.Distribution {
	w.Helper()
	d := w.queue(1)[0]
	w.sendOne()
	require.Equal(w, distribution.Accepted, w.get(d).Status)
	return d
}

// elsewhere adds one that was made elsewhere, now.
func (w *world) elsewhere(reference string) plexytest.Distribution {
	w.Helper()
	added, err := w.srv.Add(plexytest.Distribution{OrderReference: reference, Amount: 1_00, Status: "paid"})
	require.NoError(w, err)
	return added[0]
}

// sweep makes one that may fail, and returns it as it was kept.
func (w *world) sweep() store.Sweep {
	w.Helper()
	_ = w.Reconciler.sweep(w.Context(), store.SweepAsked)
	all, err := w.db.Sweeps(w.Context(), 1)
	require.NoError(w, err)
	return all[0]
}

// turn does what is due for the reconciler, which must succeed.
func (w *world) turn() {
	w.Helper()
	require.NoError(w, w.Reconciler.turn(w.Context()))
}

// evidence is what sweeps say of one, newest first.
func (w *world) evidence(d distribution.Distribution) []store.Evidence {
	w.Helper()
	all, err := w.db.EvidenceOf(w.Context(), d.ID)
	require.NoError(w, err)
	return all
}

// proven is a sweep's verdict on one, with its reason.
func (w *world) proven(d distribution.Distribution) string {
	w.Helper()
	e := w.evidence(d)[0]
	if e.Why != "" {
		return e.Why
	}
	return string(e.Verdict)
}

// One was never executed. What a sweep proves depends on what the list shows.
func TestWhatASweepProves(t *testing.T) {
	const missed = string(distribution.SweepMissed)
	for name, row := range map[string]struct {
		list  oddList
		fault plexytest.Fault
		rows  int
		ended store.SweepEnd
		want  string
	}{
		"as the stand-in":                  {rows: 350, ended: store.SweepProven, want: missed},
		"one page":                         {rows: 20, ended: store.SweepProven, want: missed},
		"exactly full pages":               {rows: 299, ended: store.SweepProven, want: missed},
		"oldest first":                     {list: oddList{oldestFirst: true}, rows: 350, ended: store.SweepProven, want: missed},
		"no order":                         {list: oddList{shuffled: true}, rows: 350, ended: store.SweepProven, want: missed},
		"no times":                         {list: oddList{untimed: true}, rows: 350, ended: store.SweepProven, want: distribution.SweepNoOlder},
		"pages smaller than asked for":     {list: oddList{cap: 30}, rows: 350, ended: store.SweepProven, want: missed},
		"no total":                         {list: oddList{noTotal: true}, rows: 350, ended: store.SweepProven, want: missed},
		"no total, full pages":             {list: oddList{noTotal: true}, rows: 299, ended: store.SweepProven, want: missed},
		"total of the page":                {list: oddList{pageTotal: true, cap: 50}, rows: 320, ended: store.SweepProven, want: missed},
		"total of the page, ever the same": {list: oddList{pageTotal: true, onlyFirst: true}, rows: 350, ended: store.SweepInconclusive, want: distribution.SweepNoEnd},
		"total too high":                   {list: oddList{extraTotal: 7}, rows: 350, ended: store.SweepInconclusive, want: distribution.SweepNoEnd},
		"total too low":                    {list: oddList{extraTotal: -7}, rows: 350, ended: store.SweepProven, want: missed},
		"404 behind the last page":         {list: oddList{refusesBeyond: true}, rows: 299, ended: store.SweepProven, want: missed},
		"404 behind the only page":         {list: oddList{refusesBeyond: true}, rows: 20, ended: store.SweepProven, want: missed},
		"the last page again":              {list: oddList{repeatsLast: true}, rows: 350, ended: store.SweepProven, want: missed},
		"the last page again, no total":    {list: oddList{repeatsLast: true, noTotal: true}, rows: 350, ended: store.SweepInconclusive, want: distribution.SweepNoEnd},
		"only the newest pages":            {list: oddList{depth: 2}, rows: 350, ended: store.SweepInconclusive, want: distribution.SweepNoEnd},
		"only the oldest, oldest first":    {list: oddList{depth: 2, oldestFirst: true, noTotal: true}, rows: 350, ended: store.SweepProven, want: distribution.SweepNoNewer},
		"shifts by one after each page":    {fault: plexytest.ListShift, rows: 350, ended: store.SweepProven, want: missed},
		"the page is ignored":              {fault: plexytest.ListIgnorePage, rows: 350, ended: store.SweepInconclusive, want: distribution.SweepNoEnd},
		"500 in the middle":                {fault: plexytest.List500MidScan, rows: 350, ended: store.SweepFailed, want: distribution.SweepNoEnd},
		"no answer":                        {fault: plexytest.ReadHang, rows: 350, ended: store.SweepFailed, want: distribution.SweepNoEnd},
		"HTML instead of a list":           {fault: plexytest.ReadHTML200, rows: 350, ended: store.SweepFailed, want: distribution.SweepNoEnd},
		"nothing older":                    {rows: 0, ended: store.SweepProven, want: distribution.SweepNoOlder},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(row.rows)
			if row.fault == "" {
				row.list.serve(w)
			}
			w.syncWhole()
			d := w.never()
			w.pass(time.Second)
			after := w.newer()
			if row.fault != "" {
				w.fail(row.fault, -1)
			}
			w.pass(time.Second)
			s := w.sweep()
			assert.Equal(t, row.ended, s.Ended)
			assert.False(t, s.FinishedAt.IsZero())
			assert.Equal(t, row.ended == store.SweepFailed, s.Error != "")
			assert.Equal(t, row.want, w.proven(d))
			assert.Equal(t, distribution.Unknown, w.get(d).Status, "whatever it proves, once and within the window")
			e := w.evidence(d)[0]
			assert.False(t, e.AfterWindow)
			if row.want == missed {
				assert.Equal(t, after.OrderReference, e.Newer.Reference)
				assert.Contains(t, e.Older.Reference, "OLD-")
			}
			kinds, _ := w.runs()
			assert.Equal(t, "sweep", kinds[len(kinds)-1])
		})
	}
}

// The newer control needs no clock of Plexy's where it is one of ours; else the
// difference of the clocks counts against it.
func TestNewerControlByPlexysClock(t *testing.T) {
	for name, row := range map[string]struct {
		list  oddList
		later time.Duration // by our clock, after the attempt
		want  string
	}{
		"nothing newer":                         {oddList{}, -time.Hour, distribution.SweepNoNewer},
		"two seconds later":                     {oddList{}, 2 * time.Second, distribution.SweepNoNewer},
		"five seconds later":                    {oddList{}, 5 * time.Second, "missed"},
		"clock four minutes ahead, before it":   {oddList{clock: 4 * time.Minute}, -time.Minute, distribution.SweepNoNewer},
		"clock four minutes ahead, after it":    {oddList{clock: 4 * time.Minute}, 5 * time.Second, "missed"},
		"clock four minutes behind, after it":   {oddList{clock: -4 * time.Minute}, time.Minute, distribution.SweepNoNewer},
		"clock four minutes behind, long after": {oddList{clock: -4 * time.Minute}, 5 * time.Minute, "missed"},
		"no clock told, four minutes later":     {oddList{noDate: true}, 4 * time.Minute, distribution.SweepNoNewer},
		"no clock told, six minutes later":      {oddList{noDate: true}, 6 * time.Minute, "missed"},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(120)
			row.list.serve(w)
			w.syncWhole()
			w.pass(2 * time.Hour)
			d := w.never()
			_, err := w.srv.Add(plexytest.Distribution{OrderReference: "CONTROL", Amount: 1_00, Status: "paid", CreatedAt: time.Now().Add(row.later)})
			require.NoError(t, err)
			w.pass(30 * time.Minute)
			assert.Equal(t, store.SweepProven, w.sweep().Ended)
			assert.Equal(t, row.want, w.proven(d))
		})
	}
}

// A control must be seen by the sweep itself: a list that hides its controls may
// hide the one that is looked for, too.
func TestControlsThatTheListHides(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1)
		w.syncWhole()
		d := w.never()
		w.pass(time.Second)
		w.newer()
		old, fresh := w.srv.Distributions()[0].ID, w.srv.Distributions()[1].ID
		require.NoError(t, w.srv.Hide(fresh, true))
		w.sweep()
		assert.Equal(t, distribution.SweepNoNewer, w.proven(d))
		require.NoError(t, w.srv.Hide(fresh, false))
		require.NoError(t, w.srv.Hide(old, true))
		w.sweep()
		assert.Equal(t, distribution.SweepNoOlder, w.proven(d))
		require.NoError(t, w.srv.Hide(old, false))
		w.sweep()
		assert.Equal(t, "missed", w.proven(d))
	})
}

// A lag of the list hides the newest, with the one that is looked for.
func TestSweepOfAListThatLags(t *testing.T) {
	inWorld(t, plexytest.Options{ListLag: 10 * time.Minute}, func(t *testing.T, w *world) {
		w.history(150)
		w.syncWhole()
		d := w.lost()
		w.pass(time.Second)
		w.newer()
		w.pass(5 * time.Minute)
		w.sweep()
		assert.Equal(t, distribution.SweepNoNewer, w.proven(d))
		w.pass(6 * time.Minute)
		w.sweep()
		assert.Equal(t, "found", w.proven(d))
		assert.True(t, w.get(d).Status.AtPlexy())
	})
}

// A row that goes pulls another one over the boundary between two pages, where
// the first reading cannot meet it.
func TestSweepOfAListThatShrinks(t *testing.T) {
	for name, list := range map[string]oddList{
		"newest first": {}, "oldest first": {oldestFirst: true}, "no order": {shuffled: true},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(150)
			pages := 0
			var gone string
			list.each = func() {
				if pages++; pages == 2 {
					require.NoError(t, w.srv.Remove(gone))
				}
			}
			w.syncWhole()
			d := w.never()
			w.pass(10 * time.Second)
			for range 120 {
				w.elsewhere("NEWER")
			}
			w.pass(time.Minute)
			w.sync()
			list.serve(w)
			gone = w.rowOnPage(1)
			pages = 0
			assert.Equal(t, store.SweepInconclusive, w.sweep().Ended)
			assert.Equal(t, distribution.SweepNoEnd, w.proven(d))
			pages = 2
			assert.Equal(t, store.SweepProven, w.sweep().Ended)
			assert.Equal(t, "missed", w.proven(d))
		})
	}
}

// rowOnPage is the id of the first row of a page of Plexy's list, asked past the
// stand-in's counters.
func (w *world) rowOnPage(page int) string {
	w.Helper()
	p, err := w.plexy.List(w.Context(), page, pageSize)
	require.NoError(w, err)
	return p.Items[0].ID
}

// A row whose reference cannot be read may be the one, unless it is older.
func TestSweepOfRowsWithoutAReference(t *testing.T) {
	for name, row := range map[string]struct {
		blank string
		want  string
	}{
		"none":              {"", "missed"},
		"an old one":        {"OLD-000003", "missed"},
		"one that is newer": {"NEWER", distribution.SweepUnnamed},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(150)
			oddList{blank: func(d plexytest.Distribution) bool { return d.OrderReference == row.blank }}.serve(w)
			w.syncWhole()
			d := w.never()
			w.pass(time.Second)
			w.elsewhere("NEWER")
			w.newer()
			assert.Equal(t, store.SweepProven, w.sweep().Ended)
			assert.Equal(t, row.want, w.proven(d))
		})
	}
}

// A sweep that the end of the program breaks off is kept as such and made anew.
func TestInterruptedSweepIsMadeAnew(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1050)
		w.syncWhole()
		d := w.never()
		w.pass(time.Second)
		w.newer()
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, d.ID))
		pages := 0
		ctx, kill := context.WithCancel(t.Context())
		oddList{each: func() {
			if pages++; pages == 5 {
				kill()
			}
		}}.serve(w)
		require.NoError(t, w.Reconciler.Run(ctx))
		kill()
		all, err := w.db.Sweeps(t.Context(), 9)
		require.NoError(t, err)
		require.Len(t, all, 1)
		assert.Equal(t, store.Interrupted, all[0].Error)

		w.restart()
		w.startOnly(w.Reconciler.Run)
		w.pass(time.Second)
		all, err = w.db.Sweeps(t.Context(), 9)
		require.NoError(t, err)
		require.Len(t, all, 2)
		assert.Equal(t, store.SweepProven, all[0].Ended)
		assert.Equal(t, 1052-1, all[0].Items)
		assert.Equal(t, "missed", w.proven(d))
	})
}
