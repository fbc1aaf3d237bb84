package store

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"plexydash/distribution"
)

// FilterError names the parameter of a list that is not understood.
type FilterError struct{ Param, Value string }

func (e *FilterError) Error() string { return "list parameter " + e.Param + " is not understood" }

// Filter is what a list, its totals and its exports have in common.
type Filter struct {
	Q        string // in reference, Plexy id, recipient, BIN, IBAN, amount
	Statuses []distribution.Status
	From, To time.Time // UTC, From ≤ created < To; zero: open
	Min, Max *distribution.Amount
	BIN      string
	IBAN     string
	KNP      string
	Author   string // e-mail address
	Origin   distribution.Origin
	IDs      []string // of ticked rows; empty: all
	Sort     string   // "created", "-created", … ; never empty
	Cursor   string
	Size     int

	rare bool // of Q: see counted
}

const (
	defaultSort = "-created"
	defaultSize = 50
	maxIDs      = 250 // rows of the longest page, all ticked
)

// sortColumn whitelists what a list can be ordered by.
func sortColumn(sort string) (column string, descending, ok bool) {
	name, descending := strings.CutPrefix(sort, "-")
	switch name {
	case "created":
		return "created_at", descending, true
	case "updated":
		return "updated_at", descending, true
	case "amount":
		return "amount", descending, true
	case "recipient":
		return "recipient_name", descending, true
	case "status":
		return "status", descending, true
	}
	return "", false, false
}

// ParseFilter reads a list's address. An unknown value is a *FilterError; an
// unknown parameter is one too.
func ParseFilter(v url.Values) (Filter, error) {
	f := Filter{Sort: defaultSort, Size: defaultSize}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		texts := v[name]
		if !slices.Contains(filterParams(), name) || name != "status" && name != "id" && len(texts) > 1 {
			return f, &FilterError{name, strings.Join(texts, ", ")}
		}
		for _, text := range texts {
			if text = strings.TrimSpace(text); text == "" { // an empty field of the form
				continue
			}
			if !f.set(name, text) {
				return f, &FilterError{name, text}
			}
		}
	}
	slices.Sort(f.Statuses)
	f.Statuses = slices.Compact(f.Statuses)
	slices.Sort(f.IDs)
	f.IDs = slices.Compact(f.IDs)
	if f.Cursor != "" {
		if c, ok := decodeCursor(f.Cursor); !ok || c.Sort != f.Sort {
			return f, &FilterError{"cursor", f.Cursor}
		}
	}
	return f, nil
}

// filterParams lists what an address may carry.
func filterParams() []string {
	return []string{
		"q", "status", "from", "to", "min", "max", "bin", "iban", "knp", "author", "origin", "id", "sort", "cursor", "size",
	}
}

// set takes one parameter and reports whether it is understood.
func (f *Filter) set(name, text string) (ok bool) {
	switch name {
	case "q":
		f.Q, ok = text, searchable(text)
	case "status":
		var s distribution.Status
		s, ok = distribution.ParseStatus(text)
		f.Statuses = append(f.Statuses, s)
	case "from":
		f.From, ok = day(text, 0)
	case "to":
		f.To, ok = day(text, 1)
	case "min":
		f.Min, ok = limit(text)
	case "max":
		f.Max, ok = limit(text)
	case "bin":
		f.BIN, ok = text, true
	case "iban":
		f.IBAN, ok = strings.ToUpper(strings.ReplaceAll(text, " ", "")), true
	case "knp":
		f.KNP, ok = text, true
	case "author":
		f.Author, ok = strings.ToLower(text), true
	case "origin":
		f.Origin = distribution.Origin(text)
		ok = f.Origin == distribution.FromDashboard || f.Origin == distribution.FromPlexy
	case "id":
		f.IDs = append(f.IDs, text)
		ok = isID(text) && len(f.IDs) <= maxIDs
	case "sort":
		f.Sort = text
		_, _, ok = sortColumn(text)
	case "cursor":
		f.Cursor, ok = text, true
	case "size":
		f.Size, _ = strconv.Atoi(text)
		ok = slices.Contains([]int{25, 50, 100, 250}, f.Size)
	}
	return ok
}

