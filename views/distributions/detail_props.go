package distributions

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/proposals"
)

// DetailProps of GET /distributions/{id}.
type DetailProps struct {
	Chrome   layout.Chrome
	Status   StatusProps
	Bank     distribution.Bank // of the recipient
	Code     string            // control code; empty for one made elsewhere
	Related  []Related
	Attempts []Attempt           // newest first
	Answers  []Answer            // last ones of Plexy, newest first
	Hash     string              // SHA-256 of the content, hex; empty for one made elsewhere
	Free     *components.Balance // what is free to commit, while it has not left; nil: it has
	NoteForm *NoteForm           // nil: the person adds none
}

// StatusProps is the part of the page that lives: the answer of
// GET /distributions/{id}/status.
type StatusProps struct {
	D              distribution.Distribution
	Now            time.Time // UTC
	Bank           distribution.Bank
	Code           string
	Actions        Actions
	Approval       *Approval // of awaiting_approval
	Search         *Search   // of unknown and not_found
	Mismatch       *Mismatch // of mismatch
	Doubt          *Doubt    // of unknown, not_found and mismatch
	Twins          []Ref     // executed twice at Plexy: the other one
	Alarms         []Alarm   // newest first, those that were acknowledged included
	MayAcknowledge bool
	Proposal       *proposals.Card         // the open one; nil: none
	Decisions      []distribution.Decision // oldest first, the open one included
	Events         []Event                 // newest first
	Waits          Waits                   // of queued
	Notes          []Note                  // newest first
	Usual          Usual                   // of accepted and processing
	Mine           bool                    // the person made it
	MayCreate      bool
}

// Note is what a person wrote for the others here.
type Note struct {
	At   time.Time // UTC
	By   distribution.Person
	Text string
}

// NoteForm is the form by which one is added, as typed.
type NoteForm struct {
	Text    string
	Problem string // message key; empty: none
}

// Usual is how long the last payments to the bank took. Payments 0: nobody knows.
type Usual struct {
	Took     time.Duration
	Payments int
}

// Action is offered, or refused with a reason, or (the zero value) not drawn.
type Action struct {
	Allowed bool
	WhyNot  string // code of a distribution.Refusal
}

// Actions of the page, in the order in which they are drawn. Each is a POST of its own, without fields:
// …/submission, …/withdrawal, …/cancellation, …/copy; Edit is GET …/edit,
// Review is GET …/review, Release is …/submission of a stale one, Check is POST …/resolution with kind=check.
type Actions struct {
	Review, Release, Edit, Withdraw, Cancel, Copy, Check Action
}

// Search is what is being done to learn an unknown outcome. Times are UTC.
type Search struct {
	Since time.Time // the outcome is unknown since
	Looks int       // so far
	Past  []Look    // oldest first; may be shorter than Looks
	Next  time.Time // zero: none planned
	Until time.Time // end of the settle window

	Sweeping   bool      // the whole list is being walked through now
	SweepPages int       // so far
	NextSweep  time.Time // zero: none planned
}

// Look is one search of Plexy's list.
type Look struct {
	At      time.Time // UTC
	Counted bool      // false: it broke off and proves nothing
}

// Mismatch is what Plexy shows under our reference.
type Mismatch struct {
	Amount   distribution.Amount
	Currency distribution.Currency
	IBAN     string
	Name     string
	At       time.Time // UTC
}

// Event is one line of the history.
type Event struct {
	distribution.Event
	At    time.Time // our clock, UTC
	Actor distribution.Person
}

// Attempt is one try to send.
type Attempt struct {
	ID        string
	N         int
	Outcome   string // ok, differs, refused, not_sent, unknown; empty: still open
	Reason    string // code
	StartedAt time.Time
	EndedAt   time.Time // zero: still open
}

// Answer is what Plexy said, untranslated and without secrets.
type Answer struct {
	At     time.Time
	Call   string // create, list, detail, balance
	Status int    // HTTP; 0: no answer
	Body   string

	RequestID string // by which Plexy finds it in its log; empty: it told none
}

// Relation says how another distribution belongs to this one.
type Relation string

// Relations.
const (
	CopyOf   Relation = "copy_of"   // this one is a corrected copy of it
	CopiedTo Relation = "copied_to" // it is a corrected copy of this one
	LinkedTo Relation = "linked_to" // two people said that this row of Plexy is its payment
)

// Related is another distribution that belongs to this one.
type Related struct {
	Relation Relation
	Ref
}
