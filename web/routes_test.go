package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// expectation says who gets what from a route: the status for a maker on their
// own thing, for another accountant, and for the other roles. Nobody signed in
// is sent to the sign-in page unless the route is open.
type expectation struct {
	query                      string     // of a GET
	form                       url.Values // of a POST
	open                       int        // anonymous, when not sent to sign in
	own, other                 int        // accountant, on their own and on another's
	manager, auditor, admin    int
	ownMissing, managerMissing int  // with an id that is not there; 0: the route has none
	each                       bool // the request changes what the next one meets: a fresh thing for each
	thing                      func(*testing.T, *site, distribution.Actor) string
}

// matrix is the specification of who may do what, one row for each route.
func matrix() map[string]expectation {
	none := url.Values{}
	return map[string]expectation{
		"GET /healthz":         {open: 200, own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /readyz":          {open: 200, own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /metrics":         {open: 404, own: 404, other: 404, manager: 404, auditor: 404, admin: 404}, // from elsewhere, without a token
		"GET /login":           {open: 200, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /login":          {form: url.Values{"email": {"a"}, "password": {"b"}}, open: 401, own: 401, other: 401, manager: 401, auditor: 401, admin: 401},
		"GET /login/factor":    {open: 303, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /login/factor":   {form: url.Values{"code": {"123456"}}, open: 303, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /logout":         {form: none, each: true, open: 303, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /me/preferences": {form: url.Values{"lang": {"kk"}}, open: 303, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},

		"GET /invitations/{token}":     {open: 410, own: 410, other: 410, manager: 410, auditor: 410, admin: 410},
		"POST /invitations/{token}":    {form: url.Values{"password": {password}}, open: 410, own: 410, other: 410, manager: 410, auditor: 410, admin: 410},
		"GET /session":                 {own: 204, other: 204, manager: 204, auditor: 204, admin: 204},
		"GET /resumption":              {own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"GET /me/factor":               {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /me/factor":              {form: none, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /me/factor/confirmation": {form: url.Values{"code": {"1"}}, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /me/factor/removal":      {form: url.Values{"password": {"x"}, "code": {"1"}}, own: 403, other: 403, manager: 403, auditor: 403, admin: 403},

		"GET /":                        {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /distributions/arrivals":  {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /distributions/{id}/peek": {thing: draftOf, own: 200, other: 200, manager: 200, auditor: 200, admin: 200, ownMissing: 404, managerMissing: 404},
		"GET /me/views":                {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /me/views":               {form: url.Values{"name": {"Налоги"}, "query": {"knp=911"}}, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /me/views/{id}":          {thing: viewOf, form: url.Values{"name": {"Иначе"}, "shared": {"yes"}}, own: 303, other: 403, manager: 303, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"POST /me/views/{id}/deletion": {thing: viewOf, form: none, each: true, own: 303, other: 403, manager: 303, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"GET /me/columns":              {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /me/columns":             {form: url.Values{"item": store.DefaultColumns(), "down": {"created"}}, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},

		"GET /distributions":     {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /distributions/new": {own: 200, other: 200, manager: 403, auditor: 403, admin: 403},
		"POST /distributions":    {form: none, own: 400, other: 400, manager: 403, auditor: 403, admin: 403},

		"GET /distributions/{id}":               {thing: draftOf, own: 200, other: 200, manager: 200, auditor: 200, admin: 200, ownMissing: 404, managerMissing: 404},
		"GET /distributions/{id}/row":           {thing: draftOf, own: 200, other: 200, manager: 200, auditor: 200, admin: 200, ownMissing: 404, managerMissing: 404},
		"GET /distributions/{id}/status":        {thing: draftOf, own: 200, other: 200, manager: 200, auditor: 200, admin: 200, ownMissing: 404, managerMissing: 404},
		"GET /distributions/{id}/edit":          {thing: draftOf, own: 200, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /distributions/{id}/edit":         {thing: draftOf, form: filled(strings.Repeat("0", 32)), each: true, own: 303, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"GET /distributions/{id}/review":        {thing: draftOf, own: 200, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /distributions/{id}/submission":   {thing: draftOf, form: none, each: true, own: 303, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /distributions/{id}/withdrawal":   {thing: queuedOf, form: none, each: true, own: 303, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /distributions/{id}/cancellation": {thing: queuedOf, form: none, each: true, own: 303, other: 403, manager: 303, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"POST /distributions/{id}/copy":         {thing: draftOf, form: none, own: 303, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /distributions/{id}/resolution":   {thing: unknownOf, form: url.Values{"kind": {"check"}}, own: 303, other: 303, manager: 303, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"GET /distributions/{id}/resolution":    {thing: notFoundOf, query: "?kind=close", own: 200, other: 200, manager: 200, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},

		"POST /distributions/checks":   {form: filled("t"), own: 200, other: 200, manager: 403, auditor: 403, admin: 403},
		"POST /distributions/fillings": {form: with(filled("t"), "act", "paste"), own: 200, other: 200, manager: 403, auditor: 403, admin: 403},
		"GET /drafts":                  {own: 200, other: 200, manager: 403, auditor: 403, admin: 403},
		"POST /drafts/{id}":            {thing: formDraftOf, form: url.Values{"amount": {"1.2"}}, own: 204, other: 404, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /drafts/{id}/removal":    {thing: formDraftOf, form: none, each: true, own: 303, other: 404, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},

		"GET /recipients":                   {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /recipients/options":           {query: "?q=a", own: 303, other: 303, manager: 403, auditor: 403, admin: 403},
		"GET /recipients/{id}":              {thing: recipientOf, own: 200, other: 200, manager: 200, auditor: 200, admin: 200, ownMissing: 404, managerMissing: 404},
		"POST /recipients/{id}":             {thing: recipientOf, form: edited(), each: true, own: 303, other: 303, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /recipients/{id}/archiving":   {thing: recipientOf, form: none, each: true, own: 303, other: 303, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},
		"POST /recipients/{id}/restoration": {thing: recipientOf, form: none, each: true, own: 303, other: 303, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 403},

		"GET /approvals":             {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /approvals":            {form: url.Values{"item": {"0 0"}}, own: 200, other: 200, manager: 200, auditor: 403, admin: 403},
		"GET /approvals/requirement": {query: "?amount=1", own: 200, other: 200, manager: 403, auditor: 403, admin: 403},

		"POST /distributions/{id}/approval": {thing: awaitingOf, form: url.Values{"code": {"000000"}}, own: 403, other: 403, manager: 409, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"GET /distributions/{id}/decline":   {thing: awaitingOf, own: 403, other: 403, manager: 200, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"POST /distributions/{id}/decline":  {thing: awaitingOf, form: url.Values{"code": {"000000"}, "reason": {"нет договора"}}, own: 403, other: 403, manager: 409, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},

		"GET /distributions/{id}/order":            {thing: draftOf, own: 200, other: 200, manager: 200, auditor: 200, admin: 200, ownMissing: 404, managerMissing: 404},
		"POST /distributions/{id}/notes":           {thing: draftOf, form: url.Values{"text": {"счёт у Айгуль"}}, own: 303, other: 403, manager: 303, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},
		"GET /distributions/{id}/acknowledgement":  {thing: vanishedOf, own: 403, other: 403, manager: 200, auditor: 200, admin: 403, ownMissing: 403, managerMissing: 404},
		"POST /distributions/{id}/acknowledgement": {thing: vanishedOf, form: url.Values{"note": {"звонили в Plexy"}}, each: true, own: 403, other: 403, manager: 303, auditor: 303, admin: 403, ownMissing: 403, managerMissing: 404},

		"GET /unknown":   {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /proposals": {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},

		"POST /proposals/{id}/confirmation": {thing: proposalOf, form: none, each: true, own: 403, other: 403, manager: 303, auditor: 403, admin: 403, ownMissing: 403, managerMissing: 404},
		"POST /proposals/{id}/refusal":      {thing: proposalOf, form: url.Values{"reason": {"ещё ждём"}}, each: true, own: 403, other: 403, manager: 303, auditor: 403, admin: 403, ownMissing: 403, managerMissing: 404},
		"POST /proposals/{id}/withdrawal":   {thing: proposalOf, form: none, each: true, own: 303, other: 403, manager: 403, auditor: 403, admin: 403, ownMissing: 404, managerMissing: 404},

		"GET /help/keyboard":              {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /gallery":                    {own: 404, other: 404, manager: 404, auditor: 404, admin: 404}, // money is real
		"GET /search":                     {query: "?q=DIST-1", own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"GET /balance":                    {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"GET /audit":                      {own: 403, other: 403, manager: 200, auditor: 200, admin: 200},
		"GET /audit/{id}":                 {thing: firstRecord, own: 403, other: 403, manager: 200, auditor: 200, admin: 200, ownMissing: 403, managerMissing: 404},
		"GET /integrity":                  {own: 403, other: 403, manager: 200, auditor: 200, admin: 200},
		"GET /settings":                   {own: 403, other: 403, manager: 403, auditor: 200, admin: 200},
		"POST /settings/limits":           {form: url.Values{"limitEach": {"5000"}, "limitDay": {""}, "reason": {"договор"}}, own: 403, other: 403, manager: 403, auditor: 403, admin: 303},
		"POST /settings/factors":          {form: url.Values{"manager": {"on"}, "reason": {"договор"}}, own: 403, other: 403, manager: 403, auditor: 403, admin: 303},
		"GET /settings/sending":           {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /settings/sending":          {form: url.Values{"state": {"off"}, "reason": {"сверка"}}, own: 303, other: 303, manager: 303, auditor: 403, admin: 303},
		"GET /hold":                       {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /hold/proposal":             {form: url.Values{"reason": {"сверено"}}, own: 403, other: 403, manager: 409, auditor: 403, admin: 403},
		"POST /settings/sending/proposal": {form: url.Values{"reason": {"сверено"}}, own: 403, other: 403, manager: 409, auditor: 403, admin: 409},

		"GET /users":                        {own: 403, other: 403, manager: 403, auditor: 200, admin: 200},
		"POST /users":                       {form: url.Values{"email": {"new@example.kz"}, "name": {"Д. Ким"}, "role": {"manager"}}, own: 403, other: 403, manager: 403, auditor: 403, admin: 201},
		"GET /users/{id}":                   {thing: personOf, own: 403, other: 403, manager: 403, auditor: 200, admin: 200, ownMissing: 403, managerMissing: 403},
		"POST /users/{id}/role":             {thing: personOf, form: url.Values{"role": {"auditor"}}, own: 403, other: 403, manager: 403, auditor: 403, admin: 303, ownMissing: 403, managerMissing: 403},
		"POST /users/{id}/disablement":      {thing: personOf, form: none, own: 403, other: 403, manager: 403, auditor: 403, admin: 303, ownMissing: 403, managerMissing: 403},
		"POST /users/{id}/enablement":       {thing: personOf, form: none, own: 403, other: 403, manager: 403, auditor: 403, admin: 303, ownMissing: 403, managerMissing: 403},
		"POST /users/{id}/invitation":       {thing: personOf, form: none, own: 403, other: 403, manager: 403, auditor: 403, admin: 200, ownMissing: 403, managerMissing: 403},
		"POST /users/{id}/factor-reset":     {thing: personOf, form: none, own: 403, other: 403, manager: 403, auditor: 403, admin: 409, ownMissing: 403, managerMissing: 403},
		"GET /me":                           {own: 200, other: 200, manager: 200, auditor: 200, admin: 200},
		"POST /me/password":                 {form: url.Values{"old": {"x"}, "new": {"y"}}, own: 422, other: 422, manager: 422, auditor: 422, admin: 422},
		"POST /me/sessions/revocation":      {form: none, own: 303, other: 303, manager: 303, auditor: 303, admin: 303},
		"POST /me/sessions/{id}/revocation": {thing: sessionOf, form: none, each: true, own: 303, other: 404, manager: 404, auditor: 404, admin: 404, ownMissing: 404, managerMissing: 404},

		"POST /balance/refresh":         {form: url.Values{"back": {"/"}}, own: 303, other: 303, manager: 303, auditor: 403, admin: 403},
		"POST /balance/threshold":       {form: url.Values{"amount": {"1000"}}, own: 403, other: 403, manager: 303, auditor: 403, admin: 403},
		"POST /balance/acknowledgement": {form: none, own: 403, other: 403, manager: 303, auditor: 403, admin: 403},

		"GET /exports":           {own: 200, other: 200, manager: 200, auditor: 200, admin: 403},
		"POST /exports":          {form: url.Values{"kind": {"distributions"}, "format": {"csv"}}, own: 303, other: 303, manager: 303, auditor: 303, admin: 403},
		"GET /exports/{id}":      {thing: exportOf, own: 200, other: 404, manager: 404, auditor: 404, admin: 403, ownMissing: 404, managerMissing: 404},
		"GET /exports/{id}/file": {thing: exportOf, own: 202, other: 404, manager: 404, auditor: 404, admin: 403, ownMissing: 404, managerMissing: 404},
	}
}

// TestEveryRouteForEveryRole fails for a route without a row, and for a row
// without a route.
func TestEveryRouteForEveryRole(t *testing.T) {
	expected, found := matrix(), map[string]bool{}
	catalog, assets := shared(t)
	reuse := func(d *deps) { d.web.Catalog, d.web.Assets = catalog, assets }
	err := chi.Walk(newSite(t, reuse).Handler.(chi.Routes), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasPrefix(path, "/static/") {
			return nil // files that belong to nobody
		}
		name := method + " " + path
		e, ok := expected[name]
		found[name] = true
		if assert.True(t, ok, "no row for %s", name) {
			t.Run(name, func(t *testing.T) {
				checkRoute(t, newSite(t, reuse), method, path, e)
				checkStrangers(t, newSite(t, reuse), method, path, e)
			})
		}
		return nil
	})
	require.NoError(t, err)
	for name := range expected {
		assert.True(t, found[name], "no route for %s", name)
	}
}

func checkRoute(t *testing.T, s *site, method, path string, e expectation) {
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	manager, auditor, admin := s.person(distribution.Manager), s.person(distribution.Auditor), s.person(distribution.Admin)
	var id string
	fresh := func() string {
		if e.thing != nil && (id == "" || e.each) {
			id = e.thing(t, s, maker)
		}
		return id
	}
	ask := func(as distribution.Actor, id string) *answer {
		if e.form.Has("formToken") {
			e.form.Set("formToken", s.token(maker))
		}
		return s.do(request{as: as, method: method, url: strings.Replace(path, "{id}", id, 1) + e.query, form: e.form})
	}
	anonymous := ask(distribution.Actor{}, fresh())
	if e.open != 0 {
		assert.Equal(t, e.open, anonymous.Code, "anonymous")
	} else {
		assert.Equal(t, http.StatusSeeOther, anonymous.Code, "anonymous")
		assert.True(t, strings.HasPrefix(anonymous.location(), "/login"), anonymous.location())
	}
	// Those who may nothing come first, so that they meet the thing unchanged.
	assert.Equal(t, e.admin, ask(admin, fresh()).Code, "admin")
	assert.Equal(t, e.auditor, ask(auditor, fresh()).Code, "auditor")
	assert.Equal(t, e.other, ask(other, fresh()).Code, "another accountant")
	assert.Equal(t, e.manager, ask(manager, fresh()).Code, "manager")
	assert.Equal(t, e.own, ask(maker, fresh()).Code, "maker")
	if strings.Contains(path, "{id}") {
		require.NotZero(t, e.ownMissing)
		assert.Equal(t, e.ownMissing, ask(maker, "01900000-0000-7000-8000-000000000000").Code, "missing")
		assert.Equal(t, e.managerMissing, ask(manager, "01900000-0000-7000-8000-000000000000").Code, "missing, manager")
		assert.Equal(t, e.ownMissing, ask(maker, "'%20OR%201=1--").Code, "no id at all")
	}
}

// A page that refuses says whom it would not have refused.
func TestForbiddenNamesTheRole(t *testing.T) {
	s := newSite(t)
	a := s.do(request{as: s.person(distribution.Auditor), url: "/distributions/new"})
	require.Equal(t, http.StatusForbidden, a.Code)
	assert.Contains(t, a.html().Find(".errpage").Text(), "Это доступно ролям: Бухгалтер.")
}

func TestMethodsAndUnknownAddresses(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := storetest.Draft(t, s.db, maker).ID
	cases := []struct {
		method, url string
		want        int
		allow       string
	}{
		{http.MethodGet, "/nothing", 404, ""},
		{http.MethodPost, "/nothing", 404, ""},
		{http.MethodGet, "/distributions/" + id + "/nothing", 404, ""},
		{http.MethodDelete, "/distributions/" + id, 405, "GET, HEAD"},
		{http.MethodPost, "/distributions/" + id, 405, "GET, HEAD"},
		{http.MethodGet, "/distributions/" + id + "/submission", 405, "POST"},
		{http.MethodPut, "/distributions", 405, "GET, HEAD, POST"},
		{http.MethodTrace, "/distributions", 405, "GET, HEAD, POST"},
		{"INVENTED", "/distributions", 405, "GET, HEAD, POST"},
		{"INVENTED", "/nothing", 404, ""},
		{http.MethodOptions, "/login", 405, "GET, HEAD, POST"},
		{http.MethodGet, "/static/", 404, ""},
		{http.MethodGet, "/static/css/", 404, ""},
		{http.MethodGet, "/debug/pprof/", 404, ""},
		{http.MethodGet, "/.git/config", 404, ""},
	}
	for _, c := range cases {
		t.Run(c.method+" "+c.url, func(t *testing.T) {
			for _, as := range []distribution.Actor{{}, maker} {
				a := s.do(request{as: as, method: c.method, url: c.url})
				assert.Equal(t, c.want, a.Code)
				assert.Equal(t, c.allow, a.Header().Get("Allow"))
			}
		})
	}
	head := s.do(request{as: maker, method: http.MethodHead, url: "/distributions"})
	assert.Equal(t, http.StatusOK, head.Code)
}
