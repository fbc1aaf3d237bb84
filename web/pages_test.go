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

func TestListRefusesWhatItDoesNotUnderstand(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	for query, named := range map[string]string{
		"sort=price": "sort", "sort=--created": "sort", "cursor=zzz": "cursor", "size=7": "size", "status=lost": "status",
		"from=yesterday": "from", "to=2026-13-01": "to", "min=a": "min", "max=-1": "max", "origin=moon": "origin",
		"page=2": "page", "q=a&q=b": "q", "status=paid&status=lost": "status",
	} {
		t.Run(query, func(t *testing.T) {
			a := s.do(request{as: auditor, url: "/distributions?" + query})
			require.Equal(t, http.StatusBadRequest, a.Code)
			if field := a.html().Find(`[aria-invalid][name="` + named + `"]`); field.Length() > 0 {
				problem := a.html().Find("#" + field.AttrOr("aria-describedby", "")).Text()
				_, typed, _ := strings.Cut(query, "=")
				assert.Contains(t, problem, "«"+typed+"»", "the sentence beside the field")
				return
			}
			assert.Contains(t, a.html().Find("main").Text(), "«"+named+"»", "the page names the parameter")
		})
	}
	a := s.do(request{as: auditor, url: "/distributions?sort=%3Cscript%3Ealert(1)%3C/script%3E"})
	assert.NotContains(t, a.Body.String(), "<script>alert")
}

func rowsOf(a *answer) []string {
	var ids []string
	a.html().Find(`tr[id^="row-"]`).Each(func(_ int, row *goquery.Selection) {
		ids = append(ids, strings.TrimPrefix(row.AttrOr("id", ""), "row-"))
	})
	return ids
}

// Every row is on exactly one page, and what comes in between moves none.
func TestListPages(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	var made []string
	for range 60 {
		s.clock.Advance(time.Second)
		made = append(made, storetest.Draft(t, s.db, maker).ID)
	}
	var seen []string
	address := "/distributions?size=25&sort=created"
	for pages := 0; address != ""; pages++ {
		require.Less(t, pages, 4)
		a := s.do(request{as: maker, url: address})
		require.Equal(t, http.StatusOK, a.Code)
		seen = append(seen, rowsOf(a)...)
		address = a.html().Find(`a[rel="next"]`).First().AttrOr("href", "")
		if pages == 1 {
			assert.NotZero(t, a.html().Find(`a[href="/distributions?size=25&sort=created"]`).Length(), "back to the first page")
		}
	}
	assert.Equal(t, made, seen)
}

func TestListTotalsAreOverAllPages(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	for range 30 {
		storetest.Draft(t, s.db, maker, func(f *distribution.Form) { f.Amount = "1000,01" })
	}
	text := strings.ReplaceAll(s.do(request{as: maker, url: "/distributions?size=25"}).html().Find("main").Text(), "\u00a0", " ")
	assert.Contains(t, text, "30 000,30")
}

func TestRolesSeeOnlyWhatTheyMay(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	d := storetest.Draft(t, s.db, maker)
	type offers struct{ create, export, review, edit, cancel, copy int }
	for _, c := range []struct {
		as   distribution.Actor
		want offers
	}{
		{maker, offers{1, 1, 1, 1, 1, 1}},
		{s.person(distribution.Accountant), offers{1, 1, 0, 0, 0, 0}},
		{s.person(distribution.Manager), offers{0, 1, 0, 0, 1, 0}},
		{s.person(distribution.Auditor), offers{0, 1, 0, 0, 0, 0}},
		{s.person(distribution.Admin), offers{0, 0, 0, 0, 0, 0}},
	} {
		list := s.do(request{as: c.as, url: "/distributions"}).html().Find("main")
		page := s.do(request{as: c.as, url: "/distributions/" + d.ID}).html().Find("main")
		has := func(in *goquery.Selection, selector string) int { return min(1, in.Find(selector).Length()) }
		at := "/distributions/" + d.ID
		assert.Equal(t, c.want, offers{
			has(list, `a[href="/distributions/new"]`), has(list, `form[action="/exports"]`),
			has(page, `a[href="`+at+`/review"]`), has(page, `a[href="`+at+`/edit"]`),
			has(page, `form[action="`+at+`/cancellation"]`), has(page, `form[action="`+at+`/copy"]`),
		}, "%s", c.as.Name)
	}
}

