package distribution

import "time"

// DecisionKind names an act that only two people together may do.
type DecisionKind string

// Decisions about one distribution, and about sending as a whole.
const (
	DecideResend   DecisionKind = "resend"   // a not found one goes out again under its reference
	DecideLink     DecisionKind = "link"     // a row of Plexy is the payment that is being looked for
	DecideClose    DecisionKind = "close"    // a not found one was not sent
	DecideTicket   DecisionKind = "ticket"   // Plexy's support says that it does not have it
	DecideOurs     DecisionKind = "ours"     // what differs is ours all the same
	DecideNotOurs  DecisionKind = "not_ours" // what differs is somebody else's
	DecideOverride DecisionKind = "override" // the same payment once more
	DecideUnit     DecisionKind = "unit"     // the unit of amounts is right; sending goes on
	DecidePolicy   DecisionKind = "policy"   // other approvals or limits
	DecideHold     DecisionKind = "hold"     // what a restored database does not know is known again; sending goes on
)

// DecisionStatus is where a decision stands.
type DecisionStatus string

// States of a decision; only open ones can be settled.
const (
	DecisionOpen      DecisionStatus = "open"
	DecisionConfirmed DecisionStatus = "confirmed"
	DecisionRefused   DecisionStatus = "refused"
	DecisionWithdrawn DecisionStatus = "withdrawn"
	DecisionVoid      DecisionStatus = "void" // its subject changed meanwhile
)

// Decision is proposed by one person and settled by another. Times are UTC.
type Decision struct {
	ID      string
	Kind    DecisionKind
	Subject string // id of the distribution, SubjectSending, SubjectPolicy or SubjectHold
	Version int64  // of the distribution, as the proposer saw it

	Reason  string  // the proposer's words; never empty
	PlexyID string  // of DecideLink: the row that was picked
	Ticket  string  // of DecideTicket: number at Plexy's support
	Policy  *Policy // of DecidePolicy

	Status       DecisionStatus
	ProposedBy   Person
	ProposedRole Role
	ProposedAt   time.Time
	SettledBy    Person    // zero while open
	SettledAt    time.Time // zero while open
	SettledNote  string
}

// Subjects that are no distribution.
const (
	SubjectSending = "sending"
	SubjectPolicy  = "policy"
	SubjectHold    = "hold"
)

// leads is the event that the decision would cause in its distribution; empty
// when it is about none.
func (k DecisionKind) leads() EventKind {
	switch k {
	case DecideResend:
		return EventResent
	case DecideLink:
		return EventLinked
	case DecideClose:
		return EventAbandoned
	case DecideTicket:
		return EventMissed
	case DecideOurs:
		return EventOurs
	case DecideNotOurs:
		return EventNotOurs
	case DecideOverride:
		return EventOverridden
	case DecideUnit, DecidePolicy, DecideHold:
	}
	return ""
}

// AboutOne reports that the decision is about one distribution.
func (k DecisionKind) AboutOne() bool { return k.leads() != "" }

// CanPropose says who may propose what about which distribution; d is nil for a
// decision about none. over is true when the settle window of d is over: a
// ticket replaces the proof of sweeps, not the wait.
func CanPropose(by Actor, k DecisionKind, d *Distribution, over bool) error {
	switch {
	case k == DecideUnit:
		return May(by, LiftUnitAlarm)
	case k == DecidePolicy:
		return May(by, ChangeSettings)
	case k == DecideHold:
		return May(by, StartSending)
	case !k.AboutOne() || d == nil:
		return conflict("kind")
	}
	if err := May(by, Propose); err != nil {
		return err
	}
	if d.Origin != FromDashboard {
		return forbidden("made_elsewhere")
	}
	if err := inState(d, k.leads()); err != nil {
		return err
	}
	if k == DecideTicket && !over {
		return conflict("settle_window")
	}
	return nil
}

// CanSettle says who may confirm or refuse: another person than the proposer
// and, for a distribution, than its maker.
func CanSettle(by Actor, dec Decision, d *Distribution) error {
	switch {
	case dec.Kind == DecideUnit:
		if err := May(by, LiftUnitAlarm); err != nil {
			return err
		}
		if by.Role == dec.ProposedRole { // a manager and an admin
			return forbidden("other_role")
		}
	case dec.Kind == DecidePolicy:
		if err := May(by, ChangeSettings); err != nil {
			return err
		}
	case dec.Kind == DecideHold:
		if err := May(by, LiftHold); err != nil {
			return err
		}
	case !dec.Kind.AboutOne() || d == nil:
		return conflict("kind")
	default:
		if err := May(by, Confirm); err != nil {
			return err
		}
		if d.CreatedBy.ID == by.ID {
			return forbidden("own")
		}
	}
	if by.ID == dec.ProposedBy.ID {
		return forbidden("own_proposal")
	}
	if dec.Status != DecisionOpen {
		return conflict("settled")
	}
	return nil
}

// CanTakeBack is for the proposer of an open decision.
func CanTakeBack(by Actor, dec Decision) error {
	switch {
	case by.IsZero() || by.ID != dec.ProposedBy.ID:
		return forbidden("not_yours")
	case dec.Status != DecisionOpen:
		return conflict("settled")
	}
	return nil
}
