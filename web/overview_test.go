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

// tasks are what the overview asks of the person, by the address of each.
func (s *site) tasks(as distribution.Actor) map[string]string {
	s.t.Helper()
	found := map[string]string{}
	s.do(request{as: as, url: "/"}).html().Find("#tasks li").Each(func(_ int, li *goquery.Selection) {
		found[li.Find("a").AttrOr("href", "")] = plain(li.Find("a").Text() + " " + li.Find(".list-end").Text())
	})
	return found
}

func TestTheOverviewIsCalmWhenNothingWaits(t *testing.T) {
	s := newSite(t)
	for _, role := range distribution.Roles() {
		page := s.do(request{as: s.person(role), url: "/"}).html()
		assert.Equal(t, "Вас ничто не ждёт", plain(page.Find("#tasks .calm").Text()), role)
		assert.Equal(t, "Ничего не требует внимания", plain(page.Find("#attention .calm").Text()), role)
		assert.Contains(t, page.Find("#free").Text(), "Баланс ещё не получен")
		assert.Zero(t, page.Find(".figure").Length(), "no reading is no zero")
		assert.Contains(t, page.Find("#days").Text(), "График появится")
	}
}

func TestTheOverviewAsksOfEachRole(t *testing.T) {
	s := newSite(t)
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	manager, auditor, admin := s.person(distribution.Manager), s.person(distribution.Auditor), s.person(distribution.Admin)
	queuedOf(t, s, maker)
	s.clock.Advance(25 * time.Hour)
	s.told(100_000_00)
	require.NoError(t, s.db.SetThreshold(t.Context(), manager, 500_000_00))
	draftOf(t, s, maker)
	unknownOf(t, s, maker)
	s.proposal(maker, distribution.DecideClose, notFoundOf(t, s, maker))
	vanishedOf(t, s, maker)
	declinedOf(t, s, maker)
	awaitingOf(t, s, maker)
	require.NoError(t, s.db.StopSending(t.Context(), maker, "сверка"))

	own := func(status string) string {
		return "/distributions?" + url.Values{"author": {maker.Email}, "sort": {"created"}, "status": {status}}.Encode()
	}
	mine := s.tasks(maker)
	assert.Equal(t, map[string]string{
		own("declined"):          "Исправить отклонённые 1 150 000,00",
		own("queued"):            "Отправить заново 1 150 000,00",
		own("draft"):             "Дописать черновики 1 150 000,00",
		own("awaiting_approval"): "Ваши на согласовании 1 150 000,00",
		"/distributions?" + url.Values{"author": {maker.Email}, "sort": {"created"}, "status": {"unknown", "not_found", "mismatch"}}.Encode(): "Ваши: результат неизвестен 2 300 000,00",
	}, mine)
	for address, task := range mine {
		rows := s.do(request{as: maker, url: address}).html().Find("main tbody tr[id]").Length()
		assert.Contains(t, task, " "+[]string{"0", "1", "2"}[rows]+" ", "the list holds what is counted: %s", address)
	}
	assert.Empty(t, s.tasks(other), "it is somebody else's")

	assert.Equal(t, map[string]string{
		"/approvals":        "Согласовать 1 150 000,00",
		"/proposals":        "Решить по предложениям 1",
		"/unknown":          "Неизвестные результаты 2",
		"/balance":          "Баланс ниже порога 1 100 000,00",
		"/settings/sending": "Отправка остановлена 1",
	}, s.tasks(manager))
	assert.Equal(t, map[string]string{"/unknown": "Принять к сведению тревоги 1"}, s.tasks(auditor))
	assert.Equal(t, map[string]string{"/settings/sending": "Отправка остановлена 1"}, s.tasks(admin))
	assert.Equal(t, 1, s.do(request{as: auditor, url: "/"}).html().Find(`a.block-link[href="/integrity"]`).Length())

	attention := s.do(request{as: other, url: "/"}).html().Find("#attention")
	assert.Equal(t, "3", attention.Find(".block-note").Text(), "two unknown and one that vanished, whoever looks")
	assert.Equal(t, 2, attention.Find("li.is-amber").Length())
}

func TestTheFiguresOfTheOverview(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.told(1_000_000_00)
	paid := storetest.Accepted(t, s.db, maker, "plx-1")
	storetest.Accepted(t, s.db, maker, "plx-2")
	failed := storetest.Accepted(t, s.db, maker, "plx-3")
	s.clock.Advance(2 * time.Hour)
	s.becomes(paid, "paid")
	s.becomes(failed, "failed")

	page := s.do(request{as: maker, url: "/"}).html()
	var figures []string
	page.Find(".kpi-item").Each(func(_ int, item *goquery.Selection) { figures = append(figures, plain(item.Text())) })
	assert.Equal(t, []string{
		"Исполнено сегодня 150 000,00 ₸ 1 распределение",
		"В пути 150 000,00 ₸ 1, первое 2 ч назад",
		"Ждёт вас 0,00 ₸ 0 распределений",
		"Не исполнено за 7 дней 150 000,00 ₸ 1 из 2",
	}, figures)
	for _, link := range page.Find(".kpi-item a[href^='/distributions']").EachIter() {
		assert.Equal(t, 1, s.do(request{as: maker, url: link.AttrOr("href", "")}).html().Find("main tbody tr[id]").Length(), link.AttrOr("href", ""))
	}
}

