package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

func newPerson(email string) url.Values {
	return url.Values{"email": {email}, "name": {"Д. Ким"}, "role": {"manager"}}
}

func TestAPersonIsAddedAndComesInByTheLink(t *testing.T) {
	s := newSite(t)
	admin := s.person(distribution.Admin)
	a := s.do(request{as: admin, url: "/users", form: newPerson("kim@example.kz")})
	require.Equal(t, http.StatusCreated, a.Code)
	link := a.html().Find(".link-once").Text()
	require.True(t, strings.HasPrefix(link, "http://example.com/invitations/"), link)
	assert.Equal(t, link, a.html().Find("[data-copy]").AttrOr("data-copy", ""))
	u, err := s.db.UserByEmail(t.Context(), "kim@example.kz")
	require.NoError(t, err)
	assert.Empty(t, u.PasswordHash)

	for _, page := range []string{"/users", "/users/" + u.ID} {
		body := s.do(request{as: admin, url: page}).Body.String()
		assert.NotContains(t, body, link, "it is shown once")
		assert.Contains(t, body, "приглашение отправлено")
	}
	assert.NotContains(t, s.log.String(), strings.TrimPrefix(link, "http://example.com/invitations/"))

	again := s.do(request{as: admin, url: "/users/" + u.ID + "/invitation", form: url.Values{}})
	newer := again.html().Find(".link-once").Text()
	require.NotEqual(t, link, newer)
	old, _ := strings.CutPrefix(link, "http://example.com")
	assert.Equal(t, http.StatusGone, s.do(request{url: old}).Code, "the earlier one has ended")
	to, _ := strings.CutPrefix(newer, "http://example.com")
	require.Equal(t, http.StatusSeeOther, s.do(request{url: to, form: url.Values{"password": {password}}}).Code)
	in := s.do(request{url: "/login", form: url.Values{"email": {"kim@example.kz"}, "password": {password}}})
	assert.Equal(t, http.StatusSeeOther, in.Code)
}

func TestAPersonWhoIsNotAdded(t *testing.T) {
	s := newSite(t)
	admin := s.person(distribution.Admin)
	for name, c := range map[string]struct {
		form  url.Values
		field string
	}{
		"taken":    {newPerson(admin.Email), "email"},
		"no email": {newPerson("kim"), "email"},
		"no name":  {with(newPerson("kim@example.kz"), "name", " "), "name"},
		"no role":  {with(newPerson("kim@example.kz"), "role", "owner"), "role"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.do(request{as: admin, url: "/users", form: c.form})
			require.Equal(t, http.StatusUnprocessableEntity, a.Code)
			bad := a.html().Find(`[aria-invalid="true"]`)
			require.Equal(t, 1, bad.Length())
			assert.Equal(t, c.field, bad.AttrOr("name", ""))
			assert.Equal(t, c.form.Get("email"), a.field("email"), "what was typed stays")
		})
	}
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: admin, url: "/users", form: with(newPerson("kim@example.kz"), "id", "1")}).Code)
	people, err := s.db.Users(t.Context())
	require.NoError(t, err)
	assert.Len(t, people, 1)
}

// The table on the page is the table of the rules.
func TestRolesAsAMatrix(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	matrix := func() map[string][]bool {
		rows := map[string][]bool{}
		s.do(request{as: auditor, url: "/users"}).html().Find("#roles tbody tr").Each(func(_ int, row *goquery.Selection) {
			var cells []bool
			row.Find("td").Each(func(_ int, cell *goquery.Selection) { cells = append(cells, cell.Find(".sr").Text() == "Да") })
			rows[row.Find("th").Text()] = cells
		})
		return rows
	}
	rows := matrix()
	assert.Len(t, rows, len(distribution.Actions()))
	const approves = "согласует и отклоняет чужие распределения, свои никогда"
	assert.Equal(t, []bool{false, true, false, false}, rows[approves])
	assert.Equal(t, []bool{true, true, false, true}, rows["останавливает отправку"])
	peers := storetest.OneApproval()
	peers.Peers = true
	storetest.SetPolicy(t, s.db, peers)
	assert.Equal(t, []bool{true, true, false, false}, matrix()[approves], "where the policy lets accountants")

	page := s.do(request{as: auditor, url: "/users/" + s.person(distribution.Manager).ID}).html().Find("main")
	assert.Zero(t, page.Find("form").Length(), "an auditor changes nothing")
	assert.Contains(t, page.Text(), approves)
}

