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
	"plexydash/store"
	"plexydash/store/storetest"
)

func sending(state, reason string) url.Values {
	return url.Values{"state": {state}, "reason": {reason}}
}

// banner is what the page says of a stop, in the language.
func (s *site) banner(as distribution.Actor, page, lang string) string {
	s.t.Helper()
	a := s.do(request{as: as, url: page, header: map[string]string{"Accept-Language": lang}})
	return strings.Join(strings.Fields(a.html().Find(".banner.is-kill").Text()), " ")
}

func TestSendingIsStoppedFromAnyPageAndStartedByAManager(t *testing.T) {
	s := newSite(t)
	maker, manager, auditor, admin := s.person(distribution.Accountant), s.person(distribution.Manager), s.person(distribution.Auditor), s.person(distribution.Admin)
	storetest.Queued(t, s.db, maker)
	for _, who := range []distribution.Actor{maker, manager, admin} {
		link := s.do(request{as: who, url: "/distributions"}).html().Find(`.bar a[href="/settings/sending"]`)
		assert.Equal(t, 1, link.Length(), who.Role)
	}
	assert.Zero(t, s.do(request{as: auditor, url: "/distributions"}).html().Find(`.bar a[href="/settings/sending"]`).Length(), "an auditor may not")

	a := s.do(request{as: maker, url: "/settings/sending", form: sending("off", "  ")})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code, "a reason is needed")
	assert.Equal(t, "true", a.html().Find(`textarea[name=reason]`).AttrOr("aria-invalid", ""))
	assert.Empty(t, s.banner(maker, "/distributions", "ru"))

	for range 2 {
		a = s.do(request{as: maker, url: "/settings/sending", form: sending("off", "чужой платёж в очереди")})
		require.Equal(t, http.StatusSeeOther, a.Code)
		assert.Equal(t, "/settings/sending", a.location())
	}
	c, err := s.db.Claim(t.Context(), distribution.System("sender"), storetest.Wire)
	require.NoError(t, err)
	assert.Nil(t, c, "nothing is claimed after the press")

	for _, page := range []string{"/distributions", "/balance", "/settings/sending", "/nothing"} {
		for lang, words := range map[string]string{"ru": "ОТПРАВКА ОСТАНОВЛЕНА", "kk": "ЖІБЕРУ ТОҚТАТЫЛДЫ", "en": "SENDING IS STOPPED"} {
			text := s.banner(auditor, page, lang)
			assert.Contains(t, text, words, page)
			assert.Contains(t, text, "чужой платёж в очереди", page)
			assert.Contains(t, text, maker.Name, page)
		}
	}
	assert.Contains(t, s.banner(manager, "/balance", "ru"), "Запустить снова")
	assert.Contains(t, s.banner(maker, "/balance", "ru"), "Что делать")

	for _, who := range []distribution.Actor{maker, admin} {
		assert.Equal(t, http.StatusForbidden, s.do(request{as: who, url: "/settings/sending", form: sending("on", "")}).Code, who.Role)
	}
	woken := s.woken
	a = s.do(request{as: manager, url: "/settings/sending", form: sending("on", "сверено")})
	require.Equal(t, http.StatusSeeOther, a.Code)
	assert.Equal(t, woken+1, s.woken, "the sender is told")
	assert.Empty(t, s.banner(manager, "/distributions", "ru"))
	storetest.Claim(t, s.db)

	page := s.do(request{as: auditor, url: "/settings"}).html().Find("main").Text()
	assert.Contains(t, page, "чужой платёж в очереди", "past stops are listed")
	assert.Contains(t, page, "сверено")
	for _, bad := range []url.Values{sending("unit", "x"), sending("", "x"), {"state": {"off"}, "reason": {"a"}, "more": {"b"}}} {
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: manager, url: "/settings/sending", form: bad}).Code)
	}
}

func TestEveryStopIsToldAndHowItEnds(t *testing.T) {
	s := newSite(t, func(d *deps) { d.handlers.Submit = false })
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	require.NoError(t, s.db.Stop(t.Context(), distribution.System("sender"), store.StopClock, "clock moved", ""))
	require.NoError(t, s.db.Stop(t.Context(), distribution.System("guard"), store.StopInvariant, "I3", ""))
	require.NoError(t, s.db.StopSending(t.Context(), maker, "сверка"))
	require.NoError(t, s.db.SyncFailed(t.Context(), distribution.System("syncer"), store.Unauthorized))

	text := s.banner(maker, "/balance", "ru")
	for _, part := range []string{"выключена в настройках", "Часы этого компьютера", "противоречие: I3", "«сверка»", "не принимает наш ключ"} {
		assert.Contains(t, text, part)
	}
	page := s.do(request{as: manager, url: "/settings/sending"}).html()
	assert.Equal(t, 5, page.Find("main .list-item").Length(), "how each of them ends")
	assert.Zero(t, page.Find(`input[name=state][value=off]`).Length(), "a person stopped it already")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: "/settings/sending", form: sending("on", "")}).Code)
	stops, err := s.db.Stops(t.Context())
	require.NoError(t, err)
	require.Len(t, stops, 1, "a person and the clock are lifted, a contradiction is not")
	assert.Equal(t, store.StopInvariant, stops[0].Kind)
}

