package store_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// This file holds what decisions of two people lead to.

// Plexy gets the same bytes under the same reference, and only after the claim
// has looked at everything again.
func TestResentOneGoesOutByteForByte(t *testing.T) {
	w := newWorld(t)
	first := storetest.Sending(t, w.DB, w.maker)
	storetest.Finish(t, w.DB, first, store.OutcomeUnknown, lose(w, "timeout"))
	require.NoError(t, second(w.Change(t.Context(), syncer(), first.Distribution.ID, (*distribution.Distribution).Miss)))
	w.decide(t, distribution.DecideResend, first.Distribution.ID)

	again := storetest.Claim(t, w.DB)

	assert.Equal(t, first.Distribution.ID, again.Distribution.ID)
	assert.True(t, bytes.Equal(first.Body, again.Body))
	assert.Equal(t, first.Attempt.BodyHash, again.Attempt.BodyHash)
	assert.Equal(t, 2, again.Attempt.N)
	assert.Equal(t, 2, again.Distribution.Attempts)
}

func TestResentOneIsLookedAtAgainInTheClaim(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*testing.T, *world, distribution.Distribution)
		reason    string
	}{
		"the maker lost the right": {func(t *testing.T, w *world, _ distribution.Distribution) {
			require.NoError(t, w.DisableUser(t.Context(), distribution.CLI("root"), w.maker.ID))
		}, "right"},
		"the amount": {func(t *testing.T, w *world, d distribution.Distribution) {
			tamper("amount = amount * 10")(t, w, d.ID)
		}, "content"},
		"the amount and its hash": {func(t *testing.T, w *world, d distribution.Distribution) {
			d.Amount *= 10
			w.sql(t, "UPDATE distributions SET amount = $1, submitted_hash = $2 WHERE id = $3", int64(d.Amount), distribution.Hash(&d), d.ID)
		}, "content"},
		"the same payment under another reference": {func(t *testing.T, w *world, d distribution.Distribution) { other(t, w, d) }, "twin"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			d := resent(t, w)
			row.meanwhile(t, w, d)
			claimNothing(t, w)
			d = w.read(t, d.ID)
			assert.Equal(t, row.reason, d.StatusReason)
			assert.NotEqual(t, distribution.Queued, d.Status)
			assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM attempts"))
			w.sql(t, "UPDATE distributions SET submitted_hash = request_hash FROM attempts WHERE distribution_id = distributions.id") // the invariants would speak of it too
		})
	}
}

// Two people cannot send again what stands at Plexy by now.
func TestResendIsRefusedWhenPlexyShowsIt(t *testing.T) {
	for name, row := range map[string]struct {
		shown func(*testing.T, *world, distribution.Distribution)
		code  string
	}{
		"as the same payment under another reference": {func(t *testing.T, w *world, d distribution.Distribution) { other(t, w, d) }, "claim_twin"},
		"in a list that tells too little": {func(t *testing.T, w *world, d distribution.Distribution) {
			w.apply(t, "list", distribution.Remote{PlexyID: "P-1", OrderReference: d.OrderReference})
		}, "claim_reference"},
	} {
		for _, when := range []string{"before the proposal", "after it"} {
			t.Run(name+", "+when, func(t *testing.T) {
				w := newWorld(t)
				d := missed(t, w)
				if when == "before the proposal" {
					row.shown(t, w, d)
				}
				dec := w.propose(t, distribution.DecideResend, d.ID)
				if when == "after it" {
					row.shown(t, w, d)
				}
				state := w.dump(t)
				_, err := w.Confirm(t.Context(), w.manager, dec.ID)
				requireRefused(t, err, row.code)
				assert.Equal(t, state, w.dump(t))
			})
		}
	}
}

func TestLinkCountsThePaymentOnce(t *testing.T) {
	w := newWorld(t)
	d := withOther(t, w)
	row := w.byPlexyID(t, "P-1")

	d = w.decide(t, distribution.DecideLink, d.ID)

	assert.Equal(t, distribution.Paid, d.Status)
	assert.Equal(t, "P-1", d.PlexyID)
	assert.Zero(t, d.UnknownSince)
	row = w.read(t, row.ID)
	assert.Equal(t, d.ID, row.LinkedTo, "the other half leads to ours")
	assert.NotEqual(t, "P-1", row.PlexyID)

	page, err := w.List(t.Context(), store.Filter{Sort: "-created", Size: 50})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Equal(t, d.ID, page.Rows[0].ID)
	totals, err := w.Totals(t.Context(), store.Filter{})
	require.NoError(t, err)
	assert.Equal(t, store.StatusTotal{Count: 1, Sum: d.Amount}, totals.ByStatus[distribution.Paid])
	registered := 0
	for _, err := range w.Register(t.Context(), store.Filter{Sort: "created"}) {
		require.NoError(t, err)
		registered++
	}
	assert.Equal(t, 1, registered)
	twins, err := w.AnsweredTwins(t.Context(), d.Content, "")
	require.NoError(t, err)
	require.Len(t, twins, 1)
	assert.Equal(t, d.ID, twins[0].ID)

	r := storetest.Remote(&d, "P-1", "returned")
	r.OrderReference = "OTHER-1"
	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "detail", r), "Plexy's next word is about ours")
	assert.Equal(t, distribution.Returned, w.status(t, d.ID))
	assert.Equal(t, 2, count(t, w.DB, "SELECT count(*) FROM distributions"))
}

