package distributions

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
)

// result is how handing over ended, as far as it did.
type result string

// Results. What nobody knows has a panel of its own.
const (
	noResult       result = ""
	resultAccepted result = "accepted"
	resultRefused  result = "refused"
	resultWaits    result = "waits"   // not attempted yet: it goes by itself, or when its maker presses again
	resultBounced  result = "bounced" // not attempted: it is its maker's again
)

// resultFor is how long the maker still sees that Plexy said yes.
const resultFor = 24 * time.Hour

// result follows from what is stored: a reload says the same and sends nothing.
func (p StatusProps) result() result {
	switch p.D.Status {
	case distribution.Refused:
		return resultRefused
	case distribution.Draft:
		if p.D.StatusReason != "" {
			return resultBounced
		}
	case distribution.Queued:
		if p.Waits != NoWait || p.D.StatusReason != "" {
			return resultWaits
		}
	case distribution.Accepted, distribution.Processing, distribution.Paid:
		if p.Mine && p.Now.Sub(p.acceptedAt()) < resultFor {
			return resultAccepted
		}
	case distribution.AwaitingApproval, distribution.Declined, distribution.Sending, distribution.Unknown, distribution.NotFound,
		distribution.Mismatch, distribution.Failed, distribution.Returned, distribution.Cancelled, distribution.Abandoned:
	}
	return noResult
}

// waitTitle and waitNote say why it has not left. What holds up everything comes
// before what held up this one.
func (p StatusProps) waitTitle(ctx context.Context) string {
	if p.Waits == WaitsMaker {
		return i18n.T(ctx, p.Waits.title())
	}
	return i18n.T(ctx, "result.waits")
}

func (p StatusProps) waitNote(ctx context.Context) string {
	switch p.Waits {
	case WaitsMaker:
		return i18n.T(ctx, p.Waits.note())
	case NoWait:
		return p.why(ctx)
	case WaitsPaused, WaitsHold, WaitsPlexy:
	}
	return i18n.T(ctx, p.Waits.title()) + ". " + i18n.T(ctx, p.Waits.note())
}

// panelled reports that a panel says at length what the sentence says.
func (p StatusProps) panelled() bool {
	return p.Search != nil || p.Mismatch != nil || p.result() == resultRefused || p.result() == resultBounced
}
