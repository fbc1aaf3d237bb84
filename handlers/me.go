package handlers

import (
	"net/http"
	"slices"

	"plexydash/views/components"
	"plexydash/views/me"
	"plexydash/views/signin"
	"plexydash/web/session"
)

// shownFailures is how many failed sign-ins a person is shown.
const shownFailures = 10

// Me handles GET /me.
func (h *Handlers) Me(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showMe(w, r, http.StatusOK, me.Props{})
}

// showMe draws the page; p says what is wrong with a password, if anything.
func (h *Handlers) showMe(w http.ResponseWriter, r *http.Request, status int, p me.Props) error {
	ctx := r.Context()
	u, _ := h.Sessions.User(r)
	p.Name, p.Email, p.Role, p.Factor, p.Now = u.Name, u.Email, u.Role, u.Factor, h.DB.Now()
	p.Least = session.LeastFor(u)
	var err error
	if p.Policy, err = h.DB.Policy(ctx); err != nil {
		return err
	}
	if p.Sessions, err = h.mySessions(r); err != nil {
		return err
	}
	failures, err := h.DB.FailedSignIns(ctx, u.ID, shownFailures)
	if err != nil {
		return err
	}
	for _, f := range failures {
		p.Failures = append(p.Failures, me.Failure{At: f.At, Address: f.Address, Reason: f.Reason})
	}
	if p.Chrome, err = h.Chrome(w, r, ""); err != nil {
		return err
	}
	p.Chrome.Path = mePath
	return Render(w, r, status, me.Page(p), nil)
}

// mySessions lists the person's sessions, the one that asks first.
func (h *Handlers) mySessions(r *http.Request) ([]me.Session, error) {
	open, err := h.DB.SessionsOf(r.Context(), session.Actor(r.Context()).ID)
	if err != nil {
		return nil, err
	}
	current, _ := h.Sessions.Current(r)
	var all []me.Session
	for _, s := range open {
		all = append(all, me.Session{
			ID: s.ID, UserAgent: s.UserAgent, Address: s.Address, CreatedAt: s.CreatedAt, LastSeen: s.LastSeen, Current: s.ID == current,
		})
	}
	slices.SortStableFunc(all, func(a, b me.Session) int {
		switch {
		case a.Current == b.Current:
			return 0
		case a.Current:
			return -1
		}
		return 1
	})
	return all, nil
}

// ChangePassword handles POST /me/password. All sessions end; this browser gets
// a new one.
func (h *Handlers) ChangePassword(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "old", "new")
	if err != nil {
		return err
	}
	ctx, by := r.Context(), session.Actor(r.Context())
	u, err := h.Sessions.Check(ctx, session.Visitor(r), by.Email, v.Get("old"))
	if problem, minutes, status := problemOf(w, err); status == http.StatusTooManyRequests {
		return h.showMe(w, r, status, me.Props{Old: problem, Minutes: minutes})
	} else if status != 0 { // the session itself is good
		return h.showMe(w, r, http.StatusUnprocessableEntity, me.Props{Old: problem})
	}
	if err != nil {
		return err
	}
	hash, err := session.HashPassword(v.Get("new"), u, h.Demo != nil)
	if problem := weakness(err); problem != signin.None {
		return h.showMe(w, r, http.StatusUnprocessableEntity, me.Props{New: problem})
	}
	if err != nil {
		return err
	}
	if err := h.DB.SetPassword(ctx, by, u.ID, hash); err != nil {
		return err
	}
	if u, err = h.DB.User(ctx, u.ID); err != nil {
		return err
	}
	if err := h.Sessions.SignIn(w, r, u, session.Opening{Flash: &session.Flash{Tone: string(components.Blue), Key: "me.flash.password"}}); err != nil {
		return err
	}
	return redirect(w, r, mePath)
}

// EndMySession handles POST /me/sessions/{id}/revocation.
func (h *Handlers) EndMySession(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	by := session.Actor(r.Context())
	if err := h.DB.EndOneSession(r.Context(), by, by.ID, idOf(r)); err != nil {
		return err
	}
	return h.ended(w, r, "me.flash.ended")
}

// EndMySessions handles POST /me/sessions/revocation: all but this one.
func (h *Handlers) EndMySessions(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	by := session.Actor(r.Context())
	_, mine := h.Sessions.Current(r)
	if err := h.DB.EndSessions(r.Context(), by, by.ID, mine); err != nil {
		return err
	}
	return h.ended(w, r, "me.flash.ended_others")
}

func (h *Handlers) ended(w http.ResponseWriter, r *http.Request, key string) error {
	if current, _ := h.Sessions.Current(r); current == idOf(r) { // it was the one that asked
		return redirect(w, r, signInPath)
	}
	if err := h.tell(w, r, components.Blue, key); err != nil {
		return err
	}
	return redirect(w, r, mePath)
}
