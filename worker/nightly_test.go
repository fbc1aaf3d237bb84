package worker

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

func (w *world) sweeps() []store.Sweep {
	w.Helper()
	all, err := w.db.Sweeps(w.Context(), 99)
	require.NoError(w, err)
	return all
}

// night lets time pass to the next 03:00 in Almaty (22:00 UTC) and makes the
// sweep that is due then, which must be proven.
func (w *world) night() {
	w.Helper()
	plan, err := w.db.NextSweep(w.Context())
	require.NoError(w, err)
	require.Equal(w, 22, plan.Due.Hour())
	w.pass(time.Until(plan.Due))
	before := len(w.sweeps())
	w.turn()
	require.Len(w, w.sweeps(), before+1)
	require.Equal(w, store.SweepProven, w.sweeps()[0].Ended)
}

// alarms are the open ones on the mirror row of an id at Plexy, or on ours.
func (w *world) alarms(key string) (kinds []distribution.AlarmKind) {
	w.Helper()
	all, err := w.db.OpenAlarms(w.Context(), 99)
	require.NoError(w, err)
	for _, a := range all {
		if a.Distribution.PlexyID == key || a.Distribution.ID == key {
			kinds = append(kinds, a.Kind)
		}
	}
	return kinds
}

// Bubbles begin at 05:00 in Almaty: the first night is 22 hours away.
func TestSweepOnceEachNight(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.turn()
		assert.Empty(t, w.sweeps(), "before the first import there is nothing to compare")
		w.history(20)
		w.syncWhole()
		w.turn()
		assert.Empty(t, w.sweeps(), "the import read everything")
		w.night()
		for range 23 {
			w.pass(time.Hour)
			w.turn()
		}
		assert.Len(t, w.sweeps(), 1)
		w.night()
		assert.Equal(t, store.SweepNight, w.sweeps()[0].Reason)

		w.pass(80 * time.Hour) // the machine was off
		w.restart()
		w.turn()
		w.turn()
		assert.Len(t, w.sweeps(), 3, "one makes up for all the nights")
		w.night()
	})
}

// A night on which Plexy is down is made up for, ever more patiently.
func TestFailedNightlySweepIsTriedAgain(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(250)
		w.syncWhole()
		d := w.never()
		w.pass(time.Until(time.Date(2000, 1, 1, 22, 0, 0, 0, time.UTC)))
		w.fail(plexytest.List500MidScan, -1)
		began := time.Now()
		var at []time.Duration
		for len(at) < 4 {
			_ = w.Reconciler.turn(t.Context())
			if len(w.sweeps()) > len(at) {
				at = append(at, time.Since(began).Round(time.Minute))
			}
			w.pass(10 * time.Second)
		}
		const m = time.Minute
		assert.Equal(t, []time.Duration{0, m, 3 * m, 7 * m}, at)
		assert.Equal(t, store.ServerError, w.sweeps()[0].Error)
		assert.Equal(t, distribution.SweepNoEnd, w.proven(d))
		assert.Len(t, w.evidence(d), 4)
		w.srv.Heal()
		w.pass(8 * m)
		w.turn()
		w.pass(8 * m)
		w.turn()
		assert.Len(t, w.sweeps(), 5)
		assert.Equal(t, store.SweepProven, w.sweeps()[0].Ended)
	})
}

// "Check now" sweeps at once, for all that are looked for.
func TestCheckNowSweeps(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(250)
		w.syncWhole()
		one, other := w.never(), w.never()
		w.pass(time.Second)
		w.newer()
		w.startOnly(w.Reconciler.Run)
		w.pass(time.Second)
		assert.Empty(t, w.sweeps())
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, one.ID))
		w.Wake()
		w.pass(time.Millisecond)
		require.Len(t, w.sweeps(), 1)
		assert.Equal(t, store.SweepAsked, w.sweeps()[0].Reason)
		assert.Equal(t, "missed", w.proven(one))
		assert.Equal(t, "missed", w.proven(other))
		assert.Equal(t, 1, w.looks(one), "it counts as a look")
		w.pass(time.Minute)
		assert.Len(t, w.sweeps(), 1)
	})
}

