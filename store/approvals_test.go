package store_test

import (
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

func codeOf(d distribution.Distribution) string { return distribution.Code(d.SubmittedHash) }

// twoApprovals of every amount.
func twoApprovals() distribution.Policy {
	return distribution.Policy{Steps: []distribution.PolicyStep{{From: 0, Approvals: 2}}}
}

func waiting(t *testing.T, w *world, p distribution.Policy, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	d := storetest.Awaiting(t, w.DB, w.maker, fill...)
	storetest.SetPolicy(t, w.DB, p)
	return d
}

func TestTheLastApprovalQueuesIt(t *testing.T) {
	w := newWorld(t)
	d := waiting(t, w, twoApprovals())
	second := storetest.User(t, w.DB, distribution.Manager)

	first, err := w.Approve(t.Context(), w.manager, d.ID, codeOf(d))
	require.NoError(t, err)
	assert.Equal(t, distribution.AwaitingApproval, first.Status)

	d, err = w.Approve(t.Context(), second, d.ID, codeOf(d))
	require.NoError(t, err)
	assert.Equal(t, distribution.Queued, d.Status)
	assert.Equal(t, []distribution.Person{w.manager.Person, second.Person}, d.ApprovedBy)
	c := storetest.Claim(t, w.DB)
	assert.Equal(t, d.ID, c.Distribution.ID, "the claim finds enough approvals")
}

// A second press of the same button, also a late one, changes nothing.
func TestADecisionPressedAgainIsNoError(t *testing.T) {
	w := newWorld(t)
	approved, declined := waiting(t, w, storetest.OneApproval()), storetest.Awaiting(t, w.DB, w.maker, sum("7"))
	storetest.SetPolicy(t, w.DB, storetest.OneApproval())
	require.NoError(t, second(w.Approve(t.Context(), w.manager, approved.ID, codeOf(approved))))
	require.NoError(t, second(w.Decline(t.Context(), w.manager, declined.ID, codeOf(declined), "нет договора")))
	state := w.dump(t)
	require.NoError(t, second(w.Approve(t.Context(), w.manager, approved.ID, codeOf(approved))))
	require.NoError(t, second(w.Decline(t.Context(), w.manager, declined.ID, codeOf(declined), "нет договора")))
	assert.Equal(t, state, w.dump(t))
}

func sum(tenge string) func(*distribution.Form) {
	return func(f *distribution.Form) { f.Amount = tenge }
}

func TestWhoMayNotDecide(t *testing.T) {
	for name, row := range map[string]struct {
		policy distribution.Policy
		by     func(*testing.T, *world) distribution.Actor
		want   string
	}{
		"the maker":                   {storetest.OneApproval(), func(_ *testing.T, w *world) distribution.Actor { return w.maker }, "role"},
		"the maker, peers allowed":    {peers(), func(_ *testing.T, w *world) distribution.Actor { return w.maker }, "own"},
		"the maker, a manager by now": {storetest.OneApproval(), promoted, "own"},
		"a manager no longer":         {storetest.OneApproval(), demoted, "role"},
		"a manager who was shut out":  {storetest.OneApproval(), shutOut, "role"},
		"another accountant":          {storetest.OneApproval(), ofRole(distribution.Accountant), "role"},
		"an admin":                    {peers(), ofRole(distribution.Admin), "role"},
		"an auditor":                  {peers(), ofRole(distribution.Auditor), "role"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			d := waiting(t, w, row.policy)
			by := row.by(t, w)
			state := w.dump(t)
			for act, err := range map[string]error{
				"approve": second(w.Approve(t.Context(), by, d.ID, codeOf(d))),
				"decline": second(w.Decline(t.Context(), by, d.ID, codeOf(d), "нет")),
			} {
				require.ErrorIs(t, err, distribution.ErrForbidden, act)
				assert.Equal(t, row.want, refusalOf(t, err), act)
			}
			assert.Equal(t, state, w.dump(t))
		})
	}
}

func peers() distribution.Policy {
	p := storetest.OneApproval()
	p.Peers = true
	return p
}

func ofRole(role distribution.Role) func(*testing.T, *world) distribution.Actor {
	return func(t *testing.T, w *world) distribution.Actor { return storetest.User(t, w.DB, role) }
}

func promoted(t *testing.T, w *world) distribution.Actor {
	u, err := w.SetRole(t.Context(), distribution.CLI("root"), w.maker.ID, distribution.Manager)
	require.NoError(t, err)
	return u.Actor()
}

// demoted is how a request that began as a manager's still sees the person.
func demoted(t *testing.T, w *world) distribution.Actor {
	require.NoError(t, second(w.SetRole(t.Context(), distribution.CLI("root"), w.manager.ID, distribution.Auditor)))
	return w.manager
}

