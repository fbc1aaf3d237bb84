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
	"plexydash/store"
	"plexydash/store/storetest"
)

// mismatchOf is one that Plexy accepted with another amount.
func mismatchOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	c := storetest.Sending(t, s.db, by)
	return storetest.Finish(t, s.db, c, store.OutcomeDiffers, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, store.NewID(), "created")
		r.Amount++
		return d.Differ(r)
	}).ID
}

// foreignOf is a row of Plexy that pays the same as d, made elsewhere since.
func foreignOf(t *testing.T, s *site, d distribution.Distribution) string {
	t.Helper()
	s.clock.Advance(time.Minute)
	r := storetest.Remote(&d, "plexy-"+store.NewID(), "paid")
	r.OrderReference, r.ByID = store.NewReference(), true
	r.CreatedAt = s.clock.Now()
	seen := store.Seen{Remotes: []distribution.Remote{r}, Answer: storetest.Answer("detail", s.clock.Now())}
	_, err := s.db.ApplyRemote(t.Context(), distribution.System("syncer"), seen, nil)
	require.NoError(t, err)
	return r.PlexyID
}

func (s *site) openDecision(id string) *distribution.Decision {
	s.t.Helper()
	open, err := s.db.OpenDecisions(s.t.Context())
	require.NoError(s.t, err)
	for _, dec := range open {
		if dec.Subject == id {
			return &dec
		}
	}
	return nil
}

// Two people end a doubt without scripts: each kind by its form, from the link
// on the distribution's page to the state that was decided on.
func TestTwoPeopleDecide(t *testing.T) {
	for kind, c := range map[distribution.DecisionKind]struct {
		thing func(*testing.T, *site, distribution.Actor) string
		after time.Duration
		want  distribution.Status
	}{
		distribution.DecideResend:  {thing: notFoundOf, want: distribution.Queued},
		distribution.DecideClose:   {thing: notFoundOf, want: distribution.Abandoned},
		distribution.DecideTicket:  {thing: unknownOf, after: 25 * time.Hour, want: distribution.NotFound},
		distribution.DecideLink:    {thing: unknownOf, want: distribution.Paid},
		distribution.DecideOurs:    {thing: mismatchOf, want: distribution.Accepted},
		distribution.DecideNotOurs: {thing: mismatchOf, want: distribution.Unknown},
	} {
		t.Run(string(kind), func(t *testing.T) {
			s := newSite(t)
			maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
			id := c.thing(t, s, maker)
			if kind == distribution.DecideLink {
				foreignOf(t, s, s.distribution(id))
			}
			s.later(c.after)
			page := s.do(request{as: maker, url: "/distributions/" + id}).html()
			link := page.Find(`a[href="/distributions/` + id + `/resolution?kind=` + string(kind) + `"]`)
			require.Equal(t, 1, link.Length(), "offered")
			assert.NotEmpty(t, page.Find("#"+link.AttrOr("aria-describedby", "-")).Text(), "with its consequence")

			form := s.do(request{as: maker, url: link.AttrOr("href", "")}).html().Find(`form[action$="/resolution"]`)
			require.Equal(t, 1, form.Length())
			filled := hidden(form)
			filled.Set("reason", "Plexy ответил письмом")
			if kind == distribution.DecideTicket {
				filled.Set("ticket", "TT-4711")
			}
			if kind == distribution.DecideLink {
				filled.Set("plexyId", form.Find("select[name=plexyId] option").Last().AttrOr("value", ""))
			}
			before := s.distribution(id).Status
			proposed := s.do(request{as: maker, url: form.AttrOr("action", ""), form: filled})
			require.Equal(t, http.StatusSeeOther, proposed.Code, proposed.Body.String())
			assert.Equal(t, "/distributions/"+id, proposed.location())
			assert.Equal(t, before, s.distribution(id).Status, "a proposal changes nothing")

			own := s.do(request{as: maker, url: "/distributions/" + id}).html().Find("main")
			assert.Contains(t, own.Text(), "Plexy ответил письмом")
			assert.Zero(t, own.Find(`form[action$="/confirmation"]`).Length(), "another person decides")
			assert.Equal(t, 1, own.Find(`form[action$="/withdrawal"]`).Length())
			assert.Zero(t, own.Find(`a[href*="/resolution?kind="]`).Length(), "the proposal stands in place of the buttons")

			confirm := s.do(request{as: manager, url: "/proposals"}).html().Find(`form[action$="/confirmation"]`)
			require.Equal(t, 1, confirm.Length())
			for range 2 { // a double click
				confirmed := s.do(request{as: manager, url: confirm.AttrOr("action", ""), form: url.Values{}})
				assert.Equal(t, http.StatusSeeOther, confirmed.Code)
				assert.Equal(t, "/distributions/"+id, confirmed.location())
			}
			assert.Equal(t, c.want, s.distribution(id).Status)
			history := s.do(request{as: maker, url: "/distributions/" + id}).html().Find(".timeline").Text()
			assert.Contains(t, history, manager.Name+", предложение: "+maker.Name)
		})
	}
}

