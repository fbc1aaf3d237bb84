package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
)

// What carries its reference is seen, even where it is not enough to say that it
// is ours.
func TestSeenWithoutAProofIsNotMissed(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(20)
		w.syncWhole()
		d := w.never()
		w.pass(time.Second)
		w.newer()
		w.elsewhere(d.OrderReference) // without an account
		w.sweep()
		assert.Equal(t, "found", w.proven(d))
		assert.Equal(t, distribution.Unknown, w.get(d).Status)
	})
}

// Not found needs the settle window, and two sweeps that began after it.
func TestNotFoundAfterTheWindowAndTwoSweeps(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(150)
		w.syncWhole()
		d := w.never()
		since := w.get(d).UnknownSince
		w.pass(time.Second)
		w.newer()
		for range 3 {
			w.sweep()
		}
		w.pass(time.Until(since.Add(window)) - time.Microsecond)
		w.sweep()
		assert.False(t, w.evidence(d)[0].AfterWindow)
		w.pass(time.Microsecond)
		w.sweep()
		assert.True(t, w.evidence(d)[0].AfterWindow)
		require.Equal(t, distribution.Unknown, w.get(d).Status, "one is not enough")
		w.fail(plexytest.ListIgnorePage, 2)
		w.sweep()
		require.Equal(t, distribution.Unknown, w.get(d).Status, "one that proves nothing does not count")
		w.sweep()
		assert.Equal(t, distribution.NotFound, w.get(d).Status)
		assert.Len(t, w.srv.Posts(), 2)

		w.sweep() // it is still looked for
		assert.Equal(t, "missed", w.proven(d))
		assert.Equal(t, distribution.NotFound, w.get(d).Status)
	})
}

// Executed late, just before the window is over and just after: never sent twice,
// and found both times.
func TestLateExecutionAroundTheWindow(t *testing.T) {
	for name, row := range map[string]struct {
		late     time.Duration
		notFound bool
	}{
		"a minute before":  {window - time.Minute, false},
		"a minute after":   {window + time.Minute, false}, // the nightly sweeps come later
		"two nights after": {window + 48*time.Hour, true},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(150)
			w.syncWhole()
			d := w.queue(1)[0]
			require.NoError(t, w.srv.FailAfter(plexytest.CreateLate, 1, row.late))
			w.sendOne()
			require.Equal(t, distribution.Unknown, w.get(d).Status)
			w.newer()
			wasNotFound := false
			for range 5 * 24 {
				w.pass(time.Hour)
				w.turn()
				wasNotFound = wasNotFound || w.get(d).Status == distribution.NotFound
			}
			w.sync()
			assert.Equal(t, row.notFound, wasNotFound)
			assert.Equal(t, distribution.Paid, w.get(d).Status)
			assert.Equal(t, 1, w.srv.Executed(d.OrderReference))
			assert.Len(t, w.srv.Posts(), 2)
		})
	}
}
