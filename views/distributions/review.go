package distributions

import (
	"context"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/layout"
)

func (p ReviewProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "review.title"))
}

// open are the warnings that nobody ticked: sending would be refused.
func (p ReviewProps) open() []distribution.Warning {
	var all []distribution.Warning
	for _, w := range p.Warnings {
		if !slices.ContainsFunc(p.D.Confirmations, func(c distribution.Confirmation) bool { return c.Code == string(w.Code) }) {
			all = append(all, w)
		}
	}
	return all
}

// lastIBAN is the account that was paid last to the same BIN; empty: none.
func (p ReviewProps) lastIBAN() string {
	if p.Last == nil {
		return ""
	}
	return p.Last.RecipientText().IBAN
}

// lastSaid compares the account with that of the last payment.
func (p ReviewProps) lastSaid(ctx context.Context) string {
	switch {
	case p.Last == nil:
		return i18n.T(ctx, "review.first")
	case p.D.Recipient.IBAN.String() == strings.Join(strings.Fields(p.lastIBAN()), ""):
		return i18n.T(ctx, "review.same", "Date", i18n.Date(ctx, p.Last.CreatedAt))
	}
	return i18n.T(ctx, "review.differs", "Date", i18n.Date(ctx, p.Last.CreatedAt))
}

// title is a message key.
func (w Waits) title() string {
	switch w {
	case WaitsPaused:
		return "review.waits.paused"
	case WaitsHold:
		return "review.waits.hold"
	case WaitsMaker:
		return "review.waits.maker"
	case NoWait, WaitsPlexy:
	}
	return "review.waits.plexy"
}

// note is a message key.
func (w Waits) note() string {
	if w == WaitsMaker {
		return "review.waits.maker_note"
	}
	return "review.waits.note"
}

// effect names what the button does, with the amount.
func (p ReviewProps) effect(ctx context.Context) string {
	amount := i18n.Money(ctx, int64(p.D.Amount))
	if p.Requirement.Need > 0 {
		return i18n.T(ctx, "review.send_approval", "Amount", amount)
	}
	return i18n.T(ctx, "review.send", "Amount", amount)
}

// ready reports that the button may be drawn.
func (p ReviewProps) ready() bool {
	return p.CanSubmit && p.Twin == nil && p.Limit == 0 && len(p.open()) == 0
}
