package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/store/storetest"
	"plexydash/web"
)

// logged are the records of the filter, the newest first.
func (s *site) logged(query string) []store.AuditLine {
	s.t.Helper()
	v, err := url.ParseQuery(query)
	require.NoError(s.t, err)
	f, err := store.ParseAuditFilter(v)
	require.NoError(s.t, err)
	p, err := s.db.AuditLog(s.t.Context(), f)
	require.NoError(s.t, err)
	return p.Lines
}

func TestTheLogReadsAsSentences(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	d := storetest.Draft(t, s.db, maker)
	a := s.do(request{as: manager, url: "/audit?action=distribution.created"})
	require.Equal(t, http.StatusOK, a.Code)
	row := a.html().Find(".audit tbody tr")
	require.Equal(t, 1, row.Length())
	text := strings.Join(strings.Fields(row.Find("summary").Text()), " ")
	assert.Equal(t, maker.Name+" (Бухгалтер): создано "+d.OrderReference+": 150 000,00 ₸, "+d.Recipient.Name, text)
	assert.Contains(t, row.Find("dl").Text(), "Черновик", "fields in words")
	record := row.Find(`a[href^="/audit/"]`).AttrOr("href", "")
	assert.Equal(t, 1, row.Find(`a[href="/distributions/`+d.ID+`"]`).Length())

	raw := s.do(request{as: manager, url: record})
	require.Equal(t, http.StatusOK, raw.Code)
	line := s.logged("action=distribution.created")[0]
	assert.Equal(t, string(line.Raw), raw.Body.String(), "byte for byte")
	assert.Equal(t, "application/json; charset=utf-8", raw.Header().Get("Content-Type"))
	assert.Contains(t, row.Find("dl").Text(), line.Hash()[:16])
	for _, missing := range []string{"/audit/999999", "/audit/-1", "/audit/x"} {
		assert.Equal(t, http.StatusNotFound, s.do(request{as: manager, url: missing}).Code, missing)
	}
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: manager, url: "/audit?sort=at"}).Code)
}

func TestPagesOfTheLog(t *testing.T) {
	s := newSite(t)
	manager := s.person(distribution.Manager)
	for range 30 {
		storetest.Draft(t, s.db, s.person(distribution.Accountant))
	}
	first := s.do(request{as: manager, url: "/audit?size=25&object=distribution"}).html()
	assert.Equal(t, 25, first.Find(".audit tbody tr").Length())
	assert.Contains(t, first.Find(".filters-end").Text(), "найдено 30")
	next := first.Find(`.audit-pages a[href*="cursor="]`).AttrOr("href", "")
	second := s.do(request{as: manager, url: next}).html()
	assert.Equal(t, 5, second.Find(".audit tbody tr").Length())
	assert.Equal(t, 1, second.Find(`.audit-pages a.btn[href="/audit?object=distribution&size=25"]`).Length(), "back to the first")
	assert.Len(t, s.logged("action=audit.read"), 1, "both pages are one reading")
	none := s.do(request{as: manager, url: "/audit?id=DIST-NONE"}).html()
	assert.Equal(t, "По фильтру ничего нет", strings.TrimSpace(none.Find(".empty-title").Text()))
}

