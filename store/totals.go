package store

import (
	"strings"
	"time"

	"plexydash/distribution"
)

// byDay is the condition by which the sums that are kept for each day answer the
// filter; false when it asks for more than states, whole days in Almaty, an author
// and an origin.
func (f Filter) byDay() (where string, args []any, ok bool) {
	rest := f
	rest.Statuses, rest.From, rest.To, rest.Author, rest.Origin = nil, time.Time{}, time.Time{}, "", ""
	if rest.Narrow() || !wholeDay(f.From) || !wholeDay(f.To) {
		return "", nil, false
	}
	all := []string{"count > 0"}
	and := func(cond string, with ...any) { all, args = append(all, cond), append(args, with...) }
	statuses := f.Statuses
	if len(statuses) == 0 && (f.Author != "" || f.Origin == distribution.FromPlexy) {
		statuses = distribution.Statuses() // which are searched by, unlike what is left out
	}
	if len(statuses) > 0 {
		cond, with := among("status", statuses)
		and(cond, with...)
	}
	if !f.From.IsZero() {
		and("day >= ?", f.From.In(distribution.Almaty()).Format(time.DateOnly))
	}
	if !f.To.IsZero() {
		and("day < ?", f.To.In(distribution.Almaty()).Format(time.DateOnly))
	}
	if f.Author != "" {
		and("author = ?", f.Author)
	}
	switch f.Origin {
	case distribution.FromDashboard:
		and("author <> ''")
	case distribution.FromPlexy:
		and("author = ''")
	}
	return strings.Join(all, " AND "), args, true
}

func wholeDay(t time.Time) bool { return t.IsZero() || t.Equal(distribution.AlmatyDay(t)) }

func (f Filter) totalsQuery() (query string, args []any) {
	if where, args, ok := f.byDay(); ok {
		return "SELECT status, sum(count), sum(sum) FROM distribution_days WHERE " + where + " GROUP BY status", args
	}
	where, args := f.where()
	return "SELECT status, count(*), sum(amount) FROM distributions WHERE " + where + " GROUP BY status", args
}

func (f Filter) countQuery() (query string, args []any) {
	if where, args, ok := f.byDay(); ok {
		return "SELECT coalesce(sum(count), 0) FROM distribution_days WHERE " + where, args
	}
	where, args := f.where()
	return "SELECT count(*) FROM distributions WHERE " + where, args
}
