package i18n

import (
	"context"
	"time"
)

type contextKey struct{}

// With returns a copy of ctx that speaks through p.
func With(ctx context.Context, p *Printer) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns the printer of ctx. A ctx without one yields a Russian printer
// that knows the formats but no message, so T answers ⟦key⟧: a page whose route
// forgot the language still works and shows the mistake at once.
func From(ctx context.Context) *Printer {
	if p, ok := ctx.Value(contextKey{}).(*Printer); ok && p != nil {
		return p
	}
	return &Printer{lang: Russian}
}

// T is Printer.T of the printer in ctx.
func T(ctx context.Context, key string, pairs ...any) string { return From(ctx).T(key, pairs...) }

// N is Printer.N of the printer in ctx.
func N(ctx context.Context, key string, count int, pairs ...any) string {
	return From(ctx).N(key, count, pairs...)
}

// Money is Printer.Money of the printer in ctx.
func Money(ctx context.Context, tiyn int64) string { return From(ctx).Money(tiyn) }

// MoneyParts is Printer.MoneyParts of the printer in ctx.
func MoneyParts(ctx context.Context, tiyn int64) (whole, cents string) {
	return From(ctx).MoneyParts(tiyn)
}

// Amount is Printer.Amount of the printer in ctx.
func Amount(ctx context.Context, tiyn int64) string { return From(ctx).Amount(tiyn) }

// Count is Printer.Count of the printer in ctx.
func Count(ctx context.Context, n int) string { return From(ctx).Count(n) }

// Words is Printer.Words of the printer in ctx.
func Words(ctx context.Context, tiyn int64) string { return From(ctx).Words(tiyn) }

// Date is Printer.Date of the printer in ctx.
func Date(ctx context.Context, t time.Time) string { return From(ctx).Date(t) }

// DateTime is Printer.DateTime of the printer in ctx.
func DateTime(ctx context.Context, t time.Time) string { return From(ctx).DateTime(t) }

// Time is Printer.Time of the printer in ctx.
func Time(ctx context.Context, t time.Time) string { return From(ctx).Time(t) }

// Clock is Printer.Clock of the printer in ctx.
func Clock(ctx context.Context, t time.Time) string { return From(ctx).Clock(t) }

// ShortDate is Printer.ShortDate of the printer in ctx.
func ShortDate(ctx context.Context, t time.Time) string { return From(ctx).ShortDate(t) }

// MonthDay is Printer.MonthDay of the printer in ctx.
func MonthDay(ctx context.Context, t time.Time) string { return From(ctx).MonthDay(t) }

// Ago is Printer.Ago of the printer in ctx.
func Ago(ctx context.Context, t, now time.Time) string { return From(ctx).Ago(t, now) }

// ISO is Printer.ISO of the printer in ctx.
func ISO(ctx context.Context, t time.Time) string { return From(ctx).ISO(t) }
