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
	"plexydash/store/storetest"
)

// jump moves this machine's clock; true time goes on.
func (w *world) jump(step time.Duration) { w.skew.Add(int64(step)) }

// clockStop is what was found of the clock, or empty while it is trusted.
func (w *world) clockStop() string {
	w.Helper()
	for _, s := range w.state().Stops {
		if s.Kind == store.StopClock {
			return s.Reason
		}
	}
	return ""
}

// What follows a step of the clock while everything works.
func TestStepOfTheClock(t *testing.T) {
	const yes, no = true, false
	for _, row := range []struct {
		step         time.Duration
		stops, lifts bool // lifts: after one round of reads
	}{
		{59 * time.Second, no, no},
		{-59 * time.Second, no, no},
		{2 * time.Minute, yes, yes}, // Plexy's date is still within 5 minutes
		{-2 * time.Minute, yes, yes},
		{6 * time.Minute, yes, no},
		{-time.Hour, yes, no},
		{24 * time.Hour, yes, no},
		{-24 * time.Hour, yes, no},
		{20 * 365 * 24 * time.Hour, yes, no}, // past 2038
	} {
		inWorldOf(t, row.step.String(), plexytest.Options{}, func(t *testing.T, w *world) {
			w.start()
			w.pass(time.Minute + time.Second)
			w.jump(row.step)
			d := w.queue(1)[0]
			w.Wake()
			w.pass(time.Millisecond)
			if !row.stops {
				w.pass(3 * every) // a round, the sending, and a round that sees it paid
				assert.Empty(t, w.clockStop())
				assert.Equal(t, distribution.Paid, w.get(d).Status)
				return
			}
			assert.Contains(t, w.clockStop(), "the clock moved by "+row.step.String())
			assert.Empty(t, w.srv.Posts())

			w.pass(2 * every)
			if row.lifts {
				assert.Empty(t, w.clockStop())
				assert.Len(t, w.srv.Posts(), 1)
				return
			}
			w.pass(time.Hour)
			assert.NotEmpty(t, w.clockStop(), "Plexy's date does not agree")
			assert.Empty(t, w.srv.Posts())

			w.jump(-row.step) // somebody sets the clock right
			w.pass(2 * every)
			assert.Empty(t, w.clockStop())
			assert.Len(t, w.srv.Posts(), 1)
		})
	}
}

// While the outcome of one is unknown, it is looked for before anything is sent.
func TestDoubtEndsWithALookForUnknownOnes(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.fail(plexytest.Create500Before, 1)
		lost := w.queue(1)[0]
		w.start()
		w.pass(2 * time.Hour)
		before, err := w.db.Checks(t.Context(), lost.ID)
		require.NoError(t, err)
		w.stop()

		w.startOnly(w.Sender.Run, w.Syncer.Run)
		w.pass(time.Second)
		w.jump(2 * time.Minute)
		d := w.queue(1)[0]
		w.pass(time.Hour)
		assert.NotEmpty(t, w.clockStop(), "the reads are good, and nobody looked")
		assert.Equal(t, distribution.Queued, w.get(d).Status)

		w.restart() // the doubt outlives the run that had it
		w.start()
		w.pass(time.Minute)
		assert.Empty(t, w.clockStop())
		assert.Equal(t, distribution.Paid, w.get(d).Status)
		after, err := w.db.Checks(t.Context(), lost.ID)
		require.NoError(t, err)
		assert.Equal(t, before.Looks+1, after.Looks)
		assert.Equal(t, distribution.Unknown, w.get(lost).Status)
	})
}

func TestClockThatIsNotPlexys(t *testing.T) {
	for name, row := range map[string]struct {
		skew  time.Duration
		stops bool
	}{
		"4 minutes ahead":  {4 * time.Minute, false},
		"4 minutes behind": {-4 * time.Minute, false},
		"6 minutes ahead":  {6 * time.Minute, true},
		"6 minutes behind": {-6 * time.Minute, true},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.jump(row.skew)
			w.queue(1)
			w.start()
			w.pass(10 * time.Minute)
			assert.Equal(t, row.stops, w.clockStop() != "")
			if row.stops {
				assert.Contains(t, w.clockStop(), "and Plexy's 20")
				assert.Empty(t, w.srv.Posts())
			} else {
				assert.Len(t, w.srv.Posts(), 1)
			}
		})
	}
}

