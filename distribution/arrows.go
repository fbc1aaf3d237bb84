package distribution

import "slices"

// EventKind names what happened to a distribution.
type EventKind string

// Events. The comment says who causes it.
const (
	EventCreated      EventKind = "created"       // maker
	EventEdited       EventKind = "edited"        // maker
	EventSubmitted    EventKind = "submitted"     // maker
	EventApproved     EventKind = "approved"      // approver
	EventDeclined     EventKind = "declined"      // approver, with a reason
	EventWithdrawn    EventKind = "withdrawn"     // maker; a manager too, when it was resent
	EventExpired      EventKind = "expired"       // system, seven days without a decision
	EventCancelled    EventKind = "cancelled"     // maker, manager
	EventClaimed      EventKind = "claimed"       // sender
	EventBounced      EventKind = "bounced"       // sender: right, policy, content, twin or reference no longer hold
	EventHeld         EventKind = "held"          // sender: limit, pause or hold; the reason is shown
	EventAnswered     EventKind = "answered"      // sender: a clean yes
	EventDiffered     EventKind = "differed"      // sender: a yes to something else
	EventRefused      EventKind = "refused"       // sender: a clean no to the first attempt
	EventNotSent      EventKind = "not_sent"      // sender: no connection was ever obtained
	EventLost         EventKind = "lost"          // sender: anything else, or a restart with an open attempt
	EventDoubted      EventKind = "doubted"       // system: a restored database does not know whether it was sent
	EventFound        EventKind = "found"         // reconciler, syncer
	EventFoundDiffers EventKind = "found_differs" // reconciler, syncer
	EventMissed       EventKind = "missed"        // reconciler: window over and two sweeps missed it; or two people, by a ticket of Plexy's support
	EventResent       EventKind = "resent"        // two people
	EventAbandoned    EventKind = "abandoned"     // two people
	EventLinked       EventKind = "linked"        // two people: a row of Plexy that they picked
	EventOverridden   EventKind = "overridden"    // two people: the same payment may be made once more
	EventOurs         EventKind = "ours"          // two people
	EventNotOurs      EventKind = "not_ours"      // two people
	EventReported     EventKind = "reported"      // syncer: Plexy's word, confirmed by id
	EventNoted        EventKind = "noted"         // syncer: a word of Plexy that moves nothing
	EventAcknowledged EventKind = "acknowledged"  // manager, auditor: an alarm was seen
)

// Arrow is one permitted change of state.
type Arrow struct {
	From  Status
	Event EventKind
	To    []Status
}

// Arrows is the whole state machine. EventCreated, EventNoted and
// EventAcknowledged are not in it: the first has no state before it, the others
// change none.
func Arrows() []Arrow {
	atPlexy := []Status{Accepted, Processing, Paid, Failed, Returned}
	to := func(s ...Status) []Status { return s }
	return []Arrow{
		{Draft, EventEdited, to(Draft)},
		{Draft, EventSubmitted, to(AwaitingApproval, Queued)},
		{Draft, EventCancelled, to(Cancelled)},
		{Draft, EventOverridden, to(Draft)},

		{AwaitingApproval, EventApproved, to(AwaitingApproval, Queued)},
		{AwaitingApproval, EventDeclined, to(Declined)},
		{AwaitingApproval, EventWithdrawn, to(Draft)},
		{AwaitingApproval, EventExpired, to(Draft)},
		{AwaitingApproval, EventCancelled, to(Cancelled)},

		{Declined, EventEdited, to(Draft)},
		{Declined, EventCancelled, to(Cancelled)},

		{Queued, EventClaimed, to(Sending)},
		{Queued, EventCancelled, to(Cancelled)},
		{Queued, EventWithdrawn, to(Draft, NotFound)}, // not found: a resent one, which Plexy may have
		{Queued, EventBounced, to(Draft, NotFound)},
		{Queued, EventHeld, to(Queued)},
		{Queued, EventDoubted, to(Unknown)},
		{Queued, EventFound, atPlexy}, // a resent one, found before it went out again
		{Queued, EventFoundDiffers, to(Mismatch)},

		{Sending, EventAnswered, to(Accepted)},
		{Sending, EventDiffered, to(Mismatch)},
		{Sending, EventRefused, to(Refused)},
		{Sending, EventNotSent, to(Queued)},
		{Sending, EventLost, to(Unknown)},

		{Unknown, EventFound, atPlexy},
		{Unknown, EventFoundDiffers, to(Mismatch)},
		{Unknown, EventMissed, to(NotFound)},
		{Unknown, EventDoubted, to(Unknown)},
		{Unknown, EventLinked, atPlexy},

		{NotFound, EventFound, atPlexy},
		{NotFound, EventFoundDiffers, to(Mismatch)},
		{NotFound, EventLinked, atPlexy},
		{NotFound, EventResent, to(Queued)},
		{NotFound, EventDoubted, to(Unknown)},
		{NotFound, EventAbandoned, to(Abandoned)},

		{Mismatch, EventOurs, atPlexy},
		{Mismatch, EventNotOurs, to(Unknown)},

		{Refused, EventFound, atPlexy},
		{Abandoned, EventFound, atPlexy},

		{Accepted, EventReported, without(atPlexy, Accepted)},
		{Processing, EventReported, without(atPlexy, Processing)},
		{Paid, EventReported, without(atPlexy, Paid)},
		{Failed, EventReported, without(atPlexy, Failed)},
		{Returned, EventReported, without(atPlexy, Returned)},
	}
}

func without(all []Status, one Status) []Status {
	return slices.DeleteFunc(slices.Clone(all), func(s Status) bool { return s == one })
}

// CanMove reports whether an arrow leads from one state to the other.
func CanMove(from Status, event EventKind, to Status) bool {
	return slices.ContainsFunc(Arrows(), func(a Arrow) bool {
		return a.From == from && a.Event == event && slices.Contains(a.To, to)
	})
}

// Leaves reports whether the event is possible at all in the state.
func Leaves(from Status, event EventKind) bool {
	return slices.ContainsFunc(Arrows(), func(a Arrow) bool { return a.From == from && a.Event == event })
}

// Regression reports whether a step between two states at Plexy goes back or
// skips in a way that Plexy's life of a payment does not know. Such a step is
// kept, shown and acknowledged, never hidden.
func Regression(from, to Status) bool {
	switch from {
	case Accepted:
		return to == Returned
	case Processing:
		return to == Accepted
	case Paid:
		return to != Returned
	case Failed, Returned:
		return true
	case Draft, AwaitingApproval, Declined, Queued, Sending, Unknown, NotFound, Mismatch, Refused, Cancelled, Abandoned:
	}
	return false
}
