package distributions

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/layout"
)

// Doubt is everything that is known about an outcome that nobody knows, and
// what people may do about it. Times are UTC.
type Doubt struct {
	Attempts     []DoubtAttempt // newest first
	Sweeps       []Sweep        // newest first
	MoreSweeps   int            // that are not listed
	Missing      int            // sweeps that count towards not found
	Similar      []Similar      // nearest in time first
	NothingNewer bool           // the last sweep saw nothing that Plexy accepted later
	Offers       []Offer        // none while a proposal is open, or when the role may not
}

// DoubtAttempt is one try to send with what is known about it.
type DoubtAttempt struct {
	Attempt
	Answer        *Answer // nil: not a byte came back
	Bytes         int     // of the whole answer
	BalanceBefore *distribution.Amount
	BalanceAfter  *distribution.Amount
}

// Sweep is what one walk through Plexy's whole list says.
type Sweep struct {
	N           int // of those that looked for this one, from one
	StartedAt   time.Time
	Pages       int
	Items       int
	Error       string // code of why it broke off; may be empty
	Verdict     distribution.SweepVerdict
	Why         string // of an inconclusive one
	AfterWindow bool   // only such a one counts
	Older       distribution.Control
	Newer       distribution.Control
}

// Counted reports that the sweep counts towards not found.
func (s Sweep) Counted() bool { return s.Verdict == distribution.SweepMissed && s.AfterWindow }

// Similar is a row of Plexy that may be the payment under another reference.
type Similar struct {
	D        distribution.Distribution
	Linkable bool // the same account, as far as Plexy tells one
}

// Offer is a decision that the person may propose, or may propose later.
type Offer struct {
	Kind distribution.DecisionKind
	Wait Wait      // empty: now
	From time.Time // of WaitWindow and WaitTicket
	Have int       // of WaitSweeps
}

// Wait says what a decision has to wait for. It is a message key without its
// "doubt.wait." prefix.
type Wait string

// What a decision waits for.
const (
	WaitWindow  Wait = "window"     // the settle window, and then the sweeps
	WaitSweeps  Wait = "sweeps"     // the window is over, sweeps are missing
	WaitTicket  Wait = "ticket"     // the settle window
	WaitSimilar Wait = "no_similar" // nothing to pick
)

// Alarm is something that somebody must have seen, or has seen.
type Alarm struct {
	Kind   distribution.AlarmKind
	At     time.Time
	Seen   string    // who acknowledged it; empty: nobody yet
	SeenAt time.Time // UTC
	Note   string
}

// ResolutionProps of GET /distributions/{id}/resolution: one form for each kind
// of decision.
type ResolutionProps struct {
	Chrome   layout.Chrome
	D        distribution.Distribution
	Bank     distribution.Bank
	Kind     distribution.DecisionKind
	Mismatch *Mismatch // of ours and not_ours
	Twin     *Ref      // of override: the payment under way
	Similar  []Similar // of link: those that fit

	// As typed, with a message key of what is wrong beside each.
	Reason, Ticket, PlexyID                  string
	ReasonProblem, TicketProblem, RowProblem string
}

// AcknowledgementProps of GET /distributions/{id}/acknowledgement.
type AcknowledgementProps struct {
	Chrome  layout.Chrome
	D       distribution.Distribution
	Alarms  []Alarm // open ones, newest first
	Note    string  // as typed
	Problem string  // message key; empty: none
}
