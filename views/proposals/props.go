// Package proposals draws decisions that two people take: one of them on a
// distribution's own page, and all open ones on a page of theirs.
package proposals

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/layout"
)

// Props of GET /proposals.
type Props struct {
	Chrome  layout.Chrome
	Open    []Card                  // oldest first
	Settled []distribution.Decision // last first
	Now     time.Time               // UTC
}

// Card is one open proposal and what the person may do about it.
type Card struct {
	Decision distribution.Decision
	D        *distribution.Distribution // what it is about; nil: sending or the policy
	Row      *distribution.Distribution // of a link: the row of Plexy that was picked; nil: it is gone
	Changes  []Change                   // of a policy
	Stop     *Stop                      // of the unit alarm
	Now      time.Time                  // UTC

	CanSettle bool
	WhyNot    string // code of a distribution.Refusal; empty: the role never may
	Own       bool   // the person proposed it and may take it back
	Stale     bool   // D changed since: it can no longer be confirmed

	Refusal string // a reason of a refusal, as typed
	Problem string // message key of what is wrong with it; empty: nothing
}

// Change is one rule of the policy, in words.
type Change struct{ Name, Was, Becomes string }

// Stop is what raised the unit alarm.
type Stop struct {
	At    time.Time // UTC
	D     *distribution.Distribution
	Spent *distribution.Amount // by Plexy's two balances; nil: it did not tell both
}
