package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/handlers"
	"plexydash/i18n"
	"plexydash/static"
	"plexydash/store"
	"plexydash/store/storetest"
	"plexydash/views/signin"
	"plexydash/web"
	"plexydash/web/session"
)

// password opens the accounts made by site.member.
const password = "a password for the tests"

// site is the whole program but its workers, on a fresh database with a clock
// that stands still.
type site struct {
	http.Handler
	t         testing.TB
	db        *store.DB
	path      string // of the database file
	deps      web.Deps
	clock     *storetest.Clock
	sessions  *session.Store
	exportDir string
	log       *safeBuffer
	woken     int
	refreshed int
	cookies   map[string]*http.Cookie // by user id
}

// deps are what a test may change before the site is made.
type deps struct {
	handlers handlers.Deps
	web      web.Deps
	session  session.Options
}

func newSite(t testing.TB, change ...func(*deps)) *site {
	t.Helper()
	s := &site{
		t: t, clock: storetest.NewClock(), path: filepath.Join(t.TempDir(), "test.db"),
		exportDir: t.TempDir(), log: &safeBuffer{}, cookies: map[string]*http.Cookie{},
	}
	s.db = storetest.Open(t, s.path, s.clock.Now)
	tables, err := distribution.EmbeddedTables()
	require.NoError(t, err)
	d := deps{
		handlers: handlers.Deps{
			DB: s.db, Tables: tables, ExportDir: s.exportDir, SyncEvery: 30 * time.Second, SettleWindow: 24 * time.Hour,
			Submit: true, Version: "test", Wake: func() { s.woken++ }, Refresh: func() { s.refreshed++ },
		},
		web: web.Deps{Log: slog.New(slog.NewJSONHandler(s.log, nil))},
	}
	for _, c := range change {
		c(&d)
	}
	if d.web.Catalog == nil {
		d.web.Catalog, d.web.Assets = shared(t)
	}
	s.sessions = session.New(s.db, d.session)
	d.handlers.Sessions, d.web.Sessions = s.sessions, s.sessions
	d.web.Handlers = handlers.New(d.handlers)
	s.deps = d.web
	s.Handler, err = web.New(d.web)
	require.NoError(t, err)
	return s
}

// shared reads what never changes.
func shared(t testing.TB) (*i18n.Catalog, *static.Assets) {
	t.Helper()
	catalog, err := i18n.Load()
	require.NoError(t, err)
	assets, err := static.Load()
	require.NoError(t, err)
	return catalog, assets
}

// overHTTPS makes a site that browsers reach at https://pay.example.kz.
func overHTTPS(d *deps) {
	d.web.PublicURL = &url.URL{Scheme: "https", Host: "pay.example.kz"}
	d.session.Secure = true
}

func inDemo(d *deps) {
	d.handlers.Demo = &handlers.Demo{Password: "demo", Accounts: []signin.Account{{Email: "a@demo.kz", Role: distribution.Accountant}}}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// person adds somebody of the role.
func (s *site) person(role distribution.Role) distribution.Actor {
	s.t.Helper()
	return storetest.User(s.t, s.db, role)
}

// member adds somebody who can sign in with password.
func (s *site) member(email string) store.User {
	s.t.Helper()
	hash, err := session.HashPassword(password, store.User{Email: email, Name: "Айгүл"}, false)
	require.NoError(s.t, err)
	u, err := s.db.CreateUser(s.t.Context(), distribution.CLI("root"), store.NewUser{
		Email: email, Name: "Айгүл", Role: distribution.Accountant, PasswordHash: hash,
	})
	require.NoError(s.t, err)
	return u
}

// request is one row of a scenario.
type request struct {
	as      distribution.Actor // zero: nobody is signed in
	method  string             // empty: GET, or POST when there is a form
	url     string
	form    url.Values // nil: no body
	body    string     // raw, instead of form
	partial bool       // htmx asks for a part of a page
	header  map[string]string
	cookies []*http.Cookie
}

// do sends the request and returns the answer.
func (s *site) do(r request) *answer {
	s.t.Helper()
	return s.serve(s.build(r))
}

func (s *site) serve(r *http.Request) *answer {
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	return &answer{rec, s.t}
}

func (s *site) build(r request) *http.Request {
	s.t.Helper()
	method, body := r.method, r.body
	if r.form != nil {
		body = r.form.Encode()
	}
	if method == "" && (r.form != nil || r.body != "") {
		method = http.MethodPost
	}
	req := httptest.NewRequestWithContext(s.t.Context(), method, r.url, strings.NewReader(body))
	if r.form != nil || r.body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.partial {
		req.Header.Set("HX-Request", "true")
		req.Header.Set("HX-Request-Type", "partial")
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	for _, c := range r.cookies {
		req.AddCookie(c)
	}
	if !r.as.IsZero() {
		req.AddCookie(s.cookieOf(r.as))
	}
	return req
}

// cookieOf signs the person in, once.
func (s *site) cookieOf(who distribution.Actor) *http.Cookie {
	s.t.Helper()
	if c := s.cookies[who.ID]; c != nil {
		return c
	}
	s.cookies[who.ID] = s.signIn(who.ID)
	return s.cookies[who.ID]
}

// signIn opens a session for the person without asking for a password.
func (s *site) signIn(userID string) *http.Cookie {
	s.t.Helper()
	u, err := s.db.User(context.Background(), userID)
	require.NoError(s.t, err)
	rec := httptest.NewRecorder()
	require.NoError(s.t, s.sessions.SignIn(rec, httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, "/login", nil), u, session.Opening{}))
	return rec.Result().Cookies()[0]
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t testing.TB
}

func (a *answer) location() string { return a.Header().Get("Location") }

func (a *answer) html() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.Body.Bytes()))
	require.NoError(a.t, err)
	return doc
}

// field is the value of a form field.
func (a *answer) field(name string) string {
	a.t.Helper()
	return a.html().Find(`[name="`+name+`"]`).First().AttrOr("value", "")
}

// cookie is one that the answer sets, or nil.
func (a *answer) cookie(name string) *http.Cookie {
	for _, c := range a.Result().Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// filled is the form of a distribution as a person sends it, with the two
// warnings of Plexy's own example ticked.
func filled(token string) url.Values {
	f := storetest.ExampleForm()
	return url.Values{
		"formToken": {token}, "confirm": {"bin.check", "bic.bank"},
		"orderReference": {f.OrderReference}, "amount": {f.Amount}, "currency": {f.Currency},
		"recipient.name": {f.Name}, "recipient.bin": {f.BIN}, "recipient.iban": {f.IBAN}, "recipient.bic": {f.BIC},
		"recipient.kbe": {f.KBe}, "recipient.knp": {f.KNP}, "paymentPurpose": {f.Purpose},
	}
}

// with replaces fields; a value of none drops one.
func with(v url.Values, name string, values ...string) url.Values {
	v[name] = values
	if len(values) == 0 {
		delete(v, name)
	}
	return v
}

// token is the form token of a freshly drawn form.
func (s *site) token(as distribution.Actor) string {
	s.t.Helper()
	token := s.do(request{as: as, url: "/distributions/new"}).field("formToken")
	require.Len(s.t, token, 32)
	return token
}

// later moves the clock and signs everybody in anew: sessions end meanwhile.
func (s *site) later(d time.Duration) {
	s.clock.Advance(d)
	clear(s.cookies)
}
