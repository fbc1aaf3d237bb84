package main

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// place is a page that somebody opens, by the route that answers. The journeys
// that walk through every page share this list.
type place struct {
	Who, Route string
	Find       func(*visitor) string // its address; nil: the route
}

const (
	asAccountant = "accountant@demo.kz"
	asManager    = "manager@demo.kz"
	asAdmin      = "admin@demo.kz"
)

// places are all pages of people who are signed in, those of a person together.
func places() []place {
	at := func(path string) func(*visitor) string { return func(*visitor) string { return path } }
	of := func(filter, ending string) func(*visitor) string {
		return func(v *visitor) string { return v.detail(filter) + ending }
	}
	first := func(page, link string) func(*visitor) string {
		return func(v *visitor) string { return v.get(page).first(link).AttrOr("href", "") }
	}
	const mine = "status=draft&author=" + asAccountant
	return []place{
		{asAccountant, "/", nil},
		{asAccountant, "/distributions", at("/distributions?size=25")},
		{asAccountant, "/distributions", at("/distributions?size=25&status=paid&min=1000")},
		{asAccountant, "/distributions", at("/distributions?knp=000&status=paid")},
		{asAccountant, "/distributions/{id}", of("status=paid", "")},
		{asAccountant, "/distributions/{id}", of(mine, "")},
		{asAccountant, "/distributions/{id}/edit", of(mine, "/edit")},
		{asAccountant, "/distributions/{id}/review", of(mine, "/review")},
		{asAccountant, "/distributions/{id}/order", of("status=paid", "/order")},
		{asAccountant, "/distributions/{id}/resolution", of("status=not_found", "/resolution?kind=resend")},
		{asAccountant, "/distributions/new", nil},
		{asAccountant, "/drafts", (*visitor).leftUnfinished},
		{asAccountant, "/me/views", (*visitor).savedViews},
		{asAccountant, "/me/columns", nil},
		{asAccountant, "/recipients", nil},
		{asAccountant, "/recipients/{id}", first("/recipients", `main a[href^="/recipients/"]`)},
		{asAccountant, "/unknown", nil},
		{asAccountant, "/proposals", nil},
		{asAccountant, "/exports", nil},
		{asAccountant, "/exports/{id}", func(v *visitor) string {
			return v.get("/distributions?status=paid").submit("CSV для Excel", nil).Path
		}},
		{asAccountant, "/me", nil},
		{asAccountant, "/me/factor", nil},
		{asAccountant, "/help/keyboard", nil},
		{asManager, "/approvals", nil},
		{asManager, "/distributions/{id}", of("status=awaiting_approval", "")},
		{asManager, "/distributions/{id}/decline", of("status=awaiting_approval", "/decline")},
		{asManager, "/distributions/{id}/acknowledgement", first("/unknown", `main a[href$="/acknowledgement"]`)},
		{asManager, "/balance", nil},
		{asManager, "/settings/sending", nil},
		{asManager, "/hold", nil},
		{asManager, "/integrity", nil},
		{asManager, "/audit", at("/audit?size=25")},
		{asAdmin, "/users", nil},
		{asAdmin, "/users/{id}", first("/users", `tbody a[href^="/users/"]`)},
		{asAdmin, "/settings", nil},
	}
}

// noPlaces are the other addresses that are read, with the reason why nobody
// walks through them.
func noPlaces() map[string]string {
	const (
		program = "for programs"
		part    = "a part of a page that is open"
		signIn  = "on the way in: the journeys of signing in and of decisions look at it"
	)
	return map[string]string{
		"/healthz": program, "/readyz": program, "/metrics": program, "/session": program,
		"/login": signIn, "/login/factor": signIn, "/invitations/{token}": signIn, "/resumption": signIn,
		"/distributions/arrivals": part, "/distributions/{id}/peek": part, "/distributions/{id}/row": part, "/distributions/{id}/status": part,
		"/search": part, "/recipients/options": part, "/approvals/requirement": part,
		"/exports/{id}/file": "a file", "/audit/{id}": "a record as it is written, for programs",
		"/gallery": "every part twice, in demo mode only: looked at, not walked through",
	}
}

// Every address that is read is a place or says why it is none.
func TestEveryPageIsAPlace(t *testing.T) {
	source, err := os.ReadFile("web/router.go")
	require.NoError(t, err)
	known := noPlaces()
	for _, p := range places() {
		assert.Empty(t, noPlaces()[p.Route], "%s is both", p.Route)
		known[p.Route] = p.Who
	}
	read := map[string]bool{}
	for _, row := range regexp.MustCompile(`\{method: (?:http\.MethodGet|get), path: "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		read[row[1]] = true
		assert.NotEmpty(t, known[row[1]], "%s: add it to places, or to noPlaces with the reason", row[1])
	}
	assert.Greater(t, len(read), 40)
	for route := range known {
		assert.True(t, read[route], "%s is not in the router any more", route)
	}
}

// addressed is a place and where it is in a program that runs.
type addressed struct {
	place
	Path string
	By   *visitor // signed in as who opens it
}

// find makes what the places need and finds their addresses.
func find(t *testing.T, p *program) []addressed {
	t.Helper()
	var all []addressed
	people := map[string]*visitor{}
	for _, one := range places() {
		who := people[one.Who]
		if who == nil {
			who = visit(t, p).signIn(one.Who)
			people[one.Who] = who
		}
		path := one.Route
		if one.Find != nil {
			path = one.Find(who)
		}
		require.Equal(t, http.StatusOK, who.get(path).Status, "%s: %s", one.Route, path)
		all = append(all, addressed{one, path, who})
	}
	return all
}

// leftUnfinished is the page of forms that somebody did not finish.
func (v *visitor) leftUnfinished() string {
	v.t.Helper()
	token := v.get("/distributions/new").first("input[name=formToken]").AttrOr("value", "")
	kept := v.post("/drafts/"+token, url.Values{"recipient.name": {"ТОО «Приишимская машиностроительная компания имени Шокана Уалиханова»"}, "amount": {"1 250 000,50"}})
	require.Equal(v.t, http.StatusNoContent, kept.Status)
	return "/drafts"
}

// savedViews is the page of views, one of which everybody has.
func (v *visitor) savedViews() string {
	v.t.Helper()
	for name, query := range map[string]string{"Налоги и взносы": "knp=911", "Крупные": "min=5000000&sort=-amount"} {
		saved := v.post("/me/views", url.Values{"name": {name}, "query": {query}, "shared": {"yes"}, "columns": {"yes"}})
		require.True(v.t, strings.HasPrefix(saved.Path, "/distributions?"), saved.Path)
	}
	return "/me/views"
}
