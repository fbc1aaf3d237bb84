package distribution

import "strconv"

// BIN is the twelve digits of a company's БИН or of a person's ИИН.
type BIN struct{ text string }

func (v BIN) String() string { return v.text }

// ParseBIN accepts twelve digits, however they are grouped or labelled. A wrong
// check digit is a warning of Warnings, not an error: the example of Plexy's own
// page has one.
func ParseBIN(text string) (BIN, error) {
	s := CleanBIN(text)
	if s == "" {
		return BIN{}, reason("required")
	}
	if r := checkBIN(s); r != nil {
		if better := digitised(s); checkBIN(better) == nil && (BIN{better}).CheckDigitOK() {
			r.Suggestion = better
		}
		return BIN{}, r
	}
	return BIN{s}, nil
}

func checkBIN(s string) *Reason {
	if r := strangerAt("bin.digits", s, digit); r != nil {
		return r
	}
	switch {
	case len(s) != 12:
		return reason("bin.length", "Got", strconv.Itoa(len(s)), "Want", "12")
	case s == "000000000000":
		return reason("bin.zeros")
	}
	return nil
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

// Holder is whom a number was given to, as its fifth digit tells.
type Holder int

// Holders.
const (
	HeldByNone    Holder = iota // the check digit fails, or no such fifth digit is issued
	HeldByPerson                // ИИН: an individual or a sole proprietor (ИП)
	HeldByCompany               // resident legal entity
	HeldByForeign               // non-resident legal entity
	HeldByJoint                 // joint sole proprietors, ИП(С)
)

// Holder reads the number. One that fails its check digit is read no further.
func (v BIN) Holder() Holder {
	if !v.CheckDigitOK() {
		return HeldByNone
	}
	switch v.text[4] {
	case '0', '1', '2', '3':
		return HeldByPerson
	case '4':
		return HeldByCompany
	case '5':
		return HeldByForeign
	case '6':
		return HeldByJoint
	}
	return HeldByNone
}

// DateOK reports whether the year, month and (ИИН only) day could be a date. They
// need not be the true ones: since 26.08.2013 an ИИН may be given without them.
func (v BIN) DateOK() bool {
	if v.text == "" {
		return false
	}
	month, _ := strconv.Atoi(v.text[2:4])
	if month < 1 || month > 12 {
		return false
	}
	if v.text[4] >= '4' && v.text[4] <= '6' {
		return true
	}
	day, _ := strconv.Atoi(v.text[4:6])
	longest := [12]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return day >= 1 && day <= longest[month-1]
}
