package handlers

import (
	"net/http"

	"plexydash/i18n"
	"plexydash/views/help"
	"plexydash/web/session"
)

// KeyboardHelp handles GET /help/keyboard: a page, or the dialog over the page
// that asks for it.
func (h *Handlers) KeyboardHelp(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	chrome, err := h.Chrome(w, r, "")
	if err != nil {
		return err
	}
	chrome.Title = i18n.T(r.Context(), "keys.title")
	p := help.KeysProps{Chrome: chrome, Role: session.Actor(r.Context()).Role}
	return Render(w, r, http.StatusOK, help.KeysPage(p), help.KeysDialog(p))
}
