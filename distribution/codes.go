package distribution

import "strconv"

// KBe is residency (1 or 2) and sector (1 to 9) of the recipient: eighteen codes
// (National Bank, resolution 203 of 31.08.2016).
type KBe struct{ text string }

// KNP is the three-digit payment purpose code of the same resolution.
type KNP struct{ text string }

func (v KBe) String() string { return v.text }
func (v KNP) String() string { return v.text }

// Residency is '1' for a resident and '2' for a non-resident.
func (v KBe) Residency() byte {
	if v.text == "" {
		return 0
	}
	return v.text[0]
}

// Sector is '1' to '9'; '9' is households: individuals and sole proprietors.
func (v KBe) Sector() byte {
	if v.text == "" {
		return 0
	}
	return v.text[1]
}

// ParseKBe accepts the eighteen codes 11…19 and 21…29.
func ParseKBe(text string) (KBe, error) {
	s := CleanKBe(text)
	if s == "" {
		return KBe{}, reason("required")
	}
	if r := checkKBe(s); r != nil {
		r.Suggestion = offered(checkKBe, digitised(s))
		return KBe{}, r
	}
	return KBe{s}, nil
}

func checkKBe(s string) *Reason {
	if len(s) != 2 || (s[0] != '1' && s[0] != '2') || s[1] < '1' || s[1] > '9' {
		return reason("kbe.unknown", "Text", s)
	}
	return nil
}

// ParseKNP accepts any three digits: the list of codes changes by resolution.
func ParseKNP(text string) (KNP, error) {
	s := CleanKNP(text)
	if s == "" {
		return KNP{}, reason("required")
	}
	if r := checkKNP(s); r != nil {
		r.Suggestion = offered(checkKNP, digitised(s))
		return KNP{}, r
	}
	return KNP{s}, nil
}

func checkKNP(s string) *Reason {
	if len(s) != 3 || !digits(s) {
		return reason("knp.digits", "Got", strconv.Itoa(len([]rune(s))))
	}
	return nil
}
