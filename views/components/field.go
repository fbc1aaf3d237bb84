package components

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"plexydash/distribution"
)

// Field is one control of a form with all that is said about it. Texts are
// translated; Value is as typed.
type Field struct {
	Name         distribution.Field
	ID           string // empty: from Name
	Label        string
	Aside        string // at the end of the label: "optional"
	Span         int    // of six columns; 0: all
	Value        string
	Hint         string
	Good         bool    // Hint confirms
	Error        string  // empty: accepted
	Offers       []Offer // values that the error suggests
	Notes        []Note  // worth saying, and nothing to tick
	Ticks        []Tick
	Class        string // of the control: code, iban
	InputMode    string
	Placeholder  string
	Autocomplete string // empty: off
	Required     bool
	Rows         int // more than 0: a text area
	Money        bool
	Options      []Option // any: a select, or with Pick an input that offers them
	Pick         bool     // people may type what is none of the options
	Fours        bool     // what is typed is shown again in groups of four
	Counter      Counter
	Fill         string // address that puts an offer into the form
	Check        string // address that says more when the control is left; empty: none
}

// Counter tells at the end of the label how long the text is, while it is typed.
// {n} in its texts stands for the number.
type Counter struct {
	Max  int    // 0: no counter
	Text string // {n} is what is there, spaces aside
	Rest string // {n} is what still fits; instead of Text
	Over string // {n} is what is too much
	Last int    // a second limit, beyond Max; 0: none
	Far  string // {n} is what is beyond it
}

// of is what the counter says of a text; the script says the same.
func (c Counter) of(text string) string {
	n, say := len([]rune(strings.Join(strings.Fields(text), ""))), c.Text
	if c.Rest != "" {
		n, say = c.Max-len([]rune(text)), c.Rest
	}
	switch {
	case n < 0 && c.Last > 0 && c.Max-n > c.Last:
		n, say = c.Max-n-c.Last, c.Far
	case n < 0:
		n, say = -n, c.Over
	}
	return strings.ReplaceAll(say, "{n}", strconv.Itoa(n))
}

// Tick is a warning that a person accepts.
type Tick struct {
	Code    string
	Text    string
	Label   string
	Checked bool
	Variant string // where one code is said twice
	Now     string // with Was: an identifier that is not as it was
	Was     string // empty: none
}

// Option of a select. Recent ones come first and stand under a heading.
type Option struct {
	Value, Label string
	Recent       string // the heading; empty: none
}

// Offer is a value that one press puts into a field. Nothing is replaced unasked.
type Offer struct{ Value, Label string }

// Note is a calm remark about a field.
type Note struct {
	Code, Text string
	Link, Name string // where it leads to, and what the link is called; may be empty
	Offers     []Offer
}

// OfferValue is what the button of an offer sends: which field gets what.
func OfferValue(field distribution.Field, value string) string {
	return "put " + string(field) + "=" + value
}

func (n Note) id() string { return "hint-" + strings.ReplaceAll(n.Code, ".", "-") }

// FieldID is the id of a field's control: "recipient.bin" → "recipient-bin".
func FieldID(name distribution.Field) string { return strings.ReplaceAll(string(name), ".", "-") }

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return FieldID(f.Name)
}

// SaidID is the id of the place for everything that is said about the field.
func (f Field) SaidID() string { return f.id() + "-said" }

func (f Field) span() string {
	switch f.Span {
	case 2:
		return "is-2"
	case 3:
		return "is-3"
	case 4:
		return "is-4"
	}
	return ""
}

func (f Field) state() string {
	switch {
	case f.Error != "":
		return "is-error"
	case len(f.Ticks) > 0:
		return "is-warn"
	}
	return ""
}

func (f Field) autocomplete() string {
	if f.Autocomplete == "" {
		return "off"
	}
	return f.Autocomplete
}

func (t Tick) id() string { return "warn-" + strings.ReplaceAll(t.Code+t.Variant, ".", "-") }

// describedBy lists the ids of what is said about the control.
func (f Field) describedBy() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, f.id()+"-error")
	}
	for _, t := range f.Ticks {
		ids = append(ids, t.id())
	}
	if f.Hint != "" {
		ids = append(ids, f.id()+"-hint")
	}
	for _, n := range f.Notes {
		ids = append(ids, n.id())
	}
	return strings.Join(ids, " ")
}

// unlisted reports that the typed value is none of the options; it is kept as
// one more option, for what was typed is always drawn again.
func (f Field) unlisted() bool {
	for _, o := range f.Options {
		if o.Value == f.Value {
			return false
		}
	}
	return f.Value != ""
}

func (f Field) isSelect() bool { return len(f.Options) > 0 && !f.Pick }

// attributes of the control, in a fixed order.
func (f Field) attributes() templ.OrderedAttributes {
	var all templ.OrderedAttributes
	add := func(name, value string) {
		if value != "" {
			all = append(all, templ.KeyValue[string, any]{Key: name, Value: value})
		}
	}
	add("class", strings.TrimSpace("input "+f.Class))
	add("id", f.id())
	add("name", string(f.Name))
	if !f.isSelect() {
		add("autocomplete", f.autocomplete())
		add("inputmode", f.InputMode)
		add("placeholder", f.Placeholder)
		add("spellcheck", "false")
	}
	if f.Rows > 0 {
		add("rows", strconv.Itoa(f.Rows))
	} else if !f.isSelect() {
		all = append(all, templ.KeyValue[string, any]{Key: "value", Value: f.Value})
	}
	if f.Pick {
		add("list", f.id()+"-list")
	}
	if f.Required {
		all = append(all, templ.KeyValue[string, any]{Key: "required", Value: true})
	}
	if f.Error != "" {
		add("aria-invalid", "true")
	}
	add("aria-describedby", f.describedBy())
	if f.Check != "" {
		add("hx-post", f.Check)
		add("hx-trigger", "change")
		add("hx-swap", "none")
		add("hx-sync", "closest form:queue last")
		all = append(all, templ.KeyValue[string, any]{Key: "data-look", Value: true})
	}
	return all
}
