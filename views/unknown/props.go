// Package unknown draws the desk of unknown outcomes: what nobody knows, what is
// alarming, and who must do what about it.
package unknown

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/layout"
)

// Props of GET /unknown. Times are UTC.
type Props struct {
	Chrome     layout.Chrome
	Alarms     []Alarm // the loudest first
	MoreAlarms int     // that are not listed
	Doubts     []Doubt // the longest in doubt first
	More       int     // that are not listed
	LastSweep  time.Time
	Sweeping   bool
	Pages      int // of the sweep that goes on
	Now        time.Time
}

// Alarm is something that somebody must say to have seen.
type Alarm struct {
	Kind           distribution.AlarmKind
	At             time.Time
	D              distribution.Distribution
	MayAcknowledge bool
}

// Doubt is one of ours whose outcome nobody knows.
type Doubt struct {
	D        distribution.Distribution
	Since    time.Time
	Looks    int       // so far
	Missing  int       // sweeps that count towards not found
	Next     time.Time // look; zero: none planned
	Until    time.Time // end of the settle window
	Proposal *distribution.Decision
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "unknown.title"), layout.Unknown
	return p.Chrome
}

// quiet reports that there is nothing to do here.
func (p Props) quiet() bool { return len(p.Doubts)+len(p.Alarms) == 0 }

// step says what may be done now, and by whom.
func (d Doubt) step(ctx context.Context, now time.Time) string {
	switch {
	case d.Proposal != nil:
		return i18n.T(ctx, "unknown.step.proposal", "Name", d.Proposal.ProposedBy.Name)
	case d.D.Status == distribution.Mismatch:
		return i18n.T(ctx, "unknown.step.mismatch")
	case d.D.Status == distribution.NotFound:
		return i18n.T(ctx, "unknown.step.not_found")
	case now.Before(d.Until):
		return i18n.T(ctx, "unknown.step.wait", "At", i18n.DateTime(ctx, d.Until))
	}
	return i18n.T(ctx, "unknown.step.sweeps", "Have", d.Missing, "Need", distribution.SweepsToMiss)
}

func needed() int { return distribution.SweepsToMiss }
