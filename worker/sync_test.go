package worker

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

func TestEveryIntervalOneRound(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.startOnly(w.Syncer.Run)
		w.pass(time.Second)
		assert.Equal(t, 1, w.srv.Requests().Balance, "at once")
		w.pass(10 * time.Minute)
		assert.InDelta(t, 21, w.srv.Requests().Balance, 2)
		before := w.srv.Requests().Balance
		w.Syncer.Wake()
		w.pass(5 * time.Second) // it rests a little between rounds; the next of its own may fall into this
		assert.InDelta(t, before+1, w.srv.Requests().Balance, 1)
		assert.Greater(t, w.srv.Requests().Balance, before)
	})
}

func TestStatusIsFollowedToItsEnd(t *testing.T) {
	for _, prefixed := range []bool{false, true} {
		inWorldOf(t, fmt.Sprint("prefixed ", prefixed), plexytest.Options{
			PrefixedStatus: prefixed,
			Steps:          []plexytest.Step{{After: time.Minute, Status: "processing"}, {After: 3 * time.Minute, Status: "paid"}},
		}, func(t *testing.T, w *world) {
			d := w.queue(1)[0]
			w.start()
			w.pass(45 * time.Second)
			assert.Equal(t, distribution.Accepted, w.get(d).Status)
			w.pass(time.Minute)
			assert.Equal(t, distribution.Processing, w.get(d).Status)
			w.pass(2 * time.Minute)
			assert.Equal(t, distribution.Paid, w.get(d).Status)
			assert.False(t, w.get(d).Regressed)
			checks, err := w.db.Checks(t.Context(), d.ID)
			require.NoError(t, err)
			assert.False(t, checks.LastCheckedAt.IsZero())
		})
	}
}

// A payment that was paid long ago is not read by id any more; the list tells
// that it came back, and a read by id confirms it.
func TestReturnAfterPaidIsSeenInTheList(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		w.start()
		w.pass(time.Minute)
		require.Equal(t, distribution.Paid, w.get(d).Status)
		reads := w.srv.Requests().Detail
		w.pass(time.Minute)
		assert.Equal(t, reads, w.srv.Requests().Detail)

		require.NoError(t, w.srv.SetStatus(w.get(d).PlexyID, "returned"))
		w.pass(time.Minute)
		assert.Equal(t, distribution.Returned, w.get(d).Status)
		assert.Equal(t, reads+1, w.srv.Requests().Detail)
	})
}

func TestListAloneMovesNothing(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		w.sync()
		w.sendOne()
		inner := w.srv.Handler()
		w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			if strings.HasSuffix(in.URL.Path, w.get(d).PlexyID) {
				http.NotFound(out, in)
				return
			}
			inner.ServeHTTP(out, in)
		}))
		w.pass(time.Minute) // by now it is paid
		for range 3 {
			w.sync()
		}
		assert.Equal(t, distribution.Accepted, w.get(d).Status)
		assert.Equal(t, 1, strings.Count(w.log.String(), "cannot read a distribution by id"), "told once")
	})
}

func TestMadeElsewhereComesIn(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.start()
		w.pass(time.Minute)
		_, err := w.srv.Add(plexytest.Distribution{OrderReference: "ELSEWHERE", Amount: 5_00})
		require.NoError(t, err)
		w.pass(5 * time.Minute)
		w.assertWhole()
		assert.Equal(t, 1, w.count(distribution.Paid))
	})
}

// A round that fails half-way must not leave a hole: the next one reads as far
// back as the last good one, although the first page brings nothing new.
func TestHoleOfAFailedRoundIsFilled(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(300)
		w.syncWhole()
		w.pass(3 * time.Hour)
		for i := range 450 {
			_, err := w.srv.Add(plexytest.Distribution{OrderReference: fmt.Sprint("NEW-", i), Amount: 1_00, Status: "paid"})
			require.NoError(t, err)
			time.Sleep(20 * time.Second)
		}
		w.fail(plexytest.List500MidScan, 1)
		_, err := w.Syncer.round(t.Context())
		require.Error(t, err)
		w.restart()
		w.sync()
		w.assertWhole()
	})
}

// Rows may turn up late and still be many: being old does not end the reading
// while they are new to us.
func TestOldRowsThatTurnUpLate(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(300)
		w.syncWhole()
		for i := range 250 {
			_, err := w.srv.Add(plexytest.Distribution{
				OrderReference: fmt.Sprint("LATE-", i), Amount: 1_00, Status: "paid", CreatedAt: time.Now().Add(-20 * time.Hour),
			})
			require.NoError(t, err)
		}
		w.sync()
		w.assertWhole()
	})
}