// hidden are the fields of a form that nobody types.
func hidden(form *goquery.Selection) url.Values {
	v := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, e *goquery.Selection) { v.Set(e.AttrOr("name", ""), e.AttrOr("value", "")) })
	return v
}

// An unknown outcome is not for people yet: what they will be able to do says
// from when, and what it waits for.
func TestWhatHasToWaitSaysSo(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := unknownOf(t, s, maker)
	offers := func() string {
		page := s.do(request{as: maker, url: "/distributions/" + id}).html().Find("section:has(#offers)")
		assert.Equal(t, 4, page.Find("button[disabled], a.btn").Length())
		return page.Text()
	}
	fresh := offers()
	assert.Contains(t, fresh, "Можно после 24.11.2026 12:00:00, когда его не найдут 2 полных просмотра.")
	assert.Contains(t, fresh, "Можно после 24.11.2026 12:00:00: до этого Plexy ещё может исполнить его с опозданием.")
	assert.Contains(t, fresh, "Подходящих записей в Plexy нет.")
	s.later(24 * time.Hour)
	assert.Contains(t, offers(), "Сначала его должны не найти 2 полных просмотра; пока 0.")

	for kind, want := range map[string]int{"close": 409, "resend": 409, "ours": 409, "override": 409, "unit": 400, "policy": 400, "x": 400, "": 400, "ticket": 200} {
		a := s.do(request{as: maker, url: "/distributions/" + id + "/resolution?kind=" + kind})
		assert.Equal(t, want, a.Code, kind)
		if want == http.StatusConflict {
			assert.Contains(t, a.html().Find("main").Text(), "Сейчас статус: «Результат неизвестен»", kind)
		}
	}
	for _, role := range []distribution.Role{distribution.Auditor, distribution.Admin} {
		page := s.do(request{as: s.person(role), url: "/distributions/" + id}).html()
		assert.Zero(t, page.Find("#offers, form[action$='/resolution']").Length(), role)
		assert.Equal(t, 1, page.Find("#sweeps").Length(), "the evidence is for all")
	}
}

func TestAProposalNeedsItsReason(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	missed, unknown := notFoundOf(t, s, maker), unknownOf(t, s, maker)
	row := foreignOf(t, s, s.distribution(unknown))
	s.later(25 * time.Hour)
	for name, c := range map[string]struct {
		id    string
		form  url.Values
		field string
	}{
		"no reason":      {missed, url.Values{"kind": {"close"}, "reason": {"  "}}, "reason"},
		"long reason":    {missed, url.Values{"kind": {"close"}, "reason": {strings.Repeat("ы", 1001)}}, "reason"},
		"no ticket":      {unknown, url.Values{"kind": {"ticket"}, "reason": {"письмо"}}, "ticket"},
		"no row":         {unknown, url.Values{"kind": {"link"}, "reason": {"письмо"}}, "plexyId"},
		"row is gone":    {unknown, url.Values{"kind": {"link"}, "reason": {"письмо"}, "plexyId": {"nothing"}}, "plexyId"},
		"row, no reason": {unknown, url.Values{"kind": {"link"}, "plexyId": {row}}, "reason"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.do(request{as: maker, url: "/distributions/" + c.id + "/resolution", form: c.form})
			require.Equal(t, http.StatusUnprocessableEntity, a.Code)
			form := a.html().Find(`form[action$="/resolution"]`)
			assert.Equal(t, 1, form.Find(`[name="`+c.field+`"][aria-invalid=true]`).Length())
			assert.Equal(t, 1, form.Find("[aria-invalid]").Length())
			assert.Equal(t, strings.TrimSpace(c.form.Get("reason")), form.Find("[name=reason]").Text(), "what was typed is kept")
			if c.form.Has("plexyId") {
				assert.Equal(t, c.form.Get("plexyId"), form.Find("[name=plexyId] option[selected]").AttrOr("value", ""))
			}
			assert.Nil(t, s.openDecision(c.id))
		})
	}
}

