package worker

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strconv"

	"plexydash/export"
	"plexydash/i18n"
	"plexydash/store"
)

// auditLog is the file of the audit log, in its order. It needs nothing of Plexy
// and is always whole.
func (x *Exporter) auditLog(ctx context.Context, e store.Export, query url.Values, dialect export.Dialect, made *store.Made,
) (fill func(io.Writer) (export.Summary, error), err error) {
	filter, err := store.ParseAuditFilter(query)
	if err != nil {
		return nil, err
	}
	made.AsOf, made.Complete = x.db.Now(), true
	var checkpoint []byte
	rows := auditRows(x.db.AuditRegister(ctx, filter, &checkpoint))
	switch e.Format {
	case "csv":
		return func(w io.Writer) (export.Summary, error) { return export.AuditCSV(w, dialect, rows) }, nil
	case "jsonl":
		return func(w io.Writer) (export.Summary, error) {
			return export.AuditJSONL(w, rows, func() []byte { return checkpoint })
		}, nil
	case "xlsx":
		return func(w io.Writer) (export.Summary, error) {
			return export.AuditXLSX(w, rows, func(sum export.Summary) export.Passport {
				return auditPassport(x.words.Printer(i18n.Lang(e.Lang)), e, filter, *made, sum)
			})
		}, nil
	}
	return nil, fmt.Errorf("no such export: format %q", e.Format)
}

func auditRows(lines iter.Seq2[store.AuditLine, error]) iter.Seq2[export.AuditRow, error] {
	return func(yield func(export.AuditRow, error) bool) {
		for line, err := range lines {
			if !yield(auditRow(line), err) {
				return
			}
		}
	}
}

func auditRow(l store.AuditLine) export.AuditRow {
	return export.AuditRow{
		Seq: l.Seq, At: l.At,
		ActorID: l.Actor.ID, ActorName: l.Actor.Name, ActorEmail: l.Actor.Email, Role: l.Actor.Role,
		Address: l.Actor.Address, RequestID: l.Actor.RequestID,
		Action: l.Action, Object: l.Object, ObjectID: l.ObjectID, Result: string(l.Result), Reason: l.Reason,
		Details: l.Details, Before: l.Before, After: l.After, Raw: l.Raw,
	}
}

// auditPassport says in the words of p what the workbook holds.
func auditPassport(p *i18n.Printer, e store.Export, f store.AuditFilter, made store.Made, sum export.Summary) export.Passport {
	lines := []export.Line{
		{Name: p.T("passport.id"), Value: e.ID},
		{Name: p.T("exports.created"), Value: p.DateTime(e.CreatedAt)},
		{Name: p.T("passport.zone"), Value: "Asia/Almaty, UTC+05:00"},
		{Name: p.T("exports.as_of"), Value: p.DateTime(made.AsOf)},
		{Name: p.T("exports.rows"), Value: strconv.Itoa(sum.Rows)},
	}
	conditions := auditFilterLines(p, f)
	if len(conditions) == 0 {
		conditions = []export.Line{{Name: p.T("exports.filter"), Value: p.T("audit.everything")}}
	}
	lines = append(lines, conditions...)
	lines = append(lines, export.Line{Name: p.T("passport.columns")})
	for _, name := range export.AuditColumns() {
		lines = append(lines, export.Line{Name: name, Value: p.T("audit.column." + name)})
	}
	return export.Passport{Register: p.T("nav.audit"), Sheet: p.T("passport.sheet"), Lines: lines}
}

// auditFilterLines is each condition in words.
func auditFilterLines(p *i18n.Printer, f store.AuditFilter) []export.Line {
	var lines []export.Line
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, export.Line{Name: p.T("exports.filter") + ": " + name, Value: value})
		}
	}
	add(p.T("filter.q"), f.Q)
	add(p.T("filter.period"), between(p, p.Date(f.From), lastDay(p, f.To)))
	add(p.T("audit.filter.person"), f.Person)
	if f.Role != "" {
		add(p.T("audit.filter.role"), p.T("role."+string(f.Role)))
	}
	add(p.T("audit.filter.object"), f.Object)
	add(p.T("audit.filter.action"), f.Action)
	add(p.T("audit.filter.id"), f.ID)
	if f.Result != "" {
		add(p.T("audit.filter.result"), p.T("audit.result."+string(f.Result)))
	}
	add(p.T("audit.filter.address"), f.Address)
	return lines
}
