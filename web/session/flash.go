package session

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Flash is told once, on the page after an action.
type Flash struct {
	Tone string   // colour family of the page's notices
	Key  string   // message key
	Args []string // names and values by turns
}

// textOf is what a session keeps of a Flash or a Typed.
func textOf(v any) string {
	text, _ := json.Marshal(v) // strings only: cannot fail
	return string(text)
}

// AddFlash keeps f for the next page of the same browser.
func (s *Store) AddFlash(w http.ResponseWriter, r *http.Request, f Flash) error {
	session, err := s.Get(r, s.cookie)
	if err != nil {
		return err
	}
	session.AddFlash(textOf(f))
	return session.Save(r, w)
}

// TakeFlash hands out what is waiting, once. It writes only when there was
// something.
func (s *Store) TakeFlash(w http.ResponseWriter, r *http.Request) (*Flash, error) {
	session, err := s.Get(r, s.cookie)
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // nobody is signed in: nothing waits
	}
	waiting := session.Flashes()
	if len(waiting) == 0 {
		return nil, nil //nolint:nilnil // nothing waits
	}
	if err := session.Save(r, w); err != nil {
		return nil, err
	}
	var f Flash
	text, _ := waiting[len(waiting)-1].(string)
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, fmt.Errorf("session: flash: %w", err)
	}
	return &f, nil
}