// becomes lets Plexy say another word of one that it took.
func (s *site) becomes(d distribution.Distribution, word string) {
	s.t.Helper()
	_, err := s.db.Change(s.t.Context(), distribution.System("syncer"), d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, d.PlexyID, word)
		r.CreatedAt, r.UpdatedAt, r.ByID = d.PlexyCreatedAt, s.db.Now(), true
		e, _, err := d.Observe(r)
		return e, err
	})
	require.NoError(s.t, err)
}

func TestRefreshTellsWhatItBrought(t *testing.T) {
	syncer := distribution.System("syncer")
	run := func(s *site, code string) {
		require.NoError(t, s.db.KeepRun(t.Context(), store.Run{Kind: "sync", StartedAt: s.db.Now(), FinishedAt: s.db.Now(), Error: code}))
	}
	for name, c := range map[string]struct {
		then  func(*site)
		wants string
		waits bool
	}{
		"nothing yet":    {func(*site) {}, "Запрашиваем Plexy…", true},
		"the same":       {func(s *site) { s.told(1_000_000_00) }, "Обновлено, без изменений.", false},
		"another figure": {func(s *site) { s.told(900_000_00) }, "Обновлено: было 1 000 000,00 ₸, стало 900 000,00 ₸.", false},
		"no answer": {func(s *site) {
			require.NoError(t, s.db.SyncFailed(t.Context(), syncer, store.Unreachable))
			run(s, store.Unreachable)
		}, "Не удалось обновить в 12:01 (нет связи с Plexy). Показано значение на 12:00.", false},
		"a good round is awaited to its end": {func(s *site) { run(s, "") }, "Запрашиваем Plexy…", true},
		"not for ever":                       {func(s *site) { s.clock.Advance(2 * time.Minute) }, "Plexy пока не ответил. Значение обновится само, когда ответ придёт.", false},
		"an old address":                     {func(s *site) { s.clock.Advance(time.Hour) }, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			reader := s.person(distribution.Manager)
			s.told(1_000_000_00)
			s.clock.Advance(time.Minute)
			for _, back := range []string{"/", "/balance"} {
				a := s.do(request{as: reader, url: "/balance/refresh", form: url.Values{"back": {back}}})
				require.Equal(t, http.StatusSeeOther, a.Code)
				require.True(t, strings.HasPrefix(a.location(), back+"?asked="), a.location())
				defer func() {
					page := s.do(request{as: reader, url: a.location()})
					told := page.html().Find("#refresh")
					assert.Equal(t, c.wants, plain(told.Text()))
					assert.Equal(t, c.waits, told.AttrOr("hx-get", "") == a.location())
					assert.Equal(t, c.waits, strings.Contains(page.Body.String(), `http-equiv="refresh"`), "without scripts it looks again, too")
				}()
			}
			assert.Equal(t, 2, s.refreshed, "the worker is woken")
			s.clock.Advance(time.Second)
			c.then(s)
		})
	}
	s := newSite(t)
	reader := s.person(distribution.Manager)
	for _, form := range []url.Values{{"back": {"https://evil.example"}}, {"back": {"/users"}}, {}} {
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: reader, url: "/balance/refresh", form: form}).Code)
	}
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: reader, url: "/?asked=now"}).Code)
	assert.Zero(t, s.refreshed)
}

// cells are the texts of a row.
func cells(row *goquery.Selection) string {
	return strings.Join(row.Children().Map(func(_ int, cell *goquery.Selection) string { return plain(cell.Text()) }), " ")
}

func TestTheMonthOfTheBalance(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	s.told(1_000_000_00) // Monday, 23 November
	for range 4 {        // 24 to 27: 10 000 ₸ each day
		s.clock.Advance(24 * time.Hour)
		balance, _, err := s.db.Balance(t.Context())
		require.NoError(t, err)
		s.told(balance.Amount - 10_000_00)
	}
	s.clock.Advance(3 * 24 * time.Hour) // Monday, 30 November
	s.told(960_000_00)

	for _, path := range []string{"/", "/balance"} {
		page := s.do(request{as: auditor, url: path}).html()
		rows := page.Find("#days tbody tr")
		require.Equal(t, 8, rows.Length(), path)
		assert.Equal(t, "30.11.2026 960 000,00 0,00 0,00 960 000,00", cells(rows.First()))
		assert.Equal(t, "27.11.2026 970 000,00 0,00 10 000,00 960 000,00", cells(rows.Eq(3)))
		assert.Equal(t, 4, page.Find("#days rect.chart-out").Length())
		assert.Zero(t, page.Find("#days [style]").Length())
		// Five working days and 40 000 ₸: 8 000 ₸ a day, 120 days of 960 000 ₸.
		assert.Contains(t, plain(page.Find("#free").Text()), "Хватит на 120 рабочих дней при среднем расходе 8 000,00 ₸ в день", path)
		assert.Contains(t, plain(page.Find("#runway").Text()), "(23.11–29.11)")
	}
}
