package handlers

import (
	"net/http"
	"slices"

	"plexydash/distribution"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

func (h *Handlers) row(d distribution.Distribution, columns []string) distributions.RowProps {
	p := distributions.RowProps{D: d, Bank: h.bankOf(&d), Now: h.DB.Now(), Columns: columns}
	if d.Origin == distribution.FromDashboard && slices.Contains(columns, "code") {
		p.Code = distribution.Code(contentHash(&d))
	}
	return p
}

// bankOf is the recipient's bank, or the zero Bank.
func (h *Handlers) bankOf(d *distribution.Distribution) distribution.Bank {
	bank, _ := h.Banks.Of(d.RecipientText().IBAN)
	return bank
}

// Row handles GET /distributions/{id}/row: one row of the list, drawn anew, with
// the columns of the saved view that the list is of.
func (h *Handlers) Row(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := h.DB.Distribution(ctx, idOf(r))
	if err != nil {
		return err
	}
	columns, err := h.columnsFor(ctx, session.Actor(ctx), r.URL.Query().Get("view"))
	if err != nil {
		return err
	}
	mayBeKept(w)
	return Render(w, r, http.StatusOK, distributions.Row(h.row(d, columns)), nil)
}
