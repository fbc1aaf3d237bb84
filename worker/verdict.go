package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

// Codes of why the outcome of an attempt is unknown. The rules add refused_later
// and crash.
const (
	lostTimeout       = "timeout"         // sent, and no answer in time
	lostConnection    = "connection_lost" // sent, and the connection ended without a whole answer
	lostBadAnswer     = "bad_answer"      // an answer that does not prove anything
	lostRedirect      = "redirect"        // something on the way sent us elsewhere
	lostServerError   = "server_error"    // 5xx
	lostThrottled     = "throttled"       // 429
	lostExists        = "exists"          // Plexy speaks of a distribution that it has already
	lostOther         = "other_answer"    // any other answer
	lostContradiction = "conflict_answer" // an answer that cannot be written down, such as an id of another distribution
	refusedLater      = "refused_later"   // a no to an attempt after the first
	whyDiffers        = "differs"         // as distribution.Differ writes it
	whyRefused        = "refused"         // as distribution.Refuse writes it
	whyNoConnection   = "no_connection"   // as distribution.NotSent writes it
	whyPaused         = "paused"          // claimed, and stopped before anything was sent
)

// verdict is what an attempt came to, in our words.
type verdict struct {
	outcome store.Outcome
	reason  string
	note    string              // Plexy's refusal, verbatim
	remote  distribution.Remote // with ok and differs
}

// judge turns the client's judgement into ours. attempts counts the open one.
func judge(r plexyclient.CreateResult, u Unit, attempts int) verdict {
	switch r.Outcome {
	case plexyclient.OutcomeOK, plexyclient.OutcomeDiffers:
		remote, err := u.remote(r.Distribution, false)
		switch {
		case err != nil:
			return verdict{outcome: store.OutcomeUnknown, reason: lostBadAnswer}
		case r.Outcome == plexyclient.OutcomeDiffers:
			return verdict{outcome: store.OutcomeDiffers, reason: whyDiffers, remote: remote}
		}
		return verdict{outcome: store.OutcomeOK, remote: remote}
	case plexyclient.OutcomeRefused:
		if attempts > 1 { // it may be Plexy's word for "I have it already"
			return verdict{outcome: store.OutcomeUnknown, reason: refusedLater}
		}
		return verdict{outcome: store.OutcomeRefused, reason: whyRefused, note: refusal(r.Err)}
	case plexyclient.OutcomeNotSent:
		return verdict{outcome: store.OutcomeNotSent, reason: whyNoConnection}
	case plexyclient.OutcomeUnknown:
	}
	return verdict{outcome: store.OutcomeUnknown, reason: lostCode(r)}
}

func refusal(err error) string {
	if e, ok := errors.AsType[*plexyclient.APIError](err); ok {
		return e.Message
	}
	return ""
}

// lostCode says why an outcome is unknown.
func lostCode(r plexyclient.CreateResult) string {
	if _, ok := errors.AsType[*plexyclient.TransportError](r.Err); ok {
		if errors.Is(r.Err, context.DeadlineExceeded) {
			return lostTimeout
		}
		return lostConnection
	}
	e, ok := errors.AsType[*plexyclient.APIError](r.Err)
	switch {
	case !ok:
		return lostBadAnswer
	case r.LookNow:
		return lostExists
	case e.Status >= 300 && e.Status < 400:
		return lostRedirect
	case e.Status == http.StatusTooManyRequests:
		return lostThrottled
	case e.Status >= 500:
		return lostServerError
	}
	return lostOther
}

// apply moves the distribution; next is when one that was not sent may go again.
func (v verdict) apply(d *distribution.Distribution, now, next time.Time) (distribution.Event, error) {
	switch v.outcome {
	case store.OutcomeOK:
		return d.Answer(v.remote)
	case store.OutcomeDiffers:
		return d.Differ(v.remote)
	case store.OutcomeRefused:
		return d.Refuse(v.note, now)
	case store.OutcomeNotSent:
		if v.reason == whyPaused {
			return d.Withhold(v.reason)
		}
		return d.NotSent(next)
	case store.OutcomeUnknown:
	}
	return d.Lose(v.reason, now)
}

// failureCode is the code under which the database keeps a failed read, or
// empty when it was not Plexy that failed.
func failureCode(err error) string {
	if _, ok := errors.AsType[*plexyclient.TransportError](err); ok {
		return store.Unreachable
	}
	if _, ok := errors.AsType[*plexyclient.DecodeError](err); ok {
		return store.Unreadable
	}
	e, ok := errors.AsType[*plexyclient.APIError](err)
	switch {
	case !ok:
		return ""
	case plexyclient.Unauthorized(err):
		return store.Unauthorized
	case e.Status == http.StatusTooManyRequests:
		return store.Throttled
	case e.Status >= 500:
		return store.ServerError
	}
	return store.Unreadable
}

// runError is the code that a kept run of reads carries; empty for a good one.
func runError(err error) string {
	if err == nil {
		return ""
	}
	return cmp.Or(failureCode(err), "internal")
}

// loggable is the text of an error without what Plexy wrote, which may name
// people and accounts; the database keeps that.
func loggable(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*plexyclient.APIError](err); ok {
		return fmt.Sprintf("HTTP status %d, code %q", e.Status, e.Code)
	}
	if code := failureCode(err); code != "" {
		return code
	}
	return err.Error()
}
