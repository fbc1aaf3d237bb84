package distributions

import (
	"context"
	"time"

	"plexydash/i18n"
)

// sentence says in one line what the state means for the money, and since when.
func (p StatusProps) sentence(ctx context.Context) string {
	return i18n.T(ctx, "status."+string(p.D.Status)+".sentence", "When", when(ctx, p.since(), p.Now))
}

// since is when the state began: by Plexy's clock where Plexy told it.
func (p StatusProps) since() time.Time {
	for _, e := range p.Events {
		switch {
		case e.To != p.D.Status || e.From == e.To:
		case e.To.AtPlexy() && !e.PlexyAt.IsZero():
			return e.PlexyAt
		default:
			return e.At
		}
	}
	return p.D.UpdatedAt
}

// acceptedAt is when Plexy had it for the first time as far as we know; zero:
// never. Events are newest first.
func (p StatusProps) acceptedAt() (at time.Time) {
	for _, e := range p.Events {
		if e.To.AtPlexy() && !e.From.AtPlexy() {
			return e.At
		}
	}
	return time.Time{}
}

// when is a moment within a sentence.
func when(ctx context.Context, t, now time.Time) string {
	if i18n.Date(ctx, t) == i18n.Date(ctx, now) {
		return i18n.T(ctx, "detail.when.today", "Time", i18n.Time(ctx, t))
	}
	return i18n.T(ctx, "detail.when.day", "Date", i18n.Date(ctx, t), "Time", i18n.Time(ctx, t))
}

// usual is how long payments to this bank take, and whether this one takes much
// longer; empty when too few were made.
func (p StatusProps) usual(ctx context.Context) string {
	if p.Usual.Payments == 0 {
		return ""
	}
	text := i18n.N(ctx, "detail.usual", p.Usual.Payments, "Took", took(ctx, p.Usual.Took))
	if began := p.D.PlexyCreatedAt; !began.IsZero() && p.Now.Sub(began) > 2*max(p.Usual.Took, 15*time.Minute) {
		text += " " + i18n.T(ctx, "detail.usual.longer", "Age", took(ctx, p.Now.Sub(began)))
	}
	return text
}

// took is a duration as people say it: its two largest units.
func took(ctx context.Context, d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	days, hours, minutes := minutes/(24*60), minutes/60%24, minutes%60
	switch {
	case days > 0:
		return i18n.T(ctx, "detail.took.days", "Days", days, "Hours", hours)
	case hours > 0:
		return i18n.T(ctx, "detail.took.hours", "Hours", hours, "Minutes", minutes)
	}
	return i18n.T(ctx, "detail.took.minutes", "Minutes", max(1, minutes))
}
