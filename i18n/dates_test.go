package i18n

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTimesAreAlmaty(t *testing.T) {
	p := From(t.Context())
	evening := time.Date(2026, 11, 22, 16, 5, 0, 0, time.UTC)
	lateUTC := time.Date(2026, 12, 31, 19, 0, 9, 999, time.UTC) // already the next year in Almaty
	moscow := evening.In(time.FixedZone("MSK", 3*60*60))

	for name, c := range map[string]struct {
		format             func(time.Time) string
		evening, lateInUTC string
	}{
		"Date":      {p.Date, "22.11.2026", "01.01.2027"},
		"DateTime":  {p.DateTime, "22.11.2026 21:05:00", "01.01.2027 00:00:09"},
		"Time":      {p.Time, "21:05", "00:00"},
		"Clock":     {p.Clock, "21:05:00", "00:00:09"},
		"ShortDate": {p.ShortDate, "22.11", "01.01"},
		"MonthDay":  {p.MonthDay, "22\u00a0ноября", "1\u00a0января"},
		"ISO":       {p.ISO, "2026-11-22T16:05:00Z", "2026-12-31T19:00:09Z"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.evening, c.format(evening))
			assert.Equal(t, c.evening, c.format(moscow), "the zone of the value does not matter")
			assert.Equal(t, c.lateInUTC, c.format(lateUTC))
			assert.Empty(t, c.format(time.Time{}), "no time")
		})
	}
}

func TestMonthDay(t *testing.T) {
	c := loaded(t)
	for month, want := range map[time.Month][3]string{
		time.January: {"3 января", "3 қаңтар", "3 January"},
		time.May:     {"3 мая", "3 мамыр", "3 May"},
		time.August:  {"3 августа", "3 тамыз", "3 August"},
	} {
		at := time.Date(2026, month, 3, 12, 0, 0, 0, time.UTC)
		for i, l := range Languages() {
			assert.Equal(t, want[i][:1]+noBreakSpace+want[i][2:], c.Printer(l).MonthDay(at))
		}
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, 11, 22, 16, 5, 0, 0, time.UTC)
	day := 24 * time.Hour
	catalog := loaded(t)
	for _, c := range []struct {
		passed     time.Duration
		ru, kk, en string
	}{
		{0, "только что", "жаңа ғана", "just now"},
		{59 * time.Second, "только что", "жаңа ғана", "just now"},
		{-59 * time.Second, "только что", "жаңа ғана", "just now"},
		{time.Minute, "1 мин назад", "1 мин бұрын", "1 min ago"},
		{12*time.Minute + 59*time.Second, "12 мин назад", "12 мин бұрын", "12 min ago"},
		{time.Hour, "1 ч назад", "1 сағ бұрын", "1 h ago"},
		{day - time.Second, "23 ч назад", "23 сағ бұрын", "23 h ago"},
		{day, "1 день назад", "1 күн бұрын", "1 day ago"},
		{3 * day, "3 дня назад", "3 күн бұрын", "3 days ago"},
		{5 * day, "5 дней назад", "5 күн бұрын", "5 days ago"},
		{21 * day, "21 день назад", "21 күн бұрын", "21 days ago"},
		{30 * day, "23.10.2026", "23.10.2026", "23.10.2026"},
		{-time.Minute, "22.11.2026 21:06:00", "22.11.2026 21:06:00", "22.11.2026 21:06:00"},
	} {
		for i, want := range []string{c.ru, c.kk, c.en} {
			p := catalog.Printer(Languages()[i])
			assert.Equal(t, want, p.Ago(now.Add(-c.passed), now), "%s ago", c.passed)
		}
	}
	assert.Empty(t, From(t.Context()).Ago(time.Time{}, now), "no time")
}
