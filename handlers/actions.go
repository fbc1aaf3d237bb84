package handlers

import (
	"net/http"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/web/session"
)

// Withdraw handles POST /distributions/{id}/withdrawal.
func (h *Handlers) Withdraw(w http.ResponseWriter, r *http.Request) error {
	return h.change(w, r, "web.flash.withdrawn", func(by distribution.Actor, d *distribution.Distribution) (distribution.Event, error) {
		return d.Withdraw(by)
	})
}

// Cancel handles POST /distributions/{id}/cancellation.
func (h *Handlers) Cancel(w http.ResponseWriter, r *http.Request) error {
	return h.change(w, r, "web.flash.cancelled", func(by distribution.Actor, d *distribution.Distribution) (distribution.Event, error) {
		return d.Cancel(by, "")
	})
}

// change applies a rule that needs nothing but the person and the distribution.
func (h *Handlers) change(w http.ResponseWriter, r *http.Request, done string,
	rule func(distribution.Actor, *distribution.Distribution) (distribution.Event, error),
) error {
	if err := noFields(r); err != nil {
		return err
	}
	ctx, id := r.Context(), idOf(r)
	by := session.Actor(ctx)
	_, err := h.DB.Change(ctx, by, id, func(d *distribution.Distribution) (distribution.Event, error) { return rule(by, d) })
	if err != nil {
		return seeDistributionUnlessMissing(err, id)
	}
	if err := h.tell(w, r, components.Green, done); err != nil {
		return err
	}
	return redirect(w, r, detailPath(id))
}

// Copy handles POST /distributions/{id}/copy: a new form, filled. Nothing is
// made until that form is sent.
func (h *Handlers) Copy(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	if err := distribution.CanCopy(session.Actor(r.Context()), &d); err != nil {
		return err
	}
	return redirect(w, r, newPath+"?copy="+d.ID)
}
