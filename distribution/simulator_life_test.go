package distribution

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"time"
)

// What the model takes for granted about Plexy. A world in which one of these
// does not hold needs a longer settle window, and no program could know.
const (
	slowest = 20 * time.Hour      // from the POST to the latest execution, unless Plexy knows a repetition for one
	lag     = 2 * time.Hour       // from the execution to its place in the list
	storm   = 10 * 24 * time.Hour // faults end then
	horizon = 90 * 24 * time.Hour // everything must be settled by then
)

// life is one simulated payment. row, open and what hangs on them are the
// database: they survive a crash.
type life struct {
	seed   uint64
	rng    *rand.Rand
	policy policy
	tell   func(format string, args ...any)
	faults map[string]int
	rough  int // per mille of the steps that go wrong in the storm

	born, now time.Time
	plexy     *plexyModel

	row          *Distribution
	open         bool // an attempt is
	firstAttempt time.Time
	lastEnd      time.Time                // of an attempt
	mirror       map[string]*Distribution // rows of Plexy that are not ours, by id
	disowned     map[string]bool
	sweeps       []sweptOnce // since the outcome became unknown
	looks        int
	decision     *Decision // that waits for a second person
	copied       bool      // the maker made a corrected copy of a refused one

	steps  map[step]bool // arrows taken
	broken string        // the first promise that a change broke
}

func newLife(seed uint64, p policy, c Content, tell func(string, ...any)) *life {
	rng := rand.New(rand.NewPCG(seed, 0x5eed)) //nolint:gosec // must replay
	l := &life{
		seed: seed, rng: rng, policy: p, tell: tell, faults: map[string]int{},
		born: noon(), now: noon(), mirror: map[string]*Distribution{}, disowned: map[string]bool{}, steps: map[step]bool{},
	}
	l.rough = []int{20, 150, 500}[rng.IntN(3)]
	c.OrderReference = fmt.Sprintf("SIM-%d", seed)
	d, _, err := New(maker(), fmt.Sprintf("ours-%d", seed), c, nil, l.now)
	if err != nil {
		panic(err)
	}
	l.row = &d
	l.plexy = newPlexy(l)
	return l
}

func (l *life) chance(perMille int) bool { return l.rng.IntN(1000) < perMille }

// strikes draws one fault of the storm.
func (l *life) strikes(perMille int) bool {
	return l.now.Before(l.born.Add(storm)) && l.chance(perMille)
}

func (l *life) upTo(d time.Duration) time.Duration { return time.Duration(l.rng.Int64N(int64(d))) }

// note counts what struck or was done, and tells it in a replay.
func (l *life) note(what string) {
	l.faults[what]++
	if l.tell != nil {
		l.tell("%s  %s", l.now.Sub(l.born).String(), what)
	}
}

// commit is one transaction: the rule's change is written whole or not at all.
func (l *life) commit(do func(d *Distribution) (Event, error)) error {
	d := *l.row
	e, err := do(&d)
	if err != nil {
		return err
	}
	d.Version++
	l.steps[step{e.From, e.Kind, e.To}] = true
	l.watch(&d, e)
	if e.From != e.To {
		l.decision = nil // a proposal is about a state
	}
	if d.Status == Unknown && e.From != Unknown {
		l.sweeps, l.looks = nil, 0
	}
	l.row = &d
	if l.tell != nil {
		l.tell("%s  %s: %s, %s %s", l.now.Sub(l.born).String(), string(e.Kind), string(d.Status), e.Reason, string(e.Alarm))
	}
	return nil
}

// watch holds a change against what must be true at every moment.
func (l *life) watch(after *Distribution, e Event) {
	before := l.row
	found := before.Status != Mismatch && !before.Status.AtPlexy() && after.Status.AtPlexy()
	switch {
	case before.Attempts > 0 && before.Content != after.Content && l.policy != changesReference:
		l.breaks("content changed after an attempt")
	case after.Attempts > 0 && (after.Status == Draft || after.Status == Cancelled):
		l.breaks("one that was sent counts as never sent")
	case after.Status == Sending && before.Status != Queued:
		l.breaks("sent from elsewhere than the queue")
	case after.Status == Refused && before.Attempts > 1 && l.policy != believesLaterNo:
		l.breaks("a later attempt was refused")
	case found && !l.plexy.paysAsAsked(after):
		l.breaks("another payment counts as ours though nobody decided so")
	case found && (before.Status == Refused || before.Status == Abandoned) && e.Alarm != AlarmFoundLate:
		l.breaks("one that counted as not sent was found, and nobody is told")
	}
}

// breaks keeps the first promise that was broken.
func (l *life) breaks(promise string) { l.broken = cmp.Or(l.broken, promise) }

// must is a change that the rules have to allow.
func (l *life) must(do func(d *Distribution) (Event, error)) {
	if err := l.commit(do); err != nil {
		panic(fmt.Sprintf("seed %d, %s: %v", l.seed, l.row.Status, err))
	}
}

// live runs the payment to its end and says what is wrong with it, or nothing.
func (l *life) live() string {
	l.must(func(d *Distribution) (Event, error) { return d.Submit(maker(), noApproval(), l.now) })
	for n := 0; l.now.Before(l.born.Add(horizon)) && !l.over(); n++ {
		l.send()
		l.reconcile()
		for range 3 {
			l.people()
		}
		l.now = l.now.Add(l.pause(n))
	}
	return l.verdict()
}

// pause is minutes first and hours later; one that Plexy works on is read when
// there is something new.
func (l *life) pause(n int) time.Duration {
	if next := l.plexy.nextWord(l.now); l.row.Status.AtPlexy() && !next.IsZero() {
		return next.Sub(l.now)
	}
	return LookDelay(n) + l.upTo(min(time.Duration(n)*10*time.Minute, 5*time.Hour)+1)
}

// over reports that nothing can happen any more.
func (l *life) over() bool {
	if l.open || l.decision != nil || l.plexy.stirs(l.now) {
		return false
	}
	made := l.plexy.made()
	if len(made) == 0 {
		return l.row.Status == Refused && (l.copied || l.plexy.lied) || l.row.Status == Abandoned || l.row.Status == Cancelled
	}
	return len(made) == 1 && l.row.Status == made[0].status()
}

// verdict holds the row against Plexy's books.
func (l *life) verdict() string {
	made := l.plexy.made()
	payments := len(made)
	if l.copied {
		payments++
	}
	switch {
	case l.broken != "":
		return l.broken
	case payments > 1:
		return "double"
	case l.row.Status == Refused, l.row.Status == Abandoned, l.row.Status == Cancelled, l.row.Status == Draft:
		if len(made) > 0 {
			return "lost"
		}
		if l.row.Status == Draft {
			return "unresolved"
		}
		return ""
	case !l.row.Status.AtPlexy():
		return "unresolved"
	case len(made) == 0, l.row.PlexyID != made[0].id:
		return "wrong payment"
	case l.row.Status != made[0].status():
		return "wrong status"
	}
	return ""
}
