package distributions

import (
	"context"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Requirement is who must approve before money leaves.
type Requirement struct {
	Amount distribution.Amount // 0: not known yet
	Need   int                 // other people, for that amount
	Steps  []distribution.PolicyStep
	People []string // who may approve
}

// Approval is what one that awaits approval waits for.
type Approval struct {
	Need      int
	Rule      distribution.PolicyStep // that asks for them
	Code      string                  // of the content on the page
	CanDecide bool
	WhyNot    string   // code of a refusal that is this person's; empty: the role just does not decide
	People    []string // who may still decide
	Until     time.Time
}

// given is how many have approved, of how many.
func (p StatusProps) given(ctx context.Context) string {
	return i18n.T(ctx, "approval.given", "Given", i18n.Count(ctx, len(p.D.ApprovedBy)), "Need", i18n.Count(ctx, p.Approval.Need))
}

// Names joins people; nobody is said in words.
func Names(ctx context.Context, people []string) string {
	if len(people) == 0 {
		return i18n.T(ctx, "approval.nobody")
	}
	return i18n.T(ctx, "approval.people", "Names", strings.Join(people, ", "))
}

// DeclineProps of GET /distributions/{id}/decline and of its 422 answer.
type DeclineProps struct {
	Chrome  layout.Chrome
	D       distribution.Distribution
	Code    string // of the content that the person read
	Reason  string // as typed
	Problem string // message key of what is wrong with it; empty: nothing
}

func (p DeclineProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "approval.decline.title"))
}

// StaleProps of the 409 answer to a decision on content that was not read.
type StaleProps struct {
	Chrome  layout.Chrome
	D       distribution.Distribution // as it is now
	Changes []components.Change       // since the content that was read; empty: not known
}

func (p StaleProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "approval.stale.title"))
}
