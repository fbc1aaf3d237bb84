package handlers

import (
	"plexydash/distribution"
	"plexydash/views/distributions"
)

// actionsFor says what the person may do now. What the role never may is not
// drawn; what the state or only this person may not says why.
func (h *Handlers) actionsFor(by distribution.Actor, d *distribution.Distribution) distributions.Actions {
	return distributions.Actions{
		Review:   action(d, distribution.EventSubmitted, distribution.CanSubmit(by, d)),
		Edit:     action(d, distribution.EventEdited, distribution.CanEdit(by, d)),
		Withdraw: action(d, distribution.EventWithdrawn, distribution.CanWithdraw(by, d)),
		Cancel:   action(d, distribution.EventCancelled, distribution.CanCancel(by, d)),
		Copy:     copyAction(by, d),
		Release:  distributions.Action{Allowed: distribution.CanRelease(by, d, h.DB.Now()) == nil},
		Check:    distributions.Action{Allowed: distribution.CanLook(by, d) == nil},
	}
}

func action(d *distribution.Distribution, event distribution.EventKind, err error) distributions.Action {
	if err == nil {
		return distributions.Action{Allowed: true}
	}
	switch code := refusalCode(err); code {
	case "role", "made_elsewhere":
		return distributions.Action{}
	case "state":
		return distributions.Action{WhyNot: tooLate(d.Status, event)}
	default:
		if !distribution.Leaves(d.Status, event) {
			return distributions.Action{}
		}
		return distributions.Action{WhyNot: code}
	}
}

// tooLate is the code of why the state forbids what it once allowed; empty where
// nobody would look for it.
func tooLate(s distribution.Status, event distribution.EventKind) string {
	if event == distribution.EventSubmitted {
		return ""
	}
	switch s {
	case distribution.AwaitingApproval, distribution.Queued:
		if event == distribution.EventEdited {
			return "withdraw_first"
		}
	case distribution.Sending:
		return "being_sent"
	case distribution.Unknown, distribution.NotFound, distribution.Mismatch:
		return "may_be_gone"
	case distribution.Accepted, distribution.Processing, distribution.Paid:
		return "at_plexy"
	case distribution.Failed, distribution.Returned, distribution.Refused:
		return "ended"
	case distribution.Draft, distribution.Declined, distribution.Cancelled, distribution.Abandoned:
	}
	return ""
}

// copyAction is of interest to accountants only.
func copyAction(by distribution.Actor, d *distribution.Distribution) distributions.Action {
	err := distribution.CanCopy(by, d)
	switch code := refusalCode(err); {
	case err == nil:
		return distributions.Action{Allowed: true}
	case code == "uncertain":
		return distributions.Action{WhyNot: code}
	}
	return distributions.Action{}
}
