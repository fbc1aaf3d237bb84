package worker

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// Claims need a read that succeeded within 60 s, or two intervals of reading.
func TestHowOldTheLastReadMayBe(t *testing.T) {
	for interval, want := range map[time.Duration]time.Duration{
		time.Second: time.Minute, every: time.Minute, 31 * time.Second: 62 * time.Second, 5 * time.Minute: 10 * time.Minute,
	} {
		workers, err := New(Config{
			DB: &store.DB{}, Plexy: &plexyclient.Client{}, Unit: Major, SyncEvery: interval, SettleWindow: window, ExportDir: "x", Log: slog.New(slog.DiscardHandler),
		})
		require.NoError(t, err)
		assert.Equal(t, want, workers.Sender.maxAge)
	}
	for name, row := range map[string]struct {
		age   time.Duration
		posts int
	}{"60 s": {time.Minute, 1}, "61 s": {61 * time.Second, 0}} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.sync()
			w.pass(row.age - time.Millisecond)
			w.queue(1) // takes one
			w.startOnly(w.Sender.Run)
			w.pass(time.Nanosecond)
			assert.Len(t, w.srv.Posts(), row.posts)
		})
	}
}

// What holds the sender back holds the next run of the program back, too.
func TestPaceOutlivesARestart(t *testing.T) {
	for name, row := range map[string]struct {
		fault plexytest.Fault
		sent  int             // before the restart
		gaps  []time.Duration // from the last of them on, in seconds
	}{
		"Retry-After":               {plexytest.Create429, 1, []time.Duration{30, 30, 30}},
		"unknown outcomes in a row": {plexytest.Create500Before, 6, []time.Duration{8, 16, 32}},
		"a key that may only read":  {plexytest.CreateUnauthorized, 3, []time.Duration{120, 240, 480}},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.start()
			w.pass(time.Second)
			w.fail(row.fault, -1)
			w.queue(12)
			w.Wake()
			for len(w.srv.Posts()) < row.sent {
				w.pass(time.Second)
			}
			w.restart()
			w.start()
			w.pass(time.Hour)
			posts := w.srv.Posts()[row.sent-1:]
			for i, want := range row.gaps {
				gap := posts[i+1].At.Sub(posts[i].At)
				assert.GreaterOrEqual(t, gap, want*time.Second, "wait %d", i+1)
				assert.Less(t, gap, want*time.Second+every+senderIdle, "wait %d", i+1)
			}
		})
	}
}

func TestPagesCanSayUntilWhenNothingIsSent(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.start()
		w.pass(time.Second)
		w.fail(plexytest.Create429, 1)
		w.queue(2)
		w.Wake()
		w.pass(time.Second)
		asked := w.srv.Posts()[0].At
		assert.Equal(t, asked.Add(30*time.Second), w.state().SendAfter)
		w.pass(30 * time.Second)
		assert.Len(t, w.srv.Posts(), 2)
		assert.Zero(t, w.state().Pace, "a good answer ends it")
	})
}

// A wait that was written down by a clock that was wrong is no longer than Plexy
// may ask for.
func TestWaitOfAWrongClockEnds(t *testing.T) {
	var p pace
	p.resume(store.Pace{SendAfter: time.Now().Add(20 * 365 * 24 * time.Hour)}, time.Now())
	assert.WithinDuration(t, time.Now().Add(24*time.Hour), p.until, time.Second)
}

// One that waited longer than a day goes only when its maker says so again.
func TestOneThatWaitedADayWaitsForItsMaker(t *testing.T) {
	for name, row := range map[string]struct {
		outage time.Duration
		goes   bool
	}{"a day less an hour": {23 * time.Hour, true}, "a day and an hour": {25 * time.Hour, false}} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.down()
			d := w.queue(1)[0]
			w.start()
			w.pass(row.outage)
			assert.Empty(t, w.srv.Posts())
			w.up()
			w.pass(10 * time.Minute)
			if !row.goes {
				assert.Empty(t, w.srv.Posts())
				assert.True(t, new(w.get(d)).Stale(w.db.Now()))
				_, err := w.db.Submit(t.Context(), w.maker, d.ID)
				require.NoError(t, err)
				w.Wake()
				w.pass(10 * time.Minute)
			}
			assert.Equal(t, distribution.Paid, w.get(d).Status)
			assert.Len(t, w.srv.Posts(), 1)
		})
	}
}
