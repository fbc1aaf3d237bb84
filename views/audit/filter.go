package audit

import (
	"context"
	"net/url"
	"strconv"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/filter"
)

const path = "/audit"

// Filter is the query of the audit page, as typed and already accepted.
type Filter struct {
	Q, Person, Role, Object, Action, ID, Result, Address string

	From, To string // YYYY-MM-DD, whole days in Almaty
	Size     string // empty: the default
}

// FilterOf reads a query that the handler has accepted. Paging is not part of it.
func FilterOf(v url.Values) Filter {
	return Filter{
		Q: v.Get("q"), Person: v.Get("person"), Role: v.Get("role"), Object: v.Get("object"), Action: v.Get("action"),
		ID: v.Get("id"), Result: v.Get("result"), Address: v.Get("address"), From: v.Get("from"), To: v.Get("to"), Size: v.Get("size"),
	}
}

// Conditions is what leaves records out, in the order of the form.
func (f Filter) Conditions() []components.Param {
	var all []components.Param
	for _, p := range []components.Param{
		{Name: "q", Value: f.Q},
		{Name: "from", Value: f.From},
		{Name: "to", Value: f.To},
		{Name: "person", Value: f.Person},
		{Name: "role", Value: f.Role},
		{Name: "object", Value: f.Object},
		{Name: "action", Value: f.Action},
		{Name: "id", Value: f.ID},
		{Name: "result", Value: f.Result},
		{Name: "address", Value: f.Address},
	} {
		if p.Value != "" {
			all = append(all, p)
		}
	}
	return all
}

// Narrow reports whether anything is left out.
func (f Filter) Narrow() bool { return len(f.Conditions()) > 0 }

// URL is the address of the page with this filter.
func (f Filter) URL() string {
	v := url.Values{}
	for _, p := range f.Conditions() {
		v.Set(p.Name, p.Value)
	}
	if f.Size != "" {
		v.Set("size", f.Size)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// All is the address of the page without any condition.
func (f Filter) All() string { return Filter{Size: f.Size}.URL() }

// sized is the address with so many records on a page.
func (f Filter) sized(size int) string {
	if f.Size = strconv.Itoa(size); size == defaultSize {
		f.Size = ""
	}
	return f.URL()
}

func (f Filter) hasSize(size int) bool {
	return f.Size == strconv.Itoa(size) || f.Size == "" && size == defaultSize
}

const defaultSize = 50

func sizes() []int { return []int{25, 50, 100, 250} }

// results in the order of the form.
func results() []string { return []string{"done", "denied", "failed"} }

// Kinds are the kinds of objects, which are the groups of actions.
func Kinds() []string {
	return []string{
		"distribution", "approval", "attempt", "decision", "sending", "hold", "policy", "balance", "plexy", "import", "queue",
		"user", "session", "factor", "invitation", "settings", "export", "audit", "draft", "page", "request",
	}
}

// Chips are the conditions in words, each with the address without it.
func (f Filter) Chips(ctx context.Context) []filter.Chip {
	var all []filter.Chip
	add := func(name, value string, drop func(*Filter)) {
		if value != "" {
			without := f
			drop(&without)
			all = append(all, filter.Chip{Name: name, Value: value, Drop: without.URL()})
		}
	}
	add(i18n.T(ctx, "filter.q"), f.Q, func(g *Filter) { g.Q = "" })
	add(i18n.T(ctx, "filter.period"), filter.Period(ctx, f.From, f.To), func(g *Filter) { g.From, g.To = "", "" })
	add(i18n.T(ctx, "audit.filter.person"), f.Person, func(g *Filter) { g.Person = "" })
	if f.Role != "" {
		add(i18n.T(ctx, "audit.filter.role"), components.OrCode(ctx, "role.", f.Role), func(g *Filter) { g.Role = "" })
	}
	if f.Object != "" {
		add(i18n.T(ctx, "audit.filter.object"), components.OrCode(ctx, "audit.kind.", f.Object), func(g *Filter) { g.Object = "" })
	}
	if f.Action != "" {
		add(i18n.T(ctx, "audit.filter.action"), f.Action, func(g *Filter) { g.Action = "" })
	}
	add(i18n.T(ctx, "audit.filter.id"), f.ID, func(g *Filter) { g.ID = "" })
	if f.Result != "" {
		add(i18n.T(ctx, "audit.filter.result"), components.OrCode(ctx, "audit.result.", f.Result), func(g *Filter) { g.Result = "" })
	}
	add(i18n.T(ctx, "audit.filter.address"), f.Address, func(g *Filter) { g.Address = "" })
	return all
}

func roles() []distribution.Role { return distribution.Roles() }
