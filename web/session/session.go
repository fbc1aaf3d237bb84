// Package session knows who sends a request. The browser holds a random token
// in a cookie; everything else is a row in the database, so that a session can
// be ended from here and never says more than the account may do now.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/sessions"

	"plexydash/distribution"
	"plexydash/store"
)

// Options of New.
type Options struct {
	// Secure is true when browsers reach the program by https, as its public URL
	// says. The cookie then is Secure and its name has the prefix __Host-
	// (RFC 6265bis, 4.1.3.2).
	Secure bool
	// Lifetime ends a session however busy it is; 0 means 12 hours.
	Lifetime time.Duration
}

// Store is a sessions.Store over the table of sessions.
type Store struct {
	db       *store.DB
	cookie   string
	options  sessions.Options
	lifetime time.Duration
	hashing  chan struct{} // bounds the memory that password hashes take
}

// New makes the session store of one program.
func New(db *store.DB, o Options) *Store {
	s := &Store{
		db: db, cookie: "plexydash", lifetime: o.Lifetime,
		options: sessions.Options{Path: "/", HttpOnly: true, Secure: o.Secure, SameSite: http.SameSiteLaxMode},
		hashing: make(chan struct{}, hashesAtOnce()),
	}
	if o.Secure {
		s.cookie = "__Host-plexydash"
	}
	if s.lifetime == 0 {
		s.lifetime = 12 * time.Hour
	}
	return s
}

// seenEvery is how exactly the idle time is kept: writing it at each request
// would make every page a write.
const seenEvery = time.Minute

// seenWaits is how long a page waits for that note, which it can do without.
const seenWaits = 300 * time.Millisecond

// Visitor is who sends the request as far as the network tells: nobody by name,
// but with the address and the request's number for the audit log.
func Visitor(r *http.Request) distribution.Actor {
	return distribution.Actor{
		Person:  distribution.Person{ID: "anonymous", Name: "anonymous"},
		Address: address(r), RequestID: middleware.GetReqID(r.Context()),
	}
}

func address(r *http.Request) string {
	if ip := middleware.GetClientIP(r.Context()); ip != "" {
		return ip
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

type actorKey struct{}

// Actor is who is signed in; the zero Actor when nobody is.
func Actor(ctx context.Context) distribution.Actor {
	a, _ := ctx.Value(actorKey{}).(distribution.Actor)
	return a
}

// Load finds the session of the request and puts its person into the context.
// A cookie that means nothing any more is the same as none. The error is one of
// the database, never of the cookie.
func (s *Store) Load(r *http.Request) (*http.Request, error) {
	session, err := s.Get(r, s.cookie)
	if err != nil && !errors.Is(err, ErrSignedOut) {
		return r, err
	}
	live, ok := liveOf(session)
	if !ok {
		return r, nil
	}
	actor := From(live.User.Actor(), Visitor(r))
	return r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)), nil
}

// Seen puts off the idle end, at most once a minute. It is not called for what
// a page asks for by itself.
func (s *Store) Seen(r *http.Request) error {
	live, ok := s.live(r)
	if !ok || s.db.Now().Sub(live.LastSeen) < seenEvery {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), seenWaits)
	defer cancel()
	return s.db.SeeSession(ctx, live.tokenHash)
}

// SignIn opens a session for the person, with a new token: one that somebody
// planted in the browser before is worth nothing. It fails with
// distribution.ErrNotFound if the account changed since it was read.
func (s *Store) SignIn(w http.ResponseWriter, r *http.Request, u store.User, o Opening) error {
	data, err := encode(o.values())
	if err != nil {
		return err
	}
	token := newToken()
	n := store.NewSession{TokenHash: hashOf(token), User: u, UserAgent: limited(r.UserAgent()), Lifetime: s.lifetime, Data: data}
	if old, ok := tokenIn(r, s.cookie); ok {
		n.Replaces = hashOf(old)
	}
	if err := s.db.StartSession(r.Context(), From(u.Actor(), Visitor(r)), n); err != nil {
		return err
	}
	s.setCookie(w, s.cookie, base64.RawURLEncoding.EncodeToString(token), 0)
	return s.awaitedNoMore(w, r)
}

// limited cuts what a browser says of itself to a sane length, on a character.
func limited(userAgent string) string {
	const most = 300
	for i := range userAgent {
		if i > most {
			return userAgent[:i]
		}
	}
	return userAgent
}

// SignOut ends the session and tells the browser to forget the pages it kept.
func (s *Store) SignOut(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Clear-Site-Data", `"cache"`)
	session, err := s.Get(r, s.cookie)
	if err != nil && !errors.Is(err, ErrSignedOut) {
		return err
	}
	session.Options.MaxAge = -1
	return session.Save(r, w)
}

// Expired reports that the browser shows a session that has ended.
func (s *Store) Expired(r *http.Request) bool {
	_, err := r.Cookie(s.cookie)
	_, live := s.live(r)
	return err == nil && !live
}

// Forget drops the browser's cookie.
func (s *Store) Forget(w http.ResponseWriter) { s.setCookie(w, s.cookie, "", -1) }

// setCookie keeps a value for so many seconds: 0 until the browser is closed, and
// -1 not at all.
func (s *Store) setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	options := s.options
	options.MaxAge = maxAge
	http.SetCookie(w, sessions.NewCookie(name, value, &options))
}

func (s *Store) live(r *http.Request) (live, bool) {
	session, err := s.Get(r, s.cookie)
	if err != nil {
		return live{}, false
	}
	return liveOf(session)
}

const tokenBytes = 32

func newToken() []byte {
	token := make([]byte, tokenBytes)
	_, _ = rand.Read(token) // never fails: crypto/rand ends the program instead
	return token
}

// tokenIn is what a cookie of ours holds, if it has the form of a token.
func tokenIn(r *http.Request, cookie string) ([]byte, bool) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return nil, false
	}
	token, err := base64.RawURLEncoding.DecodeString(c.Value)
	return token, err == nil && len(token) == tokenBytes
}

func hashOf(token []byte) []byte {
	sum := sha256.Sum256(token)
	return sum[:]
}

// Secure reports that cookies go by https only.
func (s *Store) Secure() bool { return s.options.Secure }
