package distribution

import "time"

// steady is how long a figure must have held to cut the ledger within it.
const steady = time.Hour

// Cut is a moment at which the balance and everything in it was known: a figure
// held for long, and no payment was on its way. What is before it and what is after
// it can be held against payments apart.
type Cut struct {
	Position int // of the figure that held
	At       time.Time
}

// LastCut is the newest one before then; false when there is none.
func LastCut(figures []Figure, movements []Movement, then time.Time) (Cut, bool) {
	for i := len(figures) - 1; i >= 0; i-- {
		f := figures[i]
		c := Cut{Position: i, At: f.At.Add(f.CheckedAt.Sub(f.At) / 2)}
		if f.CheckedAt.Sub(f.At) >= steady && c.At.Before(then) && c.quiet(movements) {
			return c, true
		}
	}
	return Cut{}, false
}

func (c Cut) quiet(movements []Movement) bool {
	for _, m := range movements {
		if !m.From.After(c.At.Add(clockSlack)) && !m.To.Before(c.At.Add(-clockSlack)) {
			return false
		}
	}
	return true
}

// Before are the figures up to the cut, and After those from it on; both hold the
// figure of the cut.
func (c Cut) Before(figures []Figure) []Figure {
	before := append([]Figure{}, figures[:c.Position+1]...)
	before[c.Position].CheckedAt, before[c.Position].PlexyAt = c.At, time.Time{}
	return before
}

// After is explained at Before.
func (c Cut) After(figures []Figure) []Figure {
	after := append([]Figure{}, figures[c.Position:]...)
	after[0].At, after[0].Of, after[0].Before = c.At, "", nil
	return after
}
