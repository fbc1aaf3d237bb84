package web

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"

	"plexydash/web/session"
)

// metrics handles GET /metrics. This machine reads them as it is; others, and all
// that come through a proxy, with the token. Without one there is nothing here.
func (s *server) metrics(w http.ResponseWriter, r *http.Request) error {
	switch {
	case s.Metrics == nil:
		http.NotFound(w, r)
	case s.fromThisMachine(r) || s.hasToken(r):
		s.Metrics.ServeHTTP(w, r)
	case s.MetricsToken == "":
		http.NotFound(w, r)
	default:
		w.Header().Set("WWW-Authenticate", `Bearer realm="metrics"`)
		http.Error(w, "the token of the metrics is missing or wrong", http.StatusUnauthorized)
	}
	return nil
}

// fromThisMachine believes no address where a proxy stands in front, and no
// browser that was led here under another name.
func (s *server) fromThisMachine(r *http.Request) bool {
	address, err := netip.ParseAddr(session.Visitor(r).Address)
	return s.PublicURL == nil && err == nil && address.Unmap().IsLoopback() && namesLoopback(r.Host)
}

func namesLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func (s *server) hasToken(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(s.MetricsToken))
	return ok && s.MetricsToken != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// counted tells Counted of a request by the route that it matched: addresses
// hold ids, and there is no end of them.
func (s *server) counted(next http.Handler) http.Handler {
	if s.Counted == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww, began := middleware.NewWrapResponseWriter(w, r.ProtoMajor), time.Now()
		defer func() { s.Counted(knownMethod(r.Method), cmp.Or(routeOf(r), "none"), ww.Status(), time.Since(began)) }()
		next.ServeHTTP(ww, r)
	})
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	}
	return "other"
}
