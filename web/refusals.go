package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"plexydash/distribution"
	"plexydash/handlers"
	"plexydash/web/session"
)

// Limits on what refusals may write into the audit log: what a person, or a
// program in their name, does beyond that in a minute is counted and told with
// the next record. The program's own log has each of them.
const (
	refusalsAMinute   = 20
	recordRefusalsFor = 2 * time.Second // the answer does not wait longer for the record
)

// refusals counts by person, so it never holds more than there are people.
type refusals struct {
	mu       sync.Mutex
	byPerson map[string]*refusalWindow
}

type refusalWindow struct {
	began      time.Time
	written    int
	suppressed int
	request    string // the last one that was written
}

// take asks for leave to write one record about the request; suppressed is how
// many were not written since the last. One request gets one record, whatever
// else goes wrong while it is answered.
func (f *refusals) take(who, request string, now time.Time) (suppressed int, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := f.byPerson[who]
	if w == nil {
		w = &refusalWindow{}
		f.byPerson[who] = w
	}
	if w.request == request {
		return 0, false
	}
	if now.Sub(w.began) >= time.Minute || now.Before(w.began) {
		w.began, w.written = now, 0
	}
	if w.written >= refusalsAMinute {
		w.suppressed++
		return 0, false
	}
	suppressed, w.suppressed = w.suppressed, 0
	w.written++
	w.request = request
	return suppressed, true
}

// keepRefusal writes into the audit log that the person did not get what they
// asked for. Pages that do not exist, and forms to be filled in better, are no
// refusals.
func (s *server) keepRefusal(r *http.Request, err error, a answer, number string) {
	by := session.Actor(r.Context())
	if errors.Is(err, errForeign) { // refused before it was asked whose session it is
		if known, loadErr := s.Sessions.Load(r); loadErr == nil {
			by = session.Actor(known.Context())
		}
	}
	if by.IsZero() || !worthKeeping(r, err, a.status) {
		return
	}
	suppressed, ok := s.refusals.take(by.ID, by.RequestID, s.Handlers.DB.Now())
	if !ok {
		return
	}
	// The reader may have gone; the record is written all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordRefusalsFor)
	defer cancel()
	refused := tried(r)
	refused.Failed = a.status >= http.StatusInternalServerError
	refused.Reason = reasonOf(err, a)
	refused.Details = map[string]string{"number": number, "httpStatus": strconv.Itoa(a.status)}
	if suppressed > 0 {
		refused.Details["suppressed"] = strconv.Itoa(suppressed)
	}
	if err := s.Handlers.RecordRefused(ctx, by, refused); err != nil {
		s.Log.ErrorContext(ctx, "refusal was not recorded", slog.String("number", number), slog.String("error", err.Error()))
	}
}

// worthKeeping: of what is only read, that a role wanted what is not for it.
func worthKeeping(r *http.Request, err error, status int) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return errors.Is(err, distribution.ErrForbidden)
	}
	switch status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge:
		return true
	case http.StatusNotFound:
		return routeOf(r) != "" // a thing that is not there, at an address that is
	}
	return status >= http.StatusInternalServerError
}

// routeOf is the row of the table that the request came to; empty for none.
func routeOf(r *http.Request) string {
	c := chi.RouteContext(r.Context())
	if c == nil {
		return ""
	}
	if pattern := c.RoutePattern(); !strings.HasSuffix(pattern, "*") {
		return pattern
	}
	return ""
}

// tried names what the person wanted.
func tried(r *http.Request) handlers.Refused {
	pattern := routeOf(r)
	switch {
	case pattern == "":
		return handlers.Refused{Action: "request.refused", Object: "request", ID: brief(r.URL.Path)}
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return handlers.Refused{Action: "page.opening", Object: "page", ID: brief(r.URL.Path)}
	}
	action := actionOf(pattern)
	object, _, _ := strings.Cut(action, ".")
	id := chi.URLParam(r, "id")
	return handlers.Refused{Action: action, Object: object, ID: brief(id)}
}

// brief keeps what a stranger made up from filling the log.
func brief(text string) string { return text[:min(len(text), 200)] }

// actionOf names the POST of an address: "/distributions/{id}/approval" is
// distribution.approval, "/exports" is export.creation.
func actionOf(pattern string) string {
	first, rest, _ := strings.Cut(strings.Trim(pattern, "/"), "/")
	var nouns []string
	for part := range strings.SplitSeq(rest, "/") {
		if part != "" && !strings.HasPrefix(part, "{") {
			nouns = append(nouns, strings.ReplaceAll(part, "-", "_"))
		}
	}
	switch {
	case len(nouns) > 0:
	case first == "login", first == "logout":
		nouns = []string{first}
	default:
		nouns = []string{"creation"}
	}
	return objectOf(first) + "." + strings.Join(nouns, "_")
}

// objectOf is the kind of thing that stands under the first part of an address,
// as the records of the store call it.
func objectOf(first string) string {
	switch first {
	case "proposals":
		return "decision"
	case "me", "login", "logout":
		return "user"
	case "settings":
		return first
	}
	return strings.TrimSuffix(first, "s")
}

// reasonOf is the code of the rule that refused, or what was wrong with the
// request. The text of an error of ours stays in the program's log.
func reasonOf(err error, a answer) string {
	bad, ok := errors.AsType[*handlers.BadRequest](err)
	switch {
	case ok:
		return bad.Reason
	case a.refusal != "":
		return a.refusal
	case a.status == http.StatusRequestEntityTooLarge:
		return "too_large"
	case a.status == http.StatusNotFound:
		return "not_found"
	case a.status >= http.StatusInternalServerError:
		return "failure"
	}
	return ""
}
