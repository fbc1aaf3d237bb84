// Package recipients draws the book of recipients: the list, the page of one, and
// how one is picked in the form of a distribution.
package recipients

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Recipient is one of the book with what was paid to it.
type Recipient struct {
	ID string
	distribution.RecipientText
	Bank       distribution.Bank
	SavedAt    time.Time // UTC
	ArchivedAt time.Time // UTC; zero: it is offered
	Version    int64
	Count      int // payments that Plexy took and that did not come back
	Sum        distribution.Amount
	Last       *distribution.Distribution // the newest that reached Plexy; nil: none
}

// Props of GET /recipients.
type Props struct {
	Chrome    layout.Chrome
	Rows      []Recipient // the last used first
	Q         string      // as typed
	Archived  bool        // those put aside
	Later     bool        // not the first page
	Next      string      // cursor of the next page; empty: the end
	CanCreate bool        // the person may pay
	Now       time.Time
}

// PageProps of GET /recipients/{id}, and of the answers to an edit that was
// refused.
type PageProps struct {
	Chrome    layout.Chrome
	R         Recipient
	Events    []Event // the newest first
	CanChange bool
	Editing   bool // the form stands open
	Form      Form
	Errors    distribution.FieldErrors
	Stale     bool // somebody else was faster; Form is what this person typed
	Now       time.Time
}

// Form is an edit as typed.
type Form struct{ Name, BIC, KBe, KNP string }

// Event is one line of the history of a recipient.
type Event struct {
	At      time.Time // UTC
	By      distribution.Person
	Kind    string // saved, edited, archived or restored
	Changes []components.Change
}

// Known is what the book says of the recipient in a form.
type Known struct {
	R       *Recipient           // nil: not in the book
	Changed []distribution.Field // typed otherwise than the book has it
	Hints   []distribution.Finding
}

// Address is the page of a recipient or of one of its parts.
func Address(id string, parts ...string) string {
	to := "/recipients/" + url.PathEscape(id)
	for _, part := range parts {
		to += "/" + part
	}
	return to
}

func payAddress(id string) string { return "/distributions/new?recipient=" + url.QueryEscape(id) }

// paid is the list of what went to the recipient.
func (r Recipient) paid() string {
	return "/distributions?" + url.Values{"bin": {r.BIN}, "iban": {r.IBAN}}.Encode()
}

func (r Recipient) aside() bool { return !r.ArchivedAt.IsZero() }

// history is what was paid, in one line.
func (r Recipient) history(ctx context.Context) string {
	parts := []string{i18n.N(ctx, "recipient.payments", r.Count)}
	if r.Last != nil {
		parts = append(parts, i18n.T(ctx, "recipient.last", "Date", i18n.Date(ctx, r.Last.CreatedAt), "Amount", i18n.Money(ctx, int64(r.Last.Amount))),
			lowerFirst(components.StatusWord(ctx, r.Last.Status)))
	}
	return strings.Join(parts, ", ")
}

// lowerFirst puts a word into the middle of a sentence; names in it stay.
func lowerFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "nav.recipients")
	return p.Chrome
}

func (p PageProps) chrome() layout.Chrome {
	p.Chrome.Title = p.R.Name
	return p.Chrome
}

// address is the list with something else asked of it.
func (p Props) address(archived bool, cursor string) string {
	v := url.Values{}
	if p.Q != "" {
		v.Set("q", p.Q)
	}
	if archived {
		v.Set("archived", "yes")
	}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if len(v) == 0 {
		return "/recipients"
	}
	return "/recipients?" + v.Encode()
}

// fields are the controls of an edit.
func (p PageProps) fields(ctx context.Context) []components.Field {
	all := []components.Field{
		{Name: distribution.FieldName, Value: p.Form.Name},
		{Name: distribution.FieldBIC, Value: p.Form.BIC, Span: 2, Class: "code"},
		{Name: distribution.FieldKBe, Value: p.Form.KBe, Span: 2, Class: "code", InputMode: "numeric"},
		{Name: distribution.FieldKNP, Value: p.Form.KNP, Span: 2, Class: "code", InputMode: "numeric"},
	}
	for i := range all {
		f := &all[i]
		f.Label, f.Required = components.FieldName(ctx, f.Name), true
		if f.Name == distribution.FieldKNP {
			f.Label = i18n.T(ctx, "recipient.knp")
		}
		if r := p.Errors[f.Name]; r != nil {
			f.Error = components.ReasonText(ctx, r)
		}
	}
	return all
}

func (p PageProps) version() string { return strconv.FormatInt(p.R.Version, 10) }

// timeline is the history with who did what.
func (p PageProps) timeline(ctx context.Context, e Event) string {
	kinds := map[string]string{
		"saved": i18n.T(ctx, "recipient.was.saved"), "edited": i18n.T(ctx, "recipient.was.edited"),
		"archived": i18n.T(ctx, "recipient.was.archived"), "restored": i18n.T(ctx, "recipient.was.restored"),
	}
	return kinds[e.Kind] + " · " + components.ActorName(ctx, e.By)
}

// changedNames lists the fields that are typed otherwise.
func (k Known) changedNames(ctx context.Context) string {
	var names []string
	for _, f := range k.Changed {
		names = append(names, components.FieldName(ctx, f))
	}
	return strings.Join(names, ", ")
}
