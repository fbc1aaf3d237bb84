package store_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

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
