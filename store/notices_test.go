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

func notices(t *testing.T, w *world, by distribution.Actor) store.Notices {
	t.Helper()
	n, err := w.Notices(t.Context(), by)
	require.NoError(t, err)
	return n
}

func TestNothingWantsAttention(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, store.Notices{Alarms: map[distribution.AlarmKind]int{}}, notices(t, w, w.manager))
}

func TestAnUnknownOutcomeIsToldAfterFiveMinutes(t *testing.T) {
	w := newWorld(t)
	storetest.Unknown(t, w.DB, w.maker)
	since := w.Now()
	w.clock.Advance(store.UnknownIsLate - time.Second)
	n := notices(t, w, w.manager)
	assert.Equal(t, 1, n.Uncertain)
	assert.Zero(t, n.Late, "it is being looked for")
	w.clock.Advance(time.Second)
	n = notices(t, w, w.manager)
	assert.Equal(t, 1, n.Late.Count)
	assert.WithinDuration(t, since, n.Late.Oldest, time.Second)
}

// Only what this person may settle or approve is theirs.
func TestWhatWaitsForWhom(t *testing.T) {
	w := newWorld(t)
	second := storetest.User(t, w.DB, distribution.Manager)
	admin, auditor := storetest.User(t, w.DB, distribution.Admin), storetest.User(t, w.DB, distribution.Auditor)
	w.propose(t, distribution.DecideClose, missed(t, w).ID)
	dec, err := w.Propose(t.Context(), admin, proposal(distribution.DecidePolicy, ""), window)
	require.NoError(t, err)
	for by, want := range map[distribution.Actor]int{
		w.manager: 1, second: 1, admin: 0, auditor: 0, w.maker: 0, storetest.User(t, w.DB, distribution.Admin): 1,
	} {
		n := notices(t, w, by)
		assert.Equal(t, 2, n.Proposals)
		assert.Equal(t, want, n.Settle.Count, by.Name)
		assert.Equal(t, want == 0, n.Settle.Oldest.IsZero(), by.Name)
	}
	_, err = w.WithdrawProposal(t.Context(), admin, dec.ID)
	require.NoError(t, err)
	assert.Equal(t, 1, notices(t, w, w.manager).Proposals)

	storetest.SetPolicy(t, w.DB, storetest.OneApproval())
	d := storetest.Draft(t, w.DB, w.maker)
	_, err = w.Submit(t.Context(), w.maker, d.ID)
	require.NoError(t, err)
	for by, want := range map[distribution.Actor]int{w.manager: 1, second: 1, admin: 0, auditor: 0, w.maker: 0} {
		assert.Equal(t, want, notices(t, w, by).Approvals.Count, by.Name)
	}
	other := storetest.User(t, w.DB, distribution.Accountant)
	assert.Zero(t, notices(t, w, other).Approvals.Count, "accountants approve only where the policy lets them")
	peers := storetest.OneApproval()
	peers.Peers = true
	storetest.SetPolicy(t, w.DB, peers)
	assert.Equal(t, 1, notices(t, w, other).Approvals.Count)
	assert.Zero(t, notices(t, w, w.maker).Approvals.Count, "never one's own")
}

func TestAlarmsAndALowBalance(t *testing.T) {
	w := newWorld(t)
	steppedBack(t, w)
	require.NoError(t, w.SetThreshold(t.Context(), w.manager, 1000))
	w.told(t, 10)
	n := notices(t, w, w.maker)
	assert.Equal(t, map[distribution.AlarmKind]int{distribution.AlarmRegressed: 1}, n.Alarms)
	require.NotNil(t, n.Dip)
	assert.Equal(t, distribution.Amount(10), n.Dip.Amount)
}
