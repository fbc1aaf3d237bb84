package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/hold"
	"plexydash/web/session"
)

// mostKnown is how many of those that Plexy has already the page names.
const mostKnown = 20

// Hold handles GET /hold.
func (h *Handlers) Hold(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showHold(w, r, http.StatusOK, false)
}

func (h *Handlers) showHold(w http.ResponseWriter, r *http.Request, status int, refused bool) error {
	p, err := h.holdProps(r)
	if err != nil {
		return err
	}
	p.Refused = refused
	if p.Chrome, err = h.Chrome(w, r, ""); err != nil {
		return err
	}
	p.Chrome.Path = holdPath
	if p.Reads() {
		p.Chrome.Reload = 5
	}
	return Render(w, r, status, hold.Page(p), hold.Remains(p))
}

func (h *Handlers) holdProps(r *http.Request) (hold.Props, error) {
	ctx := r.Context()
	p := hold.Props{Now: h.DB.Now(), CanLift: distribution.Allows(session.Actor(ctx).Role, distribution.StartSending)}
	last, err := h.DB.LastHold(ctx)
	if err != nil || last == nil {
		return p, err
	}
	p.Hold = &hold.Hold{
		Why: string(last.Why), At: last.At, NewestAt: last.NewestAt, ImportedAt: last.ImportedAt, ProvenAt: last.ProvenAt, LiftedAt: last.LiftedAt,
		KnownSize: last.KnownSize, Size: last.Size, Queued: last.Queued, Sending: last.Sending, NotFound: last.NotFound,
		LiftedBy: last.LiftedBy.Name,
	}
	if !p.Hold.Holds() {
		return p, nil
	}
	waiting, err := h.openProposal(r, distribution.SubjectHold)
	if err != nil {
		return p, err
	}
	if waiting != nil {
		p.Proposal = &hold.Proposal{By: waiting.By, At: waiting.At}
	}
	err = h.fillHold(ctx, last, &p)
	return p, err
}

// fillHold adds what people look at before they lift it.
func (h *Handlers) fillHold(ctx context.Context, last *store.Hold, p *hold.Props) error {
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return err
	}
	if sync.Import != nil {
		p.Import = &hold.Import{Done: sync.Import.Items, Total: sync.Import.Total}
	}
	if p.Proof, err = h.proofOf(ctx, last); err != nil {
		return err
	}
	if p.Outside, err = h.outsideSince(ctx, last.NewestAt); err != nil {
		return err
	}
	p.Known, p.KnownAll, err = h.DB.KnownAtPlexy(ctx, mostKnown)
	return err
}

// proofOf is how far the sweep is that a HOLD waits for, or how the last one since
// it began came out.
func (h *Handlers) proofOf(ctx context.Context, last *store.Hold) (p hold.Proof, err error) {
	plan, err := h.DB.NextSweep(ctx)
	if err != nil {
		return p, err
	}
	p.Next = plan.Due
	if s := plan.Running; s != nil && !s.StartedAt.Before(last.At) {
		p.Running = &hold.Import{Done: s.Items, Total: s.Total}
		return p, nil
	}
	newest, err := h.DB.Sweeps(ctx, 1)
	if err == nil && len(newest) > 0 && !newest[0].StartedAt.Before(last.At) {
		p.Inconclusive = newest[0].Ended == store.SweepInconclusive
		p.Failed = newest[0].Ended == store.SweepFailed && newest[0].Error != store.Interrupted
	}
	return p, err
}

// outsideSince sums up what the list shows under the same conditions.
func (h *Handlers) outsideSince(ctx context.Context, since time.Time) (o hold.Outside, err error) {
	o.Day = since.In(distribution.Almaty()).Format(time.DateOnly)
	f, err := store.ParseFilter(url.Values{"origin": {string(distribution.FromPlexy)}, "from": {o.Day}})
	if err != nil {
		return o, err
	}
	all, err := h.DB.Totals(ctx, f)
	o.Count, o.Sum = all.Count, all.Sum
	return o, err
}

// ProposeLift handles POST /hold/proposal: to lift a HOLD, which two people do.
func (h *Handlers) ProposeLift(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "reason")
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(v.Get("reason"))
	if reason == "" {
		return h.showHold(w, r, http.StatusUnprocessableEntity, true)
	}
	return h.proposeSetting(w, r, store.Proposal{Kind: distribution.DecideHold, Reason: reason})
}
