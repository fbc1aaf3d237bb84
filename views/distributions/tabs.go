package distributions

import (
	"slices"

	"plexydash/distribution"
)

// tab is a group of states with an address of its own. Name is a message key.
type tab struct {
	Name     string
	Statuses []distribution.Status // empty: all
	Amber    bool
}

func tabs() []tab {
	group := func(s ...distribution.Status) []distribution.Status { return s }
	return []tab{
		{Name: "list.tab.all"},
		{Name: "list.tab.awaiting", Statuses: group(distribution.AwaitingApproval)},
		{Name: "list.tab.uncertain", Statuses: group(distribution.Unknown, distribution.NotFound, distribution.Mismatch), Amber: true},
		{Name: "list.tab.moving", Statuses: group(distribution.Queued, distribution.Sending, distribution.Accepted, distribution.Processing)},
		{Name: "list.tab.paid", Statuses: group(distribution.Paid)},
		{Name: "list.tab.failed", Statuses: group(distribution.Failed, distribution.Returned, distribution.Refused)},
	}
}

// count is how many are in the states of the tab.
func (t tab) count(by []StatusCount) int {
	n := 0
	for _, c := range by {
		if len(t.Statuses) == 0 || slices.Contains(t.Statuses, c.Status) {
			n += c.Count
		}
	}
	return n
}

// isCurrent reports that the list is asked for exactly these states.
func (t tab) isCurrent(asked []distribution.Status) bool {
	if len(asked) != len(t.Statuses) {
		return false
	}
	return !slices.ContainsFunc(asked, func(s distribution.Status) bool { return !slices.Contains(t.Statuses, s) })
}

// last is the place of the last row of the page.
func (p ListProps) last() int { return p.First + len(p.Rows) - 1 }

// neverAny reports that there is nothing because nothing was ever made.
func (p ListProps) neverAny() bool { return len(p.Rows) == 0 && !p.Filter.Narrow() }
