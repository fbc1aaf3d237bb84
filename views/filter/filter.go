// Package filter shows what a list was asked for: as an address, as chips that
// drop one condition each, and in words.
package filter

import (
	"net/url"
	"slices"

	"plexydash/distribution"
	"plexydash/views/components"
)

// Filter is the query of the distributions list, as typed and already accepted.
type Filter struct {
	Q        string
	Statuses []distribution.Status
	From, To string // YYYY-MM-DD, whole days in Almaty
	Min, Max string // decimal tenge
	BIN      string
	IBAN     string
	KNP      string
	Author   string // e-mail address
	Origin   distribution.Origin
	IDs      []string // of ticked rows
	Sort     string   // "created", "-amount", …; empty: newest first
	Size     string   // rows on a page; empty: the default

	Problem *Problem // what was typed and not understood; nil: all was
}

// Problem is a parameter whose text is not understood. Its field shows it again.
type Problem struct{ Param, Value string }

// Typed is what the field of a parameter shows: the value that holds, or the one
// that is not understood.
func (f Filter) Typed(param, value string) string {
	if f.Wrong(param) {
		return f.Problem.Value
	}
	return value
}

// Wrong reports that the parameter is the one that is not understood.
func (f Filter) Wrong(param string) bool { return f.Problem != nil && f.Problem.Param == param }

// Of reads a query that the handler has accepted. Paging is not part of it.
func Of(v url.Values) Filter {
	f := Filter{
		Q: v.Get("q"), From: v.Get("from"), To: v.Get("to"), Min: v.Get("min"), Max: v.Get("max"),
		BIN: v.Get("bin"), IBAN: v.Get("iban"), KNP: v.Get("knp"), Author: v.Get("author"),
		Origin: distribution.Origin(v.Get("origin")), Sort: v.Get("sort"), Size: v.Get("size"),
		IDs: v["id"],
	}
	for _, code := range v["status"] {
		f.Statuses = append(f.Statuses, distribution.Status(code))
	}
	return f
}

// Has reports whether the state is among those asked for.
func (f Filter) Has(s distribution.Status) bool { return slices.Contains(f.Statuses, s) }

// Params lists what is set, in a fixed order.
func (f Filter) Params() []components.Param {
	var all []components.Param
	add := func(name, value string) {
		if value != "" {
			all = append(all, components.Param{Name: name, Value: value})
		}
	}
	add("q", f.Q)
	for _, s := range f.Statuses {
		add("status", string(s))
	}
	add("from", f.From)
	add("to", f.To)
	add("min", f.Min)
	add("max", f.Max)
	add("bin", f.BIN)
	add("iban", f.IBAN)
	add("knp", f.KNP)
	add("author", f.Author)
	add("origin", string(f.Origin))
	for _, id := range f.IDs {
		add("id", id)
	}
	add("sort", f.Sort)
	add("size", f.Size)
	return all
}

// Conditions is Params without order and page size: what leaves rows out.
func (f Filter) Conditions() []components.Param {
	f.Sort, f.Size = "", ""
	return f.Params()
}

// Narrow reports whether anything is left out.
func (f Filter) Narrow() bool { return len(f.Conditions()) > 0 }

// URL is the address of the list with this filter.
func (f Filter) URL() string {
	v := f.values()
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (f Filter) values() url.Values {
	v := url.Values{}
	for _, p := range f.Params() {
		v.Add(p.Name, p.Value)
	}
	return v
}

// Same reports that both ask for the same rows, in whatever order.
func (f Filter) Same(g Filter) bool { return slices.Equal(f.Conditions(), g.Conditions()) }

// Sized is the address with so many rows on a page.
func (f Filter) Sized(size string) string {
	f.Size = size
	if size == defaultSize {
		f.Size = ""
	}
	return f.URL()
}

// Rows is how many rows a page has.
func (f Filter) Rows() string {
	if f.Size == "" {
		return defaultSize
	}
	return f.Size
}

// Sizes are the numbers of rows that a page can have.
func Sizes() []string { return []string{"25", defaultSize, "100", "250"} }

const defaultSize = "50"

const path = "/distributions"

// All is the address of the same list without any condition.
func (f Filter) All() string { return Filter{Sort: f.Sort, Size: f.Size}.URL() }

// WithStatuses is the address of the same order and size, of these states only.
func (f Filter) WithStatuses(statuses ...distribution.Status) string {
	return Filter{Sort: f.Sort, Size: f.Size, Statuses: statuses}.URL()
}

// SortedBy is the address sorted by column: descending first, turned round when
// it is already sorted by it.
func (f Filter) SortedBy(column string) string {
	if f.order() == "-"+column {
		f.Sort = column
	} else {
		f.Sort = "-" + column
	}
	if f.Sort == newestFirst {
		f.Sort = ""
	}
	return f.URL()
}

const newestFirst = "-created"

func (f Filter) order() string {
	if f.Sort == "" {
		return newestFirst
	}
	return f.Sort
}

// AriaSort is the value of aria-sort on the heading of column; empty when the
// list is not sorted by it.
func (f Filter) AriaSort(column string) string {
	switch f.order() {
	case column:
		return "ascending"
	case "-" + column:
		return "descending"
	}
	return ""
}

// Only is the address of the same conditions with one state.
func (f Filter) Only(s distribution.Status) string {
	f.Statuses = []distribution.Status{s}
	return f.URL()
}

// Query is the part of the address after its question mark, without the size of
// a page, which is nobody else's business.
func (f Filter) Query() string {
	f.Size = ""
	return f.values().Encode()
}
