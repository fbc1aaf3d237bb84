package components

import (
	"net/url"
	"time"

	"plexydash/distribution"
)

// Balance is what the agent has at Plexy, as last read. Amounts are tiyn.
type Balance struct {
	State     FreshState          // Never: nothing was read, and no figure is shown
	Free      distribution.Amount // free to commit: Available less Held
	Available distribution.Amount // as Plexy told it
	Held      []Held              // why Free is less than Available; may be empty
	At        time.Time           // UTC, of the reading
	PlexyAt   time.Time           // UTC, of the figure by Plexy's clock; zero: it told none
	Since     time.Time           // UTC, of the first failed read; only for Failed
	Now       time.Time           // UTC
	OfID      string              // of the one whose answer told Available; empty: it was read
	Reference string              // of that one
}

// Held is money that is spoken for but not gone.
type Held struct {
	Kind     HeldKind
	Statuses []distribution.Status
	Count    int
	Amount   distribution.Amount
}

// HeldKind names a part of what is held.
type HeldKind string

// Parts of what is held.
const (
	HeldAwaiting  HeldKind = "awaiting"  // waits for approval
	HeldQueued    HeldKind = "queued"    // queued or being sent
	HeldUncertain HeldKind = "uncertain" // unknown, not_found, mismatch
)

// list is the address of what is held.
func (h Held) list() string {
	v := url.Values{"origin": {string(distribution.FromDashboard)}}
	for _, s := range h.Statuses {
		v.Add("status", string(s))
	}
	return "/distributions?" + v.Encode()
}

// After is what is left of Free when amount is spent too; it may be negative.
func (b Balance) After(amount distribution.Amount) distribution.Amount { return b.Free - amount }
