package worker

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// lost sends one whose answer is lost although it was executed.
func (w *world) lost() distribution.Distribution {
	w.Helper()
	d := w.queue(1)[0]
	w.fail(plexytest.CreateResetAfter, 1)
	w.sendOne()
	require.Equal(w, distribution.Unknown, w.get(d).Status)
	return d
}

func TestLostAnswerIsFound(t *testing.T) {
	for name, opt := range map[string]plexytest.Options{
		"at once":                        {},
		"list lags by five minutes":      {ListLag: 5 * time.Minute},
		"rows without recipient":         {OmitRecipient: true},
		"items and pageSize":             {Envelope: plexytest.EnvelopeItems},
		"amounts in tiyn":                {Unit: plexytest.UnitMinor},
		"prefixed words":                 {PrefixedStatus: true},
		"Plexy leaves it created":        {Steps: []plexytest.Step{}},
		"a word that nobody knows: paid": {Steps: []plexytest.Step{{After: time.Second, Status: "frozen"}}},
	} {
		inWorldOf(t, name, opt, func(t *testing.T, w *world) {
			w.syncWhole()
			d := w.lost()
			w.startOnly(w.Reconciler.Run) // alone, without the syncer's help
			w.pass(10 * time.Minute)
			now := w.get(d)
			assert.True(t, now.Status.AtPlexy(), "%s", now.Status)
			assert.Equal(t, w.srv.Posts()[0].DistributionID, now.PlexyID)
			assert.Len(t, w.srv.Posts(), 1)
		})
	}
}

func TestFoundButDifferent(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		d := w.queue(1)[0]
		w.fail(plexytest.CreateHangBefore, 1)
		w.sendOne()
		_, err := w.srv.Add(plexytest.Distribution{OrderReference: d.OrderReference, Amount: 1_00, Status: "paid"})
		require.NoError(t, err)
		w.startOnly(w.Reconciler.Run)
		w.pass(10 * time.Minute)
		assert.Equal(t, distribution.Unknown, w.get(d).Status, "without an IBAN nothing is concluded")

		r := d.RecipientText()
		other := plexytest.Distribution{OrderReference: d.OrderReference, Amount: 1_00, Status: "paid"}
		other.Recipient.IBAN, other.Recipient.Name = r.IBAN, r.Name
		_, err = w.srv.Add(other)
		require.NoError(t, err)
		w.pass(20 * time.Minute)
		assert.Equal(t, distribution.Mismatch, w.get(d).Status)
	})
}

// A look can only find: what is not there is looked for again, ever more rarely.
func TestLooksFollowTheirSchedule(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		d := w.queue(1)[0]
		w.fail(plexytest.CreateResetBefore, 1)
		w.sendOne()
		began := time.Now()
		w.startOnly(w.Reconciler.Run)
		var at []time.Duration
		for looks := 1; len(at) < 8; looks++ {
			for w.looks(d) < looks {
				w.pass(5 * time.Second)
			}
			at = append(at, time.Since(began).Round(30*time.Second))
		}
		const s = time.Second
		assert.Equal(t, []time.Duration{30 * s, 90 * s, 210 * s, 450 * s, 930 * s, 1890 * s, 3810 * s, 7410 * s}, at)
		assert.Equal(t, distribution.Unknown, w.get(d).Status)
		assert.Len(t, w.srv.Posts(), 1)
	})
}

func (w *world) looks(d distribution.Distribution) int {
	w.Helper()
	c, err := w.db.Checks(w.Context(), d.ID)
	require.NoError(w, err)
	return c.Looks
}

func TestCheckNowLooksAtOnce(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		w.startOnly(w.Reconciler.Run)
		d := w.lost()
		w.pass(time.Second)
		require.Equal(t, distribution.Unknown, w.get(d).Status)
		require.NoError(t, w.db.LookNow(t.Context(), w.maker, d.ID))
		w.Wake()
		w.pass(time.Millisecond)
		assert.True(t, w.get(d).Status.AtPlexy())
	})
}

// It stops two whole pages behind the attempt, and does not read the history.
func TestLookReadsNoFartherThanItMust(t *testing.T) {
	for name, row := range map[string]struct {
		list  oddList
		pages int
	}{
		"newest first": {oddList{}, 3}, // the newest, and two that are wholly older
		"oldest first": {oddList{oldestFirst: true}, 11},
		"no order":     {oddList{shuffled: true}, 11},
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(1050)
			pages := 0
			row.list.each = func() { pages++ }
			row.list.serve(w)
			w.syncWhole()
			d := w.queue(1)[0]
			w.sendUpTo(1)
			w.restart()
			_, err := w.db.Recover(t.Context(), senderActor())
			require.NoError(t, err)
			_, err = w.srv.Add(plexytest.Distribution{OrderReference: "NEWER", Amount: 1_00, Status: "paid"})
			require.NoError(t, err)
			pages = 0
			require.NoError(t, w.Reconciler.look(t.Context()))
			assert.Equal(t, row.pages, pages)
			assert.Equal(t, 1, w.looks(d))
		})
	}
}

// A look that failed is no look.
func TestFailedLookIsRepeated(t *testing.T) {
	for _, fault := range []plexytest.Fault{
		plexytest.Read500, plexytest.ReadCutJSON, plexytest.ReadHTML200, plexytest.ReadUnauthorized, plexytest.ReadHang, plexytest.Read429,
	} {
		inWorldOf(t, string(fault), plexytest.Options{}, func(t *testing.T, w *world) {
			w.syncWhole()
			d := w.lost()
			w.fail(fault, -1)
			w.startOnly(w.Reconciler.Run)
			w.pass(35 * time.Second)
			assert.Zero(t, w.looks(d))
			assert.Equal(t, fault == plexytest.ReadUnauthorized, w.state().LastError == store.Unauthorized)
			asked := w.srv.Requests().List
			w.pass(20 * time.Second)
			assert.LessOrEqual(t, w.srv.Requests().List-asked, 1, "no hammering")
			w.srv.Heal()
			w.pass(10 * time.Minute)
			assert.True(t, w.get(d).Status.AtPlexy())
		})
	}
}

// The syncer meets a lost one in the list, too.
func TestSyncFindsALostOne(t *testing.T) {
	inWorld(t, plexytest.Options{OmitRecipient: true}, func(t *testing.T, w *world) {
		w.syncWhole()
		d := w.lost()
		w.sync()
		assert.True(t, w.get(d).Status.AtPlexy())
	})
}

// Two answers about the same distribution must not overtake each other.
func TestReadsAreOneAtATime(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.syncWhole()
		for range 5 {
			w.lost()
			w.pass(7 * time.Second)
		}
		var now, most atomic.Int32
		inner := w.srv.Handler()
		w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			n := now.Add(1)
			defer now.Add(-1)
			if n > most.Load() {
				most.Store(n)
			}
			time.Sleep(3 * time.Second)
			inner.ServeHTTP(out, in)
		}))
		w.startOnly(w.Syncer.Run, w.Reconciler.Run)
		w.pass(10 * time.Minute)
		assert.EqualValues(t, 1, most.Load())
		assert.Equal(t, 5, w.count(distribution.Paid), fmt.Sprint(w.count(distribution.Unknown), " unknown"))
	})
}
