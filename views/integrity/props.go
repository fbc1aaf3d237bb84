// Package integrity draws whether the program, its database and Plexy are in
// order, in plain words.
package integrity

import (
	"context"
	"slices"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of GET /integrity. Times are UTC; zero: never.
type Props struct {
	Chrome         layout.Chrome // its pauses tell why nothing is sent
	Now            time.Time
	Waits          string // code of why nothing is sent although nothing stops it; empty: it is sent
	Queued         int
	QueuedSince    time.Time
	Uncertain      int
	UncertainSince time.Time
	LastRead       time.Time // good one of Plexy
	Sweep          *Sweep    // the newest; nil: none yet
	Residuals      int       // unexplained movements of the last 30 days
	Signed         time.Time // newest checkpoint of the log
	SignedSize     int64
	LogSize        int64
	Checked        time.Time // newest look at the rules
	Took           time.Duration
	Rules          []Rule // every one, looked at or not
	Alarms         []Alarm
}

// Sweep is a walk through Plexy's whole list.
type Sweep struct {
	StartedAt, FinishedAt time.Time
	Ended                 string // code; empty: it goes on
	Pages, Items          int
}

// Rule is something that must hold whatever happened.
type Rule struct {
	Code     string
	Looked   bool
	Stops    bool // nothing is sent while it is broken
	Breaches int
	Examples []string
}

// Alarm counts open ones of a kind.
type Alarm struct {
	Kind  distribution.AlarmKind
	Count int
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "nav.integrity"), layout.Integrity
	return p.Chrome
}

// stopped reports whether a broken rule keeps everything from being sent.
func (p Props) stopped() bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Stops && r.Breaches > 0 })
}

// tone of the verdict on a rule. Alarms that wait break nothing.
func (r Rule) tone() components.Tone {
	switch {
	case !r.Looked:
		return components.Plain
	case r.Breaches == 0:
		return components.Green
	case !r.Stops:
		return components.Amber
	}
	return components.Red
}

func (r Rule) verdict(ctx context.Context) string {
	switch {
	case !r.Looked:
		return i18n.T(ctx, "integrity.not_looked")
	case r.Breaches == 0:
		return i18n.T(ctx, "integrity.holds")
	}
	return i18n.N(ctx, "integrity.breaches", r.Breaches)
}

func (r Rule) examples() string { return strings.Join(r.Examples, ", ") }

// since is the age of the oldest of some things.
func (p Props) since(ctx context.Context, t time.Time) string {
	return i18n.T(ctx, "integrity.oldest", "At", i18n.DateTime(ctx, t), "Ago", i18n.Ago(ctx, t, p.Now))
}

// unsigned is how many records no checkpoint covers yet.
func (p Props) unsigned() int { return int(p.LogSize - p.SignedSize) }
