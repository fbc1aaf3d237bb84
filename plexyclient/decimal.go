package plexyclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxDecimalDigits bounds digits and exponent, so that 1e999999 is refused instead of written out.
const maxDecimalDigits = 40

// ErrNotDecimal means that a text is no decimal number, or one with more than 40 digits.
var ErrNotDecimal = errors.New("not a decimal number")

// Decimal is an exact decimal number; the zero value is 0. Equal numbers are equal under ==.
type Decimal struct {
	text string // no exponent, no needless zeros, "" for 0
}

// ParseDecimal reads the number syntax of JSON (RFC 8259 §6), needless leading zeros allowed:
// "150000", "-0.50", "1.5e5". Anything else, spaces and separators included, is ErrNotDecimal.
func ParseDecimal(s string) (Decimal, error) {
	rest, negative := strings.CutPrefix(s, "-")
	mantissa, exponent, err := cutExponent(rest)
	if err != nil {
		return Decimal{}, err
	}
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if !isDigits(whole) || hasPoint && !isDigits(fraction) || len(digits) > maxDecimalDigits {
		return Decimal{}, ErrNotDecimal
	}
	point := len(whole) + exponent
	digits = strings.Repeat("0", max(-point, 0)) + digits
	point = max(point, 0)
	digits += strings.Repeat("0", max(point-len(digits), 0))
	return canonical(negative, digits[:point], digits[point:]), nil
}

func cutExponent(s string) (mantissa string, exponent int, err error) {
	at := strings.IndexAny(s, "eE")
	if at < 0 {
		return s, 0, nil
	}
	exponent, err = strconv.Atoi(s[at+1:])
	if err != nil || exponent < -maxDecimalDigits || exponent > maxDecimalDigits {
		return "", 0, ErrNotDecimal
	}
	return s[:at], exponent, nil
}

func canonical(negative bool, whole, fraction string) Decimal {
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	if whole == "" && fraction == "" {
		return Decimal{}
	}
	text := "0"
	if whole != "" {
		text = whole
	}
	if fraction != "" {
		text += "." + fraction
	}
	if negative {
		text = "-" + text
	}
	return Decimal{text}
}

// DecimalFromMinor divides v by 10^scale: with scale 2, tiyn become tenge. It panics when scale is negative.
func DecimalFromMinor(v int64, scale int) Decimal {
	digits, negative := strings.CutPrefix(strconv.FormatInt(v, 10), "-")
	digits = strings.Repeat("0", max(scale+1-len(digits), 0)) + digits
	point := len(digits) - scale
	return canonical(negative, digits[:point], digits[point:])
}

// Minor multiplies by 10^scale: with scale 2, tenge become tiyn; with scale 0 the number is in tiyn already.
// It is an error when the result is not a whole number or does not fit an int64.
func (d Decimal) Minor(scale int) (int64, error) {
	if d.text == "" {
		return 0, nil
	}
	whole, fraction, _ := strings.Cut(d.text, ".")
	if scale < 0 || len(fraction) > scale {
		return 0, fmt.Errorf("%s has more than %d decimals", d, scale)
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", scale-len(fraction)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is out of range", d)
	}
	return minor, nil
}

// Equal compares the numbers, not their spelling.
func (d Decimal) Equal(other Decimal) bool { return d == other }

// String has no exponent and no needless zeros: "150000", "0.5".
func (d Decimal) String() string {
	if d.text == "" {
		return "0"
	}
	return d.text
}

// MarshalJSON writes a JSON number without exponent.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a JSON number or a string with a number in it.
func (d *Decimal) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if len(raw) > 0 && raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
	}
	parsed, err := ParseDecimal(text)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
