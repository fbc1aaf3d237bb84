package distribution_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"plexydash/distribution"
)

func TestWhatAFigureAddsToItsDay(t *testing.T) {
	noon := march(16).Add(12 * time.Hour)
	at := func(after time.Duration, a distribution.Amount) *distribution.Figure {
		return &distribution.Figure{At: noon.Add(after), Amount: a}
	}
	answer := func(after time.Duration, before, a distribution.Amount) *distribution.Figure {
		return &distribution.Figure{At: noon.Add(after), Amount: a, Before: &before}
	}
	in, out := func(a distribution.Amount) distribution.DayMoves { return distribution.DayMoves{Day: march(16), In: a} },
		func(a distribution.Amount) distribution.DayMoves {
			return distribution.DayMoves{Day: march(16), Out: a}
		}
	for name, c := range map[string]struct {
		second, last, f *distribution.Figure
		want            []distribution.DayMoves
	}{
		"the first reading":                 {nil, nil, at(0, 100), []distribution.DayMoves{in(0)}},
		"the first answer":                  {nil, nil, answer(0, 100, 70), []distribution.DayMoves{out(30)}},
		"it rose":                           {nil, at(0, 100), at(1, 130), []distribution.DayMoves{in(30)}},
		"it fell":                           {nil, at(0, 100), at(1, 70), []distribution.DayMoves{out(30)}},
		"an answer":                         {nil, at(0, 100), answer(1, 100, 70), []distribution.DayMoves{in(0), out(30)}},
		"a deposit before an answer":        {nil, at(0, 100), answer(1, 600, 570), []distribution.DayMoves{in(500), out(30)}},
		"an answer that was read already":   {at(0, 100), at(1, 70), answer(2, 100, 70), nil},
		"a late reading that is taken back": {answer(0, 100, 70), at(1, 100), at(2, 70), []distribution.DayMoves{{Day: march(16), In: -30}}},
		"a late one of a return":            {answer(0, 70, 100), at(1, 70), at(2, 100), []distribution.DayMoves{{Day: march(16), Out: -30}}},
		"not after five minutes":            {answer(0, 100, 70), at(1, 100), at(5*time.Minute+2, 70), []distribution.DayMoves{out(30)}},
		"not after two readings":            {at(0, 70), at(1, 100), at(2, 70), []distribution.DayMoves{out(30)}},
		"not by an answer":                  {answer(0, 100, 70), at(1, 100), answer(2, 100, 70), []distribution.DayMoves{in(0), out(30)}},
		"not to another figure":             {answer(0, 100, 70), at(1, 100), at(2, 71), []distribution.DayMoves{out(29)}},
		"taken back on its own day":         {answer(11*time.Hour, 100, 70), at(12*time.Hour-1, 100), at(12*time.Hour+1, 70), []distribution.DayMoves{{Day: march(16), In: -30}}},
		"after midnight in Almaty":          {nil, at(0, 100), at(12*time.Hour, 70), []distribution.DayMoves{{Day: march(17), Out: 30}}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, distribution.FigureMoves(c.second, c.last, *c.f)) })
	}
}

func TestDaysWithoutMovesKeepTheBalance(t *testing.T) {
	type day struct {
		known                    bool
		opening, in, out, closes distribution.Amount
	}
	told := func(d int, opening, in, out distribution.Amount) distribution.BalanceDay {
		b := distribution.BalanceDay{Known: true, Opening: opening, Closing: opening + in - out}
		b.Day, b.In, b.Out = march(d), in, out
		return b
	}
	for name, c := range map[string]struct {
		told []distribution.BalanceDay
		want []day
	}{
		"nothing is known":      {nil, []day{{}, {}, {}}},
		"known from the middle": {[]distribution.BalanceDay{told(2, 500, 100, 30)}, []day{{}, {true, 500, 100, 30, 570}, {true, 570, 0, 0, 570}}},
		"known from before":     {[]distribution.BalanceDay{told(-9, 500, 0, 100), told(3, 400, 1, 0)}, []day{{true, 400, 0, 0, 400}, {true, 400, 0, 0, 400}, {true, 400, 1, 0, 401}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []day
			for i, d := range distribution.FillDays(march(1), 3, c.told) {
				assert.Equal(t, march(1+i), d.Day)
				got = append(got, day{d.Known, d.Opening, d.In, d.Out, d.Closing})
			}
			assert.Equal(t, c.want, got)
		})
	}
}
