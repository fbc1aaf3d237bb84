package handlers

import (
	"context"
	"encoding/hex"
	"net/http"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// Detail handles GET /distributions/{id}.
func (h *Handlers) Detail(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p, err := h.detailProps(r.Context(), d)
	if err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.Detail(p), nil)
}

// Status handles GET /distributions/{id}/status: the part of the page that lives.
func (h *Handlers) Status(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	history, err := h.DB.Events(r.Context(), d.ID)
	if err != nil {
		return err
	}
	p, err := h.statusProps(r.Context(), d, history)
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.StatusBlock(p), nil)
}

func (h *Handlers) detailProps(ctx context.Context, d distribution.Distribution) (distributions.DetailProps, error) {
	history, err := h.DB.Events(ctx, d.ID)
	if err != nil {
		return distributions.DetailProps{}, err
	}
	status, err := h.statusProps(ctx, d, history)
	if err != nil {
		return distributions.DetailProps{}, err
	}
	p := distributions.DetailProps{Status: status, Bank: status.Bank, Code: status.Code}
	if d.Origin == distribution.FromDashboard {
		p.Hash = hex.EncodeToString(contentHash(&d))
	}
	original, err := h.ref(ctx, d.CopyOf)
	if err != nil {
		return p, err
	}
	if original != nil {
		p.Related = append(p.Related, distributions.Related{Relation: distributions.CopyOf, Ref: *original})
	}
	ours, err := h.ref(ctx, d.LinkedTo)
	if err != nil {
		return p, err
	}
	if ours != nil {
		p.Related = append(p.Related, distributions.Related{Relation: distributions.LinkedTo, Ref: *ours})
	}
	copies, err := h.DB.CopiesOf(ctx, d.ID)
	if err != nil {
		return p, err
	}
	for _, c := range copies {
		p.Related = append(p.Related, distributions.Related{Relation: distributions.CopiedTo, Ref: *refTo(&c)})
	}
	attempts, err := h.DB.Attempts(ctx, d.ID)
	if err != nil {
		return p, err
	}
	for _, a := range attempts {
		p.Attempts = append(p.Attempts, attemptOf(a))
	}
	if p.Answers, err = h.answers(ctx, attempts, history); err != nil {
		return p, err
	}
	p.Free, err = h.free(ctx, &d)
	return p, err
}

// free is what is free to commit, of interest while the payment has not left.
func (h *Handlers) free(ctx context.Context, d *distribution.Distribution) (*components.Balance, error) {
	switch d.Status {
	case distribution.Draft, distribution.AwaitingApproval, distribution.Declined, distribution.Queued:
		tile, err := h.balanceTile(ctx)
		return &tile, err
	default:
		return nil, nil //nolint:nilnil // it has left
	}
}

// contentHash is what was submitted, or would be.
func contentHash(d *distribution.Distribution) []byte {
	if len(d.SubmittedHash) > 0 {
		return d.SubmittedHash
	}
	return distribution.Hash(d)
}

func (h *Handlers) statusProps(ctx context.Context, d distribution.Distribution, history []store.Event) (distributions.StatusProps, error) {
	p := distributions.StatusProps{
		D: d, Now: h.DB.Now(), Bank: h.bankOf(&d), Actions: h.actionsFor(session.Actor(ctx), &d),
	}
	if d.Origin == distribution.FromDashboard {
		p.Code = distribution.Code(contentHash(&d))
	}
	switch {
	case d.Stale(p.Now):
		p.Waits = distributions.WaitsMaker
	case d.Status == distribution.Queued:
		sync, err := h.DB.SyncState(ctx)
		if err != nil {
			return p, err
		}
		p.Waits = h.waits(sync)
	}
	var err error
	if p.Approval, err = h.approvalOf(ctx, &d); err != nil {
		return p, err
	}
	p.Mismatch = mismatchOf(&d)
	for _, e := range history {
		p.Events = append(p.Events, distributions.Event{Event: e.Event, At: e.At, Actor: e.Actor})
	}
	if p.Search, err = h.search(ctx, &d); err != nil {
		return p, err
	}
	if p.Twins, err = h.twins(ctx, &d); err != nil {
		return p, err
	}
	if p.Alarms, err = h.alarmsOf(ctx, d.ID); err != nil {
		return p, err
	}
	p.MayAcknowledge = distribution.Allows(session.Actor(ctx).Role, distribution.Acknowledge)
	if p.Decisions, err = h.DB.DecisionsOn(ctx, d.ID); err != nil {
		return p, err
	}
	if open := openOf(p.Decisions, d.ID); open != nil {
		card, err := h.card(ctx, *open)
		if err != nil {
			return p, err
		}
		p.Proposal = &card
	}
	p.Doubt, err = h.doubt(ctx, &d, p.Proposal != nil)
	return p, err
}

