package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/errorpage"
	"plexydash/views/layout"
	"plexydash/views/proposals"
	"plexydash/web/session"
)

// mostSettled is how many settled decisions the page of proposals lists.
const mostSettled = 30

// Proposals handles GET /proposals.
func (h *Handlers) Proposals(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showProposals(w, r, http.StatusOK, nil)
}

// showProposals draws the page; refused is the card of a refusal that lacks a
// good reason, or nil.
func (h *Handlers) showProposals(w http.ResponseWriter, r *http.Request, status int, refused *proposals.Card) error {
	ctx := r.Context()
	open, err := h.DB.OpenDecisions(ctx)
	if err != nil {
		return err
	}
	p := proposals.Props{Now: h.DB.Now()}
	for _, dec := range open {
		card, err := h.card(ctx, dec)
		if err != nil {
			return err
		}
		if refused != nil && dec.ID == refused.Decision.ID {
			card = *refused
		}
		p.Open = append(p.Open, card)
	}
	if p.Settled, err = h.DB.SettledDecisions(ctx, mostSettled); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Proposals); err != nil {
		return err
	}
	p.Chrome.Path = proposalsPath
	return Render(w, r, status, proposals.Page(p), nil)
}

// card is an open proposal and what the person may do about it.
func (h *Handlers) card(ctx context.Context, dec distribution.Decision) (proposals.Card, error) {
	by := session.Actor(ctx)
	c := proposals.Card{Decision: dec, Now: h.DB.Now(), Own: distribution.CanTakeBack(by, dec) == nil}
	if dec.Kind.AboutOne() {
		d, err := h.DB.Distribution(ctx, dec.Subject)
		if err != nil {
			return c, err
		}
		c.D, c.Stale = &d, d.Version != dec.Version
	}
	switch code := refusalCode(distribution.CanSettle(by, dec, c.D)); code {
	case "":
		c.CanSettle = true
	case "role": // who may is said anyway
	default:
		c.WhyNot = code
	}
	err := h.fillCard(ctx, &c)
	return c, err
}

// fillCard adds what has to be seen to decide.
func (h *Handlers) fillCard(ctx context.Context, c *proposals.Card) error {
	switch c.Decision.Kind {
	case distribution.DecideLink:
		row, err := h.DB.RowOfPlexy(ctx, c.Decision.PlexyID)
		if err == nil {
			c.Row = &row
		}
		if !errors.Is(err, distribution.ErrNotFound) {
			return err
		}
	case distribution.DecideUnit:
		stop, err := h.unitStop(ctx)
		c.Stop = stop
		return err
	case distribution.DecidePolicy:
		now, err := h.DB.Policy(ctx)
		if err == nil && c.Decision.Policy != nil {
			c.Changes = policyChanges(ctx, now, *c.Decision.Policy)
		}
		return err
	case distribution.DecideResend, distribution.DecideClose, distribution.DecideTicket, distribution.DecideOurs,
		distribution.DecideNotOurs, distribution.DecideOverride, distribution.DecideHold:
	}
	return nil
}