// htmx gets the part it asks for, and a whole page whenever it needs one.
func TestPageOrFragment(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	e := exportOf(t, s, maker)
	for name, c := range map[string]struct {
		header map[string]string
		page   bool
	}{
		"browser":          {nil, true},
		"part":             {map[string]string{"HX-Request": "true", "HX-Request-Type": "partial"}, false},
		"boosted":          {map[string]string{"HX-Request": "true", "HX-Request-Type": "full", "HX-Boosted": "true"}, true},
		"restored history": {map[string]string{"HX-Request": "true", "HX-Request-Type": "partial", "HX-History-Restore-Request": "true"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, address := range []string{"/exports/" + e, "/exports/nothing"} {
				a := s.do(request{as: maker, url: address, header: c.header})
				assert.Equal(t, c.page, strings.Contains(a.Body.String(), "<html"), address)
			}
		})
	}
	posted := s.do(request{as: maker, url: "/distributions/" + draftOf(t, s, maker) + "/copy", form: url.Values{}, partial: true})
	assert.Equal(t, http.StatusNoContent, posted.Code)
	assert.True(t, strings.HasPrefix(posted.Header().Get("HX-Redirect"), "/distributions/new?copy="))
}

// An open page asks again only while something may still change.
func TestPollingStops(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	draft, queued := storetest.Draft(t, s.db, maker).ID, storetest.Queued(t, s.db, maker).ID
	for id, polls := range map[string]bool{draft: false, queued: true} {
		for _, part := range []string{"row", "status"} {
			a := s.do(request{as: maker, url: "/distributions/" + id + "/" + part, partial: true})
			require.Equal(t, http.StatusOK, a.Code)
			assert.Equal(t, polls, strings.Contains(a.Body.String(), "hx-trigger"), part)
		}
	}
}

func TestUnknownOutcomeIsSaidPlainly(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	d := storetest.Unknown(t, s.db, maker)
	main := s.do(request{as: maker, url: "/distributions/" + d.ID}).html().Find("main")
	assert.Contains(t, main.Text(), "Мы не знаем, принял ли Plexy это поручение")
	assert.Equal(t, 1, main.Find(`form[action="/distributions/`+d.ID+`/resolution"]`).Length())
	assert.Zero(t, main.Find(`a[href$="/review"], a[href$="/edit"]`).Length())
}

// What is shown of Plexy is what the mirror holds, with its age.
func TestFreshnessAndBalance(t *testing.T) {
	s := newSite(t)
	maker, syncer := s.person(distribution.Accountant), distribution.System("syncer")
	bar := func() string { return s.do(request{as: maker, url: "/distributions"}).html().Text() }
	form := func() string {
		return strings.ReplaceAll(s.do(request{as: maker, url: "/distributions/new"}).html().Find("aside").Text(), "\u00a0", " ")
	}
	assert.Contains(t, bar(), "Plexy ещё не читали")
	assert.NotContains(t, form(), "0,00 ₸", "nothing read is not zero")

	require.NoError(t, s.db.SyncSucceeded(t.Context(), syncer))
	require.NoError(t, s.db.KeepBalance(t.Context(), syncer,
		store.Balance{Amount: 1_000_000_00, Currency: "KZT"}, storetest.Answer("balance", s.clock.Now())))
	assert.Contains(t, bar(), "12:00")
	assert.Contains(t, form(), "1 000 000,00")

	storetest.Queued(t, s.db, maker)
	assert.Contains(t, form(), "850 000,00", "what is queued is not free")

	require.NoError(t, s.db.SyncFailed(t.Context(), syncer, store.Unauthorized))
	s.clock.Advance(10 * time.Minute)
	d := storetest.Draft(t, s.db, maker)
	review := s.do(request{as: maker, url: "/distributions/" + d.ID + "/review"}).html()
	assert.Equal(t, 1, review.Find(".review-main .notice.is-amber").Length(), "sending is paused")
}

