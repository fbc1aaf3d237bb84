package distribution

import "time"

// Action is something a role may or may not do.
type Action string

// Actions. Conditions on the distribution come on top, in the Can functions.
const (
	ReadMoney      Action = "read_money"
	Create         Action = "create" // also edit, submit, withdraw, copy, of one's own
	CancelOwn      Action = "cancel_own"
	CancelAny      Action = "cancel_any"
	Approve        Action = "approve"
	ExportRegister Action = "export_register"
	ReadAudit      Action = "read_audit"
	ExportAudit    Action = "export_audit"
	ReadSettings   Action = "read_settings"
	ChangeSettings Action = "change_settings"
	Propose        Action = "propose" // a decision that two people take about one distribution
	Confirm        Action = "confirm" // such a decision, proposed by somebody else
	StopSending    Action = "stop_sending"
	StartSending   Action = "start_sending"
	LiftUnitAlarm  Action = "lift_unit_alarm" // one manager and one admin together
	LiftHold       Action = "lift_hold"       // as the second person; a manager proposes it
	Acknowledge    Action = "acknowledge"     // made outside, a step back, and the like
	WatchBalance   Action = "watch_balance"   // say from what on the balance is low, and that it was seen
	AnnotateOwn    Action = "annotate_own"    // add a note for people here to one of one's own
	AnnotateAny    Action = "annotate_any"
)

// Actions lists all of them, in the order in which people read what a role may do.
func Actions() []Action {
	return []Action{
		ReadMoney, Create, CancelOwn, CancelAny, AnnotateOwn, AnnotateAny, Approve, Propose, Confirm, StopSending, StartSending, LiftUnitAlarm, LiftHold,
		Acknowledge, WatchBalance, ExportRegister, ReadAudit, ExportAudit, ReadSettings, ChangeSettings,
	}
}

// Allows is the table of roles and actions.
func Allows(role Role, action Action) bool {
	switch action {
	case ReadMoney:
		return role == Accountant || role == Manager || role == Auditor || role == Admin
	case Create, CancelOwn, AnnotateOwn:
		return role == Accountant
	case CancelAny, AnnotateAny, Approve, Confirm, StartSending, WatchBalance:
		return role == Manager
	case Propose:
		return role == Accountant || role == Manager
	case StopSending:
		return role == Accountant || role == Manager || role == Admin
	case LiftUnitAlarm, LiftHold:
		return role == Manager || role == Admin
	case Acknowledge:
		return role == Manager || role == Auditor
	case ExportRegister:
		return role == Accountant || role == Manager || role == Auditor
	case ReadAudit:
		return role == Manager || role == Auditor || role == Admin
	case ExportAudit:
		return role == Manager || role == Auditor
	case ReadSettings:
		return role == Auditor || role == Admin
	case ChangeSettings:
		return role == Admin
	}
	return false
}

// May refuses an action that the role does not have.
func May(by Actor, action Action) error {
	if by.IsZero() || !Allows(by.Role, action) {
		return forbidden("role")
	}
	return nil
}

func mayOwn(by Actor, d *Distribution) error {
	if err := May(by, Create); err != nil {
		return err
	}
	if d.Origin != FromDashboard {
		return forbidden("made_elsewhere")
	}
	if d.CreatedBy.ID != by.ID {
		return forbidden("not_yours")
	}
	return nil
}

func inState(d *Distribution, event EventKind) error {
	if !Leaves(d.Status, event) {
		return conflict("state")
	}
	return nil
}

// CanEdit is for the maker, in draft and declined.
func CanEdit(by Actor, d *Distribution) error {
	if err := mayOwn(by, d); err != nil {
		return err
	}
	return inState(d, EventEdited)
}

// CanSubmit is for the maker, in draft.
func CanSubmit(by Actor, d *Distribution) error {
	if err := mayOwn(by, d); err != nil {
		return err
	}
	return inState(d, EventSubmitted)
}

// CanWithdraw is for the maker, before sending.
func CanWithdraw(by Actor, d *Distribution) error {
	if err := mayOwn(by, d); err != nil {
		return err
	}
	return inState(d, EventWithdrawn)
}

// CanCancel is for the maker or any manager, before sending.
func CanCancel(by Actor, d *Distribution) error {
	if d.Origin != FromDashboard {
		return forbidden("made_elsewhere")
	}
	own := Allows(by.Role, CancelOwn) && d.CreatedBy.ID == by.ID
	if by.IsZero() || !own && !Allows(by.Role, CancelAny) {
		return forbidden("not_yours")
	}
	return inState(d, EventCancelled)
}

// CanAnnotate is for the maker and any manager, whatever the state.
func CanAnnotate(by Actor, d *Distribution) error {
	if May(by, AnnotateAny) == nil {
		return nil
	}
	if err := May(by, AnnotateOwn); err != nil {
		return err
	}
	if d.CreatedBy.ID != by.ID {
		return forbidden("not_yours")
	}
	return nil
}

// CanDecide covers approving and declining: never one's own, and once each.
func CanDecide(by Actor, d *Distribution, p Policy) error {
	switch {
	case by.IsZero(), !p.MayDecide(by.Role):
		return forbidden("role")
	case d.CreatedBy.ID == by.ID:
		return forbidden("own")
	}
	for _, earlier := range d.ApprovedBy {
		if earlier.ID == by.ID {
			return forbidden("approved_already")
		}
	}
	return inState(d, EventApproved)
}

// CanLook is for anyone who makes or approves, while the outcome is not known.
func CanLook(by Actor, d *Distribution) error {
	if by.IsZero() || !Allows(by.Role, Create) && !Allows(by.Role, Approve) {
		return forbidden("role")
	}
	if d.Status != Unknown && d.Status != NotFound {
		return conflict("state")
	}
	return nil
}

// CanRelease is for the maker, when it has waited too long to go by itself.
func CanRelease(by Actor, d *Distribution, now time.Time) error {
	if err := mayOwn(by, d); err != nil {
		return err
	}
	if !d.Stale(now) {
		return conflict("state")
	}
	return nil
}

// CanCopy is for the maker, but not while the money may have left without our
// knowing: a copy would be the second payment.
func CanCopy(by Actor, d *Distribution) error {
	if err := mayOwn(by, d); err != nil {
		return err
	}
	if d.Status == Sending || d.Status.Uncertain() || d.resent() {
		return conflict("uncertain")
	}
	return nil
}
