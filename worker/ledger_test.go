package worker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// unexplained are the residuals of the last day.
func (w *world) unexplained() []distribution.Residual {
	w.Helper()
	found, err := w.db.Residuals(w.Context(), w.db.Now().Add(-24*time.Hour))
	require.NoError(w, err)
	return found
}

// Money that moves at Plexy by another hand stands on the balance page after
// one poll; what this program and others pay through Plexy does not.
func TestAMovementByAnotherHandIsSeenAfterOnePoll(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		w.start()
		w.queue(5)
		w.pass(10 * time.Minute)
		require.Equal(t, 5, w.count(distribution.Paid))
		assert.Empty(t, w.unexplained())

		changed := w.db.Now()
		require.NoError(t, w.srv.SetBalance(w.srv.Balance()-75_000_00))
		w.pass(every + every/5)
		found := w.unexplained()
		require.Len(t, found, 1)
		assert.Equal(t, distribution.Amount(-75_000_00), found[0].Amount)
		assert.False(t, changed.Before(found[0].From) || changed.After(found[0].To))
	})
}

// A failure brings the money back, and an outcome that was lost explains its
// debit as soon as it is found.
func TestWhatFailsOrIsFoundExplainsTheBalance(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		w.queue(1, func(f *distribution.Form) { f.Amount = distribution.Amount(plexytest.MagicFail).String() })
		w.fail(plexytest.CreateHangAfter, 1)
		w.start()
		w.pass(time.Hour)
		assert.Equal(t, 1, w.count(distribution.Failed))
		assert.Empty(t, w.unexplained())
	})
}

// From the press on nothing is claimed, whatever is queued.
func TestStopWhileTheSenderWorks(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		w.queue(20)
		w.fail(plexytest.CreateSlow, 20) // each takes five seconds
		w.start()
		w.pass(22 * time.Second)
		require.NoError(t, w.db.StopSending(w.Context(), w.maker, "сверка"))
		posted := len(w.srv.Posts())
		require.NotZero(t, posted)
		require.Equal(t, 1, w.count(distribution.Sending), "one is open, and will be finished")
		w.pass(10 * time.Minute)
		assert.Len(t, w.srv.Posts(), posted)
		assert.Zero(t, w.count(distribution.Sending))
		assert.Equal(t, 20-posted, w.count(distribution.Queued))
		stops, err := w.db.Stops(w.Context())
		require.NoError(t, err)
		require.Len(t, stops, 1)
		assert.Equal(t, store.StopPerson, stops[0].Kind)
	})
}
