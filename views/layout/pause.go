package layout

import (
	"context"
	"slices"

	"plexydash/i18n"
	"plexydash/views/components"
)

// Pages that say what to do: the one that stops sending and starts it again, and
// the one about a database that was restored.
const (
	sendingPath = "/settings/sending"
	holdPath    = "/hold"
)

// Reasons that a person may lift alone.
const (
	pausePerson = "person"
	pauseClock  = "clock"
)

// pauseHold is lifted by two people, on a page of its own.
const pauseHold = "hold"

func (p Pause) text(ctx context.Context) string {
	switch p.Reason {
	case pausePerson:
		return i18n.T(ctx, "pause.by", "Name", p.By, "At", i18n.DateTime(ctx, p.At), "Note", p.Note)
	case "unit":
		return i18n.T(ctx, "pause.unit", "Told", i18n.Money(ctx, int64(p.Told)), "Want", i18n.Money(ctx, int64(p.Want)))
	case "invariant":
		return i18n.T(ctx, "pause.invariant", "Codes", p.Note)
	}
	return components.OrCode(ctx, "pause.", p.Reason)
}

// held reports that a database that was restored keeps everything from being sent.
func (c Chrome) held() bool {
	return slices.ContainsFunc(c.Pauses, func(p Pause) bool { return p.Reason == pauseHold })
}

// wayOut is where the link of the banner leads.
func (c Chrome) wayOut() string {
	if c.held() {
		return holdPath
	}
	return sendingPath
}

// wayOutKey is the message key of its text.
func (c Chrome) wayOutKey() string {
	alone := func(p Pause) bool { return p.Reason == pausePerson || p.Reason == pauseClock }
	switch {
	case c.held():
		return "pause.hold_more"
	case c.CanLift && slices.ContainsFunc(c.Pauses, alone):
		return "pause.start"
	}
	return "pause.more"
}
