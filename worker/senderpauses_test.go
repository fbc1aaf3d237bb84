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

// 401 to a create stops sending until Plexy is read with success.
func TestRefusedKeyPausesSending(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.sync()
		all := w.queue(3)
		w.fail(plexytest.CreateUnauthorized, 1)
		w.startOnly(w.Sender.Run)
		w.pass(50 * time.Second)
		assert.Equal(t, distribution.Refused, w.get(all[0]).Status)
		assert.Equal(t, store.Unauthorized, w.state().LastError)
		assert.Len(t, w.srv.Posts(), 1)
		assert.Equal(t, 2, w.count(distribution.Queued))

		w.sync()
		w.pass(senderIdle)
		assert.Len(t, w.srv.Posts(), 3)
		assert.Equal(t, 2, w.count(distribution.Accepted))
	})
}

// A key that may read but not create: the queue is not refused one by one.
func TestKeyThatMayOnlyRead(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.fail(plexytest.CreateUnauthorized, -1)
		w.queue(50)
		w.start()
		w.pass(time.Hour)
		assert.LessOrEqual(t, len(w.srv.Posts()), 8, "at once, and after 1, 2, 4, 8, 16, 32 minutes")
		w.srv.Heal()
		w.pass(time.Hour)
		assert.Equal(t, 50, w.count(distribution.Refused)+w.count(distribution.Paid))
	})
}

func TestNothingIsSentBeforePlexyWasRead(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.down()
		all := w.queue(3)
		w.start()
		w.pass(20 * time.Minute)
		for _, d := range all {
			attempts, err := w.db.Attempts(t.Context(), d.ID)
			require.NoError(t, err)
			assert.Empty(t, attempts)
		}
		assert.Equal(t, 3, w.count(distribution.Queued))

		w.up()
		w.pass(2 * time.Minute)
		assert.Equal(t, 3, w.count(distribution.Paid), "it recovers alone")
		assert.Len(t, w.srv.Posts(), 3)
	})
}

func TestSendingSwitchedOff(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.Sender.submit = false
		w.queue(1)
		w.start()
		w.pass(time.Hour)
		assert.Empty(t, w.srv.Posts())
	})
}

// While Plexy does not answer, rows wait in the queue; they do not become
// unknown one after the other.
func TestOutageLeavesRowsQueued(t *testing.T) {
	for name, row := range map[string]struct {
		create, read plexytest.Fault
		mostUnknown  int
	}{
		"silence":      {plexytest.CreateHangBefore, plexytest.ReadHang, 3},
		"server error": {plexytest.Create500Before, plexytest.Read500, 9}, // 3 at once, then after 1, 2, 4 … s of the minute
		"html":         {plexytest.CreateHTML502Before, plexytest.ReadHTML502, 9},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				w.start()
				w.pass(time.Minute)
				w.fail(row.create, -1)
				w.fail(row.read, -1)
				w.queue(100)
				w.Wake()
				w.pass(10 * time.Minute)
				unknown := w.count(distribution.Unknown)
				assert.LessOrEqual(t, unknown, row.mostUnknown)
				assert.Equal(t, 100-unknown, w.count(distribution.Queued))
				posts := len(w.srv.Posts())
				assert.Equal(t, unknown, posts)

				w.srv.Heal()
				w.pass(5 * time.Minute)
				assert.Equal(t, 100-unknown, w.count(distribution.Paid))
				assert.Len(t, w.srv.Posts(), 100, "an unknown one is not sent again")
			})
		})
	}
}

// After three unknown in a row the sender waits 1 s, doubling to 60 s.
func TestUnknownOutcomesSlowTheSender(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.fail(plexytest.Create500Before, -1)
		w.startOnly(w.Syncer.Run, w.Sender.Run)
		w.pass(time.Second)
		w.queue(12)
		w.Wake()
		w.pass(10 * time.Minute)
		var gaps []time.Duration
		posts := w.srv.Posts()
		for i := 1; i < len(posts); i++ {
			gaps = append(gaps, posts[i].At.Sub(posts[i-1].At)/time.Second)
		}
		assert.Equal(t, []time.Duration{0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60}, gaps)
	})
}

func TestRetryAfterHoldsTheSender(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.startOnly(w.Syncer.Run, w.Sender.Run)
		w.pass(time.Second)
		w.fail(plexytest.Create429, 1)
		w.queue(2)
		w.Wake()
		w.pass(30*time.Second - time.Millisecond)
		w.Wake()
		assert.Len(t, w.srv.Posts(), 1)
		w.pass(time.Millisecond)
		assert.Len(t, w.srv.Posts(), 2)
	})
}
