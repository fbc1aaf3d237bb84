package storetest

import (
	"sync"
	"time"
)

// Clock stands still until it is moved. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock shows 12:00 in Almaty on Monday, 23 November 2026 (07:00 UTC).
func NewClock() *Clock { return &Clock{at: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)} }

// Now is what it shows, UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves it on, and back for a negative step.
func (c *Clock) Advance(step time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(step)
}
