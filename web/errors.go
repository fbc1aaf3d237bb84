package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"plexydash/distribution"
	"plexydash/handlers"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/errorpage"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// needsRole refuses a role that may not use a route at all.
type needsRole struct{ access }

func (e *needsRole) Error() string { return "the role may not: " + distribution.ErrForbidden.Error() }
func (e *needsRole) Unwrap() error { return distribution.ErrForbidden }

// retryAfter is in how many seconds the database may be free again.
const retryAfter = "10"

// errMethod says that the address exists, but not for this method.
var errMethod = errors.New("method not allowed")

// answer is what an error becomes: a status, and what the page says beside it.
type answer struct {
	status  int
	refusal string        // message key without its "refusal." prefix; may be empty
	tell    *layout.Flash // may be nil
	link    *errorpage.Link
}

// answerTo is the table of errors and statuses. What is not in it is ours: 500.
func answerTo(ctx context.Context, err error) answer {
	a := answer{status: http.StatusInternalServerError}
	if linked, ok := errors.AsType[*handlers.WithLink](err); ok {
		a.link, a.tell = &linked.Link, linked.Tell
	}
	if refusal, ok := errors.AsType[*distribution.Refusal](err); ok {
		a.refusal = refusal.Code
	}
	if bad, ok := errors.AsType[*handlers.BadRequest](err); ok {
		a.status, a.tell = http.StatusBadRequest, bad.Tell
		return a
	}
	if needs, ok := errors.AsType[*needsRole](err); ok {
		a.refusal, a.tell = "role", needs.flash(ctx)
	}
	switch _, tooBig := errors.AsType[*http.MaxBytesError](err); {
	case tooBig:
		a.status = http.StatusRequestEntityTooLarge
	case errors.Is(err, errForeign):
		a.status, a.refusal = http.StatusForbidden, "cross_origin"
	case errors.Is(err, errMethod):
		a.status = http.StatusMethodNotAllowed
	case errors.Is(err, handlers.ErrGone):
		a.status = http.StatusGone
	case handlers.Unavailable(err):
		a.status = http.StatusServiceUnavailable
	case errors.Is(err, distribution.ErrNotFound):
		a.status = http.StatusNotFound
	case errors.Is(err, distribution.ErrForbidden):
		a.status = http.StatusForbidden
	case errors.Is(err, distribution.ErrConflict):
		a.status = http.StatusConflict
	}
	return a
}

// flash names the roles that may.
func (e *needsRole) flash(ctx context.Context) *layout.Flash {
	var names []string
	for _, role := range distribution.Roles() {
		if e.allows(role) {
			names = append(names, i18n.T(ctx, "role."+string(role)))
		}
	}
	return &layout.Flash{Tone: components.Amber, Key: "web.needs_role", Args: []any{"Roles", strings.Join(names, ", ")}}
}

// adapt makes an http.HandlerFunc of a handler that returns its failure.
func (s *server) adapt(do handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := do(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// fail answers with an error page, or with a notice where htmx asked for a part
// of one. The text of the error goes to the log under the number that the page
// shows, and nowhere else.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return // the reader has gone
	}
	a, number := answerTo(ctx, err), rand.Text()[:8]
	level := slog.LevelInfo
	if a.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.Log(ctx, level, "request failed", slog.String("number", number), slog.Int("status", a.status),
		slog.String("requestId", middleware.GetReqID(ctx)), slog.String("actor", session.Actor(ctx).ID),
		slog.String("error", err.Error()))
	if a.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	} else {
		s.keepRefusal(r, err, a, number) // which writes
	}
	if drawErr := s.drawError(w, r, a, number); drawErr != nil {
		s.Log.ErrorContext(ctx, "error page failed", slog.String("number", number), slog.String("error", drawErr.Error()))
		http.Error(w, fmt.Sprintf("%d %s (%s)", a.status, http.StatusText(a.status), number), a.status)
	}
}

func (s *server) drawError(w http.ResponseWriter, r *http.Request, a answer, number string) error {
	p := errorpage.Props{
		Bare: s.Handlers.Bare(r), Status: a.status, Number: number, At: s.Handlers.DB.Now(), Refusal: a.refusal, Tell: a.tell, Link: a.link,
	}
	switch {
	case r.Method != http.MethodGet:
		p.Bare.Path = "/"
	case a.status >= http.StatusInternalServerError:
		p.Retry = r.URL.RequestURI()
	}
	if !session.Actor(r.Context()).IsZero() && !handlers.Partial(r) {
		// The shell reads the database. An error page must come without it too.
		if chrome, err := s.Handlers.Chrome(w, r, ""); err == nil {
			p.Chrome, p.SignedIn = chrome, true
			p.Chrome.Path = p.Bare.Path
		}
	}
	if a.status == http.StatusServiceUnavailable && p.SignedIn {
		p.Again = again(r)
	}
	return handlers.Render(w, r, a.status, errorpage.Page(p), errorpage.Fragment(p))
}

// again is the form that could not be carried out just now, for the person to
// send once more; nil when nothing was typed.
func again(r *http.Request) *errorpage.Again {
	if r.Method != http.MethodPost {
		return nil
	}
	typed, ok := handlers.ReadTyped(r, pageOf(r))
	if !ok {
		return nil
	}
	return &errorpage.Again{To: typed.To, Fields: components.ParamsOf(typed.Fields)}
}

// toSignIn asks who it is. Nothing that was sent is done later; what was typed
// into a form is carried over, for the person to send or not.
func (s *server) toSignIn(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodPost && !handlers.Scripted(r) && s.Sessions.Expired(r) {
		if typed, ok := handlers.ReadTyped(r, pageOf(r)); ok {
			return s.Handlers.SignInOver(w, r, typed)
		}
	}
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet || handlers.Partial(r) {
		next = pageOf(r)
	}
	to := handlers.SignInPath(next)
	if handlers.Scripted(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// pageOf is the page that a form or a part of a page was on, as the browser
// tells; "/" when it tells none of ours.
func pageOf(r *http.Request) string {
	told := r.Header.Get("HX-Current-URL")
	if told == "" {
		told = r.Referer()
	}
	u, err := url.Parse(told)
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return handlers.LocalPath(u.RequestURI())
}

func notFound(http.ResponseWriter, *http.Request) error { return distribution.ErrNotFound }

// methodNotAllowed names the methods that the address knows (RFC 9110, 15.5.6);
// an address that knows none does not exist.
func (s *server) methodNotAllowed(w http.ResponseWriter, r *http.Request) error {
	known := chi.RouteContext(r.Context()).Routes
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		ask := method
		if method == http.MethodHead {
			ask = http.MethodGet
		}
		if known.Match(chi.NewRouteContext(), ask, r.URL.Path) {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return distribution.ErrNotFound
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return errMethod
}
