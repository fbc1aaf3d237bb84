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

// keeps sends the form to be kept, as the script does.
func (s *site) keeps(as distribution.Actor, token string, v url.Values, query string) *answer {
	s.t.Helper()
	return s.do(request{as: as, url: "/drafts/" + token + query, form: v, partial: true})
}

func TestAFormIsKeptAndResumed(t *testing.T) {
	s := newSite(t)
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	token := s.token(maker)
	v := with(with(filled(token), "amount", " 1.250 "), "recipient.iban", "KZ86")
	a := s.keeps(maker, token, v, "")
	require.Equal(t, http.StatusNoContent, a.Code)
	assert.Equal(t, "12:00:00", a.Header().Get("Draft-Kept-At"), "in Almaty")
	assert.Equal(t, []string{"0"}, s.query(s.raw(), "SELECT count(*) FROM distributions"))

	address := "/distributions/new?draft=" + token
	for _, name := range []string{"signed in", "signed in again"} {
		form := s.do(request{as: maker, url: address})
		require.Equal(t, http.StatusOK, form.Code, name)
		assert.Equal(t, token, form.field("formToken"))
		assert.Equal(t, " 1.250 ", form.field("amount"), "as typed")
		assert.Equal(t, "true", form.html().Find("#recipient-iban").AttrOr("aria-invalid", ""), "what is filled in is looked at")
		assert.Contains(t, form.html().Find("[data-keep-state]").First().Text(), "Черновик сохранён 12:00:00")
		assert.Zero(t, form.html().Find("#form-summary").Length(), "nobody sent it yet")
		delete(s.cookies, maker.ID)
	}
	assert.Equal(t, http.StatusNotFound, s.do(request{as: other, url: address}).Code)

	list := s.do(request{as: maker, url: "/drafts"}).html()
	assert.Equal(t, 1, list.Find(`main a[href="`+address+`"]`).Length())
	assert.NotContains(t, s.do(request{as: other, url: "/drafts"}).html().Text(), "TOO Credit Partner")

	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/drafts/" + token + "/removal", form: url.Values{}}).Code)
	assert.Contains(t, s.do(request{as: maker, url: "/drafts"}).html().Find("main").Text(), "Незаконченных форм нет")
	assert.Equal(t, http.StatusNotFound, s.do(request{as: maker, url: address}).Code)
}

func TestAKeptFormGoesWithItsDistribution(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	require.Equal(t, http.StatusNoContent, s.keeps(maker, token, filled(token), "").Code)
	a := s.do(request{as: maker, url: "/distributions", form: with(filled(token), "confirm")})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	assert.Equal(t, http.StatusOK, s.do(request{as: maker, url: "/distributions/new?draft=" + token}).Code, "a 422 spends nothing")

	id := s.made(maker, filled(token))
	assert.Equal(t, http.StatusConflict, s.keeps(maker, token, filled(token), "").Code, "late")
	back := s.do(request{as: maker, url: "/distributions/new?draft=" + token})
	assert.Equal(t, "/distributions/"+id+"/review", back.location(), "going back ends at what it became")
	kept, err := s.db.FormDrafts(t.Context(), maker.ID)
	require.NoError(t, err)
	assert.Empty(t, kept)
}

func TestAnEditIsKeptBesideTheDistribution(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := s.made(maker, filled(s.token(maker)))
	page := s.do(request{as: maker, url: "/distributions/" + id + "/edit"})
	token := page.field("formToken")
	assert.Equal(t, "/drafts/"+token+"?edit="+id, page.html().Find("form.form").AttrOr("data-keep", ""))

	asDrawn := with(with(filled(token), "amount", page.field("amount")), "recipient.iban", page.field("recipient.iban"))
	a := s.keeps(maker, token, asDrawn, "?edit="+id)
	require.Equal(t, http.StatusNoContent, a.Code)
	assert.Empty(t, a.Header().Get("Draft-Kept-At"), "nothing was changed: nothing is kept")

	require.Equal(t, http.StatusNoContent, s.keeps(maker, token, with(asDrawn, "amount", "7"), "?edit="+id).Code)
	address := "/distributions/" + id + "/edit?draft=" + token
	assert.Equal(t, "7", s.do(request{as: maker, url: address}).field("amount"))
	assert.Equal(t, 1, s.do(request{as: maker, url: "/drafts"}).html().Find(`main a[href="`+address+`"]`).Length())
	assert.Equal(t, http.StatusNotFound, s.do(request{as: maker, url: "/distributions/new?draft=" + token}).Code, "of another page")
	assert.EqualValues(t, 150_000_00, s.distribution(id).Amount)

	asDrawn = with(asDrawn, "amount", page.field("amount"))
	require.Equal(t, http.StatusNoContent, s.keeps(maker, token, asDrawn, "?edit="+id).Code, "changed back")
	assert.Equal(t, http.StatusNotFound, s.do(request{as: maker, url: address}).Code, "and gone")
}

func TestAFormIsLeftByAButton(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	untouched := url.Values{"formToken": {token}, "currency": {"KZT"}}
	close := func(v url.Values) *answer {
		return s.do(request{as: maker, url: "/drafts/" + token + "?then=close", form: v})
	}
	assert.Equal(t, "/distributions", close(untouched).location(), "nothing is left behind")
	a := close(with(untouched, "recipient.name", "ТОО"))
	assert.Equal(t, "/drafts", a.location())
	assert.Contains(t, s.do(request{as: maker, url: "/drafts"}).html().Find("main").Text(), "Черновик формы сохранён")
}

