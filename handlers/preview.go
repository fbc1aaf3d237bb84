package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// CheckForm handles POST /distributions/checks, when somebody leaves a field of
// the form: what is said about the fields, the payment order, and what would be
// left of the balance. Nothing is kept.
func (h *Handlers) CheckForm(w http.ResponseWriter, r *http.Request) error {
	f, err := readDraftForm(r, "copy", "edit")
	if err != nil {
		return err
	}
	_, all := f.Parse()
	if err := h.referenceFree(r.Context(), &f, all); err != nil {
		return err
	}
	p, err := h.lookAtForm(r.Context(), f, f.soFar(all, fieldLeft(r)))
	if err != nil {
		return err
	}
	sent := p
	sent.Errors = all
	mayBeKept(w)
	return Render(w, r, http.StatusOK, distributions.FormChecks(p, sent), nil)
}

// fieldLeft is the field whose control made htmx ask.
func fieldLeft(r *http.Request) distribution.Field {
	_, id, _ := strings.Cut(r.Header.Get("HX-Source"), "#")
	for _, f := range distribution.Fields() {
		if components.FieldID(f) == id {
			return f
		}
	}
	return ""
}

// referenceFree adds what only the store knows.
func (h *Handlers) referenceFree(ctx context.Context, f *draftForm, errs distribution.FieldErrors) error {
	c, _ := f.ParseEach()
	if c.OrderReference == "" { // not given, or not readable
		return nil
	}
	taken, err := h.DB.ReferenceTaken(ctx, c.OrderReference, f.Editing)
	if taken {
		errs[distribution.FieldReference] = &distribution.Reason{Code: "reference.taken"}
	}
	return err
}

// soFar leaves out what is merely not filled in yet. A field that was left empty
// has been looked at, and is told.
func (f *draftForm) soFar(all distribution.FieldErrors, left distribution.Field) distribution.FieldErrors {
	errs := distribution.FieldErrors{}
	for name, reason := range all {
		if name == left || strings.TrimSpace(*f.Text(name)) != "" {
			errs[name] = reason
		}
	}
	return errs
}

// errorsSoFar is what a form says of itself when it is opened.
func (f *draftForm) errorsSoFar() distribution.FieldErrors {
	_, all := f.Parse()
	return f.soFar(all, "")
}

// showForm draws the form with everything that was typed. A zero keptAt means
// that nothing of it is kept.
func (h *Handlers) showForm(
	w http.ResponseWriter, r *http.Request, status int, f draftForm, errs distribution.FieldErrors, keptAt time.Time,
) error {
	ctx := r.Context()
	p, err := h.lookAtForm(ctx, f, errs)
	if err != nil {
		return err
	}
	p.Refused, p.KeptAt, p.Filled = status != http.StatusOK, keptAt, f.Filled
	if p.Codes.RecentKBe, p.Codes.RecentKNP, err = h.DB.RecentCodes(ctx, session.Actor(ctx).ID); err != nil {
		return err
	}
	if p.CopyOf, err = h.ref(ctx, f.CopyOf); err != nil {
		return err
	}
	if p.Drafts, err = h.DB.CountFormDrafts(ctx, session.Actor(ctx).ID); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = newPath
	if f.Editing != "" {
		p.Chrome.Path = editPath(f.Editing)
	}
	if !keptAt.IsZero() {
		p.Chrome.Path = f.address()
	}
	return Render(w, r, status, distributions.Form(p), nil)
}

// lookAtForm is everything that can be said of a form, finished or not.
func (h *Handlers) lookAtForm(ctx context.Context, f draftForm, errs distribution.FieldErrors) (distributions.FormProps, error) {
	actor := session.Actor(ctx)
	content, bad := f.ParseEach()
	p := distributions.FormProps{
		ID: f.Editing, Values: f.Form, Errors: errs, Confirmed: f.Ticked, DuplicateReason: f.DuplicateReason,
		FormToken: f.Token, CopyID: f.CopyOf, Order: h.orderOf(f.Form, content, errs, actor.Name),
	}
	var err error
	if p.Balance, err = h.balanceTile(ctx); err != nil {
		return p, err
	}
	found, err := h.findings(ctx, content, f.Editing, p.Balance)
	if err != nil {
		return p, err
	}
	found.keepReadable(bad)
	p.Warnings, p.Twins, p.ReasonMissing = found.warnings, refsTo(found.twins), found.unexplained(f)
	p.Hints = found.hints
	if found.same != nil {
		p.SameDocument = refTo(found.same)
	}
	p.Templates = h.Templates.Of(distribution.CleanKNP(f.KNP), string(i18n.From(ctx).Lang()))
	p.Codes.KBe, p.Codes.KNP, p.Departs = h.KBes, h.KNPs, h.Days.Departs(h.DB.Now(), h.CutOff)
	if p.Recipient, err = h.inBook(ctx, content, found.history); err != nil {
		return p, err
	}
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return p, err
	}
	if !policy.Within(content.Amount) {
		p.Limit = policy.LimitEach
	}
	p.Requirement, err = h.requirement(ctx, policy, content.Amount, actor.ID)
	return p, err
}

// orderOf is the payment order of what is typed so far, right or wrong.
func (h *Handlers) orderOf(f distribution.Form, c distribution.Content, errs distribution.FieldErrors, maker string) components.Order {
	o := components.Order{
		Number: strings.TrimSpace(f.OrderReference), Date: h.DB.Now(), Amount: c.Amount, MadeBy: maker, Purpose: strings.TrimSpace(f.Purpose),
		Recipient: distribution.RecipientText{Name: f.Name, BIN: f.BIN, IBAN: f.IBAN, BIC: f.BIC, KBe: f.KBe, KNP: f.KNP},
	}
	o.Bank, _ = h.Banks.Of(c.Recipient.IBAN.String())
	for _, field := range distribution.Fields() {
		if errs[field] != nil && strings.TrimSpace(*f.Text(field)) != "" { // an empty cell says it itself
			o.Bad = append(o.Bad, field)
		}
	}
	return o
}
