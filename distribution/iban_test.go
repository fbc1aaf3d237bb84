package distribution

import (
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const validIBAN = "KZ86125KZT5004100100" // the example of the SWIFT IBAN registry

func TestParseIBANAccepts(t *testing.T) {
	for _, text := range []string{
		validIBAN,
		"KZ86 125K ZT50 0410 0100",
		"kz86125kzt5004100100",
		"  Kz86-125k-zt50-0410-0100\r\n",
		"KZ86\u00a0125K\u202fZT50\u20090410\t0100",
		"\ufeffKZ86125KZT5004100100\u200b",
		"KZ86–125K—ZT50‑0410‐0100",
	} {
		t.Run(strconv.QuoteToASCII(text), func(t *testing.T) {
			got, err := ParseIBAN(text)
			require.NoError(t, err)
			assert.Equal(t, validIBAN, got.String())
			assert.Equal(t, "125", got.BankCode())
		})
	}
	assert.Empty(t, IBAN{}.BankCode())
}

func TestParseIBANRefuses(t *testing.T) {
	type args = map[string]string
	for _, row := range []struct {
		text, code string
		args       args
	}{
		{"", "required", nil},
		{" - \u00a0", "required", nil},
		{"KZ86125KZT500410010", "iban.length", args{"Got": "19", "Want": "20"}},
		{"KZ86125KZT50041001000", "iban.length", args{"Got": "21", "Want": "20"}},
		{"KZ", "iban.length", args{"Got": "2", "Want": "20"}},
		{"RU86125KZT5004100100", "iban.country", nil},
		{"DE89370400440532013000", "iban.country", nil},
		{"86125KZT5004100100", "iban.country", nil},
		{"KZ87125KZT5004100100", "iban.checksum", nil},
		{"KZ86125KZT5004100101", "iban.checksum", nil},
		{"KZ68125KZT5004100100", "iban.checksum", nil},
		{"KZA6125KZT5004100100", "iban.checksum", nil},
		{"KZ861S5KZT5004100100", "iban.bankcode", args{"Position": "6"}},
		{"KZ86I25KZT5004100100", "iban.bankcode", args{"Position": "5"}},
		{"KZ8612SKZT5004100100", "iban.bankcode", args{"Position": "7"}},
		{"KZ86125KZT500410010!", "iban.alphabet", args{"Char": "!", "Position": "20"}},
		{"KZ86_125KZT500410010", "iban.alphabet", args{"Char": "_", "Position": "5"}},
		{"KZ86125KZT50041001０0", "iban.alphabet", args{"Char": "０", "Position": "19"}},
		{"KZ86125Kſ5004100100", "iban.alphabet", args{"Char": "ſ", "Position": "9"}},
		{"KZ86125ıZT5004100100", "iban.alphabet", args{"Char": "ı", "Position": "8"}},
		{"KZ86125KZT500410010\xff", "iban.alphabet", args{"Char": "\ufffd", "Position": "20"}},
		{"КZ86125KZT5004100100", "iban.cyrillic", args{"Char": "К", "Latin": "K", "Position": "1"}},
		{"KZ86125КZT5004100100", "iban.cyrillic", args{"Char": "К", "Latin": "K", "Position": "8"}},
		{"KZ86 125к ZT50 0410 0100", "iban.cyrillic", args{"Char": "К", "Latin": "K", "Position": "8"}},
		{"KZ86125KZТ5004100100", "iban.cyrillic", args{"Char": "Т", "Latin": "T", "Position": "10"}},
		{"KZ86125KZT50041001О0", "iban.cyrillic", args{"Char": "О", "Latin": "O", "Position": "19"}},
		{"KЗ86125KZT5004100100", "iban.cyrillic", args{"Char": "З", "Latin": "3", "Position": "2"}},
		{"KZ86125KZT50041001Я0", "iban.alphabet", args{"Char": "Я", "Position": "19"}},
	} {
		t.Run(row.text, func(t *testing.T) {
			got, err := ParseIBAN(row.text)
			assert.Equal(t, row.code, codeOf(t, err))
			assert.Equal(t, row.args, argsOf(t, err))
			assert.Zero(t, got)
		})
	}
}

func TestEveryLookalikeNamesItsLatinLetter(t *testing.T) {
	for cyrillic, latin := range map[string]string{
		"А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C",
		"Т": "T", "У": "Y", "Х": "X", "І": "I", "З": "3", "Ү": "Y", "Һ": "H",
	} {
		_, err := ParseIBAN("KZ86125KZT500410010" + strings.ToLower(cyrillic))
		assert.Equal(t, "iban.cyrillic", codeOf(t, err), cyrillic)
		assert.Equal(t, map[string]string{"Char": cyrillic, "Latin": latin, "Position": "20"}, argsOf(t, err))
	}
}

func TestPublishedIBANs(t *testing.T) {
	banks, err := embeddedBanks()
	require.NoError(t, err)
	for _, row := range vectors(t, "testdata/ibans.csv") {
		text, bankCode, bic, valid := row[0], row[1], row[2], row[3]
		t.Run(text, func(t *testing.T) {
			got, err := ParseIBAN(text)
			if valid != "true" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, bankCode, got.BankCode())
			bank, known := banks.Of(got.String())
			assert.Equal(t, bic != "", known)
			assert.Equal(t, bic, bank.BIC)
		})
	}
}

