package handlers

import (
	"fmt"
	"io"
	"net/http"
)

// Alive handles GET /healthz: the process answers.
func (h *Handlers) Alive(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, http.StatusOK, "ok\n")
}

// IsReady handles GET /readyz: 200 while the program can be used, else 503. The
// cause goes to the log of those who set Ready, not to strangers.
func (h *Handlers) IsReady(w http.ResponseWriter, r *http.Request) error {
	_, err := h.DB.SyncState(r.Context())
	if err == nil && h.Ready != nil {
		err = h.Ready(r.Context())
	}
	if err != nil {
		return plain(w, http.StatusServiceUnavailable, "not ready\n")
	}
	return plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("health: %w", err)
	}
	return nil
}
