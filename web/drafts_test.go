package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// made sends the form and returns the id that the answer leads to.
func (s *site) made(as distribution.Actor, v url.Values) string {
	s.t.Helper()
	a := s.do(request{as: as, url: "/distributions", form: v})
	require.Equal(s.t, http.StatusSeeOther, a.Code, a.Body.String())
	id, ok := strings.CutSuffix(strings.TrimPrefix(a.location(), "/distributions/"), "/review")
	require.True(s.t, ok, a.location())
	return id
}

func (s *site) distribution(id string) distribution.Distribution {
	s.t.Helper()
	d, err := s.db.Distribution(s.t.Context(), id)
	require.NoError(s.t, err)
	return d
}

func TestADraftIsMadeReviewedAndSubmitted(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := s.made(maker, filled(s.token(maker)))

	d := s.distribution(id)
	assert.Equal(t, distribution.Draft, d.Status)
	assert.Equal(t, storetest.Example(t), d.Content)
	require.Len(t, d.Confirmations, 2, "who ticked what is kept")
	assert.Equal(t, maker.ID, d.Confirmations[0].By.ID)

	review := s.do(request{as: maker, url: "/distributions/" + id + "/review"})
	require.Equal(t, http.StatusOK, review.Code)
	code := distribution.Code(distribution.Hash(&d))
	assert.Contains(t, review.html().Text(), code[:3]+"-"+code[3:])
	assert.Equal(t, 1, review.html().Find(`form[action="/distributions/`+id+`/submission"] button[type=submit]`).Length())

	for press := range 2 {
		a := s.do(request{as: maker, url: "/distributions/" + id + "/submission", form: url.Values{}})
		assert.Equal(t, http.StatusSeeOther, a.Code, "press %d", press+1)
		assert.Equal(t, "/distributions/"+id, a.location())
	}
	assert.Equal(t, distribution.Queued, s.distribution(id).Status)
	assert.Equal(t, 2, s.woken, "the sender is told")

	after := s.do(request{as: maker, url: "/distributions/" + id + "/review"})
	assert.Equal(t, "/distributions/"+id, after.location(), "there is nothing to review any more")
}

func TestAFormIsRedrawnAsItWasTyped(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	v := with(filled(token), "recipient.iban", "KZ86 125K ZT50 0410 010")
	v = with(v, "amount", " 1.250 ")
	a := s.do(request{as: maker, url: "/distributions", form: v})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	for name, values := range v {
		if name == "confirm" || name == "currency" {
			continue
		}
		doc := a.html()
		field := doc.Find(`[name="` + name + `"]`)
		got := field.AttrOr("value", field.Text())
		if field.Is("select") {
			got = field.Find("option[selected]").AttrOr("value", "")
		}
		assert.Equal(t, values[0], got, name)
	}
	assert.Equal(t, "true", a.html().Find(`[name="recipient.iban"]`).AttrOr("aria-invalid", ""))
	assert.Equal(t, "true", a.html().Find(`[name="amount"]`).AttrOr("aria-invalid", ""))
	assert.NotEqual(t, "true", a.html().Find(`[name="recipient.bin"]`).AttrOr("aria-invalid", ""))

	v = with(with(v, "recipient.iban", "KZ86125KZT5004100100"), "amount", "1250")
	s.made(maker, v) // a 422 did not spend the token
}

func TestWarningsWantATick(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	for _, ticked := range [][]string{nil, {"bin.check"}, {"bic.bank"}, {"bin.check", "duplicate"}} {
		a := s.do(request{as: maker, url: "/distributions", form: with(filled(token), "confirm", ticked...)})
		require.Equal(t, http.StatusUnprocessableEntity, a.Code, "%v", ticked)
		boxes := a.html().Find(`input[name="confirm"]`)
		assert.Equal(t, 2, boxes.Length(), "both ticks are offered")
		for _, code := range []string{"bin.check", "bic.bank"} {
			_, checked := boxes.Filter(`[value="` + code + `"]`).Attr("checked")
			assert.Equal(t, slices.Contains(ticked, code), checked, "%v: %s", ticked, code)
		}
	}
	s.made(maker, filled(token))
}

