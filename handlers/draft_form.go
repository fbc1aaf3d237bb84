package handlers

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/distributions"
)

// draftForm is a filled form of a distribution, exactly as it was typed.
type draftForm struct {
	distribution.Form
	Token           string // names the form; see newFormToken
	Ticked          []string
	DuplicateReason string
	CopyOf          string // from the address: id of the one that this corrects
	Editing         string // from the address: id of the draft; empty: a new one
	Filled          *distributions.Filled
}

// Fields of the form beside those of the distribution.
const (
	fieldToken  = "formToken"
	fieldTick   = "confirm"
	fieldReason = "duplicateReason"
	// What helps to fill it in, and is no part of it.
	fieldPaste    = "paste"
	fieldContract = "slot.contract"
	fieldDate     = "slot.date"
	fieldVAT      = "slot.vat"
	fieldSought   = "q" // the search for recipients stands inside the form and belongs to another one; not every program knows
)

// newFormToken names a form when it is drawn. The name is spent when the form
// becomes a distribution, so that a second press finds the first one's work.
func newFormToken() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

func validFormToken(token string) bool {
	b, err := hex.DecodeString(token)
	return err == nil && len(b) == 16
}

// readDraftForm reads a POST of the form; its address may carry what query names.
func readDraftForm(r *http.Request, query ...string) (draftForm, error) {
	fields := []string{fieldToken, fieldTick, fieldReason, fieldPaste, fieldContract, fieldDate, fieldVAT, fieldSought}
	for _, f := range distribution.Fields() {
		fields = append(fields, string(f))
	}
	v, err := readForm(r, query, fields...)
	if err != nil {
		return draftForm{}, err
	}
	f := typed(v)
	f.CopyOf, f.Editing = r.URL.Query().Get("copy"), r.URL.Query().Get("edit")
	if !validFormToken(f.Token) {
		return f, &BadRequest{Reason: "the form has no token of ours"}
	}
	if slices.ContainsFunc(f.Ticked, func(code string) bool { return !isWarning(code) }) {
		return f, &BadRequest{Reason: "unknown warning code"}
	}
	return f, nil
}

// isWarning reports that a form may confirm the code. One that is not found by
// this program is no reason to refuse a tick.
func isWarning(code string) bool {
	return slices.ContainsFunc(distribution.Rules(), func(rule distribution.Rule) bool {
		return rule.Severity == distribution.Warns && string(rule.Code) == code
	})
}

// typed is the form that holds these fields.
func typed(v url.Values) draftForm {
	f := draftForm{Token: v.Get(fieldToken), Ticked: v[fieldTick], DuplicateReason: v.Get(fieldReason)}
	for _, name := range distribution.Fields() {
		*f.Text(name) = v.Get(string(name))
	}
	return f
}

// formOf fills a form with what a distribution holds.
func formOf(p *i18n.Printer, d *distribution.Distribution) distribution.Form {
	t := d.RecipientText()
	return distribution.Form{
		OrderReference: d.OrderReference, Amount: p.Amount(int64(d.Amount)), Currency: string(d.Currency),
		Name: t.Name, BIN: t.BIN, IBAN: t.IBAN, BIC: t.BIC, KBe: t.KBe, KNP: t.KNP, Purpose: d.PaymentPurpose,
	}
}

// unfinished is what the store keeps of the form as it is now.
func (f *draftForm) unfinished() store.FormDraft {
	v := url.Values{fieldTick: f.Ticked, fieldReason: {f.DuplicateReason}}
	for _, name := range distribution.Fields() {
		v.Set(string(name), *f.Text(name))
	}
	return store.FormDraft{Token: f.Token, Fields: v, Editing: f.Editing, CopyOf: f.CopyOf}
}

// resumed is a form that was kept.
func resumed(d *store.FormDraft) draftForm {
	f := typed(d.Fields)
	f.Token, f.Editing, f.CopyOf = d.Token, d.Editing, d.CopyOf
	f.Ticked = slices.DeleteFunc(f.Ticked, func(code string) bool { return !isWarning(code) })
	return f
}
