package components

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
)

// Runway is how long the money at Plexy lasts.
type Runway struct {
	Spending  distribution.Spending
	Known     bool                // false: nothing is known to be spent, and nothing is said
	Available distribution.Runway // of all that Plexy has
	Free      distribution.Runway // of what is left when all that waits has gone
	Threshold distribution.Amount // 0: none
	TopUp     *TopUp              // nil: none is known
}

// TopUp is the last money that came in without a payment that explains it.
type TopUp struct {
	Amount distribution.Amount
	At     time.Time // UTC
}

// RunwayLine is the sentence under the figure that is free to commit.
func RunwayLine(ctx context.Context, r Runway) string {
	average := i18n.Money(ctx, int64(r.Spending.Average()))
	switch {
	case !r.Known:
		return ""
	case r.Free.Long:
		return i18n.N(ctx, "runway.line_long", r.Free.Days, "Average", average)
	case r.Free.Days == 0:
		return i18n.T(ctx, "runway.line_none", "Average", average)
	}
	return i18n.N(ctx, "runway.line", r.Free.Days, "Average", average)
}

// lasts says how long, in working days, and until when.
func lasts(ctx context.Context, r distribution.Runway) string {
	switch {
	case r.Long:
		return i18n.N(ctx, "runway.long", r.Days)
	case r.Days == 0:
		return i18n.T(ctx, "runway.none")
	}
	return i18n.N(ctx, "runway.days", r.Days, "Until", i18n.MonthDay(ctx, r.Until))
}

func (r Runway) period(ctx context.Context) string {
	return i18n.ShortDate(ctx, r.Spending.From) + "–" + i18n.ShortDate(ctx, r.Spending.To)
}