func TestEveryPageSpeaksThreeLanguages(t *testing.T) {
	s := newSite(t, inDemo)
	maker := s.person(distribution.Accountant)
	d, unknown := storetest.Draft(t, s.db, maker).ID, storetest.Unknown(t, s.db, maker).ID
	file, waiting := s.readyExport(maker, "a.csv", "x"), exportOf(t, s, maker)
	manager, missed, free, gone := s.person(distribution.Manager), notFoundOf(t, s, maker), notFoundOf(t, s, maker), vanishedOf(t, s, maker)
	s.proposal(maker, distribution.DecideResend, missed)
	withdrawn := request{as: maker, url: "/distributions/" + d + "/withdrawal", form: url.Values{}}
	pages := []request{
		{url: "/login"},
		{url: "/nothing"},
		{as: maker, url: "/distributions"},
		{as: maker, url: "/distributions?status=paid&q=x"},
		{as: maker, url: "/distributions?sort=x"},
		{as: maker, url: "/distributions/new"},
		{as: maker, url: "/distributions/new?copy=" + d},
		{as: maker, url: "/distributions/" + d},
		{as: maker, url: "/distributions/" + unknown},
		{as: maker, url: "/distributions/" + d + "/review"},
		{as: maker, url: "/distributions/" + d + "/edit"},
		{as: maker, url: "/distributions", form: filled(s.token(maker))},
		{as: maker, url: "/distributions", form: with(filled(s.token(maker)), "recipient.bin", "1")},
		{as: maker, url: "/exports"},
		{as: maker, url: "/exports/" + file},
		{as: maker, url: "/exports/" + waiting},
		withdrawn,
		{as: s.person(distribution.Admin), url: "/exports"},
		{as: maker, url: "/unknown"},
		{as: manager, url: "/proposals"},
		{as: maker, url: "/distributions/" + missed},
		{as: manager, url: "/distributions/" + missed},
		{as: manager, url: "/distributions/" + gone},
		{as: manager, url: "/distributions/" + gone + "/acknowledgement"},
		{as: maker, url: "/distributions/" + free + "/resolution?kind=resend"},
		{as: maker, url: "/distributions/" + free + "/resolution?kind=link"},
		{as: maker, url: "/distributions/" + free + "/resolution?kind=ours"},
		{as: maker, url: "/distributions/" + free + "/resolution", form: url.Values{"kind": {"close"}, "reason": {""}}},
	}
	for _, lang := range []string{"ru", "kk", "en"} {
		for _, r := range pages {
			r.cookies = append(r.cookies, &http.Cookie{Name: "lang", Value: lang})
			a := s.do(r)
			assert.NotContains(t, a.Body.String(), "⟦", "%s %s", lang, r.url)
			assert.NotContains(t, a.Body.String(), "style=", "%s %s", lang, r.url)
			if a.Code != http.StatusSeeOther {
				assert.Equal(t, lang, a.html().Find("html").AttrOr("lang", ""), r.url)
			}
		}
	}
}

func TestPreferences(t *testing.T) {
	s := newSite(t, overHTTPS)
	a := s.do(request{url: "/me/preferences", form: url.Values{"lang": {"kk"}, "back": {"/login?next=%2Fexports"}}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	assert.Equal(t, "/login?next=%2Fexports", a.location())
	lang := a.cookie("lang")
	require.NotNil(t, lang)
	assert.True(t, lang.Secure)
	assert.Equal(t, "kk", s.do(request{url: "/login", cookies: []*http.Cookie{lang}}).html().Find("html").AttrOr("lang", ""))
	assert.Equal(t, "en", s.do(request{url: "/login", header: map[string]string{"Accept-Language": "en-GB,en;q=0.9"}}).html().Find("html").AttrOr("lang", ""))
	assert.Equal(t, "ru", s.do(request{url: "/login"}).html().Find("html").AttrOr("lang", ""))

	a = s.do(request{url: "/me/preferences", form: url.Values{"theme": {"dark"}, "back": {"https://evil.example"}}})
	assert.Equal(t, "/", a.location())
	dark := a.cookie("theme")
	assert.Equal(t, "dark", s.do(request{url: "/login", cookies: []*http.Cookie{dark}}).html().Find("html").AttrOr("data-theme", ""))
	assert.Negative(t, s.do(request{url: "/me/preferences", form: url.Values{"theme": {""}}}).cookie("theme").MaxAge)
}

func TestDemoIsUnmistakable(t *testing.T) {
	demo, live := newSite(t, inDemo), newSite(t)
	assert.Contains(t, demo.do(request{url: "/login"}).html().Text(), "a@demo.kz")
	assert.NotContains(t, live.do(request{url: "/login"}).html().Text(), "demo.kz")
}

// What Plexy answered is shown as it came, and as text.
func TestRawAnswersAreShown(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	d := storetest.Accepted(t, s.db, maker, "plexy-77")
	page := s.do(request{as: s.person(distribution.Auditor), url: "/distributions/" + d.ID}).html().Find("main")
	assert.Contains(t, page.Text(), "plexy-77")
	assert.JSONEq(t, string(storetest.Answer("create", s.clock.Now()).Body), page.Find("pre").FilterFunction(
		func(_ int, pre *goquery.Selection) bool { return strings.HasPrefix(pre.Text(), "{") }).First().Text())
}