// Whatever a rule refuses is in the log, with who, what, why and the number of
// the request, and never more than once.
func TestRefusalsAreInTheLog(t *testing.T) {
	s := newSite(t, breaking)
	maker, other, manager := s.person(distribution.Accountant), s.person(distribution.Accountant), s.person(distribution.Manager)
	auditor, admin := s.person(distribution.Auditor), s.person(distribution.Admin)
	d := storetest.Draft(t, s.db, maker)
	at := "/distributions/" + d.ID
	for _, c := range []struct {
		name           string
		request        request
		status         int
		action, object string
		id             string
		result         string
		reason         string
	}{
		{"role, page", request{as: maker, url: "/audit"}, 403, "page.opening", "page", "/audit", "denied", "role"},
		{"role, action", request{as: auditor, url: at + "/submission", form: url.Values{}}, 403, "distribution.submission", "distribution", d.ID, "denied", "role"},
		{"not theirs", request{as: other, url: at + "/submission", form: url.Values{}}, 403, "distribution.submission", "distribution", d.ID, "denied", "not_yours"},
		{"state", request{as: maker, url: at + "/withdrawal", form: url.Values{}}, 409, "distribution.withdrawal", "distribution", d.ID, "denied", "state"},
		{"unknown field", request{as: maker, url: at + "/submission", form: url.Values{"approvedBy": {"x"}}}, 400, "distribution.submission", "distribution", d.ID, "denied", `unknown form field "approvedBy"`},
		{"missing", request{as: maker, url: "/distributions/nothing/copy", form: url.Values{}}, 404, "distribution.copy", "distribution", "nothing", "denied", "not_found"},
		{"too large", request{as: maker, url: "/distributions", body: strings.Repeat("a", 70_000)}, 413, "distribution.creation", "distribution", "", "denied", "too_large"},
		{"foreign", request{as: maker, url: at + "/submission", form: url.Values{}, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, 403, "distribution.submission", "distribution", d.ID, "denied", "cross_origin"},
		{"foreign, nowhere", request{as: maker, url: "/nothing", form: url.Values{}, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, 403, "request.refused", "request", "/nothing", "denied", "cross_origin"},
		{"settings", request{as: manager, url: "/settings/limits", form: url.Values{}}, 403, "settings.limits", "settings", "", "denied", "role"},
		{"log, by accountant", request{as: maker, url: "/exports", form: url.Values{"kind": {"audit"}, "format": {"csv"}}}, 403, "export.creation", "export", "", "denied", "role"},
		{"log, by admin", request{as: admin, url: "/exports", form: url.Values{"kind": {"audit"}, "format": {"csv"}}}, 403, "export.creation", "export", "", "denied", "role"},
		{"our failure", request{as: maker, url: at + "/submission", form: url.Values{}}, 500, "distribution.submission", "distribution", d.ID, "failed", "failure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.cookieOf(c.request.as)
			before := len(s.logged("size=250&result=denied")) + len(s.logged("size=250&result=failed"))
			a := s.do(c.request)
			require.Equal(t, c.status, a.Code)
			assert.Equal(t, before+1, len(s.logged("size=250&result=denied"))+len(s.logged("size=250&result=failed")))
			r := s.logged("size=25&result=" + c.result)[0]
			assert.Equal(t, c.request.as.ID, r.Actor.ID)
			assert.Equal(t, a.Header().Get("X-Request-Id"), r.Actor.RequestID)
			assert.Equal(t, []string{c.action, c.object, c.id, c.reason}, []string{r.Action, r.Object, r.ObjectID, r.Reason})
			assert.Contains(t, a.Body.String(), r.Details["number"])
		})
	}
	for _, quiet := range []request{
		{url: "/audit"}, // nobody is signed in
		{as: maker, url: "/nothing"},
		{as: maker, url: "/distributions/nothing"},
		{as: maker, url: "/distributions?sort=x"},
		{url: at + "/submission", form: url.Values{}, header: map[string]string{"Sec-Fetch-Site": "cross-site"}},
	} {
		before := len(s.logged("size=250&result=denied"))
		s.do(quiet)
		assert.Len(t, s.logged("size=250&result=denied"), before, quiet.url)
	}
}

// A flood of refusals writes at most twenty records a minute for a person; the
// next one says how many there were more.
func TestAFloodOfRefusalsDoesNotFillTheLog(t *testing.T) {
	s := newSite(t)
	maker, other := s.person(distribution.Accountant), s.person(distribution.Accountant)
	for range 50 {
		require.Equal(t, http.StatusForbidden, s.do(request{as: maker, url: "/audit"}).Code)
	}
	assert.Len(t, s.logged("size=250&result=denied"), 20)
	s.do(request{as: other, url: "/audit"})
	assert.Len(t, s.logged("size=250&result=denied"), 21, "nobody else is silenced")
	s.clock.Advance(time.Minute)
	s.do(request{as: maker, url: "/audit"})
	newest := s.logged("size=25&result=denied")
	assert.Equal(t, "30", newest[0].Details["suppressed"])
}

// Whatever can be refused has a sentence.
func TestEveryPostHasASentenceForItsRefusal(t *testing.T) {
	s := newSite(t)
	words := s.deps.Catalog.Printer(i18n.Russian)
	posts := 0
	err := chi.Walk(s.Handler.(chi.Routes), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodPost && !strings.HasPrefix(path, "/static/") {
			posts++
			action := web.ActionOf(path)
			assert.True(t, words.Has("audit.say."+action), "%s is %s: give it a sentence in audit.toml and list it in auditActions", path, action)
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, posts, 10)
}

func TestTheLogIsExportedWithTheFiltersOfThePage(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	form := url.Values{"kind": {"audit"}, "format": {"jsonl"}, "q": {"ТОО"}, "person": {"a@b.kz"}, "from": {"2026-11-01"}, "result": {"denied"}}
	a := s.do(request{as: auditor, url: "/exports", form: form})
	require.Equal(t, http.StatusSeeOther, a.Code)
	e, err := s.db.Export(t.Context(), auditor, strings.TrimPrefix(a.location(), "/exports/"))
	require.NoError(t, err)
	got, err := url.ParseQuery(e.Filter)
	require.NoError(t, err)
	assert.Equal(t, url.Values{"q": {"ТОО"}, "person": {"a@b.kz"}, "from": {"2026-11-01"}, "result": {"denied"}}, got)
	line := s.logged("action=audit.exported")[0]
	assert.Equal(t, e.ID, line.ObjectID)
	page := s.do(request{as: auditor, url: a.location()}).html().Find("main").Text()
	assert.Contains(t, page, "Журнал действий")
	assert.Contains(t, page, "a@b.kz")
	for name, wrong := range map[string]url.Values{
		"register as lines": {"kind": {"distributions"}, "format": {"jsonl"}},
		"other filters":     {"kind": {"audit"}, "format": {"csv"}, "iban": {"KZ"}},
		"no such format":    {"kind": {"audit"}, "format": {"pdf"}},
	} {
		assert.Equal(t, http.StatusBadRequest, s.do(request{as: auditor, url: "/exports", form: wrong}).Code, name)
	}
}

// The line over the log says what the last look found.
func TestTheLogSaysWhetherItIsWhole(t *testing.T) {
	s := newSite(t)
	manager := s.person(distribution.Manager)
	text := func() string { return s.do(request{as: manager, url: "/audit"}).html().Find("main").Text() }
	assert.Contains(t, text(), "ещё не проверялся")
	keep := func(breaches int) {
		look := store.InvariantCheck{At: s.clock.Now(), Results: []store.Invariant{{Code: "I12", Stops: true, Breaches: breaches}}}
		require.NoError(t, s.db.KeepInvariantCheck(t.Context(), look))
	}
	keep(0)
	assert.Contains(t, text(), "Журнал проверен 23.11.2026 12:00:00: пропусков нет")
	keep(1)
	assert.Contains(t, text(), "Журнал нарушен")
	assert.Contains(t, text(), "позовите администратора и аудитора")
	var record map[string]any
	require.NoError(t, json.Unmarshal(s.do(request{as: manager, url: "/audit/0"}).Body.Bytes(), &record))
}
