package distribution

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The check digit is right where the published number is, and only there.
func TestPublishedBINs(t *testing.T) {
	for _, row := range vectors(t, "testdata/bins.csv") {
		text, valid := row[0], row[3] == "true"
		t.Run(text, func(t *testing.T) {
			got, err := ParseBIN(text)
			require.NoError(t, err)
			assert.Equal(t, text, got.String())
			assert.Equal(t, valid, got.CheckDigitOK())
			if valid {
				assert.True(t, got.DateOK(), "what is issued has a date")
				assert.Equal(t, holderOf(row[1]+row[2]), got.Holder(), row[1])
			} else {
				assert.Equal(t, HeldByNone, got.Holder(), "read no further")
			}
		})
	}
}

// holderOf reads what bins.csv says of a number.
func holderOf(text string) Holder {
	switch {
	case strings.Contains(text, "synthetic IIN"):
		return HeldByPerson
	case strings.Contains(text, "synthetic BIN non-resident"):
		return HeldByForeign
	case strings.Contains(text, "joint entrepreneur"):
		return HeldByJoint
	}
	return HeldByCompany
}

func TestParseBIN(t *testing.T) {
	type args = map[string]string
	for _, row := range []struct {
		text, code string
		args       args
	}{
		{"", "required", nil},
		{"\u00a0 ", "required", nil},
		{"09074001900", "bin.length", args{"Got": "11", "Want": "12"}},
		{"0907400190011", "bin.length", args{"Got": "13", "Want": "12"}},
		{"000000000000", "bin.zeros", nil},
		{"09074OO19001", "bin.digits", args{"Char": "O", "Position": "6"}},
		{"0907 4001 900l", "bin.digits", args{"Char": "L", "Position": "12"}},
		{"09074001900З", "bin.digits", args{"Char": "З", "Position": "12"}},
		{"Б090740019001", "bin.digits", args{"Char": "Б", "Position": "1"}},
		{"０90740019001", "bin.digits", args{"Char": "０", "Position": "1"}},
		{"+90740019001", "bin.digits", args{"Char": "+", "Position": "1"}},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, err := ParseBIN(row.text)
			assert.Equal(t, row.code, codeOf(t, err))
			assert.Equal(t, row.args, argsOf(t, err))
			assert.Zero(t, got)
		})
	}
	for _, text := range []string{"090740019001", "0907 4001 9001", "090740-019001", "\u00a0090740019001\t"} {
		got, err := ParseBIN(text)
		require.NoError(t, err, text)
		assert.Equal(t, "090740019001", got.String())
	}
}

func TestBINCheckDigit(t *testing.T) {
	for text, want := range map[string]bool{
		"123456789013": true,
		"123456789012": false, // the example of the API's page
		"970240000816": true,  // by the second weights
		"031241017588": true,  // by the second weights
		"000000000001": false,
	} {
		bin, err := ParseBIN(text)
		require.NoError(t, err)
		assert.Equal(t, want, bin.CheckDigitOK(), text)
	}
	assert.False(t, BIN{}.CheckDigitOK())
	for _, body := range []string{"24014000029", "24014000290"} { // ten by both weights: never issued
		for last := range 10 {
			bin, err := ParseBIN(body + strconv.Itoa(last))
			require.NoError(t, err)
			assert.False(t, bin.CheckDigitOK(), bin)
		}
	}
}

func TestAtMostOneTwelfthDigitIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[0-9]{10}[1-9]`).Draw(t, "body")
		right := 0
		for last := range 10 {
			bin, err := ParseBIN(body + strconv.Itoa(last))
			require.NoError(t, err)
			if bin.CheckDigitOK() {
				right++
			}
		}
		require.LessOrEqual(t, right, 1, body)
	})
}

func TestParseBIC(t *testing.T) {
	for text, want := range map[string]string{
		"KCJBKZKX":    "KCJBKZKX",
		"kcjb kz kx":  "KCJBKZKX",
		"KKMFKZ2A":    "KKMFKZ2A",
		"KCJBKZKXXXX": "KCJBKZKXXXX",
		"KCJBKZKX123": "KCJBKZKX123",
		"INEARUMM":    "INEARUMM",
	} {
		got, err := ParseBIC(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got.String())
		assert.Equal(t, want[:8], got.Head())
	}
	assert.Empty(t, BIC{}.Head())
	for code, texts := range map[string][]string{
		"required": {"", " \t"},
		"bic.format": {
			"KCJBKZK", "KCJBKZKXX", "KCJBKZKXXX", "KCJBKZKXXXXX", "KCJ1KZKX", "KCJB1ZKX", "KCJBK2KX",
			"KCJBKZK!", "KCJBKZKЯ", "KCJBKZKé", "ЖЖЖЖ", "12345678",
		},
		"bic.cyrillic": {"КCJBKZKX", "KCJBKZKх"},
	} {
		for _, text := range texts {
			got, err := ParseBIC(text)
			assert.Equal(t, code, codeOf(t, err), text)
			assert.Zero(t, got, text)
		}
	}
	_, err := ParseBIC("kcjbkzkх")
	assert.Equal(t, map[string]string{"Char": "Х", "Latin": "X", "Position": "8"}, argsOf(t, err))
}

// Eighteen codes and no other two characters.
func TestParseKBe(t *testing.T) {
	const valid = "11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29"
	for n := range 100 {
		text := strconv.Itoa(n/10) + strconv.Itoa(n%10)
		got, err := ParseKBe(text)
		if strings.Contains(" "+valid+" ", " "+text+" ") {
			require.NoError(t, err)
			assert.Equal(t, text, got.String())
			continue
		}
		assert.Equal(t, "kbe.unknown", codeOf(t, err), text)
		assert.Equal(t, map[string]string{"Text": text}, argsOf(t, err))
	}
	for text, code := range map[string]string{
		"": "required", " ": "required", "1": "kbe.unknown", "171": "kbe.unknown", "1З": "kbe.unknown", "1A": "kbe.unknown", "1:": "kbe.unknown",
	} {
		got, err := ParseKBe(text)
		assert.Equal(t, code, codeOf(t, err), text)
		assert.Zero(t, got)
	}
	got, err := ParseKBe(" 17\u00a0")
	require.NoError(t, err)
	assert.Equal(t, "17", got.String())
}

func TestParseKNP(t *testing.T) {
	for _, text := range []string{"119", "010", "000", "999"} { // any three digits; zeros in front stay
		got, err := ParseKNP(" " + text)
		require.NoError(t, err)
		assert.Equal(t, text, got.String())
	}
	for text, got := range map[string]string{"1": "1", "12": "2", "1199": "4", "11З": "3", "11A": "3", "１19": "3"} {
		knp, err := ParseKNP(text)
		assert.Equal(t, "knp.digits", codeOf(t, err), text)
		assert.Equal(t, map[string]string{"Got": got}, argsOf(t, err), text)
		assert.Zero(t, knp)
	}
	_, err := ParseKNP("\t")
	assert.Equal(t, "required", codeOf(t, err))
}
