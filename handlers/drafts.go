package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

// NewDraft handles GET /distributions/new: empty, filled from another one with
// ?copy=id, from the book with ?recipient=id, or as it was left with ?draft=formToken.
func (h *Handlers) NewDraft(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"copy", "draft", "recipient"}); err != nil {
		return err
	}
	f, keptAt, err := h.resumeDraft(r, "")
	if err != nil {
		return h.seeWhatItBecame(w, r, err)
	}
	if f.Token == "" {
		f = draftForm{Token: newFormToken(), CopyOf: r.URL.Query().Get("copy")}
		if f.Form, err = h.drawn(r, &f); err != nil {
			return err
		}
		if picked := r.URL.Query().Get("recipient"); picked != "" {
			if f.Form, err = h.pickedForm(r.Context(), picked); err != nil {
				return err
			}
		}
	}
	return h.showForm(w, r, http.StatusOK, f, f.errorsSoFar(), keptAt)
}

// CreateDraft handles POST /distributions: 303 to the review, or 422 with the form.
func (h *Handlers) CreateDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := readDraftForm(r, "copy")
	if err != nil {
		return err
	}
	if _, err := h.ref(r.Context(), f.CopyOf); err != nil {
		return err
	}
	return h.saveDraft(w, r, f, func(n store.NewDraft) (distribution.Distribution, error) {
		return h.DB.Create(r.Context(), session.Actor(r.Context()), n)
	})
}

// EditDraft handles GET /distributions/{id}/edit, as it was left with
// ?draft=formToken.
func (h *Handlers) EditDraft(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"draft"}); err != nil {
		return err
	}
	drawn := draftForm{Token: newFormToken(), Editing: idOf(r)}
	var err error
	if drawn.Form, err = h.drawn(r, &drawn); err != nil {
		return err
	}
	f, keptAt, err := h.resumeDraft(r, drawn.Editing)
	if err != nil {
		return h.seeWhatItBecame(w, r, err)
	}
	if f.Token == "" {
		f = drawn
	}
	return h.showForm(w, r, http.StatusOK, f, f.errorsSoFar(), keptAt)
}

// SaveDraft handles POST /distributions/{id}/edit, as CreateDraft does.
func (h *Handlers) SaveDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := readDraftForm(r)
	if err != nil {
		return err
	}
	f.Editing = idOf(r)
	return h.saveDraft(w, r, f, func(n store.NewDraft) (distribution.Distribution, error) {
		return h.DB.Edit(r.Context(), session.Actor(r.Context()), f.Editing, n)
	})
}

func (h *Handlers) saveDraft(w http.ResponseWriter, r *http.Request, f draftForm,
	save func(store.NewDraft) (distribution.Distribution, error),
) error {
	content, errs := f.Parse()
	if len(errs) > 0 {
		return h.showForm(w, r, http.StatusUnprocessableEntity, f, errs, time.Time{})
	}
	spent, err := h.DB.FormSpent(r.Context(), f.Token)
	if err != nil {
		return err
	}
	balance, err := h.balanceTile(r.Context())
	if err != nil {
		return err
	}
	found, err := h.findings(r.Context(), content, f.Editing, balance)
	if err != nil {
		return err
	}
	if found.open(f) && spent == "" { // a spent one leads to what became of it, which pays the same
		return h.showForm(w, r, http.StatusUnprocessableEntity, f, nil, time.Time{})
	}
	d, err := save(found.draft(f, content))
	if errs, ok := errors.AsType[distribution.FieldErrors](err); ok {
		return h.showForm(w, r, http.StatusUnprocessableEntity, f, errs, time.Time{})
	}
	if spent, ok := errors.AsType[*store.ErrFormSpent](err); ok {
		return seeDistribution(conflict("form_spent"), spent.ID)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, reviewPath(d.ID))
}

// ref names another distribution; an empty id is none.
func (h *Handlers) ref(ctx context.Context, id string) (*distributions.Ref, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	d, err := h.DB.Distribution(ctx, id)
	if err != nil {
		return nil, err
	}
	return refTo(&d), nil
}

func refTo(d *distribution.Distribution) *distributions.Ref {
	return &distributions.Ref{ID: d.ID, Reference: d.OrderReference, Status: d.Status}
}