func TestQuietListCostsOnePage(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(1000)
		w.syncWhole()
		before := w.srv.Requests().List
		for range 5 {
			w.sync()
		}
		assert.Equal(t, 5, w.srv.Requests().List-before)
	})
}

// What is too much for one round becomes an import that can be interrupted.
func TestVeryMuchNewBecomesAnImport(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(300)
		w.syncWhole()
		for i := range catchUpPages + 20 {
			_, err := w.srv.Add(plexytest.Distribution{OrderReference: fmt.Sprint("NEW-", i), Amount: 1_00, Status: "paid"})
			require.NoError(t, err)
			time.Sleep(2 * time.Minute)
		}
		oddList{cap: 1}.serve(w)
		more, err := w.Syncer.round(t.Context())
		require.NoError(t, err)
		assert.True(t, more)
		assert.NotNil(t, w.state().Import)
		w.srv.Heal()
		oddList{}.serve(w)
		w.syncWhole()
		assert.Nil(t, w.state().Import)
		w.assertWhole()
	})
}

// One distribution that Plexy cannot show does not keep the others, and the
// sender, from going on; three in a row are Plexy's failure.
func TestThoseThatCannotBeReadByID(t *testing.T) {
	for name, row := range map[string]struct {
		statuses []int // of the answers, longest unread first
		failed   bool
	}{
		"one":               {[]int{500, 200, 200, 200}, false},
		"two":               {[]int{500, 500, 200, 200}, false},
		"three in a row":    {[]int{500, 500, 500, 200}, true},
		"three, not in one": {[]int{500, 500, 200, 500, 200}, false},
		"gone":              {[]int{404, 404, 404, 404, 200}, false},
		"key refused":       {[]int{401, 200}, true},
	} {
		inWorldOf(t, name, plexytest.Options{Steps: []plexytest.Step{}}, func(t *testing.T, w *world) {
			all := w.queue(len(row.statuses))
			answers := map[string]int{}
			for i, d := range all {
				w.sendOne()
				answers["/v1/distributions/"+w.get(d).PlexyID] = row.statuses[i]
			}
			inner := w.srv.Handler()
			w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
				if status := answers[in.URL.Path]; status > 200 {
					http.Error(out, "oops", status)
					return
				}
				inner.ServeHTTP(out, in)
			}))
			_, err := w.Syncer.round(t.Context())
			assert.Equal(t, row.failed, err != nil, "%v", err)
			checks, err := w.db.Checks(t.Context(), all[len(all)-1].ID)
			require.NoError(t, err)
			assert.Equal(t, row.failed, checks.LastCheckedAt.IsZero(), "was the last one read?")
		})
	}
}

func TestAtMostFiftyAreReadByIDInARound(t *testing.T) {
	inWorld(t, plexytest.Options{Steps: []plexytest.Step{}}, func(t *testing.T, w *world) {
		w.queue(60)
		for range 60 {
			w.sendOne()
		}
		w.sync()
		assert.Equal(t, 50, w.srv.Requests().Detail)
		w.sync()
		assert.Equal(t, 100, w.srv.Requests().Detail)
		for d, err := range w.db.Register(t.Context(), store.Filter{Sort: "created"}) {
			require.NoError(t, err)
			checks, err := w.db.Checks(t.Context(), d.ID)
			require.NoError(t, err)
			assert.False(t, checks.LastCheckedAt.IsZero(), "longest unread first: everyone had a turn")
		}
	})
}

func TestRunsAreKept(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(3)
		w.sync()
		w.sync()
		w.fail(plexytest.Read500, 1)
		_, err := w.Syncer.round(t.Context())
		require.Error(t, err)
		kinds, errs := w.runs()
		assert.Equal(t, []string{"import", "sync", "sync"}, kinds)
		assert.Equal(t, []string{"", "", "server_error"}, errs)
	})
}

// A row with an amount that cannot be ours is left out and told, once.
func TestRowWithAnOddAmount(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			if in.URL.Path == "/v1/distributions" {
				reply(`{"data":[{"id":"a","orderReference":"A","amount":1.005,"currency":"KZT","status":"paid"},
					{"id":"b","orderReference":"B","amount":2,"currency":"KZT","status":"paid"}],"total":2}`)(out, in)
				return
			}
			reply(`{"balance":1}`)(out, in)
		}))
		for range 3 {
			w.syncWhole()
		}
		assert.Equal(t, 1, w.count(distribution.Paid))
		assert.Equal(t, 1, strings.Count(w.log.String(), "left out"))
	})
}
