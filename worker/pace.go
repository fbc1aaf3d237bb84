package worker

import (
	"time"

	"plexydash/store"
)

// pace holds the sender back after attempts that came to nothing. A copy is in
// the database, so that a new start goes on where the last run stood.
type pace struct {
	store.Pace
	until time.Time // SendAfter by the monotonic clock: a clock that jumps shortens no wait
}

// Waits between attempts.
const (
	unknownsBeforeWait = 3
	firstWait          = time.Second
	longestUnknown     = time.Minute
	longestUnsent      = 5 * time.Minute
	// A key that may read and not create would have every queued one refused, one
	// after each good read.
	firstBarred   = time.Minute
	longestBarred = time.Hour
	// longestAsked is the longest Retry-After that the client reads.
	longestAsked = 24 * time.Hour
)

// resume goes on with what an earlier run left; wall is what the clock shows.
func (p *pace) resume(left store.Pace, wall time.Time) {
	p.Pace = left
	p.until = time.Now().Add(min(left.SendAfter.Sub(wall), longestAsked))
}

// note counts an outcome. changed says that the copy in the database is old.
func (p *pace) note(wall time.Time, outcome store.Outcome, barred bool, retryAfter time.Duration) (changed bool) {
	before := p.Pace
	p.Barred++
	if !barred {
		p.Barred = 0
	}
	switch outcome {
	case store.OutcomeUnknown:
		p.Unknowns++
		p.Unsent = 0
	case store.OutcomeNotSent:
		p.Unsent++
	case store.OutcomeOK, store.OutcomeDiffers, store.OutcomeRefused:
		p.Unknowns, p.Unsent = 0, 0
	}
	wait := max(
		doubled(p.Unknowns-unknownsBeforeWait+1, firstWait, longestUnknown),
		doubled(p.Unsent, firstWait, longestUnsent),
		doubled(p.Barred-1, firstBarred, longestBarred),
		retryAfter,
	)
	p.SendAfter = time.Time{}
	if wait > 0 {
		p.SendAfter = wall.Add(wait)
	}
	p.until = time.Now().Add(wait)
	return p.Pace != before
}
