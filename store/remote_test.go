package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func answers(t testing.TB, w *world) int {
	t.Helper()
	return count(t, w.DB, "SELECT count(*) FROM raw_answers")
}

func TestUnknownOneIsFoundByItsReference(t *testing.T) {
	w := newWorld(t)
	d := storetest.Unknown(t, w.DB, w.maker)
	r := storetest.Remote(&d, "P-1", "processing")
	r.CreatedAt, r.UpdatedAt = w.Now().Add(-time.Minute), w.Now().Add(-time.Second)
	w.clock.Advance(time.Minute)

	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "list", r))

	found := w.read(t, d.ID)
	assert.Equal(t, distribution.Processing, found.Status)
	assert.Equal(t, "P-1", found.PlexyID)
	assert.Equal(t, "processing", found.PlexyStatus)
	assert.Equal(t, r.CreatedAt, found.PlexyCreatedAt)
	assert.Equal(t, r.UpdatedAt, found.PlexyUpdatedAt)
	assert.Zero(t, found.UnknownSince)
	assert.Equal(t, d.CreatedAt, found.CreatedAt, "made here, when it was made")
	e := w.event(t, d.ID)
	assert.Equal(t, distribution.EventFound, e.Kind)
	assert.Equal(t, r.UpdatedAt, e.PlexyAt)
	kept, err := w.Answer(t.Context(), e.AnswerID)
	require.NoError(t, err)
	assert.Equal(t, "list", kept.Call)
	assert.Equal(t, syncer().ID, e.Actor.ID)
}

// Only those that were tried and have no id yet are taken for the ones in
// Plexy's list that carry their reference.
func TestReferenceMatchesOnlyWhatWasTried(t *testing.T) {
	for name, row := range map[string]struct {
		made  func(*testing.T, *world) distribution.Distribution
		ours  bool // it is taken for ours
		twin  bool // the mirror row is linked to ours as a second execution
		empty bool // nothing is kept for now
	}{
		"draft":    {made: func(t *testing.T, w *world) distribution.Distribution { return storetest.Draft(t, w.DB, w.maker) }},
		"awaiting": {made: func(t *testing.T, w *world) distribution.Distribution { return storetest.Awaiting(t, w.DB, w.maker) }},
		"queued":   {made: func(t *testing.T, w *world) distribution.Distribution { return storetest.Queued(t, w.DB, w.maker) }},
		"queued again, not sent": {made: func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker), store.OutcomeNotSent,
				func(d *distribution.Distribution) (distribution.Event, error) { return d.NotSent(w.Now()) })
		}},
		"sending, its answer is on the way": {empty: true, made: func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Sending(t, w.DB, w.maker).Distribution
		}},
		"unknown":   {ours: true, made: func(t *testing.T, w *world) distribution.Distribution { return storetest.Unknown(t, w.DB, w.maker) }},
		"not found": {ours: true, made: missed},
		"refused":   {ours: true, made: refused},
		"abandoned": {ours: true, made: func(t *testing.T, w *world) distribution.Distribution {
			d, err := w.Change(t.Context(), w.manager, missed(t, w).ID, func(d *distribution.Distribution) (distribution.Event, error) {
				return d.Abandon("")
			})
			require.NoError(t, err)
			return d
		}},
		"queued for a second sending": {ours: true, made: resent},
		"accepted under another id": {twin: true, made: func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Accepted(t, w.DB, w.maker, "P-1")
		}},
		"found with another amount": {twin: true, made: func(t *testing.T, w *world) distribution.Distribution {
			d := storetest.Unknown(t, w.DB, w.maker)
			r := storetest.Remote(&d, "P-1", "created")
			r.Amount++
			r.ByID = true
			w.apply(t, "detail", r)
			return w.read(t, d.ID)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := row.made(t, w)
			before := w.read(t, d.ID)
			r := storetest.Remote(&d, "P-2", "paid")

			applied := w.apply(t, "list", r)

			after := w.read(t, d.ID)
			switch {
			case row.empty:
				assert.Equal(t, store.Applied{}, applied)
				assert.Equal(t, before, after)
				return
			case row.ours:
				assert.Equal(t, store.Applied{Changed: 1}, applied)
				assert.Equal(t, distribution.Paid, after.Status)
				assert.Equal(t, "P-2", after.PlexyID)
				assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distributions"))
				return
			}
			assert.Equal(t, store.Applied{New: 1}, applied)
			assert.Equal(t, before.Status, after.Status)
			assert.Equal(t, before.PlexyID, after.PlexyID)
			mirror := w.byPlexyID(t, "P-2")
			assert.Equal(t, distribution.FromPlexy, mirror.Origin)
			twins, err := w.TwinsOf(t.Context(), d.ID)
			require.NoError(t, err)
			if !row.twin {
				assert.Empty(t, mirror.TwinOf, "it was never tried: somebody else used the reference")
				assert.Empty(t, twins)
				assert.Equal(t, before, after)
				return
			}
			assert.Equal(t, []distribution.Distribution{mirror}, twins)
			assert.Equal(t, d.ID, mirror.TwinOf)
			e, ours := w.event(t, mirror.ID), w.event(t, d.ID)
			assert.Equal(t, "executed_twice", e.Reason)
			assert.Equal(t, "executed_twice", ours.Reason)
			assert.Equal(t, "P-2", ours.Note)
			assert.Equal(t, distribution.EventNoted, ours.Kind)
			assert.NotZero(t, ours.AnswerID)
		})
	}
}

