package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"plexydash/store"
)

// Alive handles GET /healthz: the process answers.
func (h *Handlers) Alive(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, http.StatusOK, "ok\n")
}

// sign is one line of /readyz.
type sign struct {
	about string
	says  string
	grade grade
}

type grade string

const (
	good    grade = "ok"
	warning grade = "warning" // pages work; something wants a look
	failed  grade = "failed"  // the program cannot be used
)

// IsReady handles GET /readyz: 200 while the program can be used, else 503, and a
// line for each thing that matters. What only keeps payments from being sent is a
// warning: people need the pages then more than ever. Texts of errors go to the
// log, not to strangers.
func (h *Handlers) IsReady(w http.ResponseWriter, r *http.Request) error {
	lines := h.condition(r.Context())
	status, text := http.StatusOK, "ready\n"
	var told strings.Builder
	for _, f := range lines {
		if f.grade == failed {
			status, text = http.StatusServiceUnavailable, "not ready\n"
		}
		fmt.Fprintf(&told, "%s %s: %s\n", f.grade, f.about, f.says)
	}
	return plain(w, status, text+told.String())
}

func (h *Handlers) condition(ctx context.Context) []sign {
	all := []sign{{"assets", "loaded", good}} // without them the program does not start
	state, err := h.DB.SyncState(ctx)
	if err != nil {
		return append(all, sign{"database", "does not answer; nothing is sent", failed})
	}
	all = append(all, sign{"database", "answers", good}, h.aboutSchema(ctx), h.aboutOutcomes(ctx), aboutDisk(state),
		aboutPlexy(state, h.DB.Now(), h.maxAge()), aboutHold(state))
	return append(all, h.aboutSending(state))
}

func (h *Handlers) aboutSchema(ctx context.Context) sign {
	newest, err := store.NewestSchema()
	if err != nil {
		return sign{"migrations", "cannot be read", failed}
	}
	switch have, err := h.DB.Schema(ctx); {
	case err != nil:
		return sign{"migrations", "cannot be read", failed}
	case have != newest:
		return sign{"migrations", fmt.Sprintf("the database has schema %d, this program knows %d", have, newest), failed}
	}
	return sign{"migrations", fmt.Sprintf("schema %d", newest), good}
}

func (h *Handlers) aboutOutcomes(ctx context.Context) sign {
	if h.Ready != nil && h.Ready(ctx) != nil {
		return sign{"outcomes", "what Plexy answered cannot be saved; nothing else is sent before it is", failed}
	}
	return sign{"outcomes", "saved", good}
}

func aboutDisk(s store.SyncState) sign {
	if s.LowDisk {
		return sign{"disk", fmt.Sprintf("less than %d MiB free; nothing is sent", store.MinFree>>20), warning}
	}
	return sign{"disk", "has room", good}
}

func aboutPlexy(s store.SyncState, now time.Time, maxAge time.Duration) sign {
	switch {
	case s.LastSuccess.IsZero():
		return sign{"plexy", "never read", warning}
	case s.LastError != "":
		return sign{"plexy", fmt.Sprintf("%s since %s, last read %s", s.LastError, clock(s.FailingSince), clock(s.LastSuccess)), warning}
	case now.Sub(s.LastSuccess).Abs() > maxAge:
		return sign{"plexy", "last read " + clock(s.LastSuccess), warning}
	}
	return sign{"plexy", "last read " + clock(s.LastSuccess), good}
}

func aboutHold(s store.SyncState) sign {
	if s.Held() {
		return sign{"hold", "the database is an older copy or a second one; nothing is sent until two people allow it", warning}
	}
	return sign{"hold", "none", good}
}

func (h *Handlers) aboutSending(s store.SyncState) sign {
	state := s.Sending(h.DB.Now(), h.maxAge(), h.Submit)
	if state != store.SendingRuns {
		return sign{"sending", state, warning}
	}
	return sign{"sending", state, good}
}

func clock(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("health: %w", err)
	}
	return nil
}
