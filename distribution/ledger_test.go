package distribution

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var midday = time.Date(2026, 3, 16, 7, 0, 0, 0, time.UTC)

func clock(minutes int) time.Time { return midday.Add(time.Duration(minutes) * time.Minute) }

// readAt is a reading at the minute.
func readAt(minute int, a Amount) Figure {
	return Figure{Amount: a, At: clock(minute), CheckedAt: clock(minute)}
}

// toldAfter is the figure of an answer to a payment.
func toldAfter(minute int, of string, before, after Amount) Figure {
	return Figure{Amount: after, At: clock(minute), CheckedAt: clock(minute), PlexyAt: clock(minute), Of: of, Before: &before}
}

// moved is a movement whose time Plexy told.
func moved(minute int, of string, a Amount) Movement {
	return Movement{Of: of, Amount: a, From: clock(minute), To: clock(minute)}
}

func TestResiduals(t *testing.T) {
	gap := func(a Amount, from, to int) Residual {
		return Residual{Amount: a, From: clock(from).Add(-readTakes), To: clock(to)}
	}
	cases := []struct {
		name      string
		figures   []Figure
		movements []Movement
		want      []Residual
	}{
		{"nothing read", nil, []Movement{moved(1, "a", -100)}, nil},
		{"one reading explains nothing and needs no explanation", []Figure{readAt(0, 1000)}, nil, nil},
		{"a payment explains what is missing", []Figure{readAt(0, 1000), readAt(60, 900)}, []Movement{moved(30, "a", -100)}, nil},
		{"money left, and nobody here knows why", []Figure{readAt(0, 1000), readAt(60, 250)}, nil, []Residual{gap(-750, 0, 60)}},
		{"a deposit", []Figure{readAt(0, 1000), readAt(60, 5000)}, nil, []Residual{gap(4000, 0, 60)}},
		{"a deposit and a payment", []Figure{readAt(0, 1000), readAt(60, 4900)}, []Movement{moved(30, "a", -100)}, []Residual{gap(4000, 0, 60)}},
		{
			"a failed one brought its money back",
			[]Figure{readAt(0, 1000), readAt(60, 900), readAt(120, 1000)},
			[]Movement{moved(30, "a", -100), moved(90, "a", 100)},
			nil,
		},
		{
			"it failed, and the money did not come back",
			[]Figure{readAt(0, 1000), readAt(60, 900), readAt(120, 900)},
			[]Movement{moved(30, "a", -100), moved(90, "a", 100)},
			[]Residual{gap(-100, 60, 120)},
		},
		{
			"paid twice for one",
			[]Figure{readAt(0, 1000), toldAfter(30, "a", 1000, 900), readAt(60, 800)},
			[]Movement{moved(30, "a", -100)},
			[]Residual{gap(-100, 30, 60)},
		},
		{
			"something left between the reading and the payment",
			[]Figure{readAt(0, 1000), toldAfter(30, "a", 950, 850), readAt(60, 850)},
			[]Movement{moved(30, "a", -100)},
			[]Residual{gap(-50, 0, 30)},
		},
		{
			"the answer debits another amount",
			[]Figure{readAt(0, 1000), toldAfter(30, "a", 1000, 890), readAt(60, 890)},
			[]Movement{moved(30, "a", -100)},
			[]Residual{gap(-10, 30, 30)},
		},
		{
			"a reading that was on its way while the answer came",
			[]Figure{toldAfter(30, "a", 1000, 900), readAt(30, 1000), readAt(60, 900)},
			[]Movement{moved(30, "a", -100)},
			nil,
		},
		{
			"Plexy's clock is four minutes late",
			[]Figure{readAt(0, 1000), readAt(30, 1000), readAt(60, 900)},
			[]Movement{moved(28, "a", -100)},
			nil,
		},
		{
			"in and out again by another way",
			[]Figure{readAt(0, 1000), readAt(30, 1500), readAt(90, 1000)},
			nil,
			[]Residual{gap(500, 0, 30), gap(-500, 30, 90)},
		},
		{"a stale figure that the next reading takes back", []Figure{readAt(0, 1000), readAt(30, 700), readAt(31, 1000)}, nil, nil},
		{
			"the time of a movement is only known from and to",
			[]Figure{readAt(0, 1000), readAt(60, 900), readAt(120, 900)},
			[]Movement{{Of: "a", Amount: -100, From: clock(10), To: clock(110)}},
			nil,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, append([]Residual(nil), Residuals(c.figures, c.movements)...))
		})
	}
}

// What came back of one whose debit is too old to be listed came after its answer
// all the same.
func TestWhatCameBackIsNotTakenForItsDebit(t *testing.T) {
	figures := []Figure{readAt(0, 1000), toldAfter(30, "a", 1000, 900), readAt(60, 1000)}
	back := []Movement{moved(33, "a", 100)}
	assert.Equal(t, []Amount{-100}, amountsOf(Residuals(figures, back)), "only the debit is not explained")
	assert.Equal(t, amountsOf(Residuals(figures, back)), amountsOf(Residuals(figures, append(back, moved(-1000, "b", -5)))), "whatever else moved long before")
}