// mismatchOf is what Plexy shows instead of what was asked; nil when nobody has
// to decide about it.
func mismatchOf(d *distribution.Distribution) *distributions.Mismatch {
	if d.Status != distribution.Mismatch || d.Shown == nil {
		return nil
	}
	return &distributions.Mismatch{
		Amount: d.Shown.Amount, Currency: d.Shown.Currency, IBAN: d.Shown.IBAN, Name: d.Shown.Name, At: d.UpdatedAt,
	}
}

// search tells what is being done to learn an unknown outcome.
func (h *Handlers) search(ctx context.Context, d *distribution.Distribution) (*distributions.Search, error) {
	if d.Status != distribution.Unknown && d.Status != distribution.NotFound {
		return nil, nil //nolint:nilnil // nothing is being searched for
	}
	checks, err := h.DB.Checks(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	s := &distributions.Search{Since: d.UnknownSince, Looks: checks.Looks, Next: checks.NextLookAt, Until: d.UnknownSince.Add(h.SettleWindow)}
	if checks.Looks > 0 {
		s.Past = []distributions.Look{{At: checks.LastCheckedAt, Counted: true}}
	}
	plan, err := h.DB.NextSweep(ctx)
	if err != nil {
		return nil, err
	}
	s.NextSweep = plan.Due
	if plan.Running != nil {
		s.Sweeping, s.SweepPages = true, plan.Running.Pages
	}
	return s, nil
}

// twins names the other rows when Plexy executed the same one twice.
func (h *Handlers) twins(ctx context.Context, d *distribution.Distribution) ([]distributions.Ref, error) {
	var refs []distributions.Ref
	first, err := h.ref(ctx, d.TwinOf)
	if err != nil {
		return nil, err
	}
	if first != nil {
		refs = append(refs, *first)
	}
	repeats, err := h.DB.TwinsOf(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	for _, t := range repeats {
		refs = append(refs, *refTo(&t))
	}
	return refs, nil
}

// actionsFor says what the person may do now. What the role never may, or the
// state does not know, is not drawn; what only this person may not says why.
func (h *Handlers) actionsFor(by distribution.Actor, d *distribution.Distribution) distributions.Actions {
	return distributions.Actions{
		Review:   action(d, distribution.EventSubmitted, distribution.CanSubmit(by, d)),
		Edit:     action(d, distribution.EventEdited, distribution.CanEdit(by, d)),
		Withdraw: action(d, distribution.EventWithdrawn, distribution.CanWithdraw(by, d)),
		Cancel:   action(d, distribution.EventCancelled, distribution.CanCancel(by, d)),
		Release:  distributions.Action{Allowed: distribution.CanRelease(by, d, h.DB.Now()) == nil},
		Copy:     distributions.Action{Allowed: distribution.CanCopy(by, d) == nil},
		Check:    distributions.Action{Allowed: distribution.CanLook(by, d) == nil},
	}
}

func action(d *distribution.Distribution, event distribution.EventKind, err error) distributions.Action {
	if err == nil {
		return distributions.Action{Allowed: true}
	}
	code := refusalCode(err)
	if !distribution.Leaves(d.Status, event) || code == "role" || code == "made_elsewhere" {
		return distributions.Action{}
	}
	return distributions.Action{WhyNot: code}
}