func refused(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	return storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker), store.OutcomeRefused,
		func(d *distribution.Distribution) (distribution.Event, error) { return d.Refuse("no", w.Now()) })
}

// What Plexy has already is not sent a second time, though two people said so.
func TestOneFoundBeforeItsSecondSendingIsNotSent(t *testing.T) {
	w := newWorld(t)
	d := resent(t, w)
	w.apply(t, "list", storetest.Remote(&d, "P-1", "paid"))
	claimNothing(t, w)
	assert.Equal(t, distribution.Paid, w.status(t, d.ID))
}

// A list that tells too little of it is enough to wait for the read by id.
func TestOneThatAListMayHaveShownWaitsForTheReadByID(t *testing.T) {
	w := newWorld(t)
	d := resent(t, w)
	w.apply(t, "list", distribution.Remote{PlexyID: "P-1", OrderReference: d.OrderReference, Word: "paid"})
	claimNothing(t, w)
	assert.Equal(t, distribution.Queued, w.status(t, d.ID))
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "paid"))
	claimNothing(t, w)
	assert.Equal(t, distribution.Paid, w.status(t, d.ID))
}

func TestFoundWithOtherContentIsAMismatch(t *testing.T) {
	for name, change := range map[string]func(*distribution.Remote){
		"amount":   func(r *distribution.Remote) { r.Amount *= 100 },
		"currency": func(r *distribution.Remote) { r.Currency = "USD" },
		"account":  func(r *distribution.Remote) { r.Recipient.IBAN = "KZ53601A861005417851" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			d := storetest.Unknown(t, w.DB, w.maker)
			r := storetest.Remote(&d, "P-1", "created")
			change(&r)
			assert.Equal(t, store.Applied{Unconfirmed: []string{"P-1"}}, w.apply(t, "list", r), "a list may tell less exactly")
			assert.Equal(t, distribution.Unknown, w.status(t, d.ID))
			r.ByID = true
			assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "detail", r))
			after := w.read(t, d.ID)
			assert.Equal(t, distribution.Mismatch, after.Status)
			assert.Equal(t, "P-1", after.PlexyID)
			assert.Equal(t, d.Content, after.Content, "ours stays as it was submitted")
			assert.Equal(t, &distribution.Shown{Amount: r.Amount, Currency: r.Currency, IBAN: r.Recipient.IBAN, Name: r.Recipient.Name}, after.Shown)
			assert.Equal(t, store.Applied{}, w.apply(t, "list", r), "told once")
		})
	}
}

