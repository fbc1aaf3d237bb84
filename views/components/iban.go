package components

import "strings"

// ibanPart is a run of characters of an account number that differ from an
// earlier one, or do not. Text is in fours, with the spaces between them.
type ibanPart struct {
	Text    string
	Differs bool
}

// ibanParts compares an account number with an earlier one, place by place.
func ibanParts(iban, before string) []ibanPart {
	now, was := []rune(strings.Join(strings.Fields(iban), "")), []rune(strings.Join(strings.Fields(before), ""))
	var parts []ibanPart
	for i, r := range now {
		differs := i >= len(was) || was[i] != r
		if len(parts) == 0 || parts[len(parts)-1].Differs != differs {
			parts = append(parts, ibanPart{Differs: differs})
		}
		last := &parts[len(parts)-1]
		if i > 0 && i%4 == 0 {
			last.Text += " "
		}
		last.Text += string(r)
	}
	return parts
}
