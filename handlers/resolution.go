package handlers

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/views/proposals"
	"plexydash/web/session"
)

// kindCheck is the resolution that settles nothing: it looks once more.
const kindCheck = "check"

// maxReason is how long a reason of a decision may be, in characters.
const maxReason = 1000

// resolutionKind knows the decisions about one distribution.
func resolutionKind(text string) (distribution.DecisionKind, bool) {
	kind := distribution.DecisionKind(text)
	return kind, kind.AboutOne()
}

// ResolutionForm handles GET /distributions/{id}/resolution?kind=…
func (h *Handlers) ResolutionForm(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"kind", "plexyId"}); err != nil {
		return err
	}
	q := r.URL.Query()
	kind, ok := resolutionKind(q.Get("kind"))
	if !ok {
		return &BadRequest{Reason: "unknown kind of resolution"}
	}
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	if err := h.mayPropose(r.Context(), kind, &d); err != nil {
		return err
	}
	return h.showResolution(w, r, http.StatusOK, &d, distributions.ResolutionProps{Kind: kind, PlexyID: q.Get("plexyId")})
}

// mayPropose refuses what the store would refuse, before anything is typed.
func (h *Handlers) mayPropose(ctx context.Context, kind distribution.DecisionKind, d *distribution.Distribution) error {
	err := distribution.CanPropose(session.Actor(ctx), kind, d, d.Settled(h.DB.Now(), h.SettleWindow))
	if err != nil {
		return seeState(ctx, err, d)
	}
	decisions, err := h.DB.DecisionsOn(ctx, d.ID)
	if err != nil {
		return err
	}
	if openOf(decisions, d.ID) != nil {
		return seeDistribution(conflict("decision_open"), d.ID)
	}
	if kind != distribution.DecideOverride {
		return nil
	}
	twin, err := h.DB.LiveTwin(ctx, d)
	if err == nil && twin == "" {
		err = seeDistribution(conflict("no_twin"), d.ID)
	}
	return err
}

// seeState is a no with the state that gives it, as it is now.
func seeState(ctx context.Context, err error, d *distribution.Distribution) error {
	linked := seeDistribution(err, d.ID)
	if with, ok := errors.AsType[*WithLink](linked); ok && refusalCode(err) == "state" {
		with.Tell = &layout.Flash{Tone: components.Amber, Key: "web.now_in_state", Args: []any{"Status", components.StatusWord(ctx, d.Status)}}
	}
	return linked
}

// Resolve handles POST /distributions/{id}/resolution. A check only looks again;
// the other kinds open a proposal that another person settles.
func (h *Handlers) Resolve(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "kind", "plexyId", "reason", "ticket")
	if err != nil {
		return err
	}
	if v.Get("kind") == kindCheck {
		return h.check(w, r)
	}
	kind, ok := resolutionKind(v.Get("kind"))
	if !ok {
		return &BadRequest{Reason: "unknown kind of resolution"}
	}
	return h.propose(w, r, store.Proposal{
		Kind: kind, DistributionID: idOf(r), PlexyID: strings.TrimSpace(v.Get("plexyId")),
		Reason: strings.TrimSpace(v.Get("reason")), Ticket: strings.TrimSpace(v.Get("ticket")),
	})
}

func (h *Handlers) check(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), idOf(r)
	if err := h.DB.LookNow(ctx, session.Actor(ctx), id); err != nil {
		return seeDistributionUnlessMissing(err, id)
	}
	h.Wake()
	if err := h.tell(w, r, components.Blue, "web.flash.look_asked"); err != nil {
		return err
	}
	return redirect(w, r, detailPath(id))
}

// propose opens a proposal. Pressing twice ends where pressing once does.
func (h *Handlers) propose(w http.ResponseWriter, r *http.Request, f store.Proposal) error {
	ctx := r.Context()
	d, err := h.DB.Distribution(ctx, f.DistributionID)
	if err != nil {
		return err
	}
	if err := h.mayPropose(ctx, f.Kind, &d); err != nil {
		return h.unlessProposed(w, r, err, f)
	}
	p := resolutionProps(f)
	if p.ReasonProblem+p.TicketProblem+p.RowProblem != "" {
		return h.showResolution(w, r, http.StatusUnprocessableEntity, &d, p)
	}
	_, err = h.DB.Propose(ctx, session.Actor(ctx), f, h.SettleWindow)
	switch code := refusalCode(err); {
	case code == "no_such_row" || code == "differs":
		p.RowProblem = "refusal." + code
		return h.showResolution(w, r, http.StatusUnprocessableEntity, &d, p)
	case err != nil:
		return h.unlessProposed(w, r, seeDistributionUnlessMissing(err, d.ID), f)
	}
	if err := h.tell(w, r, components.Blue, "decision.flash.proposed", "What", proposals.Name(ctx, f.Kind)); err != nil {
		return err
	}
	return redirect(w, r, detailPath(d.ID))
}