func day(text string, plus int) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, text, distribution.Almaty())
	if err != nil {
		return time.Time{}, false
	}
	return t.AddDate(0, 0, plus).UTC(), true
}

func limit(text string) (*distribution.Amount, bool) {
	a, err := distribution.ParseAmount(text)
	if why, ok := errors.AsType[*distribution.Reason](err); ok && why.Code == "amount.zero" {
		return new(distribution.Amount(0)), true // a limit, though not an amount to pay
	}
	return &a, err == nil
}

// Values writes the filter as an address again, without what is default.
func (f Filter) Values() url.Values {
	v := url.Values{}
	set := func(name, text string) {
		if text != "" {
			v.Set(name, text)
		}
	}
	set("q", f.Q)
	for _, s := range f.Statuses {
		v.Add("status", string(s))
	}
	if !f.From.IsZero() {
		set("from", f.From.In(distribution.Almaty()).Format(time.DateOnly))
	}
	if !f.To.IsZero() {
		set("to", f.To.In(distribution.Almaty()).AddDate(0, 0, -1).Format(time.DateOnly))
	}
	if f.Min != nil {
		set("min", f.Min.String())
	}
	if f.Max != nil {
		set("max", f.Max.String())
	}
	set("bin", f.BIN)
	set("iban", f.IBAN)
	set("knp", f.KNP)
	set("author", f.Author)
	set("origin", string(f.Origin))
	for _, id := range f.IDs {
		v.Add("id", id)
	}
	if f.Sort != defaultSort {
		set("sort", f.Sort)
	}
	if f.Size != defaultSize {
		set("size", strconv.Itoa(f.Size))
	}
	set("cursor", f.Cursor)
	return v
}

// Narrow reports whether the filter leaves anything out.
func (f Filter) Narrow() bool {
	f.Cursor, f.Sort, f.Size = "", defaultSort, defaultSize
	return len(f.Values()) > 0
}

// where builds the condition of the rows that match, without paging.
func (f Filter) where() (string, []any) {
	all := []string{"linked_to IS NULL"} // the other half of one of ours, which counts instead
	var args []any
	and := func(cond string, with ...any) {
		all = append(all, cond)
		args = append(args, with...)
	}
	if f.Q != "" {
		cond, with := f.sought()
		and(cond, with...)
	}
	if len(f.Statuses) > 0 {
		cond, with := among("status", f.Statuses)
		and(cond, with...)
	}
	if len(f.IDs) > 0 {
		cond, with := among("id", f.IDs)
		and(cond, with...)
	}
	if !f.From.IsZero() {
		and("created_at >= ?", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		and("created_at < ?", f.To.UnixMicro())
	}
	if f.Min != nil {
		and("amount >= ?", int64(*f.Min))
	}
	if f.Max != nil {
		and("amount <= ?", int64(*f.Max))
	}
	for _, equal := range []struct{ column, text string }{
		{"recipient_bin", f.BIN},
		{"recipient_iban", f.IBAN},
		{"recipient_knp", f.KNP},
		{"created_by_email", f.Author},
		{"origin", string(f.Origin)},
	} {
		if equal.text != "" {
			and(equal.column+" = ?", equal.text)
		}
	}
	return strings.Join(all, " AND "), args
}

// among is the condition that the column holds one of the texts.
func among[S ~string](column string, texts []S) (string, []any) {
	return column + marks(len(texts)), asAny(texts)
}

// marks is the list of n parameters.
func marks(n int) string { return " IN (" + strings.TrimSuffix(strings.Repeat("?,", n), ",") + ")" }

func asAny[S ~string](texts []S) []any {
	out := make([]any, len(texts))
	for i, s := range texts {
		out[i] = string(s)
	}
	return out
}

func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// cursor is the row at which a page ended: where the next one goes on, or the one
// before it when Back.
type cursor struct {
	Sort string `json:"s"`
	Num  int64  `json:"n,omitempty"`
	Text string `json:"t,omitempty"`
	ID   string `json:"i"`
	Back bool   `json:"b,omitempty"`
}

func (c cursor) encode() string {
	b, _ := json.Marshal(c) // strings and a number cannot fail
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeCursor(text string) (c cursor, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &c) != nil || c.ID == "" {
		return cursor{}, false
	}
	return c, true
}
