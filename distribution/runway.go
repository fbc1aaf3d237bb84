package distribution

import (
	"math/bits"
	"time"
)

// runwayDays is how many working days the average spending is taken over.
const runwayDays = 10

// LongestRunway is the most working days that are told: about a year. An
// average of ten days says nothing about more.
const LongestRunway = 250

// Spending is what left the account over some working days. What left on days
// off between them counts too: it is money that is gone.
type Spending struct {
	From, To time.Time // the first and the last of the days
	Days     int       // working days among them; 0: nothing is known yet
	Out      Amount
}

// SpendingBefore sums up the last ten working days before today. Today is not
// over, so it does not count. Days that nothing is known of do not count either;
// the days given are in order, without a gap.
func SpendingBefore(today time.Time, days []BalanceDay, working func(day time.Time) bool) Spending {
	var s Spending
	var off Amount // what left on days off since the working day before them
	for i := len(days) - 1; i >= 0 && s.Days < runwayDays; i-- {
		d := days[i]
		if !d.Day.Before(today) {
			continue
		}
		if !d.Known {
			break
		}
		off += d.Out
		if !working(d.Day) {
			continue
		}
		s.Out, off = s.Out+off, 0
		s.Days++
		s.From = d.Day
		if s.Days == 1 {
			s.To = today.AddDate(0, 0, -1)
		}
	}
	return s
}

// Average is what leaves on a working day, rounded down to whole tiyn.
func (s Spending) Average() Amount {
	if s.Days == 0 {
		return 0
	}
	return s.Out / Amount(s.Days)
}

// Runway is how long money lasts.
type Runway struct {
	Days  int       // whole working days, today the first of them if it is one
	Until time.Time // the last of them; zero when there is none, and for a long one
	Long  bool      // it lasts for LongestRunway or more
}

// Lasts says how many working days the money pays for when as much leaves on
// each as did on average; false when nothing is known to leave.
func (s Spending) Lasts(money Amount, today time.Time, working func(day time.Time) bool) (r Runway, ok bool) {
	if s.Days == 0 || s.Out <= 0 {
		return r, false
	}
	n := dayShares(max(money, 0), s.Days, s.Out)
	if n >= LongestRunway {
		return Runway{Days: LongestRunway, Long: true}, true
	}
	for day := today; r.Days < n; day = day.AddDate(0, 0, 1) {
		if working(day) {
			r.Until = day
			r.Days++
		}
	}
	return r, true
}

// dayShares is money × days ÷ out, rounded down, at most LongestRunway. The
// product may be longer than an Amount; no operand is below zero.
func dayShares(money Amount, days int, out Amount) int {
	high, low := bits.Mul64(uint64(money), uint64(days))
	if high >= uint64(out) {
		return LongestRunway
	}
	n, _ := bits.Div64(high, low, uint64(out))
	return int(min(n, LongestRunway)) //nolint:gosec // it is small
}