func shutOut(t *testing.T, w *world) distribution.Actor {
	require.NoError(t, w.DisableUser(t.Context(), distribution.CLI("root"), w.manager.ID))
	return w.manager
}

func refusalOf(t *testing.T, err error) string {
	t.Helper()
	refusal, ok := errors.AsType[*distribution.Refusal](err)
	require.True(t, ok, "%v", err)
	return refusal.Code
}

func TestAStaleCodeIsToldWithTheDifferences(t *testing.T) {
	w := newWorld(t)
	d := storetest.Awaiting(t, w.DB, w.maker)
	was := codeOf(d)
	storetest.SetPolicy(t, w.DB, storetest.OneApproval())
	require.NoError(t, second(w.Change(t.Context(), w.maker, d.ID, func(d *distribution.Distribution) (distribution.Event, error) { return d.Withdraw(w.maker) })))
	n := storetest.Filled(t, func(f *distribution.Form) {
		f.OrderReference, f.Amount, f.IBAN, f.Purpose = d.OrderReference, "150000.01", "KZ53601A861005417851", d.PaymentPurpose
	})
	require.NoError(t, second(w.Edit(t.Context(), w.maker, d.ID, n)))
	require.NoError(t, second(w.Submit(t.Context(), w.maker, d.ID)))
	state := w.dump(t)

	for code, want := range map[string][]store.ContentChange{
		was: {
			{Field: distribution.FieldIBAN, Was: d.Recipient.IBAN.String(), Now: "KZ53601A861005417851"},
			{Field: distribution.FieldAmount, Was: "150000.00", Now: "150000.01"},
		},
		"":       nil,
		"000000": nil,
	} {
		for act, err := range map[string]error{
			"approve": second(w.Approve(t.Context(), w.manager, d.ID, code)),
			"decline": second(w.Decline(t.Context(), w.manager, d.ID, code, "нет")),
		} {
			stale, ok := errors.AsType[*store.StaleCodeError](err)
			require.True(t, ok, "%s %q: %v", act, code, err)
			require.ErrorIs(t, err, distribution.ErrConflict)
			assert.Equal(t, want, stale.Changes, "%s %q", act, code)
		}
	}
	assert.Equal(t, state, w.dump(t))
}

func TestApprovalsExpireAfterSevenDays(t *testing.T) {
	w := newWorld(t)
	old := storetest.Awaiting(t, w.DB, w.maker)
	w.clock.Advance(time.Minute)
	young := storetest.Awaiting(t, w.DB, w.maker, sum("7"))
	w.clock.Advance(distribution.ExpireAfter - time.Minute)
	require.NoError(t, w.ExpireApprovals(t.Context(), distribution.System("guard")))
	d := w.read(t, old.ID)
	assert.Equal(t, distribution.Draft, d.Status)
	assert.Equal(t, "expired", d.StatusReason)
	assert.Equal(t, distribution.AwaitingApproval, w.status(t, young.ID))
}

func TestTheQueueIsOldestFirst(t *testing.T) {
	w := newWorld(t)
	other := storetest.User(t, w.DB, distribution.Accountant)
	var want []string
	for i := range 5 {
		by := w.maker
		if i == 2 {
			by = other
		}
		want = append(want, storetest.Awaiting(t, w.DB, by, sum(fmt.Sprint(i+1))).ID)
		if i != 3 { // two at the same moment
			w.clock.Advance(time.Minute)
		}
	}
	storetest.SetPolicy(t, w.DB, twoApprovals())
	require.NoError(t, second(w.Approve(t.Context(), w.manager, want[0], codeOf(w.read(t, want[0])))))

	for person, ids := range map[string][]string{
		"": want, w.manager.ID: want[1:], other.ID: {want[0], want[1], want[3], want[4]},
	} {
		var got []string
		f := store.ApprovalFilter{For: person, Size: 2}
		for {
			page, err := w.AwaitingApprovals(t.Context(), f)
			require.NoError(t, err)
			for _, d := range page.Rows {
				got = append(got, d.ID)
			}
			assert.EqualValues(t, 100+200+300, page.Running[want[2]], "what others wait for counts too")
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		assert.Equal(t, ids, got)
		n, err := w.CountAwaiting(t.Context(), person)
		require.NoError(t, err)
		assert.Equal(t, len(ids), n)
	}
	for _, bad := range []string{"x", "e30"} {
		_, err := w.AwaitingApprovals(t.Context(), store.ApprovalFilter{Cursor: bad, Size: 2})
		require.Error(t, err)
		_, _, err = w.Decided(t.Context(), w.manager.ID, bad, 2)
		require.Error(t, err)
	}
}

func TestDecidedIsNewestFirst(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		d := waiting(t, w, storetest.OneApproval(), sum(fmt.Sprint(i+1)))
		if i == 1 {
			require.NoError(t, second(w.Decline(t.Context(), w.manager, d.ID, codeOf(d), "нет договора")))
			continue
		}
		require.NoError(t, second(w.Approve(t.Context(), w.manager, d.ID, codeOf(d))))
	}
	first, next, err := w.Decided(t.Context(), w.manager.ID, "", 2)
	require.NoError(t, err)
	require.Len(t, first, 2)
	assert.EqualValues(t, 300, first[0].Distribution.Amount)
	assert.Equal(t, distribution.EventDeclined, first[1].Kind)
	assert.Equal(t, "нет договора", first[1].Note)
	rest, next, err := w.Decided(t.Context(), w.manager.ID, next, 2)
	require.NoError(t, err)
	assert.Len(t, rest, 1)
	assert.Empty(t, next)
	none, _, err := w.Decided(t.Context(), w.maker.ID, "", 2)
	require.NoError(t, err)
	assert.Empty(t, none)
}

