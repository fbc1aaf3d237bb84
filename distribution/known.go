package distribution

import (
	"slices"
	"strings"
	"unicode"
)

// Known is a recipient that was paid before, as the history has it.
type Known struct{ Name, BIN, IBAN string }

// Compare holds a recipient against the history, the newest payment first, in both
// directions: a known number with a new account, a known account with a new number.
// History that knows neither says nothing.
func Compare(c Content, known []Known) []Finding {
	r := c.Recipient
	if r.BIN == (BIN{}) || r.IBAN == (IBAN{}) {
		return nil
	}
	bin, iban := r.BIN.String(), r.IBAN.String()
	ofBIN := slices.DeleteFunc(slices.Clone(known), func(k Known) bool { return k.BIN != bin })
	ofIBAN := slices.DeleteFunc(slices.Clone(known), func(k Known) bool { return k.IBAN != iban })
	if slices.ContainsFunc(ofBIN, func(k Known) bool { return k.IBAN == iban }) {
		return renamed(r.Name, ofBIN)
	}
	var found []Finding
	if len(ofBIN) > 0 {
		w := warning("iban.new")
		w.Was = nearest(iban, ofBIN)
		w.Places = differing(iban, w.Was)
		found = append(found, w)
	}
	if len(ofIBAN) > 0 {
		w := warning("iban.new", "BIN", ofIBAN[0].BIN, "Name", ofIBAN[0].Name)
		w.Variant, w.Field, w.Was = ".bin", FieldBIN, ofIBAN[0].BIN
		w.Places = differing(bin, w.Was)
		found = append(found, w)
	}
	return append(found, renamed(r.Name, ofBIN)...)
}

// renamed says that a number was paid under other names only.
func renamed(name string, ofBIN []Known) []Finding {
	if name == "" || len(ofBIN) == 0 {
		return nil
	}
	folded, last := FoldName(name), ""
	for _, k := range ofBIN {
		if k.Name == name || k.Name != last && FoldName(k.Name) == folded {
			return nil
		}
		last = k.Name // mostly the one before: folded once
	}
	h := hint("name.new", "Name", ofBIN[0].Name)
	h.Was = ofBIN[0].Name
	return []Finding{h}
}

// nearest is the known account that differs in the fewest characters.
func nearest(iban string, known []Known) string {
	return slices.MinFunc(known, func(a, b Known) int {
		return len(differing(iban, a.IBAN)) - len(differing(iban, b.IBAN))
	}).IBAN
}

// differing are the places, counted from one, at which a is not as b.
func differing(a, b string) []int {
	one, other := []rune(a), []rune(b)
	var places []int
	for i := range one {
		if i >= len(other) || one[i] != other[i] {
			places = append(places, i+1)
		}
	}
	return places
}

// FoldName makes names comparable: without legal form, quotation marks, case and
// ё, and with Latin letters for their Cyrillic look-alikes.
func FoldName(name string) string {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.ContainsFunc(legalForms(), func(form string) bool { return latinised(strings.ToUpper(form)) == latinised(w) })
	})
	return latinised(strings.ReplaceAll(strings.Join(words, " "), "Ё", "Е"))
}
