package filter

import (
	"context"
	"time"

	"plexydash/i18n"
)

// Preset is a period that moves with the calendar of Almaty.
type Preset string

// Presets. An address always has the days themselves.
const (
	Today     Preset = "today"
	Yesterday Preset = "yesterday"
	Week      Preset = "week" // seven days, this one included
	Days      Preset = "days" // thirty
	Month     Preset = "month"
	LastMonth Preset = "last"
)

// Presets lists them as the form does.
func Presets() []Preset { return []Preset{Today, Yesterday, Week, Days, Month, LastMonth} }

// Days are the first and the last day, YYYY-MM-DD; both are empty for a preset
// that is none.
func (p Preset) Days(now time.Time) (from, to string) {
	y, m, d := now.In(i18n.Almaty()).Date()
	day := func(month time.Month, day int) string {
		return time.Date(y, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	switch p {
	case Today:
		return day(m, d), day(m, d)
	case Yesterday:
		return day(m, d-1), day(m, d-1)
	case Week:
		return day(m, d-6), day(m, d)
	case Days:
		return day(m, d-29), day(m, d)
	case Month:
		return day(m, 1), day(m+1, 0)
	case LastMonth:
		return day(m-1, 1), day(m, 0)
	}
	return "", ""
}

// Preset is the one that the days of the filter are today; empty for none.
func (f Filter) Preset(now time.Time) Preset {
	for _, p := range Presets() {
		if from, to := p.Days(now); f.From == from && f.To == to {
			return p
		}
	}
	return ""
}

// Within is the filter with the days of the preset.
func (f Filter) Within(p Preset, now time.Time) Filter {
	f.From, f.To = p.Days(now)
	return f
}

// Widened is the filter with a period that begins 90 days earlier; ok is false
// when it does not begin anywhere.
func (f Filter) Widened() (wide Filter, ok bool) {
	t, err := time.Parse(time.DateOnly, f.From)
	if err != nil {
		return f, false
	}
	f.From = t.AddDate(0, 0, -90).Format(time.DateOnly)
	return f, true
}

// Name of the preset in the language of ctx.
func (p Preset) Name(ctx context.Context) string { return i18n.T(ctx, "filter.preset."+string(p)) }
