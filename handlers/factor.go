package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/signin"
	"plexydash/web/session"
)

const (
	factorStepPath = "/login/factor"
	factorPath     = "/me/factor"
)

func factorStepAddress(next string) string {
	if next = LocalPath(next); next == "/" {
		return factorStepPath
	}
	return withQuery(factorStepPath, url.Values{"next": {next}})
}

// FactorStepPage handles GET /login/factor: the code after a right password.
func (h *Handlers) FactorStepPage(w http.ResponseWriter, r *http.Request) error {
	e := entry{next: r.URL.Query().Get("next")}
	if _, err := h.Sessions.Awaited(r); err != nil {
		return h.passwordAgain(w, r, e, err)
	}
	return h.askCode(w, r, http.StatusOK, e, signin.None, 0)
}

// passwordAgain leads back when the right password is too long ago.
func (h *Handlers) passwordAgain(w http.ResponseWriter, r *http.Request, e entry, err error) error {
	if !errors.Is(err, distribution.ErrNotFound) {
		return err
	}
	if e.typed != nil {
		p := h.signInProps(r, e)
		p.Problem = signin.Expired
		return Render(w, r, http.StatusUnauthorized, signin.Page(p), signin.Layer(p))
	}
	return redirect(w, r, SignInPath(e.next))
}

func (h *Handlers) askCode(w http.ResponseWriter, r *http.Request, status int, e entry, problem signin.Problem, minutes int) error {
	p := h.signInProps(r, e)
	p.Bare.Path, p.Problem, p.Minutes = factorStepAddress(e.next), problem, minutes
	return Render(w, r, status, signin.Code(p), signin.CodeLayer(p))
}

// FactorStep handles POST /login/factor: 303, or the page again with 401 or 429.
func (h *Handlers) FactorStep(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, []string{"next"}, "code", "next", "typed")
	if err != nil {
		return err
	}
	e := entry{next: v.Get("next")}
	if e.typed, err = parseTyped(v.Get("typed")); err != nil {
		return err
	}
	u, err := h.Sessions.Awaited(r)
	if err != nil {
		return h.passwordAgain(w, r, e, err)
	}
	left, err := h.Sessions.CheckCode(r.Context(), session.Visitor(r), u, v.Get("code"))
	if problem, minutes, status := problemOf(w, err); status != 0 {
		return h.askCode(w, r, status, e, problem, minutes)
	}
	if err != nil {
		return err
	}
	var told *session.Flash
	if left != session.RecoveryAbsent {
		told = &session.Flash{Tone: string(components.Amber), Key: "signin.recovery_used", Args: []string{"Left", strconv.Itoa(left)}}
	}
	return h.open(w, r, u, e, told)
}

// Factor handles GET /me/factor.
func (h *Handlers) Factor(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showFactor(w, r, http.StatusOK, "")
}

// showFactor draws the page; problem is a code of what is wrong, or empty.
func (h *Handlers) showFactor(w http.ResponseWriter, r *http.Request, status int, problem signin.Problem) error {
	ctx := r.Context()
	actor := session.Actor(ctx)
	p := signin.FactorProps{Problem: problem, Now: h.DB.Now()}
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return err
	}
	p.ByPolicy, p.Restricted = slices.Contains(policy.FactorRoles, actor.Role), h.Sessions.Restricted(r)
	f, err := h.DB.Factor(ctx, actor.ID)
	if err != nil && !errors.Is(err, distribution.ErrNotFound) {
		return err
	}
	switch {
	case err != nil:
	case f.ConfirmedAt.IsZero():
		p.Secret = session.SecretText(f.Secret)
		if p.QR, p.QRSize, err = session.QR(session.KeyURL(f.Secret, actor.Email)); err != nil {
			return err
		}
	default:
		p.ConfirmedAt, p.CodesLeft = f.ConfirmedAt, f.CodesLeft
	}
	return h.drawFactor(w, r, status, p)
}

func (h *Handlers) drawFactor(w http.ResponseWriter, r *http.Request, status int, p signin.FactorProps) error {
	var err error
	if p.Chrome, err = h.Chrome(w, r, layout.Section("")); err != nil {
		return err
	}
	p.Chrome.Path = factorPath
	return Render(w, r, status, signin.Factor(p), nil)
}

// OfferFactor handles POST /me/factor: a new secret, shown on the page until a
// code proves that the app has it.
func (h *Handlers) OfferFactor(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	if err := h.DB.OfferFactor(r.Context(), session.Actor(r.Context()), session.NewSecret()); err != nil {
		return err
	}
	return redirect(w, r, factorPath)
}

// ConfirmFactor handles POST /me/factor/confirmation. The recovery codes are on
// its answer and nowhere else.
func (h *Handlers) ConfirmFactor(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "code")
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), session.Actor(r.Context())
	f, err := h.DB.Factor(ctx, actor.ID)
	if errors.Is(err, distribution.ErrNotFound) {
		return redirect(w, r, factorPath)
	}
	if err != nil {
		return err
	}
	step, found, err := session.StepOf(f.Secret, session.PlainCode(v.Get("code")), h.DB.Now())
	if err != nil {
		return err
	}
	if !found {
		return h.showFactor(w, r, http.StatusUnprocessableEntity, signin.Wrong)
	}
	codes, hashes := session.NewRecoveryCodes()
	if err := h.DB.ConfirmFactor(ctx, actor, step, hashes); err != nil {
		return err
	}
	return h.drawFactor(w, r, http.StatusOK, signin.FactorProps{ConfirmedAt: h.DB.Now(), Recovery: codes, CodesLeft: len(codes), Now: h.DB.Now()})
}

// RemoveFactor handles POST /me/factor/removal. The password is asked here, and
// not by the guard, because it has to be long enough to stand alone.
func (h *Handlers) RemoveFactor(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "password", "code")
	if err != nil {
		return err
	}
	err = h.Sessions.Prove(r, v.Get("password"), v.Get("code"))
	if problem, _, status := problemOf(w, err); status != 0 {
		if status == http.StatusUnauthorized {
			status = http.StatusForbidden
		}
		return h.showFactor(w, r, status, problem)
	}
	if err != nil {
		return err
	}
	if !session.Long(v.Get("password")) {
		return h.showFactor(w, r, http.StatusUnprocessableEntity, signin.Short)
	}
	actor := session.Actor(r.Context())
	if err := h.DB.RemoveFactor(r.Context(), actor, actor.ID); err != nil {
		return err
	}
	if err := h.tell(w, r, components.Blue, "factor.removed"); err != nil {
		return err
	}
	return redirect(w, r, factorPath)
}

// weakness turns a refused password into the problem that a page tells.
func weakness(err error) signin.Problem {
	if weak, ok := errors.AsType[*session.WeakPassword](err); ok {
		return signin.Problem(weak.Why)
	}
	return signin.None
}