func TestCheckNowDuringASweepIsDueAgain(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(250)
		w.syncWhole()
		d := w.never()
		w.pass(time.Second)
		pages := 0
		oddList{each: func() {
			time.Sleep(time.Second)
			if pages++; pages != 2 {
				return
			}
			assert.NoError(w, w.db.LookNow(w.Context(), w.maker, d.ID))
			plan, err := w.db.NextSweep(w.Context())
			assert.NoError(w, err)
			if assert.NotNil(w, plan.Running) {
				assert.Equal(w, 1, plan.Running.Pages)
			}
		}}.serve(w)
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, d.ID))
		w.turn()
		require.Len(t, w.sweeps(), 1)
		plan, err := w.db.NextSweep(t.Context())
		require.NoError(t, err)
		assert.Nil(t, plan.Running)
		assert.Equal(t, store.SweepAsked, plan.Reason)
		w.turn()
		w.turn()
		assert.Len(t, w.sweeps(), 2)
	})
}

// A wish is not lost while Plexy is down, nor by a restart.
func TestCheckNowWhilePlexyIsDown(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(20)
		w.syncWhole()
		d := w.never()
		w.down()
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, d.ID))
		w.startOnly(w.Reconciler.Run)
		w.pass(5 * time.Minute)
		failed := len(w.sweeps())
		assert.InDelta(t, 3, failed, 1, "no hammering")
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, d.ID))
		w.Wake()
		w.pass(time.Second)
		assert.Len(t, w.sweeps(), failed+1, "pressed again: tried at once")
		w.restart()
		w.up()
		w.startOnly(w.Reconciler.Run)
		w.pass(time.Hour)
		assert.Equal(t, store.SweepProven, w.sweeps()[0].Ended)
		assert.Equal(t, store.SweepAsked, w.sweeps()[0].Reason)
		assert.Equal(t, store.SweepFailed, w.sweeps()[1].Ended)
	})
}

// What Plexy no longer returns, by its id either, has vanished.
func TestVanishedOnesAreNoticed(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(250)
		w.syncWhole()
		ours := w.newer()
		w.pass(time.Minute)
		w.sync()
		rows := w.srv.Distributions()
		hidden, gone := rows[7].ID, rows[8].ID
		mine := w.get(ours).PlexyID
		require.NoError(t, w.srv.Hide(hidden, true))
		require.NoError(t, w.srv.Remove(gone))
		require.NoError(t, w.srv.Remove(mine))
		w.night()
		assert.Empty(t, w.alarms(hidden), "it can be read by its id")
		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmVanished}, w.alarms(gone))
		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmVanished}, w.alarms(mine))
		assert.Equal(t, distribution.Paid, w.get(ours).Status, "the last that is known")
		assert.False(t, w.get(ours).GoneAt.IsZero())

		asked := w.srv.Requests().Detail
		w.night()
		assert.Equal(t, 1, w.srv.Requests().Detail-asked, "the hidden one only")
		_, err := w.srv.Add(plexytest.Distribution{ID: mine, OrderReference: ours.OrderReference, Amount: int64(ours.Amount), Status: "paid"})
		require.NoError(t, err)
		w.night()
		assert.True(t, w.get(ours).GoneAt.IsZero(), "back again")
	})
}

// Where Plexy fails by id, nothing has vanished, and it is not asked for ever.
func TestFailingReadsAreNoProofOfVanishing(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(250)
		w.syncWhole()
		for _, d := range w.srv.Distributions()[:9] {
			require.NoError(t, w.srv.Remove(d.ID))
		}
		w.pass(24 * time.Hour)
		asked := w.srv.Requests().Detail
		pages := 0
		oddList{each: func() {
			if pages++; pages == 5 {
				w.fail(plexytest.Read500, 3) // strikes behind this page, the last
			}
		}}.serve(w)
		require.Error(t, w.Reconciler.turn(t.Context()))
		assert.Equal(t, store.SweepProven, w.sweeps()[0].Ended)
		assert.Equal(t, 3, w.srv.Requests().Detail-asked)
		n, err := w.db.CountOpenAlarms(t.Context())
		require.NoError(t, err)
		assert.Empty(t, n)
		w.night()
		n, err = w.db.CountOpenAlarms(t.Context())
		require.NoError(t, err)
		assert.Equal(t, map[distribution.AlarmKind]int{distribution.AlarmVanished: 9}, n)
	})
}

