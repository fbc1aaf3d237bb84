package components

import "plexydash/distribution"

// look is how a state is drawn: the shape says the family, the word the state.
type look struct {
	Tone Tone
	Icon string
}

// lookOf is the table of all states. A state it does not list is drawn plain,
// as a question.
func lookOf(s distribution.Status) look {
	switch s {
	case distribution.Draft:
		return look{Plain, "s-draft"}
	case distribution.AwaitingApproval:
		return look{Blue, "s-await"}
	case distribution.Declined:
		return look{Plain, "s-declined"}
	case distribution.Queued:
		return look{Blue, "s-queued"}
	case distribution.Sending:
		return look{Blue, "s-sending"}
	case distribution.Unknown:
		return look{Amber, "s-unknown"}
	case distribution.NotFound:
		return look{Amber, "s-notfound"}
	case distribution.Mismatch:
		return look{Amber, "s-mismatch"}
	case distribution.Accepted:
		return look{Blue, "s-accepted"}
	case distribution.Processing:
		return look{Blue, "s-processing"}
	case distribution.Paid:
		return look{Green, "s-paid"}
	case distribution.Failed:
		return look{Red, "s-failed"}
	case distribution.Returned:
		return look{Red, "s-returned"}
	case distribution.Refused:
		return look{Red, "s-refused"}
	case distribution.Cancelled:
		return look{Plain, "s-cancelled"}
	case distribution.Abandoned:
		return look{Plain, "s-abandoned"}
	}
	return look{Plain, "unknown"}
}

// StatusTone and StatusIcon are the two columns of that table.
func StatusTone(s distribution.Status) Tone { return lookOf(s).Tone }

// StatusIcon names the icon of a state in icons.svg.
func StatusIcon(s distribution.Status) string { return lookOf(s).Icon }
