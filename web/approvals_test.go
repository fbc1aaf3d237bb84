package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// plain is text with ordinary spaces.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

// submitted is one of a million that an accountant made on the pages.
func (s *site) submitted(maker distribution.Actor, amount string) distribution.Distribution {
	s.t.Helper()
	v := with(with(filled(s.token(maker)), "amount", amount), "orderReference", "")
	v = with(v, "paymentPurpose", "Оплата по договору 118, "+amount)
	id := s.made(maker, v)
	require.Equal(s.t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions/" + id + "/submission", form: url.Values{}}).Code)
	return s.distribution(id)
}

func code(d distribution.Distribution) url.Values {
	return url.Values{"code": {distribution.Code(d.SubmittedHash)}}
}

func TestAMillionIsPaidOnceAManagerApproves(t *testing.T) {
	s := newSite(t)
	storetest.SetPolicy(t, s.db, distribution.DefaultPolicy())
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)

	form := plain(s.do(request{as: maker, url: "/distributions/new"}).html().Find("aside").Text())
	assert.Contains(t, form, "От 1 000 000,00 ₸: 1 согласование", "told before anything is typed")
	typing := plain(s.do(request{as: maker, url: "/approvals/requirement?amount=1+000+000", partial: true}).html().Text())
	assert.Contains(t, typing, "Нужно 1 согласование другого сотрудника.")
	assert.Contains(t, typing, manager.Name)
	assert.Contains(t, s.do(request{as: maker, url: "/approvals/requirement?amount=999999,99"}).html().Text(), "Согласование не нужно")

	d := s.submitted(maker, "1 000 000")
	page := "/distributions/" + d.ID
	require.Equal(t, distribution.AwaitingApproval, d.Status)
	assert.Contains(t, plain(s.do(request{as: maker, url: page}).html().Find("main").Text()), "Согласовать могут: "+manager.Name, "after submission")

	seen := s.do(request{as: manager, url: page}).html()
	shown := seen.Find(`form[action="`+page+`/approval"] [name="code"]`).AttrOr("value", "")
	assert.Equal(t, code(d).Get("code"), shown)
	for range 2 { // pressed twice
		a := s.do(request{as: manager, url: page + "/approval", form: url.Values{"code": {shown}}})
		require.Equal(t, http.StatusSeeOther, a.Code)
		require.Equal(t, page, a.location())
	}
	require.Equal(t, distribution.Queued, s.distribution(d.ID).Status)
	assert.Positive(t, s.woken)

	c := storetest.Claim(t, s.db)
	require.Equal(t, d.ID, c.Distribution.ID)
	paid := storetest.Remote(&c.Distribution, "P-1", "paid")
	storetest.Finish(t, s.db, c, store.OutcomeOK, func(d *distribution.Distribution) (distribution.Event, error) { return d.Answer(paid) })
	assert.Equal(t, []distribution.Person{manager.Person}, s.distribution(d.ID).ApprovedBy)
	assert.NotEmpty(t, s.distribution(d.ID).PlexyID)
}

func TestThePageOfOneSaysHowManyOfHowMany(t *testing.T) {
	s := newSite(t)
	storetest.SetPolicy(t, s.db, distribution.DefaultPolicy())
	maker, first, second := s.person(distribution.Accountant), s.person(distribution.Manager), s.person(distribution.Manager)
	d := s.submitted(maker, "10 000 000")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: first, url: "/distributions/" + d.ID + "/approval", form: code(d)}).Code)
	for who, want := range map[distribution.Actor]string{
		maker: "Вы автор, решает другой сотрудник.", first: "Вы это уже согласовали, решает другой сотрудник.", second: "Согласовать 10 000 000,00 ₸",
	} {
		panel := s.do(request{as: who, url: "/distributions/" + d.ID}).html().Find(`[aria-labelledby="approval"]`)
		assert.Contains(t, plain(panel.Text()), "Согласовано: 1 из 2")
		assert.Contains(t, plain(panel.Text()), want)
		assert.Equal(t, who == second, panel.Find("form").Length() == 1)
	}
}