func TestLinkOnlyToARowThatFits(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*distribution.Remote)
		code   string // empty: it fits
	}{
		"the same":                       {func(*distribution.Remote) {}, ""},
		"another name and purpose":       {func(r *distribution.Remote) { r.Recipient.Name, r.PaymentPurpose = "x", "y" }, ""},
		"no account told":                {func(r *distribution.Remote) { r.Recipient.IBAN = "" }, ""},
		"another amount":                 {func(r *distribution.Remote) { r.Amount++ }, "differs"},
		"another currency":               {func(r *distribution.Remote) { r.Currency = "USD" }, "differs"},
		"another account":                {func(r *distribution.Remote) { r.Recipient.IBAN = "KZ53601A861005417851" }, "differs"},
		"another id":                     {func(r *distribution.Remote) { r.PlexyID = "P-2" }, "no_such_row"},
		"created long before ours":       {func(r *distribution.Remote) { r.CreatedAt = r.CreatedAt.Add(-25 * time.Hour) }, "differs"},
		"one that was executed for ours": {func(r *distribution.Remote) { r.OrderReference = "TWICE" }, "differs"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			storetest.Accepted(t, w.DB, w.maker, "P-7", func(f *distribution.Form) { f.OrderReference = "TWICE" })
			d := missed(t, w)
			r := storetest.Remote(&d, "P-1", "paid")
			r.OrderReference, r.CreatedAt = "OTHER-1", w.Now()
			row.change(&r)
			w.apply(t, "list", r)
			_, err := w.Propose(t.Context(), w.maker, proposal(distribution.DecideLink, d.ID), window)
			if row.code == "" {
				require.NoError(t, err)
				return
			}
			requireRefused(t, err, row.code)
		})
	}
}

func TestLinkToARowThatIsTakenMeanwhileIsRefused(t *testing.T) {
	w := newWorld(t)
	first, second := missed(t, w), missed(t, w)
	other(t, w, first)
	a, b := w.propose(t, distribution.DecideLink, first.ID), w.propose(t, distribution.DecideLink, second.ID)
	_, err := w.Confirm(t.Context(), w.manager, a.ID)
	require.NoError(t, err)
	state := w.dump(t)
	_, err = w.Confirm(t.Context(), w.manager, b.ID)
	requireRefused(t, err, "no_such_row")
	assert.Equal(t, state, w.dump(t))
	assert.Equal(t, distribution.NotFound, w.status(t, second.ID))
}

// What two people closed as not sent is watched for ever.
func TestClosedOneThatIsFoundRaisesTheAlarm(t *testing.T) {
	w := newWorld(t)
	d := closed(t, w)
	w.clock.Advance(400 * 24 * time.Hour)
	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "list", storetest.Remote(&d, "P-1", "paid")))
	d = w.read(t, d.ID)
	assert.Equal(t, distribution.Paid, d.Status)
	assert.Equal(t, []distribution.AlarmKind{distribution.AlarmFoundLate}, openAlarms(t, w))
}

func TestNotOursIsSearchedOn(t *testing.T) {
	w := newWorld(t)
	was := differs(t, w)
	r := storetest.Remote(&was, "P-1", "paid")
	r.Amount++

	d := w.decide(t, distribution.DecideNotOurs, was.ID)

	assert.Equal(t, distribution.Unknown, d.Status)
	assert.Empty(t, d.PlexyID)
	assert.Nil(t, d.Shown)
	assert.Equal(t, w.Now(), d.UnknownSince, "its settle window begins anew")
	checks, err := w.Checks(t.Context(), d.ID)
	require.NoError(t, err)
	assert.False(t, checks.NextLookAt.IsZero(), "it is looked for")

	assert.Equal(t, store.Applied{New: 1}, w.apply(t, "list", r))
	row := w.byPlexyID(t, "P-1")
	assert.Equal(t, distribution.FromPlexy, row.Origin)
	assert.Empty(t, row.TwinOf)
	assert.Equal(t, d, w.read(t, d.ID), "the id is remembered")
	r.ByID = true
	assert.Equal(t, store.Applied{}, w.apply(t, "detail", r))

	mine := storetest.Remote(&d, "P-2", "paid")
	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "list", mine), "the right one is found")
	assert.Equal(t, distribution.Paid, w.status(t, d.ID))
}

