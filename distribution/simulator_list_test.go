package distribution

import (
	"cmp"
	"slices"
	"time"
)

// listModel is how Plexy's list misbehaves in the storm of one life. A list that
// shows both neighbours of ours and hides ours alone, time after time, cannot be
// told from one that never had it; so the model has none, but for harshList.
type listModel struct {
	order string // newest first, oldest first or unordered
	fault string
	cut   int // per mille of the rows that a list shows which ends early
	still time.Time
}

const (
	standsStill = "list stands still"
	lastHours   = "list shows the last hours only"
	samePage    = "pages are ignored"
	endsEarly   = "list ends early, its total says more"
	seemsWhole  = "list ends early as if whole"
)

func newList(l *life) listModel {
	m := listModel{
		order: []string{"newest first", "oldest first", "unordered"}[l.rng.IntN(3)],
		cut:   l.rng.IntN(1000), still: l.born.Add(-time.Minute),
	}
	if faults := []string{standsStill, lastHours, samePage, endsEarly, seemsWhole}; l.chance(700) {
		m.fault = faults[l.rng.IntN(len(faults))]
	}
	if l.policy == harshList || l.policy == harshListWithLateControl {
		m.fault, m.still = standsStill, l.born.Add(l.upTo(slowest))
	}
	if m.order != "newest first" && m.fault == seemsWhole { // elsewhere it stands still, or nothing could tell
		m.fault = standsStill
	}
	return m
}

// view is one walk through the list. whole means what a walk can know: that its
// end was proven.
func (p *plexyModel) view() (rows []*plexyRow, whole, ok bool) {
	l := p.l
	if l.strikes(l.rough / 2) {
		l.note("a walk through the list fails half-way")
		return nil, false, false
	}
	rows = p.visible()
	if !l.now.Before(l.born.Add(storm)) || p.list.fault == "" {
		return rows, true, true
	}
	l.note(p.list.fault)
	switch p.list.fault {
	case standsStill:
		return slices.DeleteFunc(rows, func(r *plexyRow) bool { return r.shown.After(p.list.still) }), true, true
	case lastHours:
		since := l.now.Add(-3 * time.Hour)
		return slices.DeleteFunc(rows, func(r *plexyRow) bool { return r.at.Before(since) }), true, true
	}
	return rows[:len(rows)*p.list.cut/1000], p.list.fault == seemsWhole, true
}

// visible is what the list holds, in its order. Pages that shift under the walk
// make it pass over a row now and then.
func (p *plexyModel) visible() (rows []*plexyRow) {
	l := p.l
	if p.others == nil {
		p.others = p.traffic()
	}
	for _, all := range [][]*plexyRow{p.rows, p.others} {
		for _, r := range all {
			switch {
			case l.now.Before(r.shown):
			case l.strikes(50):
				l.note("pages shift, a row is passed over")
			default:
				rows = append(rows, r)
			}
		}
	}
	switch p.list.order {
	case "newest first":
		slices.SortFunc(rows, func(a, b *plexyRow) int { return b.at.Compare(a.at) })
	case "oldest first":
		slices.SortFunc(rows, func(a, b *plexyRow) int { return a.at.Compare(b.at) })
	case "unordered":
		slices.SortFunc(rows, func(a, b *plexyRow) int { return cmp.Compare(a.place, b.place) })
	}
	return rows
}
