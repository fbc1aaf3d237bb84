package handlers

import (
	"slices"

	"plexydash/store"
	"plexydash/views/layout"
)

// bell is what wants a person's attention, the loudest first.
func bell(n store.Notices) []layout.Notice {
	var all []layout.Notice
	for _, kind := range loudestFirst() {
		all = append(all, layout.Notice{Kind: layout.NoticeKind(kind), Count: n.Alarms[kind]})
	}
	all = append(all, layout.Notice{Kind: layout.NoticeLate, Count: n.Late.Count, Oldest: n.Late.Oldest})
	if d := n.Dip; d != nil && d.AcknowledgedAt.IsZero() {
		all = append(all, layout.Notice{Kind: layout.NoticeLow, Count: 1, Oldest: d.At, Amount: d.Amount, Limit: d.Threshold})
	}
	all = append(all,
		layout.Notice{Kind: layout.NoticeApprovals, Count: n.Approvals.Count, Oldest: n.Approvals.Oldest},
		layout.Notice{Kind: layout.NoticeProposals, Count: n.Settle.Count, Oldest: n.Settle.Oldest})
	return slices.DeleteFunc(all, func(one layout.Notice) bool { return one.Count == 0 })
}
