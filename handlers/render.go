package handlers

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/a-h/templ"
)

// Partial reports that htmx wants a part of a page to put into one that is
// open. A restored history entry is always a whole page.
func Partial(r *http.Request) bool {
	return r.Header.Get("HX-Request-Type") == "partial" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// Scripted reports that htmx sent the request, for a part or for a whole page.
func Scripted(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// Render answers with the page, or with the fragment when htmx asks for a part
// and there is one. It draws into memory first: an error means that nothing was
// written yet.
func Render(w http.ResponseWriter, r *http.Request, status int, page, fragment templ.Component) error {
	drawn := page
	if fragment != nil && Partial(r) {
		drawn = fragment
	}
	b := templ.GetBuffer()
	defer templ.ReleaseBuffer(b)
	if err := drawn.Render(r.Context(), b); err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	return write(w, status, b)
}

func write(w http.ResponseWriter, status int, b *bytes.Buffer) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the reader has gone: nobody is left to tell
	return nil
}

// redirect sends the browser to a path of ours after a POST. htmx is told to
// load the whole page: a followed 303 would be put into a part of this one.
func redirect(w http.ResponseWriter, r *http.Request, path string) error {
	if Scripted(r) {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}
