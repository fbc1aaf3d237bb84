package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

func cancel(by distribution.Actor, note string) func(*distribution.Distribution) (distribution.Event, error) {
	return func(d *distribution.Distribution) (distribution.Event, error) { return d.Cancel(by, note) }
}

func TestChangeWritesRowEventAndRecordTogether(t *testing.T) {
	w := newWorld(t)
	id := storetest.Queued(t, w.DB, w.maker).ID
	w.clock.Advance(time.Minute)

	returned, err := w.Change(t.Context(), w.manager, id, cancel(w.manager, "не тот получатель"))
	require.NoError(t, err)

	d := w.read(t, id)
	assert.Equal(t, distribution.Cancelled, d.Status)
	assert.Equal(t, w.Now(), d.UpdatedAt)
	assert.EqualValues(t, 3, d.Version)
	assert.Equal(t, d.Status, returned.Status)
	assert.Equal(t, d.Version, returned.Version)

	e := w.event(t, id)
	assert.Equal(t, distribution.Event{
		Kind: distribution.EventCancelled, From: distribution.Queued, To: distribution.Cancelled, Note: "не тот получатель",
	}, e.Event)
	assert.Equal(t, w.Now(), e.At)
	assert.Equal(t, w.manager.ID, e.Actor.ID)
	assert.Equal(t, w.manager.Name, e.Actor.Name)
	assert.Zero(t, e.AnswerID)

	r := lastRecord(t, w.DB)
	assert.Equal(t, "distribution.cancelled", r.Action)
	assert.Equal(t, id, r.ObjectID)
	assert.Equal(t, w.manager.ID, r.Actor.ID)
	assert.Equal(t, "не тот получатель", r.Reason)
	assert.Equal(t, map[string]string{"status": "cancelled", "status.was": "queued"}, r.Details)
	assert.Len(t, r.After, 64, "SHA-256 in hex")
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distribution_events WHERE audit_seq = $1", r.Seq))
}

func TestRuleThatSaysNoWritesNothing(t *testing.T) {
	w := newWorld(t)
	id := storetest.Queued(t, w.DB, w.maker).ID
	before, state := w.read(t, id), w.dump(t)
	no := errors.New("no")

	returned, err := w.Change(t.Context(), w.maker, id, func(d *distribution.Distribution) (distribution.Event, error) {
		d.Status, d.Amount, d.PaymentPurpose = distribution.Paid, 1, "changed before the refusal"
		return distribution.Event{}, no
	})

	require.ErrorIs(t, err, no)
	assert.Equal(t, before, returned, "as it is, not as the rule left it")
	assert.Equal(t, state, w.dump(t))
}

