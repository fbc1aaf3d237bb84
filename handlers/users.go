package handlers

import (
	"errors"
	"maps"
	"net/http"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/errorpage"
	"plexydash/views/layout"
	"plexydash/views/users"
	"plexydash/web/session"
)

// Users handles GET /users.
func (h *Handlers) Users(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showUsers(w, r, http.StatusOK, users.Form{}, nil)
}

func (h *Handlers) showUsers(w http.ResponseWriter, r *http.Request, status int, form users.Form, problems map[string]string) error {
	ctx, by := r.Context(), session.Actor(r.Context())
	members, err := h.DB.Members(ctx)
	if err != nil {
		return err
	}
	p := users.Props{Form: form, Errors: problems, Now: h.DB.Now(), CanChange: distribution.Allows(by.Role, distribution.ChangeSettings)}
	for _, m := range members {
		p.People = append(p.People, personOf(m, by))
	}
	if p.Policy, err = h.DB.Policy(ctx); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Users); err != nil {
		return err
	}
	p.Chrome.Path = usersPath
	return Render(w, r, status, users.Page(p), nil)
}

func personOf(m store.Member, by distribution.Actor) users.Person {
	return users.Person{
		ID: m.ID, Name: m.Name, Email: m.Email, Role: m.Role, Factor: m.Factor, Sessions: m.Sessions, LastSignIn: m.LastSignIn,
		DisabledAt: m.DisabledAt, InvitedUntil: m.InvitedUntil, NoPassword: m.PasswordHash == "", Self: m.ID == by.ID,
	}
}

// CreateUser handles POST /users: the answer shows the link by which the person
// sets a password.
func (h *Handlers) CreateUser(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, string(users.FieldEmail), string(users.FieldName), string(users.FieldRole))
	if err != nil {
		return err
	}
	form := users.Form{Email: v.Get("email"), Name: v.Get("name"), Role: v.Get("role")}
	u, err := h.DB.CreateUser(r.Context(), session.Actor(r.Context()), store.NewUser{
		Email: form.Email, Name: form.Name, Role: distribution.Role(form.Role),
	})
	if problems := problemsOf(err); problems != nil {
		return h.showUsers(w, r, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return err
	}
	return h.showLink(w, r, u.ID, http.StatusCreated)
}

// problemsOf is what is wrong with a person to be added, as message keys by
// field; nil when it is something else.
func problemsOf(err error) map[string]string {
	switch {
	case errors.Is(err, store.ErrEmail):
		return map[string]string{"email": "people.error.email"}
	case errors.Is(err, store.ErrEmailTaken):
		return map[string]string{"email": "people.error.taken"}
	case errors.Is(err, store.ErrName):
		return map[string]string{"name": "people.error.name"}
	case errors.Is(err, store.ErrRole):
		return map[string]string{"role": "people.error.role"}
	}
	return nil
}

// showLink invites a person and draws the link. It is in this answer alone: an
// address or a kept message would let others read it later.
func (h *Handlers) showLink(w http.ResponseWriter, r *http.Request, id string, status int) error {
	ctx, by := r.Context(), session.Actor(r.Context())
	token, err := h.DB.Invite(ctx, by, id)
	if err != nil {
		return seeUser(err, id)
	}
	m, err := h.DB.Member(ctx, id)
	if err != nil {
		return err
	}
	p := users.InvitedProps{Person: personOf(m, by), Link: h.address(r) + "/invitations/" + token, Until: m.InvitedUntil}
	if p.Chrome, err = h.Chrome(w, r, layout.Users); err != nil {
		return err
	}
	p.Chrome.Path = userPath(id)
	return Render(w, r, status, users.Invited(p), nil)
}

// address is how the reader's browser reaches this site.
func (h *Handlers) address(r *http.Request) string {
	if h.Sessions.Secure() {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// User handles GET /users/{id}.
func (h *Handlers) User(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showUser(w, r, http.StatusOK, users.Refused{})
}

func (h *Handlers) showUser(w http.ResponseWriter, r *http.Request, status int, refused users.Refused) error {
	ctx, by := r.Context(), session.Actor(r.Context())
	m, err := h.DB.Member(ctx, idOf(r))
	if err != nil {
		return err
	}
	p := users.PersonProps{
		Person: personOf(m, by), Refused: refused, Now: h.DB.Now(), CanChange: distribution.Allows(by.Role, distribution.ChangeSettings),
	}
	if p.Policy, err = h.DB.Policy(ctx); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Users); err != nil {
		return err
	}
	p.Chrome.Path = userPath(m.ID)
	return Render(w, r, status, users.PersonPage(p), nil)
}

// SetUserRole handles POST /users/{id}/role.
func (h *Handlers) SetUserRole(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, string(users.FieldRole), "confirm")
	if err != nil {
		return err
	}
	role, ok := distribution.ParseRole(v.Get(string(users.FieldRole)))
	if !ok {
		return &BadRequest{Reason: "unknown role"}
	}
	become := func(u *store.User) { u.Role = role }
	return h.changeUser(w, r, users.Refused{Act: users.ChangeRole, Role: role}, v["confirm"], become, func(by distribution.Actor, id string) error {
		_, err := h.DB.SetRole(r.Context(), by, id, role)
		return err
	})
}

