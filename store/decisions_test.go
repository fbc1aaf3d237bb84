package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// kind is one kind of decision and what it does.
type kind struct {
	kind  distribution.DecisionKind
	about func(*testing.T, *world) distribution.Distribution // nil: about sending or the policy
	who   func(*testing.T, *world) (proposer, second distribution.Actor)
	// done fails when the decision was not carried out.
	done func(*testing.T, *world, distribution.Distribution)
}

func kinds() []kind {
	becomes := func(s distribution.Status, e distribution.EventKind) func(*testing.T, *world, distribution.Distribution) {
		return func(t *testing.T, w *world, d distribution.Distribution) {
			assert.Equal(t, s, d.Status)
			assert.Equal(t, e, w.event(t, d.ID).Kind)
		}
	}
	return []kind{
		{distribution.DecideResend, missed, makerAndManager, becomes(distribution.Queued, distribution.EventResent)},
		{distribution.DecideClose, missed, makerAndManager, becomes(distribution.Abandoned, distribution.EventAbandoned)},
		{distribution.DecideTicket, overdue, makerAndManager, becomes(distribution.NotFound, distribution.EventMissed)},
		{distribution.DecideLink, withOther, makerAndManager, becomes(distribution.Paid, distribution.EventLinked)},
		{distribution.DecideOurs, differs, makerAndManager, becomes(distribution.Accepted, distribution.EventOurs)},
		{distribution.DecideNotOurs, differs, makerAndManager, becomes(distribution.Unknown, distribution.EventNotOurs)},
		{distribution.DecideOverride, drafted, makerAndManager, becomes(distribution.Draft, distribution.EventOverridden)},
		{distribution.DecideUnit, nil, managerAndAdmin, func(t *testing.T, w *world, _ distribution.Distribution) {
			stops, err := w.Stops(t.Context())
			require.NoError(t, err)
			assert.Empty(t, stops)
		}},
		{distribution.DecidePolicy, nil, twoAdmins, func(t *testing.T, w *world, _ distribution.Distribution) {
			p, err := w.Policy(t.Context())
			require.NoError(t, err)
			assert.Equal(t, *proposal(distribution.DecidePolicy, "").Policy, p)
		}},
	}
}

func makerAndManager(_ *testing.T, w *world) (proposer, second distribution.Actor) {
	return w.maker, w.manager
}

func managerAndAdmin(t *testing.T, w *world) (proposer, second distribution.Actor) {
	t.Helper()
	require.NoError(t, w.Stop(t.Context(), sender(), store.StopUnit, "debited 1 for 100", ""))
	return w.manager, storetest.User(t, w.DB, distribution.Admin)
}

func twoAdmins(t *testing.T, w *world) (proposer, second distribution.Actor) {
	t.Helper()
	return storetest.User(t, w.DB, distribution.Admin), storetest.User(t, w.DB, distribution.Admin)
}

// overdue is unknown for longer than the settle window.
func overdue(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	d := storetest.Unknown(t, w.DB, w.maker)
	w.clock.Advance(window)
	return d
}

// withOther is missing, and Plexy has the payment under another reference.
func withOther(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	d := missed(t, w)
	other(t, w, d)
	return d
}

// given is a decision of the kind that waits for a second person.
type given struct {
	*world
	about    distribution.Distribution
	dec      distribution.Decision
	proposer distribution.Actor
	second   distribution.Actor
}

func (k kind) given(t *testing.T) given {
	t.Helper()
	g := given{world: newWorld(t)}
	if k.about != nil {
		g.about = k.about(t, g.world)
	}
	g.proposer, g.second = k.who(t, g.world)
	var err error
	g.dec, err = g.Propose(t.Context(), g.proposer, proposal(k.kind, g.about.ID), window)
	require.NoError(t, err)
	return g
}

func (g given) again(t *testing.T) distribution.Distribution {
	t.Helper()
	if g.about.ID == "" {
		return g.about
	}
	return g.read(t, g.about.ID)
}

func forEachKind(t *testing.T, do func(*testing.T, kind, given)) {
	for _, k := range kinds() {
		t.Run(string(k.kind), func(t *testing.T) {
			t.Parallel()
			do(t, k, k.given(t))
		})
	}
}

