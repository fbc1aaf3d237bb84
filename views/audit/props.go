// Package audit draws the audit log: who did what, when, and what came of it.
package audit

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/layout"
)

// Props of GET /audit. Times are UTC; zero: never.
type Props struct {
	Chrome    layout.Chrome
	Filter    Filter
	Lines     []Line // the newest first
	Totals    Totals
	NextPage  string // address; empty on the last page
	FirstPage string // address; empty on the first page
	// LookedBack: the page ends at the record of this time although more may
	// match further back. Zero: it does not.
	LookedBack time.Time
	CanExport  bool
	Check      Check
	Now        time.Time
}

// Totals count the matches of the filter.
type Totals struct {
	Count, Done, Denied, Failed int
	More                        bool // among the newest records only; there may be others
}

// Check is what is known about the log being whole.
type Check struct {
	At         time.Time // newest look at the invariants
	Broken     bool      // that look found the log broken
	Records    int64
	Signed     int64 // records that the newest checkpoint covers
	SignedTime time.Time
}

// Line is one record.
type Line struct {
	Seq       int64
	At        time.Time
	Actor     distribution.Person
	Role      distribution.Role // empty for the program and for commands
	Address   string
	RequestID string
	Action    string
	Object    string // kind
	ObjectID  string
	Target    Target // what ObjectID stands for
	Reason    string // code, or somebody's words
	Result    string // done, denied, failed
	Changes   []Change
	Hash      string // of the record, hex
}

// Target is what an id stands for.
type Target struct {
	Name         string // empty: not known
	Distribution string // id; empty: none
	Amount       distribution.Amount
	Recipient    string
}

// Change is one field of what the record tells.
type Change struct {
	Field, Was, Now string
	Before          bool // Was is known
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "nav.audit"), layout.Audit
	return p.Chrome
}