func TestOneFormMakesOneDistribution(t *testing.T) {
	s := newSite(t)
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	token := s.token(maker)
	id := s.made(maker, filled(token))
	assert.Equal(t, id, s.made(maker, filled(token)), "the same content: the same distribution")

	a := s.do(request{as: maker, url: "/distributions", form: with(filled(token), "amount", "150 000,01")})
	require.Equal(t, http.StatusConflict, a.Code, "other content")
	assert.Equal(t, 1, a.html().Find(`a[href="/distributions/`+id+`"]`).Length(), "leads to what is there")

	a = s.do(request{as: other, url: "/distributions", form: filled(token)})
	assert.Equal(t, http.StatusConflict, a.Code, "another person's form")

	page, err := s.db.List(t.Context(), mustFilter(t, ""))
	require.NoError(t, err)
	assert.Len(t, page.Rows, 1)
}

func mustFilter(t *testing.T, query string) store.Filter {
	t.Helper()
	v, err := url.ParseQuery(query)
	require.NoError(t, err)
	f, err := store.ParseFilter(v)
	require.NoError(t, err)
	return f
}

func TestReferenceOfTheFormIsGivenOnce(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.made(maker, filled(s.token(maker)))
	a := s.do(request{as: maker, url: "/distributions", form: with(filled(s.token(maker)), "amount", "1")})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	assert.Equal(t, "true", a.html().Find(`[name="orderReference"]`).AttrOr("aria-invalid", ""))

	id := s.made(maker, with(with(filled(s.token(maker)), "amount", "1"), "orderReference", ""))
	assert.NotEmpty(t, s.distribution(id).OrderReference, "an empty one is given")
}

func TestEditing(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := s.made(maker, filled(s.token(maker)))
	form := s.do(request{as: maker, url: "/distributions/" + id + "/edit"})
	require.Equal(t, http.StatusOK, form.Code)
	assert.Equal(t, "150 000,00", strings.ReplaceAll(form.field("amount"), "\u00a0", " "))
	assert.Equal(t, "DIST-100001", form.field("orderReference"))

	v := with(filled(form.field("formToken")), "amount", "200 000")
	for range 2 {
		a := s.do(request{as: maker, url: "/distributions/" + id + "/edit", form: v})
		require.Equal(t, http.StatusSeeOther, a.Code)
		assert.Equal(t, "/distributions/"+id+"/review", a.location())
	}
	assert.EqualValues(t, 200_000_00, s.distribution(id).Amount)
	assert.EqualValues(t, 2, s.distribution(id).Version, "sent twice, saved once")

	a := s.do(request{as: maker, url: "/distributions/" + id + "/edit", form: with(filled(s.token(maker)), "recipient.kbe", "99")})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	assert.Equal(t, "/distributions/"+id+"/edit", a.html().Find("form.form").AttrOr("action", ""))

	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions/" + id + "/submission", form: url.Values{}}).Code)
	assert.Equal(t, http.StatusConflict, s.do(request{as: maker, url: "/distributions/" + id + "/edit"}).Code)
	a = s.do(request{as: maker, url: "/distributions/" + id + "/edit", form: filled(s.token(maker))})
	assert.Equal(t, http.StatusConflict, a.Code)
	assert.EqualValues(t, 200_000_00, s.distribution(id).Amount)
}

func TestATwinIsNotSubmitted(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	first := s.made(maker, filled(s.token(maker)))
	second := s.made(maker, with(filled(s.token(maker)), "orderReference", ""))
	submit := func(id string) *answer {
		return s.do(request{as: maker, url: "/distributions/" + id + "/submission", form: url.Values{}})
	}
	require.Equal(t, http.StatusSeeOther, submit(first).Code)
	a := submit(second)
	require.Equal(t, http.StatusConflict, a.Code)
	assert.Equal(t, 1, a.html().Find(`a[href="/distributions/`+first+`"]`).Length(), "leads to the twin")
	assert.Equal(t, distribution.Draft, s.distribution(second).Status)
}

