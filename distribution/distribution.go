package distribution

import (
	"slices"
	"time"
)

// Origin says where a distribution was made.
type Origin string

// Origins.
const (
	FromDashboard Origin = "dashboard"
	FromPlexy     Origin = "plexy" // made elsewhere; read-only here
)

// Person is who made or approved a distribution, as they were called then.
type Person struct{ ID, Email, Name string }

// Confirmation is a warning that a person looked at and accepted.
type Confirmation struct {
	Code string // a warning code
	By   Person
	At   time.Time // UTC
}

// Content is what people decide about, and what goes over the wire.
type Content struct {
	OrderReference string // unique among ours; given once, never reused
	Amount         Amount
	Currency       Currency
	Recipient      Recipient
	PaymentPurpose string
}

// Distribution is one payment from the agent's balance to a bank account.
// Times are UTC.
type Distribution struct {
	ID string // UUIDv7
	Content
	Seen RecipientText // requisites as Plexy wrote them; only when Origin is FromPlexy

	Status Status
	Origin Origin
	// StatusReason is the machine code of why the state is what it is: why a
	// queued one waits, why one went back to draft, how an outcome was lost.
	StatusReason string
	// StatusNote is the free text beside it: Plexy's refusal, an approver's no.
	StatusNote string

	PlexyID        string
	PlexyStatus    string // Plexy's word, untranslated
	BalanceBefore  *Amount
	BalanceAfter   *Amount
	PlexyCreatedAt time.Time // Plexy's clock; zero when not told
	PlexyUpdatedAt time.Time
	// Shown is what Plexy shows under our reference when it is not what we asked.
	Shown *Shown

	CreatedBy     Person
	ApprovedBy    []Person
	Confirmations []Confirmation
	// SubmittedHash is the content hash that the maker submitted and approvers
	// saw; a claim recomputes it from the row.
	SubmittedHash []byte

	Attempts     int
	SubmittedAt  time.Time // last handed over; zero: never
	QueuedAt     time.Time
	NextTryAt    time.Time // not before; after a connection that was never obtained
	UnknownSince time.Time
	Regressed    bool   // Plexy once took a step back
	TwinOf       string // id of ours that this remote row repeats: executed twice at Plexy
	CopyOf       string // id of the distribution this is a corrected copy of
	DupNo        int    // above zero: two people allowed the same payment once more
	// DuplicateReason is why the maker pays the same again, in the maker's words.
	DuplicateReason string
	LinkedTo        string    // id of ours whose payment this remote row is, as two people decided
	GoneAt          time.Time // Plexy had it and no longer returns it; zero: it does

	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// StaleAfter is how long a queued distribution may wait and still go by itself.
const StaleAfter = 24 * time.Hour

// Stale reports that a queued one has waited so long that its maker must press
// again: the reason to pay may be gone.
func (d *Distribution) Stale(now time.Time) bool {
	return d.Status == Queued && now.Sub(d.QueuedAt) >= StaleAfter
}

// ExplainsTwin reports that its maker knows of one that pays the same and said
// why this one follows, or that two people allowed it.
func (d *Distribution) ExplainsTwin() bool {
	ticked := slices.ContainsFunc(d.Confirmations, func(c Confirmation) bool { return c.Code == string(WarnDuplicate) })
	return d.DupNo > 0 || ticked && d.DuplicateReason != ""
}

// resent reports that it waits to go out once more, and that Plexy may have it
// from before.
func (d *Distribution) resent() bool { return d.Status == Queued && d.Attempts > 0 }

// Sought reports whether a row at Plexy with our reference is taken for ours: it
// was tried, and Plexy may have it. A queued one was resent and must not go out
// again once it is found.
func (d *Distribution) Sought() bool {
	switch d.Status {
	case Queued, Unknown, NotFound, Refused, Abandoned:
		return d.Attempts > 0
	case Draft, AwaitingApproval, Declined, Sending, Mismatch, Accepted, Processing, Paid, Failed, Returned, Cancelled:
	}
	return false
}

// RecipientText is the requisites as text, whoever wrote them.
func (d *Distribution) RecipientText() RecipientText {
	if d.Origin == FromPlexy {
		return d.Seen
	}
	return d.Recipient.Text()
}

// Shown is the part of a remote row that Matches compares, with the name.
type Shown struct {
	Amount   Amount
	Currency Currency
	IBAN     string
	Name     string
}

// Event is what one method did, ready for the history. The store adds who and
// when.
type Event struct {
	Kind       EventKind
	From, To   Status
	Reason     string    // machine code
	Note       string    // free text of a person or of Plexy
	PlexyAt    time.Time // Plexy's clock, zero when it said nothing
	PlexyWord  string
	Regression bool
	Alarm      AlarmKind // what somebody must acknowledge; empty: nothing
}

// AlarmKind names what somebody must have seen. It stays open until a person
// acknowledges it with a note.
type AlarmKind string

// Alarms, the loudest first.
const (
	AlarmTwice     AlarmKind = "executed_twice" // two rows at Plexy for one reference of ours
	AlarmFoundLate AlarmKind = "found_late"     // Plexy has one that was refused or closed as not sent
	AlarmRegressed AlarmKind = "regressed"      // Plexy took a step back
	AlarmVanished  AlarmKind = "vanished"       // Plexy had it and no longer returns it
	AlarmOutside   AlarmKind = "made_outside"   // not made here, and later than the first import
)

// Remote is what Plexy said of one distribution, in our units.
type Remote struct {
	PlexyID        string
	OrderReference string
	Amount         Amount
	Currency       Currency
	Recipient      RecipientText
	PaymentPurpose string
	Word           string // status, untranslated
	FailureReason  string
	BalanceBefore  *Amount
	BalanceAfter   *Amount
	CreatedAt      time.Time
	UpdatedAt      time.Time
	// ByID is true when the answer came from a read by id; only such an answer
	// may move a distribution between the states at Plexy.
	ByID bool
}

// Comparable reports whether Plexy said enough to tell ours from another.
func (r Remote) Comparable() bool {
	return r.Amount != 0 && r.Currency != "" && r.Recipient.IBAN != ""
}

// Matches reports whether the remote row pays what this one asks: amount,
// currency and account.
func (d *Distribution) Matches(r Remote) bool {
	return d.Amount == r.Amount && d.Currency == r.Currency && d.Recipient.IBAN.String() == compact(r.Recipient.IBAN)
}
