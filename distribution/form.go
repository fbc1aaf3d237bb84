package distribution

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

// MaxReference is the most characters of an order reference.
const MaxReference = 64

// Form is the create form exactly as it was typed.
type Form struct {
	OrderReference string
	Amount         string
	Currency       string
	Name           string
	BIN            string
	IBAN           string
	BIC            string
	KBe            string
	KNP            string
	Purpose        string
}

// Text is what stands in a field.
func (f *Form) Text(name Field) *string {
	switch name {
	case FieldName:
		return &f.Name
	case FieldBIN:
		return &f.BIN
	case FieldKBe:
		return &f.KBe
	case FieldIBAN:
		return &f.IBAN
	case FieldBIC:
		return &f.BIC
	case FieldAmount:
		return &f.Amount
	case FieldCurrency:
		return &f.Currency
	case FieldKNP:
		return &f.KNP
	case FieldPurpose:
		return &f.Purpose
	case FieldReference:
		return &f.OrderReference
	}
	panic("distribution: no such field: " + string(name))
}

// Parse turns the form into values, or says for each field why it cannot. An
// empty reference stays empty: the caller gives a random one.
func (f Form) Parse() (Content, FieldErrors) {
	c, errs := f.ParseEach()
	if len(errs) > 0 {
		return Content{}, errs
	}
	return c, nil
}

// ParseEach is Parse of a form that is not finished: what cannot be a value yet
// stays zero.
func (f Form) ParseEach() (Content, FieldErrors) {
	errs := FieldErrors{}
	c := Content{
		Amount: field(errs, FieldAmount, f.Amount, ParseAmount),
		Recipient: Recipient{
			Name: field(errs, FieldName, f.Name, func(s string) (string, error) { return parseLine(s, "name", MaxName) }),
			BIN:  field(errs, FieldBIN, f.BIN, ParseBIN),
			IBAN: field(errs, FieldIBAN, f.IBAN, ParseIBAN),
			BIC:  field(errs, FieldBIC, f.BIC, ParseBIC),
			KBe:  field(errs, FieldKBe, f.KBe, ParseKBe),
			KNP:  field(errs, FieldKNP, f.KNP, ParseKNP),
		},
		Currency:       field(errs, FieldCurrency, f.Currency, parseCurrency),
		PaymentPurpose: field(errs, FieldPurpose, f.Purpose, func(s string) (string, error) { return parseLine(s, "purpose", MaxPurpose) }),
		OrderReference: field(errs, FieldReference, f.OrderReference, parseReference),
	}
	return c, errs
}

func field[T any](errs FieldErrors, name Field, text string, parse func(string) (T, error)) T {
	v, err := parse(text)
	if err != nil {
		r, ok := errors.AsType[*Reason](err)
		if !ok {
			panic("distribution: a parse function failed without a reason: " + err.Error())
		}
		errs[name] = r
	}
	return v
}

func parseCurrency(text string) (Currency, error) {
	if c := Currency(strings.TrimSpace(text)); c != KZT {
		return "", reason("currency.kzt")
	}
	return KZT, nil
}

func parseReference(text string) (string, error) {
	s := strings.TrimSpace(text)
	ok := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./№#", r)
	}
	if strangerAt("", s, ok) != nil || len([]rune(s)) > MaxReference {
		return "", reason("reference.format", "Max", strconv.Itoa(MaxReference))
	}
	return s, nil
}