func TestProposalWaitsAndChangesNothing(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		want := proposal(k.kind, g.about.ID)
		assert.Equal(t, distribution.Decision{
			ID: g.dec.ID, Kind: k.kind, Subject: g.dec.Subject, Version: g.about.Version, // no policy was set yet
			Reason: want.Reason, PlexyID: want.PlexyID, Ticket: want.Ticket, Policy: want.Policy,
			Status: distribution.DecisionOpen, ProposedRole: g.proposer.Role, ProposedAt: g.Now(),
			ProposedBy: distribution.Person{ID: g.proposer.ID, Email: g.dec.ProposedBy.Email, Name: g.proposer.Name},
		}, g.dec)
		open, err := g.OpenDecisions(t.Context())
		require.NoError(t, err)
		require.Len(t, open, 1)
		g.dec.ProposedBy.Email = "" // addresses change; the name is kept
		assert.Equal(t, g.dec, open[0])
		assert.Equal(t, g.about, g.again(t))
		if k.about != nil {
			on, err := g.DecisionsOn(t.Context(), g.about.ID)
			require.NoError(t, err)
			assert.Equal(t, open, on)
		}
	})
}

func TestSecondPersonConfirms(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		g.clock.Advance(time.Minute)
		dec, err := g.Confirm(t.Context(), g.second, g.dec.ID)
		require.NoError(t, err)
		assert.Equal(t, distribution.DecisionConfirmed, dec.Status)
		read, err := g.Decision(t.Context(), g.dec.ID)
		require.NoError(t, err)
		assert.Equal(t, g.second.ID, read.SettledBy.ID)
		assert.Equal(t, g.Now(), read.SettledAt)
		k.done(t, g.world, g.again(t))

		state := g.dump(t)
		_, err = g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "settled")
		_, err = g.RefuseProposal(t.Context(), g.second, g.dec.ID, "too late")
		requireRefused(t, err, "settled")
		_, err = g.WithdrawProposal(t.Context(), g.proposer, g.dec.ID)
		requireRefused(t, err, "settled")
		assert.Equal(t, state, g.dump(t))
	})
}

func TestSecondPersonRefuses(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		_, err := g.RefuseProposal(t.Context(), g.second, g.dec.ID, "")
		requireRefused(t, err, "reason")
		dec, err := g.RefuseProposal(t.Context(), g.second, g.dec.ID, "банк ещё не ответил")
		require.NoError(t, err)
		assert.Equal(t, distribution.DecisionRefused, dec.Status)
		assert.Equal(t, "банк ещё не ответил", dec.SettledNote)
		assert.Equal(t, g.about, g.again(t))
		_, err = g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "settled")
		_, err = g.Propose(t.Context(), g.proposer, proposal(k.kind, g.about.ID), window)
		require.NoError(t, err, "it may be proposed anew")
	})
}

func TestProposerTakesItBack(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		_, err := g.WithdrawProposal(t.Context(), g.second, g.dec.ID)
		require.ErrorIs(t, err, distribution.ErrForbidden)
		dec, err := g.WithdrawProposal(t.Context(), g.proposer, g.dec.ID)
		require.NoError(t, err)
		assert.Equal(t, distribution.DecisionWithdrawn, dec.Status)
		assert.Equal(t, g.about, g.again(t))
		_, err = g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "settled")
		_, err = g.Propose(t.Context(), g.proposer, proposal(k.kind, g.about.ID), window)
		require.NoError(t, err)
	})
}

func TestOneDecisionIsOpenAtATime(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		state := g.dump(t)
		_, err := g.Propose(t.Context(), g.proposer, proposal(k.kind, g.about.ID), window)
		assert.Equal(t, &store.ErrProposalOpen{ID: g.dec.ID}, err)
		require.ErrorIs(t, err, distribution.ErrConflict)
		assert.Equal(t, state, g.dump(t))
	})
}

