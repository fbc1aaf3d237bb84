package distribution

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The simulator lives many payments through a storm: crashes, lost answers, late
// executions, lists that lag and hide, people who decide in pairs. The rules are
// the production ones; Plexy, the database, the clock and the people are models,
// and so is what the worker does around the rules, since this package must not
// know it. Plexy's own books are the truth that each payment is held against.
//
//	go test ./distribution -run Simulator -v -sim.payments=1000000
//	go test ./distribution -run Simulator -v -sim.seed=N    (one payment, told step by step)

// policy is how the program and the people behave. The zero one is ours; each
// other is a mistake that the simulator must catch.
type policy string

const (
	asDecided            policy = ""
	retriesOn5xx         policy = "sends again by itself after a 5xx"
	waitsTooShort        policy = "settle window shorter than the slowest late execution"
	believesLaterNo      policy = "takes the refusal of a second attempt at its word"
	wantsOlderOnly       policy = "a sweep needs no newer control"
	wantsNewerOnly       policy = "a sweep needs no older control"
	believesUnprovenEnds policy = "a sweep counts though its end is not proven"
	changesReference     policy = "resends under a new reference"
	startsOver           policy = "a start sends again what it finds open"

	// What the rules cannot know of: a list that stands still from a moment between
	// the attempt and its late execution. A newer control accepted after the settle
	// window would tell.
	harshList                policy = "the list stops between the attempt and its late execution"
	harshListWithLateControl policy = "the same, and the newer control is later than the settle window"
)

func simulatorFlags() {
	flag.Int("sim.payments", 20_000, "how many payments the simulator lives through")
	flag.Uint64("sim.seed", 0, "live through this one payment only")
}

func flagValue[T any](t testing.TB, name string) T {
	t.Helper()
	getter, ok := flag.Lookup(name).Value.(flag.Getter)
	require.True(t, ok)
	value, ok := getter.Get().(T)
	require.True(t, ok)
	return value
}

func TestSimulator(t *testing.T) {
	if seed := flagValue[uint64](t, "sim.seed"); seed != 0 {
		l := newLife(seed, asDecided, documentedContent(t), t.Logf)
		require.Empty(t, l.live(), "seed %d", seed)
		return
	}
	payments := flagValue[int](t, "sim.payments")
	first := rand.Uint64()>>16 + 1
	started := time.Now()
	r := simulate(documentedContent(t), asDecided, first, payments)
	took := time.Since(started)
	t.Logf("%d payments, seeds %d to %d, in %s: %d/s", payments, first, first+uint64(payments)-1,
		took.Round(time.Millisecond), int64(payments)*int64(time.Second)/max(1, int64(took)))
	r.report(t)
	for seed, wrong := range r.failed {
		t.Errorf("seed %d: %s; replay with -run Simulator -v -sim.seed=%d", seed, wrong, seed)
	}
	if payments >= 20_000 {
		r.struck(t)
	}
}

// result is what many lives came to.
type result struct {
	failed map[uint64]string // by seed
	faults map[string]int    // what struck, or was done, how often
	ends   map[Status]int
	steps  map[step]int // arrows, by how many payments took them
}

func newResult() *result {
	return &result{failed: map[uint64]string{}, faults: map[string]int{}, ends: map[Status]int{}, steps: map[step]int{}}
}

func (r *result) add(l *life, wrong string) {
	if wrong != "" {
		r.failed[l.seed] = wrong
	}
	for name, n := range l.faults {
		r.faults[name] += n
	}
	for s := range l.steps {
		r.steps[s]++
	}
	r.ends[l.row.Status]++
}

func (r *result) report(t *testing.T) {
	t.Helper()
	kinds := map[string]int{"double": 0, "lost": 0, "wrong payment": 0, "wrong status": 0, "unresolved": 0}
	for _, wrong := range r.failed {
		kinds[wrong]++
	}
	t.Logf("outcome: %v", kinds)
	t.Logf("ends: %v", r.ends)
	taken, never := 0, []string{}
	for s := range readArrows(t) {
		switch {
		case r.steps[s] > 0:
			taken++
		case !slices.Contains([]Status{Draft, AwaitingApproval, Declined}, s.from):
			never = append(never, fmt.Sprint(s))
		}
	}
	slices.Sort(never)
	t.Logf("arrows taken: %d; after the queue never: %v", taken, never)
	all := 0
	for _, name := range slices.Sorted(maps.Keys(r.faults)) {
		t.Logf("%9d  %s", r.faults[name], name)
		all += r.faults[name]
	}
	t.Logf("%9d  faults and acts in all", all)
}

