package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// Review handles GET /distributions/{id}/review. One that was handed over
// already has nothing to review: its own page follows.
func (h *Handlers) Review(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	switch err := distribution.CanSubmit(session.Actor(r.Context()), &d); {
	case errors.Is(err, distribution.ErrConflict):
		return redirect(w, r, detailPath(d.ID))
	case err != nil:
		return seeDistribution(err, d.ID)
	}
	return h.showReview(w, r, http.StatusOK, d, nil)
}

func (h *Handlers) showReview(w http.ResponseWriter, r *http.Request, status int, d distribution.Distribution, twin *distributions.Ref) error {
	ctx := r.Context()
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return err
	}
	p := distributions.ReviewProps{
		D: d, Code: distribution.Code(distribution.Hash(&d)), Bank: h.bankOf(&d),
		CanSubmit: twin == nil, Twin: twin, Departs: h.Days.Departs(h.DB.Now(), h.CutOff),
	}
	p.KBe, _ = h.KBes.Of(d.Recipient.KBe.String())
	p.KNP, _ = h.KNPs.Named(d.Recipient.KNP.String())
	if p.Requirement, err = h.requirement(ctx, policy, d.Amount, d.CreatedBy.ID); err != nil {
		return err
	}
	if p.Balance, err = h.balanceTile(ctx); err != nil {
		return err
	}
	if err := h.look(ctx, &p, policy); err != nil {
		return err
	}
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return err
	}
	p.Waits = h.waits(sync)
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = reviewPath(d.ID)
	return Render(w, r, status, distributions.Review(p), nil)
}

// look finds again now what the form found, and what the limits say.
func (h *Handlers) look(ctx context.Context, p *distributions.ReviewProps, policy distribution.Policy) error {
	found, err := h.findings(ctx, p.D.Content, p.D.ID, p.Balance)
	if err != nil {
		return err
	}
	p.Warnings = slices.DeleteFunc(found.warnings, func(w distribution.Warning) bool {
		// What is free changes by the minute and blocks nothing: the arithmetic tells.
		return w.Code == distribution.WarnBalanceShort || w.Code == distribution.WarnDuplicate && p.D.ExplainsTwin()
	})
	p.Twins = refsTo(found.twins)
	last, err := h.DB.LastPaid(ctx, &p.D)
	switch {
	case err == nil:
		p.Last = &last
	case !errors.Is(err, distribution.ErrNotFound):
		return err
	}
	if !policy.Within(p.D.Amount) {
		p.Limit = policy.LimitEach
	}
	backlog, err := h.DB.Backlog(ctx)
	p.DayIsFull = err == nil && !policy.WithinDay(backlog.SentToday, p.D.Amount)
	return err
}

// waits says why one that is handed over now would not leave at once.
func (h *Handlers) waits(s store.SyncState) distributions.Waits {
	switch s.Paused(h.DB.Now(), h.maxAge(), h.Submit) {
	case "":
		return distributions.NoWait
	case store.PausedNeverRead, store.PausedStale:
		return distributions.WaitsPlexy
	case string(store.StopHold):
		return distributions.WaitsHold
	}
	return distributions.WaitsPaused
}

// SubmitDraft handles POST /distributions/{id}/submission. Pressing twice is no
// error: both presses end on the distribution's page.
func (h *Handlers) SubmitDraft(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	ctx, id := r.Context(), idOf(r)
	_, err := h.DB.Submit(ctx, session.Actor(ctx), id)
	if twin, ok := errors.AsType[*store.TwinError](err); ok {
		return h.showTwin(w, r, id, twin.ID)
	}
	if err != nil {
		return seeDistributionUnlessMissing(err, id)
	}
	h.Wake()
	return redirect(w, r, detailPath(id))
}

// showTwin is the review again, saying that the same payment is under way.
func (h *Handlers) showTwin(w http.ResponseWriter, r *http.Request, id, twinID string) error {
	d, err := h.DB.Distribution(r.Context(), id)
	if err != nil {
		return err
	}
	twin, err := h.ref(r.Context(), twinID)
	if err != nil {
		return err
	}
	return h.showReview(w, r, http.StatusConflict, d, twin)
}
