package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httplog/v3"

	"plexydash/web/session"
)

// accessLog writes one line for each request: method, path, status, duration,
// size, address, number. Queries, bodies, cookies and other headers hold names,
// accounts and addresses of people, and stay out.
func (s *server) accessLog() func(http.Handler) http.Handler {
	schema := &httplog.Schema{
		RequestMethod: "method", RequestPath: "path", ResponseStatus: "status", ResponseDuration: "ms", ResponseBytes: "bytes",
		ErrorMessage: "error", ErrorStackTrace: "stack",
	}
	log := httplog.RequestLogger(slog.New(plain{s.Log.Handler()}), &httplog.Options{
		Level: slog.LevelInfo, Schema: schema,
		LogRequestHeaders: []string{}, LogResponseHeaders: []string{},
		Skip: func(r *http.Request, status int) bool { return r.URL.Path == "/healthz" && status == http.StatusOK },
	})
	return func(next http.Handler) http.Handler {
		return log(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			httplog.SetAttrs(r.Context(), slog.String("requestId", middleware.GetReqID(r.Context())),
				slog.String("address", session.Visitor(r).Address))
			next.ServeHTTP(w, r)
		}))
	}
}

// plain replaces httplog's message, which holds the whole address with its query,
// and hides the secret in the path of an invitation.
type plain struct{ slog.Handler }

func (p plain) Handle(ctx context.Context, r slog.Record) error {
	shown := slog.NewRecord(r.Time, r.Level, "request", r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "path" && strings.HasPrefix(a.Value.String(), invitations) {
			a.Value = slog.StringValue(invitations + "…") // whoever holds the rest can set a password
		}
		shown.AddAttrs(a)
		return true
	})
	return p.Handler.Handle(ctx, shown)
}

const invitations = "/invitations/"
