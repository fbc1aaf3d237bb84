package distributions

import (
	"context"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/proposals"
)

// history turns events, the decisions that led to none, and people's notes into
// lines of the timeline, the newest first.
func (p StatusProps) history(ctx context.Context) []components.TimelineItem {
	var all []components.TimelineItem
	for _, e := range p.Events {
		all = append(all, components.TimelineItem{
			Icon: e.icon(), Tone: e.tone(), What: e.what(ctx, p.Decisions), Note: e.note(ctx), PlexyAt: e.PlexyAt, At: e.At,
		})
	}
	for _, dec := range p.Decisions {
		all = append(all, decided(ctx, dec)...)
	}
	for _, n := range p.Notes {
		all = append(all, components.TimelineItem{Icon: "note", What: i18n.T(ctx, "note.by", "Name", n.By.Name), Text: n.Text, At: n.At})
	}
	slices.SortStableFunc(all, func(a, b components.TimelineItem) int { return b.At.Compare(a.At) })
	return all
}

// decided are the lines of a decision: who proposed it, and who ended it when
// that led to no event of its own.
func decided(ctx context.Context, dec distribution.Decision) []components.TimelineItem {
	what := proposals.Name(ctx, dec.Kind)
	note := components.Quoted(ctx, dec.Reason)
	if dec.Ticket != "" {
		note = i18n.T(ctx, "proposal.ticket") + " " + dec.Ticket + ". " + note
	}
	lines := []components.TimelineItem{{
		Icon: "users", What: i18n.T(ctx, "history.proposed", "What", what, "Name", dec.ProposedBy.Name), Note: note, At: dec.ProposedAt,
	}}
	if dec.Status == distribution.DecisionOpen || dec.Status == distribution.DecisionConfirmed {
		return lines
	}
	ended := components.TimelineItem{
		Icon: "x", At: dec.SettledAt,
		What: i18n.T(ctx, "history.ended", "What", what, "End", proposals.StatusWord(ctx, dec.Status), "Name", components.ActorName(ctx, dec.SettledBy)),
	}
	if dec.SettledNote != "" {
		ended.Note = components.Quoted(ctx, dec.SettledNote)
	}
	return append([]components.TimelineItem{ended}, lines...)
}

// what says what happened and who did it; of an act of two people, both.
func (e Event) what(ctx context.Context, decisions []distribution.Decision) string {
	text := components.OrCode(ctx, "event.", string(e.Kind))
	if e.Kind == distribution.EventReported || e.Kind == distribution.EventFound {
		text += ": " + components.StatusWord(ctx, e.To)
	}
	if e.Regression {
		text += " · " + i18n.T(ctx, "detail.regressed_event")
	}
	text += " · " + components.ActorName(ctx, e.Actor)
	for _, dec := range decisions {
		if dec.Status == distribution.DecisionConfirmed && dec.SettledAt.Equal(e.At) {
			text += ", " + i18n.T(ctx, "history.proposed_by", "Name", dec.ProposedBy.Name)
		}
	}
	return text
}

// note is the reason and the free text beside it.
func (e Event) note(ctx context.Context) string {
	var parts []string
	if e.Reason != "" {
		parts = append(parts, components.WhyText(ctx, e.Reason))
	}
	if e.Note != "" {
		parts = append(parts, components.Quoted(ctx, e.Note)+".")
	}
	if e.PlexyWord != "" {
		parts = append(parts, i18n.T(ctx, "detail.plexy_word", "Word", e.PlexyWord))
	}
	return strings.Join(parts, " ")
}

// tone is that of the new state where the event tells news of the money.
func (e Event) tone() components.Tone {
	switch {
	case e.Regression:
		return components.Red
	case e.Kind == distribution.EventNoted, e.Kind == distribution.EventHeld:
		return components.Plain
	case e.To == e.From:
		return components.Plain
	}
	return components.StatusTone(e.To)
}

// icon shows people's acts by what they did, news by the state they led to.
func (e Event) icon() string {
	switch e.Kind {
	case distribution.EventCreated, distribution.EventEdited:
		return "edit"
	case distribution.EventSubmitted, distribution.EventClaimed, distribution.EventResent:
		return "send"
	case distribution.EventApproved:
		return "approve"
	case distribution.EventWithdrawn, distribution.EventExpired, distribution.EventBounced:
		return "back"
	case distribution.EventHeld:
		return "clock"
	case distribution.EventNotSent:
		return "off"
	case distribution.EventNoted:
		return "info"
	case distribution.EventLinked:
		return "search"
	case distribution.EventOverridden:
		return "copy"
	case distribution.EventAcknowledged:
		return "eye"
	case distribution.EventDeclined, distribution.EventCancelled, distribution.EventAnswered, distribution.EventDiffered,
		distribution.EventRefused, distribution.EventLost, distribution.EventDoubted, distribution.EventFound, distribution.EventFoundDiffers,
		distribution.EventMissed, distribution.EventAbandoned, distribution.EventOurs, distribution.EventNotOurs,
		distribution.EventReported:
	}
	return components.StatusIcon(e.To)
}
