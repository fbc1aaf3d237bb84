package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/recipients"
	"plexydash/web/session"
)

const (
	recipientsPath = "/recipients"
	recipientsPage = 50
	recipientsMost = 8   // that the form offers at a time
	recipientText  = 255 // characters of a search
)

func recipientPath(id string) string { return recipientsPath + "/" + url.PathEscape(id) }

// Recipients handles GET /recipients: the book, the last used first.
func (h *Handlers) Recipients(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"q", "archived", "cursor"}); err != nil {
		return err
	}
	ctx, q := r.Context(), r.URL.Query()
	p := recipients.Props{
		Q: q.Get("q"), Archived: q.Get("archived") == "yes", Later: q.Get("cursor") != "", Now: h.DB.Now(),
		CanCreate: distribution.Allows(session.Actor(ctx).Role, distribution.Create),
	}
	if archived := q.Get("archived"); archived != "" && !p.Archived || len([]rune(p.Q)) > recipientText {
		return &BadRequest{Reason: "the list of recipients is not understood"}
	}
	found, next, err := h.DB.Recipients(ctx, store.RecipientFilter{Q: p.Q, Archived: p.Archived, Cursor: q.Get("cursor"), Size: recipientsPage})
	if err != nil {
		return err
	}
	p.Rows, p.Next = h.shownRecipients(found), next
	if p.Chrome, err = h.Chrome(w, r, layout.Recipients); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, recipients.Page(p), nil)
}

// RecipientOptions handles GET /recipients/options: a part of the form of a
// distribution. As an address of its own it leads to the book.
func (h *Handlers) RecipientOptions(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"q"}); err != nil {
		return err
	}
	q := r.URL.Query().Get("q")
	if len([]rune(q)) > recipientText {
		return &BadRequest{Reason: "the search is too long"}
	}
	if !Partial(r) {
		http.Redirect(w, r, withQuery(recipientsPath, r.URL.Query()), http.StatusSeeOther)
		return nil
	}
	found, _, err := h.DB.Recipients(r.Context(), store.RecipientFilter{Q: q, Size: recipientsMost})
	if err != nil {
		return err
	}
	mayBeKept(w)
	return Render(w, r, http.StatusOK, recipients.Options(h.shownRecipients(found)), nil)
}

// Recipient handles GET /recipients/{id}; with ?edit=yes its form stands open.
func (h *Handlers) Recipient(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"edit"}); err != nil {
		return err
	}
	found, err := h.DB.Recipient(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p := recipients.PageProps{R: h.shownRecipient(&found), Editing: r.URL.Query().Get("edit") != "", Form: recipientForm(&found)}
	return h.showRecipient(w, r, http.StatusOK, p)
}

func (h *Handlers) showRecipient(w http.ResponseWriter, r *http.Request, status int, p recipients.PageProps) error {
	ctx := r.Context()
	p.CanChange, p.Now = distribution.Allows(session.Actor(ctx).Role, distribution.Create), h.DB.Now()
	p.Editing = p.Editing && p.CanChange
	events, err := h.DB.RecipientEvents(ctx, p.R.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		p.Events = append(p.Events, recipients.Event{At: e.At, By: e.By, Kind: e.Kind, Changes: changedFields(e.Changes)})
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Recipients); err != nil {
		return err
	}
	p.Chrome.Path = recipientPath(p.R.ID)
	return Render(w, r, status, recipients.One(p), nil)
}

// changedFields are those that had another value before, in the order of the form.
func changedFields(changes map[string]string) []components.Change {
	var all []components.Change
	for _, f := range distribution.Fields() {
		if was, ok := changes[string(f)+".was"]; ok {
			all = append(all, components.Change{Field: f, Was: was, Now: changes[string(f)]})
		}
	}
	return all
}

