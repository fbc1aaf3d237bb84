package handlers

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/audit"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// Audit handles GET /audit. That it was read stands in the log itself.
func (h *Handlers) Audit(w http.ResponseWriter, r *http.Request) error {
	f, err := parseAuditFilter(r.URL.Query())
	if err != nil {
		return err
	}
	if err := h.DB.RecordReading(r.Context(), session.Actor(r.Context()), conditionsOf(f)); err != nil {
		return err
	}
	p, err := h.auditProps(r.Context(), f)
	if err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Audit); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, audit.Page(p), nil)
}

func parseAuditFilter(v url.Values) (store.AuditFilter, error) {
	f, err := store.ParseAuditFilter(v)
	return f, understood(err)
}

// conditionsOf is the filter without paging, as an address.
func conditionsOf(f store.AuditFilter) string {
	v := f.Values()
	v.Del("cursor")
	v.Del("size")
	return v.Encode()
}

func (h *Handlers) auditProps(ctx context.Context, f store.AuditFilter) (audit.Props, error) {
	p := audit.Props{
		Filter: audit.FilterOf(f.Values()), Now: h.DB.Now(),
		CanExport: distribution.Allows(session.Actor(ctx).Role, distribution.ExportAudit),
	}
	page, err := h.DB.AuditLog(ctx, f)
	if err != nil {
		return p, err
	}
	if p.Lines, err = h.auditLines(ctx, page.Lines); err != nil {
		return p, err
	}
	totals, err := h.DB.CountAudit(ctx, f)
	if err != nil {
		return p, err
	}
	p.Totals = audit.Totals{
		Count: totals.Count, More: totals.More,
		Done: totals.ByResult["done"], Denied: totals.ByResult["denied"], Failed: totals.ByResult["failed"],
	}
	if page.Next != "" {
		p.NextPage = auditAddress(f, page.Next)
	}
	if f.Cursor != "" {
		p.FirstPage = auditAddress(f, "")
	}
	if page.Short {
		p.LookedBack = page.LookedBack
	}
	p.Check, err = h.auditCheck(ctx)
	return p, err
}

func auditAddress(f store.AuditFilter, cursor string) string {
	f.Cursor = cursor
	return withQuery(auditPath, f.Values())
}

// auditCheck is what the newest look at the invariants says about the log.
func (h *Handlers) auditCheck(ctx context.Context) (audit.Check, error) {
	look, err := h.DB.LastInvariantCheck(ctx)
	if err != nil {
		return audit.Check{}, err
	}
	state, err := h.DB.CheckpointState(ctx)
	if err != nil {
		return audit.Check{}, err
	}
	c := audit.Check{At: look.At, Records: state.AuditSize, Signed: state.Size, SignedTime: state.At}
	for _, rule := range look.Results {
		c.Broken = c.Broken || rule.Code == "I12" && rule.Breaches > 0
	}
	return c, nil
}

// auditLines finds what all the ids of a page stand for at once.
func (h *Handlers) auditLines(ctx context.Context, found []store.AuditLine) ([]audit.Line, error) {
	var ids []string
	for _, l := range found {
		ids = append(ids, idsOf(l)...)
	}
	objects, err := h.DB.AuditObjects(ctx, ids)
	if err != nil {
		return nil, err
	}
	var lines []audit.Line
	for _, l := range found {
		lines = append(lines, auditLine(l, objects))
	}
	return lines, nil
}

// idsOf is what a record is about, the nearest first.
func idsOf(l store.AuditLine) []string {
	return slices.DeleteFunc([]string{l.ObjectID, l.Details["distribution"], l.Details["subject"]}, func(id string) bool { return id == "" })
}

func auditLine(l store.AuditLine, objects map[string]store.AuditObject) audit.Line {
	line := audit.Line{
		Seq: l.Seq, At: l.At, Actor: distribution.Person{ID: l.Actor.ID, Name: l.Actor.Name, Email: l.Actor.Email},
		Role: distribution.Role(l.Actor.Role), Address: l.Actor.Address, RequestID: l.Actor.RequestID,
		Action: l.Action, Object: l.Object, ObjectID: l.ObjectID, Reason: l.Reason, Result: string(l.Result),
		Changes: changesOf(l.Details), Hash: l.Hash(),
	}
	for _, id := range idsOf(l) {
		if o, ok := objects[id]; ok {
			line.Target = audit.Target{Name: o.Name, Distribution: o.Distribution, Amount: o.Amount, Recipient: o.Recipient}
			break
		}
	}
	return line
}

// changesOf pairs each field with what it was before: "amount" and "amount.was".
func changesOf(details map[string]string) []audit.Change {
	var all []audit.Change
	for _, name := range slices.Sorted(maps.Keys(details)) {
		field, before := strings.CutSuffix(name, ".was")
		if before {
			if _, ok := details[field]; ok {
				continue // it comes with its field
			}
		}
		was, known := details[field+".was"]
		all = append(all, audit.Change{Field: field, Now: details[field], Was: was, Before: known})
	}
	slices.SortStableFunc(all, func(a, b audit.Change) int { return cmp.Compare(rank(a.Field), rank(b.Field)) })
	return all
}

// rank puts the fields that people look for first.
func rank(field string) int {
	if at := slices.Index([]string{"status", "amount", "recipient.name", "recipient.iban"}, field); at >= 0 {
		return at
	}
	return 99
}

// AuditRecord handles GET /audit/{id}, the number of a record: one record, byte for byte as it is
// hashed.
func (h *Handlers) AuditRecord(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	seq, err := strconv.ParseInt(idOf(r), 10, 64)
	if err != nil || seq < 0 {
		return distribution.ErrNotFound
	}
	raw, err := h.DB.AuditRecord(r.Context(), seq)
	if err != nil {
		return err
	}
	if err := h.DB.RecordReading(r.Context(), session.Actor(r.Context()), "record="+strconv.FormatInt(seq, 10)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(raw) // the reader has gone: nobody is left to tell
	return nil
}
