package components

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
)

// Refresh is what became of a wish to read Plexy now. The zero value is none.
type Refresh struct {
	Allowed bool // the reader may ask for one
	State   RefreshState
	Here    string              // address of this page while the answer is awaited
	Was     distribution.Amount // before; for RefreshChanged
	Is      distribution.Amount
	Error   string    // code, for RefreshFailed
	At      time.Time // of the failed read
	Shown   time.Time // of the figure that is shown; zero: none
	Now     time.Time
}

// RefreshState is how far it got.
type RefreshState string

// States of it.
const (
	RefreshWaits   RefreshState = "waits"
	RefreshSame    RefreshState = "same"
	RefreshChanged RefreshState = "changed"
	RefreshFailed  RefreshState = "failed"
	RefreshLate    RefreshState = "late" // no answer for so long that the page stops asking
)

// everyRefresh is how often the page looks for the answer.
const everyRefresh = "every 1s"

func (r Refresh) tone() Tone {
	switch r.State {
	case RefreshFailed:
		return Red
	case RefreshLate:
		return Amber
	case RefreshWaits, RefreshSame, RefreshChanged:
	}
	return Blue
}

func (r Refresh) icon() string {
	switch r.State {
	case RefreshFailed:
		return "off"
	case RefreshWaits, RefreshLate:
		return "sync"
	case RefreshSame, RefreshChanged:
	}
	return "check"
}

func (r Refresh) text(ctx context.Context) string {
	switch r.State {
	case RefreshWaits:
		return i18n.T(ctx, "refresh.waits")
	case RefreshSame:
		return i18n.T(ctx, "refresh.same")
	case RefreshChanged:
		return i18n.T(ctx, "refresh.changed", "Was", i18n.Money(ctx, int64(r.Was)), "Is", i18n.Money(ctx, int64(r.Is)))
	case RefreshLate:
		return i18n.T(ctx, "refresh.late")
	case RefreshFailed:
	}
	text := i18n.T(ctx, "refresh.failed", "At", HourOf(ctx, r.At, r.Now), "Why", OrCode(ctx, "refresh.why.", r.Error))
	if r.Shown.IsZero() {
		return text
	}
	return text + " " + i18n.T(ctx, "refresh.shown", "At", HourOf(ctx, r.Shown, r.Now))
}
