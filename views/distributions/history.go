package distributions

import (
	"context"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
)

// history turns events into lines of the timeline.
func history(ctx context.Context, events []Event) []components.TimelineItem {
	var all []components.TimelineItem
	for _, e := range events {
		all = append(all, components.TimelineItem{
			Icon: e.icon(), Tone: e.tone(), What: e.what(ctx), Note: e.note(ctx), PlexyAt: e.PlexyAt, At: e.At,
		})
	}
	return all
}

// what says what happened and who did it.
func (e Event) what(ctx context.Context) string {
	text := components.OrCode(ctx, "event.", string(e.Kind))
	if e.Kind == distribution.EventReported || e.Kind == distribution.EventFound {
		text += ": " + components.StatusWord(ctx, e.To)
	}
	if e.Regression {
		text += " · " + i18n.T(ctx, "detail.regressed_event")
	}
	return text + " · " + actorName(ctx, e.Actor)
}

// actorName is the person's name, or what part of the program acted.
func actorName(ctx context.Context, p distribution.Person) string {
	part, system := strings.CutPrefix(p.ID, "system:")
	if !system {
		return p.Name
	}
	return components.OrCode(ctx, "actor.", part)
}

// note is the reason and the free text beside it.
func (e Event) note(ctx context.Context) string {
	var parts []string
	if e.Reason != "" {
		parts = append(parts, components.WhyText(ctx, e.Reason))
	}
	if e.Note != "" {
		parts = append(parts, "«"+e.Note+"»")
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
	case distribution.EventDeclined, distribution.EventCancelled, distribution.EventAnswered, distribution.EventDiffered,
		distribution.EventRefused, distribution.EventLost, distribution.EventFound, distribution.EventFoundDiffers,
		distribution.EventMissed, distribution.EventAbandoned, distribution.EventOurs, distribution.EventNotOurs,
		distribution.EventReported:
	}
	return components.StatusIcon(e.To)
}
