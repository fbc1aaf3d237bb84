package handlers

import (
	"context"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

func (h *Handlers) statusProps(ctx context.Context, d distribution.Distribution, history []store.Event) (distributions.StatusProps, error) {
	by := session.Actor(ctx)
	p := distributions.StatusProps{
		D: d, Now: h.DB.Now(), Bank: h.bankOf(&d), Actions: h.actionsFor(by, &d), Events: eventsOf(history), Mismatch: mismatchOf(&d),
		Mine: d.CreatedBy.ID == by.ID, MayCreate: distribution.Allows(by.Role, distribution.Create),
		MayAcknowledge: distribution.Allows(by.Role, distribution.Acknowledge),
	}
	if d.Origin == distribution.FromDashboard {
		p.Code = distribution.Code(contentHash(&d))
	}
	for _, fill := range []func(context.Context, *distributions.StatusProps) error{h.fillWaits, h.fillKnown, h.fillDoubt} {
		if err := fill(ctx, &p); err != nil {
			return p, err
		}
	}
	return p, nil
}

// fillWaits is what it waits for, and how long that usually takes.
func (h *Handlers) fillWaits(ctx context.Context, p *distributions.StatusProps) (err error) {
	switch {
	case p.D.Stale(p.Now):
		p.Waits = distributions.WaitsMaker
	case p.D.Status == distribution.Queued:
		sync, err := h.DB.SyncState(ctx)
		if err != nil {
			return err
		}
		p.Waits = h.waits(sync)
	case p.D.Status == distribution.Accepted, p.D.Status == distribution.Processing:
		usual, err := h.DB.ClearingOf(ctx, p.Bank.Code)
		if err != nil {
			return err
		}
		p.Usual = distributions.Usual{Took: usual.Median, Payments: usual.Count}
	}
	p.Approval, err = h.approvalOf(ctx, &p.D)
	return err
}

// fillKnown is what was written and raised about it.
func (h *Handlers) fillKnown(ctx context.Context, p *distributions.StatusProps) error {
	notes, err := h.DB.Notes(ctx, p.D.ID)
	if err != nil {
		return err
	}
	for _, n := range notes {
		p.Notes = append(p.Notes, distributions.Note{At: n.At, By: n.By, Text: n.Text})
	}
	if p.Twins, err = h.twins(ctx, &p.D); err != nil {
		return err
	}
	p.Alarms, err = h.alarmsOf(ctx, p.D.ID)
	return err
}

// fillDoubt is what is done about an outcome that nobody knows.
func (h *Handlers) fillDoubt(ctx context.Context, p *distributions.StatusProps) (err error) {
	d := &p.D
	if p.Search, err = h.search(ctx, d); err != nil {
		return err
	}
	if p.Decisions, err = h.DB.DecisionsOn(ctx, d.ID); err != nil {
		return err
	}
	if open := openOf(p.Decisions, d.ID); open != nil {
		card, err := h.card(ctx, *open)
		if err != nil {
			return err
		}
		p.Proposal = &card
	}
	p.Doubt, err = h.doubt(ctx, d, p.Proposal != nil)
	return err
}

func eventsOf(history []store.Event) []distributions.Event {
	var all []distributions.Event
	for _, e := range history {
		all = append(all, distributions.Event{Event: e.Event, At: e.At, Actor: e.Actor})
	}
	return all
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
