package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// declinedOf was given back to its maker.
func declinedOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	d := storetest.Awaiting(t, s.db, by)
	d, err := s.db.Change(t.Context(), s.person(distribution.Manager), d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		boss := distribution.Actor{Person: distribution.Person{ID: "boss", Name: "boss", Email: "boss@example.kz"}, Role: distribution.Manager}
		return d.Decline(boss, storetest.OneApproval(), distribution.Code(d.SubmittedHash), "нет номера договора")
	})
	require.NoError(t, err)
	return d.ID
}

// waitingOf waits for one approval.
func waitingOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	return storetest.Awaiting(t, s.db, by).ID
}

// busy is a site where something of everything is there, and its accountant.
func busy(t *testing.T) (*site, distribution.Actor) {
	t.Helper()
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	unknownOf(t, s, maker)
	mismatchOf(t, s, maker)
	vanishedOf(t, s, maker)
	s.proposal(maker, distribution.DecideResend, notFoundOf(t, s, maker))
	notFoundOf(t, s, maker)
	foreignOf(t, s, storetest.Draft(t, s.db, maker))
	declinedOf(t, s, maker)
	waitingOf(t, s, maker)
	queuedOf(t, s, maker)
	s.readyExport(maker, "a.csv", "x")
	exportOf(t, s, maker)
	return s, maker
}

// crawl reads every page that leads from the first one, as somebody signed in
// comes to it by links and by what pages fetch themselves. Of pages that differ
// in the values of their filters it reads one.
func (s *site) crawl(as distribution.Actor, look func(address string, a *answer)) {
	s.t.Helper()
	met, next := map[string]bool{}, []string{"/", "/distributions"}
	for len(next) > 0 {
		address := next[0]
		next = next[1:]
		if met[alike(address)] {
			continue
		}
		met[alike(address)] = true
		a := s.do(request{as: as, url: address})
		look(address, a)
		if a.location() != "" {
			next = append(next, a.location())
		}
		if strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
			next = append(next, linksOf(a.html())...)
		}
	}
}

// alike is an address without the values of its filters, which only choose rows.
func alike(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	names := slices.Sorted(maps.Keys(u.Query()))
	return u.Path + "?" + strings.Join(names, "&") + u.Query().Get("kind")
}

// linksOf is every address of ours that a page leads to or fetches.
func linksOf(page *goquery.Document) []string {
	var all []string
	page.Find("a[href], [hx-get]").Each(func(_ int, e *goquery.Selection) {
		address, _, _ := strings.Cut(e.AttrOr("href", e.AttrOr("hx-get", "")), "#")
		if strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "/static/") {
			all = append(all, address)
		}
	})
	return all
}

// route names the row of the router that answers.
func (s *site) route(method, address string) string {
	s.t.Helper()
	u, err := url.Parse(address)
	require.NoError(s.t, err)
	c := chi.NewRouteContext()
	if !s.Handler.(chi.Routes).Match(c, method, u.Path) {
		return ""
	}
	return method + " " + c.RoutePattern()
}

// Pages offer only what the reader may do: no link leads to a refusal, and no
// form goes where the role never comes through.
func TestPagesOfferOnlyWhatTheReaderMay(t *testing.T) {
	s, maker := busy(t)
	for _, as := range everyRole(s, maker) {
		pages, forms := 0, 0
		s.crawl(as, func(address string, a *answer) {
			pages++
			assert.Less(t, a.Code, 400, "%s is led to %s", as.Name, address)
			if !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
				return
			}
			a.html().Find(`form[method="post"]`).Each(func(_ int, f *goquery.Selection) {
				forms++
				route := s.route(http.MethodPost, f.AttrOr("action", address))
				l, ok := lineOf(route)
				assert.True(t, ok, "%s: a form goes to %s", address, f.AttrOr("action", ""))
				assert.NotEqual(t, never, l.of(as.Role), "%s: %s is offered %s", address, as.Name, route)
			})
		})
		assert.Greater(t, pages, 20, "%s saw pages", as.Name)
		assert.Greater(t, forms, 20, "%s saw forms", as.Name)
	}
}

// everyRole is the maker and one more of each role.
func everyRole(s *site, maker distribution.Actor) []distribution.Actor {
	all := []distribution.Actor{maker}
	for _, role := range distribution.Roles() {
		all = append(all, s.person(role))
	}
	return all
}
