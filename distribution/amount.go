package distribution

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Amount is money in tiyn, 1/100 of a tenge.
type Amount int64

// MaxAmount is the largest amount a person can enter: 999 999 999 999 999,99 ₸.
const MaxAmount Amount = 99_999_999_999_999_999

// Currency is an ISO 4217 code.
type Currency string

// KZT is the only currency of distributions.
const KZT Currency = "KZT"

// String is the amount in tenge for machines: "1250000.00".
func (a Amount) String() string {
	sign, n := "", uint64(a)
	if a < 0 {
		sign, n = "-", uint64(-a)
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// Plus adds and reports whether the sum fits.
func (a Amount) Plus(b Amount) (Amount, bool) {
	if (b > 0 && a > math.MaxInt64-b) || (b < 0 && a < math.MinInt64-b) {
		return 0, false
	}
	return a + b, true
}

// ParseAmount reads tenge as a person types or pastes them: "1 250 000,00",
// "1250000.00", "1,250,000.00", "1 250 000,00 тг", any kind of space between
// groups of three. A tab or a line end is not such a space: it parts two cells or
// lines. One separator before three digits ("1.250") can be read in two ways and
// is asked about, never guessed. The error is a *Reason.
func ParseAmount(text string) (Amount, error) {
	s := trimAmount(text)
	if s == "" {
		return 0, reason("required")
	}
	if err := refuseForeign(s); err != nil {
		return 0, err
	}
	whole, cents, err := splitAmount(s)
	if err != nil {
		return 0, err
	}
	return toTiyn(whole, cents)
}

// trimAmount drops the currency and the outer space, and makes every kind of
// inner space a plain one.
func trimAmount(text string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, strings.TrimSpace(text))
	for _, unit := range []string{"₸", "тенге", "теңге", "тг.", "тг", "KZT"} {
		if cut, ok := strings.CutSuffix(s, unit); ok {
			return strings.TrimSpace(cut)
		}
	}
	return s
}

func refuseForeign(s string) error {
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9', r == ' ', r == '.', r == ',':
		case strings.ContainsRune("+-−–", r):
			return reason("amount.sign")
		case exponentAt(s, i):
			return reason("amount.exponent")
		case unicode.IsDigit(r):
			return reason("amount.digits")
		default:
			return reason("amount.format")
		}
	}
	return nil
}

// exponentAt tells 1e5 and 1E+5 from the beginning of a word such as 100EUR.
func exponentAt(s string, i int) bool {
	return (s[i] == 'e' || s[i] == 'E') && i > 0 && digit(rune(s[i-1])) &&
		i+1 < len(s) && strings.ContainsRune("0123456789+-", rune(s[i+1]))
}

// splitAmount finds the digits before and after the decimal separator.
func splitAmount(s string) (whole, cents string, err error) {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		whole, err = joinGroups(s, " ")
		return whole, "", err
	}
	sep := s[last : last+1]
	head, tail := s[:last], s[last+1:]
	other := strings.Trim(".,", sep)
	switch {
	case strings.Contains(head, sep): // 1.250.000: a decimal separator comes once
		whole, err = joinGroups(s, sep)
		return whole, "", err
	case tail == "" || head == "" || strings.Contains(tail, " "):
		return "", "", reason("amount.format")
	case strings.Contains(head, other): // 1,250,000.00
		whole, err = joinGroups(head, other)
	default:
		if len(tail) == 3 && len(head) <= 3 && head[0] != '0' && !strings.Contains(head, " ") {
			return "", "", reason("amount.ambiguous",
				"Text", s, "AsThousands", head+" "+tail+",00", "AsDecimal", head+","+tail[:2])
		}
		whole, err = joinGroups(head, " ")
	}
	if err == nil && len(tail) > 2 {
		err = reason("amount.decimals")
	}
	return whole, tail, err
}

// joinGroups accepts plain digits or groups of three.
func joinGroups(s, sep string) (string, error) {
	groups := strings.Split(s, sep)
	for i, g := range groups {
		bad := g == "" || strings.ContainsAny(g, " .,") || (i > 0 && len(g) != 3) || (i == 0 && len(groups) > 1 && len(g) > 3)
		if bad {
			return "", reason("amount.format")
		}
	}
	return strings.Join(groups, ""), nil
}

func toTiyn(whole, cents string) (Amount, error) {
	n, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64) // of digits alone it fails only by size
	switch {
	case err != nil || Amount(n) > MaxAmount:
		return 0, reason("amount.toolarge", "Max", MaxAmount.String())
	case n == 0:
		return 0, reason("amount.zero")
	}
	return Amount(n), nil
}
