package store_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// claimNothing fails when there is something to claim.
func claimNothing(t *testing.T, w *world) {
	t.Helper()
	c, err := w.Claim(t.Context(), sender(), storetest.Wire)
	require.NoError(t, err)
	require.Nil(t, c)
}

func TestClaimOpensAnAttemptBeforeAnythingIsSent(t *testing.T) {
	w := newWorld(t)
	d := storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(time.Second)
	c := storetest.Claim(t, w.DB)

	body, hash, err := storetest.Wire(&d)
	require.NoError(t, err)
	assert.Equal(t, body, c.Body)
	assert.Equal(t, distribution.Sending, c.Distribution.Status)
	assert.Equal(t, 1, c.Distribution.Attempts)
	assert.Equal(t, w.read(t, d.ID), c.Distribution)

	attempts, err := w.Attempts(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Equal(t, []store.Attempt{{
		ID: c.Attempt.ID, DistributionID: d.ID, N: 1, Boot: store.Boot(w.DB), StartedAt: w.Now(), BodyHash: hash,
	}}, attempts)
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM attempts WHERE request_hash = $1", d.SubmittedHash))
	claimNothing(t, w)
}

func TestClaimTakesTheOldestFirst(t *testing.T) {
	w := newWorld(t)
	var want, got []string
	for range 3 {
		want = append(want, storetest.Queued(t, w.DB, w.maker).ID)
		w.clock.Advance(time.Second)
	}
	for range want {
		got = append(got, storetest.Claim(t, w.DB).Distribution.ID)
	}
	assert.Equal(t, want, got)
	claimNothing(t, w)
}

// Everything that made it ready is looked at again when it goes.
func TestClaimLooksAgain(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*testing.T, *world, string)
		policy    distribution.Policy
		reason    string // it goes back to its maker for; empty: it is sent
	}{
		"nothing changed": {func(*testing.T, *world, string) {}, distribution.Policy{}, ""},
		"account shut": {func(t *testing.T, w *world, _ string) {
			require.NoError(t, w.DisableUser(t.Context(), distribution.CLI("root"), w.maker.ID))
		}, distribution.Policy{}, "right"},
		"role changed": {func(t *testing.T, w *world, _ string) {
			require.NoError(t, second(w.SetRole(t.Context(), distribution.CLI("root"), w.maker.ID, distribution.Manager)))
		}, distribution.Policy{}, "right"},
		"password changed": {func(t *testing.T, w *world, _ string) {
			require.NoError(t, w.SetPassword(t.Context(), distribution.CLI("root"), w.maker.ID, "$argon2id$"))
		}, distribution.Policy{}, ""},
		"policy asks for approval now":        {func(*testing.T, *world, string) {}, storetest.OneApproval(), "policy"},
		"policy asks from a larger amount on": {func(*testing.T, *world, string) {}, policyFrom(150_000_01), ""},
		"amount":                              {tamper("amount = amount * 10"), distribution.Policy{}, "content"},
		"account":                             {tamper("recipient_iban = 'KZ53601A861005417851'"), distribution.Policy{}, "content"},
		"recipient":                           {tamper("recipient_name = 'Another'"), distribution.Policy{}, "content"},
		"BIN":                                 {tamper("recipient_bin = '900101300123'"), distribution.Policy{}, "content"},
		"BIC":                                 {tamper("recipient_bic = 'HSBKKZKX'"), distribution.Policy{}, "content"},
		"KBe":                                 {tamper("recipient_kbe = '19'"), distribution.Policy{}, "content"},
		"KNP":                                 {tamper("recipient_knp = '859'"), distribution.Policy{}, "content"},
		"purpose":                             {tamper("payment_purpose = 'x'"), distribution.Policy{}, "content"},
		"reference":                           {tamper("order_reference = 'x'"), distribution.Policy{}, "content"},
		"submitted hash":                      {tamper("submitted_hash = zeroblob(32)"), distribution.Policy{}, "content"},
		"no hash at all":                      {tamper("submitted_hash = NULL"), distribution.Policy{}, "content"},
		"reference used elsewhere": {func(t *testing.T, w *world, id string) {
			r := w.foreign("P-9", "created")
			r.OrderReference = w.read(t, id).OrderReference
			w.apply(t, "list", r)
		}, distribution.Policy{}, "reference"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := storetest.Queued(t, w.DB, w.maker).ID
			row.meanwhile(t, w, id)
			storetest.SetPolicy(t, w.DB, row.policy)
			c, err := w.Claim(t.Context(), sender(), storetest.Wire)
			require.NoError(t, err)
			if row.reason == "" {
				require.NotNil(t, c)
				assert.Equal(t, distribution.Sending, w.status(t, id))
				return
			}
			require.Nil(t, c)
			d := w.read(t, id)
			assert.Equal(t, distribution.Draft, d.Status)
			assert.Equal(t, row.reason, d.StatusReason)
			assert.Empty(t, d.SubmittedHash, "approvals are void")
			assert.Equal(t, distribution.EventBounced, w.event(t, id).Kind)
			assert.Zero(t, count(t, w.DB, "SELECT count(*) FROM attempts"))
		})
	}
}