func TestWhatIsNoFormIsNotKept(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	for name, c := range map[string]struct {
		path string
		form url.Values
		want int
	}{
		"no token of ours":     {"x", url.Values{"amount": {"1"}}, http.StatusNotFound},
		"unknown field":        {token, url.Values{"iban": {"1"}}, http.StatusBadRequest},
		"unknown tick":         {token, url.Values{"confirm": {"all"}}, http.StatusBadRequest},
		"unknown parameter":    {token + "?to=x", url.Values{"amount": {"1"}}, http.StatusBadRequest},
		"unknown next step":    {token + "?then=pay", url.Values{"amount": {"1"}}, http.StatusBadRequest},
		"unknown distribution": {token + "?edit=nothing", url.Values{"amount": {"1"}}, http.StatusNotFound},
		"too much":             {token, url.Values{"amount": {strings.Repeat("1", 70_000)}}, http.StatusRequestEntityTooLarge},
	} {
		assert.Equal(t, c.want, s.keeps(maker, c.path, c.form, "").Code, name)
	}
	for range store.MaxFormDrafts {
		require.Equal(t, http.StatusNoContent, s.keeps(maker, s.token(maker), url.Values{"amount": {"1"}}, "").Code)
	}
	assert.Equal(t, http.StatusConflict, s.keeps(maker, token, url.Values{"amount": {"1"}}, "").Code, "one too many")
}

// checks is the answer to leaving a field, each part by the place it goes to.
func (s *site) checks(as distribution.Actor, left string, v url.Values) map[string]string {
	s.t.Helper()
	a := s.do(request{
		as: as, url: "/distributions/checks", form: v, partial: true, header: map[string]string{"HX-Source": "input#" + left},
	})
	require.Equal(s.t, http.StatusOK, a.Code)
	parts := map[string]string{}
	doc := a.html()
	for _, part := range doc.Find("hx-partial").EachIter() {
		parts[part.AttrOr("hx-target", "")] = plain(part.Text())
	}
	return parts
}

func TestAFieldIsCheckedWhenItIsLeft(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	storetest.SetPolicy(t, s.db, distribution.Policy{Steps: []distribution.PolicyStep{{From: 100_00, Approvals: 1}}})
	token := s.token(maker)
	v := url.Values{"formToken": {token}, "currency": {"KZT"}, "recipient.bin": {"140340003010"}, "recipient.knp": {"85"}, "amount": {"1250"}}
	parts := s.checks(maker, "recipient-knp", v)

	assert.Contains(t, parts["#recipient-knp-said"], "КНП состоит из трёх цифр")
	assert.Contains(t, parts["#recipient-bin-said"], "контрольная цифра", "a warning needs no finished form")
	assert.Contains(t, parts["#amount-said"], "Одна тысяча двести пятьдесят тенге")
	assert.NotContains(t, parts, "#recipient-name-said", "nobody was there yet")
	assert.Contains(t, parts["#form-side"], "1 250,00", "the payment order")
	assert.Contains(t, parts["#form-side"], "Нужно 1 согласование")
	assert.Contains(t, parts["#form-side"], "85неверно")
	assert.Contains(t, parts["#form-summary"], "Наименование получателя: Заполните это поле", "for a page that was refused")
	assert.Contains(t, parts["#form-summary"], "исправьте или подтвердите", "a warning only wants a tick")
	assert.Equal(t, []string{"0", "0"}, s.query(s.raw(), "SELECT count(*) FROM drafts UNION ALL SELECT count(*) FROM distributions"), "nothing is kept")

	v.Del("amount")
	assert.Contains(t, s.checks(maker, "amount", v)["#amount-said"], "Заполните это поле", "it was left empty")

	s.made(maker, filled(s.token(maker)))
	v.Set("orderReference", "DIST-100001")
	assert.Contains(t, s.checks(maker, "orderReference", v)["#orderReference-said"], "номер", "only the store knows")
}

// A repetition is told before the form is sent, with the field for its reason.
func TestARepetitionIsToldWhenAFieldIsLeft(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	storetest.Accepted(t, s.db, maker, "plx-1", func(f *distribution.Form) { f.Purpose = storetest.ExampleForm().Purpose })
	s.clock.Advance(time.Minute)
	v := with(filled(s.token(maker)), "orderReference", "")
	a := s.do(request{as: maker, url: "/distributions/checks", form: v, partial: true})
	assert.Equal(t, 1, a.html().Find(`[name=duplicateReason]`).Length())
	a = s.do(request{as: maker, url: "/distributions/checks", form: with(v, "amount", ""), partial: true})
	assert.Zero(t, a.html().Find(`[name=duplicateReason]`).Length(), "gone with its cause")
}

func TestReviewMarksWhatIsNewInTheAccount(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	first := s.made(maker, filled(s.token(maker)))
	review := s.do(request{as: maker, url: "/distributions/" + first + "/review"}).html()
	assert.Zero(t, review.Find("mark").Length())
	assert.Contains(t, review.Text(), "Первый платёж на этот БИН")

	paid := storetest.Accepted(t, s.db, maker, "plx-1", func(f *distribution.Form) { f.OrderReference, f.IBAN = "", "KZ84722C000012345678" })
	review = s.do(request{as: maker, url: "/distributions/" + first + "/review"}).html()
	assert.Equal(t, "6 1", review.Find(".review-iban mark").First().Text(), "character by character")
	assert.Equal(t, 1, review.Find(`.review-top a[href="/distributions/`+paid.ID+`"]`).Length())
	assert.Contains(t, review.Find(".review-main").Text(), "Выделено то, чем счёт отличается")

	assert.Equal(t, 3, review.Find(".props .tag.is-amber").Length(), "what was found stands beside its field")
	assert.Contains(t, review.Text(), "проверено 2 из 3")
}
