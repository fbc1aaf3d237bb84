package handlers

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// keptAtHeader tells the form when it was kept, in the clock of the page.
const keptAtHeader = "Draft-Kept-At"

// address is where the form, once it is kept, is filled again.
func (f *draftForm) address() string { return components.ResumeURL(f.Editing, f.Token) }

// KeepDraft handles POST /drafts/{formToken}: 204 keeps the form as it is typed.
// With ?then=close the person leaves it, and sees it among the others.
func (h *Handlers) KeepDraft(w http.ResponseWriter, r *http.Request) error {
	token := idOf(r)
	if !validFormToken(token) {
		return distribution.ErrNotFound
	}
	if err := parseForm(r); err != nil {
		return err
	}
	r.PostForm.Set(fieldToken, token) // the address names it
	f, err := readDraftForm(r, "copy", "edit", "then")
	if err != nil {
		return err
	}
	then := r.URL.Query().Get("then")
	if then != "" && then != "close" {
		return &BadRequest{Reason: "unknown next step"}
	}
	at, err := h.keepForm(r, &f)
	if gone, ok := errors.AsType[*store.ErrFormSpent](err); ok {
		return seeDistribution(conflict("draft_spent"), gone.ID)
	}
	if err != nil {
		return err
	}
	if then == "close" {
		return h.leaveForm(w, r, &f, at)
	}
	mayBeKept(w)
	if !at.IsZero() {
		w.Header().Set(keptAtHeader, i18n.Clock(r.Context(), at))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// keepForm keeps the form unless it says nothing of its own; then what was kept
// before goes, and the time is zero.
func (h *Handlers) keepForm(r *http.Request, f *draftForm) (time.Time, error) {
	ctx, by := r.Context(), session.Actor(r.Context())
	drawn, err := h.drawn(r, f)
	if err != nil {
		return time.Time{}, err
	}
	if f.Form != drawn || f.reason() != "" {
		return h.DB.KeepFormDraft(ctx, by, f.unfinished())
	}
	if err := h.DB.DropFormDraft(ctx, by, f.Token); !errors.Is(err, distribution.ErrNotFound) {
		return time.Time{}, err
	}
	return time.Time{}, nil
}

// drawn is the form as it is before anybody types.
func (h *Handlers) drawn(r *http.Request, f *draftForm) (distribution.Form, error) {
	switch {
	case f.Editing != "":
		d, err := h.DB.Distribution(r.Context(), f.Editing)
		if err != nil {
			return distribution.Form{}, err
		}
		if err := distribution.CanEdit(session.Actor(r.Context()), &d); err != nil {
			return distribution.Form{}, seeDistribution(err, d.ID)
		}
		return formOf(i18n.From(r.Context()), &d), nil
	case f.CopyOf != "":
		return h.copied(r, f.CopyOf)
	}
	return distribution.Form{Currency: string(distribution.KZT)}, nil
}

// copied is the form of a copy of this one: a reference is given once.
func (h *Handlers) copied(r *http.Request, id string) (distribution.Form, error) {
	d, err := h.DB.Distribution(r.Context(), id)
	if err != nil {
		return distribution.Form{}, err
	}
	if err := distribution.CanCopy(session.Actor(r.Context()), &d); err != nil {
		return distribution.Form{}, seeDistribution(err, d.ID)
	}
	form := formOf(i18n.From(r.Context()), &d)
	form.OrderReference = ""
	return form, nil
}

// leaveForm leads to what was kept, or to where an untouched form came from.
func (h *Handlers) leaveForm(w http.ResponseWriter, r *http.Request, f *draftForm, keptAt time.Time) error {
	switch {
	case !keptAt.IsZero():
		if err := h.tell(w, r, components.Green, "draft.flash.kept"); err != nil {
			return err
		}
		return redirect(w, r, draftsPath)
	case f.Editing != "":
		return redirect(w, r, detailPath(f.Editing))
	}
	return redirect(w, r, listPath)
}

// FormDrafts handles GET /drafts: the forms that the person left unfinished.
func (h *Handlers) FormDrafts(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	ctx, by := r.Context(), session.Actor(r.Context())
	kept, err := h.DB.FormDrafts(ctx, by.ID)
	if err != nil {
		return err
	}
	p := distributions.DraftsProps{Now: h.DB.Now(), Email: by.Email, Max: store.MaxFormDrafts}
	for i := range kept {
		f := resumed(&kept[i])
		amount, _ := distribution.ParseAmount(f.Amount)
		p.Drafts = append(p.Drafts, distributions.FormDraft{
			Token: f.Token, Values: f.Form, Amount: amount, KeptAt: kept[i].KeptAt,
			Editing: f.Editing, CopyOf: f.CopyOf, About: kept[i].About,
		})
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.Drafts(p), nil)
}

// DropDraft handles POST /drafts/{formToken}/removal.
func (h *Handlers) DropDraft(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	if err := h.DB.DropFormDraft(r.Context(), session.Actor(r.Context()), idOf(r)); err != nil {
		return err
	}
	if err := h.tell(w, r, components.Blue, "draft.flash.dropped"); err != nil {
		return err
	}
	return redirect(w, r, draftsPath)
}

// resumeDraft is the form that the address names with ?draft=, if it names one.
// The kept form of another distribution is none of this page.
func (h *Handlers) resumeDraft(r *http.Request, editing string) (f draftForm, keptAt time.Time, err error) {
	token := r.URL.Query().Get("draft")
	if token == "" {
		return f, keptAt, nil
	}
	d, err := h.DB.FormDraft(r.Context(), session.Actor(r.Context()).ID, token)
	if err != nil {
		return f, keptAt, err
	}
	if d.Editing != editing {
		return f, keptAt, distribution.ErrNotFound
	}
	return resumed(&d), d.KeptAt, nil
}

// seeWhatItBecame leads from a form that is kept no more to its distribution:
// going back in the browser ends there.
func (h *Handlers) seeWhatItBecame(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, distribution.ErrNotFound) {
		return err
	}
	id, lookErr := h.DB.FormSpent(r.Context(), r.URL.Query().Get("draft"))
	if lookErr != nil || id == "" {
		return errors.Join(err, lookErr)
	}
	return redirect(w, r, reviewPath(id))
}

// carriedDraft keeps a form of a distribution that came after its session had
// ended, and is where it is filled again; empty when it cannot be kept.
func (h *Handlers) carriedDraft(r *http.Request, by distribution.Actor, t *session.Typed) string {
	query, editing, ok := typedInto(t)
	f := typed(t.Fields)
	if !ok || !validFormToken(f.Token) {
		return ""
	}
	f.Editing, f.CopyOf = editing, query.Get("copy")
	f.Ticked = slices.DeleteFunc(f.Ticked, func(code string) bool { return !isWarning(code) })
	if _, err := h.DB.KeepFormDraft(r.Context(), by, f.unfinished()); err != nil {
		return "" // it is carried like any other form
	}
	return f.address()
}
