package handlers

import (
	"net/http"
	"slices"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/signin"
	"plexydash/web/session"
)

// Fields of a proof, beside those of the form that it goes with.
const (
	proofPassword = "proofPassword"
	proofCode     = "proofCode"
)

// Prove reports that a form may go on: the person proved lately who they are, or
// does so with this request. Otherwise it has answered with a page that asks,
// and that carries the form; nothing was done.
func (h *Handlers) Prove(w http.ResponseWriter, r *http.Request) (bool, error) {
	if err := parseForm(r); err != nil {
		return false, err
	}
	given, password, code := r.PostForm.Has(proofPassword), r.PostForm.Get(proofPassword), r.PostForm.Get(proofCode)
	for _, name := range []string{proofPassword, proofCode} {
		r.PostForm.Del(name)
		r.Form.Del(name)
	}
	if h.Sessions.Fresh(r) {
		return true, nil
	}
	if !given {
		return false, h.askProof(w, r, http.StatusForbidden, signin.None, 0)
	}
	err := h.Sessions.Prove(r, password, code)
	if err == nil {
		return true, nil
	}
	problem, minutes, status := problemOf(w, err)
	if status == 0 {
		return false, err
	}
	if status == http.StatusUnauthorized {
		status = http.StatusForbidden // the session itself is good
	}
	return false, h.askProof(w, r, status, problem, minutes)
}

func (h *Handlers) askProof(w http.ResponseWriter, r *http.Request, status int, problem signin.Problem, minutes int) error {
	u, _ := h.Sessions.User(r)
	p := signin.ProofProps{
		To: r.URL.RequestURI(), Email: u.Email, Fields: components.ParamsOf(r.PostForm), Code: u.Factor, Problem: problem, Minutes: minutes,
	}
	var err error
	if p.Chrome, err = h.Chrome(w, r, layout.Section("")); err != nil {
		return err
	}
	p.Chrome.Path = "/"
	return Render(w, r, status, signin.Proof(p), nil)
}

// NeedsApproval reports that handing over the distribution of the request is the
// first step of an approval, and so wants a fresh proof.
func (h *Handlers) NeedsApproval(r *http.Request) (bool, error) {
	d, err := h.DB.Distribution(r.Context(), idOf(r))
	if err != nil {
		return false, nil //nolint:nilerr // the handler says what is wrong
	}
	policy, err := h.DB.Policy(r.Context())
	if err != nil {
		return false, err
	}
	return distribution.CanSubmit(session.Actor(r.Context()), &d) == nil && policy.Approvals(d.Amount) > 0, nil
}

// MustSetFactor reports that the person may do nothing before they have a second
// factor: the policy asks it of their role, or their password is too short
// without one.
func (h *Handlers) MustSetFactor(r *http.Request) (bool, error) {
	u, ok := h.Sessions.User(r)
	if !ok || u.Factor {
		return false, nil
	}
	if h.Sessions.Restricted(r) {
		return true, nil
	}
	policy, err := h.DB.Policy(r.Context())
	return slices.Contains(policy.FactorRoles, u.Role), err
}

// ToFactor leads there.
func (h *Handlers) ToFactor(w http.ResponseWriter, r *http.Request) error {
	return redirect(w, r, factorPath)
}
