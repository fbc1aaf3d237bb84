package distribution

import (
	"cmp"
	"slices"
	"time"
)

// This file holds every figure of the balance against the payments that are
// known here. What they do not explain is a residual: money that came or left
// and of which nobody here knows.

// Figure is a balance that Plexy told. Times are UTC.
type Figure struct {
	Amount    Amount
	At        time.Time // our clock: first seen
	CheckedAt time.Time // our clock: last seen, unchanged
	PlexyAt   time.Time // Plexy's clock, when it was last seen; zero: not told
	Of        string    // id of the one whose answer told it; empty: it was read
	Before    *Amount   // what the same answer told of the balance before it
}

// Movement is what one known payment did to the balance, some time between From
// and To. Both are the same moment when Plexy told it.
type Movement struct {
	Of       string // id of the distribution
	Amount   Amount // below zero: paid; above: it failed or was returned
	From, To time.Time
}

// Residual is a change of the balance that no known payment explains. It
// happened between From and To, by our clock.
type Residual struct {
	Amount   Amount // below zero: left; above: came in
	From, To time.Time
}

const (
	// clockSlack is how far Plexy's clock may be from ours. A payment so near to a
	// reading may or may not be in the figure.
	clockSlack = 5 * time.Minute
	// wholeSecond is how exactly Plexy's clock orders two of its own moments.
	wholeSecond = 2 * time.Second
	// readTakes is how long before we saw a figure Plexy may have worked it out.
	readTakes = 30 * time.Second
	// maxLevels is how many explanations of one figure are worth looking at; one
	// with more proves nothing, and the next ones decide.
	maxLevels = 512
)

// Residuals lists what the movements do not explain, oldest first. Figures come
// in the order in which they were kept.
//
// A figure less everything that moved before it is the level of the account: it
// stays the same as long as every movement is known. Where it is open whether a
// movement was before or after the figure, every combination gives a possible
// level. The figures are cut into as few runs as possible that share a level;
// between two runs something moved that is not known.
func Residuals(figures []Figure, movements []Movement) []Residual {
	var runs []run
	b := newBook(figures, movements)
	for _, s := range b.moments(figures) {
		s.levels, s.likely = b.levels(s)
		if len(s.levels) == 0 {
			continue
		}
		if last := len(runs) - 1; last >= 0 && runs[last].takes(s) {
			continue
		}
		runs = append(runs, run{levels: s.levels, moments: []moment{s}})
	}
	return dropEchoes(between(runs))
}

// moment is one at which a figure held.
type moment struct {
	amount   Amount
	lo, hi   time.Time // movements before lo are in the figure, those after hi are not
	seen     time.Time // our clock
	of       string    // as in Figure
	before   bool      // it is the balance before that one
	position int       // among the figures

	levels []Amount // possible ones, ascending
	likely Amount   // the one by the clocks alone
}

// book is everything known to have moved, by the end of each movement.
type book struct {
	movements []Movement
	sums      []Amount // of the first n movements
	widest    time.Duration
	debits    map[string]int // index of the first debit of each
	answered  map[string]int // position of the figure that the answer told
}

func newBook(figures []Figure, movements []Movement) *book {
	b := &book{movements: slices.Clone(movements), sums: []Amount{0}, debits: map[string]int{}, answered: map[string]int{}}
	slices.SortStableFunc(b.movements, func(x, y Movement) int { return cmp.Or(x.To.Compare(y.To), x.From.Compare(y.From)) })
	for i, m := range b.movements {
		b.sums = append(b.sums, b.sums[len(b.sums)-1]+m.Amount)
		b.widest = max(b.widest, m.To.Sub(m.From))
		if _, known := b.debits[m.Of]; !known && m.Amount < 0 {
			b.debits[m.Of] = i
		}
	}
	for i, f := range figures {
		if f.Of != "" {
			b.answered[f.Of] = i
		}
	}
	return b
}

// moments are those at which the figures held.
func (b *book) moments(figures []Figure) []moment {
	var all []moment
	for i, f := range figures {
		first := moment{amount: f.Amount, lo: f.At.Add(-clockSlack), hi: f.At.Add(clockSlack), seen: f.At, of: f.Of, position: i}
		if debit, ok := b.debits[f.Of]; ok { // Plexy's own clock orders it among the others
			paid := b.movements[debit]
			first.lo, first.hi = paid.From.Add(-wholeSecond), paid.To.Add(wholeSecond)
		}
		if f.Before != nil {
			was := first
			was.amount, was.before = *f.Before, true
			all = append(all, was)
		}
		all = append(all, first)
		if f.CheckedAt.After(f.At) || f.Of == "" && !f.PlexyAt.IsZero() {
			all = append(all, checked(f, i))
		}
	}
	return all
}

