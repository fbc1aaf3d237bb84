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

// What the second person confirms is what the first one saw.
func TestDecisionIsStaleWhenWhatItIsAboutChanged(t *testing.T) {
	forEachKind(t, func(t *testing.T, k kind, g given) {
		switch {
		case k.kind == distribution.DecidePolicy:
			storetest.SetPolicy(t, g.DB, storetest.OneApproval())
		case k.about == nil:
			return // the stop of a unit is lifted or it holds
		default:
			note(t, g)
		}
		state := g.dump(t)
		_, err := g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "stale_proposal")
		assert.Equal(t, state, g.dump(t))

		_, err = g.RefuseProposal(t.Context(), g.second, g.dec.ID, "changed meanwhile")
		require.NoError(t, err, "it does not stand in the way of a new one")
	})
}

// note leaves the state as it is, but not the version.
func note(t *testing.T, g given) {
	t.Helper()
	require.NoError(t, second(g.Change(t.Context(), g.manager, g.about.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Acknowledged("seen"), nil
	})))
}

func TestDecisionIsVoidWhenTheStateIsAnother(t *testing.T) {
	found := func(t *testing.T, g given) {
		r := storetest.Remote(&g.about, "P-9", "paid")
		g.apply(t, "list", r)
	}
	cancelled := func(t *testing.T, g given) {
		require.NoError(t, second(g.Change(t.Context(), g.maker, g.about.ID, cancel(g.maker, ""))))
	}
	meanwhile := map[distribution.DecisionKind]func(*testing.T, given){
		distribution.DecideResend: found, distribution.DecideClose: found, distribution.DecideTicket: found,
		distribution.DecideLink: found, distribution.DecideOverride: cancelled,
	}
	forEachKind(t, func(t *testing.T, k kind, g given) {
		if meanwhile[k.kind] == nil { // only a decision moves those
			return
		}
		meanwhile[k.kind](t, g)
		dec, err := g.Decision(t.Context(), g.dec.ID)
		require.NoError(t, err)
		assert.Equal(t, distribution.DecisionVoid, dec.Status)
		assert.NotEmpty(t, dec.SettledBy.ID, "whoever moved it")
		open, err := g.OpenDecisions(t.Context())
		require.NoError(t, err)
		assert.Empty(t, open)
		state := g.dump(t)
		_, err = g.Confirm(t.Context(), g.second, g.dec.ID)
		requireRefused(t, err, "settled")
		assert.Equal(t, state, g.dump(t))
	})
}

func TestProposalThatIsIncompleteOrOutOfPlace(t *testing.T) {
	without := func(change func(*store.Proposal)) func(store.Proposal) store.Proposal {
		return func(p store.Proposal) store.Proposal { change(&p); return p }
	}
	whole := without(func(*store.Proposal) {})
	for name, row := range map[string]struct {
		kind  distribution.DecisionKind
		about func(*testing.T, *world) distribution.Distribution
		by    func(*world) distribution.Actor
		as    func(store.Proposal) store.Proposal
		code  string
	}{
		"without a reason":                   {distribution.DecideResend, missed, byMaker, without(func(p *store.Proposal) { p.Reason = "" }), "reason"},
		"a ticket without its number":        {distribution.DecideTicket, overdue, byMaker, without(func(p *store.Proposal) { p.Ticket = "" }), "ticket"},
		"a ticket within the settle window":  {distribution.DecideTicket, justLost, byMaker, whole, "settle_window"},
		"a resend of one still unknown":      {distribution.DecideResend, overdue, byMaker, whole, "state"},
		"a close of one still unknown":       {distribution.DecideClose, overdue, byMaker, whole, "state"},
		"a second resend while it is queued": {distribution.DecideResend, resent, byMaker, whole, "state"},
		"an override of one handed over":     {distribution.DecideOverride, resent, byMaker, whole, "state"},
		"ours, of one that does not differ":  {distribution.DecideOurs, missed, byMaker, whole, "state"},
		"a link to no row":                   {distribution.DecideLink, missed, byMaker, whole, "no_such_row"},
		"a unit that is not in doubt":        {distribution.DecideUnit, nil, byManager, whole, "not_stopped"},
		"a policy that says nothing":         {distribution.DecidePolicy, nil, byAdmin, without(func(p *store.Proposal) { p.Policy = nil }), "policy"},
		"a policy that cannot hold": {distribution.DecidePolicy, nil, byAdmin, without(func(p *store.Proposal) {
			p.Policy = &distribution.Policy{Steps: []distribution.PolicyStep{{From: 1, Approvals: distribution.MaxApprovals + 1}}}
		}), "policy"},
		"of a kind that is not known":       {"pay_twice", missed, byMaker, whole, "kind"},
		"an auditor's":                      {distribution.DecideResend, missed, byRole(distribution.Auditor), whole, "role"},
		"an admin's":                        {distribution.DecideResend, missed, byRole(distribution.Admin), whole, "role"},
		"a manager's about the policy":      {distribution.DecidePolicy, nil, byManager, whole, "role"},
		"an accountant's about the unit":    {distribution.DecideUnit, nil, byMaker, whole, "role"},
		"about one that was made elsewhere": {distribution.DecideLink, someForeign, byMaker, whole, "made_elsewhere"},
		"about one that is nowhere":         {distribution.DecideClose, func(*testing.T, *world) distribution.Distribution { return distribution.Distribution{ID: "nowhere"} }, byMaker, whole, ""},
		"about nothing":                     {distribution.DecideClose, nil, byMaker, whole, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var d distribution.Distribution
			if row.about != nil {
				d = row.about(t, w)
			}
			state := w.dump(t)
			_, err := w.Propose(t.Context(), row.by(w), row.as(proposal(row.kind, d.ID)), window)
			if row.code == "" {
				require.ErrorIs(t, err, distribution.ErrNotFound)
			} else {
				no := new(distribution.Refusal)
				require.ErrorAs(t, err, &no)
				assert.Equal(t, row.code, no.Code)
			}
			assert.Equal(t, state, w.dump(t))
		})
	}
}

func byRole(role distribution.Role) func(*world) distribution.Actor {
	return func(*world) distribution.Actor {
		return distribution.Actor{Person: distribution.Person{ID: "p-" + string(role), Name: "Somebody"}, Role: role}
	}
}

func byAdmin(w *world) distribution.Actor { return byRole(distribution.Admin)(w) }

func justLost(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	d := storetest.Unknown(t, w.DB, w.maker)
	w.clock.Advance(window - time.Microsecond)
	return d
}

func someForeign(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	w.apply(t, "list", w.foreign("P-1", "paid"))
	return w.byPlexyID(t, "P-1")
}
