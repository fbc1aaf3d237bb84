package distribution

import (
	"strconv"
	"strings"
	"unicode"
)

// IBAN is a Kazakhstan account number (ИИК): KZ, two check digits, the bank's
// three digits, thirteen letters or digits (ISO 13616, registry entry KZ).
// The zero value is "none"; any other has passed ParseIBAN.
type IBAN struct{ text string }

// BIN is the twelve digits of a company's БИН or of a person's ИИН.
type BIN struct{ text string }

// BIC is the code of a bank, eight or eleven characters (ISO 9362).
type BIC struct{ text string }

// KBe is residency (1 or 2) and sector (1 to 9) of the recipient: eighteen codes
// (National Bank, resolution 203 of 31.08.2016).
type KBe struct{ text string }

// KNP is the three-digit payment purpose code of the same resolution.
type KNP struct{ text string }

func (v IBAN) String() string { return v.text }
func (v BIN) String() string  { return v.text }
func (v BIC) String() string  { return v.text }
func (v KBe) String() string  { return v.text }
func (v KNP) String() string  { return v.text }

// BankCode is the three digits by which the National Bank names the bank.
func (v IBAN) BankCode() string {
	if v.text == "" {
		return ""
	}
	return v.text[4:7]
}

// Head is the first eight characters, which name the bank without its branch.
func (v BIC) Head() string {
	if v.text == "" {
		return ""
	}
	return v.text[:8]
}

// compact drops what people put between groups and writes letters large. Two
// foreign small letters (ı, ſ) have a Latin capital; they stay, to be refused.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("\u2009\u202f\u200b\ufeff-‐‑–—", r) {
			return -1
		}
		if large := unicode.ToUpper(r); r <= unicode.MaxASCII || large > unicode.MaxASCII {
			return large
		}
		return r
	}, text)
}

// lookalike names the Latin letter that a Cyrillic one is easily mistaken for.
func lookalike(r rune) (rune, bool) {
	const cyrillic, latin = "АВЕКМНОРСТУХІЗҮҺ", "ABEKMHOPCTYXI3YH"
	i := strings.IndexRune(cyrillic, r)
	if i < 0 {
		return 0, false
	}
	return rune(latin[i/2]), true // each letter above takes two bytes in UTF-8
}

// cyrillicAt reports the first Cyrillic letter, with its place counted from one.
func cyrillicAt(kind, s string) *Reason {
	place := 0
	for _, r := range s {
		place++
		if !unicode.Is(unicode.Cyrillic, r) {
			continue
		}
		args := []string{"Char", string(r), "Position", strconv.Itoa(place)}
		if l, ok := lookalike(r); ok {
			return reason(kind+".cyrillic", append(args, "Latin", string(l))...)
		}
		return reason(kind+".alphabet", args...)
	}
	return nil
}

// strangerAt reports the first character that ok refuses.
func strangerAt(code, s string, ok func(r rune) bool) *Reason {
	place := 0
	for _, r := range s {
		place++
		if !ok(r) {
			return reason(code, "Char", string(r), "Position", strconv.Itoa(place))
		}
	}
	return nil
}

func latinOrDigit(r rune) bool { return r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' }
func digit(r rune) bool        { return r >= '0' && r <= '9' }
func digits(s string) bool     { return strangerAt("", s, digit) == nil }

// ParseIBAN accepts spaces, dashes and small letters. A Cyrillic look-alike is
// reported with its place, never replaced in silence. The error is a *Reason.
func ParseIBAN(text string) (IBAN, error) {
	s := compact(text)
	if s == "" {
		return IBAN{}, reason("required")
	}
	if r := cyrillicAt("iban", s); r != nil {
		return IBAN{}, r
	}
	if r := strangerAt("iban.alphabet", s, latinOrDigit); r != nil {
		return IBAN{}, r
	}
	switch {
	case !strings.HasPrefix(s, "KZ"):
		return IBAN{}, reason("iban.country")
	case len(s) != 20:
		return IBAN{}, reason("iban.length", "Got", strconv.Itoa(len(s)), "Want", "20")
	case !digits(s[2:4]):
		return IBAN{}, reason("iban.checksum")
	case !digits(s[4:7]):
		place := 5 + strings.IndexFunc(s[4:7], func(r rune) bool { return !digit(r) })
		return IBAN{}, reason("iban.bankcode", "Position", strconv.Itoa(place))
	case mod97(s) != 1:
		return IBAN{}, reason("iban.checksum")
	}
	return IBAN{s}, nil
}

// mod97 is the check of ISO 7064 MOD 97-10 over the rearranged IBAN.
func mod97(iban string) int {
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		if digit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest
}

// ParseBIN accepts twelve digits. A wrong check digit is a warning of
// Warnings, not an error: the example of Plexy's own page has one.
func ParseBIN(text string) (BIN, error) {
	s := compact(text)
	if s == "" {
		return BIN{}, reason("required")
	}
	if r := strangerAt("bin.digits", s, digit); r != nil {
		return BIN{}, r
	}
	switch {
	case len(s) != 12:
		return BIN{}, reason("bin.length", "Got", strconv.Itoa(len(s)), "Want", "12")
	case s == "000000000000":
		return BIN{}, reason("bin.zeros")
	}
	return BIN{s}, nil
}

// CheckDigitOK reports whether the twelfth digit agrees with the first eleven
// (Government resolution 406 of 22.05.2007): weights 1…11, and when the rest is
// ten, weights 3…11, 1, 2; a number that gives ten twice is never issued.
func (v BIN) CheckDigitOK() bool {
	if v.text == "" {
		return false
	}
	for _, shift := range []int{0, 2} {
		sum := 0
		for i := range 11 {
			sum += ((i+shift)%11 + 1) * int(v.text[i]-'0')
		}
		if c := sum % 11; c < 10 {
			return c == int(v.text[11]-'0')
		}
	}
	return false
}

// ParseBIC accepts eight or eleven characters of a bank in any country.
func ParseBIC(text string) (BIC, error) {
	s := compact(text)
	if s == "" {
		return BIC{}, reason("required")
	}
	if r := cyrillicAt("bic", s); r != nil && r.Code == "bic.cyrillic" {
		return BIC{}, r
	}
	letter := func(r rune) bool { return r >= 'A' && r <= 'Z' }
	if (len(s) != 8 && len(s) != 11) || strangerAt("", s, latinOrDigit) != nil || strangerAt("", s[:6], letter) != nil {
		return BIC{}, reason("bic.format")
	}
	return BIC{s}, nil
}

// ParseKBe accepts the eighteen codes 11…19 and 21…29.
func ParseKBe(text string) (KBe, error) {
	s := compact(text)
	if s == "" {
		return KBe{}, reason("required")
	}
	if len(s) != 2 || (s[0] != '1' && s[0] != '2') || s[1] < '1' || s[1] > '9' {
		return KBe{}, reason("kbe.unknown", "Text", s)
	}
	return KBe{s}, nil
}

// ParseKNP accepts any three digits: the list of codes changes by resolution.
func ParseKNP(text string) (KNP, error) {
	s := compact(text)
	if s == "" {
		return KNP{}, reason("required")
	}
	if len(s) != 3 || !digits(s) {
		return KNP{}, reason("knp.digits", "Got", strconv.Itoa(len([]rune(s))))
	}
	return KNP{s}, nil
}
