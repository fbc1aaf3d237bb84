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

// bell is what the bell of the page says, by the address that each line leads to.
func (s *site) bell(as distribution.Actor, page, lang string) (count string, lines map[string]string) {
	s.t.Helper()
	menu := s.do(request{as: as, url: page, header: map[string]string{"Accept-Language": lang}}).html().Find("details.bell")
	require.Equal(s.t, 1, menu.Length(), page)
	lines = map[string]string{}
	menu.Find("a").Each(func(_ int, a *goquery.Selection) {
		lines[a.AttrOr("href", "")] = strings.Join(strings.Fields(a.Text()), " ")
	})
	return menu.Find(".bell-count").Text(), lines
}

func TestTheBell(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	for lang, calm := range map[string]string{"ru": "Всё спокойно", "kk": "Бәрі тыныш", "en": "All is calm"} {
		menu := s.do(request{as: manager, url: "/distributions", header: map[string]string{"Accept-Language": lang}}).html().Find("details.bell")
		assert.Contains(t, menu.Text(), calm)
		assert.Zero(t, menu.Find(".bell-count").Length())
	}
	storetest.Unknown(t, s.db, maker)
	s.proposal(maker, distribution.DecideClose, notFoundOf(t, s, maker))
	storetest.SetPolicy(t, s.db, storetest.OneApproval())
	awaiting := storetest.Draft(t, s.db, maker)
	_, err := s.db.Submit(t.Context(), maker, awaiting.ID)
	require.NoError(t, err)
	s.later(store.UnknownIsLate)

	for _, page := range []string{"/distributions", "/balance", "/me", "/nothing"} {
		count, lines := s.bell(manager, page, "ru")
		assert.Equal(t, "4", count, page)
		assert.Contains(t, lines["/unknown"], "2 результата неизвестны дольше 5 минут", page)
		assert.Contains(t, lines["/approvals"], "1 распределение ждёт вашего согласования", page)
		assert.Contains(t, lines["/proposals"], "1 предложение ждёт вашего решения", page)
	}
	count, lines := s.bell(maker, "/distributions", "en")
	assert.Equal(t, "2", count, "never one's own")
	assert.Len(t, lines, 1)
	assert.Contains(t, lines["/unknown"], "2 outcomes unknown for more than 5 minutes")
}

func TestALowBalance(t *testing.T) {
	s := newSite(t)
	maker, manager, auditor := s.person(distribution.Accountant), s.person(distribution.Manager), s.person(distribution.Auditor)
	s.told(distribution.Amount(480_000_00))
	assert.Zero(t, s.do(request{as: maker, url: "/balance"}).html().Find("#limit form").Length())

	bad := s.do(request{as: manager, url: "/balance/threshold", form: url.Values{"amount": {"много"}}})
	require.Equal(t, http.StatusUnprocessableEntity, bad.Code)
	assert.Equal(t, "много", bad.field("amount"))
	assert.Equal(t, "true", bad.html().Find("#threshold").AttrOr("aria-invalid", ""))

	require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: "/balance/threshold", form: url.Values{"amount": {"1 000 000"}}}).Code)
	page := s.do(request{as: manager, url: "/balance"}).html()
	text := strings.ReplaceAll(page.Find("main .notice.is-amber").Text(), "\u00a0", " ")
	assert.Contains(t, text, "Баланс ниже порога: 480 000,00 ₸ при пороге 1 000 000,00 ₸.")
	assert.Contains(t, page.Find("#limit").Text(), manager.Name)
	_, lines := s.bell(auditor, "/distributions", "ru")
	assert.Contains(t, lines["/balance"], "Баланс ниже порога")
	assert.Zero(t, s.do(request{as: auditor, url: "/balance"}).html().Find(`form[action="/balance/acknowledgement"]`).Length())

	for range 2 { // pressed twice
		require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: "/balance/acknowledgement", form: url.Values{}}).Code)
	}
	page = s.do(request{as: auditor, url: "/balance"}).html()
	assert.Zero(t, page.Find("main .notice.is-amber:contains('порога')").Length(), "the banner was seen")
	assert.Contains(t, page.Find("main").Text(), "Принято к сведению: "+manager.Name)
	_, lines = s.bell(auditor, "/distributions", "ru")
	assert.Empty(t, lines["/balance"])

	s.clock.Advance(time.Minute)
	s.told(distribution.Amount(2_000_000_00))
	assert.NotContains(t, s.do(request{as: auditor, url: "/balance"}).html().Find("main").Text(), "Принято к сведению")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: "/balance/acknowledgement", form: url.Values{}}).Code, "it went up meanwhile")
	require.Equal(t, http.StatusSeeOther, s.do(request{as: manager, url: "/balance/threshold", form: url.Values{"amount": {" "}}}).Code)
	assert.Contains(t, s.do(request{as: manager, url: "/balance"}).html().Find("#limit").Text(), "Порога нет")
}
