package distribution

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// compact drops what people put between groups and writes letters large. Two
// foreign small letters (ı, ſ) have a Latin capital; they stay, to be refused.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("\u200b\u2060\ufeff\u00ad-‐‑‒–—−", r) {
			return -1
		}
		if large := unicode.ToUpper(r); r <= unicode.MaxASCII || large > unicode.MaxASCII {
			return large
		}
		return r
	}, text)
}

// lookalike names the Latin letter that a large Cyrillic one is mistaken for.
func lookalike(r rune) (rune, bool) {
	const cyrillic, latin = "АВЕКМНОРСТУХІЗҮҺ", "ABEKMHOPCTYXI3YH"
	i := strings.IndexRune(cyrillic, r)
	if i < 0 {
		return 0, false
	}
	return rune(latin[i/2]), true // each letter above takes two bytes in UTF-8
}

// latinised writes the Latin letter for every look-alike in s.
func latinised(s string) string {
	return strings.Map(func(r rune) rune {
		if l, ok := lookalike(r); ok {
			return l
		}
		return r
	}, s)
}

// digitised writes the digit for every letter that is mistaken for one.
func digitised(s string) string {
	const letters, numbers = "OILSBZ", "011582"
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune(letters, r); i >= 0 {
			return rune(numbers[i])
		}
		return r
	}, latinised(s))
}

// cyrillicAt reports the first Cyrillic letter, with its place counted from one,
// and the places of all of them.
func cyrillicAt(kind, s string) *Reason {
	var found *Reason
	for i, r := range []rune(s) {
		if !unicode.Is(unicode.Cyrillic, r) {
			continue
		}
		if found == nil {
			found = cyrillicReason(kind, r, i+1)
		}
		found.Places = append(found.Places, i+1)
	}
	return found
}

func cyrillicReason(kind string, r rune, place int) *Reason {
	args := []string{"Char", string(r), "Position", strconv.Itoa(place)}
	if l, ok := lookalike(r); ok {
		return reason(kind+".cyrillic", append(args, "Latin", string(l))...)
	}
	return reason(kind+".alphabet", args...)
}

// strangerAt reports the first character that ok refuses.
func strangerAt(code, s string, ok func(r rune) bool) *Reason {
	place := 0
	for _, r := range s {
		place++
		if !ok(r) {
			found := reason(code, "Char", string(r), "Position", strconv.Itoa(place))
			found.Places = []int{place}
			return found
		}
	}
	return nil
}

func latinOrDigit(r rune) bool { return r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' }
func latinLarge(r rune) bool   { return r >= 'A' && r <= 'Z' }
func digit(r rune) bool        { return r >= '0' && r <= '9' }

// digits reports that there is nothing but digits in s.
func digits(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return !digit(r) }) }

// offered is the first of the texts that the check accepts; empty: none is. A
// corrected value is offered to a person, never put in silently.
func offered(check func(string) *Reason, texts ...string) string {
	i := slices.IndexFunc(texts, func(text string) bool { return check(text) == nil })
	if i < 0 {
		return ""
	}
	return texts[i]
}
