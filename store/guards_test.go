package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// This file holds what else the claim refuses: twins and rows that cannot be read.

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
