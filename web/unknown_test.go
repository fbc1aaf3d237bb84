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

// plainText is the text of the page's own part, with plain spaces.
func (a *answer) plainText() string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.html().Find("main").Text()), " ")
}

func TestTheDeskIsCalmWhenNothingIsUnknown(t *testing.T) {
	s := newSite(t)
	a := s.do(request{as: s.person(distribution.Auditor), url: "/unknown"})
	assert.Contains(t, a.plainText(), "Неизвестных результатов нет")
	assert.Contains(t, a.plainText(), "Полного просмотра списка Plexy ещё не было")
	assert.Zero(t, a.html().Find(".rail-count").Length())
}

// Every doubt stands there with what to do and who must, the longest first; the
// navigation counts them with the alarms.
func TestTheDeskListsDoubtsAndAlarms(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	vanished := vanishedOf(t, s, maker)
	var order []string
	for _, thing := range []func(*testing.T, *site, distribution.Actor) string{unknownOf, notFoundOf, mismatchOf} {
		order = append(order, thing(t, s, maker))
		s.clock.Advance(time.Hour)
	}
	s.proposal(maker, distribution.DecideClose, order[1])

	a := s.do(request{as: manager, url: "/unknown"})
	var listed []string
	a.html().Find("#main .queue-name a").Each(func(_ int, e *goquery.Selection) {
		listed = append(listed, strings.TrimPrefix(e.AttrOr("href", ""), "/distributions/"))
	})
	assert.Equal(t, append([]string{vanished}, order...), listed)
	text := a.plainText()
	for _, want := range []string{
		"Исчезло из Plexy", "Plexy не ответил вовремя.", "Делать ничего не нужно: ищем сами до",
		"Ждёт второго человека: «Закрыть как неотправленное»", "предлагает, наше ли это",
	} {
		assert.Contains(t, text, want)
	}
	assert.Equal(t, 1, a.html().Find(`a[href="/distributions/`+vanished+`/acknowledgement"]`).Length())
	assert.Equal(t, "4", a.html().Find(`.rail-item[href="/unknown"] .rail-count.is-amber`).Text())
	assert.Equal(t, "1", a.html().Find(`.rail-item[href="/proposals"] .rail-count:not(.is-amber)`).Text())
	assert.Zero(t, s.do(request{as: maker, url: "/unknown"}).html().Find(`a[href$="/acknowledgement"]`).Length(), "not the maker's business")
}

func TestTheDeskCountsWhatItDoesNotList(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	for range 52 {
		unknownOf(t, s, maker)
	}
	a := s.do(request{as: maker, url: "/unknown"})
	assert.Equal(t, 50, a.html().Find(".queue-item").Length())
	more := a.html().Find(`a[href="/distributions?status=unknown&status=not_found&status=mismatch"]`)
	assert.Equal(t, "и ещё 2", strings.TrimSpace(more.Text()))
}

// What came back and what the balance did are shown beside the attempt, and
// that neither is a proof.
func TestEvidenceOfAnAttempt(t *testing.T) {
	s := newSite(t)
	maker, syncer := s.person(distribution.Accountant), distribution.System("syncer")
	balance := func(a distribution.Amount) {
		require.NoError(t, s.db.KeepBalance(t.Context(), syncer, store.Balance{Amount: a, Currency: "KZT"}, storetest.Answer("balance", s.clock.Now())))
		s.clock.Advance(time.Minute)
	}
	balance(500_000_00)
	c := storetest.Sending(t, s.db, maker)
	s.clock.Advance(30 * time.Second)
	raw := storetest.Answer("create", s.clock.Now())
	raw.Status, raw.Body = http.StatusBadGateway, []byte("<html>"+strings.Repeat("bad gateway ", 100))
	require.NoError(t, s.db.KeepAnswer(t.Context(), distribution.System("sender"), c.Attempt.ID, raw))
	d := storetest.Finish(t, s.db, c, store.OutcomeUnknown, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Lose("server_error", s.clock.Now())
	})
	page := func() string { return s.do(request{as: maker, url: "/distributions/" + d.ID}).plainText() }
	assert.Contains(t, page(), "Ответ 502 получен 23.11.2026 12:01:30, 1 206 байт:")
	assert.Contains(t, page(), "Баланса до и после попытки нет")
	s.clock.Advance(time.Minute)
	balance(350_000_00)
	assert.Contains(t, page(), "разница 150 000,00 ₸ равна сумме. Похоже, что поручение исполнено, но это не доказательство.")
}

// Rows of Plexy that pay the same are shown; those of another account cannot be
// linked.
func TestSimilarRows(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	id := unknownOf(t, s, maker)
	fits := foreignOf(t, s, s.distribution(id))
	elsewhere := s.distribution(id)
	elsewhere.Recipient = storetest.Draft(t, s.db, maker, func(f *distribution.Form) { f.IBAN = "KZ84 722C 0000 1234 5678" }).Recipient
	other := foreignOf(t, s, elsewhere)
	page := s.do(request{as: maker, url: "/distributions/" + id}).html().Find("section:has(#similar)")
	assert.Equal(t, 2, page.Find("li").Length())
	assert.Equal(t, 1, page.Find(`a[href*="kind=link&plexyId=`+fits+`"]`).Length())
	assert.Zero(t, page.Find(`a[href*="`+other+`"]`).Length())
	assert.Contains(t, page.Text(), "Другой счёт: связать нельзя.")
	picked := s.do(request{as: maker, url: "/distributions/" + id + "/resolution?kind=link&plexyId=" + fits})
	assert.Equal(t, fits, picked.html().Find("select[name=plexyId] option[selected]").AttrOr("value", ""))
}

// An alarm stays until somebody writes what was done about it.
func TestAcknowledging(t *testing.T) {
	s := newSite(t)
	maker, auditor := s.person(distribution.Accountant), s.person(distribution.Auditor)
	id := vanishedOf(t, s, maker)
	at := "/distributions/" + id + "/acknowledgement"
	page := s.do(request{as: auditor, url: "/distributions/" + id}).html()
	require.Equal(t, 1, page.Find(`main a[href="`+at+`"]`).Length())
	assert.Contains(t, page.Find(".notice.is-red").Text(), "Исчезло из Plexy")

	empty := s.do(request{as: auditor, url: at, form: url.Values{"note": {" "}}})
	require.Equal(t, http.StatusUnprocessableEntity, empty.Code)
	assert.Equal(t, 1, empty.html().Find(`[name=note][aria-invalid=true]`).Length())
	for range 2 { // a double click
		a := s.do(request{as: auditor, url: at, form: url.Values{"note": {"Plexy вернёт запись завтра"}}})
		assert.Equal(t, http.StatusSeeOther, a.Code)
		assert.Equal(t, "/distributions/"+id, a.location())
	}
	assert.Equal(t, http.StatusConflict, s.do(request{as: s.person(distribution.Manager), url: at, form: url.Values{"note": {"и я"}}}).Code)
	assert.Equal(t, http.StatusConflict, s.do(request{as: auditor, url: at}).Code)
	after := s.do(request{as: auditor, url: "/distributions/" + id}).html()
	assert.Zero(t, after.Find(".notice.is-red").Length())
	assert.Contains(t, after.Find(".timeline").Text(), "Plexy вернёт запись завтра")
	assert.Contains(t, s.do(request{as: auditor, url: "/unknown"}).plainText(), "Неизвестных результатов нет")
}
