package i18n

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	noBreakSpace = "\u00a0"
	minusSign    = "\u2212"
	tengeSign    = "₸"
)

// Money formats an amount in tiyn (1 KZT = 100 tiyn) as "1 250 000,00 ₸": groups
// of three parted by U+00A0, a comma, two decimals, U+00A0 and the tenge sign; a
// negative amount begins with U+2212. All languages share this one form: a comma
// or point that changes its meaning with the language would be read wrongly.
func (p *Printer) Money(tiyn int64) string {
	return p.Amount(tiyn) + noBreakSpace + tengeSign
}

// Amount is Money without the tenge sign: "1 250 000,00".
func (p *Printer) Amount(tiyn int64) string {
	whole, cents := p.MoneyParts(tiyn)
	return whole + cents
}

// MoneyParts splits Amount before the comma, "1 250 000" and ",00", for pages
// that dim the tiyn.
func (p *Printer) MoneyParts(tiyn int64) (whole, cents string) {
	sign, magnitude := signed(tiyn)
	return sign + group(magnitude/100), fmt.Sprintf(",%02d", magnitude%100)
}

// Count formats a whole number in groups of three parted by U+00A0: "1 284".
func (p *Printer) Count(n int) string {
	sign, magnitude := signed(int64(n))
	return sign + group(magnitude)
}

// signed returns the sign to print and the absolute value. The conversion comes
// before the negation because the smallest int64 has no positive twin.
func signed(n int64) (sign string, magnitude uint64) {
	if n < 0 {
		return minusSign, -uint64(n)
	}
	return "", uint64(n)
}

// group writes n in groups of three digits parted by U+00A0.
func group(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(noBreakSpace)
		}
		b.WriteRune(digit)
	}
	return b.String()
}
