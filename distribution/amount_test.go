package distribution

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	noBreak     = "\u00a0"
	thin        = "\u2009"
	narrow      = "\u202f"
	ideographic = "\u3000"
)

func TestParseAmount(t *testing.T) {
	for _, row := range []struct {
		text string
		want Amount // tiyn
	}{
		{"1250000", 125000000},
		{"1250000.00", 125000000},
		{"1250000,00", 125000000},
		{"1 250 000", 125000000},
		{"1 250 000,00", 125000000},
		{"1 250 000.00", 125000000},
		{"1" + noBreak + "250" + noBreak + "000,00", 125000000},
		{"1" + thin + "250" + thin + "000,00", 125000000},
		{"1" + narrow + "250" + narrow + "000,00", 125000000},
		{"1" + ideographic + "250" + noBreak + "000,00", 125000000},
		{"1,250,000.00", 125000000},
		{"1.250.000,00", 125000000},
		{"1,250,000", 125000000},
		{"1.250.000", 125000000},
		{"12,345,678.9", 1234567890},

		{"1 250 000,00 ₸", 125000000},
		{"1 250 000,00₸", 125000000},
		{"1 250 000,00" + noBreak + "₸", 125000000},
		{"1 250 000,00 тг", 125000000},
		{"1 250 000,00 тг.", 125000000},
		{"1 250 000,00 тенге", 125000000},
		{"1 250 000,00 теңге", 125000000},
		{"1 250 000,00 KZT", 125000000},
		{"\t 1 250 000,00 \r\n", 125000000},
		{noBreak + "100" + noBreak, 10000},

		{"0,01", 1},
		{"0.10", 10},
		{"0,1", 10},
		{"1,5", 150},
		{"1.50", 150},
		{"007", 700},
		{"100,00", 10000},
		{"1250,50", 125050},
		{"1 250,5", 125050},
		{"999 999 999 999 999,99", MaxAmount},
		{"999999999999999.99", MaxAmount},
		{"000 999 999 999 999 999,99", MaxAmount},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, err := ParseAmount(row.text)
			require.NoError(t, err)
			assert.Equal(t, row.want, got)
		})
	}
}

func TestParseAmountRefuses(t *testing.T) {
	for code, texts := range map[string][]string{
		"required": {"", "  ", noBreak, "\t\r\n", "₸", " тг "},
		"amount.sign": {
			"-100", "+100", "\u2212100", "–100", "100-", "- 100", "-0", "1 000-2 000",
		},
		"amount.exponent": {"1e5", "1E5", "1e+5", "1E-2", "1.5e3", "1,5E10"},
		"amount.digits": {
			"\u0661\u0662\u0663", "1\u0660\u0660", // Arabic-Indic
			"\uff11\uff10\uff10", "100,\uff10\uff10", // fullwidth
			"\u0967\u0966", // Devanagari
		},
		"amount.zero": {"0", "0,00", "0.0", "00", "000 000,00", "0 ₸"},
		"amount.decimals": {
			"1000,123", "1250.001", "0,001", "0.125", "1 250,000", "1,250,000.000", "1.250.000,1234", "5,12345",
		},
		"amount.toolarge": {
			"1 000 000 000 000 000", "1000000000000000.00", "9223372036854775807", "92233720368547758.08",
			strings.Repeat("9", 100),
		},
		"amount.format": {
			"1,00,0", "1.00.0", "12 50", "12 50,00", "1 2500", "1250 000", "1  250", "1,250 000.00", "1 250,000.00",
			"100,", "100.", ",50", ".50", ".", ",", ",,", "1,,000", "1,250,", "1.250,000.00", "1,250.000,00",
			"100, 50", "100 ,50", "100,5 0", "0x10", "1_000", "1'000", "(100)", "сто", "100 USD", "100EUR", "100 e", "e5",
			"₸100", "100 ₸ ₸", "100₸50", "10O", "1е5", // the last two hold a Latin O and a Cyrillic е
			"100\t200", "1\n250", "1\r\n250", "1\u2028250", "1\u200b250", "100\x00", "100\xff",
		},
	} {
		for _, text := range texts {
			t.Run(code+"/"+strconv.QuoteToASCII(text), func(t *testing.T) {
				got, err := ParseAmount(text)
				assert.Equal(t, code, codeOf(t, err))
				assert.Zero(t, got)
			})
		}
	}
}

