package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
	"plexydash/web/session"
)

// proving is a person with a password whose sign-in is six minutes old.
func proving(t *testing.T, s *site, role distribution.Role) ([]*http.Cookie, distribution.Actor) {
	t.Helper()
	u := s.member(string(role) + "-proof@demo.kz")
	_, err := s.db.SetRole(t.Context(), distribution.CLI("root"), u.ID, role)
	require.NoError(t, err)
	u, err = s.db.User(t.Context(), u.ID)
	require.NoError(t, err)
	in := s.signInAs(u.Email, password, "").Result().Cookies()
	s.clock.Advance(session.FreshFor + time.Minute)
	return in, u.Actor()
}

func limits(more ...string) url.Values {
	v := url.Values{"limitEach": {"5000"}, "limitDay": {""}, "reason": {"договор <b>№ 5</b>"}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// An old proof gets a page that asks, and nothing is done; the page has the form
// in it, so that the person's answer does it.
func TestActionsThatWantAFreshProof(t *testing.T) {
	s := newSite(t)
	in, _ := proving(t, s, distribution.Admin)
	open := func() int {
		all, err := s.db.OpenDecisions(t.Context())
		require.NoError(t, err)
		return len(all)
	}
	post := func(v url.Values) *answer {
		return s.do(request{url: "/settings/limits", form: v, cookies: in})
	}
	require.Equal(t, http.StatusOK, s.do(request{url: "/settings", cookies: in}).Code, "reading never asks")

	asked := post(limits())
	require.Equal(t, http.StatusForbidden, asked.Code)
	form := asked.html().Find(`main form[method="post"][action="/settings/limits"]`)
	require.Equal(t, 1, form.Length())
	for name, values := range limits() {
		assert.Equal(t, values[0], form.Find(`input[type=hidden][name="`+name+`"]`).AttrOr("value", "absent"), name)
	}
	assert.Equal(t, 1, form.Find("input[type=password][name=proofPassword]").Length())
	require.Zero(t, open())

	require.Equal(t, http.StatusForbidden, post(limits("proofPassword", "wrong")).Code)
	require.Equal(t, http.StatusForbidden, post(limits("proofPassword", "")).Code)
	require.Zero(t, open())
	require.Equal(t, http.StatusBadRequest, post(limits("proofPassword", password, "status", "paid")).Code, "the other fields are still read strictly")
	require.Equal(t, http.StatusSeeOther, post(limits("proofPassword", password)).Code)
	require.Equal(t, 1, open())

	a := s.do(request{url: "/settings/sending/proposal", form: url.Values{"reason": {"x"}}, cookies: in})
	assert.Equal(t, http.StatusConflict, a.Code, "for five minutes nothing is asked again")
	s.clock.Advance(session.FreshFor)
	a = s.do(request{url: "/settings/sending/proposal", form: url.Values{"reason": {"x"}}, cookies: in})
	assert.Equal(t, http.StatusForbidden, a.Code)
	assert.NotContains(t, s.log.String(), password)
}

func TestGuessingAProofIsSlowedDown(t *testing.T) {
	s := newSite(t)
	in, _ := proving(t, s, distribution.Admin)
	for range 10 {
		require.Equal(t, http.StatusForbidden, s.do(request{url: "/settings/limits", form: limits("proofPassword", "wrong"), cookies: in}).Code)
	}
	a := s.do(request{url: "/settings/limits", form: limits("proofPassword", password), cookies: in})
	require.Equal(t, http.StatusTooManyRequests, a.Code)
	assert.NotEmpty(t, a.Header().Get("Retry-After"))
	assert.Equal(t, "договор <b>№ 5</b>", a.field("reason"), "the form is still there")
}

// With a second factor the password alone proves nothing.
func TestAProofWithASecondFactor(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	_, in := s.withFactor(u)
	s.clock.Advance(session.FreshFor)
	post := func(v url.Values) *answer {
		return s.do(request{url: "/me/factor/confirmation", form: v, cookies: in})
	}
	asked := post(url.Values{"code": {"1"}})
	require.Equal(t, http.StatusForbidden, asked.Code)
	assert.Equal(t, 1, asked.html().Find("input[name=proofCode]").Length())
	assert.Equal(t, http.StatusForbidden, post(url.Values{"code": {"1"}, "proofPassword": {password}}).Code)
	a := post(url.Values{"code": {"1"}, "proofPassword": {password}, "proofCode": {s.code(u.ID)}})
	assert.Equal(t, http.StatusUnprocessableEntity, a.Code, "the action itself is judged now")
}

// Handing over is an ordinary press where nobody has to approve, and the first
// signature where somebody has to.
func TestHandingOverWantsAProofOnlyWhereApprovalIsNeeded(t *testing.T) {
	for name, c := range map[string]struct {
		steps []distribution.PolicyStep
		want  int
	}{
		"no approval": {nil, http.StatusSeeOther},
		"below":       {[]distribution.PolicyStep{{From: 1_000_000_00, Approvals: 1}}, http.StatusSeeOther},
		"approval":    {[]distribution.PolicyStep{{From: 1, Approvals: 1}}, http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			storetest.SetPolicy(t, s.db, distribution.Policy{Steps: c.steps})
			in, maker := proving(t, s, distribution.Accountant)
			id := storetest.Draft(t, s.db, maker).ID
			a := s.do(request{url: "/distributions/" + id + "/submission", form: url.Values{}, cookies: in})
			require.Equal(t, c.want, a.Code)
			if c.want != http.StatusForbidden {
				return
			}
			assert.Equal(t, distribution.Draft, s.distribution(id).Status)
			a = s.do(request{url: "/distributions/" + id + "/submission", form: url.Values{"proofPassword": {password}}, cookies: in})
			require.Equal(t, http.StatusSeeOther, a.Code)
			assert.Equal(t, distribution.AwaitingApproval, s.distribution(id).Status)
		})
	}
}

// A form that comes after its session has ended is carried through the sign-in
// and back into its page. Nothing is sent.
func TestWhatWasTypedComesBackAfterSigningIn(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	in := s.signInAs(u.Email, password, "").Result().Cookies()
	v := with(filled(s.do(request{url: "/distributions/new", cookies: in}).field("formToken")), "paymentPurpose", `За услуги "А" & <Б>`)
	s.clock.Advance(time.Hour)

	late := s.do(request{url: "/distributions", form: v, cookies: in, header: map[string]string{"Referer": "http://example.com/distributions/new"}})
	require.Equal(t, http.StatusUnauthorized, late.Code)
	carried := late.field("typed")
	require.NotEmpty(t, carried)
	wrong := s.do(request{url: "/login", form: url.Values{"email": {u.Email}, "password": {"wrong"}, "typed": {carried}}})
	require.Equal(t, http.StatusUnauthorized, wrong.Code)
	require.Equal(t, carried, wrong.field("typed"), "a slip loses nothing")

	back := s.do(request{url: "/login", form: url.Values{"email": {u.Email}, "password": {password}, "next": {late.field("next")}, "typed": {carried}}})
	require.Equal(t, http.StatusSeeOther, back.Code)
	require.Equal(t, "/distributions/new?draft="+v.Get("formToken"), back.location(), "it is kept as a draft")
	form := s.do(request{url: back.location(), cookies: back.Result().Cookies()})
	require.Equal(t, http.StatusOK, form.Code)
	for _, name := range []string{"formToken", "amount", "recipient.iban", "recipient.name"} {
		assert.Equal(t, v.Get(name), form.field(name), name)
	}
	assert.Equal(t, v.Get("paymentPurpose"), form.html().Find(`[name="paymentPurpose"]`).Text())
	assert.Contains(t, form.html().Find("main").Text(), "Ничего не отправлено")
	assert.Equal(t, []string{"0"}, s.query(s.raw(), "SELECT count(*) FROM distributions"), "nothing was made")
	again := s.do(request{url: back.location(), cookies: back.Result().Cookies()})
	assert.Equal(t, v.Get("amount"), again.field("amount"), "kept until it is sent")
}

func TestAnotherFormComesBackToBeSentByHand(t *testing.T) {
	s := newSite(t)
	in, _ := proving(t, s, distribution.Admin)
	s.clock.Advance(time.Hour)
	late := s.do(request{url: "/settings/limits", form: limits("newPassword", "secret"), cookies: in, header: map[string]string{"Referer": "http://example.com/settings"}})
	require.Equal(t, http.StatusUnauthorized, late.Code)
	assert.NotContains(t, late.field("typed"), "secret", "never a password")
	back := s.do(request{url: "/login", form: url.Values{"email": {"admin-proof@demo.kz"}, "password": {password}, "typed": {late.field("typed")}}})
	require.Equal(t, "/resumption", back.location())
	page := s.do(request{url: "/resumption", cookies: back.Result().Cookies()})
	require.Equal(t, http.StatusOK, page.Code)
	form := page.html().Find(`form[action="/settings/limits"]`)
	assert.Equal(t, "договор <b>№ 5</b>", form.Find("textarea[name=reason]").Text())
	assert.Equal(t, "5000", form.Find("[name=limitEach]").AttrOr("value", ""))
	assert.Equal(t, "/settings", page.html().Find("a.btn.is-quiet").AttrOr("href", ""))
	open, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	assert.Empty(t, open, "nothing is sent by itself")
}

// What is carried is read as strictly as anything else that comes from outside.
func TestCarriedFormsOfOthersAreRefused(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	for _, bad := range []string{"x", `{"to":"//evil.example/x","page":"/","fields":{}}`, `{"to":"/x","page":"https://evil.example","fields":{}}`, `{"to":"/x","page":"/","fields":{"a":["` + strings.Repeat("b", 20_000) + `"]}}`} {
		a := s.do(request{url: "/login", form: url.Values{"email": {u.Email}, "password": {password}, "typed": {bad}}})
		assert.Equal(t, http.StatusBadRequest, a.Code, "%.60s", bad)
	}
}

func TestTheLastSignInIsTold(t *testing.T) {
	s := newSite(t)
	u := s.member("a@demo.kz")
	page := func() string {
		in := s.signInAs(u.Email, password, "/distributions").Result().Cookies()
		return s.do(request{url: "/distributions", cookies: in}).html().Find("main").Text()
	}
	assert.NotContains(t, page(), "Предыдущий вход", "there was none")
	s.clock.Advance(time.Hour)
	assert.Contains(t, page(), "192.0.2.1")
}

// Whom the policy asks for a second factor is proposed by one administrator and
// shown to the other.
func TestProposingWhoNeedsASecondFactor(t *testing.T) {
	s := newSite(t)
	one, other := s.person(distribution.Admin), s.person(distribution.Admin)
	storetest.SetPolicy(t, s.db, distribution.Policy{LimitEach: 7})
	a := s.do(request{as: one, url: "/settings/factors", form: url.Values{"manager": {"on"}, "admin": {"on"}, "reason": {"правила банка"}}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	assert.Contains(t, s.do(request{as: other, url: "/proposals"}).html().Find("main").Text(), "Второй фактор обязателен")
	open, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Equal(t, http.StatusSeeOther, s.do(request{as: other, url: "/proposals/" + open[0].ID + "/confirmation", form: url.Values{}}).Code)
	p, err := s.db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, distribution.Policy{LimitEach: 7, FactorRoles: []distribution.Role{distribution.Manager, distribution.Admin}}, p)
}

// Two forms propose a policy, and only one proposal can be open. The second form
// is refused aloud, even to the person whose proposal is in its way.
func TestAnotherPolicyIsNotLostBehindTheFirst(t *testing.T) {
	s := newSite(t)
	admin := s.person(distribution.Admin)
	limits := url.Values{"limitEach": {"5000"}, "limitDay": {""}, "reason": {"договор"}}
	for range 2 { // pressed twice
		a := s.do(request{as: admin, url: "/settings/limits", form: limits})
		require.Equal(t, http.StatusSeeOther, a.Code)
		assert.Equal(t, "/proposals", a.location())
	}
	for address, form := range map[string]url.Values{
		"/settings/factors": {"manager": {"on"}, "reason": {"договор"}},
		"/settings/limits":  {"limitEach": {"7000"}, "limitDay": {""}, "reason": {"договор"}},
	} {
		a := s.do(request{as: admin, url: address, form: form})
		require.Equal(t, http.StatusConflict, a.Code, address)
		assert.Equal(t, 1, a.html().Find(`main a[href="/proposals"]`).Length())
	}
}
