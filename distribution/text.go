package distribution

import (
	"strconv"
	"strings"
	"unicode"
)

// Limits on free text, in characters. The largest keep out nonsense; Plexy and
// the banks set their own.
const (
	MaxName      = 255
	MaxPurpose   = 1000
	SafePurpose  = 140 // a remittance line of ISO 20022; older banks' 4 × 35
	FilesPurpose = 210 // what 1C writes into a payment file
)

// oneLine makes one line of a text: a payment order has one, so line ends and
// tabs become spaces.
func oneLine(text string) string {
	s := strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ", "\u2028", " ", "\u2029", " ").Replace(text)
	return strings.TrimSpace(s)
}

// parseLine accepts one line of visible text.
func parseLine(text, kind string, limit int) (string, error) {
	s := oneLine(text)
	if s == "" {
		return "", reason("required")
	}
	if r := unseen(s); r != nil {
		r.Suggestion = seen(s)
		return "", r
	}
	if n := len([]rune(s)); n > limit {
		return "", reason(kind+".toolong", "Got", strconv.Itoa(n), "Max", strconv.Itoa(limit))
	}
	return s, nil
}

// unseen reports the first character that nobody sees: a payment must say what
// people read.
func unseen(s string) *Reason {
	place := 0
	for _, r := range s {
		place++
		var found *Reason
		switch at := strconv.Itoa(place); {
		case turnsText(r):
			found = reason("text.bidi", "Position", at)
		case unicode.Is(unicode.Cf, r) || strings.ContainsRune("\u115f\u1160\u3164\uffa0", r):
			found = reason("text.invisible", "Position", at)
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			found = reason("text.control", "Position", at)
		default:
			continue
		}
		found.Places = []int{place}
		return found
	}
	return nil
}

// turnsText tells the marks that make text run the other way, so that it reads
// otherwise than it is written.
func turnsText(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || strings.ContainsRune("\u200e\u200f\u061c", r)
}

// seen drops what unseen reports.
func seen(s string) string {
	s = strings.Map(func(r rune) rune {
		if unseen(string(r)) != nil {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// mixed is a word of Latin and Cyrillic letters, such as "Бaнк" with a Latin a.
type mixed struct {
	Word       string
	Place      int    // of its first letter from the rarer alphabet, counted from one
	Char       string // that letter
	Suggestion string // the whole text with the word in one alphabet; empty: not by look-alikes alone
}

// mixedWord finds the first word whose letters are of both alphabets.
func mixedWord(text string) (mixed, bool) {
	letters := []rune(text)
	for from := 0; from < len(letters); {
		to := from
		for to < len(letters) && unicode.IsLetter(letters[to]) {
			to++
		}
		if m, ok := mixture(letters, from, to); ok {
			return m, true
		}
		from = to + 1
	}
	return mixed{}, false
}

func mixture(letters []rune, from, to int) (mixed, bool) {
	latin, cyrillic := 0, 0
	for _, r := range letters[from:to] {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		}
	}
	if latin == 0 || cyrillic == 0 {
		return mixed{}, false
	}
	m := mixed{Word: string(letters[from:to])}
	rare, change := unicode.Latin, cyrillicTwin
	if cyrillic < latin {
		rare, change = unicode.Cyrillic, latinTwin
	}
	better, whole := append([]rune{}, letters...), true
	for i := from; i < to; i++ {
		if !unicode.Is(rare, letters[i]) {
			continue
		}
		if m.Place == 0 {
			m.Place, m.Char = i+1, string(letters[i])
		}
		twin, ok := change(letters[i])
		better[i], whole = twin, whole && ok
	}
	if whole {
		m.Suggestion = string(better)
	}
	return m, true
}

// twins of small letters look the same, too, but for some whose large forms do.
const (
	cyrillicTwins = "АВЕКМНОРСТУХІҮҺаеорсухі"
	latinTwins    = "ABEKMHOPCTYXIYHaeopcyxi"
)

func latinTwin(r rune) (rune, bool) {
	i := strings.IndexRune(cyrillicTwins, r)
	if i < 0 {
		return 0, false
	}
	return rune(latinTwins[i/2]), true // each Cyrillic letter takes two bytes in UTF-8
}

func cyrillicTwin(r rune) (rune, bool) {
	i := strings.IndexRune(latinTwins, r)
	if i < 0 {
		return 0, false
	}
	return []rune(cyrillicTwins)[i], true
}
