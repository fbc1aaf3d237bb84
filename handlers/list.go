package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/filter"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// List handles GET /distributions.
func (h *Handlers) List(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFilter(r.URL.Query())
	if err != nil {
		return err
	}
	p, err := h.listProps(r, f)
	if err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Search = f.Q
	if p.Chrome.Sought, err = h.sought(r.Context(), f.Q); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.List(p), nil)
}

func parseFilter(v url.Values) (store.Filter, error) {
	f, err := store.ParseFilter(v)
	return f, understood(err)
}

// understood names the parameter of a list that is not; other errors stay.
func understood(err error) error {
	bad, ok := errors.AsType[*store.FilterError](err)
	if !ok {
		return err
	}
	return &BadRequest{Reason: "list parameter is not understood", Tell: &layout.Flash{
		Tone: components.Red, Key: "web.filter.invalid", Args: []any{"Param", bad.Param, "Value", bad.Value},
	}}
}

func (h *Handlers) listProps(r *http.Request, f store.Filter) (distributions.ListProps, error) {
	ctx := r.Context()
	page, err := h.DB.List(ctx, f)
	if err != nil {
		return distributions.ListProps{}, err
	}
	found, err := h.DB.Totals(ctx, f)
	if err != nil {
		return distributions.ListProps{}, err
	}
	all := found
	if f.Narrow() {
		if all, err = h.DB.Totals(ctx, store.Filter{}); err != nil {
			return distributions.ListProps{}, err
		}
	}
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return distributions.ListProps{}, err
	}
	role := session.Actor(ctx).Role
	p := distributions.ListProps{
		Filter: filter.Of(f.Values()), Count: found.Count, Sum: found.Sum,
		ByStatus: byStatus(all), Import: importOf(sync),
		CanCreate: distribution.Allows(role, distribution.Create),
		CanExport: distribution.Allows(role, distribution.ExportRegister),
	}
	for _, d := range page.Rows {
		p.Rows = append(p.Rows, h.row(d))
	}
	if page.Next != "" {
		p.NextPage = listAddress(f, page.Next)
	}
	if f.Cursor != "" {
		p.FirstPage = listAddress(f, "")
	} else if len(p.Rows) > 0 {
		p.First = 1
	}
	return p, nil
}

func listAddress(f store.Filter, cursor string) string {
	f.Cursor = cursor
	return withQuery(listPath, f.Values())
}

func byStatus(t store.Totals) []distributions.StatusCount {
	var counts []distributions.StatusCount
	for _, s := range distribution.Statuses() {
		if n := t.ByStatus[s].Count; n > 0 {
			counts = append(counts, distributions.StatusCount{Status: s, Count: n})
		}
	}
	return counts
}

func importOf(s store.SyncState) *distributions.Import {
	if s.Import == nil {
		return nil
	}
	return &distributions.Import{Done: s.Import.Items, Total: s.Import.Total, StartedAt: s.Import.StartedAt}
}

func (h *Handlers) row(d distribution.Distribution) distributions.RowProps {
	return distributions.RowProps{D: d, Bank: h.bankOf(&d), Now: h.DB.Now()}
}

// bankOf is the recipient's bank, or the zero Bank.
func (h *Handlers) bankOf(d *distribution.Distribution) distribution.Bank {
	bank, _ := h.Banks.Of(d.RecipientText().IBAN)
	return bank
}

// Row handles GET /distributions/{id}/row: one row of the list, drawn anew.
func (h *Handlers) Row(w http.ResponseWriter, r *http.Request) error {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.Row(h.row(d)), nil)
}
