// Package gallery draws every component in every state, on one page, with
// payments that never were. Golden files and screenshots come from it.
package gallery

import (
	"context"

	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/search"
)

// Section is one kind of component. Its id names its golden file.
type Section struct {
	ID   string
	Body templ.Component
}

// Sections are all of them, in their order on the page.
func Sections() []Section {
	return []Section{
		{"states", states()},
		{"buttons", buttons()},
		{"fields", fields()},
		{"freshness", freshness()},
		{"notices", notices()},
		{"banners", banners()},
		{"empty", empty()},
		{"floating", floating()},
		{"search", suggestions()},
		{"table", table()},
		{"money", money()},
		{"order", components.PaymentOrder(orderOf(Typed()))},
		{"requisites", requisites()},
		{"timeline", components.Timeline(timeline(), Now())},
		{"decision", decision()},
		{"exports", files()},
		{"navigation", navigation()},
	}
}

func (s Section) anchor() string                   { return "gallery-" + s.ID }
func (s Section) title(ctx context.Context) string { return i18n.T(ctx, "gallery."+s.ID) }

func titled(ctx context.Context, c layout.Chrome) layout.Chrome {
	c.Title = i18n.T(ctx, "gallery.title")
	return c
}

// accepted, refused and doubted are the fields of a form in their states.
func accepted(ctx context.Context) []components.Field {
	f := Typed()
	return []components.Field{
		{ID: "g-name", Label: components.FieldName(ctx, distribution.FieldName), Value: f.Name},
		{ID: "g-iban", Label: components.FieldName(ctx, distribution.FieldIBAN), Value: f.IBAN, Class: "iban", Hint: Bank().RU, Good: true},
		{ID: "g-amount", Label: components.FieldName(ctx, distribution.FieldAmount), Value: f.Amount, Money: true, Hint: i18n.Words(ctx, 125_000_000), Good: true},
		{ID: "g-kbe", Label: components.FieldName(ctx, distribution.FieldKBe), Value: "17", Options: []components.Option{{Value: "17", Label: "17"}, {Value: "19", Label: "19"}}},
		{ID: "g-empty", Label: components.FieldName(ctx, distribution.FieldReference), Aside: "DIST-…", Placeholder: "DIST-K4W9TB"},
		{ID: "g-purpose", Label: components.FieldName(ctx, distribution.FieldPurpose), Value: f.Purpose, Rows: 2},
	}
}

func refused(ctx context.Context) []components.Field {
	f := wrong()
	_, errs := f.Parse()
	field := func(id string, name distribution.Field, value string) components.Field {
		return components.Field{ID: id, Label: components.FieldName(ctx, name), Value: value, Error: components.ReasonText(ctx, errs[name])}
	}
	amount := field("g-bad-amount", distribution.FieldAmount, f.Amount)
	amount.Money = true
	return []components.Field{
		field("g-bad-iban", distribution.FieldIBAN, f.IBAN), amount, field("g-bad-knp", distribution.FieldKNP, f.KNP),
	}
}

func doubted(ctx context.Context) components.Field {
	tick := components.Tick{Code: string(distribution.WarnBINCheck), Label: components.WarningTick(ctx, string(distribution.WarnBINCheck))}
	tick.Text = components.WarningText(ctx, distribution.Warning{Code: distribution.WarnBINCheck, Field: distribution.FieldBIN})
	return components.Field{ID: "g-bin", Label: components.FieldName(ctx, distribution.FieldBIN), Value: "123456789012", Class: "code", Ticks: []components.Tick{tick}}
}

func paused() layout.Chrome {
	return layout.Chrome{CanLift: true, Pauses: []layout.Pause{
		{Reason: "person", By: "А. Сейітқали", Note: "сверка с банком", At: Now()},
	}}
}

func bell() []layout.Notice {
	return []layout.Notice{
		{Kind: layout.NoticeKind(distribution.AlarmRegressed), Count: 1},
		{Kind: layout.NoticeLate, Count: 2, Oldest: Now()},
		{Kind: layout.NoticeLow, Count: 1, Oldest: Now(), Amount: 48_000_000, Limit: 100_000_000},
		{Kind: layout.NoticeApprovals, Count: 6, Oldest: Now()},
	}
}

// everywhere is the navigation of somebody who may open all of it.
func everywhere() layout.Chrome {
	var c layout.Chrome
	for _, s := range []layout.Section{
		layout.Overview, layout.Balance, layout.Distributions, layout.Approvals, layout.Unknown, layout.Exports, layout.Audit, layout.Settings,
	} {
		c.Nav = append(c.Nav, layout.NavItem{Section: s})
	}
	return c
}

// found is what is suggested for a reference: it, and those it begins.
func found() search.Props {
	exact, other := In(distribution.Paid), Foreign()
	unknown := In(distribution.Unknown)
	unknown.OrderReference += "-2"
	return search.Props{Q: exact.OrderReference, Exact: &exact, Rows: []distribution.Distribution{exact, unknown, other}}
}

func absent() search.Props {
	return search.Props{Q: "A-1 A-2", Pasted: 2, Absent: []string{"A-1", "A-2"}}
}

func nowhere() search.Props { return search.Props{Q: "нет такого"} }
