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
		gap := ""
		if i > 0 && i%4 == 0 {
			gap = " "
		}
		last := len(parts) - 1
		switch differs := i >= len(was) || was[i] != r; {
		case last >= 0 && parts[last].Differs == differs:
			parts[last].Text += gap + string(r)
		case differs && last >= 0: // a gap is no difference
			parts[last].Text += gap
			parts = append(parts, ibanPart{string(r), true})
		default:
			parts = append(parts, ibanPart{gap + string(r), differs})
		}
	}
	return parts
}