func tamper(set string) func(*testing.T, *world, string) {
	return func(t *testing.T, w *world, id string) {
		w.sql(t, "UPDATE distributions SET "+set+" WHERE id = $1", id)
	}
}

func policyFrom(a distribution.Amount) distribution.Policy {
	return distribution.Policy{Steps: []distribution.PolicyStep{{From: a, Approvals: 1}}}
}

func TestApprovedOneGoesUnderThePolicyThatAskedForIt(t *testing.T) {
	w := newWorld(t)
	p := storetest.OneApproval()
	d := storetest.Awaiting(t, w.DB, w.maker)
	claimNothing(t, w)
	_, err := w.Change(t.Context(), w.manager, d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Approve(w.manager, p, distribution.Code(d.SubmittedHash), w.Now())
	})
	require.NoError(t, err)
	c, err := w.Claim(t.Context(), sender(), storetest.Wire)
	require.NoError(t, err)
	require.NotNil(t, c)
	assert.Equal(t, []distribution.Person{w.manager.Person}, c.Distribution.ApprovedBy)
}

// One that goes back to its maker does not keep the others waiting.
func TestClaimGoesOnAfterOneThatNoLongerHolds(t *testing.T) {
	w := newWorld(t)
	bad := storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(time.Second)
	good := storetest.Queued(t, w.DB, w.maker)
	tamper("amount = 1")(t, w, bad.ID)
	assert.Equal(t, good.ID, storetest.Claim(t, w.DB).Distribution.ID)
	assert.Equal(t, distribution.Draft, w.status(t, bad.ID))
}

func TestBodyThatCannotBeMadeClaimsNothing(t *testing.T) {
	w := newWorld(t)
	storetest.Queued(t, w.DB, w.maker)
	state, no := w.dump(t), errors.New("no body")
	_, err := w.Claim(t.Context(), sender(), func(*distribution.Distribution) (body, hash []byte, err error) {
		return nil, nil, no
	})
	require.ErrorIs(t, err, no)
	assert.Equal(t, state, w.dump(t))
}

func TestTwoSendersNeverClaimTheSame(t *testing.T) {
	const queued = 200
	w := newWorld(t)
	for range queued {
		storetest.Queued(t, w.DB, w.maker)
	}
	second := storetest.Open(t, w.path, w.clock.Now) // another process that ignores the lock file
	claimed := make([][]string, 2)
	var both sync.WaitGroup
	for i, db := range []*store.DB{w.DB, second} {
		both.Go(func() {
			for {
				c, err := db.Claim(t.Context(), sender(), storetest.Wire)
				if !assert.NoError(t, err) || c == nil {
					return
				}
				claimed[i] = append(claimed[i], c.Distribution.ID)
			}
		})
	}
	both.Wait()
	once := map[string]bool{}
	for _, id := range append(claimed[0], claimed[1]...) {
		assert.False(t, once[id], "claimed twice: %s", id)
		once[id] = true
	}
	assert.Len(t, once, queued)
	assert.Equal(t, queued, count(t, w.DB, "SELECT count(*) FROM attempts WHERE outcome IS NULL"))
}

