package handlers

import (
	"net/http"

	"plexydash/distribution"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/web/session"
)

// watch fills in the figure below which the balance is low, and whether it is.
func (h *Handlers) watch(r *http.Request, p *balance.Props) error {
	ctx := r.Context()
	t, err := h.DB.Threshold(ctx)
	if err != nil {
		return err
	}
	may := distribution.Allows(session.Actor(ctx).Role, distribution.WatchBalance)
	p.Threshold = balance.Threshold{Amount: t.Amount, By: t.By.Name, At: t.At, CanChange: may, Form: limitText(r, t.Amount)}
	dip, err := h.DB.Dip(ctx)
	if dip != nil {
		p.Dip = &balance.Dip{Threshold: dip.Threshold, Since: dip.At, Seen: dip.AcknowledgedBy.Name, SeenAt: dip.AcknowledgedAt, CanSee: may}
	}
	return err
}

// SetThreshold handles POST /balance/threshold; nothing typed is none.
func (h *Handlers) SetThreshold(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, string(balance.FieldAmount))
	if err != nil {
		return err
	}
	errs := distribution.FieldErrors{}
	amount := readLimit(v, balance.FieldAmount, errs)
	if problem := errs[balance.FieldAmount]; problem != nil {
		return h.showBalance(w, r, http.StatusUnprocessableEntity, 0, func(p *balance.Props) {
			p.Threshold.Form, p.Threshold.Problem = v.Get(string(balance.FieldAmount)), problem
		})
	}
	if err := h.DB.SetThreshold(r.Context(), session.Actor(r.Context()), amount); err != nil {
		return err
	}
	done := "threshold.flash.set"
	if amount == 0 {
		done = "threshold.flash.none"
	}
	if err := h.tell(w, r, components.Blue, done); err != nil {
		return err
	}
	return redirect(w, r, balancePath)
}

// AcknowledgeBalance handles POST /balance/acknowledgement.
func (h *Handlers) AcknowledgeBalance(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	err := h.DB.AcknowledgeDip(r.Context(), session.Actor(r.Context()))
	if err != nil && refusalCode(err) != "no_dip" { // it went up again meanwhile
		return err
	}
	return redirect(w, r, balancePath)
}