func TestARoleIsChangedAndTheSessionsEnd(t *testing.T) {
	s := newSite(t)
	admin, maker := s.person(distribution.Admin), s.person(distribution.Accountant)
	require.Equal(t, http.StatusOK, s.do(request{as: maker, url: "/distributions"}).Code)
	a := s.do(request{as: admin, url: "/users/" + maker.ID + "/role", form: url.Values{"role": {"auditor"}}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	assert.Equal(t, "/users/"+maker.ID, a.location())
	assert.Contains(t, s.do(request{as: admin, url: a.location()}).html().Find(".notice").Text(), "теперь роль «Аудитор»")
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions"}).Code, "to the sign-in page")

	path := "/users/" + maker.ID
	require.Equal(t, http.StatusSeeOther, s.do(request{as: admin, url: path + "/disablement", form: url.Values{}}).Code)
	page := s.do(request{as: admin, url: path}).html()
	assert.Equal(t, 1, page.Find(`form[action="`+path+`/enablement"]`).Length())
	assert.Zero(t, page.Find(`form[action="`+path+`/disablement"]`).Length())
	assert.Equal(t, http.StatusConflict, s.do(request{as: admin, url: path + "/invitation", form: url.Values{}}).Code, "a shut account is opened first")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: admin, url: path + "/enablement", form: url.Values{}}).Code)
	assert.Equal(t, http.StatusOK, s.do(request{url: "/distributions", cookies: []*http.Cookie{s.signIn(maker.ID)}}).Code)
	assert.Equal(t, http.StatusNotFound, s.do(request{as: admin, url: "/users/nobody/role", form: url.Values{"role": {"auditor"}}}).Code)
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: admin, url: path + "/role", form: url.Values{"role": {"owner"}}}).Code)
}

func TestAnAdministratorDoesNotChangeThemself(t *testing.T) {
	s := newSite(t)
	admin := s.person(distribution.Admin)
	s.person(distribution.Admin)
	path := "/users/" + admin.ID
	page := s.do(request{as: admin, url: path}).html().Find("main")
	assert.Zero(t, page.Find("form").Length())
	for act, form := range map[string]url.Values{"role": {"role": {"manager"}}, "disablement": {}, "factor-reset": {}} {
		a := s.do(request{as: admin, url: path + "/" + act, form: form})
		assert.Equal(t, http.StatusForbidden, a.Code, act)
		assert.Contains(t, a.html().Find("main").Text(), "меняет другой администратор", act)
	}
}

// A change that leaves too few people to approve is said in words, and done only
// when that is ticked.
func TestTooFewApprovers(t *testing.T) {
	s := newSite(t)
	storetest.SetPolicy(t, s.db, distribution.Policy{Steps: []distribution.PolicyStep{{From: 1, Approvals: 2}}})
	admin, first := s.person(distribution.Admin), s.person(distribution.Manager)
	s.person(distribution.Manager)
	role := request{as: admin, url: "/users/" + first.ID + "/role", form: url.Values{"role": {"auditor"}}}
	shut := request{as: admin, url: "/users/" + first.ID + "/disablement", form: url.Values{}}
	for _, change := range []request{role, shut} {
		a := s.do(change)
		require.Equal(t, http.StatusUnprocessableEntity, a.Code)
		form := a.html().Find(`form[action="` + change.url + `"]`)
		assert.Contains(t, form.Text(), "Правило просит 2 согласующих. Останется 1.")
		assert.Equal(t, 1, form.Find(`input[name=confirm][value=approvers]`).Length())
	}
	assert.Equal(t, "auditor", s.do(role).html().Find("select[name=role] option[selected]").AttrOr("value", ""), "what was chosen stays")
	u, err := s.db.User(t.Context(), first.ID)
	require.NoError(t, err)
	assert.Equal(t, distribution.Manager, u.Role, "nothing is done yet")
	role.form = with(role.form, "confirm", "approvers")
	assert.Equal(t, http.StatusSeeOther, s.do(role).Code)
	back := request{as: admin, url: role.url, form: url.Values{"role": {"manager"}}}
	assert.Equal(t, http.StatusSeeOther, s.do(back).Code, "one more is no worry")
}

func TestChangingPeopleWantsAFreshProof(t *testing.T) {
	s := newSite(t)
	admin, other := s.person(distribution.Admin), s.person(distribution.Accountant)
	s.cookieOf(admin)
	s.clock.Advance(6 * time.Minute)
	a := s.do(request{as: admin, url: "/users/" + other.ID + "/role", form: url.Values{"role": {"auditor"}}})
	require.Equal(t, http.StatusForbidden, a.Code)
	assert.Equal(t, "auditor", a.field("role"), "the form goes with the proof")
	u, err := s.db.User(t.Context(), other.ID)
	require.NoError(t, err)
	assert.Equal(t, distribution.Accountant, u.Role)
}

