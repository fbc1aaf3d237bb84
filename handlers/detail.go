package handlers

import (
	"context"
	"encoding/hex"
	"net/http"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// Detail handles GET /distributions/{id}.
func (h *Handlers) Detail(w http.ResponseWriter, r *http.Request) error {
	return h.showDetail(w, r, http.StatusOK, distributions.NoteForm{})
}

// showDetail draws the page; note is what was typed and not accepted, if
// anything was.
func (h *Handlers) showDetail(w http.ResponseWriter, r *http.Request, status int, note distributions.NoteForm) error {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p, err := h.detailProps(r.Context(), d)
	if err != nil {
		return err
	}
	if distribution.CanAnnotate(session.Actor(r.Context()), &d) == nil {
		p.NoteForm = &note
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = detailPath(d.ID)
	return Render(w, r, status, distributions.Detail(p), nil)
}

// Order handles GET /distributions/{id}/order: a sheet to be printed and signed.
func (h *Handlers) Order(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	history, err := h.DB.Events(r.Context(), d.ID)
	if err != nil {
		return err
	}
	p := distributions.SheetProps{D: d, Bank: h.bankOf(&d), Events: eventsOf(history), Now: h.DB.Now(), Version: h.Version}
	if d.Origin == distribution.FromDashboard {
		p.Hash = contentHash(&d)
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.Sheet(p), nil)
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
	return Render(w, r, http.StatusOK, distributions.StatusUpdate(p), nil)
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
	if p.Related, err = h.related(ctx, &d); err != nil {
		return p, err
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

// related are what it corrects, what corrects it, and whose payment it is.
func (h *Handlers) related(ctx context.Context, d *distribution.Distribution) ([]distributions.Related, error) {
	var all []distributions.Related
	for _, one := range []struct {
		relation distributions.Relation
		id       string
	}{{distributions.CopyOf, d.CopyOf}, {distributions.LinkedTo, d.LinkedTo}} {
		ref, err := h.ref(ctx, one.id)
		if err != nil {
			return nil, err
		}
		if ref != nil {
			all = append(all, distributions.Related{Relation: one.relation, Ref: *ref})
		}
	}
	copies, err := h.DB.CopiesOf(ctx, d.ID)
	for _, c := range copies {
		all = append(all, distributions.Related{Relation: distributions.CopiedTo, Ref: *refTo(&c)})
	}
	return all, err
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
