package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// reach is how far a role gets with a route.
type reach int

const (
	never reach = iota // 403, whatever it is about
	ruled              // the role may, but a rule says no to what the matrix tries
	own                // only with what is the person's own
	yes
)

// line is one line of the table of roles: what it grants, to whom, by which
// routes.
type line struct {
	says                                string
	accountant, manager, auditor, admin reach
	routes                              []string
}

// roleTable is who may do what, as people agreed on it. The matrix has the exact
// answers; they must say the same.
func roleTable() []line {
	return []line{
		{"programs look whether it lives", yes, yes, yes, yes, []string{"GET /healthz", "GET /readyz", "GET /metrics"}},
		{"anybody signs in, signs out and chooses a language", yes, yes, yes, yes, []string{
			"GET /login", "POST /login", "GET /login/factor", "POST /login/factor", "GET /invitations/{token}", "POST /invitations/{token}",
			"POST /logout", "POST /me/preferences",
		}},
		{"everybody has their own password, factor and sessions", yes, yes, yes, yes, []string{
			"GET /help/keyboard", "GET /session", "GET /resumption", "GET /me", "POST /me/password", "POST /me/sessions/revocation",
			"GET /me/factor", "POST /me/factor", "POST /me/factor/confirmation", "POST /me/factor/removal",
		}},
		{"in demo mode, everybody sees the parts that pages are made of", yes, yes, yes, yes, []string{"GET /gallery"}},
		{"nobody ends the session of somebody else", own, own, own, own, []string{"POST /me/sessions/{id}/revocation"}},
		{"read all money pages", yes, yes, yes, yes, []string{
			"GET /", "GET /balance", "GET /search", "GET /distributions", "GET /distributions/{id}", "GET /distributions/{id}/row", "GET /distributions/{id}/status",
			"GET /distributions/{id}/order",
			"GET /distributions/arrivals", "GET /distributions/{id}/peek",
			"GET /approvals", "GET /unknown", "GET /proposals", "GET /settings/sending", "GET /hold",
		}},
		{"create", yes, never, never, never, []string{"GET /distributions/new", "POST /distributions", "POST /distributions/checks", "POST /distributions/fillings", "GET /approvals/requirement"}},
		{"read the book of recipients", yes, yes, yes, yes, []string{"GET /recipients", "GET /recipients/{id}"}},
		{"keep the book of recipients, and pick from it", yes, never, never, never, []string{
			"GET /recipients/options", "POST /recipients/{id}", "POST /recipients/{id}/archiving", "POST /recipients/{id}/restoration",
		}},
		{"leave forms unfinished and come back to them", yes, never, never, never, []string{"GET /drafts"}},
		{"keep and throw away unfinished forms: own", own, never, never, never, []string{"POST /drafts/{id}", "POST /drafts/{id}/removal"}},
		{"everybody has views and columns of their own", yes, yes, yes, yes, []string{"GET /me/views", "POST /me/views", "GET /me/columns", "POST /me/columns"}},
		{"change a view: its owner, and of a shared one the manager", own, yes, own, own, []string{"POST /me/views/{id}", "POST /me/views/{id}/deletion"}},
		{"edit, submit, withdraw, copy: own", own, never, never, never, []string{
			"GET /distributions/{id}/edit", "POST /distributions/{id}/edit", "GET /distributions/{id}/review",
			"POST /distributions/{id}/submission", "POST /distributions/{id}/withdrawal", "POST /distributions/{id}/copy",
		}},
		{"cancel before sending", own, yes, never, never, []string{"POST /distributions/{id}/cancellation"}},
		{"add a note: own; managers to any", own, yes, never, never, []string{"POST /distributions/{id}/notes"}},
		{"approve, decline: never own; accountants where the policy lets peers", ruled, yes, never, never, []string{
			"POST /distributions/{id}/approval", "GET /distributions/{id}/decline", "POST /distributions/{id}/decline",
		}},
		{"approve several, each by the rules of one", yes, yes, never, never, []string{"POST /approvals"}},
		{"propose resend, link, close, override", yes, yes, never, never, []string{
			"GET /distributions/{id}/resolution", "POST /distributions/{id}/resolution", "POST /balance/refresh",
		}},
		{"confirm or refuse a proposal; administrators about settings", never, yes, never, ruled, []string{
			"POST /proposals/{id}/confirmation", "POST /proposals/{id}/refusal",
		}},
		{"take back a proposal: own", own, ruled, never, ruled, []string{"POST /proposals/{id}/withdrawal"}},
		{"stop sending", yes, yes, never, yes, []string{"POST /settings/sending"}},
		{"propose to lift a HOLD", never, yes, never, never, []string{"POST /hold/proposal"}},
		{"lift the alarm of the unit", never, yes, never, yes, []string{"POST /settings/sending/proposal"}},
		{"acknowledge made outside, regression", never, yes, yes, never, []string{
			"GET /distributions/{id}/acknowledgement", "POST /distributions/{id}/acknowledgement",
		}},
		{"watch a low balance", never, yes, never, never, []string{"POST /balance/threshold", "POST /balance/acknowledgement"}},
		{"export", yes, yes, yes, never, []string{"GET /exports", "POST /exports"}},
		{"fetch one's own file", own, own, own, never, []string{"GET /exports/{id}", "GET /exports/{id}/file"}},
		{"read the audit log", never, yes, yes, yes, []string{"GET /integrity", "GET /audit", "GET /audit/{id}"}},
		{"read people and settings", never, never, yes, yes, []string{"GET /settings", "GET /users", "GET /users/{id}"}},
		{"change people and settings", never, never, never, yes, []string{
			"POST /settings/limits", "POST /settings/factors", "POST /users", "POST /users/{id}/role", "POST /users/{id}/disablement", "POST /users/{id}/enablement",
			"POST /users/{id}/invitation", "POST /users/{id}/factor-reset",
		}},
	}
}

