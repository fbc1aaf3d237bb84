package distribution

import "strings"

// Status is the state of a distribution here. The codes are final: pages,
// files and the log all write them. PlexyStatus keeps Plexy's own word apart.
type Status string

// The states, in the order of a distribution's life.
const (
	Draft            Status = "draft"             // can be edited
	AwaitingApproval Status = "awaiting_approval" // waits for other people
	Declined         Status = "declined"          // an approver said no, with a reason
	Queued           Status = "queued"            // approved or needs no approval, not yet sent
	Sending          Status = "sending"           // claimed; one attempt is open
	Unknown          Status = "unknown"           // may have been executed; is being looked up
	NotFound         Status = "not_found"         // complete scans of the settle window missed it; people decide
	Mismatch         Status = "mismatch"          // found with other amount, IBAN or currency; frozen
	Accepted         Status = "accepted"          // Plexy: created
	Processing       Status = "processing"        // the bank works on it
	Paid             Status = "paid"              // may still become returned or failed
	Failed           Status = "failed"
	Returned         Status = "returned"
	Refused          Status = "refused"   // a definite no to the first attempt
	Cancelled        Status = "cancelled" // before sending; final
	Abandoned        Status = "abandoned" // closed as not sent by two people; watched for ever
)

// Statuses lists all states, in the order above.
func Statuses() []Status {
	return []Status{
		Draft, AwaitingApproval, Declined, Queued, Sending, Unknown, NotFound, Mismatch,
		Accepted, Processing, Paid, Failed, Returned, Refused, Cancelled, Abandoned,
	}
}

// ParseStatus accepts exactly the codes.
func ParseStatus(code string) (Status, bool) {
	for _, s := range Statuses() {
		if string(s) == code {
			return s, true
		}
	}
	return "", false
}

// AtPlexy reports whether Plexy holds the distribution and its word decides.
func (s Status) AtPlexy() bool {
	switch s {
	case Accepted, Processing, Paid, Failed, Returned:
		return true
	case Draft, AwaitingApproval, Declined, Queued, Sending, Unknown, NotFound, Mismatch, Refused, Cancelled, Abandoned:
	}
	return false
}

// Moving reports whether the state is expected to change without a person, so
// that an open page should look again.
func (s Status) Moving() bool {
	switch s {
	case Queued, Sending, Unknown, Accepted, Processing:
		return true
	case Draft, AwaitingApproval, Declined, NotFound, Mismatch, Paid, Failed, Returned, Refused, Cancelled, Abandoned:
	}
	return false
}

// Uncertain reports whether money may have left without our knowing.
func (s Status) Uncertain() bool { return s == Unknown || s == NotFound || s == Mismatch }

// HoldsTwins reports whether a second distribution of the same content must
// wait: the first may still be sent, or may have been executed.
func (s Status) HoldsTwins() bool {
	return s == AwaitingApproval || s == Queued || s == Sending || s.Uncertain()
}

// ParsePlexyStatus translates Plexy's word: case and a DISTRIBUTION_STATUS_
// prefix do not matter. The API documents only "created"; the others are the
// words of its sibling resources. A new word translates to nothing.
func ParsePlexyStatus(word string) (Status, bool) {
	w := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(word)), "distribution_status_")
	switch w {
	case "created", "new", "accepted":
		return Accepted, true
	case "pending", "processing", "in_progress", "sent":
		return Processing, true
	case "paid", "success", "succeeded", "completed", "executed", "settled":
		return Paid, true
	case "failed", "rejected", "declined", "error", "cancelled", "canceled":
		return Failed, true
	case "reversed", "returned", "refunded":
		return Returned, true
	}
	return "", false
}