func amountsOf(all []Residual) (amounts []Amount) {
	for _, r := range all {
		amounts = append(amounts, r.Amount)
	}
	return amounts
}

// What is found later explains its window as if it had always been known.
func TestAResidualIsExplainedLater(t *testing.T) {
	figures := []Figure{readAt(0, 1000), readAt(60, 900), readAt(120, 900)}
	assert.Len(t, Residuals(figures, nil), 1)
	assert.Empty(t, Residuals(figures, []Movement{moved(45, "found at last", -100)}))
}

// account is the truth of one at Plexy, and what becomes known of it.
type account struct {
	*rapid.T
	skew    time.Duration // of Plexy's clock
	amounts func() Amount
	moves   []Movement // the truth, by our clock
	figures []Figure
	known   []Movement
	start   Amount
}

func (a *account) plexy(t time.Time) time.Time { return t.Add(a.skew).Truncate(time.Second) }

// balance is the truth at a moment, by our clock.
func (a *account) balance(at time.Time) Amount {
	sum := a.start
	for _, m := range a.moves {
		if !m.From.After(at) {
			sum += m.Amount
		}
	}
	return sum
}

// event is something that is kept here at a time.
type event struct {
	at   time.Time
	keep func(*account)
}

// live lets random things happen for two hours and reads the balance as the
// program does. hidden are movements that nobody is told of.
func live(t *rapid.T, hidden ...Movement) *account {
	a := &account{T: t, start: 1_000_000_00, moves: hidden}
	a.skew = time.Duration(rapid.IntRange(-240, 240).Draw(t, "skew")) * time.Second
	a.amounts = func() Amount { return Amount(rapid.IntRange(1, 50).Draw(t, "amount")) * 100 }
	var events []event
	now := midday.Add(time.Minute)
	for i := range rapid.IntRange(0, 25).Draw(t, "payments") {
		now = now.Add(time.Duration(rapid.IntRange(0, 600_000).Draw(t, "pause")) * time.Millisecond)
		ready, kept := a.pay(strconv.Itoa(i), now)
		events, now = append(events, kept...), ready
	}
	// It begins and ends quietly: what is near the only reading is open for ever.
	at := midday.Add(-15 * time.Minute)
	for at.Before(now.Add(40 * time.Minute)) {
		events = append(events, a.reading(at))
		at = at.Add(time.Duration(rapid.IntRange(20_000, 240_000).Draw(t, "poll")) * time.Millisecond)
	}
	slices.SortStableFunc(events, func(x, y event) int { return x.at.Compare(y.at) })
	for _, e := range events {
		e.keep(a)
	}
	return a
}

// pay lets one payment happen: ours, whose answer comes or is lost, or one made
// elsewhere; it may fail later. ready is when the sender is free again.
func (a *account) pay(id string, begun time.Time) (ready time.Time, events []event) {
	amount := a.amounts()
	executed := begun.Add(time.Duration(rapid.IntRange(1, 5_000).Draw(a.T, "executes")) * time.Millisecond)
	ended := executed.Add(time.Duration(rapid.IntRange(1, 5_000).Draw(a.T, "answers")) * time.Millisecond)
	a.moves = append(a.moves, Movement{Of: id, Amount: -amount, From: executed, To: executed})
	told := a.plexy(executed)
	a.known = append(a.known, Movement{Of: id, Amount: -amount, From: told, To: told})
	if rapid.Bool().Draw(a.T, "answered") {
		events = append(events, event{ended, func(a *account) {
			after := a.balance(executed)
			before := after + amount
			a.figures = append(a.figures, Figure{Amount: after, At: ended, CheckedAt: ended, PlexyAt: told, Of: id, Before: &before})
		}})
	}
	if rapid.IntRange(0, 4).Draw(a.T, "fails") == 0 {
		back := executed.Add(time.Duration(rapid.IntRange(1, 1_200_000).Draw(a.T, "after")) * time.Millisecond)
		a.moves = append(a.moves, Movement{Of: id, Amount: amount, From: back, To: back})
		a.known = append(a.known, Movement{Of: id, Amount: amount, From: a.plexy(back), To: a.plexy(back)})
	}
	return ended, events
}