// checked is the last moment at which a figure was read. What moved before the
// time that Plexy tells for it is in it, whether that is the time of the reading
// or of the last change.
func checked(f Figure, position int) moment {
	s := moment{amount: f.Amount, lo: f.CheckedAt.Add(-clockSlack), hi: f.CheckedAt.Add(clockSlack), seen: f.CheckedAt, position: position}
	if told := f.PlexyAt.Add(-wholeSecond); told.After(s.lo) && told.Before(s.hi) {
		s.lo = told
	}
	return s
}

// levels are the figure less what moved before it, for every way to order the
// movements that the clocks leave open; none when there are too many.
func (b *book) levels(s moment) (all []Amount, likely Amount) {
	from, _ := slices.BinarySearchFunc(b.movements, s.lo, func(m Movement, lo time.Time) int { return m.To.Compare(lo) })
	all, likely = []Amount{s.amount - b.sums[from]}, s.amount-b.sums[from]
	middle := s.lo.Add(s.hi.Sub(s.lo) / 2)
	for i, m := range b.movements[from:] {
		if m.To.Add(-b.widest).After(s.hi) {
			break
		}
		if m.From.After(s.hi) {
			continue
		}
		switch included, known := b.order(s, from+i); {
		case known && !included:
		case known:
			shift(all, m.Amount)
			likely -= m.Amount
		default:
			all = either(all, m.Amount)
			if !m.To.After(middle) {
				likely -= m.Amount
			}
		}
		if len(all) > maxLevels {
			return nil, 0
		}
	}
	return all, likely
}

// order says whether the movement is in the figure where the clocks do not: the
// sender posts one at a time, so answers are in the order in which they came.
func (b *book) order(s moment, movement int) (included, known bool) {
	of := b.movements[movement].Of
	at, answered := b.answered[of]
	first, listed := b.debits[of]
	debit := listed && movement == first
	switch {
	case s.of == "" || !answered:
		return false, false
	case of == s.of: // what came back came after the answer
		return debit && !s.before, true
	case debit:
		return at < s.position, true
	}
	return false, false
}

func shift(levels []Amount, moved Amount) {
	for i := range levels {
		levels[i] -= moved
	}
}

// either is the levels with and without the movement, ascending, each once.
func either(levels []Amount, moved Amount) []Amount {
	both := slices.Clone(levels)
	shift(both, moved)
	both = append(both, levels...)
	slices.Sort(both)
	return slices.Compact(both)
}

// run is a row of moments with one level.
type run struct {
	levels  []Amount // possible for all of them
	moments []moment
}

// takes adds the moment if it may have the level of the run.
func (r *run) takes(s moment) bool {
	var shared []Amount
	for _, level := range r.levels {
		if s.allows(level) {
			shared = append(shared, level)
		}
	}
	if len(shared) == 0 {
		return false
	}
	r.levels, r.moments = shared, append(r.moments, s)
	return true
}

func (s *moment) allows(level Amount) bool {
	_, found := slices.BinarySearch(s.levels, level)
	return found
}

// level is the one that most moments take for likely; of equal ones that which is
// nearest to the level before.
func (r *run) level(before Amount) Amount {
	votes := map[Amount]int{}
	for _, s := range r.moments {
		votes[s.likely]++
	}
	far := func(x Amount) Amount { return max(x-before, before-x) }
	return slices.MinFunc(r.levels, func(x, y Amount) int { return cmp.Or(votes[y]-votes[x], cmp.Compare(far(x), far(y))) })
}

// between lists the steps from run to run.
func between(runs []run) []Residual {
	var found []Residual
	var level Amount
	for i, r := range runs {
		next := r.level(level)
		if i > 0 {
			found = append(found, Residual{Amount: next - level, From: runs[i-1].lastWithout(next), To: r.moments[0].seen})
		}
		level = next
	}
	return found
}

// lastWithout is when the level was certainly not yet the next one.
func (r *run) lastWithout(next Amount) time.Time {
	at := r.moments[0].seen
	for _, s := range r.moments {
		if !s.allows(next) {
			at = s.seen
		}
	}
	return at.Add(-readTakes)
}

// dropEchoes leaves out a step that the next one takes back at once: a figure
// that Plexy told late.
func dropEchoes(all []Residual) []Residual {
	var kept []Residual
	for _, r := range all {
		if last := len(kept) - 1; last >= 0 && kept[last].Amount == -r.Amount && r.To.Sub(kept[last].To) <= clockSlack {
			kept = kept[:last]
			continue
		}
		kept = append(kept, r)
	}
	return kept
}
