package worker

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// A claim that may have been written is undone before anything else is claimed.
func TestUnsettledClaimIsGivenBack(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		c, err := w.db.Claim(t.Context(), senderActor(), w.unit.wire)
		require.NoError(t, err)
		failures := 3
		w.at = func(point string) error {
			if point == "F23" && failures > 0 {
				failures--
				return errors.New("the disk")
			}
			return nil
		}
		began := time.Now()
		w.Sender.giveBack(t.Context(), c.Attempt.ID)
		assert.Equal(t, (1+2+4)*time.Second, time.Since(began))
		now := w.get(d)
		assert.Equal(t, []any{distribution.Queued, 0}, []any{now.Status, now.Attempts})
		assert.Equal(t, "claim_failed", w.attempts(d)[0].Reason)

		w.Sender.giveBack(t.Context(), c.Attempt.ID)
		w.Sender.giveBack(t.Context(), "one that was never written")
		w.sendOne()
		assert.Len(t, w.srv.Posts(), 1)
	})
}

// While an outcome cannot be saved nothing else is sent, and the program says
// that it is not ready; it goes on by itself.
func TestNothingIsSentWhileAnOutcomeIsUnsaved(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		full := true
		w.at = func(point string) error {
			if point == "F23" && full {
				return errors.New("the disk is full")
			}
			return nil
		}
		w.start()
		w.pass(time.Second)
		all := w.queue(2)
		w.Wake()
		w.pass(10 * time.Minute)
		assert.Error(t, w.Unsaved())
		assert.Len(t, w.srv.Posts(), 1)
		assert.Equal(t, distribution.Sending, w.get(all[0]).Status)

		full = false
		w.pass(time.Minute)
		assert.NoError(t, w.Unsaved())
		for _, d := range all {
			assert.Equal(t, distribution.Paid, w.get(d).Status)
		}
		assert.Len(t, w.srv.Posts(), 2)
	})
}

// The program is killed while it tries to save: the next run knows only that
// something was sent, and finds it.
func TestKillWhileAnOutcomeIsUnsaved(t *testing.T) {
	for name, spoil := range map[string]func(*world) (repair func()){
		"another program holds the file": func(w *world) func() {
			other := rawDB(w)
			other.SetMaxOpenConns(1)
			_, err := other.ExecContext(w.Context(), "BEGIN IMMEDIATE")
			require.NoError(w, err)
			return func() {
				_, err := other.ExecContext(w.Context(), "ROLLBACK")
				require.NoError(w, err)
			}
		},
		"the file cannot grow": func(w *world) func() {
			_, err := rawDB(w).ExecContext(w.Context(), "CREATE TRIGGER full BEFORE INSERT ON raw_answers BEGIN SELECT raise(ABORT, 'full'); END")
			require.NoError(w, err)
			return func() {
				_, err := rawDB(w).ExecContext(w.Context(), "DROP TRIGGER full")
				require.NoError(w, err)
			}
		},
		"the database is closed": func(w *world) func() {
			require.NoError(w, w.db.Close())
			return func() {}
		},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			d := w.queue(1)[0]
			var repair func()
			tries := 0
			w.at = func(point string) error {
				switch point {
				case "F22":
					repair = spoil(w)
				case "F23":
					if tries++; tries == 4 {
						runtime.Goexit() // as kill -9: nothing runs any more
					}
				}
				return nil
			}
			go func() { _, _ = w.Sender.SendOne(t.Context()) }()
			w.pass(time.Minute)
			require.Equal(t, 4, tries)
			assert.Error(t, w.Unsaved())
			repair()
			w.at = nil

			w.restart()
			w.startOnly(w.Sender.Run)
			w.pass(time.Millisecond)
			now := w.get(d)
			assert.Equal(t, []any{distribution.Unknown, "crash"}, []any{now.Status, now.StatusReason})
			w.stop()
			w.start()
			w.pass(10 * time.Minute)
			assert.Equal(t, distribution.Paid, w.get(d).Status)
			assert.Len(t, w.srv.Posts(), 1)
		})
	}
}

// Each point at which the program may die, and what the next run makes of it.
func TestKillAtEachPoint(t *testing.T) {
	for point, row := range map[string]struct {
		later distribution.Status
		posts int
	}{
		"F11": {distribution.Unknown, 0}, // nobody knows that nothing was sent
		"F22": {distribution.Paid, 1},
		"F23": {distribution.Paid, 1},
	} {
		inWorldOf(t, point, plexytest.Options{}, func(t *testing.T, w *world) {
			d := w.queue(1)[0]
			w.at = once(point, func() error { runtime.Goexit(); return nil })
			go func() { _, _ = w.Sender.SendOne(t.Context()) }()
			w.pass(time.Second)
			require.Equal(t, distribution.Sending, w.get(d).Status)
			w.restart()
			w.start()
			w.pass(10 * time.Minute)
			assert.Equal(t, row.later, w.get(d).Status)
			assert.Equal(t, store.OutcomeUnknown, w.attempts(d)[0].Outcome)
			assert.Len(t, w.srv.Posts(), row.posts)
		})
	}
}
