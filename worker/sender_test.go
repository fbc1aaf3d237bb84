package worker

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestDocumentedExampleGoesOverTheWire(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1, func(f *distribution.Form) { *f = storetest.ExampleForm() })[0]
		w.sendOne()

		posts := w.srv.Posts()
		require.Len(t, posts, 1)
		raw, err := os.ReadFile("../plexyclient/testdata/plexy-example.json")
		require.NoError(t, err)
		var example struct {
			Request struct{ Body json.RawMessage }
		}
		require.NoError(t, json.Unmarshal(raw, &example))
		assert.JSONEq(t, string(example.Request.Body), posts[0].Body)

		now := w.get(d)
		assert.Equal(t, distribution.Accepted, now.Status)
		assert.Equal(t, posts[0].DistributionID, now.PlexyID)
		assert.Equal(t, distribution.Amount(100*million), *now.BalanceBefore)
		assert.Equal(t, distribution.Amount(100*million-150_000_00), *now.BalanceAfter)

		attempts, err := w.db.Attempts(t.Context(), d.ID)
		require.NoError(t, err)
		require.Len(t, attempts, 1)
		sum := sha256.Sum256([]byte(posts[0].Body))
		assert.Equal(t, sum[:], attempts[0].BodyHash, "the hash of what really went out")
		assert.Equal(t, store.OutcomeOK, attempts[0].Outcome)
		answer, err := w.db.Answer(t.Context(), attempts[0].AnswerID)
		require.NoError(t, err)
		assert.Equal(t, 201, answer.Status)
		assert.Equal(t, posts[0].Answer, string(answer.Body))
	})
}

// What one POST leaves behind, for every way in which it can go wrong, and what
// it has become ten minutes later.
func TestFaultsOfACreate(t *testing.T) {
	type row struct {
		status  distribution.Status
		reason  string
		outcome store.Outcome
		http    int                 // status of the kept answer
		later   distribution.Status // when all workers had their time
	}
	const (
		unknown = distribution.Unknown
		refused = distribution.Refused
		paid    = distribution.Paid
	)
	rows := map[plexytest.Fault]row{
		plexytest.CreateRefused:       {refused, "refused", store.OutcomeRefused, 422, refused},
		plexytest.CreateUnauthorized:  {refused, "refused", store.OutcomeRefused, 401, refused},
		plexytest.Create500Before:     {unknown, "server_error", store.OutcomeUnknown, 500, unknown},
		plexytest.Create500After:      {unknown, "server_error", store.OutcomeUnknown, 500, paid},
		plexytest.CreateHangBefore:    {unknown, "timeout", store.OutcomeUnknown, 0, unknown},
		plexytest.CreateHangAfter:     {unknown, "timeout", store.OutcomeUnknown, 0, paid},
		plexytest.CreateResetBefore:   {unknown, "connection_lost", store.OutcomeUnknown, 0, unknown},
		plexytest.CreateResetAfter:    {unknown, "connection_lost", store.OutcomeUnknown, 0, paid},
		plexytest.CreateCutJSON:       {unknown, "connection_lost", store.OutcomeUnknown, 201, paid},
		plexytest.CreateWrongAmount:   {distribution.Mismatch, "differs", store.OutcomeDiffers, 201, distribution.Mismatch},
		plexytest.CreateOtherRef:      {unknown, "bad_answer", store.OutcomeUnknown, 201, paid},
		plexytest.CreateWithoutID:     {unknown, "bad_answer", store.OutcomeUnknown, 201, paid},
		plexytest.CreateHTML502Before: {unknown, "server_error", store.OutcomeUnknown, 502, unknown},
		plexytest.CreateHTML502After:  {unknown, "server_error", store.OutcomeUnknown, 502, paid},
		plexytest.CreateHTML200:       {unknown, "bad_answer", store.OutcomeUnknown, 200, unknown},
		plexytest.CreateRedirect307:   {unknown, "redirect", store.OutcomeUnknown, 307, unknown},
		plexytest.CreateRedirect308:   {unknown, "redirect", store.OutcomeUnknown, 308, unknown},
		plexytest.Create429:           {unknown, "throttled", store.OutcomeUnknown, 429, unknown},
		plexytest.Create503:           {unknown, "server_error", store.OutcomeUnknown, 503, unknown},
		plexytest.Create409After:      {unknown, "exists", store.OutcomeUnknown, 409, paid},
		plexytest.CreateExistsAfter:   {unknown, "exists", store.OutcomeUnknown, 422, paid},
		plexytest.CreateSlow:          {distribution.Accepted, "", store.OutcomeOK, 201, paid},
		plexytest.CreateLate:          {unknown, "timeout", store.OutcomeUnknown, 0, paid},
	}
	for _, fault := range plexytest.Faults() {
		if !strings.HasPrefix(string(fault), "create-") {
			continue
		}
		want, ok := rows[fault]
		require.True(t, ok, "%s has no row", fault)
		t.Run(string(fault), func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				d := w.queue(1)[0]
				w.fail(fault, 1)
				w.sendOne()

				now := w.get(d)
				assert.Equal(t, []any{want.status, want.reason}, []any{now.Status, now.StatusReason})
				attempts, err := w.db.Attempts(t.Context(), d.ID)
				require.NoError(t, err)
				require.Len(t, attempts, 1)
				assert.Equal(t, []any{want.outcome, want.reason}, []any{attempts[0].Outcome, attempts[0].Reason})
				answer, err := w.db.Answer(t.Context(), attempts[0].AnswerID)
				require.NoError(t, err)
				assert.Equal(t, want.http, answer.Status, "the raw answer is kept")

				w.start()
				w.pass(10 * time.Minute)
				assert.Equal(t, want.later, w.get(d).Status)
				assert.Len(t, w.srv.Posts(), 1, "one POST, whatever happened")
			})
		})
	}
}

