package filter

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
)

// Chip is one condition in words and the address without it.
type Chip struct{ Name, Value, Drop string }

// Chips are the conditions of the filter, in the order of the form.
func (f Filter) Chips(ctx context.Context) []Chip {
	var all []Chip
	add := func(name, value string, without Filter) {
		if value != "" {
			all = append(all, Chip{Name: name, Value: value, Drop: without.URL()})
		}
	}
	add(i18n.T(ctx, "filter.q"), f.Q, f.without(func(g *Filter) { g.Q = "" }))
	for _, s := range f.Statuses {
		add(i18n.T(ctx, "filter.status"), components.StatusWord(ctx, s), f.withoutStatus(s))
	}
	add(i18n.T(ctx, "filter.period"), Period(ctx, f.From, f.To), f.without(func(g *Filter) { g.From, g.To = "", "" }))
	add(i18n.T(ctx, "filter.amount"), between(ctx, tenge(ctx, f.Min), tenge(ctx, f.Max)), f.without(func(g *Filter) { g.Min, g.Max = "", "" }))
	add(i18n.T(ctx, "filter.bin"), f.BIN, f.without(func(g *Filter) { g.BIN = "" }))
	add(i18n.T(ctx, "filter.iban"), components.Fours(f.IBAN), f.without(func(g *Filter) { g.IBAN = "" }))
	add(i18n.T(ctx, "filter.knp"), f.KNP, f.without(func(g *Filter) { g.KNP = "" }))
	add(i18n.T(ctx, "filter.author"), f.Author, f.without(func(g *Filter) { g.Author = "" }))
	if f.Origin != "" {
		add(i18n.T(ctx, "filter.origin"), components.OrCode(ctx, "filter.origin.", string(f.Origin)), f.without(func(g *Filter) { g.Origin = "" }))
	}
	if n := len(f.IDs); n > 0 {
		add(i18n.T(ctx, "filter.ids"), i18n.Count(ctx, n), f.without(func(g *Filter) { g.IDs = nil }))
	}
	return all
}

// without is a copy that change has taken something from.
func (f Filter) without(change func(*Filter)) Filter {
	change(&f)
	return f
}

func (f Filter) withoutStatus(gone distribution.Status) Filter {
	var kept []distribution.Status
	for _, s := range f.Statuses {
		if s != gone {
			kept = append(kept, s)
		}
	}
	f.Statuses = kept
	return f
}

// Period is the days from and to, both YYYY-MM-DD or empty, in words.
func Period(ctx context.Context, from, to string) string {
	return between(ctx, day(ctx, from), day(ctx, to))
}

func between(ctx context.Context, from, to string) string {
	switch {
	case from != "" && to != "":
		return i18n.T(ctx, "filter.between", "From", from, "To", to)
	case from != "":
		return i18n.T(ctx, "filter.from", "From", from)
	case to != "":
		return i18n.T(ctx, "filter.to", "To", to)
	}
	return ""
}

// day writes YYYY-MM-DD as people do; what it cannot read it leaves as it is.
func day(ctx context.Context, text string) string {
	t, err := time.ParseInLocation(time.DateOnly, text, i18n.Almaty())
	if err != nil {
		return text
	}
	return i18n.Date(ctx, t)
}

func tenge(ctx context.Context, text string) string {
	a, err := distribution.ParseAmount(text)
	if err != nil {
		return text
	}
	return i18n.Money(ctx, int64(a))
}
