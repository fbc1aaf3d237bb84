package store

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"plexydash/audit"
	"plexydash/distribution"
)

// AuditFilter is what the audit page, its totals and its export have in common.
type AuditFilter struct {
	Q        string // in the text of the record
	Person   string // e-mail address, or the id of a part of the program: system:sender
	Role     distribution.Role
	Object   string // kind of object, which is also the group of actions: distribution, user, …
	Action   string // one action
	ID       string // of the object: our id, a reference, an e-mail address
	Result   audit.Result
	Address  string
	From, To time.Time // UTC, From ≤ at < To; zero: open
	Cursor   string    // number of the record that the page comes after
	Size     int
}

func auditParams() []string {
	return []string{"q", "person", "role", "object", "action", "id", "result", "address", "from", "to", "cursor", "size"}
}

// ParseAuditFilter reads the page's address. An unknown value or parameter is a
// *FilterError.
func ParseAuditFilter(v url.Values) (AuditFilter, error) {
	f := AuditFilter{Size: defaultSize}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		texts := v[name]
		if !slices.Contains(auditParams(), name) || len(texts) > 1 {
			return f, &FilterError{name, strings.Join(texts, ", ")}
		}
		if text := strings.TrimSpace(texts[0]); text != "" && !f.set(name, text) {
			return f, &FilterError{name, text}
		}
	}
	return f, nil
}

// set takes one parameter and reports whether it is understood.
func (f *AuditFilter) set(name, text string) (ok bool) {
	ok = utf8.RuneCountInString(text) <= maxQuery
	switch name {
	case "q":
		f.Q = text
	case "person":
		f.Person = text
	case "role":
		f.Role, ok = distribution.ParseRole(text)
	case "object":
		f.Object = text
	case "action":
		f.Action = text
	case "id":
		f.ID = text
	case "result":
		f.Result = audit.Result(text)
		ok = slices.Contains([]audit.Result{audit.Done, audit.Denied, audit.Failed}, f.Result)
	case "address":
		f.Address = text
	case "from":
		f.From, ok = day(text, 0)
	case "to":
		f.To, ok = day(text, 1)
	case "cursor":
		f.Cursor = text
		_, ok = f.before()
	case "size":
		f.Size, _ = strconv.Atoi(text)
		ok = slices.Contains([]int{25, 50, 100, 250}, f.Size)
	}
	return ok
}

// Values writes the filter as an address again, without what is default.
func (f AuditFilter) Values() url.Values {
	v := url.Values{}
	set := func(name, text string) {
		if text != "" {
			v.Set(name, text)
		}
	}
	set("q", f.Q)
	set("person", f.Person)
	set("role", string(f.Role))
	set("object", f.Object)
	set("action", f.Action)
	set("id", f.ID)
	set("result", string(f.Result))
	set("address", f.Address)
	if !f.From.IsZero() {
		set("from", f.From.In(distribution.Almaty()).Format(time.DateOnly))
	}
	if !f.To.IsZero() {
		set("to", f.To.In(distribution.Almaty()).AddDate(0, 0, -1).Format(time.DateOnly))
	}
	set("cursor", f.Cursor)
	if f.Size != defaultSize {
		set("size", strconv.Itoa(f.Size))
	}
	return v
}

// conditions is the filter without paging.
func (f AuditFilter) conditions() AuditFilter {
	f.Cursor, f.Size = "", defaultSize
	return f
}

// before is the number that all records of the page are under.
func (f AuditFilter) before() (seq int64, ok bool) {
	if f.Cursor == "" {
		return 1<<63 - 1, true
	}
	seq, err := strconv.ParseInt(f.Cursor, 10, 64)
	return seq, err == nil && seq >= 0
}

// auditQuery is a filter made ready: the one condition that an index answers,
// and what is left to look for in each record.
type auditQuery struct {
	AuditFilter
	where   string
	args    []any
	actor   string
	objects []string // ids that the filter's ID stands for
	words   []string // any of which the text must hold, folded

	first, last int64 // numbers of the records of the period; others may stand between them
}

// drive chooses the condition by which the records are read: the one that leaves
// fewest. All of them are read from the newest on.
func (q *auditQuery) drive() {
	switch {
	case len(q.objects) == 1:
		q.where, q.args = "object_id = ?", []any{q.objects[0]}
	case q.Result == audit.Denied || q.Result == audit.Failed:
		q.where, q.args = "result = ? AND result <> 'done'", []any{string(q.Result)} // as the index says it
	case q.Action != "":
		q.where, q.args = "action = ?", []any{q.Action}
	case q.actor != "" && !strings.HasPrefix(q.actor, "system:"):
		q.where, q.args = "actor = ?", []any{q.actor}
	case q.Object != "":
		q.where, q.args = "object = ?", []any{q.Object}
	case q.actor != "":
		q.where, q.args = "actor = ?", []any{q.actor}
	default:
		q.where, q.args = "true", nil
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		q.where, q.args = q.where+" AND seq BETWEEN ? AND ?", append(q.args, q.first, q.last)
	}
}

// matches reports whether the record is one that is asked for.
func (q *auditQuery) matches(r *audit.Record, raw []byte) bool {
	for _, equal := range []struct{ want, have string }{
		{q.actor, r.Actor.ID},
		{string(q.Role), r.Actor.Role},
		{q.Object, r.Object},
		{q.Action, r.Action},
		{string(q.Result), string(r.Result)},
		{q.Address, r.Actor.Address},
	} {
		if equal.want != "" && equal.want != equal.have {
			return false
		}
	}
	switch {
	case q.ID != "" && !slices.Contains(q.objects, r.ObjectID),
		!q.From.IsZero() && r.At.Before(q.From),
		!q.To.IsZero() && !r.At.Before(q.To):
		return false
	case len(q.words) == 0:
		return true
	case r.Action == "audit.read" && q.Action == "" && q.Object == "":
		return false // every search would find its own record
	}
	text := Plain(string(raw))
	return slices.ContainsFunc(q.words, func(word string) bool { return strings.Contains(text, word) })
}

// written is how a text stands inside a record, folded.
func written(text string) string {
	b, _ := json.Marshal(text) // a string cannot fail
	return Plain(strings.Trim(string(b), `"`))
}
