package session

import (
	"encoding/base64"
	"net/http"
	"time"

	"plexydash/distribution"
	"plexydash/store"
)

// FreshFor is how long a proof of who somebody is counts for what wants a fresh
// one. Signing in is such a proof.
const FreshFor = 5 * time.Minute

// Fresh reports that the person proved lately who they are.
func (s *Store) Fresh(r *http.Request) bool {
	l, ok := s.live(r)
	return ok && s.db.Now().Sub(l.ProvedAt) < FreshFor
}

// Prove checks the password, and the code where there is a second factor, of
// the person who is signed in. Errors are those of Check.
func (s *Store) Prove(r *http.Request, password, code string) error {
	l, ok := s.live(r)
	if !ok {
		return ErrSignedOut
	}
	ctx, visitor := r.Context(), Visitor(r)
	u, err := s.Check(ctx, visitor, l.User.Email, password)
	if err != nil {
		return err
	}
	if u.Factor {
		if _, err := s.CheckCode(ctx, visitor, u, code); err != nil {
			return err
		}
	}
	return s.db.ProveSession(ctx, From(u.Actor(), visitor), l.tokenHash)
}

// User is the account of the session as it is now.
func (s *Store) User(r *http.Request) (store.User, bool) {
	l, ok := s.live(r)
	return l.User, ok
}

// Current names the session of the request: by its id for pages, and by the hash
// of its token for store.EndSessions. Both are empty when nobody is signed in.
func (s *Store) Current(r *http.Request) (id string, tokenHash []byte) {
	l, _ := s.live(r)
	return l.ID, l.tokenHash
}

// stepCookie holds the token of a sign-in whose code is still to come.
func (s *Store) stepCookie() string { return s.cookie + "-step" }

// Await remembers that the password was right, for as long as the code may take.
func (s *Store) Await(w http.ResponseWriter, r *http.Request, u store.User) error {
	token := newToken()
	if err := s.db.StartSignInStep(r.Context(), hashOf(token), u.ID); err != nil {
		return err
	}
	s.setCookie(w, s.stepCookie(), base64.RawURLEncoding.EncodeToString(token), int(store.SignInStepLife/time.Second))
	return nil
}

// Awaited is whose code is awaited; distribution.ErrNotFound for nobody's.
func (s *Store) Awaited(r *http.Request) (store.User, error) {
	token, ok := tokenIn(r, s.stepCookie())
	if !ok {
		return store.User{}, distribution.ErrNotFound
	}
	return s.db.SignInStep(r.Context(), hashOf(token))
}

// awaitedNoMore spends the step once the session is open.
func (s *Store) awaitedNoMore(w http.ResponseWriter, r *http.Request) error {
	token, ok := tokenIn(r, s.stepCookie())
	if !ok {
		return nil
	}
	s.setCookie(w, s.stepCookie(), "", -1)
	return s.db.EndSignInStep(r.Context(), hashOf(token))
}
