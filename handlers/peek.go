package handlers

import (
	"net/http"

	"plexydash/distribution"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

// Peek handles GET /distributions/{id}/peek: what stands beside an open list.
func (h *Handlers) Peek(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := h.DB.Distribution(ctx, idOf(r))
	if err != nil {
		return err
	}
	p := distributions.PeekProps{
		D: d, Bank: h.bankOf(&d), Now: h.DB.Now(), CanCopy: distribution.CanCopy(session.Actor(ctx), &d) == nil,
	}
	ties, err := h.DB.TiesOf(ctx, []distribution.Distribution{d})
	if err != nil {
		return err
	}
	p.Ties = ties[d.ID]
	if p.Related, err = h.related(ctx, &d); err != nil {
		return err
	}
	events, err := h.DB.Events(ctx, d.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		p.Events = append(p.Events, distributions.Event{Event: e.Event, At: e.At, Actor: e.Actor})
	}
	if p.Decisions, err = h.DB.DecisionsOn(ctx, d.ID); err != nil {
		return err
	}
	mayBeKept(w)
	return Render(w, r, http.StatusOK, distributions.Peek(p), nil)
}