// unlessProposed takes a refusal for success when it comes from the second of two
// presses.
func (h *Handlers) unlessProposed(w http.ResponseWriter, r *http.Request, refused error, f store.Proposal) error {
	decisions, err := h.DB.DecisionsOn(r.Context(), f.DistributionID)
	if err != nil {
		return err
	}
	open := openOf(decisions, f.DistributionID)
	switch {
	case open == nil:
		return refused
	case pressedTwice(session.Actor(r.Context()), f, *open):
		return redirect(w, r, detailPath(f.DistributionID))
	case errors.Is(refused, distribution.ErrConflict):
		return seeDistribution(conflict("decision_open"), f.DistributionID)
	}
	return refused
}

// pressedTwice reports that the person's own proposal of exactly this is open
// already. One that says anything else must not be taken for it, and get lost.
func pressedTwice(by distribution.Actor, p store.Proposal, open distribution.Decision) bool {
	return open.ProposedBy.ID == by.ID && open.Kind == p.Kind && open.Reason == p.Reason &&
		open.PlexyID == p.PlexyID && open.Ticket == p.Ticket && reflect.DeepEqual(open.Policy, p.Policy)
}

// openOf is the open one of the decisions about the subject, or nil.
func openOf(decisions []distribution.Decision, subject string) *distribution.Decision {
	for _, dec := range decisions {
		if dec.Subject == subject && dec.Status == distribution.DecisionOpen {
			return &dec
		}
	}
	return nil
}

// resolutionProps are the form as it was typed, with what is missing.
func resolutionProps(f store.Proposal) distributions.ResolutionProps {
	p := distributions.ResolutionProps{Kind: f.Kind, Reason: f.Reason, Ticket: f.Ticket, PlexyID: f.PlexyID, ReasonProblem: textProblem(f.Reason)}
	if f.Kind == distribution.DecideTicket {
		p.TicketProblem = textProblem(f.Ticket)
	}
	if f.Kind == distribution.DecideLink && f.PlexyID == "" {
		p.RowProblem = "error.required"
	}
	return p
}

// textProblem is the message key of what is wrong with a text that decisions
// and alarms keep for good; empty: nothing.
func textProblem(text string) string {
	switch {
	case text == "":
		return "error.required"
	case utf8.RuneCountInString(text) > maxReason:
		return "resolution.too_long"
	}
	return ""
}

// showResolution draws the form with what its kind needs to be decided.
func (h *Handlers) showResolution(w http.ResponseWriter, r *http.Request, status int, d *distribution.Distribution, p distributions.ResolutionProps) error {
	ctx := r.Context()
	p.D = *d
	if err := h.fillResolution(ctx, d, &p); err != nil {
		return err
	}
	var err error
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = resolutionPath(d.ID, p.Kind)
	return Render(w, r, status, distributions.Resolution(p), nil)
}

func (h *Handlers) fillResolution(ctx context.Context, d *distribution.Distribution, p *distributions.ResolutionProps) error {
	switch p.Kind {
	case distribution.DecideLink:
		all, err := h.similar(ctx, d)
		p.Similar = slices.DeleteFunc(all, func(s distributions.Similar) bool { return !s.Linkable })
		return err
	case distribution.DecideOurs, distribution.DecideNotOurs:
		p.Mismatch = mismatchOf(d)
	case distribution.DecideOverride:
		twin, err := h.DB.LiveTwin(ctx, d)
		if err != nil {
			return err
		}
		p.Twin, err = h.ref(ctx, twin)
		return err
	case distribution.DecideResend, distribution.DecideClose, distribution.DecideTicket, distribution.DecideUnit, distribution.DecidePolicy, distribution.DecideHold:
	}
	return nil
}
