package worker

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"plexydash/plexyclient"
	"plexydash/store"
)

// clock watches the clock of this machine against time that passes, and against
// Plexy's. While it is in doubt nothing is sent: ages and windows mean nothing.
// A whole round of reads begun later, whose dates agree, ends the doubt.
type clock struct {
	db      *store.DB
	passing func() time.Time

	mu         sync.Mutex
	wall, seen time.Time // what the clock showed at the last look, and when that was
	doubted    time.Time // when this run found its newest reason for doubt
	odd        string    // what Plexy's date showed that is not yet written down; empty: nothing
	agreed     time.Time // when the last answer came whose date agrees
	read       time.Time // when the last good round of reads began
	searched   time.Time // when the last good search for unknown ones began
}

func newClock(c Config) *clock {
	watch := &clock{db: c.DB, passing: c.Passing}
	if watch.passing == nil {
		watch.passing = time.Now
	}
	return watch
}

const (
	largestStep   = time.Minute     // of the clock against time that passes
	largestOffset = 5 * time.Minute // of the clock against Plexy's
)

// start looks for traces of a future, in which an earlier run has written, and
// doubts the clock when there are any. What an earlier run doubted is doubted
// still; any round of this run may end it.
func (c *clock) start(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wall, c.seen = c.db.Now(), c.passing()
	newest, err := c.db.LastWritten(ctx)
	if err != nil {
		return err
	}
	stopped, err := c.stopped(ctx)
	if err != nil || !stopped && newest.Sub(c.wall) <= largestStep {
		return err
	}
	return c.db.DoubtClock(ctx, senderActor(),
		fmt.Sprintf("the clock shows %s, and something was written at %s", shownTime(c.wall), shownTime(newest)), store.Jump{})
}

func (c *clock) stopped(ctx context.Context) (bool, error) {
	stops, err := c.db.Stops(ctx)
	return slices.ContainsFunc(stops, func(s store.Stop) bool { return s.Kind == store.StopClock }), err
}

// look compares, and stops or starts all sending when the comparison changed. A
// stop that cannot be written is found again at the next look.
func (c *clock) look(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.lookForStep(ctx); err != nil {
		return err
	}
	stopped, err := c.stopped(ctx)
	switch {
	case err != nil:
		return err
	case c.odd != "" && !stopped:
		err = c.db.DoubtClock(ctx, senderActor(), c.odd, store.Jump{})
	case stopped:
		err = c.lift(ctx)
	}
	if err == nil {
		c.odd = ""
	}
	return err
}

func (c *clock) lookForStep(ctx context.Context) error {
	wall, now := c.db.Now(), c.passing()
	if c.seen.IsZero() {
		c.wall, c.seen = wall, now
	}
	passed := now.Sub(c.seen)
	step := wall.Sub(c.wall) - passed
	if step.Abs() > largestStep {
		found := fmt.Sprintf("the clock moved by %s and shows %s", step.Round(time.Second), shownTime(wall))
		if err := c.db.DoubtClock(ctx, senderActor(), found, store.Jump{Step: step, From: wall.Add(-passed)}); err != nil {
			return err
		}
		c.doubted = time.Now()
	}
	c.wall, c.seen = wall, now
	return nil
}

func (c *clock) lift(ctx context.Context) error {
	if !c.read.After(c.doubted) || c.agreed.Before(c.read) {
		return nil
	}
	unknown, err := c.db.AnyUnknown(ctx)
	if err != nil || unknown && !c.searched.After(c.doubted) {
		return err
	}
	return c.db.Lift(ctx, senderActor(), store.StopClock, "")
}

// answered holds Plexy's date against the clock. An answer without one says
// nothing.
func (c *clock) answered(a plexyclient.Answer) {
	if a.Date.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := c.db.Now()
	if wall.Sub(a.Date).Abs() <= largestOffset {
		c.agreed = time.Now()
		return
	}
	c.doubted = time.Now()
	c.odd = fmt.Sprintf("the clock shows %s, and Plexy's %s", shownTime(wall), shownTime(a.Date))
}

// wholeRound notes a good round of reads, and when it began.
func (c *clock) wholeRound(began time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = began
}

// wholeSearch is wholeRound for a search for unknown ones.
func (c *clock) wholeSearch(began time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.searched = began
}

func shownTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
