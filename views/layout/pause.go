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

// wayOut is where the link of the banner leads, and the message key of its text.
func (c Chrome) wayOut() (path, key string) {
	if slices.ContainsFunc(c.Pauses, func(p Pause) bool { return p.Reason == pauseHold }) {
		return holdPath, "pause.hold_more"
	}
	alone := func(p Pause) bool { return p.Reason == pausePerson || p.Reason == pauseClock }
	if c.CanLift && slices.ContainsFunc(c.Pauses, alone) {
		return sendingPath, "pause.start"
	}
	return sendingPath, "pause.more"
}
