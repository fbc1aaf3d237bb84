package distribution

import (
	"fmt"
	"io"
	"slices"
)

// NamedCode is a code with its names; a missing name is empty.
type NamedCode struct {
	Code       string
	RU, KK, EN string
	UsedFor    Use // of a KNP
}

// Use says that a payment purpose is for something else than paying a supplier.
type Use string

// Uses.
const (
	ForAnything Use = ""
	ForPersons  Use = "person" // mostly between people
	ForSocial   Use = "social" // pension, social and medical contributions: by way of bank 009
	ForBudget   Use = "budget" // taxes, fines: to the treasury, bank 070
	ForOwn      Use = "own"    // between one's own accounts
)

// CodeList is a list of codes in its own order.
type CodeList struct {
	AsOf     string
	codes    []NamedCode
	sections []NamedCode // of KNP: by the first digit
}

// All lists the codes.
func (l CodeList) All() []NamedCode { return slices.Clone(l.codes) }

// Of finds a code.
func (l CodeList) Of(code string) (NamedCode, bool) { return findCode(l.codes, code) }

// Named is the code; the section that it belongs to, by its first digit, when it
// has no name of its own.
func (l CodeList) Named(code string) (NamedCode, bool) {
	if c, ok := l.Of(code); ok && c.RU != "" || code == "" {
		return c, ok
	}
	return findCode(l.sections, code[:1])
}

func findCode(codes []NamedCode, code string) (NamedCode, bool) {
	i := slices.IndexFunc(codes, func(c NamedCode) bool { return c.Code == code })
	if i < 0 {
		return NamedCode{}, false
	}
	return codes[i], true
}

// ReadKBes reads the names of the eighteen KBe in the form of kbe.csv.
func ReadKBes(r io.Reader) (CodeList, error) {
	t, err := readTable("kbe.csv", r, "code", "name_ru", "name_kk", "name_en")
	if err != nil {
		return CodeList{}, err
	}
	l := CodeList{AsOf: t.asOf}
	for _, row := range t.rows {
		c := NamedCode{Code: row.cells[0], RU: row.cells[1], KK: row.cells[2], EN: row.cells[3]}
		if checkKBe(c.Code) != nil {
			return CodeList{}, row.errorf("KBe %q is not one of 11…19, 21…29", c.Code)
		}
		if l.codes, err = addCode(l.codes, c); err != nil {
			return CodeList{}, row.errorf("%w", err)
		}
	}
	if len(l.codes) != 18 {
		return CodeList{}, fmt.Errorf("kbe.csv: %d codes, want all 18", len(l.codes))
	}
	return l, nil
}

// ReadKNPs reads payment purpose codes in the form of knp.csv. A code of one digit
// names the section of all that begin with it.
func ReadKNPs(r io.Reader) (CodeList, error) {
	t, err := readTable("knp.csv", r, "code", "name_ru", "name_kk", "name_en", "used_for")
	if err != nil {
		return CodeList{}, err
	}
	l := CodeList{AsOf: t.asOf}
	for _, row := range t.rows {
		c := NamedCode{Code: row.cells[0], RU: row.cells[1], KK: row.cells[2], EN: row.cells[3], UsedFor: Use(row.cells[4])}
		switch {
		case !slices.Contains([]Use{ForAnything, ForPersons, ForSocial, ForBudget, ForOwn}, c.UsedFor):
			err = fmt.Errorf("used_for %q is not empty or one of person, social, budget, own", c.UsedFor)
		case len(c.Code) == 1 && digits(c.Code):
			l.sections, err = addCode(l.sections, c)
		case checkKNP(c.Code) != nil:
			err = fmt.Errorf("KNP %q is not three digits; keep the column as text, so that 010 stays 010", c.Code)
		default:
			l.codes, err = addCode(l.codes, c)
		}
		if err != nil {
			return CodeList{}, row.errorf("%w", err)
		}
	}
	return l, nil
}

func addCode(codes []NamedCode, c NamedCode) ([]NamedCode, error) {
	if _, twice := findCode(codes, c.Code); twice {
		return codes, fmt.Errorf("code %s stands twice", c.Code)
	}
	return append(codes, c), nil
}
