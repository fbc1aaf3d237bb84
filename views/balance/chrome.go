package balance

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "balance.title")
	return p.Chrome
}

// Signed is an amount with its sign: a change without one says nothing. The
// currency stands at the head of the column.
func Signed(ctx context.Context, a distribution.Amount) string {
	if a > 0 {
		return "+" + i18n.Amount(ctx, int64(a))
	}
	return i18n.Amount(ctx, int64(a))
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

// queued is what waits to leave, in number and money.
func (p Props) queued() (count int, sum distribution.Amount) {
	for _, h := range p.Balance.Held {
		if h.Kind == components.HeldQueued {
			return h.Count, h.Amount
		}
	}
	return 0, 0
}

func (t Threshold) field(ctx context.Context) components.Field {
	f := components.Field{
		Name: FieldAmount, ID: "threshold", Label: i18n.T(ctx, "threshold.amount"), Value: t.Form, InputMode: "decimal", Money: true, Span: 3,
		Hint: i18n.T(ctx, "threshold.hint"),
	}
	if t.Problem != nil {
		f.Error = components.ReasonText(ctx, t.Problem)
	}
	return f
}

// MoveText says what a change was that no payment of ours made.
func MoveText(ctx context.Context, r Reading) string {
	switch {
	case r.Change == nil:
		return i18n.T(ctx, "overview.first_reading")
	case *r.Change > 0:
		return i18n.T(ctx, "overview.rose")
	}
	return i18n.T(ctx, "overview.fell")
}

// limitHref leads to the form of the threshold, for who may use it.
func (p Props) limitHref() string {
	if p.Threshold.CanChange {
		return "#limit"
	}
	return ""
}