// EditRecipient handles POST /recipients/{id}: 303, or the form again with what
// is wrong, 422, or with what somebody else did meanwhile, 409.
func (h *Handlers) EditRecipient(w http.ResponseWriter, r *http.Request) error {
	editable := []distribution.Field{distribution.FieldName, distribution.FieldBIC, distribution.FieldKBe, distribution.FieldKNP}
	names := []string{"seen"}
	for _, f := range editable {
		names = append(names, string(f))
	}
	v, err := readForm(r, nil, names...)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(v.Get("seen"), 10, 64)
	if err != nil {
		return &BadRequest{Reason: "the form has no version of ours"}
	}
	ctx, id := r.Context(), idOf(r)
	found, err := h.DB.Recipient(ctx, id)
	if err != nil {
		return err
	}
	f := typed(v).Form
	p := recipients.PageProps{
		R: h.shownRecipient(&found), Editing: true, Errors: distribution.FieldErrors{},
		Form: recipients.Form{Name: f.Name, BIC: f.BIC, KBe: f.KBe, KNP: f.KNP},
	}
	c, errs := f.ParseEach()
	for _, field := range editable {
		if errs[field] != nil {
			p.Errors[field] = errs[field]
		}
	}
	if len(p.Errors) > 0 {
		p.R.Version = version
		return h.showRecipient(w, r, http.StatusUnprocessableEntity, p)
	}
	to := c.Recipient
	err = h.DB.EditRecipient(ctx, session.Actor(ctx), id, version, store.RecipientEdit{Name: to.Name, BIC: to.BIC, KBe: to.KBe, KNP: to.KNP})
	if refusalCode(err) == "recipient_changed" {
		p.Stale = true
		return h.showRecipient(w, r, http.StatusConflict, p)
	}
	return h.recipientDone(w, r, id, "recipient.flash.edited", err)
}

// ArchiveRecipient handles POST /recipients/{id}/archiving.
func (h *Handlers) ArchiveRecipient(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	return h.recipientDone(w, r, idOf(r), "recipient.flash.archived", h.DB.ArchiveRecipient(r.Context(), session.Actor(r.Context()), idOf(r)))
}

// RestoreRecipient handles POST /recipients/{id}/restoration.
func (h *Handlers) RestoreRecipient(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	return h.recipientDone(w, r, idOf(r), "recipient.flash.restored", h.DB.RestoreRecipient(r.Context(), session.Actor(r.Context()), idOf(r)))
}

func (h *Handlers) recipientDone(w http.ResponseWriter, r *http.Request, id, told string, err error) error {
	if err != nil {
		return err
	}
	if err := h.tell(w, r, components.Green, told); err != nil {
		return err
	}
	return redirect(w, r, recipientPath(id))
}

// pickedForm is the form filled with a recipient of the book.
func (h *Handlers) pickedForm(ctx context.Context, id string) (distribution.Form, error) {
	r, err := h.DB.Recipient(ctx, id)
	if err != nil {
		return distribution.Form{}, err
	}
	f := distribution.Form{
		Currency: string(distribution.KZT), Name: r.Name, BIN: r.BIN, IBAN: r.IBAN, BIC: r.BIC, KBe: r.KBe, KNP: r.KNP,
	}
	if r.Last != nil {
		f.Purpose = r.Last.PaymentPurpose
	}
	return f, nil
}

// inBook is what the book says of the recipient that is typed, and what history
// says of it.
func (h *Handlers) inBook(ctx context.Context, c distribution.Content, history []distribution.Finding) (k recipients.Known, err error) {
	bin, iban := c.Recipient.BIN.String(), c.Recipient.IBAN.String()
	if bin == "" || iban == "" {
		return k, nil
	}
	k.Hints = history
	found, err := h.DB.RecipientOf(ctx, bin, iban)
	if errors.Is(err, distribution.ErrNotFound) {
		return k, nil
	}
	if err != nil {
		return k, err
	}
	k.R = new(h.shownRecipient(&found))
	t := c.Recipient.Text()
	for _, pair := range []struct {
		field      distribution.Field
		typed, was string
	}{
		{distribution.FieldName, t.Name, found.Name},
		{distribution.FieldBIC, t.BIC, found.BIC},
		{distribution.FieldKBe, t.KBe, found.KBe},
		{distribution.FieldKNP, t.KNP, found.KNP},
	} {
		if pair.typed != "" && pair.typed != pair.was {
			k.Changed = append(k.Changed, pair.field)
		}
	}
	return k, nil
}

func recipientForm(r *store.Recipient) recipients.Form {
	return recipients.Form{Name: r.Name, BIC: r.BIC, KBe: r.KBe, KNP: r.KNP}
}

func (h *Handlers) shownRecipients(all []store.Recipient) []recipients.Recipient {
	shown := make([]recipients.Recipient, len(all))
	for i := range all {
		shown[i] = h.shownRecipient(&all[i])
	}
	return shown
}

func (h *Handlers) shownRecipient(r *store.Recipient) recipients.Recipient {
	shown := recipients.Recipient{
		ID: r.ID, RecipientText: r.RecipientText, SavedAt: r.SavedAt, ArchivedAt: r.ArchivedAt, Version: r.Version,
		Count: r.Count, Sum: r.Sum, Last: r.Last,
	}
	shown.Bank, _ = h.Banks.Of(strings.ToUpper(r.IBAN))
	return shown
}
