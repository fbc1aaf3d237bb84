package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
)

// signInAs posts the sign-in form.
func (s *site) signInAs(email, password, next string, cookies ...*http.Cookie) *answer {
	s.t.Helper()
	v := url.Values{"email": {email}, "password": {password}, "next": {next}}
	return s.do(request{url: "/login", form: v, cookies: cookies})
}

// audited lists the records of signing in and out, oldest first.
func (s *site) audited() []audit.Record {
	s.t.Helper()
	var all []audit.Record
	for line, err := range s.db.AuditRegister(s.t.Context(), store.AuditFilter{}, new([]byte)) {
		require.NoError(s.t, err)
		all = append(all, line.Record)
	}
	return all
}

func TestCookie(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*deps)
		cookie string
		secure bool
	}{
		"http":  {func(*deps) {}, "plexydash", false},
		"https": {overHTTPS, "__Host-plexydash", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, c.change)
			s.member("a@demo.kz")
			a := s.signInAs("A@demo.kz", password, "")
			require.Equal(t, http.StatusSeeOther, a.Code)
			got := a.cookie(c.cookie)
			require.NotNil(t, got)
			assert.Equal(t, c.secure, got.Secure)
			assert.True(t, got.HttpOnly)
			assert.Equal(t, http.SameSiteLaxMode, got.SameSite)
			assert.Equal(t, "/", got.Path)
			assert.Empty(t, got.Domain)
			token, err := base64.RawURLEncoding.DecodeString(got.Value)
			require.NoError(t, err)
			assert.Len(t, token, 32)
			assert.NotContains(t, s.dump(), got.Value)
			assert.NotContains(t, s.dump(), hexUpper(token), "the token itself is not kept")
			sum := sha256.Sum256(token)
			assert.Contains(t, s.dump(), hexUpper(sum[:]), "its hash is")
		})
	}
}

func hexUpper(b []byte) string {
	const digits = "0123456789ABCDEF"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return string(out)
}

func TestSigningInAndOutIsAudited(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	require.Equal(t, http.StatusUnauthorized, s.signInAs("a@demo.kz", "wrong", "").Code)
	require.Equal(t, http.StatusUnauthorized, s.signInAs("nobody@demo.kz", "wrong", "").Code)
	in := s.signInAs("a@demo.kz", password, "")
	out := s.do(request{url: "/logout", form: url.Values{}, cookies: in.Result().Cookies()})
	require.Equal(t, http.StatusSeeOther, out.Code)
	assert.Equal(t, `"cache"`, out.Header().Get("Clear-Site-Data"))
	assert.Negative(t, out.cookie("plexydash").MaxAge)

	records := s.audited()[1:]
	require.Len(t, records, 4)
	for i, want := range []struct{ action, actor, reason string }{
		{"user.sign_in_failed", u.ID, "password"},
		{"user.sign_in_failed", "anonymous", "unknown"},
		{"user.signed_in", u.ID, ""},
		{"user.signed_out", u.ID, ""},
	} {
		assert.Equal(t, want.action, records[i].Action)
		assert.Equal(t, want.actor, records[i].Actor.ID)
		assert.Equal(t, want.reason, records[i].Reason)
		assert.Equal(t, "192.0.2.1", records[i].Actor.Address)
		assert.Len(t, records[i].Actor.RequestID, 16)
	}
	dead := s.do(request{url: "/distributions", cookies: in.Result().Cookies()})
	assert.Equal(t, http.StatusSeeOther, dead.Code)
	assert.NotContains(t, s.dump(), "nobody@demo.kz", "what a stranger typed is not kept")
}

// Unknown address, wrong password and shut account look the same.
func TestOneAnswerToEveryWrongPair(t *testing.T) {
	s := newSite(t)
	s.member("a@demo.kz")
	shut := s.member("b@demo.kz")
	require.NoError(t, s.db.DisableUser(t.Context(), distribution.CLI("root"), shut.ID))
	noPassword := s.person(distribution.Manager)
	var texts []string
	for _, pair := range [][2]string{{"a@demo.kz", "wrong"}, {"x@demo.kz", password}, {"b@demo.kz", password}, {noPassword.Email, ""}, {"", ""}} {
		a := s.signInAs(pair[0], pair[1], "")
		require.Equal(t, http.StatusUnauthorized, a.Code, pair[0])
		assert.Empty(t, a.Result().Cookies())
		assert.Equal(t, pair[0], a.field("email"), "the address stays typed")
		assert.Empty(t, a.field("password"))
		texts = append(texts, a.html().Find("main").Text())
	}
	for _, text := range texts {
		assert.Equal(t, texts[0], text)
	}
	var reasons []string
	for _, r := range s.audited() {
		if r.Action == "user.sign_in_failed" {
			reasons = append(reasons, r.Reason)
		}
	}
	assert.Equal(t, []string{"password", "unknown", "disabled", "password", "unknown"}, reasons, "the log knows")
}

