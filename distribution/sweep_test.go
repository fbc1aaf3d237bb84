package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestVerdictOfASweep(t *testing.T) {
	const no, yes = false, true
	for _, row := range []struct {
		whole, older, newer, seen bool
		verdict                   SweepVerdict
		why                       string
	}{
		{yes, yes, yes, no, SweepMissed, ""}, // the only way to miss
		{yes, yes, no, no, SweepInconclusive, SweepNoNewer},
		{yes, no, yes, no, SweepInconclusive, SweepNoOlder},
		{yes, no, no, no, SweepInconclusive, SweepNoOlder},
		{no, yes, yes, no, SweepInconclusive, SweepNoEnd},
		{no, yes, no, no, SweepInconclusive, SweepNoEnd},
		{no, no, yes, no, SweepInconclusive, SweepNoEnd},
		{no, no, no, no, SweepInconclusive, SweepNoEnd},
		{yes, yes, yes, yes, SweepFound, ""}, // seeing is proof, whatever else was seen
		{yes, yes, no, yes, SweepFound, ""},
		{yes, no, yes, yes, SweepFound, ""},
		{yes, no, no, yes, SweepFound, ""},
		{no, yes, yes, yes, SweepFound, ""},
		{no, yes, no, yes, SweepFound, ""},
		{no, no, yes, yes, SweepFound, ""},
		{no, no, no, yes, SweepFound, ""},
	} {
		p := SweepProof{Whole: row.whole}
		if row.older {
			p.Older = Control{"OLD-1", noon().Add(-time.Hour)}
		}
		if row.newer {
			p.Newer = Control{"NEW-1", noon().Add(time.Hour)}
		}
		verdict, why := p.Verdict(row.seen)
		assert.Equal(t, []any{row.verdict, row.why}, []any{verdict, why}, "%+v", row)
	}
}

func TestControlWithoutATimeIsNone(t *testing.T) {
	assert.True(t, Control{}.IsZero())
	assert.True(t, Control{Reference: "NEW-1"}.IsZero(), "it is on neither side of the attempt")
	assert.False(t, Control{At: noon()}.IsZero(), "Plexy may not tell the reference")
	assert.False(t, Control{"NEW-1", noon()}.IsZero())
}

func TestSettleWindow(t *testing.T) {
	const window = 24 * time.Hour
	d := standing(t, Unknown)
	for wait, want := range map[time.Duration]bool{
		-time.Hour: false, // the clock went back
		0:          false, window - 1: false, window: true, 10 * window: true,
	} {
		assert.Equal(t, want, d.Settled(d.UnknownSince.Add(wait), window), wait)
	}
	d.UnknownSince = time.Time{}
	assert.False(t, d.Settled(noon(), window), "nobody knows since when")
}