// One proposal at a time; the second press of one person is the first.
func TestProposingTwice(t *testing.T) {
	s := newSite(t)
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	id := notFoundOf(t, s, maker)
	propose := func(as distribution.Actor, kind, reason string) *answer {
		return s.do(request{as: as, url: "/distributions/" + id + "/resolution", form: url.Values{"kind": {kind}, "reason": {reason}}})
	}
	assert.Equal(t, http.StatusSeeOther, propose(maker, "close", "письмо").Code)
	assert.Equal(t, http.StatusSeeOther, propose(maker, "close", "письмо").Code, "a double click")
	for _, c := range []struct {
		as           distribution.Actor
		kind, reason string
	}{{maker, "resend", "письмо"}, {other, "close", "письмо"}, {maker, "close", "письмо от 3 ноября"}} {
		a := propose(c.as, c.kind, c.reason)
		require.Equal(t, http.StatusConflict, a.Code)
		assert.Contains(t, a.html().Find("main").Text(), "уже ждёт второго человека другое предложение")
		assert.Equal(t, 1, a.html().Find(`main a[href="/distributions/`+id+`"]`).Length())
	}
	open, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	assert.Len(t, open, 1)
}

// Who may not settle a proposal is told why on the page, and refused when asking
// all the same, in every language.
func TestWhoMayNotSettle(t *testing.T) {
	s := newSite(t)
	maker, manager, second := s.person(distribution.Accountant), s.person(distribution.Manager), s.person(distribution.Manager)
	id := notFoundOf(t, s, maker)
	dec := s.proposal(manager, distribution.DecideResend, id)
	words := map[string][2]string{
		"ru": {"Это предложили вы: решает другой сотрудник.", "Ваша роль этого не разрешает."},
		"kk": {"Мұны сіз ұсындыңыз: басқа қызметкер шешеді.", "Сіздің рөліңіз бұған рұқсат бермейді."},
		"en": {"You proposed this: another person decides.", "Your role does not allow this."},
	}
	for lang, want := range words {
		ask := func(as distribution.Actor) *answer {
			return s.do(request{as: as, url: "/proposals/" + dec.ID + "/confirmation", form: url.Values{}, cookies: []*http.Cookie{{Name: "lang", Value: lang}}})
		}
		own := ask(manager)
		assert.Equal(t, http.StatusForbidden, own.Code)
		assert.Contains(t, own.html().Find("main").Text(), want[0])
		for _, as := range []distribution.Actor{maker, s.person(distribution.Auditor), s.person(distribution.Admin)} {
			a := ask(as)
			assert.Equal(t, http.StatusForbidden, a.Code, as.Role)
			assert.Contains(t, a.html().Find("main").Text(), want[1])
		}
	}
	page := s.do(request{as: manager, url: "/proposals"}).html()
	assert.Contains(t, page.Find("main").Text(), words["ru"][0])
	assert.Zero(t, page.Find(`form[action$="/confirmation"], form[action$="/refusal"]`).Length())
	assert.Equal(t, distribution.NotFound, s.distribution(id).Status)

	refuse := func(reason string) *answer {
		return s.do(request{as: second, url: "/proposals/" + dec.ID + "/refusal", form: url.Values{"reason": {reason}}})
	}
	empty := refuse(" ")
	require.Equal(t, http.StatusUnprocessableEntity, empty.Code)
	assert.Equal(t, 1, empty.html().Find(`details[open] textarea[aria-invalid=true]`).Length())
	assert.Equal(t, http.StatusSeeOther, refuse("ещё ждём ответа").Code)
	assert.Equal(t, http.StatusSeeOther, refuse("ещё ждём ответа").Code, "a double click")
	assert.Contains(t, s.do(request{as: maker, url: "/proposals"}).html().Find("main").Text(), "ещё ждём ответа", "settled of late")
	assert.Contains(t, s.do(request{as: maker, url: "/distributions/" + id}).html().Find(".timeline").Text(), "отклонено · "+second.Name)
}

// What changed meanwhile is said, and nothing is done.
func TestAProposalThatIsNoLongerSo(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	confirm := func(dec distribution.Decision) string {
		a := s.do(request{as: manager, url: "/proposals/" + dec.ID + "/confirmation", form: url.Values{}})
		require.Equal(t, http.StatusConflict, a.Code)
		assert.Equal(t, 1, a.html().Find(`main a[href="/proposals"]`).Length())
		return a.html().Find("main").Text()
	}
	found := notFoundOf(t, s, maker)
	dec := s.proposal(maker, distribution.DecideResend, found)
	late := s.distribution(found)
	r := storetest.Remote(&late, "plexy-1", "paid")
	r.ByID = true
	seen := store.Seen{Remotes: []distribution.Remote{r}, Answer: storetest.Answer("detail", s.clock.Now())}
	_, err := s.db.ApplyRemote(t.Context(), distribution.System("reconciler"), seen, nil)
	require.NoError(t, err)
	assert.Contains(t, confirm(dec), "Предложение отпало: статус распределения изменился раньше")
	assert.Equal(t, distribution.Paid, s.distribution(found).Status)

	draft := storetest.Draft(t, s.db, maker)
	stale := s.proposal(maker, distribution.DecideOverride, draft.ID)
	_, err = s.db.Edit(t.Context(), maker, draft.ID, storetest.Filled(t))
	require.NoError(t, err)
	assert.Contains(t, confirm(stale), "Распределение изменилось после предложения")
	card := s.do(request{as: manager, url: "/proposals"}).html().Find("#proposal-" + stale.ID)
	assert.Zero(t, card.Find(`form[action$="/confirmation"]`).Length(), "only a refusal is offered")
	assert.Equal(t, 1, card.Find(`form[action$="/refusal"]`).Length())
}

