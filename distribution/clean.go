package distribution

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is pasted into a field comes with spaces of every width, dashes, small
// letters and the label from the paper beside it. Cleaning takes these away and
// nothing else: whatever is wrong with the value is still there to be reported.

// CleanIBAN takes "ИИК: kz86 125k-zt50…" apart to KZ86125KZT50….
func CleanIBAN(text string) string { return clean(text, FieldIBAN) }

// CleanBIN does so with "БИН/ИИН 0907 4001 9001".
func CleanBIN(text string) string { return clean(text, FieldBIN) }

// CleanBIC does so with "БИК: kcjbkzkx".
func CleanBIC(text string) string { return clean(text, FieldBIC) }

// CleanKBe does so with "КБе 17".
func CleanKBe(text string) string { return clean(text, FieldKBe) }

// CleanKNP does so with "КНП: 710".
func CleanKNP(text string) string { return clean(text, FieldKNP) }

func clean(text string, field Field) string {
	for {
		rest, ok := withoutLabel(text, field)
		if !ok {
			return compact(text)
		}
		text = rest
	}
}

// withoutLabel cuts one label of the field and what parts it from the value.
func withoutLabel(text string, field Field) (string, bool) {
	text = strings.TrimLeftFunc(text, isGap)
	shortest, found := text, false // what the longest label leaves
	for _, row := range labelTable() {
		if row.field != field {
			continue
		}
		for label := range strings.SplitSeq(row.texts, "|") {
			if rest, ok := cutFold(text, label); ok && partsFrom(rest, label) && len(rest) < len(shortest) {
				shortest, found = rest, true
			}
		}
	}
	return strings.TrimLeftFunc(shortest, isGap), found
}

// partsFrom reports that a label ends there and is not the beginning of the
// value: a BIC may begin with the letters BIC.
func partsFrom(rest, label string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	if !unicode.IsLetter(next) && !unicode.IsDigit(next) {
		return true
	}
	if label == "iban" {
		_, account := cutFold(rest, "KZ")
		return account
	}
	last, _ := utf8.DecodeLastRuneInString(label)
	return unicode.Is(unicode.Cyrillic, last) && next <= unicode.MaxASCII // "БИН090740019001"
}

// isGap tells what stands between a label and its value.
func isGap(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\u200b\u2060\ufeff\u00ad:;=№.,/|()-‐‑‒–—−_", r)
}

// cutFold is strings.CutPrefix that does not tell large letters from small ones.
func cutFold(text, prefix string) (string, bool) {
	at := 0
	for _, want := range prefix {
		got, size := utf8.DecodeRuneInString(text[at:])
		if size == 0 || unicode.ToLower(got) != unicode.ToLower(want) {
			return text, false
		}
		at += size
	}
	return text[at:], true
}
