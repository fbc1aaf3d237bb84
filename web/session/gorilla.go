package session

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"

	"plexydash/distribution"
	"plexydash/store"
)

// ErrSignedOut says that the request has no live session.
var ErrSignedOut = errors.New("session: signed out")

// live is the row behind a session. It travels in the session's Values under a
// key of this package and is never written back: only values with string keys
// are kept.
type live struct {
	store.Session
	tokenHash []byte
}

type liveKey struct{}

func liveOf(session *sessions.Session) (live, bool) {
	l, ok := session.Values[liveKey{}].(live)
	return l, ok
}

// Get is sessions.Store: the session of the request, read once.
func (s *Store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New is sessions.Store. The session is never nil; with ErrSignedOut, or any
// other error, it is empty and stands for nobody.
func (s *Store) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := s.options
	session.Options, session.IsNew = &options, true
	token, ok := tokenIn(r, s.cookie)
	if !ok {
		return session, ErrSignedOut
	}
	row, err := s.db.Session(r.Context(), hashOf(token))
	if errors.Is(err, distribution.ErrNotFound) {
		return session, ErrSignedOut
	}
	if err != nil {
		return session, err
	}
	values, err := decode(row.Data)
	if err != nil {
		return session, fmt.Errorf("%w: %w", ErrSignedOut, err)
	}
	session.Values, session.IsNew = values, false
	session.Values[liveKey{}] = live{row, hashOf(token)}
	return session, nil
}

// Save is sessions.Store: it keeps the values of a live session, or ends it
// when Options.MaxAge is negative. Only SignIn makes a session, so a stranger
// cannot fill the table.
func (s *Store) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	l, ok := liveOf(session)
	if session.Options.MaxAge < 0 {
		s.Forget(w)
		if !ok {
			return nil
		}
		by := Actor(r.Context())
		if by.IsZero() {
			by = l.User.Actor()
		}
		return s.db.EndSession(r.Context(), by, l.tokenHash)
	}
	if !ok {
		return ErrSignedOut
	}
	data, err := encode(session.Values)
	if err != nil {
		return err
	}
	return s.db.SetSessionData(r.Context(), l.tokenHash, data)
}

func encode(values map[any]any) ([]byte, error) {
	kept := map[string]any{}
	for key, value := range values {
		if name, ok := key.(string); ok {
			kept[name] = value
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(kept); err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	return b.Bytes(), nil
}

func decode(data []byte) (map[any]any, error) {
	values := map[any]any{}
	if len(data) == 0 {
		return values, nil
	}
	kept := map[string]any{}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&kept); err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	for name, value := range kept {
		values[name] = value
	}
	return values, nil
}