// A token that somebody planted before is worth nothing after.
func TestFixation(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	planted := s.signIn(u.ID)
	in := s.signInAs("a@demo.kz", password, "", planted)
	require.Equal(t, http.StatusSeeOther, in.Code)
	fresh := in.cookie("plexydash")
	require.NotEqual(t, planted.Value, fresh.Value)
	assert.Equal(t, http.StatusSeeOther, s.do(request{url: "/distributions", cookies: []*http.Cookie{planted}}).Code, "the old one is dead")
	assert.Equal(t, http.StatusOK, s.do(request{url: "/distributions", cookies: []*http.Cookie{fresh}}).Code)

	made := &http.Cookie{Name: "plexydash", Value: base64.RawURLEncoding.EncodeToString(make([]byte, 32))}
	in = s.signInAs("a@demo.kz", password, "", made)
	assert.NotEqual(t, made.Value, in.cookie("plexydash").Value)
}

// Values of a session that cannot be read are no session.
// A right that is taken away is gone at the very next request.
// After signing in only paths of this site are followed.
func TestNextIsLocal(t *testing.T) {
	s := newSite(t)
	s.member("a@demo.kz")
	for next, want := range map[string]string{
		"":                      "/",
		"/distributions?q=a":    "/distributions?q=a",
		"/exports/1":            "/exports/1",
		"https://evil.example/": "/",
		"//evil.example/":       "/",
		"/\\evil.example":       "/",
		"\\\\evil.example":      "/",
		"/\t/evil.example":      "/",
		"javascript:alert(1)":   "/",
		"distributions":         "/",
		"/%zz":                  "/",
		"///evil.example":       "/",
	} {
		t.Run(next, func(t *testing.T) {
			a := s.signInAs("a@demo.kz", password, next)
			require.Equal(t, http.StatusSeeOther, a.Code)
			assert.Equal(t, want, a.location())
		})
	}
	signedIn := s.do(request{as: s.person(distribution.Auditor), url: "/login?next=%2F%2Fevil.example"})
	assert.Equal(t, "/", signedIn.location())
}

func TestGuessingIsSlowedDown(t *testing.T) {
	s := newSite(t)
	s.member("a@demo.kz")
	for range 10 {
		require.Equal(t, http.StatusUnauthorized, s.signInAs("a@demo.kz", "wrong", "").Code)
	}
	records := len(s.audited())
	for _, try := range []string{"wrong", password} {
		a := s.signInAs("a@demo.kz", try, "")
		require.Equal(t, http.StatusTooManyRequests, a.Code)
		after, err := strconv.Atoi(a.Header().Get("Retry-After"))
		require.NoError(t, err)
		assert.Equal(t, 30, after)
		assert.Contains(t, a.html().Find("main").Text(), "1")
	}
	assert.Len(t, s.audited(), records, "an attempt that was not made is no failure")
	s.clock.Advance(30 * time.Second)
	assert.Equal(t, http.StatusSeeOther, s.signInAs("a@demo.kz", password, "").Code, "never a lock")
}

// The address that counts is the one that a proxy on this machine names, and
// only such a proxy.
func TestAddressOfTheVisitor(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct{ remote, forwarded, want string }{
		"direct":                      {"203.0.113.9:5000", "", "203.0.113.9"},
		"direct, claims another":      {"203.0.113.9:5000", "10.0.0.1", "203.0.113.9"},
		"through a proxy":             {"127.0.0.1:5000", "203.0.113.9", "203.0.113.9"},
		"through a proxy, with a lie": {"127.0.0.1:5000", "1.2.3.4, 203.0.113.9", "203.0.113.9"},
		"on this machine":             {"127.0.0.1:5000", "", "127.0.0.1"},
		"through a proxy over IPv6":   {"[::1]:5000", "2001:db8::1", "2001:db8::1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.build(request{url: "/login", form: url.Values{"email": {"x@demo.kz"}, "password": {"x"}}})
			r.RemoteAddr = c.remote
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			s.serve(r)
			all := s.audited()
			assert.Equal(t, c.want, all[len(all)-1].Actor.Address)
			lines := strings.Split(strings.TrimSpace(s.log.String()), "\n")
			assert.Contains(t, lines[len(lines)-1], `"address":"`+c.want+`"`)
		})
	}
}
