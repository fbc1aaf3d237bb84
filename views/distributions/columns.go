package distributions

import "slices"

// columnOf is how a column of the list is drawn.
type columnOf struct {
	Code  string // a message key without its "list.col." prefix
	Class string
	Sort  string // what the list is sorted by under it; empty: nothing
	Width int    // rem, roughly
}

func allColumns() []columnOf {
	return []columnOf{
		{"created", "c-time", "created", 6},
		{"reference", "c-ref", "", 10},
		{"recipient", "c-name", "recipient", 16},
		{"bin", "c-bin", "", 7},
		{"account", "c-iban", "", 8},
		{"amount", "c-sum", "amount", 8},
		{"status", "c-state", "status", 14},
		{"people", "c-who", "", 9},
		{"updated", "c-upd", "updated", 6},
		{"knp", "c-knp", "", 4},
		{"kbe", "c-kbe", "", 4},
		{"bic", "c-bic", "", 7},
		{"purpose", "c-purpose", "", 20},
		{"plexyId", "c-plexy", "", 13},
		{"origin", "c-origin", "", 8},
		{"code", "c-code", "", 6},
	}
}

// named are the columns of these codes, in their order; none named: the usual
// nine.
func named(codes []string) []columnOf {
	all := allColumns()
	if len(codes) == 0 {
		return all[:9]
	}
	var chosen []columnOf
	for _, code := range codes {
		if i := slices.IndexFunc(all, func(c columnOf) bool { return c.Code == code }); i >= 0 {
			chosen = append(chosen, all[i])
		}
	}
	return chosen
}

// wide are further classes of a table whose columns do not fit a screen: it scrolls
// sideways in a box of its own. The width comes in four steps because the
// policy lets no page carry a style.
func wide(columns []columnOf) string {
	width := 3
	for _, c := range columns {
		width += c.Width
	}
	switch {
	case width <= 88:
		return ""
	case width <= 104:
		return " is-wide is-w104"
	case width <= 124:
		return " is-wide is-w124"
	}
	return " is-wide is-w150"
}

// ColumnsProps of GET /me/columns.
type ColumnsProps struct {
	Back    string   // the list that it is about: a path of ours
	Chosen  []string // codes, in order
	Others  []string // codes that are not shown
	Fixed   []string // codes that are always shown
	Default bool     // nothing was ever changed
	Page    bool     // a page of its own, not a panel beside the list
}

func (p ColumnsProps) fixed(code string) bool { return slices.Contains(p.Fixed, code) }

func (p ColumnsProps) all() []string { return slices.Concat(p.Chosen, p.Others) }

func (p ColumnsProps) shown(code string) bool { return slices.Contains(p.Chosen, code) }