func TestACopyIsANewForm(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := s.made(maker, filled(s.token(maker)))
	a := s.do(request{as: maker, url: "/distributions/" + id + "/copy", form: url.Values{}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	require.Equal(t, "/distributions/new?copy="+id, a.location())

	form := s.do(request{as: maker, url: a.location()})
	require.Equal(t, http.StatusOK, form.Code)
	assert.Empty(t, form.field("orderReference"), "a reference is given once")
	assert.Equal(t, "TOO Credit Partner", form.field("recipient.name"))
	action := form.html().Find("form.form").AttrOr("action", "")
	require.Equal(t, "/distributions?copy="+id, action)

	v := with(filled(form.field("formToken")), "orderReference", "")
	sent := s.do(request{as: maker, url: action, form: v})
	require.Equal(t, http.StatusSeeOther, sent.Code)
	copied := strings.Split(sent.location(), "/")[2]
	assert.Equal(t, id, s.distribution(copied).CopyOf)
	assert.Equal(t, http.StatusNotFound, s.do(request{as: maker, url: "/distributions?copy=nothing", form: v}).Code)
	assert.Equal(t, http.StatusNotFound, s.do(request{as: maker, url: "/distributions/new?copy=nothing"}).Code)
}

func TestWithdrawAndCancel(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	d := storetest.Queued(t, s.db, maker)
	post := func(as distribution.Actor, what string) *answer {
		return s.do(request{as: as, url: "/distributions/" + d.ID + "/" + what, form: url.Values{}})
	}
	require.Equal(t, http.StatusSeeOther, post(maker, "withdrawal").Code)
	assert.Equal(t, distribution.Draft, s.distribution(d.ID).Status)

	page := s.do(request{as: maker, url: "/distributions/" + d.ID})
	assert.Contains(t, page.html().Find(".notice").Text(), "Отозвано", "told on the next page")
	page = s.do(request{as: maker, url: "/distributions/" + d.ID})
	assert.NotContains(t, page.html().Find(".notice").Text(), "Отозвано", "and only there")

	again := post(maker, "withdrawal")
	require.Equal(t, http.StatusConflict, again.Code)
	assert.Equal(t, 1, again.html().Find(`main a[href="/distributions/`+d.ID+`"]`).Length())

	require.Equal(t, http.StatusSeeOther, post(manager, "cancellation").Code)
	assert.Equal(t, distribution.Cancelled, s.distribution(d.ID).Status)
	assert.Equal(t, http.StatusConflict, post(maker, "cancellation").Code)
}

func TestResolution(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	unknown := storetest.Unknown(t, s.db, maker)
	draft := storetest.Draft(t, s.db, maker)
	cases := map[string]struct {
		id   string
		form url.Values
		want int
	}{
		"check looks now":            {unknown.ID, url.Values{"kind": {"check"}}, http.StatusSeeOther},
		"nothing to look for":        {draft.ID, url.Values{"kind": {"check"}}, http.StatusConflict},
		"too early to send again":    {unknown.ID, url.Values{"kind": {"resend"}, "reason": {"x"}}, http.StatusConflict},
		"too early to close":         {unknown.ID, url.Values{"kind": {"close"}}, http.StatusConflict},
		"link without a reason":      {unknown.ID, url.Values{"kind": {"link"}, "plexyId": {"1"}}, http.StatusUnprocessableEntity},
		"unknown kind":               {unknown.ID, url.Values{"kind": {"pay"}}, http.StatusBadRequest},
		"no kind":                    {unknown.ID, url.Values{}, http.StatusBadRequest},
		"unknown distribution":       {"nothing", url.Values{"kind": {"check"}}, http.StatusNotFound},
		"unknown one for a decision": {"nothing", url.Values{"kind": {"close"}}, http.StatusNotFound},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			before := s.woken
			a := s.do(request{as: maker, url: "/distributions/" + c.id + "/resolution", form: c.form})
			require.Equal(t, c.want, a.Code)
			assert.Equal(t, c.want == http.StatusSeeOther, s.woken > before)
		})
	}
	assert.Equal(t, distribution.Unknown, s.distribution(unknown.ID).Status)
	checks, err := s.db.Checks(t.Context(), unknown.ID)
	require.NoError(t, err)
	assert.Equal(t, s.clock.Now(), checks.NextLookAt)
}