func TestTheQueueShowsWhatIsUnusual(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	storetest.Accepted(t, s.db, maker, "P-1")
	storetest.SetPolicy(t, s.db, distribution.DefaultPolicy())
	s.submitted(maker, "1 200 000")
	late := s.submitted(maker, "1 300 000")
	s.told(2_000_000_00)

	page := s.do(request{as: manager, url: "/approvals"}).html()
	rows := page.Find(".queue-item")
	require.Equal(t, 2, rows.Length())
	assert.Contains(t, rows.Eq(0).Text(), "Контрольная цифра БИН/ИИН", "its maker ticked it")
	assert.NotContains(t, rows.Eq(0).Text(), "больше свободного", "two millions are enough for the first")
	assert.Contains(t, rows.Eq(1).Text(), "Сумма больше свободного остатка")
	assert.Contains(t, plain(page.Find(".bulk").Text()), "Свободно −500 000,00 ₸: все суммы, которые ждут согласования, уже вычтены")
	assert.Equal(t, "2", page.Find(`.rail-item[href="/approvals"] .rail-count`).First().Text())

	open := s.do(request{as: manager, url: "/approvals?open=" + late.ID}).html().Find("#peek")
	assert.Contains(t, plain(open.Text()), "1 300 000,00 ₸")
	assert.Equal(t, 1, open.Find("form").Length())
	assert.Equal(t, "1 300 000,00 ₸", plain(open.Find("mark").First().Text()), "what differs from the last payment is marked")

	for _, who := range []distribution.Actor{maker, s.person(distribution.Auditor), s.person(distribution.Admin)} {
		page := s.do(request{as: who, url: "/approvals"}).html()
		assert.Equal(t, 2, page.Find(".queue-item").Length())
		assert.Zero(t, page.Find(".bulk, .tick:not([disabled])").Length())
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: who, url: "/approvals?tab=mine"}).Code)
	}
	for _, bad := range []string{"?tab=x", "?cursor=x", "?more=1"} {
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: manager, url: "/approvals" + bad}).Code, bad)
	}
}

func TestOneBadItemDoesNotStopTheRest(t *testing.T) {
	s := newSite(t)
	storetest.SetPolicy(t, s.db, distribution.DefaultPolicy())
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	var items []string
	var all []distribution.Distribution
	for i := range 4 {
		d := s.submitted(maker, fmt.Sprint(1_000_001+i))
		all, items = append(all, d), append(items, d.ID+" "+code(d).Get("code"))
	}
	items[1] = all[1].ID + " 000000"
	items = append(items, "01900000-0000-7000-8000-000000000000 000000")
	for range 2 { // pressed twice, with the same answer
		a := s.do(request{as: manager, url: "/approvals", form: url.Values{"item": items}})
		require.Equal(t, http.StatusOK, a.Code)
		text := plain(a.html().Find("main").Text())
		assert.Contains(t, text, "Согласовано: 3 документа")
		assert.Contains(t, text, "Не согласовано: 2 документа")
		assert.Contains(t, text, "Документ изменился после того")
		assert.Contains(t, text, "Такого распределения нет")
	}
	for i, d := range all {
		assert.Equal(t, i != 1, s.distribution(d.ID).Status == distribution.Queued, i)
	}
	assert.Equal(t, 3, s.do(request{as: manager, url: "/approvals?tab=decided"}).html().Find("main .list-item").Length())

	nothing := s.do(request{as: manager, url: "/approvals", form: url.Values{}})
	assert.Equal(t, "/approvals", nothing.location())
	for _, bad := range []url.Values{{"item": {"x"}}, {"item": make([]string, 51)}, {"id": {all[1].ID}}} {
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: manager, url: "/approvals", form: bad}).Code)
	}
	own := s.do(request{as: maker, url: "/approvals", form: url.Values{"item": {all[1].ID + " " + code(all[1]).Get("code")}}})
	assert.Contains(t, own.html().Find("main").Text(), "Ваша роль этого не разрешает")
	assert.Equal(t, distribution.AwaitingApproval, s.distribution(all[1].ID).Status)
}

func TestAStaleOrMissingCodeIsAConflict(t *testing.T) {
	s := newSite(t)
	storetest.SetPolicy(t, s.db, distribution.DefaultPolicy())
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	d := s.submitted(maker, "1 000 000")
	page := "/distributions/" + d.ID
	read := code(d)
	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: page + "/withdrawal", form: url.Values{}}).Code)
	form := s.do(request{as: maker, url: page + "/edit"})
	v := with(filled(form.field("formToken")), "amount", "1 900 000")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: page + "/edit", form: v}).Code)
	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: page + "/submission", form: url.Values{}}).Code)
	before := s.distribution(d.ID)

	for _, act := range []url.Values{read, {"code": {""}}, {}} {
		for path, more := range map[string]url.Values{"/approval": {}, "/decline": {"reason": {"нет договора"}}} {
			for name := range act {
				more[name] = act[name]
			}
			a := s.do(request{as: manager, url: page + path, form: more})
			require.Equal(t, http.StatusConflict, a.Code)
			main := a.html().Find("main")
			assert.Contains(t, main.Text(), "Решение не принято")
			assert.Equal(t, 1, main.Find(`a[href="`+page+`"].is-primary`).Length(), "read it again")
			if act.Get("code") != "" {
				assert.Contains(t, plain(main.Find("table").Text()), "1 000 000,00 ₸1 900 000,00 ₸")
			}
		}
	}
	assert.Equal(t, before, s.distribution(d.ID))
	for _, field := range []string{"state", "approvedBy", "amountMinor", "reason"} {
		a := s.do(request{as: manager, url: page + "/approval", form: with(code(before), field, "x")})
		assert.Equal(t, http.StatusBadRequest, a.Code, field)
	}
	assert.Equal(t, before, s.distribution(d.ID))
}