// The same payment under way is offered to two people, and then goes out.
func TestASecondPaymentOfTheSame(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	same := func(f *distribution.Form) { f.Purpose = "Оплата по договору 7" }
	first, second := storetest.Queued(t, s.db, maker, same), storetest.Draft(t, s.db, maker, same)
	submit := func() *answer {
		return s.do(request{as: maker, url: "/distributions/" + second.ID + "/submission", form: url.Values{}})
	}
	refused := submit()
	require.Equal(t, http.StatusConflict, refused.Code)
	link := refused.html().Find(`a[href="/distributions/` + second.ID + `/resolution?kind=override"]`)
	require.Equal(t, 1, link.Length())
	form := s.do(request{as: maker, url: link.AttrOr("href", "")}).html()
	assert.Equal(t, 1, form.Find(`main a[href="/distributions/`+first.ID+`"]`).Length(), "the one under way")
	a := s.do(request{as: maker, url: "/distributions/" + second.ID + "/resolution", form: url.Values{"kind": {"override"}, "reason": {"две поставки"}}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	dec := s.openDecision(second.ID)
	require.NotNil(t, dec)
	require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: "/proposals/" + dec.ID + "/confirmation", form: url.Values{}}).Code)
	assert.Equal(t, distribution.Draft, s.distribution(second.ID).Status, "its maker sends it")
	assert.Equal(t, http.StatusSeeOther, submit().Code)
	assert.Equal(t, distribution.Queued, s.distribution(second.ID).Status)

	alone := storetest.Draft(t, s.db, maker)
	assert.Equal(t, http.StatusConflict, s.do(request{as: maker, url: "/distributions/" + alone.ID + "/resolution?kind=override"}).Code)
}

// Decisions about sending as a whole stand on the same page.
func TestDecisionsAboutSending(t *testing.T) {
	s := newSite(t)
	maker, manager, admin, other := s.person(distribution.Accountant), s.person(distribution.Manager), s.person(distribution.Admin), s.person(distribution.Admin)
	raiser := storetest.Accepted(t, s.db, maker, "plexy-1")
	require.NoError(t, s.db.Stop(t.Context(), distribution.System("sender"), store.StopUnit, "debited", raiser.ID))
	unit, err := s.db.Propose(t.Context(), manager, store.Proposal{Kind: distribution.DecideUnit, Reason: "сверили с выпиской"}, 0)
	require.NoError(t, err)
	policy, err := s.db.Propose(t.Context(), admin, store.Proposal{
		Kind: distribution.DecidePolicy, Reason: "новый регламент", Policy: &distribution.Policy{LimitDay: 1_000_000_00},
	}, 0)
	require.NoError(t, err)

	page := s.do(request{as: admin, url: "/proposals"}).html()
	text := strings.ReplaceAll(page.Find("main").Text(), "\u00a0", " ")
	assert.Contains(t, text, "1 000 000,00 ₸")
	assert.Contains(t, text, "без лимита")
	assert.Equal(t, 1, page.Find(`#proposal-`+unit.ID+` a[href="/distributions/`+raiser.ID+`"]`).Length())
	assert.Equal(t, 1, page.Find(`#proposal-`+unit.ID+` form[action$="/confirmation"]`).Length())
	assert.Zero(t, page.Find(`#proposal-`+policy.ID+` form[action$="/confirmation"]`).Length(), "own")

	confirm := func(as distribution.Actor, dec distribution.Decision) *answer {
		return s.do(request{as: as, url: "/proposals/" + dec.ID + "/confirmation", form: url.Values{}})
	}
	assert.Equal(t, http.StatusForbidden, confirm(s.person(distribution.Manager), unit).Code, "two managers are one role")
	assert.Equal(t, http.StatusForbidden, confirm(manager, policy).Code)
	assert.Equal(t, "/proposals", confirm(other, policy).location())
	assert.Equal(t, "/proposals", confirm(admin, unit).location())
	stops, err := s.db.Stops(t.Context())
	require.NoError(t, err)
	assert.Empty(t, stops)
	now, err := s.db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, distribution.Amount(1_000_000_00), now.LimitDay)
}
