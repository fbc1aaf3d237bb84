package i18n

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords is the largest amount Words spells, in tiyn: 999 999 999 999 999,99 ₸.
const maxWords int64 = 99_999_999_999_999_999

// scales is the number of groups of three digits that Words spells: units,
// thousands, millions, milliards (English billions), trillions (10¹²).
const scales = 5

// Words spells an amount in tiyn (1 KZT = 100 tiyn) as a payment order has it:
// tenge in words with a capital letter, tiyn in two digits, both nouns
// unchanged: "Один миллион двести пятьдесят тысяч тенге 00 тиын".
// A negative amount, or one above 999 999 999 999 999,99 ₸, gives "".
func (p *Printer) Words(tiyn int64) string {
	if tiyn < 0 || tiyn > maxWords {
		return ""
	}
	var tenge, noun string
	switch p.lang {
	case Kazakh:
		tenge, noun = spell(tiyn/100, "нөл", kazakhTriad)+" теңге", "тиын"
	case English:
		tenge, noun = spell(tiyn/100, "zero", englishTriad)+" tenge", "tiyn"
	default:
		tenge, noun = spell(tiyn/100, "ноль", russianTriad)+" тенге", "тиын"
	}
	return fmt.Sprintf("%s %02d %s", capitalise(tenge), tiyn%100, noun)
}

// spell writes n from its highest group of three digits down. Triad returns the
// words of one group, 1 to 999, with the name of its scale: 0 units, 1 thousands,
// up to 4 trillions.
func spell(n int64, zero string, triad func(n, scale int) []string) string {
	if n == 0 {
		return zero
	}
	var groups [scales]int
	for scale := range groups {
		groups[scale] = int(n % 1000)
		n /= 1000
	}
	var words []string
	for scale := scales - 1; scale >= 0; scale-- {
		if groups[scale] > 0 {
			words = append(words, triad(groups[scale], scale)...)
		}
	}
	return strings.Join(words, " ")
}

func capitalise(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
