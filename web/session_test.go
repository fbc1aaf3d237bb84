package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

func TestCookiesThatMeanNothing(t *testing.T) {
	s := newSite(t)
	for name, value := range map[string]string{
		"empty": "", "short": "abc", "not base64": "!!!", "unknown": base64.RawURLEncoding.EncodeToString(make([]byte, 32)),
		"too long": base64.RawURLEncoding.EncodeToString(make([]byte, 64)),
	} {
		t.Run(name, func(t *testing.T) {
			a := s.do(request{url: "/distributions", cookies: []*http.Cookie{{Name: "plexydash", Value: value}}})
			require.Equal(t, http.StatusSeeOther, a.Code)
			login := s.do(request{url: a.location(), cookies: []*http.Cookie{{Name: "plexydash", Value: value}}})
			require.Equal(t, http.StatusOK, login.Code)
			assert.Negative(t, login.cookie("plexydash").MaxAge, "it is dropped")
		})
	}
}

func TestUnreadableSessionIsSignedOut(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	cookie := s.cookieOf(maker)
	token, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	require.NoError(t, err)
	sum := sha256.Sum256(token)
	require.NoError(t, s.db.SetSessionData(t.Context(), sum[:], []byte("garbage")))
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions"}).Code)
}

func TestSessionEnds(t *testing.T) {
	page := request{url: "/distributions"}
	for name, c := range map[string]struct {
		ask   func(id string) request
		every time.Duration
		times int
		alive bool
	}{
		"reading keeps it alive":       {func(string) request { return page }, 10 * time.Minute, 71, true},
		"until its whole life is over": {func(string) request { return page }, 10 * time.Minute, 72, false},
		"almost idle for too long":     {func(string) request { return page }, 15*time.Minute - time.Second, 1, true},
		"idle":                         {func(string) request { return page }, 15 * time.Minute, 1, false},
		"a polled row does not":        {func(id string) request { return request{url: "/distributions/" + id + "/row", partial: true} }, time.Minute, 15, false},
		"a polled status does not":     {func(id string) request { return request{url: "/distributions/" + id + "/status", partial: true} }, time.Minute, 15, false},
		"typing keeps it alive":        {func(string) request { return request{url: "/session", partial: true} }, 10 * time.Minute, 71, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			maker := s.person(distribution.Accountant)
			ask := c.ask(draftOf(t, s, maker))
			ask.as = maker
			s.cookieOf(maker)
			for range c.times - 1 {
				s.clock.Advance(c.every)
				require.Less(t, s.do(ask).Code, http.StatusMultipleChoices)
			}
			s.clock.Advance(c.every)
			assert.Equal(t, c.alive, s.do(ask).Code < http.StatusMultipleChoices)
		})
	}
}

func TestLastSeenIsWrittenOnceAMinute(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	page := request{as: maker, url: "/distributions"}
	seen := func() []string {
		return s.query(s.raw(), "SELECT last_seen FROM sessions")
	}
	s.do(page)
	first := seen()
	s.clock.Advance(59 * time.Second)
	s.do(page)
	assert.Equal(t, first, seen())
	s.clock.Advance(time.Second)
	s.do(page)
	assert.NotEqual(t, first, seen())
}

func TestChangedAccountIsSignedOut(t *testing.T) {
	by := distribution.CLI("root")
	for name, change := range map[string]func(*site, string) error{
		"disabled": func(s *site, id string) error { return s.db.DisableUser(s.t.Context(), by, id) },
		"role": func(s *site, id string) error {
			_, err := s.db.SetRole(s.t.Context(), by, id, distribution.Auditor)
			return err
		},
		"password": func(s *site, id string) error { return s.db.SetPassword(s.t.Context(), by, id, "x") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			maker := s.person(distribution.Accountant)
			require.Equal(t, http.StatusOK, s.do(request{as: maker, url: "/distributions"}).Code)
			require.NoError(t, change(s, maker.ID))
			assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions"}).Code)
		})
	}
}

func TestExpiredSession(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := draftOf(t, s, maker)
	s.cookieOf(maker)
	s.clock.Advance(time.Hour)
	here := map[string]string{"HX-Current-URL": "http://example.com/distributions/" + id}
	cases := map[string]struct {
		request
		status int
		to     string
	}{
		"page":                     {request{url: "/distributions?q=a&size=25"}, 303, "/login?next=%2Fdistributions%3Fq%3Da%26size%3D25"},
		"home":                     {request{url: "/"}, 303, "/login"},
		"form leads to its page":   {request{url: "/distributions/" + id + "/submission", form: url.Values{}, header: map[string]string{"Referer": "http://example.com/distributions/" + id + "/review"}}, 303, "/login?next=%2Fdistributions%2F" + id + "%2Freview"},
		"form of nowhere":          {request{url: "/distributions/" + id + "/submission", form: url.Values{}}, 303, "/login"},
		"form of another site":     {request{url: "/distributions/" + id + "/submission", form: url.Values{}, header: map[string]string{"Referer": "http://evil.example/x"}}, 303, "/login"},
		"part of a page":           {request{url: "/distributions/" + id + "/status", partial: true, header: here}, 401, "/login?next=%2Fdistributions%2F" + id},
		"part of a page elsewhere": {request{url: "/distributions/" + id + "/status", partial: true, header: map[string]string{"HX-Current-URL": "http://evil.example/x"}}, 401, "/login"},
		"whole page by htmx":       {request{url: "/distributions", header: map[string]string{"HX-Request": "true", "HX-Request-Type": "full"}}, 401, "/login?next=%2Fdistributions"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.as = maker
			a := s.do(c.request)
			assert.Equal(t, c.status, a.Code)
			if c.status == http.StatusUnauthorized {
				assert.Equal(t, c.to, a.Header().Get("HX-Redirect"))
				assert.Empty(t, a.Body.String(), "nothing to swap in")
			} else {
				assert.Equal(t, c.to, a.location())
			}
		})
	}
	assert.Equal(t, distribution.Draft, s.distribution(id).Status, "nothing was submitted")
}