func TestThePageOfOnesOwnAccount(t *testing.T) {
	s := newSite(t)
	for lang, title := range map[string]string{"ru": "Мой профиль", "kk": "Менің профилім", "en": "My account"} {
		a := s.do(request{as: s.person(distribution.Auditor), url: "/me", header: map[string]string{"Accept-Language": lang}})
		require.Equal(t, http.StatusOK, a.Code)
		assert.Equal(t, title, a.html().Find("h1").Text())
	}
	u := s.member("aigul@example.kz")
	me := u.Actor()
	for range 2 {
		s.do(request{url: "/login", form: url.Values{"email": {u.Email}, "password": {"wrong"}}})
	}
	mine := s.cookieOf(me)
	other := s.signIn(u.ID)
	page := s.do(request{as: me, url: "/me"}).html()
	assert.Equal(t, 2, page.Find("#sessions li").Length())
	assert.Contains(t, page.Find("#sessions li").First().Text(), "этот сеанс")
	assert.Equal(t, 2, page.Find("#failures li").Length())
	assert.Contains(t, page.Find("main").Text(), "выгружает реестр распределений")

	require.Equal(t, http.StatusSeeOther, s.do(request{as: me, url: "/me/sessions/revocation", form: url.Values{}}).Code)
	assert.Equal(t, http.StatusSeeOther, s.do(request{url: "/me", cookies: []*http.Cookie{other}}).Code, "ended")
	assert.Equal(t, http.StatusOK, s.do(request{url: "/me", cookies: []*http.Cookie{mine}}).Code, "this one stays")
}

func TestAPasswordIsChanged(t *testing.T) {
	s := newSite(t)
	u := s.member("aigul@example.kz")
	me := u.Actor()
	const next = "синий чайник у окна 7"
	change := func(old, next string) *answer {
		return s.do(request{as: me, url: "/me/password", form: url.Values{"old": {old}, "new": {next}}})
	}
	assert.Contains(t, s.do(request{as: me, url: "/me"}).html().Find("#password").Text(), "Не короче 15 символов", "said beforehand")
	for name, c := range map[string]struct{ old, next, field string }{
		"wrong old": {"not this one, no", next, "old"},
		"short":     {password, "коротко", "new"},
	} {
		a := change(c.old, c.next)
		require.Equal(t, http.StatusUnprocessableEntity, a.Code, name)
		assert.Equal(t, 1, a.html().Find(`input[aria-invalid=true]`).Length(), name)
		assert.Equal(t, 1, a.html().Find(`input[name=`+c.field+`][aria-invalid=true]`).Length(), name)
		assert.Empty(t, a.field("old"), "a password is never drawn again")
	}
	mine, other := s.cookieOf(me), s.signIn(u.ID)
	a := change(password, next)
	require.Equal(t, http.StatusSeeOther, a.Code)
	fresh := a.cookie("plexydash")
	require.NotNil(t, fresh)
	for _, old := range []*http.Cookie{mine, other} {
		assert.Equal(t, http.StatusSeeOther, s.do(request{url: "/me", cookies: []*http.Cookie{old}}).Code, "the old tokens are dead")
	}
	page := s.do(request{url: "/me", cookies: []*http.Cookie{fresh}})
	require.Equal(t, http.StatusOK, page.Code)
	assert.Contains(t, page.html().Find(".notice").Text(), "Пароль изменён")
	assert.Equal(t, http.StatusUnauthorized, s.do(request{url: "/login", form: url.Values{"email": {u.Email}, "password": {password}}}).Code)
	assert.Equal(t, http.StatusSeeOther, s.do(request{url: "/login", form: url.Values{"email": {u.Email}, "password": {next}}}).Code)
}

func TestGuessingThePasswordOfAnOpenSessionIsSlowedDown(t *testing.T) {
	s := newSite(t)
	u := s.member("aigul@example.kz")
	var last *answer
	for range 11 {
		last = s.do(request{as: u.Actor(), url: "/me/password", form: url.Values{"old": {"guess"}, "new": {"whatever it is, long"}}})
	}
	assert.Equal(t, http.StatusTooManyRequests, last.Code)
	assert.NotEmpty(t, last.Header().Get("Retry-After"))
}