// The check of ISO 7064 promises to catch one wrong digit among digits and one
// wrong letter among letters. A digit for a letter inside the account part moves
// the rest by a place, and about one such change in a hundred goes unseen.
func TestOneChangedCharacterIsRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		iban := drawIBAN(t)
		_, err := ParseIBAN(iban)
		require.NoError(t, err, iban)

		at := rapid.IntRange(0, len(iban)-1).Draw(t, "at")
		others := "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		if at >= 7 && digit(rune(iban[at])) {
			others = others[:10]
		} else if at >= 7 {
			others = others[10:]
		}
		others = strings.ReplaceAll(others, iban[at:at+1], "")
		other := rapid.SampledFrom(strings.Split(others, "")).Draw(t, "other")
		changed := iban[:at] + other + iban[at+1:]
		_, err = ParseIBAN(changed)
		require.Error(t, err, "%s for %s", changed, iban)
	})
}

// Two neighbours that changed places are caught, too, but for a letter and a digit
// that are the same number in either order: B (11) and 1, M (22) and 2, X (33) and 3.
func TestSwappedNeighboursAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		iban := drawIBAN(t)
		at := rapid.IntRange(0, len(iban)-2).Draw(t, "at")
		swapped := iban[:at] + iban[at+1:at+2] + iban[at:at+1] + iban[at+2:]
		if swapped == iban || strings.Contains("B1B M2M X3X", iban[at:at+2]) {
			return
		}
		_, err := ParseIBAN(swapped)
		require.Error(t, err, "%s for %s", swapped, iban)
	})
}

func TestSpacesAndSmallLettersDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		iban := drawIBAN(t)
		text := ""
		for _, c := range iban {
			text += rapid.SampledFrom([]string{"", "", " ", "\u00a0", "-"}).Draw(t, "between")
			if rapid.Bool().Draw(t, "small") {
				text += strings.ToLower(string(c))
			} else {
				text += string(c)
			}
		}
		got, err := ParseIBAN(text)
		require.NoError(t, err, "%q", text)
		require.Equal(t, iban, got.String())
	})
}

// drawIBAN computes the check digits by school arithmetic, unlike the code.
func drawIBAN(t *rapid.T) string {
	bban := rapid.StringMatching(`[0-9]{3}[A-Z0-9]{13}`).Draw(t, "bban")
	var number strings.Builder
	for _, c := range bban + "KZ00" {
		if c >= 'A' {
			fmt.Fprint(&number, c-'A'+10)
		} else {
			number.WriteRune(c)
		}
	}
	n, ok := new(big.Int).SetString(number.String(), 10)
	require.True(t, ok)
	return fmt.Sprintf("KZ%02d%s", 98-n.Mod(n, big.NewInt(97)).Int64(), bban)
}

func FuzzParseIBAN(f *testing.F) {
	for _, seed := range []string{
		validIBAN, "kz86 125k zt50 0410 0100", "KZ86125КZT5004100100", "KZ00", "\xff", "KZ86125ıſT5004100100", "DE89370400440532013000",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseIBAN(text)
		if err != nil {
			require.NotEmpty(t, codeOf(t, err))
			require.Zero(t, got)
			return
		}
		require.Regexp(t, `^KZ\d{5}[A-Z0-9]{13}$`, got.String())
		require.Equal(t, got.String(), strings.ToUpper(asciiWord(text)), "no character replaced in silence")
		again, err := ParseIBAN(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

// asciiWord drops everything but Latin letters and digits.
func asciiWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (digit(r) || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return -1
	}, s)
}

// vectors reads a table of test data without its header.
func vectors(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(rows), 10)
	return rows[1:]
}