func TestRefusalTellsPlexysWords(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		w.fail(plexytest.CreateRefused, 1)
		w.sendOne()
		assert.Equal(t, "unprocessable entity: refused", w.get(d).StatusNote)
	})
}

// A no to a later attempt may be about the earlier one.
func TestRefusalOfTheSecondAttemptIsUnknown(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		w.fail(plexytest.CreateHangBefore, 1)
		w.sendOne()
		person := func(do func(*distribution.Distribution) (distribution.Event, error)) {
			_, err := w.db.Change(t.Context(), w.maker, d.ID, do)
			require.NoError(t, err)
		}
		person((*distribution.Distribution).Miss)
		person(func(d *distribution.Distribution) (distribution.Event, error) { return d.Resend("", w.db.Now()) })

		w.fail(plexytest.CreateRefused, 1)
		w.sendOne()
		now := w.get(d)
		assert.Equal(t, []any{distribution.Unknown, "refused_later"}, []any{now.Status, now.StatusReason})
		attempts, err := w.db.Attempts(t.Context(), d.ID)
		require.NoError(t, err)
		require.Len(t, attempts, 2)
		assert.Equal(t, store.OutcomeUnknown, attempts[0].Outcome)
	})
}

func TestNobodyListensIsNotSent(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := w.queue(1)[0]
		w.down()
		for n, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
			w.sendOne()
			now := w.get(d)
			assert.Equal(t, []any{distribution.Queued, "no_connection", 0}, []any{now.Status, now.StatusReason, now.Attempts})
			assert.Equal(t, w.db.Now().Add(wait*time.Second), now.NextTryAt, "try %d", n+1)
			w.pass(wait*time.Second - time.Millisecond)
			worked, err := w.Sender.SendOne(t.Context())
			require.NoError(t, err)
			assert.False(t, worked, "not before its time")
			w.pass(time.Millisecond)
		}
		w.up()
		w.sendOne()
		assert.Equal(t, distribution.Accepted, w.get(d).Status)
		assert.Equal(t, 1, w.srv.Executed(d.OrderReference))
	})
}

// The open attempt is brought to its end; nothing new begins.
func TestStopWaitsForTheOpenAttempt(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.startOnly(w.Syncer.Run, w.Sender.Run)
		w.pass(time.Second)
		require.NoError(t, w.srv.FailAfter(plexytest.CreateSlow, 1, 29*time.Second))
		all := w.queue(2)
		w.Wake()
		w.pass(time.Second)
		require.Equal(t, distribution.Sending, w.get(all[0]).Status)
		began := time.Now()
		w.stop()
		assert.Equal(t, 28*time.Second, time.Since(began))
		assert.Equal(t, distribution.Accepted, w.get(all[0]).Status)
		assert.Equal(t, distribution.Queued, w.get(all[1]).Status)
	})
}

// Another program holds the database for a minute: the answer is kept as soon
// as it lets go, and nothing is sent twice.
func TestAnswerIsKeptHoweverLongItTakes(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.sync()
		all := w.queue(2)
		require.NoError(t, w.srv.FailAfter(plexytest.CreateSlow, 1, 10*time.Second))
		w.startOnly(w.Sender.Run)
		w.pass(time.Second)
		other := rawDB(w)
		other.SetMaxOpenConns(1)
		_, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE")
		require.NoError(t, err)
		w.pass(59 * time.Second)
		_, err = other.ExecContext(t.Context(), "ROLLBACK")
		require.NoError(t, err)
		assert.Contains(t, w.log.String(), "cannot keep the answer")
		w.pass(time.Minute)
		assert.Equal(t, distribution.Accepted, w.get(all[0]).Status)
		assert.Equal(t, 1, w.srv.Executed(all[0].OrderReference))
	})
}

// An answer with the id of another distribution cannot be written down: it
// proves nothing.
func TestAnswerWithAnIDThatIsTaken(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		all := w.queue(2)
		w.sendOne()
		taken := w.get(all[0]).PlexyID

		c, err := w.db.Claim(t.Context(), senderActor(), w.unit.wire)
		require.NoError(t, err)
		r := w.Sender.post(t.Context(), c)
		r.Distribution.ID = taken
		w.Sender.keep(t.Context(), c, r)
		w.Sender.settle(t.Context(), c, r)
		now := w.get(all[1])
		assert.Equal(t, []any{distribution.Unknown, "conflict_answer"}, []any{now.Status, now.StatusReason})

		w.start()
		w.pass(time.Hour)
		assert.Equal(t, distribution.Paid, w.get(all[1]).Status, "found by its reference")
	})
}

// What Plexy wrote may name people and accounts.
func TestLogHoldsNothingOfPlexysWords(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.fail(plexytest.CreateRefused, 1)
		d := w.queue(1)[0]
		w.sendOne()
		assert.Contains(t, w.log.String(), d.ID)
		assert.NotContains(t, w.log.String(), "unprocessable")
		assert.NotContains(t, w.log.String(), "pr_demo")
		assert.NotContains(t, w.log.String(), d.Recipient.IBAN.String())
	})
}
