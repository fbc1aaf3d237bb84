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

// told lets Plexy tell a balance at the clock's time.
func (s *site) told(a distribution.Amount) {
	s.t.Helper()
	syncer := distribution.System("syncer")
	require.NoError(s.t, s.db.KeepBalance(s.t.Context(), syncer, store.Balance{Amount: a, Currency: "KZT"}, storetest.Answer("balance", s.db.Now())))
	require.NoError(s.t, s.db.SyncSucceeded(s.t.Context(), syncer))
}

func TestBalanceTellsWhatIsFreeAndWhy(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.told(1_000_000_00)
	storetest.Unknown(t, s.db, maker)
	storetest.Queued(t, s.db, maker)

	doc := s.do(request{as: maker, url: "/balance"}).html()
	assert.Equal(t, "700\u00a0000,00 ₸", doc.Find(".figure").Text())
	var links []string
	for _, row := range doc.Find("table.sum a").EachIter() {
		links = append(links, row.AttrOr("href", ""))
	}
	assert.Equal(t, []string{
		"/distributions?origin=dashboard&status=queued&status=sending",
		"/distributions?origin=dashboard&status=unknown&status=not_found&status=mismatch",
	}, links)
	for _, link := range links {
		assert.Equal(t, 1, s.do(request{as: maker, url: link}).html().Find("main tbody tr[id]").Length(), "the list holds what the line counts")
	}
}

// The same arithmetic stands wherever money is about to be committed.
func TestTheArithmeticIsTheSameEverywhere(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.told(1_000_000_00)
	queued := storetest.Queued(t, s.db, maker).ID
	draft := storetest.Draft(t, s.db, maker).ID
	for page, last := range map[string]string{
		"/": "850 000,00", "/balance": "850 000,00", "/distributions/" + queued: "850 000,00",
		"/distributions/" + draft + "/review": "700 000,00", "/distributions/" + draft: "700 000,00",
	} {
		sum := s.do(request{as: maker, url: page}).html().Find("table.sum")
		require.Equal(t, 1, sum.Length(), page)
		assert.Equal(t, "1 000 000,00", strings.Join(strings.Fields(sum.Find("tbody tr").First().Find(".amount").Text()), " "), page)
		assert.Contains(t, strings.Join(strings.Fields(sum.Find("tfoot").Text()), " "), last, page)
	}
	form := s.do(request{as: maker, url: "/distributions/new"}).html()
	assert.Contains(t, plain(form.Find("#form-side").Text()), "850 000,00", "the form says what is free")
}

func TestBalanceOfAnAnswerNamesIt(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.told(1_000_000_00)
	c := storetest.Sending(t, s.db, maker)
	d := storetest.Finish(t, s.db, c, store.OutcomeOK, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, "plx-1", "created")
		before, after := distribution.Amount(1_000_000_00), distribution.Amount(850_000_00)
		r.BalanceBefore, r.BalanceAfter, r.CreatedAt = &before, &after, s.db.Now()
		return d.Answer(r)
	})
	for _, page := range []string{"/balance", "/distributions/new"} {
		text := strings.Join(strings.Fields(s.do(request{as: maker, url: page}).html().Find("main").Text()), " ")
		assert.Contains(t, text, "из ответа на "+d.OrderReference, page)
	}
	s.clock.Advance(time.Minute)
	s.told(850_000_00)
	assert.NotContains(t, s.do(request{as: maker, url: "/distributions/new"}).html().Find("main").Text(), "из ответа на", "it was read since")
}

func TestWhatNobodyKnowsStandsOnTheBalancePage(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	s.told(1_000_000_00)
	assert.Equal(t, 1, s.do(request{as: auditor, url: "/balance"}).html().Find("#unexplained .soft").Length(), "nothing to explain")
	s.clock.Advance(15 * time.Minute)
	s.told(925_000_00)
	for lang, words := range map[string]string{"ru": "Деньги ушли", "kk": "Ақша кетті", "en": "Money left"} {
		row := s.do(request{as: auditor, url: "/balance", header: map[string]string{"Accept-Language": lang}}).html().Find("#unexplained tbody tr")
		require.Equal(t, 1, row.Length())
		assert.Contains(t, row.Text(), words)
		assert.Contains(t, row.Text(), "75\u00a0000,00")
	}
}

