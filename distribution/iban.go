package distribution

import (
	"strconv"
	"strings"
)

// IBAN is a Kazakhstan account number (ИИК): KZ, two check digits, the bank's
// three digits, thirteen letters or digits (ISO 13616, registry entry KZ).
// The zero value is "none"; any other has passed ParseIBAN.
type IBAN struct{ text string }

func (v IBAN) String() string { return v.text }

// BankCode is the three digits by which the National Bank names the bank.
func (v IBAN) BankCode() string {
	if v.text == "" {
		return ""
	}
	return v.text[4:7]
}

// ParseIBAN accepts what CleanIBAN cleans. A Cyrillic look-alike is reported with
// its place and the corrected number offered, never replaced in silence. The error
// is a *Reason.
func ParseIBAN(text string) (IBAN, error) {
	s := CleanIBAN(text)
	if s == "" {
		return IBAN{}, reason("required")
	}
	if r := checkIBAN(s); r != nil {
		r.Suggestion = offered(checkIBAN, ibanReadings(s)...)
		return IBAN{}, r
	}
	return IBAN{s}, nil
}

func checkIBAN(s string) *Reason {
	if r := cyrillicAt("iban", s); r != nil {
		return r
	}
	if r := strangerAt("iban.alphabet", s, latinOrDigit); r != nil {
		return r
	}
	switch {
	case !strings.HasPrefix(s, "KZ"):
		return reason("iban.country")
	case len(s) != 20:
		return reason("iban.length", "Got", strconv.Itoa(len(s)), "Want", "20")
	case !digits(s[2:4]):
		return reason("iban.checksum")
	case !digits(s[4:7]):
		place := 5 + strings.IndexFunc(s[4:7], func(r rune) bool { return !digit(r) })
		r := reason("iban.bankcode", "Position", strconv.Itoa(place))
		r.Places = []int{place}
		return r
	case mod97(s) != 1:
		return reason("iban.checksum")
	}
	return nil
}

// mod97 is the check of ISO 7064 MOD 97-10 over the rearranged IBAN.
func mod97(iban string) int {
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		if digit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

// ibanReadings is what was probably meant: Latin letters for Cyrillic ones, and
// digits where only digits stand or where O was typed for nought.
func ibanReadings(s string) []string {
	latin := latinised(s)
	if len(latin) < 7 {
		return nil
	}
	latin = latin[:2] + digitised(latin[2:7]) + latin[7:]
	return []string{latin, strings.ReplaceAll(latin, "O", "0")}
}

// Fours parts an account number, as far as it is typed, into groups of four.
func Fours(iban string) []string {
	var groups []string
	letters := []rune(CleanIBAN(iban))
	for len(letters) > 4 {
		groups, letters = append(groups, string(letters[:4])), letters[4:]
	}
	return append(groups, string(letters))
}

// Differs tells which groups of four, counted from zero, are not the same in two
// account numbers.
func Differs(a, b string) []int {
	one, other := Fours(a), Fours(b)
	var groups []int
	for i := range max(len(one), len(other)) {
		if i >= len(one) || i >= len(other) || one[i] != other[i] {
			groups = append(groups, i)
		}
	}
	return groups
}
