package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"plexydash/distribution"
	"plexydash/views/signin"
	"plexydash/web/session"
)

// SignInPage handles GET /login. Who is signed in already is sent on.
func (h *Handlers) SignInPage(w http.ResponseWriter, r *http.Request) error {
	next := r.URL.Query().Get("next")
	if !session.Actor(r.Context()).IsZero() {
		return redirect(w, r, LocalPath(next))
	}
	p := h.signInProps(r, next)
	if h.Sessions.Expired(r) {
		p.Problem = signin.Expired
		h.Sessions.Forget(w)
	}
	return Render(w, r, http.StatusOK, signin.Page(p), nil)
}

func (h *Handlers) signInProps(r *http.Request, next string) signin.Props {
	p := signin.Props{Bare: h.Bare(r)}
	p.Bare.Path = SignInPath(next)
	if next = LocalPath(next); next != "/" {
		p.Next = next
	}
	if h.Demo != nil {
		p.Accounts, p.Password = h.Demo.Accounts, h.Demo.Password
	}
	return p
}

// SignIn handles POST /login: 303, or the page again with 401 or 429.
func (h *Handlers) SignIn(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "email", "password", "next")
	if err != nil {
		return err
	}
	email, next := v.Get("email"), v.Get("next")
	u, err := h.Sessions.Check(r.Context(), session.Visitor(r), email, v.Get("password"))
	if err == nil {
		err = h.Sessions.SignIn(w, r, u)
	}
	if err == nil {
		return redirect(w, r, LocalPath(next))
	}
	p := h.signInProps(r, next)
	p.Email = email
	if throttled, ok := errors.AsType[*session.Throttled](err); ok {
		seconds := max(1, int((throttled.Wait+time.Second-1)/time.Second))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		p.Problem, p.Minutes = signin.Throttled, (seconds+59)/60
		return Render(w, r, http.StatusTooManyRequests, signin.Page(p), nil)
	}
	if errors.Is(err, session.ErrWrong) || errors.Is(err, distribution.ErrNotFound) {
		p.Problem = signin.Wrong
		return Render(w, r, http.StatusUnauthorized, signin.Page(p), nil)
	}
	return err
}

// SignOut handles POST /logout.
func (h *Handlers) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	if err := h.Sessions.SignOut(w, r); err != nil {
		return err
	}
	return redirect(w, r, signInPath)
}