func TestParseAmountAsksAboutOneSeparatorBeforeThreeDigits(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"1.250":     {"Text": "1.250", "AsThousands": "1 250,00", "AsDecimal": "1,25"},
		"1,250":     {"Text": "1,250", "AsThousands": "1 250,00", "AsDecimal": "1,25"},
		"12.500":    {"Text": "12.500", "AsThousands": "12 500,00", "AsDecimal": "12,50"},
		"999,000":   {"Text": "999,000", "AsThousands": "999 000,00", "AsDecimal": "999,00"},
		"100,123":   {"Text": "100,123", "AsThousands": "100 123,00", "AsDecimal": "100,12"},
		"1,250 ₸":   {"Text": "1,250", "AsThousands": "1 250,00", "AsDecimal": "1,25"},
		" 1.250 тг": {"Text": "1.250", "AsThousands": "1 250,00", "AsDecimal": "1,25"},
	} {
		t.Run(text, func(t *testing.T) {
			_, err := ParseAmount(text)
			assert.Equal(t, "amount.ambiguous", codeOf(t, err))
			assert.Equal(t, want, argsOf(t, err))
			for _, answer := range []string{want["AsThousands"], want["AsDecimal"]} {
				_, err := ParseAmount(answer)
				assert.NoError(t, err, "the proposed %q", answer)
			}
		})
	}
}

func TestTooLargeAmountNamesTheLimit(t *testing.T) {
	_, err := ParseAmount("1 000 000 000 000 000,00")
	assert.Equal(t, map[string]string{"Max": "999999999999999.99"}, argsOf(t, err))
}

func TestAmountString(t *testing.T) {
	for amount, want := range map[Amount]string{
		0: "0.00", 1: "0.01", 10: "0.10", 100: "1.00", 125000000: "1250000.00", -1: "-0.01", -12345: "-123.45",
		MaxAmount: "999999999999999.99", math.MaxInt64: "92233720368547758.07", math.MinInt64: "-92233720368547758.08",
	} {
		assert.Equal(t, want, amount.String())
	}
}

func TestAmountPlus(t *testing.T) {
	for _, row := range []struct {
		a, b, want Amount
		fits       bool
	}{
		{1, 2, 3, true},
		{5, -7, -2, true},
		{0, 0, 0, true},
		{math.MaxInt64, 0, math.MaxInt64, true},
		{math.MaxInt64 - 1, 1, math.MaxInt64, true},
		{math.MaxInt64, 1, 0, false},
		{1, math.MaxInt64, 0, false},
		{math.MinInt64 + 1, -1, math.MinInt64, true},
		{math.MinInt64, -1, 0, false},
		{math.MaxInt64, math.MinInt64, -1, true},
	} {
		sum, fits := row.a.Plus(row.b)
		assert.Equal(t, row.fits, fits, "%d + %d", row.a, row.b)
		assert.Equal(t, row.want, sum, "%d + %d", row.a, row.b)
	}
}

func TestParsedAmountIsTheWrittenOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawAmount(t)
		got, err := ParseAmount(want.String())
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestEveryGroupedFormIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawAmount(t)
		decimal := rapid.SampledFrom([]string{",", "."}).Draw(t, "decimal")
		other := strings.Trim(",.", decimal)
		group := rapid.SampledFrom([]string{"", " ", noBreak, thin, narrow, other}).Draw(t, "group")
		unit := rapid.SampledFrom([]string{"", " ₸", noBreak + "₸", " тг", " тенге", "KZT"}).Draw(t, "unit")
		text := grouped(int64(want)/100, group) + decimal + want.String()[len(want.String())-2:] + unit
		got, err := ParseAmount(text)
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, got, "%q", text)
	})
}

func drawAmount(t *rapid.T) Amount {
	return Amount(rapid.Int64Range(1, int64(MaxAmount)).Draw(t, "tiyn"))
}

// grouped writes whole tenge in groups of three.
func grouped(n int64, sep string) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{
		"1 250 000,00", "1,250,000.00", "1.250", "0", "-1", "1e5", "100\u00a0₸", "\uff11", ".", ",,", "\xff", "999999999999999,99",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseAmount(text)
		if err != nil {
			require.NotEmpty(t, codeOf(t, err))
			require.Zero(t, got)
			return
		}
		require.Positive(t, got)
		require.LessOrEqual(t, got, MaxAmount)
		again, err := ParseAmount(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
		require.Equal(t, strings.Trim(onlyDigits(got.String()), "0"), strings.Trim(onlyDigits(text), "0"), "digits neither lost nor invented")
	})
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if digit(r) {
			return r
		}
		return -1
	}, s)
}
