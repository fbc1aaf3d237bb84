package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"plexydash/distribution"
)

func TestWhoReadsTheMetrics(t *testing.T) {
	numbers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "plexydash_numbers 1") })
	const here, elsewhere, token = "127.0.0.1:40000", "10.0.0.7:40000", "s3cret"
	for name, c := range map[string]struct {
		from, host, forwarded string
		set, sent             string
		public                bool
		want                  int
	}{
		"this machine":                        {from: here, host: "127.0.0.1:8080", want: 200},
		"this machine by its name":            {from: here, host: "localhost:8080", want: 200},
		"this machine by IPv6":                {from: "[::1]:40000", host: "[::1]:8080", want: 200},
		"this machine, with a token set":      {from: here, host: "localhost", set: token, want: 200},
		"elsewhere, no token set":             {from: elsewhere, host: "10.0.0.1:8080", want: 404},
		"elsewhere, guessing":                 {from: elsewhere, host: "10.0.0.1:8080", sent: "Bearer ", want: 404},
		"elsewhere, as if from here":          {from: elsewhere, host: "localhost:8080", forwarded: "127.0.0.1", want: 404},
		"elsewhere, no token sent":            {from: elsewhere, host: "10.0.0.1:8080", set: token, want: 401},
		"elsewhere, a wrong one":              {from: elsewhere, host: "10.0.0.1:8080", set: token, sent: "Bearer s3cret2", want: 401},
		"elsewhere, not as a bearer":          {from: elsewhere, host: "10.0.0.1:8080", set: token, sent: "Basic " + token, want: 401},
		"elsewhere, the token":                {from: elsewhere, host: "10.0.0.1:8080", set: token, sent: "Bearer " + token, want: 200},
		"a browser led here by another name":  {from: here, host: "evil.example:8080", want: 404},
		"through a proxy that names itself":   {from: here, host: "127.0.0.1:8080", forwarded: "203.0.113.5", want: 404},
		"through a proxy that tells nothing":  {from: here, host: "127.0.0.1:8080", public: true, want: 404},
		"through a proxy, with a token unset": {from: here, host: "127.0.0.1:8080", public: true, sent: "Bearer ", want: 404},
		"through a proxy, the token":          {from: here, host: "pay.example.kz", public: true, set: token, sent: "Bearer " + token, want: 200},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(d *deps) {
				d.web.Metrics, d.web.MetricsToken = numbers, c.set
				if c.public {
					overHTTPS(d)
				}
			})
			r := s.build(request{url: "/metrics"})
			r.RemoteAddr, r.Host = c.from, c.host
			if c.sent != "" {
				r.Header.Set("Authorization", c.sent)
			}
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			a := s.serve(r)
			assert.Equal(t, c.want, a.Code)
			assert.Equal(t, c.want == 200, a.Body.String() == "plexydash_numbers 1\n")
		})
	}
}

func TestRequestsAreCountedByTheirRoute(t *testing.T) {
	var seen []string
	s := newSite(t, func(d *deps) {
		d.web.Counted = func(method, route string, status int, _ time.Duration) {
			seen = append(seen, fmt.Sprint(method, " ", route, " ", status))
		}
	})
	maker := s.person(distribution.Accountant)
	id := draftOf(t, s, maker)
	for _, r := range []request{
		{as: maker, url: "/distributions/" + id},
		{as: maker, url: "/distributions/" + id, method: http.MethodHead},
		{as: maker, url: "/no/such/page/" + id},
		{as: maker, url: "/distributions/" + id, method: "BREW"},
		{url: "/healthz"},
		{url: "/static/no-such-file"},
	} {
		s.do(r)
	}
	assert.Equal(t, []string{
		"GET /distributions/{id} 200", "HEAD /distributions/{id} 200", "GET none 404", "other none 405", "GET /healthz 200", "GET none 404",
	}, seen)
}