// A person may start sending all the same; the next date that differs stops it.
func TestStartDoesNotOverrulePlexysDate(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.jump(time.Hour)
		w.start()
		w.pass(time.Minute)
		require.NotEmpty(t, w.clockStop())
		require.NoError(t, w.db.StartSending(t.Context(), storetest.User(t, w.db, distribution.Manager), "looked at it"))
		require.Empty(t, w.clockStop())
		w.pass(2 * every)
		assert.NotEmpty(t, w.clockStop())
	})
}

// Plexy that tells no date can vouch for nothing: a person must.
func TestDoubtWithoutADate(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.mute.Store(true)
		w.start()
		w.pass(time.Minute + time.Second)
		w.jump(2 * time.Minute)
		w.queue(1)
		w.pass(time.Hour)
		assert.NotEmpty(t, w.clockStop())
		assert.Empty(t, w.srv.Posts())
		require.NoError(t, w.db.StartSending(t.Context(), storetest.User(t, w.db, distribution.Manager), "the clock is right"))
		w.pass(time.Minute)
		assert.Empty(t, w.clockStop())
		assert.Len(t, w.srv.Posts(), 1)
	})
}

// The program was off while the clock was set back.
func TestSomethingWasWrittenInTheFuture(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.jump(time.Hour)
		w.sync()
		w.queue(1)
		w.jump(-time.Hour)
		w.restart()
		w.startOnly(w.Sender.Run)
		w.pass(10 * time.Minute)
		assert.Contains(t, w.clockStop(), "something was written at")
		assert.Empty(t, w.srv.Posts())
		w.stop()
		w.start()
		w.pass(time.Minute)
		assert.Empty(t, w.clockStop(), "one round of reads agrees")
		assert.Len(t, w.srv.Posts(), 1)
	})
}

func TestStepBetweenClaimAndPost(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.start()
		w.pass(time.Second)
		w.at = once("F11", func() error { w.jump(time.Hour); return nil })
		d := w.queue(1)[0]
		w.Wake()
		w.pass(time.Second)
		assert.NotEmpty(t, w.clockStop())
		assert.Empty(t, w.srv.Posts())
		assert.Equal(t, distribution.Queued, w.get(d).Status)
	})
}

// A stop that cannot be written down is not forgotten, and nothing is sent.
func TestStepThatCannotBeWrittenDown(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.sync()
		w.startOnly(w.Sender.Run)
		w.queue(1, func(f *distribution.Form) { f.Purpose = "before" })
		w.pass(10 * time.Second)
		require.Len(t, w.srv.Posts(), 1)
		other := rawDB(w)
		other.SetMaxOpenConns(1)
		_, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
		require.NoError(t, err)
		w.jump(2 * time.Minute)
		w.pass(3 * senderIdle) // SQLite itself waits 5 s
		_, err = other.ExecContext(t.Context(), "ROLLBACK")
		require.NoError(t, err)
		assert.Contains(t, w.log.String(), "cannot take from the queue")
		w.queue(1)
		w.pass(time.Minute)
		assert.NotEmpty(t, w.clockStop())
		assert.Len(t, w.srv.Posts(), 1)
	})
}

// What passed before a jump is not counted again, and the jump is not counted at
// all.
func TestJumpIsNoPartOfTheSettleWindow(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.fail(plexytest.Create500Before, 1)
		d := w.queue(1)[0]
		w.start()
		w.pass(10 * time.Minute)
		const window = time.Hour
		w.jump(24 * time.Hour)
		w.pass(10 * time.Minute)
		now := w.get(d)
		assert.False(t, now.Settled(w.db.Now(), window))
		assert.WithinDuration(t, w.db.Now().Add(-20*time.Minute), now.UnknownSince, time.Minute)
		w.pass(window)
		now = w.get(d)
		assert.True(t, now.Settled(w.db.Now(), window))
	})
}