func TestChangeOfWhatDoesNotExist(t *testing.T) {
	w := newWorld(t)
	_, err := w.Change(t.Context(), w.maker, "nowhere", func(*distribution.Distribution) (distribution.Event, error) {
		t.Error("the rule was asked")
		return distribution.Event{}, nil
	})
	require.ErrorIs(t, err, distribution.ErrNotFound)
	_, err = w.Distribution(t.Context(), "nowhere")
	require.ErrorIs(t, err, distribution.ErrNotFound)
	_, err = w.Answer(t.Context(), 17)
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

// The database has the last word on a row that no rule should have made.
func TestDatabaseRefusesWhatNoRuleMakes(t *testing.T) {
	w := newWorld(t)
	id := storetest.Queued(t, w.DB, w.maker).ID
	for name, spoil := range map[string]func(*distribution.Distribution){
		"a state of no name":           func(d *distribution.Distribution) { d.Status = "sent" },
		"nothing to pay":               func(d *distribution.Distribution) { d.Amount = 0 },
		"less than nothing":            func(d *distribution.Distribution) { d.Amount = -1 },
		"paid without an id at Plexy":  func(d *distribution.Distribution) { d.Status = distribution.Paid },
		"a maker who has no account":   func(d *distribution.Distribution) { d.CreatedBy.ID = "stranger" },
		"ours, but made by nobody":     func(d *distribution.Distribution) { d.CreatedBy.ID = "" },
		"the twin of one that is gone": func(d *distribution.Distribution) { d.TwinOf = "nowhere" },
	} {
		t.Run(name, func(t *testing.T) {
			before := w.dump(t)
			_, err := w.Change(t.Context(), w.maker, id, func(d *distribution.Distribution) (distribution.Event, error) {
				spoil(d)
				return distribution.Event{Kind: distribution.EventNoted, From: distribution.Queued, To: d.Status}, nil
			})
			require.ErrorContains(t, err, "constraint failed")
			assert.Equal(t, before, w.dump(t))
		})
	}
}

func TestRecordTellsEachFieldThatChanged(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	n.Confirmed = []string{"bin.check", "bic.bank"}
	d, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"status": "draft", "origin": "dashboard", "orderReference": d.OrderReference, "amount": "15000000", "currency": "KZT",
		"recipient.name": "TOO Credit Partner", "recipient.bin": "123456789012", "recipient.iban": "KZ86125KZT5004100100",
		"recipient.bic": "KCJBKZKX", "recipient.kbe": "17", "recipient.knp": "119", "paymentPurpose": d.PaymentPurpose,
		"confirmed.bin.check": w.maker.Name, "confirmed.bic.bank": w.maker.Name,
	}, lastRecord(t, w.DB).Details, "amounts in tiyn")
	assert.Empty(t, lastRecord(t, w.DB).Before)

	n = storetest.Filled(t, func(f *distribution.Form) {
		f.OrderReference, f.Purpose, f.Amount, f.KNP = d.OrderReference, d.PaymentPurpose, "150 000,01", "859"
	})
	n.Confirmed = []string{"bin.check"}
	was := lastRecord(t, w.DB).After
	_, err = w.Edit(t.Context(), w.maker, d.ID, n)
	require.NoError(t, err)
	r := lastRecord(t, w.DB)
	assert.Equal(t, map[string]string{
		"amount": "15000001", "amount.was": "15000000", "recipient.knp": "859", "recipient.knp.was": "119",
		"confirmed.bic.bank": "", "confirmed.bic.bank.was": w.maker.Name,
	}, r.Details)
	assert.Equal(t, was, r.Before, "the fingerprints of a row are a chain")
	assert.NotEqual(t, r.Before, r.After)
}

func TestHistoryIsNewestFirst(t *testing.T) {
	w := newWorld(t)
	id := storetest.Accepted(t, w.DB, w.maker, "P-1").ID
	storetest.Draft(t, w.DB, w.maker) // the history of another
	events, err := w.Events(t.Context(), id)
	require.NoError(t, err)
	var kinds []distribution.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	assert.Equal(t, []distribution.EventKind{
		distribution.EventAnswered, distribution.EventClaimed, distribution.EventSubmitted, distribution.EventCreated,
	}, kinds, "all within one moment of the clock")

	none, err := w.Events(t.Context(), "nowhere")
	require.NoError(t, err)
	assert.Empty(t, none)
}

// Everything a row holds comes back as it was written.
func TestRowComesBackWhole(t *testing.T) {
	w := newWorld(t)
	id := storetest.Accepted(t, w.DB, w.maker, "P-1").ID
	other := storetest.Draft(t, w.DB, w.maker).ID
	var written distribution.Distribution
	amount := func(a distribution.Amount) *distribution.Amount { return &a }
	_, err := w.Change(t.Context(), w.maker, id, func(d *distribution.Distribution) (distribution.Event, error) {
		d.StatusReason, d.StatusNote, d.PlexyStatus = "reason", "note", "on_its_way"
		d.BalanceBefore, d.BalanceAfter = amount(0), amount(-5)
		d.PlexyCreatedAt, d.PlexyUpdatedAt = w.Now().Add(time.Second), w.Now().Add(2*time.Second)
		d.ApprovedBy = []distribution.Person{w.manager.Person}
		d.Confirmations = []distribution.Confirmation{{Code: "bin.check", By: w.maker.Person, At: w.Now()}}
		d.QueuedAt, d.NextTryAt, d.UnknownSince = w.Now().Add(3*time.Second), w.Now().Add(4*time.Second), w.Now().Add(5*time.Second)
		d.Regressed, d.TwinOf, d.CopyOf, d.DupNo, d.Attempts = true, other, other, 3, 2
		written = *d
		return distribution.Event{Kind: distribution.EventNoted, From: d.Status, To: d.Status}, nil
	})
	require.NoError(t, err)
	written.Version++
	assert.Equal(t, written, w.read(t, id))
}
