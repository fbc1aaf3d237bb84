package distribution

// BIC is the code of a bank, eight or eleven characters (ISO 9362).
type BIC struct{ text string }

func (v BIC) String() string { return v.text }

// Head is the first eight characters, which name the bank without its branch.
func (v BIC) Head() string {
	if v.text == "" {
		return ""
	}
	return v.text[:8]
}

// ParseBIC accepts eight or eleven characters of a bank in any country. Cyrillic
// look-alikes are reported and the corrected code offered, as with an IBAN.
func ParseBIC(text string) (BIC, error) {
	s := CleanBIC(text)
	if s == "" {
		return BIC{}, reason("required")
	}
	if r := checkBIC(s); r != nil {
		r.Suggestion = offered(checkBIC, latinised(s))
		return BIC{}, r
	}
	return BIC{s}, nil
}

func checkBIC(s string) *Reason {
	if r := cyrillicAt("bic", s); r != nil && r.Code == "bic.cyrillic" {
		return r
	}
	if (len(s) != 8 && len(s) != 11) || strangerAt("", s, latinOrDigit) != nil || strangerAt("", s[:6], latinLarge) != nil {
		return reason("bic.format")
	}
	return nil
}