// Even past all rules there is one open attempt of a distribution at most.
func TestOpenAttemptIsUnique(t *testing.T) {
	w := newWorld(t)
	c := storetest.Sending(t, w.DB, w.maker)
	_, err := store.WritePool(w.DB).ExecContext(t.Context(), `INSERT INTO attempts (id, distribution_id, n, boot, started_at, request_hash)
		VALUES ('second', $1, 2, 'boot', 0, x'00')`, c.Distribution.ID)
	require.ErrorContains(t, err, "UNIQUE constraint failed")
}

func TestAnswerIsKeptBeforeItIsJudged(t *testing.T) {
	w := newWorld(t)
	c := storetest.Sending(t, w.DB, w.maker)
	a := store.RawAnswer{
		At: w.Now().Add(time.Second), Call: "create", Status: 201, Duration: 1_234_567 * time.Microsecond,
		ServerDate: w.Now().Add(-3 * time.Second), Headers: map[string]string{"Content-Type": "application/json", "X-Request-Id": "7"},
		Body: []byte("{\"id\":\"P-1\"}\x00\xff"), Error: "cut short",
	}
	require.NoError(t, w.KeepAnswer(t.Context(), sender(), c.Attempt.ID, a))

	assert.Equal(t, distribution.Sending, w.status(t, c.Distribution.ID), "not judged yet")
	attempts, err := w.Attempts(t.Context(), c.Distribution.ID)
	require.NoError(t, err)
	a.ID = attempts[0].AnswerID
	assert.NotZero(t, a.ID)
	assert.Empty(t, attempts[0].Outcome)
	kept, err := w.Answer(t.Context(), a.ID)
	require.NoError(t, err)
	assert.Equal(t, a, kept, "byte for byte")

	r := lastRecord(t, w.DB)
	assert.Equal(t, c.Attempt.ID, r.ObjectID)
	assert.Equal(t, map[string]string{
		"httpStatus": "201", "body.sha256": fmt.Sprintf("%x", sha256.Sum256(a.Body)), "error": "cut short",
	}, r.Details)

	storetest.Finish(t, w.DB, c, store.OutcomeUnknown, lose(w, "bad_answer"))
	assert.Equal(t, a.ID, w.event(t, c.Distribution.ID).AnswerID, "the event names the answer it rests on")
}

func TestAnswerThatNeverCameIsKeptToo(t *testing.T) {
	w := newWorld(t)
	c := storetest.Sending(t, w.DB, w.maker)
	require.NoError(t, w.KeepAnswer(t.Context(), sender(), c.Attempt.ID, store.RawAnswer{At: w.Now(), Call: "create", Error: "timeout"}))
	attempts, err := w.Attempts(t.Context(), c.Distribution.ID)
	require.NoError(t, err)
	kept, err := w.Answer(t.Context(), attempts[0].AnswerID)
	require.NoError(t, err)
	assert.Equal(t, store.RawAnswer{ID: kept.ID, At: w.Now(), Call: "create", Error: "timeout"}, kept)
}

func TestAnswerToNoAttemptIsRefused(t *testing.T) {
	w := newWorld(t)
	state := w.dump(t)
	err := w.KeepAnswer(t.Context(), sender(), "nowhere", storetest.Answer("create", w.Now()))
	require.ErrorIs(t, err, distribution.ErrNotFound)
	assert.Equal(t, state, w.dump(t))
}

func lose(w *world, code string) func(*distribution.Distribution) (distribution.Event, error) {
	return func(d *distribution.Distribution) (distribution.Event, error) { return d.Lose(code, w.Now()) }
}