// unitStop is what stopped sending because of the unit of amounts; nil when it
// goes on.
func (h *Handlers) unitStop(ctx context.Context) (*proposals.Stop, error) {
	stops, err := h.DB.Stops(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range stops {
		if s.Kind != store.StopUnit {
			continue
		}
		shown := &proposals.Stop{At: s.At}
		if s.DistributionID == "" {
			return shown, nil
		}
		d, err := h.DB.Distribution(ctx, s.DistributionID)
		if err != nil {
			return nil, err
		}
		shown.D = &d
		if d.BalanceBefore != nil && d.BalanceAfter != nil {
			shown.Spent = new(*d.BalanceBefore - *d.BalanceAfter)
		}
		return shown, nil
	}
	return nil, nil //nolint:nilnil // nothing is stopped
}

// policyChanges are all rules of a policy, as they are and as proposed.
func policyChanges(ctx context.Context, was, becomes distribution.Policy) []proposals.Change {
	p := i18n.From(ctx)
	limit := func(a distribution.Amount) string {
		if a == 0 {
			return p.T("proposal.policy.no_limit")
		}
		return p.Money(int64(a))
	}
	steps := func(policy distribution.Policy) string {
		var all []string
		for _, s := range policy.Steps {
			all = append(all, p.N("proposal.policy.step", s.Approvals, "From", p.Money(int64(s.From))))
		}
		if len(all) == 0 {
			return p.T("proposal.policy.no_approval")
		}
		return strings.Join(all, "; ")
	}
	peers := func(policy distribution.Policy) string {
		if policy.Peers {
			return p.T("common.yes")
		}
		return p.T("common.no")
	}
	return []proposals.Change{
		{Name: p.T("proposal.policy.approvals"), Was: steps(was), Becomes: steps(becomes)},
		{Name: p.T("proposal.policy.peers"), Was: peers(was), Becomes: peers(becomes)},
		{Name: p.T("proposal.policy.limit_each"), Was: limit(was.LimitEach), Becomes: limit(becomes.LimitEach)},
		{Name: p.T("proposal.policy.limit_day"), Was: limit(was.LimitDay), Becomes: limit(becomes.LimitDay)},
		{Name: p.T("proposal.policy.factors"), Was: roleNames(p, was.FactorRoles), Becomes: roleNames(p, becomes.FactorRoles)},
	}
}

// ConfirmProposal handles POST /proposals/{id}/confirmation.
func (h *Handlers) ConfirmProposal(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	ctx := r.Context()
	dec, err := h.DB.Confirm(ctx, session.Actor(ctx), idOf(r))
	if err == nil {
		h.Wake()
	}
	return h.settled(w, r, dec, distribution.DecisionConfirmed, err)
}

// RefuseProposal handles POST /proposals/{id}/refusal.
func (h *Handlers) RefuseProposal(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "reason")
	if err != nil {
		return err
	}
	ctx, id, reason := r.Context(), idOf(r), strings.TrimSpace(v.Get("reason"))
	dec, err := h.DB.Decision(ctx, id)
	if err != nil {
		return err
	}
	card, err := h.card(ctx, dec)
	if err != nil {
		return err
	}
	if card.Refusal, card.Problem = reason, textProblem(reason); card.CanSettle && card.Problem != "" {
		return h.showProposals(w, r, http.StatusUnprocessableEntity, &card)
	}
	dec, err = h.DB.RefuseProposal(ctx, session.Actor(ctx), id, reason)
	return h.settled(w, r, dec, distribution.DecisionRefused, err)
}

// WithdrawProposal handles POST /proposals/{id}/withdrawal.
func (h *Handlers) WithdrawProposal(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	dec, err := h.DB.WithdrawProposal(r.Context(), session.Actor(r.Context()), idOf(r))
	return h.settled(w, r, dec, distribution.DecisionWithdrawn, err)
}

// settled leads to what was decided about, or says why nothing was. The second
// of two presses ends where the first did.
func (h *Handlers) settled(w http.ResponseWriter, r *http.Request, dec distribution.Decision, to distribution.DecisionStatus, failed error) error {
	ctx := r.Context()
	if failed != nil {
		now, err := h.DB.Decision(ctx, idOf(r))
		switch {
		case err != nil:
			return err
		case now.Status == to && now.SettledBy.ID == session.Actor(ctx).ID:
			return redirect(w, r, subjectPath(now))
		case refusalCode(failed) == "settled" && now.Status == distribution.DecisionVoid:
			failed = conflict("void_proposal")
		}
		return seeProposal(failed)
	}
	tone := components.Blue
	if to == distribution.DecisionConfirmed {
		tone = components.Green
	}
	if err := h.tell(w, r, tone, "decision.flash."+string(to), "What", proposals.Name(ctx, dec.Kind)); err != nil {
		return err
	}
	return redirect(w, r, subjectPath(dec))
}

// subjectPath is where to see what became of a decision.
func subjectPath(dec distribution.Decision) string {
	if dec.Kind.AboutOne() {
		return detailPath(dec.Subject)
	}
	return proposalsPath
}

// seeProposal leads from a refusal to what is in its way: a twin, or the list of
// proposals.
func seeProposal(err error) error {
	if twin, ok := errors.AsType[*store.TwinError](err); ok {
		return seeDistribution(conflict("claim_twin"), twin.ID)
	}
	return &WithLink{Err: err, Link: errorpage.Link{Href: proposalsPath, Key: "web.link.proposals"}}
}
