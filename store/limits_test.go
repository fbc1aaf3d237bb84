package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// This file holds the limits of one payment and of one day, which a claim asks for.

func TestOneOverTheLimitGoesBackToItsMaker(t *testing.T) {
	for limit, goes := range map[distribution.Amount]bool{0: true, 150_000_00: true, 149_999_99: false} {
		w := newWorld(t)
		d := storetest.Queued(t, w.DB, w.maker)
		storetest.SetPolicy(t, w.DB, distribution.Policy{LimitEach: limit})
		if goes {
			storetest.Claim(t, w.DB)
			continue
		}
		claimNothing(t, w)
		d = w.read(t, d.ID)
		assert.Equal(t, distribution.Draft, d.Status)
		assert.Equal(t, "limit_each", d.StatusReason)
		_, err := w.Submit(t.Context(), w.maker, d.ID)
		requireRefused(t, err, "limit")
	}
}

// of fills a form with an amount in tenge.
func of(amount string) func(*distribution.Form) {
	return func(f *distribution.Form) { f.Amount = amount }
}

// What has left today, or may have, counts against the limit of the day.
func TestWhatCountsForTheDay(t *testing.T) {
	finish := func(o store.Outcome, judge func(*world) func(*distribution.Distribution) (distribution.Event, error)) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker, of("600")), o, judge(w))
		}
	}
	for name, row := range map[string]struct {
		before func(*testing.T, *world)
		counts bool
	}{
		"nothing":       {func(*testing.T, *world) {}, false},
		"under way now": {func(t *testing.T, w *world) { storetest.Sending(t, w.DB, w.maker, of("600")) }, true},
		"accepted":      {func(t *testing.T, w *world) { storetest.Accepted(t, w.DB, w.maker, "P-1", of("600")) }, true},
		"unknown":       {func(t *testing.T, w *world) { storetest.Unknown(t, w.DB, w.maker, of("600")) }, true},
		"mismatch":      {finish(store.OutcomeDiffers, differ("P-1", 1)), true},
		"refused": {finish(store.OutcomeRefused, func(w *world) func(*distribution.Distribution) (distribution.Event, error) {
			return func(d *distribution.Distribution) (distribution.Event, error) { return d.Refuse("no", w.Now()) }
		}), false},
		"not sent": {finish(store.OutcomeNotSent, func(w *world) func(*distribution.Distribution) (distribution.Event, error) {
			return func(d *distribution.Distribution) (distribution.Event, error) {
				return d.NotSent(w.Now().Add(time.Hour))
			}
		}), false},
		"made elsewhere": {func(t *testing.T, w *world) { w.apply(t, "list", w.foreign("P-1", "paid")) }, false},
		"failed at the bank later, which may still turn": {func(t *testing.T, w *world) {
			d := storetest.Accepted(t, w.DB, w.maker, "P-1", of("600"))
			w.apply(t, "detail", storetest.Remote(&d, "P-1", "failed"))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			row.before(t, w)
			d := storetest.Queued(t, w.DB, w.maker, of("500"))
			storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 1_000_00})
			if !row.counts {
				assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
				return
			}
			claimNothing(t, w)
			d = w.read(t, d.ID)
			assert.Equal(t, distribution.Queued, d.Status)
			assert.Equal(t, "limit", d.StatusReason)
			assert.Equal(t, time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC), d.NextTryAt, "midnight in Almaty")
		})
	}
}

func TestDayOfTheLimitEndsAtMidnightInAlmaty(t *testing.T) {
	w := newWorld(t) // 12:00 in Almaty
	storetest.Accepted(t, w.DB, w.maker, "P-1", of("1000"))
	d := storetest.Queued(t, w.DB, w.maker, of("1000"))
	storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 1_000_00})
	claimNothing(t, w)
	w.clock.Advance(12*time.Hour - time.Microsecond)
	claimNothing(t, w)
	w.clock.Advance(time.Microsecond)
	assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
	assert.Empty(t, w.read(t, d.ID).StatusReason)
	state := w.dump(t)
	claimNothing(t, w)
	assert.Equal(t, state, w.dump(t))
}

// A smaller one goes past one that waits for the next day; a larger limit frees
// at once.
func TestOthersGoPastOneThatWaitsForTheNextDay(t *testing.T) {
	w := newWorld(t)
	large := storetest.Queued(t, w.DB, w.maker, of("1500"))
	w.clock.Advance(time.Second)
	small := storetest.Queued(t, w.DB, w.maker, of("600"))
	storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 1_000_00})
	assert.Equal(t, small.ID, storetest.Claim(t, w.DB).Distribution.ID)
	claimNothing(t, w)
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distribution_events WHERE kind = 'held'"), "said once")
	storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 2_100_00})
	assert.Equal(t, large.ID, storetest.Claim(t, w.DB).Distribution.ID)
}

// Two sendings of one distribution on a day may both have left.
func TestBothSendingsOfAResentOneCount(t *testing.T) {
	w := newWorld(t)
	d := storetest.Unknown(t, w.DB, w.maker, of("500"))
	require.NoError(t, second(w.Change(t.Context(), syncer(), d.ID, (*distribution.Distribution).Miss)))
	w.decide(t, distribution.DecideResend, d.ID)
	storetest.Claim(t, w.DB)
	storetest.Queued(t, w.DB, w.maker, of("0,01"))
	storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 1_000_00})
	claimNothing(t, w)
}

func TestParallelClaimsNeverExceedTheLimitOfTheDay(t *testing.T) {
	w := newWorld(t)
	for range 100 {
		storetest.Queued(t, w.DB, w.maker, of("100"))
	}
	storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 3_750_00})
	second := storetest.Open(t, w.path, w.clock.Now)
	var sum distribution.Amount
	var one sync.Mutex
	atOnce(100, func(i int) error {
		db := []*store.DB{w.DB, second}[i%2]
		c, err := db.Claim(t.Context(), sender(), storetest.Wire)
		for store.Unavailable(err) { // a hundred at once on a slow machine
			c, err = db.Claim(t.Context(), sender(), storetest.Wire)
		}
		if assert.NoError(t, err) && c != nil {
			one.Lock()
			sum += c.Distribution.Amount
			one.Unlock()
		}
		return nil
	})
	assert.Equal(t, distribution.Amount(3_700_00), sum)
	assert.Equal(t, 37, count(t, w.DB, "SELECT count(*) FROM attempts"))
	assert.Equal(t, 63, count(t, w.DB, "SELECT count(*) FROM distributions WHERE status = 'queued' AND status_reason = 'limit'"))
}
