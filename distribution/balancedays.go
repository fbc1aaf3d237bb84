package distribution

import "time"

// This file follows the balance from day to day. Days are those of Almaty: a
// time that names a day is its midnight there.

// DayMoves is how far the balance rose and fell on one day, by the figures that
// Plexy told. Both are below zero where they take back what was added before.
type DayMoves struct {
	Day     time.Time
	In, Out Amount
}

// BalanceDay is one day of the balance: Opening + In − Out = Closing.
type BalanceDay struct {
	DayMoves
	Known            bool // false: Plexy had told no figure yet
	Opening, Closing Amount
}

// FigureMoves is what a new figure adds to the days. last is the figure before
// it and second the one before that; nil where there is none. The balance moved
// from the last figure to what an answer tells of the time before it, and from
// there to what it tells of the time after.
//
// Plexy is read while it answers a POST, so some figures tell nothing new: an
// answer that repeats what was read already, and a reading from before an answer
// that was kept after it and that the next reading takes back.
func FigureMoves(second, last *Figure, f Figure) []DayMoves {
	switch {
	case last == nil:
		return []DayMoves{moves(f.At, f.start(), f.Amount)}
	case f.Amount == last.Amount:
		return nil
	case second != nil && second.Before != nil && last.Before == nil && f.Before == nil &&
		f.Amount == second.Amount && f.At.Sub(last.At) <= clockSlack:
		return []DayMoves{moves(last.At, second.Amount, last.Amount).negative()}
	case f.Before == nil:
		return []DayMoves{moves(f.At, last.Amount, f.Amount)}
	}
	return []DayMoves{moves(f.At, last.Amount, f.start()), moves(f.At, f.start(), f.Amount)}
}

// start is the oldest balance that the figure tells.
func (f Figure) start() Amount {
	if f.Before != nil {
		return *f.Before
	}
	return f.Amount
}

func moves(at time.Time, from, to Amount) DayMoves {
	return DayMoves{Day: AlmatyDay(at), In: max(to-from, 0), Out: max(from-to, 0)}
}

func (m DayMoves) negative() DayMoves { return DayMoves{Day: m.Day, In: -m.In, Out: -m.Out} }

// FillDays lists n days from first on. Days of which something is told, which
// are in order and may begin earlier, stand as they are; between them the balance
// stays as it was.
func FillDays(first time.Time, n int, told []BalanceDay) []BalanceDay {
	days := make([]BalanceDay, n)
	var before BalanceDay
	for i := range days {
		day := first.AddDate(0, 0, i)
		for len(told) > 0 && told[0].Day.Before(day) {
			before, told = told[0], told[1:]
		}
		if len(told) > 0 && told[0].Day.Equal(day) {
			days[i] = told[0]
			continue
		}
		days[i] = BalanceDay{DayMoves: DayMoves{Day: day}, Known: before.Known, Opening: before.Closing, Closing: before.Closing}
	}
	return days
}

// AlmatyDay is the midnight in Almaty at or before t.
func AlmatyDay(t time.Time) time.Time {
	y, m, d := t.In(Almaty()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Almaty())
}
