package distributions

import (
	"context"
	"slices"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
)

// offersOf are the values that an error suggests: what was probably meant, or the
// two readings of an ambiguous amount.
func offersOf(ctx context.Context, r *distribution.Reason) []components.Offer {
	if thousands, decimal := r.Args["AsThousands"], r.Args["AsDecimal"]; thousands != "" && decimal != "" {
		return []components.Offer{{Value: thousands, Label: thousands + " ₸"}, {Value: decimal, Label: decimal + " ₸"}}
	}
	return suggested(ctx, r.Suggestion)
}

func suggested(ctx context.Context, value string) []components.Offer {
	switch n := len([]rune(value)); {
	case value == "":
		return nil
	case n > 40: // a whole purpose would not fit a button
		return []components.Offer{{Value: value, Label: i18n.T(ctx, "fill.mend")}}
	}
	return []components.Offer{{Value: value, Label: i18n.T(ctx, "fill.put", "Value", value)}}
}

// notes are the hints of a field.
func (p FormProps) notes(ctx context.Context, field distribution.Field) []components.Note {
	var all []components.Note
	for _, h := range p.Hints {
		if h.Field != field {
			continue
		}
		n := components.Note{Code: string(h.Code), Text: components.HintText(ctx, h), Offers: suggested(ctx, h.Suggestion)}
		if h.Code == "purpose.same" && p.SameDocument != nil {
			n.Link, n.Name = components.DistributionURL(p.SameDocument.ID), p.SameDocument.Reference
		}
		all = append(all, n)
	}
	return all
}

func sayKBe(ctx context.Context, p FormProps, f *components.Field) {
	f.Placeholder, f.Options = i18n.T(ctx, "fill.code_or_words"), options(ctx, p.Codes.KBe, p.Codes.RecentKBe)
	if f.Error == "" {
		f.Hint = nameOf(ctx, p.Codes.KBe, distribution.CleanKBe(f.Value))
	}
}

func sayKNP(ctx context.Context, p FormProps, f *components.Field) {
	f.Placeholder, f.Options = i18n.T(ctx, "fill.code_or_words"), options(ctx, p.Codes.KNP, p.Codes.RecentKNP)
	if f.Error == "" {
		f.Hint = nameOf(ctx, p.Codes.KNP, distribution.CleanKNP(f.Value))
	}
	if f.Hint == "" {
		f.Hint = i18n.T(ctx, "form.knp_hint")
	}
}

func nameOf(ctx context.Context, list distribution.CodeList, code string) string {
	c, _ := list.Named(code)
	return components.CodeName(ctx, c)
}

// options lists the codes by number and name, those that the person used last
// first. A code that our list does not name is told by its section.
func options(ctx context.Context, list distribution.CodeList, recent []string) []components.Option {
	var all []components.Option
	for _, code := range recent {
		all = append(all, components.Option{Value: code, Label: nameOf(ctx, list, code), Recent: i18n.T(ctx, "fill.recent")})
	}
	for _, c := range list.All() {
		if !slices.Contains(recent, c.Code) {
			all = append(all, components.Option{Value: c.Code, Label: nameOf(ctx, list, c.Code)})
		}
	}
	return all
}

// departs says on which day the money goes to the bank.
func departs(ctx context.Context, d distribution.Departure) string {
	if d.Day.IsZero() {
		return ""
	}
	day := i18n.T(ctx, "fill.weekday."+[]string{"0", "1", "2", "3", "4", "5", "6"}[d.Day.Weekday()]) + " " + i18n.MonthDay(ctx, d.Day)
	switch {
	case d.Today:
		return i18n.T(ctx, "fill.departs.today")
	case d.Late:
		return i18n.T(ctx, "fill.departs.late", "Day", day)
	}
	return i18n.T(ctx, "fill.departs.later", "Day", day)
}
