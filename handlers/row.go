package handlers

import (
	"context"
	"net/http"
	"slices"

	"plexydash/distribution"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

func (h *Handlers) rows(ctx context.Context, all []distribution.Distribution, columns []string) ([]distributions.RowProps, error) {
	ties, err := h.DB.TiesOf(ctx, all)
	if err != nil {
		return nil, err
	}
	var rows []distributions.RowProps
	for _, d := range all {
		p := distributions.RowProps{D: d, Ties: ties[d.ID], Bank: h.bankOf(&d), Now: h.DB.Now(), Columns: columns}
		if d.Origin == distribution.FromDashboard && slices.Contains(columns, "code") {
			p.Code = distribution.Code(contentHash(&d))
		}
		rows = append(rows, p)
	}
	return rows, nil
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
	rows, err := h.rows(ctx, []distribution.Distribution{d}, columns)
	if err != nil {
		return err
	}
	mayBeKept(w)
	return Render(w, r, http.StatusOK, distributions.Row(rows[0]), nil)
}
