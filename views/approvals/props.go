// Package approvals draws the queue of what awaits approval.
package approvals

import (
	"context"
	"net/url"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Tab of the page.
type Tab string

// Tabs.
const (
	Mine    Tab = "mine"    // waits for the person
	All     Tab = "all"     // waits for anybody
	Decided Tab = "decided" // by the person, newest first
)

// Props of GET /approvals.
type Props struct {
	Chrome   layout.Chrome
	Tab      Tab
	Decides  bool // the person may decide on what others made
	Mine     int  // how many wait for the person
	All      int  // how many wait at all
	Rows     []Row
	Verdicts []Verdict
	Open     *Peek // nil: none is open
	Balance  components.Balance
	Next     string // cursor; empty: the last page
	Later    bool   // not the first page
	Now      time.Time
}

// Row is one that awaits approval.
type Row struct {
	D         distribution.Distribution
	Bank      distribution.Bank
	Code      string
	Need      int
	CanDecide bool
	WhyNot    string   // code of a refusal that is this person's; empty: the role just does not decide
	Warnings  []string // codes of what is unusual, whether or not its maker ticked it
}

// Peek is the one that is open beside the queue.
type Peek struct {
	Row
	Last    *distribution.Distribution // paid to the same recipient before; nil: none
	Changes []components.Change        // since then
	People  []string                   // who may still decide
}

// Verdict is what the person decided once.
type Verdict struct {
	D    distribution.Distribution // as it is now
	Kind distribution.EventKind
	Note string
	At   time.Time
}

// ResultProps of the answer to POST /approvals.
type ResultProps struct {
	Chrome layout.Chrome
	Done   []Result
	Failed []Result
}

// Result is what became of one of several.
type Result struct {
	D        distribution.Distribution // its reference is empty when it was not found
	Refusal  string                    // code; empty: approved
	NeedMore bool                      // approved, and others must approve too
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "nav.approvals"), layout.Approvals
	return p.Chrome
}

func (p ResultProps) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "approval.result.title"), layout.Approvals
	return p.Chrome
}

// address is that of a tab, with what else is asked for.
func (p Props) address(pairs ...string) string {
	v := url.Values{"tab": {string(p.Tab)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return "/approvals?" + v.Encode()
}

func (p Props) isOpen(r Row) bool { return p.Open != nil && p.Open.D.ID == r.D.ID }

// decidable counts the rows of the page that the person may decide on.
func (p Props) decidable() int {
	n := 0
	for _, r := range p.Rows {
		if r.CanDecide {
			n++
		}
	}
	return n
}

// given is how many have approved, of how many.
func (r Row) given(ctx context.Context) string {
	return i18n.T(ctx, "approval.given_short", "Given", i18n.Count(ctx, len(r.D.ApprovedBy)), "Need", i18n.Count(ctx, r.Need))
}

func (r Row) note(ctx context.Context) string {
	return strings.Join([]string{
		components.Surname(r.D.CreatedBy.Name),
		"··" + components.Tail(r.D.RecipientText().IBAN) + " " + components.BankShort(ctx, r.Bank), components.Tied(r.D.PaymentPurpose),
	}, " · ")
}

func (v Verdict) icon() string {
	if v.Kind == distribution.EventDeclined {
		return "x"
	}
	return "check"
}

// word is a message key.
func (v Verdict) word() string {
	if v.Kind == distribution.EventDeclined {
		return "event.declined"
	}
	return "event.approved"
}