// struck asserts that the storm was one: every fault and act that comes up now and
// then did, and every end was reached.
func (r *result) struck(t *testing.T) {
	t.Helper()
	for _, end := range []Status{Paid, Failed, Returned, Refused, Abandoned, Cancelled} {
		assert.NotZero(t, r.ends[end], "no payment ends %s", end)
	}
	for _, fault := range []string{
		"no connection", "connection lost before the execution", "connection lost after the execution", "5xx, not executed", "5xx, executed",
		"no answer, never executed", "no answer, executed late", "throttled", "redirected", "truncated 201", "executed, then refused: exists already",
		"refused though executed, and nobody copies it", "executed without our reference", "executed with another amount or account",
		"held back for days, executed at last", "refused by Plexy's check", "Plexy takes steps back", "somebody uses our reference at Plexy",
		"crash before the claim is written", "claim fails though it is written", "crash between claim and POST", "list read while the attempt is open",
		"crash between answer and save", "save fails and is tried again", "crash while the save is tried again", "save fails though it is written",
		"claim refused: policy", "claim held: limit of the day", "withdrawn from the queue", "cancelled in the queue", "its maker lets a stale one go",
		standsStill, lastHours, samePage, endsEarly, seemsWhole, "pages shift, a row is passed over",
		"a walk through the list fails half-way", "a read by id fails",
		"sweep: missed ", "sweep: inconclusive no_end", "sweep: inconclusive no_older", "sweep: inconclusive no_newer",
		"confirmed: resend", "confirmed: close", "confirmed: link", "confirmed: ticket", "confirmed: ours", "confirmed: not_ours",
		"a proposal is refused", "a settlement is refused", "a proposal is stale", "the second person says no", "a link with a wrong row is refused",
	} {
		assert.NotZero(t, r.faults[fault], "never: %s", fault)
	}
}

// simulate lives through payments of consecutive seeds on all processors.
func simulate(content Content, p policy, first uint64, payments int) *result {
	total := newResult()
	var next atomic.Int64
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				n := next.Add(1) - 1
				if n >= int64(payments) {
					return
				}
				l := newLife(first+uint64(n), p, content, nil)
				wrong := l.live()
				mu.Lock()
				total.add(l, wrong)
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return total
}

// The simulator has teeth: it catches each of these within a moment.
func TestSimulatorCatchesMistakes(t *testing.T) {
	const first, patience = 1, 20_000
	for _, mistake := range []policy{
		retriesOn5xx, waitsTooShort, believesLaterNo, wantsOlderOnly, wantsNewerOnly, believesUnprovenEnds, changesReference,
		startsOver, harshList,
	} {
		t.Run(string(mistake), func(t *testing.T) {
			t.Parallel()
			for seed := uint64(first); seed < first+patience; seed++ {
				if wrong := newLife(seed, mistake, documentedContent(t), nil).live(); wrong != "" {
					without := asDecided
					if mistake == harshList {
						without = harshListWithLateControl
					}
					assert.Empty(t, newLife(seed, without, documentedContent(t), nil).live(), "without the mistake")
					t.Logf("%s: caught at payment %d: %s", mistake, seed-first+1, wrong)
					assert.Contains(t, []string{"double", "lost"}, wrong, "money is what the rule is there for")
					return
				}
			}
			t.Errorf("not caught in %d payments", patience)
		})
	}
}

func TestSimulatorWithALaterControlStandsAHarshList(t *testing.T) {
	assert.Empty(t, simulate(documentedContent(t), harshListWithLateControl, 1, 5_000).failed)
}

func TestSimulatorReplaysASeed(t *testing.T) {
	tell := func(seed uint64) (told []string) {
		l := newLife(seed, asDecided, documentedContent(t), func(format string, args ...any) {
			told = append(told, format)
			for _, a := range args {
				if s, ok := a.(string); ok {
					told = append(told, s)
				}
			}
		})
		l.live()
		return told
	}
	for seed := range uint64(20) {
		assert.Equal(t, tell(seed), tell(seed), seed)
	}
}
