package proposals

import (
	"context"
	"net/url"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "proposal.title"), layout.Proposals
	return p.Chrome
}

// Name says what would be done: "Send once more".
func Name(ctx context.Context, k distribution.DecisionKind) string {
	return components.OrCode(ctx, "decision.name.", string(k))
}

// Effect says what confirming does, and what it may cost.
func Effect(ctx context.Context, k distribution.DecisionKind) string {
	return components.OrCode(ctx, "decision.effect.", string(k))
}

// StatusWord says how a decision ended.
func StatusWord(ctx context.Context, s distribution.DecisionStatus) string {
	return components.OrCode(ctx, "decision.status.", string(s))
}

// who says which two people it takes.
func (c Card) who(ctx context.Context) string {
	group := "one"
	switch c.Decision.Kind {
	case distribution.DecideUnit, distribution.DecidePolicy, distribution.DecideHold:
		group = string(c.Decision.Kind)
	case distribution.DecideResend, distribution.DecideLink, distribution.DecideClose, distribution.DecideTicket,
		distribution.DecideOurs, distribution.DecideNotOurs, distribution.DecideOverride:
	}
	return components.OrCode(ctx, "decision.who.", group)
}

func (c Card) action(name string) string {
	return "/proposals/" + url.PathEscape(c.Decision.ID) + "/" + name
}

// id makes one that no other card of the page has.
func (c Card) id(part string) string { return part + "-" + c.Decision.ID }

// heading names the ids of what tells this card from others of its kind.
func (c Card) heading() string {
	if c.D == nil {
		return c.id("title")
	}
	return c.id("title") + " " + c.id("about")
}

func statusIcon(s distribution.DecisionStatus) string {
	switch s {
	case distribution.DecisionConfirmed:
		return "check"
	case distribution.DecisionRefused:
		return "x"
	case distribution.DecisionWithdrawn, distribution.DecisionVoid:
		return "back"
	case distribution.DecisionOpen:
	}
	return "clock"
}

// figures are the amount that was sent and, where it is known, what it took.
func (s Stop) figures(ctx context.Context) string {
	text := i18n.T(ctx, "proposal.unit.amount", "Amount", i18n.Money(ctx, int64(s.D.Amount)))
	if s.Spent != nil {
		text += i18n.T(ctx, "proposal.unit.spent", "Spent", i18n.Money(ctx, int64(*s.Spent)))
	}
	return text
}