func TestADeclinedOneGoesBackWithTheReason(t *testing.T) {
	s := newSite(t)
	storetest.SetPolicy(t, s.db, distribution.DefaultPolicy())
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	d := s.submitted(maker, "1 000 000")
	page := "/distributions/" + d.ID
	form := s.do(request{as: manager, url: page + "/decline?code=" + code(d).Get("code")})
	require.Equal(t, code(d).Get("code"), form.field("code"))
	empty := s.do(request{as: manager, url: page + "/decline", form: with(code(d), "reason", "  ")})
	assert.Equal(t, http.StatusUnprocessableEntity, empty.Code)
	assert.Equal(t, "true", empty.html().Find("#reason").AttrOr("aria-invalid", ""))
	for range 2 {
		a := s.do(request{as: manager, url: page + "/decline", form: with(code(d), "reason", "Нет номера договора")})
		require.Equal(t, http.StatusSeeOther, a.Code)
	}
	seen := s.do(request{as: maker, url: page}).html()
	assert.Contains(t, seen.Find("#status-line").Text(), "Нет номера договора")
	assert.Equal(t, 1, seen.Find(`a[href="`+page+`/edit"]`).Length(), "its maker edits it")
	assert.Equal(t, http.StatusConflict, s.do(request{as: s.person(distribution.Manager), url: page + "/approval", form: code(d)}).Code)
}

func TestAPolicyIsProposedWholeAndChecked(t *testing.T) {
	s := newSite(t)
	admin, second := s.person(distribution.Admin), s.person(distribution.Admin)
	s.person(distribution.Manager)
	s.person(distribution.Accountant)
	for name, row := range map[string]struct {
		form  url.Values
		field string
		says  string
	}{
		"more people than there are": {url.Values{"from1": {"1000"}, "approvals1": {"2"}}, "approvals1", "Правило требует согласований: 2, а согласовать могут сотрудников: 1."},
		"too many":                   {url.Values{"from1": {"1000"}, "approvals1": {"6"}}, "approvals1", "от 0 до 5"},
		"no number":                  {url.Values{"from1": {"1000"}, "approvals1": {""}}, "approvals1", "от 0 до 5"},
		"no amount":                  {url.Values{"from1": {""}, "approvals1": {"1"}}, "from1", "Заполните это поле."},
		"not an amount":              {url.Values{"from1": {"много"}, "approvals1": {"1"}}, "from1", "Сумма не читается"},
		"not ascending":              {url.Values{"from1": {"1000"}, "approvals1": {"1"}, "from3": {"1000"}, "approvals3": {"0"}}, "from3", "больше, чем в строке выше"},
		"no reason":                  {url.Values{"reason": {""}}, "reason", "Заполните это поле."},
	} {
		t.Run(name, func(t *testing.T) {
			if !row.form.Has("reason") {
				row.form.Set("reason", "новый регламент")
			}
			a := s.do(request{as: admin, url: "/settings/limits", form: row.form})
			require.Equal(t, http.StatusUnprocessableEntity, a.Code)
			assert.Contains(t, a.html().Find("#"+row.field+"-error").Text(), row.says)
			for field := range row.form {
				assert.Equal(t, row.form.Get(field), a.html().Find("#"+field).AttrOr("value", a.html().Find("#"+field).Text()), "as typed")
			}
		})
	}
	good := url.Values{
		"from1": {"0"}, "approvals1": {"0"}, "from2": {"500 000"}, "approvals2": {"1"}, "peers": {"on"}, "limitEach": {"5 000 000"}, "limitDay": {""}, "reason": {"регламент"},
	}
	require.Equal(t, http.StatusSeeOther, s.do(request{as: admin, url: "/settings/limits", form: good}).Code)
	dec, err := s.db.OpenDecisions(t.Context())
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, s.do(request{as: admin, url: "/proposals/" + dec[0].ID + "/confirmation", form: url.Values{}}).Code, "another one decides")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: second, url: "/proposals/" + dec[0].ID + "/confirmation", form: url.Values{}}).Code)
	p, err := s.db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, distribution.Policy{
		Steps: []distribution.PolicyStep{{From: 0, Approvals: 0}, {From: 500_000_00, Approvals: 1}}, Peers: true, LimitEach: 5_000_000_00,
	}, p)
	again := s.do(request{as: admin, url: "/settings"})
	assert.Equal(t, "500 000,00", plain(again.field("from2")))
	_, checked := again.html().Find(`[name="peers"]`).Attr("checked")
	assert.True(t, checked)
}
