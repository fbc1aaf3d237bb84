// Package web is the way of a request: the server with its limits, the
// middleware, the table of routes, and the one place that turns errors into
// answers.
package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"plexydash/handlers"
	"plexydash/i18n"
	"plexydash/static"
	"plexydash/web/session"
)

// Deps is what the web is made of. All fields without a remark are required.
type Deps struct {
	Addr     string // host:port to listen on; only NewServer reads it
	Handlers *handlers.Handlers
	Sessions *session.Store
	Catalog  *i18n.Catalog
	Assets   *static.Assets
	Log      *slog.Logger
	// Metrics answers GET /metrics; nil: there is nothing at that address.
	Metrics http.Handler
	// MetricsToken lets others than this machine read the metrics; empty: nobody else may.
	MetricsToken string
	// Counted is told of every request that was answered; nil: nobody listens.
	Counted func(method, route string, status int, took time.Duration)
	// PublicURL is where browsers reach the program; nil means http on Addr. With
	// https, answers carry Strict-Transport-Security. Sessions.Secure must agree.
	PublicURL *url.URL
}

func (d Deps) https() bool { return d.PublicURL != nil && d.PublicURL.Scheme == "https" }

// server is a Deps with what is made once of it.
type server struct {
	Deps
	printers map[i18n.Lang]*i18n.Printer
	refusals refusals
}

// Limits of a connection. They end what sends or reads too slowly; only the
// download of a file gets a longer time to write.
const (
	readHeaderWithin = 5 * time.Second
	readWithin       = 15 * time.Second
	writeWithin      = 30 * time.Second
	idleWithin       = 60 * time.Second
	maxHeaderBytes   = 32 << 10
	maxBodyBytes     = 64 << 10
)

// New makes the handler of everything the program serves.
func New(d Deps) (http.Handler, error) {
	s := &server{Deps: d, printers: map[i18n.Lang]*i18n.Printer{}, refusals: refusals{byPerson: map[string]*refusalWindow{}}}
	for _, lang := range i18n.Languages() {
		s.printers[lang] = d.Catalog.Printer(lang)
	}
	return s.router()
}

// NewServer makes the server that listens on Addr; the caller runs it.
func NewServer(d Deps) (*http.Server, error) {
	handler, err := New(d)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return &http.Server{
		Addr: d.Addr, Handler: handler,
		ReadHeaderTimeout: readHeaderWithin, ReadTimeout: readWithin, WriteTimeout: writeWithin, IdleTimeout: idleWithin,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(d.Log.Handler(), slog.LevelWarn),
	}, nil
}
