package balance

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/layout"
)

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "balance.title")
	return p.Chrome
}

// signed is money with its sign: a change without one says nothing.
func signed(ctx context.Context, a distribution.Amount) string {
	if a > 0 {
		return "+" + i18n.Money(ctx, int64(a))
	}
	return i18n.Money(ctx, int64(a))
}

// window is a moment to the minute: a residual is not known more exactly.
func window(ctx context.Context, t time.Time) string {
	return i18n.Date(ctx, t) + " " + i18n.Time(ctx, t)
}

func meaning(ctx context.Context, r distribution.Residual) string {
	if r.Amount < 0 {
		return i18n.T(ctx, "ledger.left")
	}
	return i18n.T(ctx, "ledger.came")
}
