package i18n

import (
	"strconv"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/kk_KZ"
	"github.com/go-playground/locales/ru_KZ"
)

// Almaty is the time of all Kazakhstan since 1 March 2024: UTC+5, no summer
// time. It is fixed here because older time zone data still say UTC+6.
func Almaty() *time.Location {
	return time.FixedZone("Almaty", 5*60*60)
}

// Date formats t in Almaty as "22.11.2026"; the zero time is "", here and in all
// formats below.
func (p *Printer) Date(t time.Time) string { return inAlmaty(t, "02.01.2006") }

// DateTime formats t in Almaty as "22.11.2026 21:05:00".
func (p *Printer) DateTime(t time.Time) string { return inAlmaty(t, "02.01.2006 15:04:05") }

// Time formats t in Almaty as "21:05".
func (p *Printer) Time(t time.Time) string { return inAlmaty(t, "15:04") }

// Clock formats t in Almaty as "21:05:00".
func (p *Printer) Clock(t time.Time) string { return inAlmaty(t, "15:04:05") }

// ShortDate formats t in Almaty as "22.11".
func (p *Printer) ShortDate(t time.Time) string { return inAlmaty(t, "02.01") }

// MonthDay formats t in Almaty with the month in words: "22 ноября", "22 қараша",
// "22 November".
func (p *Printer) MonthDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	_, month, day := t.In(Almaty()).Date()
	return strconv.Itoa(day) + noBreakSpace + p.locale().MonthWide(month)
}

// ISO formats t in UTC by RFC 3339, for <time datetime>: "2026-11-22T16:05:00Z".
func (p *Printer) ISO(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Ago says how long before now t was: "только что" under a minute, then whole
// minutes, hours and days ("12 мин назад"); from 30 days on, and for a time that is
// a minute or more after now (clocks that differ), it is Date or DateTime.
func (p *Printer) Ago(t, now time.Time) string {
	passed := now.Sub(t)
	switch {
	case t.IsZero():
		return ""
	case passed <= -time.Minute:
		return p.DateTime(t)
	case passed < time.Minute:
		return p.T("ago.now")
	case passed < time.Hour:
		return p.T("ago.minutes", "Count", int(passed/time.Minute))
	case passed < 24*time.Hour:
		return p.T("ago.hours", "Count", int(passed/time.Hour))
	case passed < 30*24*time.Hour:
		return p.N("ago.days", int(passed/(24*time.Hour)))
	default:
		return p.Date(t)
	}
}

func inAlmaty(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Almaty()).Format(layout)
}

// locale returns the CLDR names of months for the printer's language.
func (p *Printer) locale() locales.Translator {
	switch p.lang {
	case Kazakh:
		return kk_KZ.New()
	case English:
		return en_GB.New()
	default:
		return ru_KZ.New()
	}
}