func TestANewAccountOfAKnownPayeeIsNoticed(t *testing.T) {
	w := newWorld(t)
	d := storetest.Draft(t, w.DB, w.maker)
	isNew := func(d distribution.Distribution) bool {
		known, err := w.Known(t.Context(), d.Recipient.BIN.String(), d.Recipient.IBAN.String())
		require.NoError(t, err)
		return len(distribution.Compare(d.Content, known)) > 0
	}
	assert.False(t, isNew(d), "never paid: new altogether")
	require.ErrorIs(t, second(w.LastPaid(t.Context(), &d)), distribution.ErrNotFound)
	paid := storetest.Accepted(t, w.DB, w.maker, "P-1", sum("9"))
	assert.False(t, isNew(d), "paid to this account")
	other := storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.IBAN = "KZ53601A861005417851" })
	assert.True(t, isNew(other))
	last, err := w.LastPaid(t.Context(), &other)
	require.NoError(t, err)
	assert.Equal(t, paid.ID, last.ID)
}

func TestTheFirstPolicyIsSetOnce(t *testing.T) {
	w := newWorld(t)
	system := distribution.System("setup")
	require.NoError(t, w.EnsurePolicy(t.Context(), system, distribution.DefaultPolicy()))
	p, err := w.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, distribution.DefaultPolicy(), p)
	require.NoError(t, w.EnsurePolicy(t.Context(), system, distribution.Policy{}))
	p, err = w.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, distribution.DefaultPolicy(), p)
}

// Whatever the order: nobody approves what they made, nobody counts twice, and
// what is queued is what was approved.
func TestManyApproveAndEditAtOnce(t *testing.T) {
	w := newWorld(t)
	p := twoApprovals()
	p.Peers = true
	storetest.SetPolicy(t, w.DB, p)
	d, err := w.Submit(t.Context(), w.maker, storetest.Draft(t, w.DB, w.maker).ID)
	require.NoError(t, err)
	people := []distribution.Actor{w.maker, w.manager, storetest.User(t, w.DB, distribution.Manager), storetest.User(t, w.DB, distribution.Accountant)}
	contents := []store.NewDraft{}
	for i := range 25 {
		contents = append(contents, storetest.Filled(t, sum(fmt.Sprint(i+1)), func(f *distribution.Form) { f.OrderReference = d.OrderReference }))
	}
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			if i%4 == 0 { // the maker takes it back, edits, and hands it over again
				_, _ = w.Change(t.Context(), w.maker, d.ID, func(d *distribution.Distribution) (distribution.Event, error) { return d.Withdraw(w.maker) })
				_, _ = w.Edit(t.Context(), w.maker, d.ID, contents[i/4])
				_, _ = w.Submit(t.Context(), w.maker, d.ID)
				return
			}
			seen, err := w.Distribution(t.Context(), d.ID)
			if assert.NoError(t, err) {
				_, _ = w.Approve(t.Context(), people[i%len(people)], d.ID, codeOf(seen))
			}
		})
	}
	all.Wait()

	now, by := w.read(t, d.ID), map[string]int{}
	for _, person := range now.ApprovedBy {
		by[person.ID]++
		assert.NotEqual(t, w.maker.ID, person.ID)
		assert.Equal(t, 1, by[person.ID])
	}
	if now.Status == distribution.Queued {
		assert.Len(t, now.ApprovedBy, 2)
	}
	if now.SubmittedHash != nil {
		assert.Equal(t, distribution.Hash(&now), now.SubmittedHash)
	}
	storetest.CheckInvariants(t, w.path)
}