// DisableUser handles POST /users/{id}/disablement.
func (h *Handlers) DisableUser(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "confirm")
	if err != nil {
		return err
	}
	become := func(u *store.User) { u.DisabledAt = h.DB.Now() }
	return h.changeUser(w, r, users.Refused{Act: users.Disable}, v["confirm"], become, func(by distribution.Actor, id string) error {
		return h.DB.DisableUser(r.Context(), by, id)
	})
}

// EnableUser handles POST /users/{id}/enablement.
func (h *Handlers) EnableUser(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "confirm")
	if err != nil {
		return err
	}
	become := func(u *store.User) { u.DisabledAt = time.Time{} }
	return h.changeUser(w, r, users.Refused{Act: users.Enable}, v["confirm"], become, func(by distribution.Actor, id string) error {
		return h.DB.EnableUser(r.Context(), by, id)
	})
}

// changeUser does one of these. A change that leaves too few people to approve
// is said first, and done when it is ticked.
func (h *Handlers) changeUser(w http.ResponseWriter, r *http.Request, change users.Refused, confirmed []string,
	become func(*store.User), do func(by distribution.Actor, id string) error,
) error {
	ctx, by, id := r.Context(), session.Actor(r.Context()), idOf(r)
	short, err := h.shortage(r, id, become)
	if err != nil {
		return err
	}
	if short != nil && by.ID != id && (len(confirmed) != 1 || confirmed[0] != users.Confirmed) {
		change.Shortage = *short
		return h.showUser(w, r, http.StatusUnprocessableEntity, change)
	}
	if err := do(by, id); err != nil {
		return seeUser(err, id)
	}
	u, err := h.DB.User(ctx, id)
	if err != nil {
		return err
	}
	if err := h.tell(w, r, components.Blue, "people.flash."+string(change.Act), "Name", u.Name, "Role", users.RoleName(ctx, u.Role)); err != nil {
		return err
	}
	return redirect(w, r, userPath(id))
}

// shortage compares who may approve now and after the change.
func (h *Handlers) shortage(r *http.Request, id string, become func(*store.User)) (*distribution.Shortage, error) {
	ctx := r.Context()
	u, err := h.DB.User(ctx, id)
	if err != nil {
		return nil, err
	}
	policy, err := h.DB.Policy(ctx)
	if err != nil {
		return nil, err
	}
	was, err := h.DB.RoleCounts(ctx)
	if err != nil {
		return nil, err
	}
	becomes := maps.Clone(was)
	if !u.Disabled() {
		becomes[u.Role]--
	}
	become(&u)
	if !u.Disabled() {
		becomes[u.Role]++
	}
	return policy.ShortOf(was, becomes), nil
}

// InviteUser handles POST /users/{id}/invitation: a new link.
func (h *Handlers) InviteUser(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	return h.showLink(w, r, idOf(r), http.StatusOK)
}

// ResetFactor handles POST /users/{id}/factor-reset. One's own is changed at
// /me/factor.
func (h *Handlers) ResetFactor(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	by, id := session.Actor(r.Context()), idOf(r)
	if by.ID == id {
		return seeUser(&distribution.Refusal{Code: "self", Kind: distribution.ErrForbidden}, id)
	}
	u, err := h.DB.User(r.Context(), id)
	if err != nil {
		return err
	}
	if err := h.DB.RemoveFactor(r.Context(), by, id); err != nil {
		return seeUser(err, id)
	}
	if err := h.tell(w, r, components.Blue, "people.flash.factor", "Name", u.Name); err != nil {
		return err
	}
	return redirect(w, r, userPath(id))
}

// seeUser leads from an error to the person's page.
func seeUser(err error, id string) error {
	if errors.Is(err, distribution.ErrNotFound) {
		return err
	}
	return &WithLink{Err: err, Link: errorpage.Link{Href: userPath(id), Key: "web.link.person"}}
}
