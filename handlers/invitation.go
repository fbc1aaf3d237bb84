package handlers

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"plexydash/store"
	"plexydash/views/signin"
	"plexydash/web/session"
)

// Invitation handles GET /invitations/{token}.
func (h *Handlers) Invitation(w http.ResponseWriter, r *http.Request) error {
	u, err := h.DB.Invited(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		return h.invitationOver(w, r, err)
	}
	return h.showInvitation(w, r, http.StatusOK, u, signin.None)
}

// AcceptInvitation handles POST /invitations/{token}: sets the password and
// signs in, or 422 with the reason.
func (h *Handlers) AcceptInvitation(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "password")
	if err != nil {
		return err
	}
	token := chi.URLParam(r, "token")
	u, err := h.DB.Invited(r.Context(), token)
	if err != nil {
		return h.invitationOver(w, r, err)
	}
	hash, err := session.HashPassword(v.Get("password"), u, h.Demo != nil)
	if problem := weakness(err); problem != signin.None {
		return h.showInvitation(w, r, http.StatusUnprocessableEntity, u, problem)
	}
	if err != nil {
		return err
	}
	if u, err = h.DB.AcceptInvitation(r.Context(), session.From(u.Actor(), session.Visitor(r)), token, hash); err != nil {
		return h.invitationOver(w, r, err)
	}
	return h.enter(w, r, u, entry{})
}

func (h *Handlers) showInvitation(w http.ResponseWriter, r *http.Request, status int, u store.User, problem signin.Problem) error {
	p := signin.InvitationProps{
		Bare: h.Bare(r), To: r.URL.RequestURI(), Name: u.Name, Email: u.Email, Problem: problem, Least: session.LeastFor(u),
	}
	return Render(w, r, status, signin.Invitation(p), nil)
}

// invitationOver says the same of a link that was used, is too old, or never was.
func (h *Handlers) invitationOver(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, store.ErrInvitationOver) {
		return err
	}
	p := signin.InvitationProps{Bare: h.Bare(r)}
	p.Bare.Path = signInPath
	return Render(w, r, http.StatusGone, signin.InvitationOver(p), nil)
}
