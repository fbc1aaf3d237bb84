package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/chi/v5/middleware"

	"plexydash/handlers"
	"plexydash/i18n"
	"plexydash/views/components"
)

// requestID names the request in the log and in the audit log. A name that the
// client brings is not taken: it could be anything.
func requestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16] // 80 bits
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), middleware.RequestIDKey, id)))
	})
}

// loopback is where a proxy of ours may stand; only such a neighbour is believed
// when it names the client in X-Forwarded-For.
func loopback() []string { return []string{"127.0.0.0/8", "::1/128"} }

// language puts the printer of the reader's language into the context.
func (s *server) language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var chosen string
		if c, err := r.Cookie(handlers.LangCookie); err == nil {
			chosen = c.Value
		}
		lang := i18n.Negotiate(chosen, r.Header.Get("Accept-Language"))
		ctx := i18n.With(r.Context(), s.printers[lang])
		next.ServeHTTP(w, r.WithContext(components.WithAssets(ctx, s.Assets)))
	})
}

// recovery turns a panic into an error page. When an answer has begun already,
// the connection is cut: half a page must not look like a whole one.
func (s *server) recovery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			err := fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			if ww.Status() != 0 {
				s.Log.ErrorContext(r.Context(), "panic after the answer began", slog.String("error", err.Error()), slog.String("requestId", middleware.GetReqID(r.Context())))
				panic(http.ErrAbortHandler)
			}
			s.fail(ww, r, err)
		}()
		next.ServeHTTP(ww, r)
	})
}

// headers are on every answer. Handlers of files that may be kept, or that want
// to be stricter, replace single ones.
func (s *server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "+
			"font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		h.Add("Vary", "HX-Request, HX-Request-Type")
		if s.https() {
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}

// limitBody refuses what no form of ours sends. A body without a length is cut
// where it passes the limit; reading it then fails with *http.MaxBytesError.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBodyBytes)
		next.ServeHTTP(w, r)
	})
}

// errForeign says that another site made the browser send the request.
var errForeign = errors.New("cross-origin request")

// sameOrigin refuses what other sites make a browser send (CSRF), and what they
// would put into their own pages: from elsewhere one only comes here by going
// here (Fetch Metadata, resource isolation policy).
func (s *server) sameOrigin() (func(http.Handler) http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	if s.PublicURL != nil {
		if err := protection.AddTrustedOrigin(s.PublicURL.Scheme + "://" + s.PublicURL.Host); err != nil {
			return nil, fmt.Errorf("public URL: %w", err)
		}
	}
	protection.SetDenyHandler(s.adapt(func(http.ResponseWriter, *http.Request) error { return errForeign }))
	return func(next http.Handler) http.Handler {
		guarded := protection.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			site, mode := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode")
			if elsewhere := site == "cross-site" || site == "same-site"; elsewhere && mode != "" && mode != "navigate" {
				s.fail(w, r, errForeign)
				return
			}
			guarded.ServeHTTP(w, r)
		})
	}, nil
}

// person puts who is signed in into the context.
func (s *server) person(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		known, err := s.Sessions.Load(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, known)
	})
}

// seen puts off the idle end. A page must not fail because that could not be
// written.
func (s *server) seen(r *http.Request) {
	if err := s.Sessions.Seen(r); err != nil {
		s.Log.WarnContext(r.Context(), "session was not kept alive", slog.String("error", err.Error()),
			slog.String("requestId", middleware.GetReqID(r.Context())))
	}
}
