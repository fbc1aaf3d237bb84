// Package overview draws the first page: what the money is, and what waits for
// the person who looks.
package overview

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of GET /. Times are UTC.
type Props struct {
	Chrome    layout.Chrome
	Balance   components.Balance
	Refresh   components.Refresh
	CanCreate bool
	Chart     components.BalanceChart
	Runway    components.Runway
	LimitHref string // where the threshold is changed; empty: not by this person
	Paid      Figure // today
	UnderWay  Figure
	NotPaid   Figure // of the last seven days
	Ended     int    // all of those days that came to an end, NotPaid among them
	Tasks     []Task // what waits for the person
	Doubts    []Doubt
	Alarms    []Alarm
	Losses    []distribution.Residual // money of the last days that left unexplained, newest first
	More      Rest                    // what the lists have no room for
	Residual  int                     // unexplained moves in thirty days
	Swept     time.Time               // end of the last whole comparison with Plexy; zero: none yet
	Moves     []balance.Reading       // the newest ones
	Now       time.Time

	Integrity *Integrity // nil: not for this person
}

// Integrity is how the database and its log are.
type Integrity struct {
	Checked              time.Time // zero: not yet
	Broken               int       // rules that do not hold
	Signed               time.Time // of the newest checkpoint; zero: none
	SignedSize, Unsigned int64     // records that it covers, and that came after it
}

// Figure is a number of distributions and what they add up to. Href leads to
// the list of them.
type Figure struct {
	Count  int
	Sum    distribution.Amount
	Oldest time.Time // zero: not told
	Href   string
}

// Rest counts what is not listed.
type Rest struct{ Doubts, Alarms int }

// Doubt is a distribution whose outcome nobody knows.
type Doubt struct {
	ID, Reference, Payee string
	Status               distribution.Status
	Amount               distribution.Amount
	Since                time.Time
	Looks                int // searches of Plexy's list since then
}

// Alarm is something that somebody must have seen.
type Alarm struct {
	Kind distribution.AlarmKind
	At   time.Time
	D    distribution.Distribution
}

func (p Props) calm() bool { return len(p.Doubts)+len(p.Alarms)+len(p.Losses) == 0 }

// attention counts all that is listed or counted beside the list.
func (p Props) attention() int {
	return len(p.Doubts) + len(p.Alarms) + len(p.Losses) + p.More.Doubts + p.More.Alarms
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "nav.overview")
	return p.Chrome
}

// alarmIcon is the shape of the state where Plexy took a step back, else a sign.
func alarmIcon(a Alarm) string {
	if a.Kind == distribution.AlarmRegressed {
		return components.StatusIcon(a.D.Status)
	}
	if a.Kind == distribution.AlarmOutside {
		return "warn"
	}
	return "error"
}