// unitAlarm lets Plexy debit a hundred times the amount.
func (s *site) unitAlarm(maker distribution.Actor) distribution.Distribution {
	s.t.Helper()
	c := storetest.Sending(s.t, s.db, maker)
	return storetest.Finish(s.t, s.db, c, store.OutcomeOK, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, "plx-1", "created")
		before, after := distribution.Amount(90_000_000_00), 90_000_000_00-100*d.Amount
		r.BalanceBefore, r.BalanceAfter = &before, &after
		return d.Answer(r)
	})
}

func TestTheUnitAlarmIsLiftedByAProposal(t *testing.T) {
	s := newSite(t)
	maker, manager, admin := s.person(distribution.Accountant), s.person(distribution.Manager), s.person(distribution.Admin)
	d := s.unitAlarm(maker)

	text := s.banner(maker, "/balance", "ru")
	assert.Contains(t, text, d.OrderReference)
	assert.Contains(t, text, "15 000 000,00 ₸, а должно было быть 150 000,00 ₸")
	assert.Zero(t, s.do(request{as: maker, url: "/settings/sending"}).html().Find(`form[action$="/proposal"]`).Length())
	assert.Zero(t, s.do(request{as: manager, url: "/settings/sending"}).html().Find(`input[name=state][value=on]`).Length(), "nobody lifts it alone")

	propose := func(as distribution.Actor, reason string) *answer {
		return s.do(request{as: as, url: "/settings/sending/proposal", form: url.Values{"reason": {reason}}})
	}
	assert.Equal(t, http.StatusUnprocessableEntity, propose(manager, "").Code)
	for range 2 {
		a := propose(manager, "сверено с выпиской")
		require.Equal(t, http.StatusSeeOther, a.Code)
		assert.Equal(t, "/proposals", a.location())
	}
	a := propose(admin, "и я")
	assert.Equal(t, http.StatusConflict, a.Code, "one is open already")
	assert.Equal(t, 1, a.html().Find(`main a[href="/proposals"]`).Length())
	assert.Contains(t, s.do(request{as: admin, url: "/settings/sending"}).html().Find("main").Text(), manager.Name)

	open, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	require.Len(t, open, 1)
	_, err = s.db.Confirm(t.Context(), admin, open[0].ID)
	require.NoError(t, err)
	assert.Empty(t, s.banner(maker, "/balance", "ru"))
}

func TestLimitsAreProposedByOneAdministratorAndConfirmedByAnother(t *testing.T) {
	s := newSite(t)
	first, second, auditor := s.person(distribution.Admin), s.person(distribution.Admin), s.person(distribution.Auditor)
	storetest.SetPolicy(t, s.db, storetest.OneApproval())
	propose := func(each, day, reason string) *answer {
		return s.do(request{as: first, url: "/settings/limits", form: url.Values{"limitEach": {each}, "limitDay": {day}, "reason": {reason}}})
	}
	assert.Zero(t, s.do(request{as: auditor, url: "/settings"}).html().Find(`main form`).Length(), "an auditor reads")

	a := propose("1.250", "много", "")
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	for name, typed := range map[string]string{"limitEach": "1.250", "limitDay": "много"} {
		field := a.html().Find(`[name="` + name + `"]`)
		assert.Equal(t, typed, field.AttrOr("value", ""), "what was typed stays")
		assert.Equal(t, "true", field.AttrOr("aria-invalid", ""), name)
	}
	assert.Equal(t, "true", a.html().Find(`textarea[name=reason]`).AttrOr("aria-invalid", ""))

	a = propose("5 000 000,00", "", "новый договор")
	require.Equal(t, http.StatusSeeOther, a.Code)
	page := s.do(request{as: first, url: "/settings"}).html()
	assert.Zero(t, page.Find(`form[action="/settings/limits"]`).Length(), "one proposal at a time")
	policy, err := s.db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, storetest.OneApproval(), policy, "nothing holds before it is confirmed")

	open, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	_, err = s.db.Confirm(t.Context(), second, open[0].ID)
	require.NoError(t, err)
	policy, err = s.db.Policy(t.Context())
	require.NoError(t, err)
	want := storetest.OneApproval()
	want.LimitEach = 5_000_000_00
	assert.Equal(t, want, policy, "approvals stay as they were")
	assert.Equal(t, "5\u00a0000\u00a0000,00", s.do(request{as: first, url: "/settings"}).field("limitEach"))
}

