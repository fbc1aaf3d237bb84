package handlers

import (
	"context"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"

	"plexydash/export"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/audit"
	"plexydash/views/exports"
	"plexydash/views/filter"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// CreateExport handles POST /exports: the same filters as the list or as the
// audit page, and what kind of file. The file is made in the background.
func (h *Handlers) CreateExport(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "kind", "format", "dialect", "q", "status", "from", "to", "min", "max",
		"bin", "iban", "knp", "author", "origin", "sort", "cursor", "size",
		"person", "role", "object", "action", "id", "result", "address")
	if err != nil {
		return err
	}
	n, err := newExport(v)
	if err != nil {
		return err
	}
	if err := h.fits(r.Context(), n); err != nil {
		return err
	}
	n.Lang = string(i18n.From(r.Context()).Lang())
	e, err := h.DB.CreateExport(r.Context(), session.Actor(r.Context()), n)
	if err != nil {
		return err
	}
	h.Wake()
	return redirect(w, r, exportPath(e.ID))
}

// fits refuses a workbook that no sheet would hold, before it is begun.
func (h *Handlers) fits(ctx context.Context, n store.NewExport) error {
	if n.Format != "xlsx" {
		return nil
	}
	v, err := url.ParseQuery(n.Filter)
	if err != nil {
		return err
	}
	count, err := h.countExport(ctx, n.Kind, v)
	if err == nil && count > export.MaxRowsXLSX {
		err = conflict("too_many_rows")
	}
	return err
}

// countExport is how many rows the file would have. A filter of the audit log is
// counted only so far: a book that turns out too long fails when it is made.
func (h *Handlers) countExport(ctx context.Context, kind string, v url.Values) (int, error) {
	if kind == store.ExportAudit {
		f, err := store.ParseAuditFilter(v)
		if err != nil {
			return 0, err
		}
		totals, err := h.DB.CountAudit(ctx, f)
		return totals.Count, err
	}
	f, err := store.ParseFilter(v)
	if err != nil {
		return 0, err
	}
	totals, err := h.DB.Totals(ctx, f)
	return totals.Count, err
}

func newExport(v url.Values) (store.NewExport, error) {
	n := store.NewExport{Kind: v.Get("kind"), Format: v.Get("format"), Dialect: v.Get("dialect")}
	if n.Dialect == "" {
		n.Dialect = "excel"
	}
	formats := []string{"csv", "xlsx"}
	if n.Kind == store.ExportAudit {
		formats = append(formats, "jsonl")
	}
	switch {
	case n.Kind != store.ExportDistributions && n.Kind != store.ExportAudit:
		return n, &BadRequest{Reason: "unknown kind of export"}
	case !slices.Contains(formats, n.Format):
		return n, &BadRequest{Reason: "unknown format of export"}
	case !slices.Contains([]string{"excel", "plain"}, n.Dialect):
		return n, &BadRequest{Reason: "unknown dialect of export"}
	}
	for _, own := range []string{"kind", "format", "dialect", "cursor", "size"} { // an export has no pages
		v.Del(own)
	}
	if n.Kind == store.ExportAudit {
		f, err := parseAuditFilter(v)
		n.Filter = f.Values().Encode()
		return n, err
	}
	f, err := parseFilter(v)
	n.Filter = f.Values().Encode()
	return n, err
}

// Exports handles GET /exports: what the person asked for, newest first.
func (h *Handlers) Exports(w http.ResponseWriter, r *http.Request) error {
	mine, err := h.DB.Exports(r.Context(), session.Actor(r.Context()))
	if err != nil {
		return err
	}
	p := exports.ListProps{Now: h.DB.Now()}
	for _, e := range mine {
		p.Exports = append(p.Exports, exportProps(e))
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Exports); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, exports.List(p), nil)
}

// Export handles GET /exports/{id}; a part of it is asked for while the file is
// being made.
func (h *Handlers) Export(w http.ResponseWriter, r *http.Request) error {
	e, err := h.DB.Export(r.Context(), session.Actor(r.Context()), idOf(r))
	if err != nil {
		return err
	}
	return h.showExport(w, r, http.StatusOK, e)
}

func (h *Handlers) showExport(w http.ResponseWriter, r *http.Request, status int, e store.Export) error {
	p := exports.PageProps{Export: exportProps(e)}
	if Partial(r) {
		return Render(w, r, status, nil, exports.Block(p.Export))
	}
	var err error
	if p.Chrome, err = h.Chrome(w, r, layout.Exports); err != nil {
		return err
	}
	p.Chrome.Path = exportPath(e.ID)
	if e.Status == store.ExportWaiting {
		p.Chrome.Reload = 5
	}
	return Render(w, r, status, exports.Page(p), nil)
}

func exportProps(e store.Export) exports.Export {
	p := exports.Export{
		ID: e.ID, Kind: e.Kind, State: exports.Waiting, Format: e.Format, Dialect: e.Dialect,
		FileName: e.FileName, Rows: e.Rows, Sum: e.Sum, SHA256: hex.EncodeToString(e.SHA256), AsOf: e.AsOf,
		CreatedAt: e.CreatedAt, FinishedAt: e.FinishedAt, ErrorCode: e.ErrorID,
	}
	if v, err := url.ParseQuery(e.Filter); err == nil { // we wrote it
		p.Filter, p.AuditFilter = filter.Of(v), audit.FilterOf(v)
	}
	switch e.Status {
	case store.ExportWaiting:
	case store.ExportReady:
		p.State, p.Incomplete = exports.Ready, !e.Complete
	case store.ExportFailed:
		p.State = exports.Failed
	}
	return p
}
