package distribution_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"plexydash/distribution"
)

// march is a day of March 2026 in Almaty: the 16th is a Monday.
func march(day int) time.Time {
	return time.Date(2026, 3, day, 0, 0, 0, 0, time.FixedZone("Almaty", 5*60*60))
}

// spent are days from first on on which that much left, in tenge.
func spent(first time.Time, tenge ...int) []distribution.BalanceDay {
	var days []distribution.BalanceDay
	for i, n := range tenge {
		d := distribution.BalanceDay{Known: true, Opening: 100_000_00, Closing: 100_000_00 - distribution.Amount(n)*100}
		d.Day, d.Out = first.AddDate(0, 0, i), distribution.Amount(n)*100
		days = append(days, d)
	}
	return days
}

func nauryz(day time.Time) bool {
	return weekday(day) && (day.Day() < 21 || day.Day() > 23)
}

// By hand: the ten working days before Monday 16 March 2026 are 2–6 and 9–13
// March. 100 a day makes 1000, the weekend of 7 and 8 another 50: 1050 in ten
// days, 105 a day. Sunday the 15th has 10 more, 1060 and 106.
func TestTheSpendingOfTenWorkingDays(t *testing.T) {
	first := march(1) // a Sunday
	all := []int{7777, 100, 100, 100, 100, 100, 20, 30, 100, 100, 100, 100, 100, 0, 10, 9999}
	s := distribution.SpendingBefore(march(16), spent(first, all...), weekday)
	assert.Equal(t, distribution.Spending{From: march(2), To: march(15), Days: 10, Out: 1060_00}, s)
	assert.Equal(t, distribution.Amount(106_00), s.Average())

	for name, c := range map[string]struct {
		today   time.Time
		days    []distribution.BalanceDay
		working func(time.Time) bool
		want    distribution.Spending
	}{
		"nothing is known":           {march(16), nil, weekday, distribution.Spending{}},
		"only today":                 {march(16), spent(march(16), 500), weekday, distribution.Spending{}},
		"a weekend alone":            {march(16), spent(march(14), 5, 5), weekday, distribution.Spending{}},
		"one day":                    {march(17), spent(march(16), 5), weekday, distribution.Spending{From: march(16), To: march(16), Days: 1, Out: 5_00}},
		"Friday and what came after": {march(16), spent(march(13), 5, 1, 1), weekday, distribution.Spending{From: march(13), To: march(15), Days: 1, Out: 7_00}},
		"holidays are no days":       {march(25), spent(march(19), 8, 4, 1, 1, 1, 6), nauryz, distribution.Spending{From: march(19), To: march(24), Days: 3, Out: 21_00}},
		"before there was a figure": {
			march(6), distribution.FillDays(march(1), 5, spent(march(4), 0, 4)), weekday,
			distribution.Spending{From: march(4), To: march(5), Days: 2, Out: 4_00},
		},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, distribution.SpendingBefore(c.today, c.days, c.working)) })
	}
}

// By hand: 1 960 500 ÷ 462 000 = 4.24…, so four days. From Monday 16 March they
// are 16, 17, 18 and 19; from Friday the 20th, with Nauryz on 21 to 23, they are
// 20, 24, 25 and 26.
func TestHowLongMoneyLasts(t *testing.T) {
	s := distribution.Spending{Days: 10, Out: 4_620_000_00}
	for name, c := range map[string]struct {
		money distribution.Amount
		today time.Time
		want  distribution.Runway
	}{
		"the example":           {1_960_500_00, march(16), distribution.Runway{Days: 4, Until: march(19)}},
		"over a holiday":        {1_960_500_00, march(20), distribution.Runway{Days: 4, Until: march(26)}},
		"from a day off":        {462_000_00, march(22), distribution.Runway{Days: 1, Until: march(24)}},
		"exactly one":           {462_000_00, march(16), distribution.Runway{Days: 1, Until: march(16)}},
		"one tiyn short of one": {461_999_99, march(16), distribution.Runway{}},
		"none":                  {0, march(16), distribution.Runway{}},
		"less than none":        {-5, march(16), distribution.Runway{}},
		"for ever":              {math.MaxInt64, march(16), distribution.Runway{Days: distribution.LongestRunway, Long: true}},
		"just long":             {462_000_00 * distribution.LongestRunway, march(16), distribution.Runway{Days: distribution.LongestRunway, Long: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := s.Lasts(c.money, c.today, nauryz)
			assert.True(t, ok)
			assert.Equal(t, c.want, got)
		})
	}
	for name, s := range map[string]distribution.Spending{"nothing is known": {}, "nothing left": {Days: 10}} {
		_, ok := s.Lasts(1, march(16), nauryz)
		assert.False(t, ok, name)
	}
}

func TestRunwayAgainstLongArithmetic(t *testing.T) {
	amounts := rapid.Int64Range(0, math.MaxInt64)
	rapid.Check(t, func(t *rapid.T) {
		s := distribution.Spending{Days: rapid.IntRange(1, 10).Draw(t, "days"), Out: distribution.Amount(max(1, amounts.Draw(t, "out")))}
		money := distribution.Amount(amounts.Draw(t, "money"))
		got, ok := s.Lasts(money, march(16), weekday)
		exact := new(big.Int).Mul(big.NewInt(int64(money)), big.NewInt(int64(s.Days)))
		exact.Div(exact, big.NewInt(int64(s.Out)))
		assert.True(t, ok)
		assert.Equal(t, min(exact.Uint64(), distribution.LongestRunway), uint64(got.Days))
		assert.Equal(t, got.Days > 0 && !got.Long, !got.Until.IsZero())
	})
}

// weekday is the working day of a calendar without holidays.
func weekday(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}