// Of many that the list hides, each night reads some, and all have their turn.
func TestManyUnmetAreReadOverSeveralNights(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(readsBySweep*2 + 50)
		w.syncWhole()
		for _, d := range w.srv.Distributions() {
			require.NoError(t, w.srv.Hide(d.ID, true))
		}
		last := w.srv.Distributions()[readsBySweep*2+49]
		require.NoError(t, w.srv.Remove(last.ID))
		for night := range 3 {
			asked := w.srv.Requests().Detail
			w.night()
			want := readsBySweep
			if night == 2 {
				want = readsBySweep - 1 // once around; one is gone
			}
			assert.InDelta(t, want, w.srv.Requests().Detail-asked, 1)
		}
		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmVanished}, w.alarms(last.ID))
	})
}

// Everything that stands at Plexy otherwise than here raises its alarm by the
// nightly sweep alone.
func TestNightlySweepRaisesTheAlarms(t *testing.T) {
	inWorld(t, plexytest.Options{Steps: []plexytest.Step{}}, func(t *testing.T, w *world) {
		w.history(350)
		w.syncWhole()
		twice := w.newer()
		w.fail(plexytest.CreateRefused, 1)
		refused := w.queue(1)[0]
		w.sendOne()
		require.Equal(t, distribution.Refused, w.get(refused).Status)
		assert.Empty(t, w.alarms(w.srv.Distributions()[0].ID), "history is quiet")
		w.pass(time.Minute)

		outside := w.elsewhere("OUTSIDE")
		second := w.elsewhere(twice.OrderReference)
		r := refused.RecipientText()
		late := plexytest.Distribution{OrderReference: refused.OrderReference, Amount: int64(refused.Amount), Status: "paid"}
		late.Recipient.IBAN, late.Recipient.Name = r.IBAN, r.Name
		_, err := w.srv.Add(late)
		require.NoError(t, err)
		regressed, returned := w.srv.Distributions()[3].ID, w.srv.Distributions()[5].ID // older than the newest pages
		require.NoError(t, w.srv.SetStatus(regressed, "processing"))
		require.NoError(t, w.srv.SetStatus(returned, "returned"))
		w.night()

		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmOutside}, w.alarms(outside.ID))
		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmTwice}, w.alarms(twice.ID))
		assert.Empty(t, w.alarms(second.ID), "the alarm is on ours")
		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmFoundLate}, w.alarms(refused.ID))
		assert.Equal(t, distribution.Paid, w.get(refused).Status)
		assert.Equal(t, []distribution.AlarmKind{distribution.AlarmRegressed}, w.alarms(regressed))
		assert.Equal(t, 1, w.count(distribution.Returned), "it was confirmed by a read")
		assert.Empty(t, w.alarms(returned), "that is no step back")
		n, err := w.db.CountOpenAlarms(t.Context())
		require.NoError(t, err)
		assert.Len(t, n, 4)
	})
}

// A long sweep does not keep those that are lost meanwhile from being looked for.
func TestLooksGoOnDuringALongSweep(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1050)
		oddList{each: func() { time.Sleep(20 * time.Second) }}.serve(w)
		w.syncWhole()
		old := w.never()
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, old.ID))
		w.startOnly(w.Reconciler.Run)
		w.pass(time.Minute)
		d := w.lost()
		w.pass(3 * time.Minute)
		assert.True(t, w.get(d).Status.AtPlexy())
		plan, err := w.db.NextSweep(t.Context())
		require.NoError(t, err)
		assert.NotNil(t, plan.Running, "it still goes on")
		w.pass(10 * time.Minute)
		assert.Equal(t, store.SweepProven, w.sweeps()[0].Ended)
	})
}

func TestAMillionSeenIDsAreSmall(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, s := heap(), newSeenIDs()
	for i := range 1_000_000 {
		fresh, first := s.meet("0190f3a2-6c1d-7e3a-9b1f-" + strconv.Itoa(i))
		if !fresh || !first {
			t.Fatal("two of a million hash alike")
		}
	}
	assert.Less(t, int64(heap()-before), int64(48<<20))
	assert.True(t, s.has("0190f3a2-6c1d-7e3a-9b1f-7"))
	assert.False(t, s.has("0190f3a2-6c1d-7e3a-9b1f-x"))
	runtime.KeepAlive(s)
}