// A row under our reference that is somebody else's does not keep ours from
// being sent again.
func TestDisownedReferenceDoesNotBlockAResend(t *testing.T) {
	w := newWorld(t)
	was := differs(t, w)
	r := storetest.Remote(&was, "P-1", "paid")
	r.Amount++
	d := w.decide(t, distribution.DecideNotOurs, was.ID)
	w.apply(t, "list", r)
	require.NoError(t, second(w.Change(t.Context(), syncer(), d.ID, (*distribution.Distribution).Miss)))
	w.decide(t, distribution.DecideResend, d.ID)
	assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
}

func TestOverrideLetsATwinGo(t *testing.T) {
	w := newWorld(t)
	first := storetest.Unknown(t, w.DB, w.maker)
	var twins []distribution.Distribution
	for n := range 2 {
		twin := storetest.Draft(t, w.DB, w.maker, sameAs(first))
		_, err := w.Submit(t.Context(), w.maker, twin.ID)
		require.ErrorAs(t, err, new(*store.TwinError))

		decided := w.decide(t, distribution.DecideOverride, twin.ID)
		assert.Equal(t, n+1, decided.DupNo, "the next free number")
		twins = append(twins, decided)
	}
	for _, twin := range twins {
		_, err := w.Submit(t.Context(), w.maker, twin.ID)
		require.NoError(t, err)
		w.apply(t, "list", storetest.Remote(&first, "P-1", "paid")) // while it is queued
		assert.Equal(t, twin.ID, storetest.Claim(t, w.DB).Distribution.ID)
	}
	third := storetest.Draft(t, w.DB, w.maker, sameAs(first))
	_, err := w.Submit(t.Context(), w.maker, third.ID)
	requireRefused(t, err, "duplicate")
}

// The leave of two people is for what they saw.
func TestOverrideDoesNotSurviveAnEditOfWhatIsPaid(t *testing.T) {
	for name, row := range map[string]struct {
		edit func(*distribution.Form)
		left int
	}{
		"nothing":             {func(*distribution.Form) {}, 1},
		"spacing of the text": {func(f *distribution.Form) { f.Purpose = "  Оплата  по счёту №7" }, 1},
		"amount":              {func(f *distribution.Form) { f.Amount = "150 000,01" }, 0},
		"purpose":             {func(f *distribution.Form) { f.Purpose = "Оплата по счету № 8" }, 0},
		"account":             {func(f *distribution.Form) { f.IBAN, f.BIC = "KZ53601A861005417851", "HSBKKZKX" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := storetest.Draft(t, w.DB, w.maker, forInvoice).ID
			require.Equal(t, 1, w.decide(t, distribution.DecideOverride, id).DupNo)
			d, err := w.Edit(t.Context(), w.maker, id, storetest.Filled(t, forInvoice, row.edit))
			require.NoError(t, err)
			assert.Equal(t, row.left, d.DupNo)
		})
	}
}

// What may be the payment under another reference is offered for a link.
func TestSimilarRowsAtPlexy(t *testing.T) {
	w := newWorld(t)
	d := missed(t, w)
	for _, row := range []struct {
		id     string
		change func(*distribution.Remote)
	}{
		{"later", func(r *distribution.Remote) { r.CreatedAt = w.Now().Add(time.Hour) }},
		{"near", func(*distribution.Remote) {}},
		{"an hour before", func(r *distribution.Remote) { r.CreatedAt = w.Now().Add(-time.Hour) }},
		{"earlier", func(r *distribution.Remote) { r.CreatedAt = w.Now().Add(-time.Hour - time.Second) }},
		{"another amount", func(r *distribution.Remote) { r.Amount++ }},
		{"another currency", func(r *distribution.Remote) { r.Currency = "USD" }},
	} {
		r := storetest.Remote(&d, row.id, "paid")
		r.OrderReference, r.CreatedAt = "OTHER-"+row.id, w.Now()
		row.change(&r)
		w.apply(t, "list", r)
	}
	similar := func() (found []string) {
		rows, err := w.Similar(t.Context(), d)
		require.NoError(t, err)
		for _, s := range rows {
			found = append(found, s.PlexyID)
		}
		return found
	}
	assert.Equal(t, []string{"an hour before", "near", "later"}, similar())
	p := proposal(distribution.DecideLink, d.ID)
	p.PlexyID = "near"
	dec, err := w.Propose(t.Context(), w.maker, p, window)
	require.NoError(t, err)
	_, err = w.Confirm(t.Context(), w.manager, dec.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{"an hour before", "later"}, similar(), "what was linked is offered to nobody else")
}

func TestPlexyIsAskedOnceAboutALinkedOne(t *testing.T) {
	w := newWorld(t)
	d := missed(t, w)
	r := storetest.Remote(&d, "P-1", "processing")
	r.OrderReference, r.CreatedAt = "OTHER-1", w.Now()
	w.apply(t, "list", r)
	w.decide(t, distribution.DecideLink, d.ID)
	due, err := w.DueReads(t.Context(), 50)
	require.NoError(t, err)
	assert.Equal(t, []string{"P-1"}, due)
}
