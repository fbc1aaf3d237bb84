package worker

import (
	"strconv"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/export"
	"plexydash/i18n"
	"plexydash/store"
)

// passport says in the words of p what a workbook holds: what was asked for, how
// much there is, from when the data are, and what the columns mean.
func passport(p *i18n.Printer, e store.Export, f store.Filter, made store.Made, sum export.Summary) export.Passport {
	lines := []export.Line{
		{Name: p.T("passport.id"), Value: e.ID},
		{Name: p.T("exports.created"), Value: p.DateTime(e.CreatedAt)},
		{Name: p.T("passport.zone"), Value: "Asia/Almaty, UTC+05:00"},
		{Name: p.T("exports.as_of"), Value: asOf(p, made)},
		{Name: p.T("exports.rows"), Value: strconv.Itoa(sum.Rows)},
		{Name: p.T("exports.sum"), Amount: &sum.Sum},
	}
	conditions := filterLines(p, f)
	if len(conditions) == 0 {
		conditions = []export.Line{{Name: p.T("exports.filter"), Value: p.T("exports.everything")}}
	}
	lines = append(lines, conditions...)
	lines = append(lines, export.Line{Name: p.T("passport.columns")})
	for _, name := range export.Columns() {
		lines = append(lines, export.Line{Name: name, Value: p.T("column." + name)})
	}
	return export.Passport{Register: p.T("passport.register"), Sheet: p.T("passport.sheet"), Lines: lines}
}

func asOf(p *i18n.Printer, made store.Made) string {
	var parts []string
	if made.AsOf.IsZero() {
		parts = append(parts, p.T("passport.never"))
	} else {
		parts = append(parts, p.DateTime(made.AsOf))
	}
	if !made.Complete {
		parts = append(parts, p.T("exports.incomplete"))
	}
	return strings.Join(parts, ". ")
}

// filterLines is each condition in words.
func filterLines(p *i18n.Printer, f store.Filter) []export.Line {
	var lines []export.Line
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, export.Line{Name: p.T("exports.filter") + ": " + p.T(name), Value: value})
		}
	}
	if n := len(f.IDs); n > 0 {
		add("filter.ids", p.Count(n))
	}
	add("filter.q", f.Q)
	var words []string
	for _, s := range f.Statuses {
		words = append(words, p.T("status."+string(s)))
	}
	add("filter.status", strings.Join(words, ", "))
	add("filter.period", between(p, p.Date(f.From), lastDay(p, f.To)))
	add("filter.amount", between(p, tenge(p, f.Min), tenge(p, f.Max)))
	add("filter.bin", f.BIN)
	add("filter.iban", f.IBAN)
	add("filter.knp", f.KNP)
	add("filter.author", f.Author)
	if f.Origin != "" {
		add("filter.origin", p.T("filter.origin."+string(f.Origin)))
	}
	return lines
}

// lastDay is the last whole day before the open end.
func lastDay(p *i18n.Printer, end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return p.Date(end.Add(-time.Second))
}

func tenge(p *i18n.Printer, a *distribution.Amount) string {
	if a == nil {
		return ""
	}
	return p.Money(int64(*a))
}

func between(p *i18n.Printer, from, to string) string {
	switch {
	case from != "" && to != "":
		return p.T("filter.between", "From", from, "To", to)
	case from != "":
		return p.T("filter.from", "From", from)
	case to != "":
		return p.T("filter.to", "To", to)
	}
	return ""
}