func TestReadingsArePaged(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	for i := range 60 {
		s.told(distribution.Amount(1_000_000_00 + i))
		s.clock.Advance(time.Minute)
	}
	first := s.do(request{as: auditor, url: "/balance"}).html()
	rows := `section:last-of-type tbody tr`
	assert.Equal(t, 50, first.Find(rows).Length())
	next := first.Find(`a[href^="/balance?cursor="]`).AttrOr("href", "")
	second := s.do(request{as: auditor, url: next}).html()
	assert.Equal(t, 10, second.Find(rows).Length())
	assert.Zero(t, second.Find(`a[href^="/balance?cursor="]`).Length())
	assert.Equal(t, 1, second.Find(`main a[href="/balance"]`).Length())
	for _, bad := range []string{"/balance?cursor=x", "/balance?cursor=-1", "/balance?page=2"} {
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: auditor, url: bad}).Code, bad)
	}
}

func TestMoreThanIsFreeWantsATickAndBlocksNothing(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.made(maker, filled(s.token(maker))) // no balance is no statement about it
	s.told(149_999_99)
	v := with(filled(s.token(maker)), "orderReference", "DIST-2")
	a := s.do(request{as: maker, url: "/distributions", form: v})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	assert.Equal(t, 1, a.html().Find(`.field:has(#amount) input[value="balance.short"]`).Length(), "beside the amount")
	assert.Contains(t, a.html().Find("#warn-balance-short").Text(), "свободно 149\u00a0999,99")
	id := s.made(maker, with(v, "confirm", "bin.check", "bic.bank", "balance.short"))
	assert.Contains(t, s.do(request{as: maker, url: "/distributions/" + id + "/review"}).html().Text(), "Не хватает")
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions/" + id + "/submission", form: url.Values{}}).Code)

	// Free again: the tick is not asked for, and not kept without a cause.
	s.told(10_000_000_00)
	id = s.made(maker, with(with(filled(s.token(maker)), "orderReference", "DIST-3"), "confirm", "bin.check", "bic.bank", "balance.short"))
	assert.Len(t, s.distribution(id).Confirmations, 2)
}

func TestPayingTheSameAgainWantsAReason(t *testing.T) {
	s := newSite(t)
	first, second := s.person(distribution.Accountant), s.person(distribution.Accountant)
	twin := storetest.Accepted(t, s.db, first, "plx-1", func(f *distribution.Form) { *f = storetest.ExampleForm() })
	again := func() url.Values { return with(filled(s.token(second)), "orderReference", "DIST-2") }

	v := again()
	a := s.do(request{as: second, url: "/distributions", form: v})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code)
	assert.Equal(t, 1, a.html().Find(`.field:has(#amount) a[href="/distributions/`+twin.ID+`"]`).Length(), "it leads to the other one")
	assert.Equal(t, 1, a.html().Find(`input[name=duplicateReason]`).Length())

	v = with(v, "confirm", "bin.check", "bic.bank", "duplicate")
	a = s.do(request{as: second, url: "/distributions", form: with(v, "duplicateReason", "   ")})
	require.Equal(t, http.StatusUnprocessableEntity, a.Code, "a tick alone is not enough")
	assert.Equal(t, "true", a.html().Find(`input[name=duplicateReason]`).AttrOr("aria-invalid", ""))

	a = s.do(request{as: second, url: "/distributions", form: with(with(v, "duplicateReason", "вторая поставка"), "amount", "1.250")})
	assert.Equal(t, http.StatusUnprocessableEntity, a.Code)

	id := s.made(second, with(with(v, "duplicateReason", "вторая поставка"), "amount", "150 000,00"))
	assert.Equal(t, "вторая поставка", s.distribution(id).DuplicateReason)
	review := s.do(request{as: second, url: "/distributions/" + id + "/review"}).html()
	assert.Contains(t, review.Text(), "«вторая поставка»")
	assert.NotZero(t, review.Find(`a[href="/distributions/`+twin.ID+`"]`).Length(), "it leads to the other one")
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: second, url: "/distributions/" + id + "/submission", form: url.Values{}}).Code)

	// Another purpose is another payment: nothing is asked, nothing is kept.
	v = with(with(with(again(), "orderReference", "DIST-3"), "paymentPurpose", "Другой договор"), "duplicateReason", "вторая поставка")
	id = s.made(second, with(v, "confirm", "bin.check", "bic.bank", "duplicate"))
	assert.Empty(t, s.distribution(id).DuplicateReason)
	assert.Len(t, s.distribution(id).Confirmations, 2)
}
