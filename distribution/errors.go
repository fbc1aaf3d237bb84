package distribution

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// What callers tell apart. Every error of the rules and of the store that a
// page has an answer for wraps one of them.
var (
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("changed meanwhile")
	ErrForbidden = errors.New("not allowed")
)

// Reason says why a text is not acceptable. Code is a message key without its
// "error." prefix, such as "iban.checksum"; Args fill the message.
type Reason struct {
	Code string
	Args map[string]string
	// Places are the characters that are wrong, counted from one in the cleaned text.
	Places []int
	// Suggestion is what was probably meant; empty: nothing to offer.
	Suggestion string
}

func (r *Reason) Error() string { return r.Code }

func reason(code string, pairs ...string) *Reason {
	return &Reason{Code: code, Args: arguments(pairs)}
}

// arguments makes names and values by turns a map; nil without any.
func arguments(pairs []string) map[string]string {
	var args map[string]string
	for i := 0; i+1 < len(pairs); i += 2 {
		if args == nil {
			args = map[string]string{}
		}
		args[pairs[i]] = pairs[i+1]
	}
	return args
}

// Field is the name of a form field, the same as in the API of Plexy.
type Field string

// Fields of a distribution, in the order of the form.
const (
	FieldName      Field = "recipient.name"
	FieldBIN       Field = "recipient.bin"
	FieldKBe       Field = "recipient.kbe"
	FieldIBAN      Field = "recipient.iban"
	FieldBIC       Field = "recipient.bic"
	FieldAmount    Field = "amount"
	FieldCurrency  Field = "currency"
	FieldKNP       Field = "recipient.knp"
	FieldPurpose   Field = "paymentPurpose"
	FieldReference Field = "orderReference"
)

// Fields lists the form fields from top to bottom.
func Fields() []Field {
	return []Field{
		FieldName, FieldBIN, FieldKBe, FieldIBAN, FieldBIC,
		FieldAmount, FieldCurrency, FieldKNP, FieldPurpose, FieldReference,
	}
}

// FieldErrors holds one reason for each field that blocks the form.
type FieldErrors map[Field]*Reason

func (e FieldErrors) Error() string {
	var b strings.Builder
	for _, f := range slices.Sorted(maps.Keys(e)) {
		b.WriteString(string(f) + ": " + e[f].Code + "; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// Refusal is a rule's no to an action: who may not, or what the state forbids.
// Code is a message key without its "refusal." prefix.
type Refusal struct {
	Code string
	Kind error // ErrForbidden or ErrConflict
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Kind.Error() }
func (r *Refusal) Unwrap() error { return r.Kind }

func forbidden(code string) error { return &Refusal{Code: code, Kind: ErrForbidden} }
func conflict(code string) error  { return &Refusal{Code: code, Kind: ErrConflict} }

// ErrUnconfirmed asks for a read by id before anything is concluded.
var ErrUnconfirmed = errors.New("needs a read by id")
