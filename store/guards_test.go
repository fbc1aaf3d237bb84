package store_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// This file holds what the claim refuses: stops, limits, twins and rows that
// cannot be read.

func TestStopOfAnyKindClaimsNothing(t *testing.T) {
	for _, kind := range []store.StopKind{store.StopPerson, store.StopUnit, store.StopClock, store.StopInvariant} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorld(t)
			storetest.Queued(t, w.DB, w.maker)
			require.NoError(t, w.Stop(t.Context(), sender(), kind, "found", ""))
			state := w.dump(t)
			claimNothing(t, w)
			assert.Equal(t, state, w.dump(t), "not even that it was looked at")
		})
	}
}

func TestWhoStopsAndWhoStarts(t *testing.T) {
	for role, may := range map[distribution.Role]struct{ stop, start bool }{
		distribution.Accountant: {true, false},
		distribution.Manager:    {true, true},
		distribution.Auditor:    {false, false},
		distribution.Admin:      {true, false},
	} {
		w := newWorld(t)
		by := storetest.User(t, w.DB, role)
		err := w.StopSending(t.Context(), by, "ждём ответа банка")
		if may.stop {
			require.NoError(t, err, role)
			requireRefused(t, w.StopSending(t.Context(), by, ""), "reason")
		} else {
			require.ErrorIs(t, err, distribution.ErrForbidden, role)
			require.NoError(t, w.StopSending(t.Context(), w.manager, "ждём ответа банка"))
		}
		storetest.Queued(t, w.DB, w.maker)
		err = w.StartSending(t.Context(), by, "ответ есть")
		if !may.start {
			require.ErrorIs(t, err, distribution.ErrForbidden, role)
			claimNothing(t, w)
			continue
		}
		require.NoError(t, err, role)
		storetest.Claim(t, w.DB)
	}
}

// The first reason stands until it is lifted; each kind is lifted its own way.
func TestStopsOfEachKindStandOnTheirOwn(t *testing.T) {
	w := newWorld(t)
	kinds := func() (open []store.StopKind) {
		stops, err := w.Stops(t.Context())
		require.NoError(t, err)
		for _, s := range stops {
			open = append(open, s.Kind)
		}
		return open
	}
	for _, kind := range []store.StopKind{store.StopUnit, store.StopClock, store.StopInvariant} {
		require.NoError(t, w.Stop(t.Context(), sender(), kind, "found", ""))
	}
	require.NoError(t, w.StopSending(t.Context(), w.maker, "first"))
	require.NoError(t, w.StopSending(t.Context(), w.manager, "second"))
	assert.Equal(t, []store.StopKind{store.StopUnit, store.StopClock, store.StopInvariant, store.StopPerson}, kinds())
	stops, err := w.Stops(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"first", w.maker.ID}, []string{stops[3].Reason, stops[3].By.ID})

	for _, kind := range []store.StopKind{store.StopPerson, store.StopUnit} {
		require.ErrorIs(t, w.Lift(t.Context(), sender(), kind, "it seems fine"), distribution.ErrForbidden, "the program does not overrule people")
	}
	require.NoError(t, w.StartSending(t.Context(), w.manager, "checked"))
	assert.Equal(t, []store.StopKind{store.StopUnit, store.StopInvariant}, kinds())
	require.NoError(t, w.Lift(t.Context(), sender(), store.StopInvariant, "it holds again"))
	assert.Equal(t, []store.StopKind{store.StopUnit}, kinds())
	require.NoError(t, w.StopSending(t.Context(), w.maker, "third"))
	assert.Equal(t, []store.StopKind{store.StopUnit, store.StopPerson}, kinds(), "a lifted one may come again")
}

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

// A payment of the same that was seen after one was handed over is news to its
// maker; one that was seen before is not.
func TestTwinAtPlexyStopsTheClaim(t *testing.T) {
	explained := func(t *testing.T, w *world) distribution.Distribution {
		n := storetest.Filled(t, forInvoice)
		n.Confirmed, n.DuplicateReason = []string{"duplicate"}, "второй акт"
		d, err := w.Create(t.Context(), w.maker, n)
		require.NoError(t, err)
		d, err = w.Submit(t.Context(), w.maker, d.ID)
		require.NoError(t, err)
		return d
	}
	refusedInvoice := func(t *testing.T, w *world) distribution.Distribution {
		return storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker, forInvoice), store.OutcomeRefused,
			func(d *distribution.Distribution) (distribution.Event, error) { return d.Refuse("no", w.Now()) })
	}
	var first distribution.Distribution
	for _, row := range []struct {
		name          string
		before, after func(*testing.T, *world)
		twin          bool
	}{
		{"none", nil, nil, false},
		{"made elsewhere meanwhile", nil, func(t *testing.T, w *world) { elsewhere(t, w, "P-1", 0) }, true},
		{"made elsewhere before, seen meanwhile", nil, func(t *testing.T, w *world) { elsewhere(t, w, "P-1", time.Hour) }, true},
		{"long ago, seen meanwhile", nil, func(t *testing.T, w *world) { elsewhere(t, w, "P-1", 46*24*time.Hour) }, false},
		{"known before", func(t *testing.T, w *world) { elsewhere(t, w, "P-1", time.Hour) }, nil, false},
		{
			"known before, and read again", func(t *testing.T, w *world) { elsewhere(t, w, "P-1", time.Hour) },
			func(t *testing.T, w *world) { elsewhere(t, w, "P-1", time.Hour) }, false,
		},
		{
			"a second one", func(t *testing.T, w *world) { elsewhere(t, w, "P-1", time.Hour) },
			func(t *testing.T, w *world) { elsewhere(t, w, "P-2", time.Hour) }, true,
		},
		{
			"ours that was refused, and is found", func(t *testing.T, w *world) { first = refusedInvoice(t, w) },
			func(t *testing.T, w *world) { w.apply(t, "list", storetest.Remote(&first, "P-1", "paid")) }, true,
		},
		{
			"ours that had failed, and is paid after all", func(t *testing.T, w *world) { first = paidInvoice(t, w, "P-1", "failed") },
			func(t *testing.T, w *world) { w.apply(t, "detail", storetest.Remote(&first, "P-1", "paid")) }, true,
		},
		{
			"ours that was accepted, and is paid", func(t *testing.T, w *world) { first = paidInvoice(t, w, "P-1", "created") },
			func(t *testing.T, w *world) { w.apply(t, "detail", storetest.Remote(&first, "P-1", "paid")) }, false,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			if row.before != nil {
				row.before(t, w)
			}
			w.clock.Advance(time.Hour)
			d := explained(t, w)
			if row.after != nil {
				row.after(t, w)
			}
			if !row.twin {
				assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
				return
			}
			claimNothing(t, w)
			d = w.read(t, d.ID)
			assert.Equal(t, distribution.Draft, d.Status)
			assert.Equal(t, "twin", d.StatusReason)
			require.NoError(t, second(w.Submit(t.Context(), w.maker, d.ID)), "its maker saw it and goes on")
			assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
		})
	}
}