func TestDecisionTakesTwo(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		own := g.proposer
		own.Role = g.second.Role // the proposer, promoted meanwhile
		nobodies := []distribution.Actor{
			g.proposer, own, storetest.User(t, g.DB, distribution.Accountant), storetest.User(t, g.DB, distribution.Auditor),
			sender(), distribution.CLI("root"),
		}
		switch k.kind {
		case distribution.DecideUnit: // one manager and one admin
			nobodies = append(nobodies, storetest.User(t, g.DB, distribution.Manager))
		case distribution.DecidePolicy:
			nobodies = append(nobodies, storetest.User(t, g.DB, distribution.Manager))
		default:
			maker := g.maker
			maker.Role = distribution.Manager
			nobodies = append(nobodies, storetest.User(t, g.DB, distribution.Admin), maker)
		}
		state := g.dump(t)
		for _, by := range nobodies {
			_, err := g.Confirm(t.Context(), by, g.dec.ID)
			require.ErrorIs(t, err, distribution.ErrForbidden, "%+v", by)
			_, err = g.RefuseProposal(t.Context(), by, g.dec.ID, "no")
			require.ErrorIs(t, err, distribution.ErrForbidden, "%+v", by)
		}
		assert.Equal(t, state, g.dump(t))
	})
}

// One whose account was shut, or whose role is another one, is not the first of
// the two any more.
func TestProposerWhoLeftDecidesNothing(t *testing.T) {
	forEachKind(t, func(t *testing.T, _ kind, g given) {
		require.NoError(t, second(g.SetRole(t.Context(), distribution.CLI("root"), g.proposer.ID, distribution.Auditor)))
		state := g.dump(t)
		_, err := g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "proposer_gone")
		assert.Equal(t, state, g.dump(t))
		require.NoError(t, second(g.SetRole(t.Context(), distribution.CLI("root"), g.proposer.ID, g.proposer.Role)))
		require.NoError(t, g.DisableUser(t.Context(), distribution.CLI("root"), g.proposer.ID))
		_, err = g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "proposer_gone")
	})
}

func TestUnitAlarmIsLiftedByAManagerAndAnAdminInEitherOrder(t *testing.T) {
	for _, adminFirst := range []bool{false, true} {
		w := newWorld(t)
		storetest.Queued(t, w.DB, w.maker)
		first, second := managerAndAdmin(t, w)
		if adminFirst {
			first, second = second, first
		}
		claimNothing(t, w)
		dec, err := w.Propose(t.Context(), first, proposal(distribution.DecideUnit, ""), window)
		require.NoError(t, err)
		claimNothing(t, w)
		_, err = w.Confirm(t.Context(), second, dec.ID)
		require.NoError(t, err)
		past, err := w.PastStops(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, past, 1)
		assert.Equal(t, second.ID, past[0].LiftedBy.ID)
		assert.Equal(t, dec.Reason, past[0].LiftedNote)
		storetest.Claim(t, w.DB)
	}
}

// atOnce runs do many times in parallel and returns what each returned.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	return errs
}

// worked counts those that did; each of the others must be a conflict.
func worked(t *testing.T, errs []error) int {
	t.Helper()
	failed := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err == nil })
	for _, err := range failed {
		require.ErrorIs(t, err, distribution.ErrConflict)
	}
	return len(errs) - len(failed)
}

func TestOfFiftyConfirmationsOneCounts(t *testing.T) {
	w := newWorld(t)
	d := missed(t, w)
	dec := w.propose(t, distribution.DecideResend, d.ID)
	errs := atOnce(50, func(int) error { return second(w.Confirm(t.Context(), w.manager, dec.ID)) })
	assert.Equal(t, 1, worked(t, errs))
	assert.Equal(t, 1, count(t, w.DB, "SELECT count(*) FROM distribution_events WHERE kind = 'resent'"))
}

func TestOfFiftyProposalsOneIsOpen(t *testing.T) {
	w := newWorld(t)
	id := missed(t, w).ID
	errs := atOnce(50, func(int) error {
		return second(w.Propose(t.Context(), w.maker, proposal(distribution.DecideClose, id), window))
	})
	assert.Equal(t, 1, worked(t, errs))
	open, err := w.OpenDecisions(t.Context())
	require.NoError(t, err)
	assert.Len(t, open, 1)
}
