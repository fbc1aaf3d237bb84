package handlers

import (
	"net/http"
	"time"

	"plexydash/i18n"
	"plexydash/views/layout"
)

// Names of the cookies that hold what a browser prefers. They are no secret and
// are kept for people who are not signed in too.
const (
	LangCookie  = "lang"
	themeCookie = "theme"
	keysCookie  = "keys"
)

func themeOf(r *http.Request) layout.Theme {
	c, err := r.Cookie(themeCookie)
	if err != nil {
		return layout.System
	}
	theme, _ := parseTheme(c.Value)
	return theme
}

func parseTheme(text string) (layout.Theme, bool) {
	switch t := layout.Theme(text); t {
	case layout.System, layout.Light, layout.Dark:
		return t, true
	}
	return layout.System, false
}

// keysOff reports whether single keys were switched off in this browser. They
// belong to a keyboard, and to whoever sits at it.
func keysOff(r *http.Request) bool {
	c, err := r.Cookie(keysCookie)
	return err == nil && c.Value == "off"
}

// SetPreferences handles POST /me/preferences: lang, theme or keys, and back.
func (h *Handlers) SetPreferences(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "lang", "theme", "keys", "back")
	if err != nil {
		return err
	}
	if v.Has("lang") {
		lang, ok := i18n.ParseLang(v.Get("lang"))
		if !ok {
			return &BadRequest{Reason: "unknown language"}
		}
		h.prefer(w, LangCookie, string(lang))
	}
	if v.Has("theme") {
		theme, ok := parseTheme(v.Get("theme"))
		if !ok {
			return &BadRequest{Reason: "unknown theme"}
		}
		h.prefer(w, themeCookie, string(theme))
	}
	if v.Has("keys") {
		off, ok := map[string]string{"on": "", "off": "off"}[v.Get("keys")]
		if !ok {
			return &BadRequest{Reason: "keys are on or off"}
		}
		h.prefer(w, keysCookie, off)
	}
	return redirect(w, r, LocalPath(v.Get("back")))
}

// prefer keeps a choice for a year; an empty one drops the cookie.
func (h *Handlers) prefer(w http.ResponseWriter, name, value string) {
	c := &http.Cookie{
		Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: h.Sessions.Secure(), MaxAge: int((365 * 24 * time.Hour).Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
