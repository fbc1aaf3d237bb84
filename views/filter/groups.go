package filter

import (
	"context"
	"slices"
	"strings"
	"time"

	"plexydash/i18n"
	"plexydash/views/components"
)

// Group is what one pop-over of the list asks for.
type Group struct {
	Code   string   // a message key without its "filter.add." prefix
	Fields []string // of its form
	Value  string   // what is asked for, in words; empty: nothing
	Drop   string   // address without it
	Open   bool     // a field of it has a problem
}

// groupFields are the groups of the list with the parameters of each, in order.
func groupFields() []Group {
	return []Group{
		{Code: "period", Fields: []string{"from", "to"}},
		{Code: "status", Fields: []string{"status"}},
		{Code: "recipient", Fields: []string{"q", "bin", "iban"}},
		{Code: "amount", Fields: []string{"min", "max"}},
		{Code: "knp", Fields: []string{"knp"}},
		{Code: "author", Fields: []string{"author"}},
		{Code: "origin", Fields: []string{"origin"}},
		{Code: ticked, Fields: []string{"id"}},
	}
}

// ticked is the group of rows that somebody ticked: it can only be dropped.
const ticked = "ids"

// Fixed reports that there is nothing to fill in.
func (g Group) Fixed() bool { return g.Code == ticked }

// Groups are the pop-overs of the list, those in use first.
func (f Filter) Groups(ctx context.Context, now time.Time) []Group {
	groups := groupFields()
	for i := range groups {
		g := &groups[i]
		g.Value = f.valueOf(ctx, g.Code, now)
		g.Open = f.Problem != nil && slices.Contains(g.Fields, f.Problem.Param)
		g.Drop = f.Without(g.Fields...).URL()
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return used(b) - used(a) })
	return slices.DeleteFunc(groups, func(g Group) bool { return g.Fixed() && g.Value == "" })
}

func used(g Group) int {
	if g.Value != "" || g.Open {
		return 1
	}
	return 0
}

func (f Filter) valueOf(ctx context.Context, code string, now time.Time) string {
	switch code {
	case "period":
		if p := f.Preset(now); p != "" {
			return p.Name(ctx)
		}
		return Period(ctx, f.From, f.To)
	case "status":
		var words []string
		for _, s := range f.Statuses {
			words = append(words, components.StatusWord(ctx, s))
		}
		return strings.Join(words, ", ")
	case "recipient":
		return strings.Join(strings.FieldsFunc(f.Q+"\n"+f.BIN+"\n"+components.Fours(f.IBAN), func(r rune) bool { return r == '\n' }), " · ")
	case "amount":
		return between(ctx, tenge(ctx, f.Min), tenge(ctx, f.Max))
	case "knp":
		return f.KNP
	case "author":
		return f.Author
	case ticked:
		if len(f.IDs) > 0 {
			return i18n.Count(ctx, len(f.IDs))
		}
	case "origin":
		if f.Origin != "" {
			return components.OrCode(ctx, "filter.origin.", string(f.Origin))
		}
	}
	return ""
}

// Without is the filter without these parameters.
func (f Filter) Without(names ...string) Filter {
	v := f.values()
	for _, name := range names {
		v.Del(name)
	}
	return Of(v)
}

// Except are the parameters that a form with these fields has to keep.
func (f Filter) Except(fields ...string) []components.Param {
	return slices.DeleteFunc(f.Params(), func(p components.Param) bool { return slices.Contains(fields, p.Name) })
}

// Step is a condition less, or a period that is longer, and how many would be
// found then.
type Step struct {
	Text, URL string
	Count     int
}

// Title is the filter in a few words, for the caption of the list.
func (f Filter) Title(ctx context.Context, now time.Time) string {
	var all []string
	for _, g := range f.Groups(ctx, now) {
		if g.Value != "" {
			all = append(all, i18n.T(ctx, "filter.add."+g.Code)+": "+g.Value)
		}
	}
	return strings.Join(all, "; ")
}
