package distributions

import (
	"slices"

	"plexydash/distribution"
	"plexydash/views/filter"
)

// BuiltInTab is a list that everybody has as a tab, before the saved ones.
type BuiltInTab struct {
	Key      string                // a message key
	Statuses []distribution.Status // empty: all
	Preset   filter.Preset         // empty: for all time
	Amber    bool
}

// BuiltInTabs are the tabs of everybody, in order.
func BuiltInTabs() []BuiltInTab {
	group := func(s ...distribution.Status) []distribution.Status { return s }
	return []BuiltInTab{
		{Key: "list.tab.all"},
		{Key: "list.tab.awaiting", Statuses: group(distribution.AwaitingApproval)},
		{Key: "list.tab.uncertain", Statuses: uncertain(), Amber: true},
		{Key: "list.tab.today", Preset: filter.Today},
		{Key: "list.tab.failed", Statuses: failed()},
	}
}

func uncertain() []distribution.Status {
	return []distribution.Status{distribution.Mismatch, distribution.NotFound, distribution.Unknown}
}

func failed() []distribution.Status {
	return []distribution.Status{distribution.Failed, distribution.Refused, distribution.Returned}
}

func moving() []distribution.Status {
	return []distribution.Status{distribution.Accepted, distribution.Processing, distribution.Queued, distribution.Sending}
}

// in adds up how many are in the states, and their sum.
func (p ListProps) in(states ...distribution.Status) int {
	n := 0
	for _, c := range p.ByStatus {
		if slices.Contains(states, c.Status) {
			n += c.Count
		}
	}
	return n
}

// last is the place of the last row of the page.
func (p ListProps) last() int { return p.First + len(p.Rows) - 1 }

// neverAny reports that there is nothing because nothing was ever made.
func (p ListProps) neverAny() bool { return len(p.Rows) == 0 && !p.Filter.Narrow() }

// counted reports that a tab has a figure.
func (t Tab) counted() bool { return t.Count >= 0 }

// savable reports that the list differs from the plain one, so that a name for
// it is worth having.
func (p ListProps) savable() bool {
	return p.View == nil && (p.Filter.Narrow() || p.Filter.Sort != "")
}