func TestRowThatCannotBeReadIsSetAside(t *testing.T) {
	w := newWorld(t)
	bad := storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(time.Second)
	good := storetest.Queued(t, w.DB, w.maker)
	tamper("recipient_iban = 'KZ00'")(t, w, bad.ID)

	assert.Equal(t, good.ID, storetest.Claim(t, w.DB).Distribution.ID)

	r := lastRecordOf(t, w, "queue.unreadable")
	assert.Equal(t, bad.ID, r)
	claimNothing(t, w)
	tamper("recipient_iban = '"+bad.Recipient.IBAN.String()+"'")(t, w, bad.ID)
	w.clock.Advance(5 * time.Minute)
	assert.Equal(t, bad.ID, storetest.Claim(t, w.DB).Distribution.ID, "repaired, it goes")
}

// lastRecordOf is the object of the newest audit record of the action.
func lastRecordOf(t *testing.T, w *world, action string) (object string) {
	t.Helper()
	for _, r := range auditRecords(t, w.DB) {
		if r.Action == action {
			object = r.ObjectID
		}
	}
	return object
}

func TestPolicyIsKeptWithItsHistory(t *testing.T) {
	w := newWorld(t)
	none, err := w.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, distribution.Policy{}, none, "nobody approves and nothing is limited")

	p := storetest.OneApproval()
	p.LimitEach, p.LimitDay = 5_000_000_00, 50_000_000_00
	storetest.SetPolicy(t, w.DB, p)
	again, err := w.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, p, again)
	var logged distribution.Policy
	require.NoError(t, json.Unmarshal([]byte(lastRecord(t, w.DB).Details["policy"]), &logged))
	assert.Equal(t, p, logged)

	state := w.dump(t)
	for _, by := range []distribution.Actor{storetest.User(t, newWorld(t).DB, distribution.Admin), w.manager} {
		require.ErrorIs(t, w.SetPolicy(t.Context(), by, distribution.Policy{}), distribution.ErrForbidden, "on the pages it takes two")
	}
	assert.Equal(t, state, w.dump(t))
}

// Two people, two forms, one invoice: one payment.
func TestTwinOfAColleagueIsNamed(t *testing.T) {
	w := newWorld(t)
	colleague := storetest.User(t, w.DB, distribution.Accountant)
	mine := storetest.Queued(t, w.DB, w.maker, forInvoice)
	theirs := storetest.Draft(t, w.DB, colleague, func(f *distribution.Form) {
		f.Purpose, f.Name = "ОПЛАТА по счёту № 7.", "ТОО Партнёр"
	})
	_, err := w.Submit(t.Context(), colleague, theirs.ID)
	assert.Equal(t, &store.TwinError{ID: mine.ID}, err)
	assert.Equal(t, mine.ID, storetest.Claim(t, w.DB).Distribution.ID)
	claimNothing(t, w)
}

func TestOfFiftyTwinsSubmittedAtOnceOneIsQueued(t *testing.T) {
	w := newWorld(t)
	people := []distribution.Actor{w.maker, storetest.User(t, w.DB, distribution.Accountant)}
	var drafts []distribution.Distribution
	for i := range 50 {
		drafts = append(drafts, storetest.Draft(t, w.DB, people[i%2], forInvoice))
	}
	errs := atOnce(50, func(i int) error { return second(w.Submit(t.Context(), people[i%2], drafts[i].ID)) })
	assert.Equal(t, 1, worked(t, errs))
	for _, err := range errs {
		if err != nil {
			require.ErrorAs(t, err, new(*store.TwinError))
		}
	}
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distributions WHERE status = 'queued'"))
}

func TestFiftyIdenticalFormsMakeOneDistribution(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	n.Content.OrderReference = "" // each would get another random one
	ids := make([]string, 50)
	errs := atOnce(50, func(i int) error {
		d, err := w.Create(t.Context(), w.maker, n)
		ids[i] = d.ID
		return err
	})
	assert.Equal(t, 50, worked(t, errs))
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
	}
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distributions"))
}
