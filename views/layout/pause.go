package layout

import (
	"context"
	"slices"

	"plexydash/i18n"
	"plexydash/views/components"
)

// sendingPath is the page that stops sending and starts it again.
const sendingPath = "/settings/sending"

// Reasons that a person may lift alone.
const (
	pausePerson = "person"
	pauseClock  = "clock"
)

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

// wayOut is a message key: what the link of the banner leads to.
func (c Chrome) wayOut() string {
	alone := func(p Pause) bool { return p.Reason == pausePerson || p.Reason == pauseClock }
	if c.CanLift && slices.ContainsFunc(c.Pauses, alone) {
		return "pause.start"
	}
	return "pause.more"
}
