package session

import (
	"encoding/json"
	"net/http"
	"net/url"
)

// Typed is a form that arrived after its session had ended. It is kept for the
// person who signs in on that page, and is never sent by itself.
type Typed struct {
	To     string     `json:"to"`   // address of the POST
	Page   string     `json:"page"` // where the form was
	Fields url.Values `json:"fields"`
}

const typedKey = "typed"

// Opening is what a new session begins with.
type Opening struct {
	Flash *Flash // nil: nothing to tell
	Typed *Typed // nil: nothing was typed
	// Restricted lets the person do nothing until they have a second factor: the
	// password alone is too short.
	Restricted bool
}

const restrictedKey = "restricted"

func (o Opening) values() map[any]any {
	values := map[any]any{}
	if o.Flash != nil {
		values["_flash"] = []any{textOf(o.Flash)} // where Session.Flashes looks
	}
	if o.Typed != nil {
		values[typedKey] = textOf(o.Typed)
	}
	if o.Restricted {
		values[restrictedKey] = true
	}
	return values
}

// Typed is what was typed before the person signed in, if anything.
func (s *Store) Typed(r *http.Request) (Typed, bool) {
	session, err := s.Get(r, s.cookie)
	if err != nil {
		return Typed{}, false
	}
	text, _ := session.Values[typedKey].(string)
	var t Typed
	return t, text != "" && json.Unmarshal([]byte(text), &t) == nil
}

// Restricted reports that the person has to set up a second factor first.
func (s *Store) Restricted(r *http.Request) bool {
	session, err := s.Get(r, s.cookie)
	if err != nil {
		return false
	}
	l, _ := liveOf(session)
	restricted, _ := session.Values[restrictedKey].(bool)
	return restricted && !l.User.Factor
}
