package distribution

import "time"

// SweepVerdict is what one walk through Plexy's whole list proves about one that
// is being looked for.
type SweepVerdict string

// Verdicts. Only a missing counts towards not found.
const (
	SweepFound        SweepVerdict = "found"
	SweepMissed       SweepVerdict = "missed"
	SweepInconclusive SweepVerdict = "inconclusive"
)

// Reasons of an inconclusive sweep.
const (
	SweepNoEnd   = "no_end"   // the end of the list was not proven
	SweepUnnamed = "unnamed"  // a row whose reference cannot be read may be it
	SweepNoOlder = "no_older" // nothing known to be older than the attempt was seen
	SweepNoNewer = "no_newer" // nothing accepted later than the attempt was seen
)

// SweepsToMiss is how many sweeps must miss one, all begun after its settle
// window, before it is not found.
const SweepsToMiss = 2

// Control is a distribution known to be at Plexy that a sweep saw, or the zero
// value when it saw none. A list that hides its controls may hide the one that
// is looked for, too.
type Control struct {
	Reference string
	At        time.Time // by Plexy's clock
}

// IsZero reports that no control was seen: without a time it is on neither side.
func (c Control) IsZero() bool { return c.At.IsZero() }

// SweepProof is what a sweep showed around one attempt.
type SweepProof struct {
	Whole   bool    // every page was read and the end of the list is proven
	Unnamed bool    // a row without a readable reference is not known to be another
	Older   Control // known to be older than the first attempt
	Newer   Control // accepted later than the last attempt ended
}

// Verdict judges a sweep that did or did not see the one looked for. Seeing is
// proof by itself; not seeing needs a whole list with controls on both sides.
func (p SweepProof) Verdict(seen bool) (v SweepVerdict, why string) {
	switch {
	case seen:
		return SweepFound, ""
	case !p.Whole:
		return SweepInconclusive, SweepNoEnd
	case p.Unnamed:
		return SweepInconclusive, SweepUnnamed
	case p.Older.IsZero():
		return SweepInconclusive, SweepNoOlder
	case p.Newer.IsZero():
		return SweepInconclusive, SweepNoNewer
	}
	return SweepMissed, ""
}

// Settled reports that the settle window of an unknown outcome is over: Plexy
// has had its time to execute it late.
func (d *Distribution) Settled(now time.Time, window time.Duration) bool {
	return !d.UnknownSince.IsZero() && now.Sub(d.UnknownSince) >= window
}
