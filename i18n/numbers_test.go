package i18n

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMoney(t *testing.T) {
	for tiyn, want := range map[int64]string{
		0:              "0,00 ₸",
		1:              "0,01 ₸",
		99:             "0,99 ₸",
		100:            "1,00 ₸",
		99_999:         "999,99 ₸",
		100_000:        "1 000,00 ₸",
		125_000_000:    "1 250 000,00 ₸",
		-7_500_000:     "−75 000,00 ₸",
		-1:             "−0,01 ₸",
		maxWords:       "999 999 999 999 999,99 ₸",
		math.MaxInt64:  "92 233 720 368 547 758,07 ₸",
		math.MinInt64:  "−92 233 720 368 547 758,08 ₸",
		-1_000_000_000: "−10 000 000,00 ₸",
	} {
		want = strings.ReplaceAll(want, " ", noBreakSpace)
		for _, l := range Languages() {
			p := &Printer{lang: l}
			assert.Equal(t, want, p.Money(tiyn), "one form in %s too", l)
			assert.Equal(t, strings.TrimSuffix(want, noBreakSpace+"₸"), p.Amount(tiyn))
		}
	}
}

func TestMoneyParts(t *testing.T) {
	whole, cents := From(t.Context()).MoneyParts(125_000_007)
	assert.Equal(t, "1\u00a0250\u00a0000", whole)
	assert.Equal(t, ",07", cents)
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 7: "7", 999: "999", 1000: "1 000", 1284: "1 284", 312_450: "312 450", 10_000_000: "10 000 000", -1284: "−1 284",
	} {
		assert.Equal(t, strings.ReplaceAll(want, " ", noBreakSpace), From(t.Context()).Count(n))
	}
}

// The digits of the formatted text are the digits of the amount, in groups of
// three, with nothing lost or added.
func TestAmountRoundTrip(t *testing.T) {
	p := From(t.Context())
	rapid.Check(t, func(t *rapid.T) {
		tiyn := rapid.Int64().Draw(t, "tiyn")
		text := p.Amount(tiyn)
		bare := strings.NewReplacer(noBreakSpace, "", ",", "", minusSign, "-").Replace(text)
		back, err := strconv.ParseInt(bare, 10, 64)
		require.NoError(t, err, text)
		require.Equal(t, tiyn, back, text)

		whole, _, found := strings.Cut(strings.TrimPrefix(text, minusSign), ",")
		require.True(t, found, text)
		for i, digits := range strings.Split(whole, noBreakSpace) {
			if i > 0 {
				require.Len(t, digits, 3, text)
			}
		}
	})
}