// lineOf is the line of a route.
func lineOf(route string) (line, bool) {
	i := slices.IndexFunc(roleTable(), func(l line) bool { return slices.Contains(l.routes, route) })
	if i < 0 {
		return line{}, false
	}
	return roleTable()[i], true
}

func (l line) of(role distribution.Role) reach {
	switch role {
	case distribution.Accountant:
		return l.accountant
	case distribution.Manager:
		return l.manager
	case distribution.Auditor:
		return l.auditor
	case distribution.Admin:
		return l.admin
	}
	return never
}

// routesOf is every route of the site but files that belong to nobody.
func routesOf(t *testing.T, s *site) []string {
	t.Helper()
	var all []string
	require.NoError(t, chi.Walk(s.Handler.(chi.Routes), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !strings.HasPrefix(path, "/static/") {
			all = append(all, method+" "+path)
		}
		return nil
	}))
	return all
}

// Every route is in exactly one line, and every route of a line is there.
func TestTheRoleTableIsComplete(t *testing.T) {
	there := routesOf(t, newSite(t))
	var told []string
	for _, l := range roleTable() {
		for _, route := range l.routes {
			assert.NotContains(t, told, route, "told twice")
			told = append(told, route)
			assert.Contains(t, there, route, "it is not there")
		}
	}
	for _, route := range there {
		assert.Contains(t, told, route, "no line of the role table")
	}
}

// The matrix may refine the role table, never contradict it.
func TestTheMatrixFollowsTheRoleTable(t *testing.T) {
	for route, e := range matrix() {
		l, ok := lineOf(route)
		if !ok || e.own == e.other && e.own == e.manager && e.own == e.auditor && e.own == e.admin {
			continue // what all get alike is not about roles
		}
		for _, c := range []struct {
			who    string
			reach  reach
			mine   bool
			status int
		}{
			{"maker", l.accountant, true, e.own},
			{"another accountant", l.accountant, false, e.other},
			{"manager", l.manager, false, e.manager},
			{"auditor", l.auditor, false, e.auditor},
			{"admin", l.admin, false, e.admin},
		} {
			says := fmt.Sprintf("%s by the %s: %s", route, c.who, l.says)
			switch refused := c.status == http.StatusForbidden; {
			case c.reach == never, c.reach == ruled:
				assert.True(t, refused, says)
			case c.reach == own && !c.mine:
				assert.True(t, refused || c.status == http.StatusNotFound, says)
			default:
				assert.False(t, refused || c.status == http.StatusNotFound, says)
			}
		}
	}
}

// missing is the answer about an id that is not there: who may never, learns not
// even that.
func (l line) missing(role distribution.Role) int {
	if l.of(role) == never {
		return http.StatusForbidden
	}
	return http.StatusNotFound
}

// checkStrangers asks as people who were shut out, and about what is not there.
func checkStrangers(t *testing.T, s *site, method, path string, e expectation) {
	maker := s.person(distribution.Accountant)
	s.person(distribution.Admin) // the last one could not be shut out
	ask := func(as distribution.Actor, id string) *answer {
		return s.do(request{as: as, method: method, url: strings.Replace(path, "{id}", id, 1) + e.query, form: e.form})
	}
	var id string
	if e.thing != nil {
		id = e.thing(t, s, maker)
	}
	l, ok := lineOf(method + " " + path)
	require.True(t, ok, "no line of the role table")
	for _, role := range distribution.Roles() {
		if e.ownMissing != 0 {
			a := ask(s.person(role), "01900000-0000-7000-8000-000000000000")
			assert.Equal(t, l.missing(role), a.Code, "%s, missing", role)
		}
		shut := s.person(role)
		s.cookieOf(shut)
		require.NoError(t, s.db.DisableUser(t.Context(), distribution.CLI("root"), shut.ID))
		a := ask(shut, id)
		if e.open != 0 {
			assert.Equal(t, e.open, a.Code, "%s, shut out", role)
			continue
		}
		toSignIn := a.Code == http.StatusSeeOther && strings.HasPrefix(a.location(), "/login")
		signInPage := a.Code == http.StatusUnauthorized && method == http.MethodPost // it keeps what was typed
		assert.True(t, toSignIn || signInPage, "%s, shut out: %d %s", role, a.Code, a.location())
	}
}
