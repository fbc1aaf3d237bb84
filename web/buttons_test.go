package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// button is something that may be done about one distribution: how its page
// offers it, and what is sent.
type button struct {
	path, offer string
	form        func(*site, distribution.Actor, distribution.Distribution) url.Values
}

func says(v url.Values) func(*site, distribution.Actor, distribution.Distribution) url.Values {
	return func(*site, distribution.Actor, distribution.Distribution) url.Values { return v }
}

// buttons of a page; AT stands for its address.
func buttons() map[string]button {
	coded := func(more url.Values) func(*site, distribution.Actor, distribution.Distribution) url.Values {
		return func(_ *site, _ distribution.Actor, d distribution.Distribution) url.Values {
			v := url.Values{"code": {distribution.Code(distribution.Hash(&d))}}
			for name := range more {
				v.Set(name, more.Get(name))
			}
			return v
		}
	}
	all := map[string]button{
		"submit":      {"/submission", `form[action="AT/submission"], a[href="AT/review"]`, says(url.Values{})},
		"withdraw":    {"/withdrawal", `form[action="AT/withdrawal"]`, says(url.Values{})},
		"cancel":      {"/cancellation", `form[action="AT/cancellation"]`, says(url.Values{})},
		"copy":        {"/copy", `form[action="AT/copy"]`, says(url.Values{})},
		"approve":     {"/approval", `form[action="AT/approval"]`, coded(nil)},
		"decline":     {"/decline", `form[action="AT/decline"], a[href^="AT/decline"], [formaction="AT/decline"]`, coded(url.Values{"reason": {"нет договора"}})},
		"acknowledge": {"/acknowledgement", `a[href="AT/acknowledgement"]`, says(url.Values{"note": {"звонили"}})},
		"check":       {"/resolution", `form[action="AT/resolution"]:has([value="check"])`, says(url.Values{"kind": {"check"}})},
		"edit": {"/edit", `a[href="AT/edit"]`, func(s *site, by distribution.Actor, _ distribution.Distribution) url.Values {
			v := filled(strings.Repeat("0", 32))
			if by.Role == distribution.Accountant {
				v = filled(s.token(by))
			}
			return with(with(v, "orderReference", ""), "paymentPurpose", "Другое назначение")
		}},
	}
	// A link needs a row to link to, an override a twin: decisions_test.go has them.
	for _, kind := range []distribution.DecisionKind{
		distribution.DecideResend, distribution.DecideClose, distribution.DecideTicket, distribution.DecideOurs, distribution.DecideNotOurs,
	} {
		all[string(kind)] = button{
			"/resolution", `a[href="AT/resolution?kind=` + string(kind) + `"]`,
			says(url.Values{"kind": {string(kind)}, "reason": {"ответ Plexy"}, "ticket": {"TT-1"}}),
		}
	}
	return all
}

// In every state the page of a distribution offers each reader exactly what
// would be done if they sent it: no button that is refused, none that is missing.
func TestButtonsAreExactlyWhatIsAllowed(t *testing.T) {
	for state, thing := range map[string]func(*testing.T, *site, distribution.Actor) string{
		"draft": draftOf, "awaiting": waitingOf, "declined": declinedOf, "queued": queuedOf, "unknown": unknownOf, "not found": notFoundOf,
		"mismatch": mismatchOf, "vanished": vanishedOf,
		"awaiting, peers decide": func(t *testing.T, s *site, by distribution.Actor) string {
			t.Helper()
			id := waitingOf(t, s, by)
			peers := storetest.OneApproval()
			peers.Peers = true
			storetest.SetPolicy(t, s.db, peers)
			return id
		},
		"accepted": func(t *testing.T, s *site, by distribution.Actor) string {
			t.Helper()
			return storetest.Accepted(t, s.db, by, "plexy-1").ID
		},
		"cancelled": func(t *testing.T, s *site, by distribution.Actor) string {
			t.Helper()
			id := draftOf(t, s, by)
			_, err := s.db.Change(t.Context(), by, id, func(d *distribution.Distribution) (distribution.Event, error) { return d.Cancel(by, "") })
			require.NoError(t, err)
			return id
		},
		"refused": func(t *testing.T, s *site, by distribution.Actor) string {
			t.Helper()
			return storetest.Finish(t, s.db, storetest.Sending(t, s.db, by), store.OutcomeRefused, func(d *distribution.Distribution) (distribution.Event, error) {
				return d.Refuse("нет средств", s.clock.Now())
			}).ID
		},
		"made outside": func(t *testing.T, s *site, by distribution.Actor) string {
			t.Helper()
			return s.rowOf(foreignOf(t, s, storetest.Draft(t, s.db, by)))
		},
	} {
		t.Run(state, func(t *testing.T) { pressEverything(t, thing) })
	}
}

func pressEverything(t *testing.T, thing func(*testing.T, *site, distribution.Actor) string) {
	catalog, assets := shared(t)
	var s *site
	var id, old string
	var people []distribution.Actor
	anew := func() {
		s = newSite(t, func(d *deps) { d.web.Catalog, d.web.Assets = catalog, assets })
		maker := s.person(distribution.Accountant)
		people = everyRole(s, maker)
		id = thing(t, s, maker)
		for _, p := range people {
			s.cookieOf(p)
		}
		old = s.state()
	}
	anew()
	for name, b := range buttons() {
		for i := range people {
			as, at := people[i], "/distributions/"+id
			if s.route(http.MethodPost, at+b.path) == "" {
				continue
			}
			page := s.do(request{as: as, url: at})
			assert.Equal(t, http.StatusOK, page.Code)
			offered := page.html().Find("main").Find(strings.ReplaceAll(b.offer, "AT", at)).Length() > 0
			before := s.distribution(id)
			form := b.form(s, as, before)
			a := s.do(request{as: as, url: at + b.path, form: form})
			done := a.Code == http.StatusSeeOther && s.state() != old
			possible := done || name == "copy" && a.Code == http.StatusSeeOther || a.Code == http.StatusUnprocessableEntity
			assert.Equal(t, offered, possible, "%s by %s, as %s: %d", name, as.Name, before.Status, a.Code)
			if done {
				anew()
			}
		}
	}
}

// rowOf is our id of a row of Plexy.
func (s *site) rowOf(plexyID string) string {
	s.t.Helper()
	return s.query(s.raw(), "SELECT id FROM distributions WHERE plexy_id = '"+plexyID+"'")[0]
}