// A refused one that is found with other content is not ours: both stay.
func TestRefusedAndDifferentIsASecondPayment(t *testing.T) {
	w := newWorld(t)
	d := refused(t, w)
	r := storetest.Remote(&d, "P-1", "created")
	r.Amount++
	r.ByID = true
	assert.Equal(t, store.Applied{New: 1}, w.apply(t, "detail", r))
	assert.Equal(t, distribution.Refused, w.status(t, d.ID))
	assert.Equal(t, d.ID, w.byPlexyID(t, "P-1").TwinOf)
	assert.Equal(t, []string{"found_late", "P-1"}, []string{w.event(t, d.ID).Reason, w.event(t, d.ID).Note})
}

func TestListThatTellsTooLittleIsReadByID(t *testing.T) {
	w := newWorld(t)
	d := storetest.Unknown(t, w.DB, w.maker)
	brief := distribution.Remote{PlexyID: "P-1", OrderReference: d.OrderReference, Word: "paid"}
	state := w.dump(t)
	assert.Equal(t, store.Applied{Unconfirmed: []string{"P-1"}}, w.apply(t, "list", brief))
	w.sql(t, "UPDATE distributions SET unconfirmed = 0") // the one trace that it leaves
	assert.Equal(t, state, w.dump(t))

	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "detail", storetest.Remote(&d, "P-1", "paid")))
	assert.Equal(t, distribution.Paid, w.status(t, d.ID))
}

func TestStateAtPlexyMovesOnlyByARead(t *testing.T) {
	w := newWorld(t)
	d := storetest.Accepted(t, w.DB, w.maker, "P-1")
	r := storetest.Remote(&d, "P-1", "paid")
	state := w.dump(t)
	assert.Equal(t, store.Applied{Unconfirmed: []string{"P-1"}}, w.apply(t, "list", r))
	w.sql(t, "UPDATE distributions SET unconfirmed = 0") // the one trace that it leaves
	assert.Equal(t, state, w.dump(t), "the list alone changes nothing")

	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "detail", r))
	assert.Equal(t, distribution.Paid, w.status(t, d.ID))
	assert.Equal(t, store.Applied{}, w.apply(t, "list", r), "and now the list says nothing new")
}

func TestStepBackIsKeptAndShown(t *testing.T) {
	w := newWorld(t)
	d := storetest.Accepted(t, w.DB, w.maker, "P-1")
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "paid"))
	assert.False(t, w.event(t, d.ID).Regression)
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "processing"))
	after := w.read(t, d.ID)
	assert.Equal(t, distribution.Processing, after.Status)
	assert.True(t, after.Regressed)
	assert.True(t, w.event(t, d.ID).Regression)
}

func TestWordThatIsNotKnownMovesNothing(t *testing.T) {
	w := newWorld(t)
	d := storetest.Accepted(t, w.DB, w.maker, "P-1")
	assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "detail", storetest.Remote(&d, "P-1", "ON_HOLD_77")))
	after := w.read(t, d.ID)
	assert.Equal(t, distribution.Accepted, after.Status)
	assert.Equal(t, "ON_HOLD_77", after.PlexyStatus, "shown as it is")
	assert.Equal(t, "ON_HOLD_77", w.event(t, d.ID).PlexyWord)

	w.apply(t, "list", w.foreign("P-2", "ON_HOLD_77"))
	assert.Equal(t, distribution.Accepted, w.byPlexyID(t, "P-2").Status)
}

func TestOneMadeElsewhereIsMirrored(t *testing.T) {
	w := newWorld(t)
	r := w.foreign("P-1", "DISTRIBUTION_STATUS_PAID")
	r.Recipient.BIN, r.Recipient.IBAN = "not a BIN", "kz86 125k zt50 0410 0100" // our rules do not judge it
	before, after := distribution.Amount(500_000_00), distribution.Amount(487_655_00)
	r.BalanceBefore, r.BalanceAfter = &before, &after

	assert.Equal(t, store.Applied{New: 1}, w.apply(t, "list", r))

	d := w.byPlexyID(t, "P-1")
	assert.Equal(t, distribution.FromPlexy, d.Origin)
	assert.Equal(t, distribution.Paid, d.Status)
	assert.Equal(t, "DISTRIBUTION_STATUS_PAID", d.PlexyStatus)
	assert.Equal(t, r.Recipient, d.RecipientText())
	assert.Equal(t, r.CreatedAt, d.CreatedAt, "Plexy's date, which the list is ordered by")
	assert.Equal(t, w.Now(), d.UpdatedAt)
	assert.Equal(t, &after, d.BalanceAfter)
	assert.Empty(t, d.CreatedBy)
	events, err := w.Events(t.Context(), d.ID)
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.Equal(t, distribution.EventFound, events[0].Kind)
}

