package distributions

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"plexydash/i18n"
	"plexydash/views/filter"
)

// fieldOf is one field of a filter. A browser checks what it can by itself.
type fieldOf struct {
	Name, Label, Value string
	Type               string // empty: text
	List               string // id of what to choose from; empty: nothing
	Digits             int    // exactly so many; 0: anything
	Money              bool
}

func (f fieldOf) attributes(ctx context.Context, of filter.Filter) templ.Attributes {
	id := "filter-of-" + f.Name
	a := templ.Attributes{
		"class": "input", "id": id, "name": f.Name,
	}
	if typed := of.Typed(f.Name, f.Value); typed != "" {
		a["value"] = typed
	}
	if f.Type != "" {
		a["type"] = f.Type
	}
	if f.List != "" {
		a["list"] = f.List
	}
	if f.Digits > 0 {
		n := strconv.Itoa(f.Digits)
		a["inputmode"], a["pattern"], a["maxlength"] = "numeric", "[0-9]{"+n+"}", n
		a["title"] = i18n.T(ctx, "filter.digits", "Count", n)
	}
	if f.Money {
		a["inputmode"], a["pattern"] = "decimal", `[0-9\s]+([.,][0-9]{1,2})?`
		a["title"] = i18n.T(ctx, "filter.money")
	}
	if of.Wrong(f.Name) {
		a["aria-invalid"], a["aria-describedby"], a["data-autofocus"] = "true", id+"-error", true
	}
	return a
}

// problem says why the text is not understood and what would be.
func (f fieldOf) problem(ctx context.Context, typed string) string {
	switch {
	case f.Money:
		return i18n.T(ctx, "filter.problem.amount", "Value", typed)
	case f.Type == "date":
		return i18n.T(ctx, "filter.problem.day", "Value", typed)
	}
	return i18n.T(ctx, "filter.problem.long")
}

// arrivals is what the drawn list begins with: nothing came yet.
func (p ListProps) arrivals() ArrivalsProps {
	return ArrivalsProps{Address: ArrivalsURL(p.Filter, p.Newest)}
}

// ArrivalsURL asks how many matches came after the row since.
func ArrivalsURL(f filter.Filter, since string) string {
	v := url.Values{}
	for _, param := range f.Conditions() {
		v.Add(param.Name, param.Value)
	}
	v.Set("since", since)
	return "/distributions/arrivals?" + v.Encode()
}
