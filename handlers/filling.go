package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/distributions"
)

// FillForm handles POST /distributions/fillings: the form with a pasted block
// spread over it, a template of the purpose filled in, or one value corrected.
// Nothing is kept, and nothing that stands in a field is replaced unasked.
func (h *Handlers) FillForm(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	acts := r.PostForm["act"]
	r.PostForm.Del("act") // named by the button, not by the form
	f, err := readDraftForm(r, "copy", "edit")
	if err != nil {
		return err
	}
	if len(acts) != 1 || !h.fill(r, &f, acts[0]) {
		return &BadRequest{Reason: "unknown way to fill the form"}
	}
	if !Partial(r) {
		return h.showForm(w, r, http.StatusOK, f, f.errorsSoFar(), time.Time{})
	}
	mayBeKept(w)
	p := distributions.FormProps{
		ID: f.Editing, CopyID: f.CopyOf, Values: f.Form, FormToken: f.Token, Filled: f.Filled,
	}
	if p.Filled == nil {
		p.Filled = &distributions.Filled{}
	}
	return Render(w, r, http.StatusOK, distributions.Filling(p), nil)
}

// fill does what the button says: "paste", "template 2", "put recipient.iban=KZ…".
func (h *Handlers) fill(r *http.Request, f *draftForm, act string) bool {
	what, rest, _ := strings.Cut(act, " ")
	switch what {
	case "paste":
		f.Filled = f.spread(r.PostForm.Get(fieldPaste))
		return true
	case "template":
		n, err := strconv.Atoi(rest)
		lang := string(i18n.From(r.Context()).Lang())
		offered := h.Templates.Of(distribution.CleanKNP(f.KNP), lang)
		if err != nil || n < 0 || n >= len(offered) {
			return false
		}
		f.Filled = &distributions.Filled{Template: true}
		f.put(distribution.FieldPurpose, offered[n].Fill(h.filling(r.PostForm, f, lang)))
		return true
	case "put":
		name, value, ok := strings.Cut(rest, "=")
		if !ok || !slices.Contains(distribution.Fields(), distribution.Field(name)) {
			return false
		}
		*f.Text(distribution.Field(name)) = value
		return true
	}
	return false
}

// filling is what goes into the slots of a template.
func (h *Handlers) filling(v url.Values, f *draftForm, lang string) distribution.Filling {
	fill := distribution.Filling{Contract: v.Get(fieldContract), Date: v.Get(fieldDate), VAT: distribution.NoVAT(lang)}
	if v.Get(fieldVAT) != "none" {
		amount, _ := distribution.ParseAmount(f.Amount)
		fill.VAT = ""
		if amount > 0 {
			fill.VAT = h.VAT.Text(amount, h.DB.Now(), lang)
		}
	}
	return fill
}

// spread puts what a block of bank details says into the fields that are empty.
func (f *draftForm) spread(text string) *distributions.Filled {
	read := distribution.Spread(text)
	f.Filled = &distributions.Filled{Bank: read.Bank, Left: read.Left}
	for _, field := range distribution.Fields() {
		if values := read.Asks[field]; len(values) > 0 {
			f.Filled.Choices = append(f.Filled.Choices, distributions.Choice{Field: field, Values: values})
		} else if value := read.Values[field]; value != "" {
			f.put(field, value)
		}
	}
	return f.Filled
}

// put fills an empty field; of any other a person is asked.
func (f *draftForm) put(field distribution.Field, value string) {
	switch stands := f.Text(field); strings.TrimSpace(*stands) {
	case value:
	case "":
		*stands = value
		f.Filled.Put = append(f.Filled.Put, field)
	default:
		f.Filled.Choices = append(f.Filled.Choices, distributions.Choice{Field: field, Values: []string{value}})
	}
}