func TestOneMadeElsewhereWithLittleToldIsMirrored(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, store.Applied{New: 2}, w.apply(t, "list",
		distribution.Remote{PlexyID: "P-1"}, distribution.Remote{PlexyID: "P-2"}), "no reference, amount or date")
	assert.Equal(t, w.Now(), w.byPlexyID(t, "P-1").CreatedAt)
	assert.Empty(t, w.byPlexyID(t, "P-2").OrderReference)
}

func TestRowWithoutAnIDIsCountedNotKept(t *testing.T) {
	w := newWorld(t)
	d := storetest.Unknown(t, w.DB, w.maker)
	state := w.dump(t)
	assert.Equal(t, store.Applied{Nameless: 2}, w.apply(t, "list", storetest.Remote(&d, "", "created"), distribution.Remote{}))
	assert.Equal(t, state, w.dump(t))
}

// The same answer again, a page that overlaps, or one id twice on a page:
// nothing is written, the log does not grow.
func TestSameAnswerAgainWritesNothing(t *testing.T) {
	w := newWorld(t)
	unknown := storetest.Unknown(t, w.DB, w.maker)
	accepted := storetest.Accepted(t, w.DB, w.maker, "P-2")
	differs := storetest.Remote(&accepted, "P-3", "created") // executed twice
	page := []distribution.Remote{
		storetest.Remote(&unknown, "P-1", "created"), storetest.Remote(&accepted, "P-2", "created"), differs,
		w.foreign("P-4", "some_new_word"), w.foreign("P-5", "failed"),
	}
	page[4].FailureReason = "account closed"
	w.apply(t, "list", append(page, page...)...)
	w.clock.Advance(time.Minute)
	for _, call := range []string{"list", "detail", "list"} {
		state := w.dump(t)
		applied := w.apply(t, call, page...)
		assert.Equal(t, store.Applied{}, applied, call)
		assert.Equal(t, state, w.dump(t), call)
	}
}

func TestAnswerIsKeptOnceAndOnlyWhenItChangedSomething(t *testing.T) {
	w := newWorld(t)
	w.apply(t, "list", w.foreign("P-1", "created"), w.foreign("P-2", "created"))
	assert.Equal(t, 1, answers(t, w), "one answer for all rows of it")
	assert.Equal(t, w.event(t, w.byPlexyID(t, "P-1").ID).AnswerID, w.event(t, w.byPlexyID(t, "P-2").ID).AnswerID)
	w.apply(t, "list", w.foreign("P-1", "created"), w.foreign("P-2", "created"))
	w.apply(t, "list", w.foreign("P-1", "paid"), w.foreign("P-2", "created"))
	assert.Equal(t, 1, answers(t, w), "an unconfirmed word changed nothing")
	w.apply(t, "detail", w.foreign("P-1", "paid"))
	assert.Equal(t, 2, answers(t, w))
}

// All rows of an answer are taken or none: the page is read again.
func TestAnswerIsTakenWhole(t *testing.T) {
	w := newWorld(t)
	i, err := w.OpenImport(t.Context(), 100)
	require.NoError(t, err)
	bad := w.foreign("P-2", "created")
	bad.Amount = -1
	state := w.dump(t)
	_, err = w.ApplyRemote(t.Context(), syncer(), w.seen("list", w.foreign("P-1", "created"), bad), &store.Mark{ImportID: i.ID, NextPage: 2})
	require.ErrorContains(t, err, "constraint failed")
	assert.Equal(t, state, w.dump(t))
}
