package store_test

import (
	"errors"
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
