package handlers

import (
	"net/http"
	"strings"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

// AddNote handles POST /distributions/{id}/notes.
func (h *Handlers) AddNote(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "text")
	if err != nil {
		return err
	}
	ctx, id, text := r.Context(), idOf(r), strings.TrimSpace(v.Get("text"))
	by := session.Actor(ctx)
	if problem := textProblem(text); problem != "" {
		d, err := h.DB.Distribution(ctx, id)
		if err != nil {
			return err
		}
		if err := distribution.CanAnnotate(by, &d); err != nil {
			return seeDistribution(err, id)
		}
		return h.showDetail(w, r, http.StatusUnprocessableEntity, distributions.NoteForm{Text: v.Get("text"), Problem: problem})
	}
	if err := h.DB.AddNote(ctx, by, id, text); err != nil {
		return seeDistributionUnlessMissing(err, id)
	}
	if err := h.tell(w, r, components.Green, "note.flash"); err != nil {
		return err
	}
	return redirect(w, r, detailPath(id))
}