func TestAnAmountOverTheLimitIsToldBeforehand(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := s.made(maker, filled(s.token(maker)))
	storetest.SetPolicy(t, s.db, distribution.Policy{LimitEach: 100_000_00, LimitDay: 100_000_00})

	for lang, words := range map[string]string{"ru": "Сумма больше лимита", "kk": "лимитінен асады", "en": "the limit is"} {
		review := s.do(request{as: maker, url: "/distributions/" + id + "/review", header: map[string]string{"Accept-Language": lang}})
		assert.Contains(t, review.html().Find(".notice.is-red").Text(), words)
		assert.Contains(t, review.html().Find(".notice.is-red").Text(), "100\u00a0000,00")
		assert.Zero(t, review.html().Find(`form[action$="/submission"] button[type=submit]`).Length())
	}
	a := s.do(request{as: maker, url: "/distributions/" + id + "/submission", form: url.Values{}})
	assert.Equal(t, http.StatusConflict, a.Code)
	assert.Contains(t, a.html().Find("main").Text(), "Сумма больше лимита")
	form := s.do(request{as: maker, url: "/distributions/" + id + "/edit"})
	assert.Contains(t, form.html().Find("#amount-hint").Text(), "100\u00a0000,00")

	storetest.SetPolicy(t, s.db, distribution.Policy{LimitDay: 100_000_00})
	review := s.do(request{as: maker, url: "/distributions/" + id + "/review"})
	assert.Contains(t, review.html().Text(), "Дневной лимит исчерпан")
	assert.Equal(t, 1, review.html().Find(`form[action$="/submission"] button[type=submit]`).Length(), "it waits for its day")
}

func TestIntegrity(t *testing.T) {
	s := newSite(t)
	maker, auditor := s.person(distribution.Accountant), s.person(distribution.Auditor)
	storetest.Unknown(t, s.db, maker)
	s.clock.Advance(90 * time.Minute)
	storetest.Queued(t, s.db, maker)
	require.NoError(t, s.db.SyncSucceeded(t.Context(), distribution.System("syncer")))
	for lang, words := range map[string]string{"ru": "Целостность", "kk": "Тұтастық", "en": "Integrity"} {
		a := s.do(request{as: auditor, url: "/integrity", header: map[string]string{"Accept-Language": lang}})
		require.Equal(t, http.StatusOK, a.Code)
		doc := a.html()
		assert.Equal(t, words, doc.Find("h1").Text())
		assert.Equal(t, 10, doc.Find("main tbody tr").Length(), "every rule, looked at or not")
		assert.Equal(t, "1", doc.Find(`main a[href="/unknown"]`).First().Text())
		assert.NotZero(t, doc.Find(`.rail a[href="/integrity"]`).Length())
	}
	assert.Contains(t, s.do(request{as: auditor, url: "/integrity"}).html().Text(), "1 ч назад")
	assert.Zero(t, s.do(request{as: maker, url: "/balance"}).html().Find(`.rail a[href="/integrity"]`).Length())
}

// Alarms that wait for somebody stop nothing, and the page must not say so.
func TestIntegritySaysThatSendingIsStoppedWhenItIs(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	for _, c := range []struct {
		found store.Invariant
		red   int
	}{
		{store.Invariant{Code: "I11", Breaches: 2, Examples: []string{"one", "two"}}, 0},
		{store.Invariant{Code: "I5", Stops: true, Breaches: 1, Examples: []string{"one"}}, 1},
	} {
		require.NoError(t, s.db.KeepInvariantCheck(t.Context(), store.InvariantCheck{At: s.clock.Now(), Results: []store.Invariant{c.found}}))
		doc := s.do(request{as: auditor, url: "/integrity"}).html()
		assert.Equal(t, c.red, doc.Find("main .notice.is-red").Length(), c.found.Code)
		assert.Equal(t, c.found.Stops, strings.Contains(doc.Find("main tbody").Text(), "one"), "examples are for who repairs")
	}
}
