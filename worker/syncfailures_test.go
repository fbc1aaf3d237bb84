package worker

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// A failed read keeps what is known, and its age.
func TestFailedReads(t *testing.T) {
	for fault, code := range map[plexytest.Fault]string{
		plexytest.ReadUnauthorized: store.Unauthorized,
		plexytest.Read500:          store.ServerError,
		plexytest.ReadHTML502:      store.ServerError,
		plexytest.ReadHTML200:      store.Unreadable,
		plexytest.ReadHang:         store.Unreachable,
		plexytest.ReadReset:        store.Unreachable,
		plexytest.ReadCutJSON:      store.Unreadable,
		plexytest.Read429:          store.Throttled,
		plexytest.Read503:          store.ServerError,
	} {
		t.Run(string(fault), func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				d := w.queue(1)[0]
				w.start()
				w.pass(time.Minute)
				good := w.state().LastSuccess
				paid := w.get(d)
				w.fail(fault, -1)
				w.pass(10 * time.Minute)
				s := w.state()
				assert.Equal(t, code, s.LastError)
				assert.LessOrEqual(t, s.LastSuccess.Sub(good), every, "the age is told truly")
				assert.False(t, s.FailingSince.IsZero())
				assert.Equal(t, paid.Version, w.get(d).Version)
				balance, known, err := w.db.Balance(t.Context())
				require.NoError(t, err)
				assert.True(t, known)
				assert.Less(t, balance.CheckedAt, s.FailingSince.Add(time.Second))

				w.srv.Heal()
				w.pass(2 * time.Minute)
				assert.True(t, w.state().FailingSince.IsZero(), "it recovers alone")
				assert.Equal(t, []string{"plexy.failing", "plexy.recovered"}, w.actions("plexy"), "the log hears of both once")
			})
		})
	}
}

func TestUnauthorizedReadPausesSending(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.start()
		w.pass(time.Second)
		w.fail(plexytest.ReadUnauthorized, -1)
		w.pass(35 * time.Second) // the last good read is still young
		w.queue(2)
		w.Wake()
		w.pass(10 * time.Minute)
		assert.Empty(t, w.srv.Posts())
		w.srv.Heal()
		w.pass(2 * time.Minute)
		assert.Len(t, w.srv.Posts(), 2)
	})
}

func TestRetryAfterOfAReadIsHonoured(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.Syncer.every = time.Second
		w.fail(plexytest.Read429, 1)
		w.startOnly(w.Syncer.Run)
		w.pass(30*time.Second - time.Millisecond)
		w.Syncer.Wake()
		assert.Equal(t, 1, w.srv.Requests().List)
		w.pass(3 * time.Second)
		assert.Greater(t, w.srv.Requests().List, 1)
	})
}

func TestDayWithoutPlexy(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.startOnly(w.Syncer.Run, w.Reconciler.Run)
		w.pass(time.Minute)
		w.fail(plexytest.Read500, -1)
		before := w.srv.Requests()
		w.pass(2 * time.Hour)
		asked := w.srv.Requests().List - before.List
		assert.Less(t, asked, 2*120, "fewer than two requests a minute")
		assert.Less(t, strings.Count(w.log.String(), "\n"), 10, "a long failure is told once")
		w.srv.Heal()
		w.pass(2 * time.Minute)
		assert.True(t, w.state().FailingSince.IsZero())
	})
}

// Fifty slow reads by id take minutes; sending goes on meanwhile, because each
// of them is a good read.
func TestSlowReadsDoNotPauseSending(t *testing.T) {
	inWorld(t, plexytest.Options{Steps: []plexytest.Step{}}, func(t *testing.T, w *world) {
		w.syncWhole()
		w.queue(50)
		for range 50 {
			w.sendOne()
		}
		inner := w.srv.Handler()
		w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			if in.Method == http.MethodGet {
				time.Sleep(4 * time.Second)
			}
			inner.ServeHTTP(out, in)
		}))
		w.startOnly(w.Syncer.Run)
		for range 60 {
			w.pass(5 * time.Second)
			s := w.state()
			require.Empty(t, s.Paused(w.db.Now(), time.Minute, true), "after %s", w.db.Now().Sub(s.LastSuccess))
		}
	})
}
