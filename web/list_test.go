package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// listed is a site with three drafts of one amount each, and their maker.
func listed(t *testing.T) (s *site, maker distribution.Actor, ids []string) {
	t.Helper()
	s = newSite(t)
	maker = s.person(distribution.Accountant)
	for _, amount := range []string{"1000", "2000", "3000"} {
		ids = append(ids, storetest.Draft(t, s.db, maker, func(f *distribution.Form) { f.Amount = amount }).ID)
	}
	return s, maker, ids
}

// A change of filter, order or page moves one part of the page and the address,
// and both are what the whole page would be.
func TestAFilterChangeMovesOneFragment(t *testing.T) {
	s, maker, _ := listed(t)
	for asked, pushed := range map[string]string{
		"/distributions": "/distributions",
		"/distributions?q=&min=2000&status=&bin=":         "/distributions?min=2000.00",
		"/distributions?sort=-created&size=50&min=1":      "/distributions?min=1.00",
		"/distributions?status=paid&status=draft":         "/distributions?status=draft&status=paid",
		"/distributions?sort=amount&size=25&knp=000":      "/distributions?knp=000&size=25&sort=amount",
		"/distributions?from=2026-11-01&to=&origin=":      "/distributions?from=2026-11-01",
		"/distributions?q=%D0%BD%D0%B8%D1%87%D1%82%D0%BE": "/distributions?q=%D0%BD%D0%B8%D1%87%D1%82%D0%BE",
	} {
		a := s.do(request{as: maker, url: asked, partial: true})
		require.Equal(t, http.StatusOK, a.Code, asked)
		assert.Equal(t, pushed, a.Header().Get("HX-Push-Url"), asked)
		whole := s.do(request{as: maker, url: pushed})
		body := strings.TrimSpace(a.Body.String())
		assert.True(t, strings.HasPrefix(body, `<div id="results"`), "%s: it begins with %.60s", asked, body)
		assert.Equal(t, 1, a.html().Find("body > *").Length(), "%s: one element and nothing beside it", asked)
		assert.Zero(t, a.html().Find("script, hx-partial, [hx-swap-oob], .bar, .rail").Length(), asked)
		part, err := a.html().Find("#results").Html()
		require.NoError(t, err)
		same, err := whole.html().Find("#results").Html()
		require.NoError(t, err)
		assert.Equal(t, same, part, asked)
		assert.Less(t, len(body), whole.Body.Len(), asked)
		assert.Empty(t, whole.Header().Get("HX-Push-Url"), "a page of its own moves no address")
	}
}

// What is not understood comes back in its field, and the address stays.
func TestATypedMistakeKeepsTheAddress(t *testing.T) {
	s, maker, _ := listed(t)
	a := s.do(request{as: maker, url: "/distributions?min=abc&knp=859", partial: true})
	assert.Equal(t, http.StatusUnprocessableEntity, a.Code)
	assert.Equal(t, "false", a.Header().Get("HX-Push-Url"))
	assert.Equal(t, "abc", a.field("min"))
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: maker, url: "/distributions?min=abc&knp=859"}).Code)
	made := s.do(request{as: maker, url: "/distributions?status=nonsense", partial: true})
	assert.Equal(t, http.StatusBadRequest, made.Code, "no field holds this")
	assert.Empty(t, made.Header().Get("HX-Push-Url"))
}

// An empty list offers the steps that find something, and no other.
func TestAnEmptyListOffersOnlyWhatFinds(t *testing.T) {
	s, maker, _ := listed(t)
	a := s.do(request{as: maker, url: "/distributions?knp=000&status=draft&from=2020-01-01"})
	steps := a.html().Find(".steps a")
	require.Equal(t, 2, steps.Length(), "without the KNP, and without everything")
	assert.Contains(t, steps.First().Text(), "КНП 000")
	assert.Contains(t, steps.First().Text(), "будет 3")
	assert.Equal(t, "/distributions?from=2020-01-01&status=draft", steps.First().AttrOr("href", ""))
	assert.Equal(t, "/distributions", steps.Last().AttrOr("href", ""))
}

// Who left forms unfinished is led to them; nobody else is.
func TestTheListLeadsToUnfinishedForms(t *testing.T) {
	s, maker, _ := listed(t)
	link := func(as distribution.Actor) string {
		return strings.TrimSpace(s.do(request{as: as, url: "/distributions"}).html().Find(`.head a[href="/drafts"]`).Text())
	}
	assert.Empty(t, link(maker), "there is none")
	formDraftOf(t, s, maker)
	assert.Equal(t, "1 незаконченная форма", link(maker))
	formDraftOf(t, s, maker)
	assert.Equal(t, "2 незаконченные формы", link(maker))
	for _, role := range distribution.Roles() {
		assert.Empty(t, link(s.person(role)), role)
	}
}

// What is ticked is exported alone, by its ids, and the page and the file say so.
func TestTickedRowsAreExportedAlone(t *testing.T) {
	s, maker, ids := listed(t)
	bar := s.do(request{as: maker, url: "/distributions?sort=amount"}).html().Find("form#ticked")
	assert.Equal(t, "/exports", bar.AttrOr("action", ""))
	assert.Equal(t, 2, bar.Find("button[name=format]").Length())
	assert.Equal(t, "amount", bar.Find("input[name=sort]").AttrOr("value", ""))
	order := url.Values{"kind": {"distributions"}, "format": {"xlsx"}, "sort": {"amount"}, "id": ids[:2]}
	ordered := s.do(request{as: maker, url: "/exports", form: order})
	require.Equal(t, http.StatusSeeOther, ordered.Code)
	page := s.do(request{as: maker, url: ordered.location()})
	assert.Contains(t, page.html().Find("main").Text(), "Отмеченные строки")

	list := s.do(request{as: maker, url: "/distributions?id=" + ids[0] + "&id=" + ids[1]})
	assert.Equal(t, 2, list.html().Find("tbody tr[id]").Length())
	assert.Contains(t, list.html().Find("#chip-ids").Text(), "2")
	assert.Equal(t, "/distributions", list.html().Find("#chip-ids .chip-x").AttrOr("href", ""))

	many := make([]string, 251)
	for i := range many {
		many[i] = ids[0]
	}
	for name, form := range map[string]url.Values{
		"no id":    with(url.Values{"kind": {"distributions"}, "format": {"csv"}}, "id", "1 OR 1=1"),
		"too many": with(url.Values{"kind": {"distributions"}, "format": {"csv"}}, "id", many...),
		"of a log": with(url.Values{"kind": {"audit"}, "format": {"csv"}}, "id", ids...),
	} {
		as := maker
		if name == "of a log" {
			as = s.person(distribution.Auditor)
		}
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: as, url: "/exports", form: form}).Code, name)
	}
	assert.Zero(t, s.do(request{as: s.person(distribution.Admin), url: "/distributions"}).html().Find("#ticked button[name=format]").Length(), "who may not export")
}
