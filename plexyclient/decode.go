package plexyclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// object is a JSON object with its values still undecoded, because Plexy names and wraps
// the same thing differently from endpoint to endpoint.
type object map[string]json.RawMessage

// parseObject refuses a repeated key: two readers of such an object may each see another amount.
func parseObject(raw []byte) (object, error) {
	if !json.Valid(raw) {
		return nil, errors.New("not JSON")
	}
	if kind(raw) != '{' {
		return nil, errors.New("not a JSON object")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	o := object{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if _, twice := o[name]; twice {
			return nil, fmt.Errorf("the key %q is there twice", shorten(name))
		}
		o[name] = value
	}
	return o, nil
}

func parseArray(raw []byte) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	err := json.Unmarshal(raw, &rows)
	return rows, err
}

// kind is the first byte of a JSON value: { [ " t f n, a digit or a minus; 0 when there is none.
func kind(raw []byte) byte {
	if raw = bytes.TrimLeft(raw, " \t\r\n"); len(raw) > 0 {
		return raw[0]
	}
	return 0
}

// unwrap takes x out of {"Value":x}, the form in which Plexy's webhooks show optional values.
func unwrap(raw json.RawMessage) json.RawMessage {
	if kind(raw) == '{' {
		if o, err := parseObject(raw); err == nil {
			if inner, ok := o["Value"]; ok {
				return inner
			}
		}
	}
	return raw
}

// get returns the first of the names that is present and not null.
func (o object) get(names ...string) (json.RawMessage, bool) {
	for _, name := range names {
		if raw, ok := o[name]; ok {
			if raw = unwrap(raw); kind(raw) != 'n' {
				return raw, true
			}
		}
	}
	return nil, false
}

// text reads a string, or a number by its digits (an id or a code may be either); "" when absent.
func (o object) text(names ...string) (string, error) {
	raw, ok := o.get(names...)
	if !ok {
		return "", nil
	}
	switch k := kind(raw); {
	case k == '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case k == '-' || '0' <= k && k <= '9':
		return string(bytes.TrimSpace(raw)), nil
	}
	return "", fmt.Errorf("%s is neither text nor a number", names[0])
}

// optionalText is for what only informs: an unexpected form counts as absent.
func (o object) optionalText(names ...string) string {
	s, _ := o.text(names...)
	return s
}

// decimal returns nil when absent.
func (o object) decimal(names ...string) (*Decimal, error) {
	raw, ok := o.get(names...)
	if !ok {
		return nil, nil //nolint:nilnil // absent
	}
	var d Decimal
	if err := d.UnmarshalJSON(bytes.TrimSpace(raw)); err != nil {
		return nil, fmt.Errorf("%s: %w", names[0], err)
	}
	return &d, nil
}

// optionalDecimal is for what only informs: an unexpected form counts as absent.
func (o object) optionalDecimal(names ...string) *Decimal {
	d, _ := o.decimal(names...)
	return d
}

// instant reads RFC 3339 with any fraction as UTC; zero when absent or in another form.
func (o object) instant(names ...string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, o.optionalText(names...))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// count reads a whole number that is not negative.
func (o object) count(names ...string) (int, bool) {
	n, err := strconv.Atoi(o.optionalText(names...))
	return n, err == nil && n >= 0
}
