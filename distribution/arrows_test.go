package distribution

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const goldenArrows = "testdata/arrows.golden"

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write "+goldenArrows+" from the code")
	simulatorFlags()
	os.Exit(m.Run())
}

// step is one line of the golden table.
type step struct {
	from  Status
	event EventKind
	to    Status
}

func TestArrowsAreTheGoldenOnes(t *testing.T) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, a := range Arrows() {
		for _, to := range a.To {
			fmt.Fprintf(w, "%s\t%s\t%s\n", a.From, a.Event, to)
		}
	}
	require.NoError(t, w.Flush())
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.WriteFile(goldenArrows, b.Bytes(), 0o644))
	}
	want, err := os.ReadFile(goldenArrows)
	require.NoError(t, err)
	assert.Equal(t, string(want), b.String(), "review the change, then: go test ./distribution -run Arrows -update")
}

func readArrows(t *testing.T) map[step]bool {
	t.Helper()
	text, err := os.ReadFile(goldenArrows)
	require.NoError(t, err)
	steps := map[step]bool{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		require.Len(t, f, 3, line)
		s := step{Status(f[0]), EventKind(f[1]), Status(f[2])}
		require.False(t, steps[s], "twice: %s", line)
		steps[s] = true
	}
	return steps
}

func TestCanMoveExactlyAlongTheGoldenArrows(t *testing.T) {
	golden := readArrows(t)
	kinds := slices.Collect(maps.Values(constants[EventKind](t, "EventKind")))
	require.Len(t, kinds, 29)
	allowed := 0
	for _, from := range Statuses() {
		for _, kind := range kinds {
			leaves := false
			for _, to := range Statuses() {
				want := golden[step{from, kind, to}]
				assert.Equal(t, want, CanMove(from, kind, to), "%s %s %s", from, kind, to)
				leaves = leaves || want
				if want {
					allowed++
				}
			}
			assert.Equal(t, leaves, Leaves(from, kind), "%s %s", from, kind)
		}
	}
	assert.Len(t, golden, allowed, "the golden table names a state or an event that does not exist")
}

func TestEveryEventHasAnArrow(t *testing.T) {
	used := map[EventKind]bool{EventCreated: true, EventNoted: true, EventAcknowledged: true} // from nowhere, and to nowhere
	for s := range readArrows(t) {
		require.NotContains(t, []EventKind{EventCreated, EventNoted, EventAcknowledged}, s.event)
		used[s.event] = true
	}
	assert.ElementsMatch(t, slices.Collect(maps.Values(constants[EventKind](t, "EventKind"))), sortedKeys(used))
}

func TestEveryStateIsReachedFromDraft(t *testing.T) {
	reached := map[Status]bool{Draft: true}
	for grown := true; grown; {
		grown = false
		for s := range readArrows(t) {
			if reached[s.from] && !reached[s.to] {
				reached[s.to], grown = true, true
			}
		}
	}
	assert.ElementsMatch(t, Statuses(), sortedKeys(reached))
}

func TestOnlyCancelledIsFinal(t *testing.T) {
	exits := map[Status]int{}
	for s := range readArrows(t) {
		exits[s.from]++
	}
	for _, s := range Statuses() {
		assert.Equal(t, s == Cancelled, exits[s] == 0, s)
	}
}

// Only Plexy's own words, sweeps and two people lead out of a state in which
// money may have moved, and only a claim leads into sending.
func TestMoneyMovesOnlyThroughAClaim(t *testing.T) {
	for s := range readArrows(t) {
		if s.to == Sending {
			assert.Equal(t, step{Queued, EventClaimed, Sending}, s)
		}
		if s.from == Unknown {
			assert.Contains(t, []EventKind{EventFound, EventFoundDiffers, EventMissed, EventLinked, EventDoubted}, s.event)
		}
		if s.from == NotFound {
			assert.Contains(t, []EventKind{EventFound, EventFoundDiffers, EventLinked, EventResent, EventAbandoned, EventDoubted}, s.event)
		}
		if s.to == Queued && s.from != Queued {
			assert.Contains(t, []EventKind{EventSubmitted, EventApproved, EventNotSent, EventResent}, s.event)
		}
	}
}

func TestRegression(t *testing.T) {
	forward := map[Status][]Status{
		Accepted:   {Processing, Paid, Failed},
		Processing: {Paid, Failed, Returned},
		Paid:       {Returned},
		Failed:     {},
		Returned:   {},
	}
	for from, ahead := range forward {
		for to := range forward {
			if from != to {
				assert.Equal(t, !slices.Contains(ahead, to), Regression(from, to), "%s to %s", from, to)
			}
		}
	}
	for _, s := range Statuses() {
		if !s.AtPlexy() {
			assert.False(t, Regression(s, Accepted), s)
		}
	}
}
