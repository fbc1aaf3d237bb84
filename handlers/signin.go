package handlers

import (
	"errors"
	"net/http"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/signin"
	"plexydash/web/session"
)

// entry is what a sign-in carries from page to page.
type entry struct {
	next  string         // local path to go to; may be empty
	typed *session.Typed // a form that arrived after its session had ended; nil: none
	// short: the password is too short to stand alone.
	short bool
}

// SignInPage handles GET /login. Who is signed in already is sent on.
func (h *Handlers) SignInPage(w http.ResponseWriter, r *http.Request) error {
	e := entry{next: r.URL.Query().Get("next")}
	if !session.Actor(r.Context()).IsZero() {
		return redirect(w, r, LocalPath(e.next))
	}
	p := h.signInProps(r, e)
	if h.Sessions.Expired(r) {
		p.Problem = signin.Expired
		h.Sessions.Forget(w)
	}
	return Render(w, r, http.StatusOK, signin.Page(p), signin.Layer(p))
}

// SignInOver answers a form whose session has ended: the sign-in page carries
// what was typed. Nothing of it was done.
func (h *Handlers) SignInOver(w http.ResponseWriter, r *http.Request, typed session.Typed) error {
	p := h.signInProps(r, entry{next: typed.Page, typed: &typed})
	p.Problem = signin.Expired
	h.Sessions.Forget(w)
	return Render(w, r, http.StatusUnauthorized, signin.Page(p), nil)
}

func (h *Handlers) signInProps(r *http.Request, e entry) signin.Props {
	p := signin.Props{Bare: h.Bare(r), Typed: typedText(e.typed)}
	p.Bare.Path = SignInPath(e.next)
	if next := LocalPath(e.next); next != "/" {
		p.Next = next
	}
	if h.Demo != nil {
		p.Accounts, p.Password = h.Demo.Accounts, h.Demo.Password
	}
	return p
}

// SignIn handles POST /login: 303, or the page again with 401 or 429.
func (h *Handlers) SignIn(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "email", "password", "next", "typed")
	if err != nil {
		return err
	}
	e := entry{next: v.Get("next"), short: !session.Long(v.Get("password"))}
	if e.typed, err = parseTyped(v.Get("typed")); err != nil {
		return err
	}
	u, err := h.Sessions.Check(r.Context(), session.Visitor(r), v.Get("email"), v.Get("password"))
	if err == nil {
		err = h.enter(w, r, u, e)
	}
	p := h.signInProps(r, e)
	p.Email = v.Get("email")
	var status int
	if p.Problem, p.Minutes, status = problemOf(w, err); status == 0 {
		return err
	}
	return Render(w, r, status, signin.Page(p), signin.Layer(p))
}

// problemOf is how a page tells a failed proof; status 0 means that the error is
// of another kind, or none.
func problemOf(w http.ResponseWriter, err error) (problem signin.Problem, minutes, status int) {
	if throttled, ok := errors.AsType[*session.Throttled](err); ok {
		w.Header().Set("Retry-After", throttled.RetryAfter())
		return signin.Throttled, throttled.Minutes(), http.StatusTooManyRequests
	}
	if errors.Is(err, session.ErrWrong) || errors.Is(err, distribution.ErrNotFound) {
		return signin.Wrong, 0, http.StatusUnauthorized
	}
	return signin.None, 0, 0
}

// enter goes on after a right password: to the code where there is a second
// factor, else in.
func (h *Handlers) enter(w http.ResponseWriter, r *http.Request, u store.User, e entry) error {
	if !u.Factor {
		return h.open(w, r, u, e, nil)
	}
	if err := h.Sessions.Await(w, r, u); err != nil {
		return err
	}
	if e.typed != nil && !Scripted(r) {
		return h.askCode(w, r, http.StatusOK, e, signin.None, 0) // too much for an address
	}
	return redirect(w, r, factorStepAddress(e.next))
}

// open opens the session and leads to where the person was. Told is nil for the
// usual word about the sign-in before this one.
func (h *Handlers) open(w http.ResponseWriter, r *http.Request, u store.User, e entry, told *session.Flash) error {
	o := session.Opening{Restricted: e.short && !u.Factor, Flash: told}
	to := LocalPath(e.next)
	if e.typed != nil {
		if to = h.carriedDraft(r, session.From(u.Actor(), session.Visitor(r)), e.typed); to == "" {
			o.Typed, to = e.typed, resumptionPath
		}
	}
	switch {
	case told != nil:
	case e.typed != nil:
		o.Flash = &session.Flash{Tone: string(components.Blue), Key: "signin.resumed"}
	default:
		at, address, err := h.DB.LastSignIn(r.Context(), u.ID, h.DB.Now())
		if err != nil {
			return err
		}
		if !at.IsZero() {
			o.Flash = &session.Flash{
				Tone: string(components.Blue), Key: "signin.last", Args: []string{"At", i18n.DateTime(r.Context(), at), "Address", address},
			}
		}
	}
	if err := h.Sessions.SignIn(w, r, u, o); err != nil {
		return err
	}
	return redirect(w, r, to)
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

// SessionAlive handles GET /session: 204 while the session lives. Pages ask when
// somebody types or sends a form, so that nothing typed is lost; never by
// themselves.
func (h *Handlers) SessionAlive(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	mayBeKept(w)
	w.WriteHeader(http.StatusNoContent)
	return nil
}
