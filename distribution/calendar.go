package distribution

import (
	"fmt"
	"io"
	"time"
)

// Almaty is the one time zone of Kazakhstan: UTC+5 since 01.03.2024.
func Almaty() *time.Location { return time.FixedZone("Almaty", 5*60*60) }

// Calendar knows the working days of banks: Monday to Friday but for holidays and
// the days off moved to a working day (law on holidays, article 5).
type Calendar struct {
	AsOf string
	days map[string]Day // by date
	// years that the table speaks of; of others only the weekends are known
	years map[int]bool
}

// Day is one that is not what its weekday says.
type Day struct {
	Working    bool // a Saturday or Sunday that is worked
	RU, KK, EN string
}

// ReadCalendar reads holidays in the form of holidays.csv.
func ReadCalendar(r io.Reader) (Calendar, error) {
	t, err := readTable("holidays.csv", r, "date", "working", "name_ru", "name_kk", "name_en")
	if err != nil {
		return Calendar{}, err
	}
	c := Calendar{AsOf: t.asOf, days: map[string]Day{}, years: map[int]bool{}}
	for _, row := range t.rows {
		date, err := time.Parse(time.DateOnly, row.cells[0])
		switch {
		case err != nil:
			err = fmt.Errorf("date %q is not written 2026-12-16", row.cells[0])
		case row.cells[1] != "yes" && row.cells[1] != "no":
			err = fmt.Errorf("working %q is not yes or no", row.cells[1])
		case c.has(date):
			err = fmt.Errorf("%s stands twice", row.cells[0])
		}
		if err != nil {
			return Calendar{}, row.errorf("%w", err)
		}
		c.days[row.cells[0]] = Day{Working: row.cells[1] == "yes", RU: row.cells[2], KK: row.cells[3], EN: row.cells[4]}
		c.years[date.Year()] = true
	}
	return c, nil
}

func (c Calendar) has(date time.Time) bool {
	_, ok := c.days[date.Format(time.DateOnly)]
	return ok
}

// Special is the holiday or moved day that an instant falls on in Almaty.
func (c Calendar) Special(at time.Time) (Day, bool) {
	d, ok := c.days[at.In(Almaty()).Format(time.DateOnly)]
	return d, ok
}

// Covers reports that the holidays of that year are known. Without them a day may
// be called working that is not.
func (c Calendar) Covers(at time.Time) bool { return c.years[at.In(Almaty()).Year()] }

// Working reports whether the instant falls on a working day in Almaty.
func (c Calendar) Working(at time.Time) bool {
	if d, ok := c.Special(at); ok {
		return d.Working
	}
	weekday := at.In(Almaty()).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// Next is the beginning of the first working day after the one of the instant.
// It looks a year ahead; a table without any working day ends there.
func (c Calendar) Next(at time.Time) time.Time {
	day := AlmatyDay(at)
	for range 366 {
		day = day.AddDate(0, 0, 1)
		if c.Working(day) {
			break
		}
	}
	return day
}

// CutOff is the time of day after which a bank counts an order as received on its
// next operating day (payments law, article 45). Each bank has its own; zero: not
// known, the whole day counts.
type CutOff time.Duration

// ParseCutOff reads "16:30"; empty is zero.
func ParseCutOff(text string) (CutOff, error) {
	if text == "" {
		return 0, nil
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fmt.Errorf("time of day %q is not written 16:30", text)
	}
	return CutOff(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute), nil
}

// Departure is the day on which an order goes to the bank.
type Departure struct {
	Day   time.Time // its beginning in Almaty
	Today bool
	Late  bool // today is a working day, but after the cut-off
	Sure  bool // the holidays of that year are known
}

// Departs tells when an order that is made now goes to the bank: today, or on the
// next working day.
func (c Calendar) Departs(now time.Time, cutOff CutOff) Departure {
	today := AlmatyDay(now)
	working := c.Working(now)
	late := working && cutOff > 0 && now.Sub(today) >= time.Duration(cutOff)
	out := Departure{Day: today, Today: working && !late, Late: late}
	if !out.Today {
		out.Day = c.Next(now)
	}
	out.Sure = c.Covers(now) && c.Covers(out.Day)
	return out
}
