package handlers

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// draftForm is a filled form of a distribution, exactly as it was typed.
type draftForm struct {
	distribution.Form
	Token           string // names the form; see newFormToken
	Ticked          []string
	DuplicateReason string
	CopyOf          string // from the address: id of the one that this corrects
	Editing         string // from the address: id of the draft; empty: a new one
}

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

// readDraftForm reads a POST of the create or the edit form.
func readDraftForm(r *http.Request, query ...string) (draftForm, error) {
	fields := []string{"formToken", "confirm", "duplicateReason"}
	for _, f := range distribution.Fields() {
		fields = append(fields, string(f))
	}
	v, err := readForm(r, query, fields...)
	if err != nil {
		return draftForm{}, err
	}
	f := draftForm{
		Form: typed(v), Token: v.Get("formToken"), Ticked: v["confirm"],
		DuplicateReason: v.Get("duplicateReason"), CopyOf: r.URL.Query().Get("copy"),
	}
	if !validFormToken(f.Token) {
		return f, &BadRequest{Reason: "the form has no token of ours"}
	}
	for _, code := range f.Ticked {
		if !slices.Contains(warningCodes(), distribution.WarningCode(code)) {
			return f, &BadRequest{Reason: "unknown warning code"}
		}
	}
	return f, nil
}

// warningCodes lists every warning that a form may confirm. One that is not
// found by this program is no reason to refuse a tick.
func warningCodes() []distribution.WarningCode {
	return []distribution.WarningCode{
		distribution.WarnBINCheck, distribution.WarnBICBank,
		"bin.date", "bank.unknown", "bank.closed", "kbe.bin", "iban.new", distribution.WarnDuplicate, "purpose.long", warnShort,
	}
}

func typed(v url.Values) distribution.Form {
	get := func(f distribution.Field) string { return v.Get(string(f)) }
	return distribution.Form{
		OrderReference: get(distribution.FieldReference), Amount: get(distribution.FieldAmount),
		Currency: get(distribution.FieldCurrency), Name: get(distribution.FieldName), BIN: get(distribution.FieldBIN),
		IBAN: get(distribution.FieldIBAN), BIC: get(distribution.FieldBIC), KBe: get(distribution.FieldKBe),
		KNP: get(distribution.FieldKNP), Purpose: get(distribution.FieldPurpose),
	}
}

// formOf fills a form with what a distribution holds.
func formOf(p *i18n.Printer, d *distribution.Distribution) distribution.Form {
	t := d.RecipientText()
	return distribution.Form{
		OrderReference: d.OrderReference, Amount: p.Amount(int64(d.Amount)), Currency: string(d.Currency),
		Name: t.Name, BIN: t.BIN, IBAN: t.IBAN, BIC: t.BIC, KBe: t.KBe, KNP: t.KNP, Purpose: d.PaymentPurpose,
	}
}

// showForm draws the form with everything that was typed.
func (h *Handlers) showForm(w http.ResponseWriter, r *http.Request, status int, f draftForm, errs distribution.FieldErrors) error {
	ctx := r.Context()
	p := distributions.FormProps{
		ID: f.Editing, Values: f.Form, Errors: errs, Confirmed: f.Ticked, DuplicateReason: f.DuplicateReason,
		FormToken: f.Token, Order: h.preview(f.Form, errs),
	}
	var err error
	if p.Balance, err = h.balanceTile(ctx); err != nil {
		return err
	}
	if c, bad := f.Parse(); len(bad) == 0 && status != http.StatusOK {
		found, err := h.findings(ctx, c, f.Editing, p.Balance)
		if err != nil {
			return err
		}
		p.Warnings, p.Twins, p.Order.Amount = found.warnings, refsTo(found.twins), c.Amount
		p.ReasonMissing = found.unexplained(f)
	}
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return err
	}
	if !policy.Within(p.Order.Amount) {
		p.Limit = policy.LimitEach
	}
	if p.Requirement, err = h.requirement(ctx, policy, p.Order.Amount, session.Actor(ctx).ID); err != nil {
		return err
	}
	if p.CopyOf, err = h.ref(ctx, f.CopyOf); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = newPath
	if f.Editing != "" {
		p.Chrome.Path = detailPath(f.Editing) + "/edit"
	}
	return Render(w, r, status, distributions.Form(p), nil)
}

// preview is the payment order of what is typed so far, right or wrong.
func (h *Handlers) preview(f distribution.Form, errs distribution.FieldErrors) components.Order {
	o := components.Order{
		Number: f.OrderReference, Date: h.DB.Now(), Purpose: f.Purpose,
		Recipient: distribution.RecipientText{Name: f.Name, BIN: f.BIN, IBAN: f.IBAN, BIC: f.BIC, KBe: f.KBe, KNP: f.KNP},
	}
	o.Amount, _ = distribution.ParseAmount(f.Amount)
	if iban, err := distribution.ParseIBAN(f.IBAN); err == nil {
		o.Bank, _ = h.Banks.Of(iban.String())
	}
	for _, field := range distribution.Fields() {
		if errs[field] != nil {
			o.Bad = append(o.Bad, field)
		}
	}
	o.Purpose = strings.TrimSpace(o.Purpose)
	return o
}