// The program was off while the clock jumped two days on: nobody saw the step, and
// no sweep may think that the window is over.
func TestSweepInDoubtEndsNoWindow(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.queue(1) // the older control
		w.sendOne()
		w.pass(time.Minute)
		w.fail(plexytest.Create500Before, 1)
		lost := w.queue(1)[0]
		w.sendOne()
		w.pass(time.Minute)
		w.queue(1) // the newer one
		w.sendOne()
		w.start()
		w.pass(10 * time.Minute)

		w.stop()
		w.jump(48 * time.Hour)
		w.restart()
		w.start()
		for range distribution.SweepsToMiss + 1 {
			w.pass(10 * time.Minute)
			require.NoError(t, w.db.LookNow(t.Context(), w.maker, lost.ID))
		}
		w.pass(10 * time.Minute)
		require.NotEmpty(t, w.clockStop())
		assert.Equal(t, distribution.Unknown, w.get(lost).Status)
	})
}

// A step that comes while Plexy is being searched puts that search in doubt, too:
// the one that ends the doubt is due at once.
func TestStepDuringASearch(t *testing.T) {
	for name, row := range map[string]struct {
		step   time.Duration
		search func(*Reconciler, context.Context) error
	}{
		"a look, on":    {2 * time.Minute, (*Reconciler).look},
		"a look, back":  {-2 * time.Minute, (*Reconciler).look},
		"a sweep, on":   {2 * time.Minute, asked},
		"a sweep, back": {-2 * time.Minute, asked},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.syncWhole()
			lost := w.never()
			w.pass(time.Minute)
			watch := w.Sender.clock
			require.NoError(t, watch.look(t.Context()))
			stepped := false
			oddList{each: func() {
				time.Sleep(time.Second)
				if !stepped {
					stepped = true
					w.jump(row.step)
					assert.NoError(w, watch.look(w.Context()))
				}
				time.Sleep(time.Second)
			}}.serve(w)
			require.NoError(t, row.search(w.Reconciler, t.Context()))
			w.sync()
			require.NoError(t, watch.look(t.Context()))
			require.NotEmpty(t, w.clockStop(), "it began before")

			require.NoError(t, w.Reconciler.look(t.Context()))
			assert.Equal(t, 2, w.looks(lost))
			require.NoError(t, watch.look(t.Context()))
			assert.Empty(t, w.clockStop())
		})
	}
}

func asked(r *Reconciler, ctx context.Context) error { //nolint:revive // as the method expression beside it
	return r.sweep(ctx, store.SweepAsked)
}

// During a sweep only those are looked for that were lost since it began. That
// is no search for all, which the end of a doubt needs.
func TestLookDuringASweepEndsNoDoubt(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1050)
		oddList{each: func() { time.Sleep(20 * time.Second) }}.serve(w)
		w.syncWhole()
		old := w.never()
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, old.ID))
		w.startOnly(w.Reconciler.Run, w.Syncer.Run)
		w.pass(time.Minute)
		other := w.never()
		watch := w.Sender.clock
		require.NoError(t, watch.look(t.Context()))
		w.jump(2 * time.Minute)
		goesOn := true
		for goesOn {
			require.NoError(t, watch.look(t.Context()))
			require.NotEmpty(t, w.clockStop())
			w.pass(senderIdle)
			plan, err := w.db.NextSweep(t.Context())
			require.NoError(t, err)
			goesOn = plan.Running != nil
		}
		require.Positive(t, w.looks(other), "it was looked for meanwhile")
		w.pass(5 * time.Minute)
		require.NoError(t, watch.look(t.Context()))
		assert.Empty(t, w.clockStop())
	})
}
