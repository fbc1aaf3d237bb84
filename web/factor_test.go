package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/web/session"
)

// code is what the person's app shows now.
func (s *site) code(id string) string {
	s.t.Helper()
	f, err := s.db.Factor(s.t.Context(), id)
	require.NoError(s.t, err)
	code, err := totp.GenerateCode(session.SecretText(f.Secret), s.clock.Now())
	require.NoError(s.t, err)
	return code
}

// withFactor sets up a second factor as people do, and returns the recovery
// codes and the cookies.
func (s *site) withFactor(u store.User) (recovery []string, in []*http.Cookie) {
	s.t.Helper()
	in = s.signInAs(u.Email, password, "").Result().Cookies()
	a := s.do(request{url: "/me/factor", form: url.Values{}, cookies: in})
	require.Equal(s.t, http.StatusSeeOther, a.Code)
	a = s.do(request{url: "/me/factor/confirmation", form: url.Values{"code": {s.code(u.ID)}}, cookies: in})
	require.Equal(s.t, http.StatusOK, a.Code)
	for _, li := range a.html().Find("ol.code li").EachIter() {
		recovery = append(recovery, li.Text())
	}
	require.Len(s.t, recovery, 10)
	s.clock.Advance(time.Minute) // the next code
	return recovery, in
}

func TestSettingUpASecondFactor(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	in := s.signInAs(u.Email, password, "").Result().Cookies()
	page := func() *answer { return s.do(request{url: "/me/factor", cookies: in}) }
	assert.Empty(t, page().html().Find("svg.qr").Nodes, "reading makes no secret")
	s.do(request{url: "/me/factor", form: url.Values{}, cookies: in})
	offered := page().html()
	f, err := s.db.Factor(t.Context(), u.ID)
	require.NoError(t, err)
	secret := session.SecretText(f.Secret)
	assert.Contains(t, strings.ReplaceAll(offered.Find("main").Text(), " ", ""), secret)
	assert.Len(t, offered.Find("svg.qr path").AttrOr("d", "")[:2], 2)
	assert.Zero(t, offered.Find("[style]").Length(), "the policy of content forbids it")

	wrong := s.do(request{url: "/me/factor/confirmation", form: url.Values{"code": {"000000"}}, cookies: in})
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Equal(t, http.StatusSeeOther, s.signInAs(u.Email, password, "").Code, "not in force before a code proved it")

	recovery, _ := s.withFactor(u)
	assert.NotContains(t, s.dump(), strings.ReplaceAll(recovery[0], "-", ""), "only hashes are kept")
	again := s.do(request{url: "/me/factor", cookies: in})
	assert.NotContains(t, again.Body.String(), recovery[0], "shown once")
	assert.NotContains(t, again.Body.String(), secret)
}

func TestSigningInWithASecondFactor(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	recovery, _ := s.withFactor(u)
	half := func() []*http.Cookie {
		a := s.signInAs(u.Email, password, "/balance")
		require.Equal(t, http.StatusSeeOther, a.Code)
		require.Equal(t, "/login/factor?next=%2Fbalance", a.location())
		require.Nil(t, a.cookie("plexydash"), "the password alone opens nothing")
		return a.Result().Cookies()
	}
	step := func(cookies []*http.Cookie, code string) *answer {
		return s.do(request{url: "/login/factor", form: url.Values{"code": {code}, "next": {"/balance"}}, cookies: cookies})
	}
	cookies := half()
	assert.Equal(t, http.StatusSeeOther, s.do(request{url: "/balance", cookies: cookies}).Code)
	assert.Equal(t, http.StatusUnauthorized, step(cookies, "000000").Code)
	code := s.code(u.ID)
	in := step(cookies, code[:3]+" "+code[3:])
	require.Equal(t, http.StatusSeeOther, in.Code)
	assert.Equal(t, "/balance", in.location())
	assert.Equal(t, http.StatusOK, s.do(request{url: "/balance", cookies: in.Result().Cookies()}).Code)
	assert.Equal(t, "/login", step(cookies, code).location()[:6], "the step is spent")
	assert.Equal(t, http.StatusUnauthorized, step(half(), code).Code, "a code works once")

	byRecovery := step(half(), strings.ToLower(recovery[3]))
	require.Equal(t, http.StatusSeeOther, byRecovery.Code)
	told := s.do(request{url: "/balance", cookies: byRecovery.Result().Cookies()}).html().Find("main").Text()
	assert.Contains(t, told, "Осталось кодов: 9")
	assert.Equal(t, http.StatusUnauthorized, step(half(), recovery[3]).Code, "a recovery code works once")

	cookies = half()
	s.clock.Advance(5 * time.Minute)
	assert.Equal(t, "/login?next=%2Fbalance", step(cookies, s.code(u.ID)).location(), "too late: the password again")
}

