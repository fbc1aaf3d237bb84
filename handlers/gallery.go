package handlers

import (
	"net/http"

	"plexydash/distribution"
	"plexydash/views/gallery"
)

// Gallery handles GET /gallery: every component in every state. It shows payments
// that never were, so it exists in demo mode only.
func (h *Handlers) Gallery(w http.ResponseWriter, r *http.Request) error {
	if h.Demo == nil {
		return distribution.ErrNotFound
	}
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	chrome, err := h.Chrome(w, r, "")
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, gallery.Page(chrome), nil)
}
