package worker

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/store/storetest"
)

// once is a Config.At that does something when the point is reached the first
// time.
func once(point string, do func() error) func(string) error {
	return func(reached string) error {
		if reached != point || do == nil {
			return nil
		}
		first := do
		do = nil
		return first()
	}
}

func (w *world) attempts(d distribution.Distribution) []store.Attempt {
	w.Helper()
	all, err := w.db.Attempts(w.Context(), d.ID)
	require.NoError(w, err)
	return all
}

// putBack asserts that one was claimed, and is queued again as if it was not.
func (w *world) putBack(d distribution.Distribution) {
	w.Helper()
	now := w.get(d)
	assert.Equal(w, []any{distribution.Queued, "paused", 0}, []any{now.Status, now.StatusReason, now.Attempts})
	attempts := w.attempts(d)
	require.Len(w, attempts, 1)
	assert.Equal(w, []any{store.OutcomeNotSent, "paused"}, []any{attempts[0].Outcome, attempts[0].Reason})
	assert.Empty(w, w.srv.Posts())
}

// A stop that is pressed after the claim comes before the POST.
func TestStopBetweenClaimAndPost(t *testing.T) {
	for _, kind := range []store.StopKind{store.StopPerson, store.StopInvariant} {
		inWorldOf(t, string(kind), plexytest.Options{}, func(t *testing.T, w *world) {
			w.start()
			w.pass(time.Second)
			w.at = once("F11", func() error {
				if kind == store.StopPerson {
					return w.db.StopSending(t.Context(), w.maker, "the wrong account")
				}
				return w.db.Stop(t.Context(), senderActor(), kind, "found", "")
			})
			d := w.queue(1)[0]
			w.Wake()
			w.pass(10 * time.Minute)
			w.putBack(d)

			if kind == store.StopPerson {
				require.NoError(t, w.db.StartSending(t.Context(), storetest.User(t, w.db, distribution.Manager), "it is right"))
			} else {
				require.NoError(t, w.db.Lift(t.Context(), senderActor(), kind, "it is right"))
			}
			w.pass(time.Minute)
			assert.Equal(t, distribution.Paid, w.get(d).Status)
			assert.Len(t, w.srv.Posts(), 1)
		})
	}
}

// The program is told to end between claim and POST: the next run sends.
func TestEndBetweenClaimAndPost(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.sync()
		d := w.queue(1)[0]
		ctx, cancel := context.WithCancel(t.Context())
		w.at = once("F11", func() error { cancel(); return nil })
		began := time.Now()
		require.NoError(t, w.Sender.Run(ctx))
		assert.Zero(t, time.Since(began))
		w.putBack(d)
		w.restart()
		w.start()
		w.pass(time.Minute)
		assert.Equal(t, distribution.Paid, w.get(d).Status)
	})
}

// When it cannot be told whether sending is stopped, nothing is sent.
func TestDoubtBetweenClaimAndPost(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		w.at = once("F11", func() error { return errors.New("the disk") })
		worked, err := w.Sender.SendOne(t.Context())
		require.ErrorContains(t, err, "the disk")
		assert.False(t, worked)
		w.putBack(d)
	})
}

func TestFullDiskPausesSendingUntilThereIsRoom(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.free.Store(store.MinFree - 1)
		d := w.queue(1)[0]
		w.start()
		w.pass(time.Hour)
		assert.Empty(t, w.srv.Posts())
		assert.Equal(t, store.PausedDisk, w.state().Paused(w.db.Now(), time.Minute, true))
		assert.Contains(t, w.log.String(), "reason=disk")

		w.free.Store(store.MinFree)
		w.pass(time.Minute)
		assert.Equal(t, distribution.Paid, w.get(d).Status, "without a restart")
	})
}