// A wrong code counts like a wrong password: there are a million of them.
func TestGuessingCodesIsSlowedDown(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	s.withFactor(u)
	cookies := s.signInAs(u.Email, password, "").Result().Cookies()
	for range 10 {
		require.Equal(t, http.StatusUnauthorized, s.do(request{url: "/login/factor", form: url.Values{"code": {"000000"}}, cookies: cookies}).Code)
	}
	a := s.do(request{url: "/login/factor", form: url.Values{"code": {s.code(u.ID)}}, cookies: cookies})
	require.Equal(t, http.StatusTooManyRequests, a.Code)
	assert.Equal(t, "30", a.Header().Get("Retry-After"))
}

// Whom the policy asks for a second factor may set it up, and nothing else.
func TestThePolicyAsksForASecondFactor(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	require.NoError(t, s.db.SetPolicy(t.Context(), distribution.CLI("root"), distribution.Policy{FactorRoles: []distribution.Role{distribution.Accountant}}))
	in := s.signInAs(u.Email, password, "").Result().Cookies()
	for _, r := range []request{{url: "/"}, {url: "/distributions"}, {url: "/distributions/new"}, {url: "/distributions", form: url.Values{}}} {
		r.cookies = in
		a := s.do(r)
		assert.Equal(t, http.StatusSeeOther, a.Code, r.url)
		assert.Equal(t, "/me/factor", a.location(), r.url)
	}
	assert.Equal(t, http.StatusOK, s.do(request{url: "/me/factor", cookies: in}).Code)
	assert.Equal(t, http.StatusOK, s.do(request{as: s.person(distribution.Auditor), url: "/distributions"}).Code, "others are not asked")
	_, in = s.withFactor(u)
	assert.Equal(t, http.StatusOK, s.do(request{url: "/distributions", cookies: in}).Code)
	code := s.code(u.ID)
	a := s.do(request{url: "/me/factor/removal", form: url.Values{"password": {password}, "code": {code}}, cookies: in})
	assert.Equal(t, http.StatusConflict, a.Code)
}

func TestRemovingOnesSecondFactor(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	_, in := s.withFactor(u)
	remove := func(password, code string) *answer {
		return s.do(request{url: "/me/factor/removal", form: url.Values{"password": {password}, "code": {code}}, cookies: in})
	}
	assert.Equal(t, http.StatusForbidden, remove("wrong", s.code(u.ID)).Code)
	assert.Equal(t, http.StatusForbidden, remove(password, "000000").Code)

	// A short password may not be left alone.
	u, err := s.db.User(t.Context(), u.ID)
	require.NoError(t, err)
	hash, err := session.HashPassword("жмых-654", u, false)
	require.NoError(t, err)
	require.NoError(t, s.db.SetPassword(t.Context(), distribution.CLI("root"), u.ID, hash))
	s.clock.Advance(time.Minute)
	half := s.signInAs(u.Email, "жмых-654", "").Result().Cookies()
	in = s.do(request{url: "/login/factor", form: url.Values{"code": {s.code(u.ID)}}, cookies: half}).Result().Cookies()
	s.clock.Advance(time.Minute)
	assert.Equal(t, http.StatusUnprocessableEntity, remove("жмых-654", s.code(u.ID)).Code)

	// If somebody else takes the factor away, nothing opens but a new one.
	require.NoError(t, s.db.RemoveFactor(t.Context(), s.person(distribution.Admin), u.ID))
	assert.Equal(t, "/login?next=%2Fdistributions", s.do(request{url: "/distributions", cookies: in}).location(), "signed out")
	in = s.signInAs(u.Email, "жмых-654", "").Result().Cookies()
	assert.Equal(t, "/me/factor", s.do(request{url: "/distributions", cookies: in}).location())
}

func TestInvitationLink(t *testing.T) {
	s := newSite(t)
	u := s.person(distribution.Manager)
	token, err := s.db.Invite(t.Context(), distribution.CLI("root"), u.ID)
	require.NoError(t, err)
	link := "/invitations/" + token
	a := s.do(request{url: link})
	require.Equal(t, http.StatusOK, a.Code)
	assert.Contains(t, a.html().Find("main").Text(), u.Email)
	for _, bad := range []string{"", "короткий", "passwordpassword"} {
		assert.Equal(t, http.StatusUnprocessableEntity, s.do(request{url: link, form: url.Values{"password": {bad}}}).Code, bad)
	}
	a = s.do(request{url: link, form: url.Values{"password": {password}}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	assert.Equal(t, http.StatusOK, s.do(request{url: "/distributions", cookies: a.Result().Cookies()}).Code, "signed in")
	assert.Equal(t, http.StatusSeeOther, s.signInAs(u.Email, password, "").Code)
	for _, r := range []request{{url: link}, {url: link, form: url.Values{"password": {password + "!"}}}, {url: "/invitations/nothing"}} {
		assert.Equal(t, http.StatusGone, s.do(r).Code, "used, or never was")
	}
	assert.NotContains(t, s.log.String(), token)
	assert.NotContains(t, s.dump(), token)
}