func TestFinishClosesTheAttemptAndMovesTheDistribution(t *testing.T) {
	for _, row := range []struct {
		outcome store.Outcome
		judge   func(*world) func(*distribution.Distribution) (distribution.Event, error)
		want    distribution.Status
	}{
		{store.OutcomeOK, answer("P-1", 0), distribution.Accepted},
		{store.OutcomeDiffers, differ("P-1", 1), distribution.Mismatch},
		{store.OutcomeRefused, func(w *world) func(*distribution.Distribution) (distribution.Event, error) {
			return func(d *distribution.Distribution) (distribution.Event, error) {
				return d.Refuse("no such bank", w.Now())
			}
		}, distribution.Refused},
		{store.OutcomeNotSent, func(w *world) func(*distribution.Distribution) (distribution.Event, error) {
			return func(d *distribution.Distribution) (distribution.Event, error) { return d.NotSent(w.Now()) }
		}, distribution.Queued},
		{store.OutcomeUnknown, func(w *world) func(*distribution.Distribution) (distribution.Event, error) { return lose(w, "timeout") }, distribution.Unknown},
	} {
		t.Run(string(row.outcome), func(t *testing.T) {
			w := newWorld(t)
			c := storetest.Sending(t, w.DB, w.maker)
			w.clock.Advance(2 * time.Second)
			require.NoError(t, w.KeepAnswer(t.Context(), sender(), c.Attempt.ID, storetest.Answer("create", w.Now())))
			require.NoError(t, w.Finish(t.Context(), sender(), c.Attempt.ID, row.outcome, "why", row.judge(w)))

			assert.Equal(t, row.want, w.status(t, c.Distribution.ID))
			attempts, err := w.Attempts(t.Context(), c.Distribution.ID)
			require.NoError(t, err)
			require.Len(t, attempts, 1)
			assert.Equal(t, row.outcome, attempts[0].Outcome)
			assert.Equal(t, "why", attempts[0].Reason)
			assert.Equal(t, w.Now(), attempts[0].FinishedAt)

			state := w.dump(t)
			err = w.Finish(t.Context(), sender(), c.Attempt.ID, store.OutcomeOK, "", answer("P-2", 0)(w))
			require.ErrorIs(t, err, distribution.ErrConflict, "an attempt is closed once")
			assert.Equal(t, state, w.dump(t))
		})
	}
}

// What comes late to an attempt that was closed is not taken for the answer to
// the one that is open now.
func TestClosedAttemptDoesNotSpeakForALaterOne(t *testing.T) {
	w := newWorld(t)
	first := storetest.Sending(t, w.DB, w.maker)
	storetest.Finish(t, w.DB, first, store.OutcomeNotSent, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.NotSent(w.Now())
	})
	second := storetest.Claim(t, w.DB)
	state := w.dump(t)
	err := w.Finish(t.Context(), sender(), first.Attempt.ID, store.OutcomeOK, "", answer("P-1", 0)(w))
	require.ErrorIs(t, err, distribution.ErrConflict)
	assert.Equal(t, state, w.dump(t))
	storetest.Finish(t, w.DB, second, store.OutcomeOK, answer("P-1", 0)(w))
}

// A conflict that does not go away by itself is an error, not a busy loop.
func TestClaimDoesNotTryTheSameForEver(t *testing.T) {
	w := newWorld(t)
	storetest.Queued(t, w.DB, w.maker)
	tries := 0
	_, err := w.Claim(t.Context(), sender(), func(*distribution.Distribution) (body, hash []byte, err error) {
		tries++
		return nil, nil, distribution.ErrConflict
	})
	require.ErrorIs(t, err, distribution.ErrConflict)
	assert.Equal(t, 2, tries)
}

func answer(plexyID string, more distribution.Amount) func(*world) func(*distribution.Distribution) (distribution.Event, error) {
	return func(*world) func(*distribution.Distribution) (distribution.Event, error) {
		return func(d *distribution.Distribution) (distribution.Event, error) {
			r := storetest.Remote(d, plexyID, "created")
			r.Amount += more
			return d.Answer(r)
		}
	}
}

