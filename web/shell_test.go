package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// A person sees the sections they may open, and no others; each of them opens.
func TestTheRailOffersWhatOpens(t *testing.T) {
	s := newSite(t)
	for _, role := range distribution.Roles() {
		as := s.person(role)
		page := s.do(request{as: as, url: "/distributions"}).html()
		var offered []string
		page.Find(".rail a[href]").Each(func(_ int, a *goquery.Selection) { offered = append(offered, a.AttrOr("href", "")) })
		for _, address := range offered {
			assert.Less(t, s.do(request{as: as, url: address}).Code, http.StatusBadRequest, "%s opens %s", role, address)
		}
		for _, address := range []string{"/exports", "/audit", "/integrity", "/users", "/settings"} {
			opens := s.do(request{as: as, url: address}).Code == http.StatusOK
			assert.Equal(t, opens, strings.Contains(strings.Join(offered, " "), address), "%s is offered %s", role, address)
		}
		assert.Equal(t, "/distributions", page.Find(".rail-list [aria-current=page]").AttrOr("href", ""), role)
		_, creates := page.Find("body").Attr("data-new")
		assert.Equal(t, distribution.Allows(role, distribution.Create), creates, role)
	}
}

func TestTheRailCountsWhatWaits(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	awaitingOf(t, s, maker)
	unknownOf(t, s, maker)
	count := func(as distribution.Actor, section string) string {
		return s.do(request{as: as, url: "/distributions"}).html().Find(`.rail-list > li > a[href="` + section + `"] .rail-count`).Text()
	}
	assert.Equal(t, "1", count(manager, "/approvals"))
	assert.Equal(t, "", count(maker, "/approvals"), "it waits for somebody else")
	assert.Equal(t, "1", count(manager, "/unknown"))
	assert.Equal(t, "1", count(maker, "/unknown"))
}

func partOf(as distribution.Actor, address string) request {
	return request{as: as, url: address, partial: true}
}

func TestSuggestions(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	d := storetest.Draft(t, s.db, maker, func(f *distribution.Form) { f.OrderReference = "SPRING-1" })
	storetest.Draft(t, s.db, maker, func(f *distribution.Form) { f.OrderReference = "SPRING-12" })
	ask := func(q string) *goquery.Document {
		a := s.do(partOf(maker, "/search?"+url.Values{"q": {q}}.Encode()))
		require.Equal(t, http.StatusOK, a.Code)
		return a.html()
	}
	exact := ask("spring-1")
	assert.Equal(t, 3, exact.Find("[role=listbox] [role=option]").Length(), "two, and all of them in the list")
	first := exact.Find("[role=option]").First()
	assert.Equal(t, "/distributions/"+d.ID, first.AttrOr("href", ""))
	assert.Contains(t, first.Text(), "точное совпадение")
	assert.Equal(t, "/distributions?q=spring-1", exact.Find("[role=option]").Last().AttrOr("href", ""))
	assert.Contains(t, ask("SPRING-1, A-2").Text(), "Не найдены: A-2")
	assert.Contains(t, ask("no").Text(), "не меньше трёх")
	assert.Contains(t, ask("nothing").Text(), "Ничего не найдено: «nothing»")
	assert.Empty(t, ask("").Find("[role=option]").Nodes)

	// As an address of its own it leads to the list.
	a := s.do(request{as: maker, url: "/search?q=spring-1"})
	assert.Equal(t, "/distributions?q=spring-1", a.location())
	assert.Equal(t, http.StatusBadRequest, s.do(partOf(maker, "/search?q=a&sort=amount")).Code)
	assert.Equal(t, http.StatusBadRequest, s.do(partOf(maker, "/search?q=a&q=b")).Code)
}

func TestTheListNamesWhatIsNotThere(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	storetest.Draft(t, s.db, maker, func(f *distribution.Form) { f.OrderReference = "A-1" })
	page := s.do(request{as: maker, url: "/distributions?q=" + url.QueryEscape("A-1\nA-2; A-3")}).html()
	assert.Equal(t, 1, page.Find(`tr[id^="row-"]`).Length())
	assert.Contains(t, page.Find("main .notice").Text(), "Найдено 1 из 3")
	assert.Contains(t, page.Find("main .notice").Text(), "Не найдены: A-2, A-3")
	alone := s.do(request{as: maker, url: "/distributions?q=A-2"}).html()
	assert.NotContains(t, alone.Find("main").Text(), "Не найдены")
}

func TestSingleKeysAreSwitchedOffInTheBrowser(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	keys := func(cookie string) string {
		header := map[string]string{}
		if cookie != "" {
			header["Cookie"] = cookie
		}
		return s.do(request{as: maker, url: "/me", header: header}).html().Find("body").AttrOr("data-hotkeys", "on")
	}
	assert.Equal(t, "on", keys(""))
	a := s.do(request{as: maker, method: http.MethodPost, url: "/me/preferences", form: url.Values{"keys": {"off"}, "back": {"/me#keys"}}})
	assert.Equal(t, "/me#keys", a.location())
	assert.Contains(t, strings.Join(a.Header()["Set-Cookie"], "\n"), "keys=off")
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: maker, method: http.MethodPost, url: "/me/preferences", form: url.Values{"keys": {"maybe"}}}).Code)
}

func TestTheKeysAreListedAsAPageAndAsADialog(t *testing.T) {
	s := newSite(t)
	manager := s.person(distribution.Manager)
	page := s.do(request{as: manager, url: "/help/keyboard"}).html()
	assert.Equal(t, "Клавиши", page.Find("h1").Text())
	dialog := s.do(partOf(manager, "/help/keyboard")).html()
	assert.Equal(t, 1, dialog.Find("dialog").Length())
	assert.Zero(t, dialog.Find("main").Length())
	for _, d := range []*goquery.Document{page, dialog} {
		assert.NotContains(t, d.Find(".keymap").Text(), "Новое распределение", "a manager makes none")
		assert.Contains(t, d.Find(".keymap").Text(), "Журнал")
		assert.NotContains(t, d.Find(".keymap").Text(), "Настройки")
	}
}

func TestTheGalleryIsOfTheDemo(t *testing.T) {
	s := newSite(t, inDemo)
	for _, role := range distribution.Roles() {
		assert.Equal(t, http.StatusOK, s.do(request{as: s.person(role), url: "/gallery"}).Code)
	}
	page := s.do(request{as: s.person(distribution.Auditor), url: "/gallery"}).html()
	assert.GreaterOrEqual(t, page.Find(".gallery-section").Length(), 15)
}
