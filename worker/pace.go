package worker

import (
	"time"

	"plexydash/store"
)

// pace holds the sender back after attempts that came to nothing. It lives in
// memory: what a new start must not forget is in the database.
type pace struct {
	unknowns int // in a row
	unsent   int // in a row
	barred   int // in a row: Plexy did not take our key
	until    time.Time
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
)

// note counts an outcome and returns until when nothing more may be sent.
func (p *pace) note(now time.Time, outcome store.Outcome, barred bool, retryAfter time.Duration) time.Time {
	p.barred++
	if !barred {
		p.barred = 0
	}
	switch outcome {
	case store.OutcomeUnknown:
		p.unknowns++
		p.unsent = 0
	case store.OutcomeNotSent:
		p.unsent++
	case store.OutcomeOK, store.OutcomeDiffers, store.OutcomeRefused:
		p.unknowns, p.unsent = 0, 0
	}
	wait := max(
		doubled(p.unknowns-unknownsBeforeWait+1, firstWait, longestUnknown),
		doubled(p.unsent, firstWait, longestUnsent),
		doubled(p.barred-1, firstBarred, longestBarred),
		retryAfter,
	)
	p.until = now.Add(wait)
	return p.until
}