func differ(plexyID string, more distribution.Amount) func(*world) func(*distribution.Distribution) (distribution.Event, error) {
	return func(*world) func(*distribution.Distribution) (distribution.Event, error) {
		return func(d *distribution.Distribution) (distribution.Event, error) {
			r := storetest.Remote(d, plexyID, "created")
			r.Amount += more
			return d.Differ(r)
		}
	}
}

func TestJudgeThatFailsLeavesTheAttemptOpen(t *testing.T) {
	w := newWorld(t)
	c := storetest.Sending(t, w.DB, w.maker)
	state, no := w.dump(t), errors.New("no")
	err := w.Finish(t.Context(), sender(), c.Attempt.ID, store.OutcomeOK, "", func(*distribution.Distribution) (distribution.Event, error) {
		return distribution.Event{}, no
	})
	require.ErrorIs(t, err, no)
	assert.Equal(t, state, w.dump(t))
}

func TestRecoverTakesWhatOtherRunsLeftOpen(t *testing.T) {
	w := newWorld(t)
	first := storetest.Sending(t, w.DB, w.maker)
	n, err := w.Recover(t.Context(), sender())
	require.NoError(t, err)
	assert.Zero(t, n, "this run's own attempt is still under way")
	assert.Equal(t, distribution.Sending, w.status(t, first.Distribution.ID))

	w.restart(t)
	second := storetest.Sending(t, w.DB, w.maker)
	w.clock.Advance(time.Minute)
	n, err = w.Recover(t.Context(), sender())
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Equal(t, distribution.Sending, w.status(t, second.Distribution.ID))
	d := w.read(t, first.Distribution.ID)
	assert.Equal(t, distribution.Unknown, d.Status, "nobody knows whether it was executed")
	assert.Equal(t, "crash", d.StatusReason)
	assert.Equal(t, w.Now(), d.UnknownSince)
	attempts, err := w.Attempts(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Equal(t, store.OutcomeUnknown, attempts[0].Outcome)
	assert.Equal(t, "crash", attempts[0].Reason)

	n, err = w.Recover(t.Context(), sender())
	require.NoError(t, err)
	assert.Zero(t, n)
}

// What was not sent waits as long as it was told to, and counts as no attempt.
func TestNotSentWaitsAndGoesAgain(t *testing.T) {
	w := newWorld(t)
	c := storetest.Sending(t, w.DB, w.maker)
	d := storetest.Finish(t, w.DB, c, store.OutcomeNotSent, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.NotSent(w.Now().Add(30 * time.Second))
	})
	assert.Zero(t, d.Attempts)
	w.clock.Advance(30*time.Second - time.Microsecond)
	claimNothing(t, w)
	w.clock.Advance(time.Microsecond)
	again := storetest.Claim(t, w.DB)
	assert.Equal(t, d.ID, again.Distribution.ID)
	assert.Equal(t, 2, again.Attempt.N, "attempts are numbered all the same")
	assert.Equal(t, 1, again.Distribution.Attempts)

	attempts, err := w.Attempts(t.Context(), d.ID)
	require.NoError(t, err)
	require.Len(t, attempts, 2)
	assert.Equal(t, again.Attempt.ID, attempts[0].ID, "newest first")
}

// A commit may be reported as failed although it happened. Nothing was posted,
// so what was claimed goes back into the queue.
func TestUnclaimPutsBackWhatWasClaimedAfterAll(t *testing.T) {
	w := newWorld(t)
	c := storetest.Sending(t, w.DB, w.maker)
	require.NoError(t, w.Unclaim(t.Context(), sender(), c.Attempt.ID))
	d := w.read(t, c.Distribution.ID)
	assert.Equal(t, distribution.Queued, d.Status)
	assert.Zero(t, d.Attempts)
	attempts, err := w.Attempts(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Equal(t, store.OutcomeNotSent, attempts[0].Outcome)
	assert.Equal(t, "claim_failed", attempts[0].Reason)
	assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)

	state := w.dump(t)
	require.NoError(t, w.Unclaim(t.Context(), sender(), "never claimed"))
	require.NoError(t, w.Unclaim(t.Context(), sender(), c.Attempt.ID), "closed already")
	assert.Equal(t, state, w.dump(t))
}
