package layout

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
)

// Notice is something that wants the person's attention. It stays until it is
// settled where its link leads.
type Notice struct {
	Kind   NoticeKind
	Count  int
	Oldest time.Time           // UTC; zero: not told
	Amount distribution.Amount // of a low balance
	Limit  distribution.Amount // of a low balance: the threshold
}

// NoticeKind is what a notice is about: one of these, or a distribution.AlarmKind.
type NoticeKind string

// Kinds beside those of alarms.
const (
	NoticeLate      NoticeKind = "late"      // outcomes unknown for too long
	NoticeLow       NoticeKind = "low"       // balance below the threshold
	NoticeApprovals NoticeKind = "approvals" // to be approved by the person
	NoticeProposals NoticeKind = "proposals" // to be settled by the person
)

func (n Notice) href() string {
	switch n.Kind {
	case NoticeLow:
		return placeOf(Balance).Href
	case NoticeApprovals:
		return placeOf(Approvals).Href
	case NoticeProposals:
		return placeOf(Proposals).Href
	case NoticeLate:
	}
	return placeOf(Unknown).Href
}

func (n Notice) icon() string {
	switch n.Kind {
	case NoticeApprovals:
		return "approve"
	case NoticeProposals:
		return "inbox"
	case NoticeLate:
		return "s-unknown"
	case NoticeLow:
	}
	return "warn"
}

func (n Notice) tone() components.Tone {
	switch n.Kind {
	case NoticeApprovals, NoticeProposals:
		return components.Plain
	case NoticeLate, NoticeLow, NoticeKind(distribution.AlarmOutside):
		return components.Amber
	}
	return components.Red
}

func (n Notice) text(ctx context.Context) string {
	switch n.Kind {
	case NoticeLate:
		return i18n.N(ctx, "notice.late", n.Count)
	case NoticeLow:
		return i18n.T(ctx, "notice.low", "Amount", i18n.Money(ctx, int64(n.Amount)), "Limit", i18n.Money(ctx, int64(n.Limit)))
	case NoticeApprovals:
		return i18n.N(ctx, "notice.approvals", n.Count)
	case NoticeProposals:
		return i18n.N(ctx, "notice.proposals", n.Count)
	}
	name := components.OrCode(ctx, "alarm.name.", string(n.Kind))
	if n.Count > 1 {
		return name + " × " + i18n.Count(ctx, n.Count)
	}
	return name
}

// loudest is the tone of the number on the bell.
func loudest(all []Notice) components.Tone {
	tone := components.Plain
	for _, n := range all {
		switch n.tone() {
		case components.Red:
			return components.Red
		case components.Amber:
			tone = components.Amber
		case components.Plain, components.Blue, components.Green:
		}
	}
	return tone
}

func countOf(all []Notice) int {
	n := 0
	for _, notice := range all {
		n += notice.Count
	}
	return n
}

func toneClass(t components.Tone) string {
	if t == components.Plain {
		return ""
	}
	return "is-" + string(t)
}