// reading is kept as store.KeepBalance keeps it: a new row only when the figure
// is another one.
func (a *account) reading(begun time.Time) event {
	worked := begun.Add(time.Duration(rapid.IntRange(0, 3_000).Draw(a.T, "works")) * time.Millisecond)
	kept := worked.Add(time.Duration(rapid.IntRange(0, 3_000).Draw(a.T, "keeps")) * time.Millisecond)
	tells := rapid.SampledFrom([]string{"nothing", "now", "last change"}).Draw(a.T, "tells")
	return event{kept, func(a *account) {
		figure := a.balance(worked)
		told := a.told(tells, worked)
		if last := len(a.figures) - 1; last >= 0 && a.figures[last].Amount == figure {
			a.figures[last].CheckedAt, a.figures[last].PlexyAt = kept, told
			return
		}
		a.figures = append(a.figures, Figure{Amount: figure, At: kept, CheckedAt: kept, PlexyAt: told})
	}}
}

func (a *account) told(how string, worked time.Time) time.Time {
	switch how {
	case "now":
		return a.plexy(worked)
	case "last change":
		last := midday.Add(-time.Hour) // long before
		for _, m := range a.moves {
			if !m.From.After(worked) && m.From.After(last) {
				last = m.From
			}
		}
		return a.plexy(last)
	}
	return time.Time{}
}

func TestWhatIsKnownLeavesNoResidual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := live(t)
		assert.Empty(t, Residuals(a.figures, a.known))
	})
}

func TestOneHiddenMovementIsOneResidual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := midday.Add(time.Duration(rapid.IntRange(10_000, 1_000_000).Draw(t, "hidden at")) * time.Millisecond)
		amount := Amount(rapid.IntRange(-10_000, 10_000).Draw(t, "hidden"))*100 + 1 // no sum of the others
		a := live(t, Movement{Amount: amount, From: at, To: at})
		found := Residuals(a.figures, a.known)
		if assert.Len(t, found, 1) {
			assert.Equal(t, amount, found[0].Amount)
			assert.False(t, at.Before(found[0].From) || at.After(found[0].To), "%s is not within %s and %s", at, found[0].From, found[0].To)
		}
	})
}

// next lets the days of b follow those of a; the last figure of a holds over night.
func (a *account) next(b *account) {
	const night = 24 * time.Hour
	end := len(a.figures) - 1
	offset := a.figures[end].Amount - b.figures[0].Amount
	moved := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.Add(night)
	}
	for i, f := range b.figures {
		f.Amount, f.At, f.CheckedAt, f.PlexyAt = f.Amount+offset, moved(f.At), moved(f.CheckedAt), moved(f.PlexyAt)
		if f.Before != nil {
			f.Before = new(*f.Before + offset)
		}
		if f.Of != "" {
			f.Of = "next " + f.Of
		}
		if i == 0 {
			a.figures[end].CheckedAt, a.figures[end].PlexyAt = f.CheckedAt, f.PlexyAt
			continue
		}
		a.figures = append(a.figures, f)
	}
	for _, m := range b.known {
		a.known = append(a.known, Movement{Of: "next " + m.Of, Amount: m.Amount, From: moved(m.From), To: moved(m.To)})
	}
}

// What is on either side of a cut does not depend on the other.
func TestTheLedgerMayBeCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hidden := func(name string) []Movement {
			at := midday.Add(time.Duration(rapid.IntRange(10_000, 1_000_000).Draw(t, name)) * time.Millisecond)
			return []Movement{{Amount: 1, From: at, To: at}}[:rapid.IntRange(0, 1).Draw(t, "is "+name)]
		}
		a := live(t, hidden("hidden")...)
		a.next(live(t, hidden("hidden the next day")...))
		cut, ok := LastCut(a.figures, a.known, midday.Add(100*time.Hour))
		require.True(t, ok)
		assert.Equal(t, Residuals(a.figures, a.known),
			append(Residuals(cut.Before(a.figures), a.known), Residuals(cut.After(a.figures), a.known)...))
	})
}

func TestACutNeedsAQuietFigure(t *testing.T) {
	at := func(minutes int) time.Time { return midday.Add(time.Duration(minutes) * time.Minute) }
	figures := []Figure{{At: at(0), CheckedAt: at(60)}, {At: at(61), CheckedAt: at(200)}, {At: at(201), CheckedAt: at(210)}}
	for name, c := range map[string]struct {
		movements []Movement
		then      time.Time
		want      Cut
		ok        bool
	}{
		"the newest that held":       {nil, at(300), Cut{1, at(61).Add(139 * time.Minute / 2)}, true},
		"before then":                {nil, at(100), Cut{0, at(30)}, true},
		"none held":                  {nil, at(20), Cut{}, false},
		"a payment was on its way":   {[]Movement{{From: at(70), To: at(180)}}, at(300), Cut{0, at(30)}, true},
		"one came shortly before":    {[]Movement{{From: at(127), To: at(127)}}, at(300), Cut{0, at(30)}, true},
		"one came long enough after": {[]Movement{{From: at(150), To: at(150)}}, at(300), Cut{1, at(61).Add(139 * time.Minute / 2)}, true},
	} {
		got, ok := LastCut(figures, c.movements, c.then)
		assert.Equal(t, c.ok, ok, name)
		assert.Equal(t, c.want, got, name)
	}
}
