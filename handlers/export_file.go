package handlers

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"time"

	"plexydash/store"
	"plexydash/views/errorpage"
	"plexydash/web/session"
)

// sendFileWithin is how long a slow reader may take for a file; pages have the
// shorter limit of the server.
const sendFileWithin = 10 * time.Minute

// ExportFile handles GET /exports/{id}/file: 200 with the file, 202 while it is
// being made, 409 when it could not be made, 410 when it is not kept any more.
func (h *Handlers) ExportFile(w http.ResponseWriter, r *http.Request) error {
	e, err := h.DB.Export(r.Context(), session.Actor(r.Context()), idOf(r))
	if err != nil {
		return err
	}
	switch e.Status {
	case store.ExportWaiting:
		w.Header().Set("Retry-After", "2")
		return h.showExport(w, r, http.StatusAccepted, e)
	case store.ExportFailed:
		return seeExport(conflict("export_failed"), e.ID)
	case store.ExportReady:
	}
	return h.sendFile(w, r, e)
}

func seeExport(err error, id string) error {
	return &WithLink{Err: err, Link: errorpage.Link{Href: exportPath(id), Key: "web.link.export"}}
}

func (h *Handlers) sendFile(w http.ResponseWriter, r *http.Request, e store.Export) error {
	file, err := os.OpenInRoot(h.ExportDir, e.ID+"."+e.Format)
	if errors.Is(err, fs.ErrNotExist) {
		return seeExport(ErrGone, e.ID)
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", e.ID, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("export %s: %w", e.ID, err)
	}
	if info.Size() != e.Bytes {
		return fmt.Errorf("export %s has %d bytes on disk, %d when it was made", e.ID, info.Size(), e.Bytes)
	}
	err = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(sendFileWithin))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("export %s: %w", e.ID, err)
	}
	name := e.FileName
	if name == "" {
		name = "plexydash-" + e.ID + "." + e.Format
	}
	w.Header().Set("Content-Type", contentType(e.Format))
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	http.ServeContent(w, r, "", e.FinishedAt, file)
	return nil
}

func contentType(format string) string {
	switch format {
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "jsonl":
		return "application/jsonl; charset=utf-8"
	}
	return "text/csv; charset=utf-8"
}
