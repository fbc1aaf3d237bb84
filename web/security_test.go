package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// everyAnswer is one request for each way that an answer comes about.
func everyAnswer(s *site) map[string]request {
	maker := s.person(distribution.Accountant)
	d := storetest.Draft(s.t, s.db, maker)
	draft := storetest.Draft(s.t, s.db, maker)
	file := s.readyExport(maker, "register.csv", "id;amount\r\n")
	return map[string]request{
		"sign-in page":     {url: "/login"},
		"to sign-in":       {url: "/distributions"},
		"to sign-in, htmx": {url: "/distributions/" + d.ID + "/row", partial: true},
		"page":             {as: maker, url: "/distributions/" + d.ID},
		"fragment":         {as: maker, url: "/distributions/" + d.ID + "/status", partial: true},
		"after a POST":     {as: maker, url: "/distributions/" + d.ID + "/copy", form: url.Values{}},
		"400":              {as: maker, url: "/distributions?sort=nothing"},
		"403":              {as: maker, url: "/distributions/" + d.ID, method: http.MethodPost, header: map[string]string{"Sec-Fetch-Site": "cross-site"}},
		"404":              {as: maker, url: "/nothing"},
		"404, signed out":  {url: "/nothing"},
		"404, fragment":    {as: maker, url: "/distributions/nothing/row", partial: true},
		"405":              {as: maker, url: "/login", method: http.MethodDelete},
		"409":              {as: maker, url: "/distributions/" + draft.ID + "/withdrawal", form: url.Values{}},
		"413":              {as: maker, url: "/distributions", body: strings.Repeat("a", 70_000)},
		"422":              {as: maker, url: "/distributions", form: with(filled(s.token(maker)), "amount", "")},
		"500":              {as: maker, url: "/distributions/" + d.ID + "/submission", form: url.Values{}},
		"static":           {url: "/static/nothing.css"},
		"health":           {url: "/healthz"},
		"file":             {as: maker, url: "/exports/" + file + "/file"},
		"compressed":       {as: maker, url: "/distributions/new", header: map[string]string{"Accept-Encoding": "gzip"}},
	}
}

// breaking makes the call that follows a submission fail.
func breaking(d *deps) { d.handlers.Wake = func() { panic("MARKER: the workers are gone") } }

func TestHeadersOnEveryAnswer(t *testing.T) {
	s := newSite(t, overHTTPS, breaking)
	statuses := map[int]bool{}
	for name, r := range everyAnswer(s) {
		t.Run(name, func(t *testing.T) {
			a := s.do(r)
			statuses[a.Code] = true
			a.assertHeaders(name)
		})
	}
	for _, status := range []int{200, 303, 400, 401, 403, 404, 405, 409, 413, 422, 500} {
		assert.True(t, statuses[status], "no answer with %d was seen", status)
	}
}

// assertHeaders are the headers that every answer has.
func (a *answer) assertHeaders(of string) {
	a.t.Helper()
	csp := a.Header().Get("Content-Security-Policy")
	assert.True(a.t, strings.HasPrefix(csp, "default-src 'none'"), "%s: %s", of, csp)
	assert.Contains(a.t, csp, "frame-ancestors 'none'", of)
	assert.NotContains(a.t, csp, "unsafe", of)
	store := "no-store"
	for _, part := range []string{
		"/session as", "/approvals/requirement as", "/distributions/checks as", "POST /drafts/{id} as", "/search as", "/recipients/options as",
		"/distributions as", "/distributions/arrivals as", "/recipients/options as", "/row as", "/peek as", "/me/columns as",
	} {
		whole := strings.HasSuffix(part, "/distributions as") || strings.HasSuffix(part, "columns as")
		if strings.Contains(of, part) && a.Code < 300 && (!whole || strings.Contains(of, "by a script")) {
			store = "private, no-cache" // so that the page it is put into may be kept while somebody is away
		}
	}
	for header, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control": store, "Strict-Transport-Security": "max-age=63072000", "Server": "", "X-Powered-By": "",
	} {
		assert.Equal(a.t, want, a.Header().Get(header), "%s: %s", of, header)
	}
	assert.NotEmpty(a.t, a.Header().Get("Permissions-Policy"), of)
	assert.Len(a.t, a.Header().Get("X-Request-Id"), 16, of)
	assert.Contains(a.t, strings.Join(a.Header().Values("Vary"), ", "), "HX-Request, HX-Request-Type", of)
}

// Every route has them, for whoever asks and however, and so has what is not there.
func TestHeadersOnEveryRoute(t *testing.T) {
	s := newSite(t, overHTTPS)
	maker := s.person(distribution.Accountant)
	id := storetest.Draft(t, s.db, maker).ID
	auditor := s.person(distribution.Auditor)
	routes := append(routesOf(t, s), "GET /nothing", "POST /nothing/{id}", "DELETE /nothing")
	for _, route := range routes {
		clear(s.cookies) // one of them signs out
		_, path, _ := strings.Cut(route, " ")
		address := strings.NewReplacer("{id}", id, "{token}", "x").Replace(path)
		for _, as := range []distribution.Actor{{}, maker, auditor} {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete, http.MethodOptions} {
				for _, partial := range []bool{false, true} {
					a := s.do(request{as: as, method: method, url: address, partial: partial})
					asks := ""
					if partial {
						asks = " by a script"
					}
					a.assertHeaders(fmt.Sprintf("%s %s as %q%s: %d", method, address, as.Role, asks, a.Code))
				}
			}
		}
	}
}

func TestHeadersOverHTTP(t *testing.T) {
	s := newSite(t)
	assert.Empty(t, s.do(request{url: "/login"}).Header().Get("Strict-Transport-Security"))
	_, assets := shared(t)
	css := s.do(request{url: assets.URL("app.css")})
	require.Equal(t, http.StatusOK, css.Code)
	assert.Contains(t, css.Header().Get("Cache-Control"), "immutable")
	assert.NotEmpty(t, css.Header().Get("Content-Security-Policy"))
}

// What goes wrong inside is told to the log, never to the reader.
func TestInternalErrorsDoNotLeak(t *testing.T) {
	s := newSite(t, breaking)
	maker := s.person(distribution.Accountant)
	draft := storetest.Draft(t, s.db, maker)
	export := s.readyExport(maker, "register.csv", "id;amount\r\n")
	require.NoError(t, os.WriteFile(filepath.Join(s.exportDir, export+".csv"), []byte("cut"), 0o600))
	cases := map[string]struct {
		request
		secret string
	}{
		"panic":          {request{as: maker, url: "/distributions/" + draft.ID + "/submission", form: url.Values{}}, "MARKER: the workers are gone"},
		"panic, htmx":    {request{as: maker, url: "/distributions/" + draft.ID + "/submission", form: url.Values{}, partial: true}, "MARKER: the workers are gone"},
		"error of files": {request{as: maker, url: "/exports/" + export + "/file"}, "bytes on disk"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := s.do(c.request)
			require.Equal(t, http.StatusInternalServerError, a.Code)
			assert.NotContains(t, a.Body.String(), c.secret)
			assert.NotContains(t, a.Body.String(), ".go:", "no stack")
			var line string
			for l := range strings.Lines(s.log.String()) {
				if strings.Contains(l, `"level":"ERROR","msg":"request failed"`) {
					line = l
				}
			}
			assert.Contains(t, line, c.secret)
			assert.Contains(t, line, maker.ID)
			_, rest, _ := strings.Cut(line, `"number":"`)
			number, _, _ := strings.Cut(rest, `"`)
			require.Len(t, number, 8)
			assert.Contains(t, a.Body.String(), number, "the page shows the number of the log line")
			assert.Equal(t, c.form == nil, a.html().Find(`.errpage a:contains("Повторить")`).Length() == 1, "only what changes nothing is offered again")
			assert.Equal(t, c.partial, a.html().Find(".shell").Length() == 0, "htmx gets a notice, not a page")
		})
	}
}

// Nothing personal is in the log of accesses.
func TestAccessLogHoldsNothingPersonal(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	cookie := s.cookieOf(maker)
	s.do(request{as: maker, url: "/distributions?q=SECRET&iban=KZ86125KZT5004100100", header: map[string]string{
		"Referer": "http://example.com/distributions?q=REFERRED", "User-Agent": "AGENT", "X-Request-Id": "FORGED",
	}})
	s.do(request{as: maker, url: "/distributions", form: with(filled(s.token(maker)), "SECRETFIELD-1", "x")})
	s.do(request{url: "/login", form: url.Values{"email": {"SECRET@demo.kz"}, "password": {"SECRET"}}})
	log := s.log.String()
	require.Contains(t, log, `"path":"/distributions"`)
	for _, secret := range []string{"SECRET@", `"SECRET"`, "q=", "KZ86", "REFERRED", "AGENT", "FORGED", cookie.Value, "Credit Partner", "123456789012", maker.Email, maker.Name} {
		assert.NotContains(t, log, secret)
	}
}

func TestBodyLimit(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	exact := func(size int) string {
		v := with(filled(s.token(maker)), "paymentPurpose", "")
		return v.Encode() + "&duplicateReason=" + strings.Repeat("x", size-len(v.Encode())-len("&duplicateReason="))
	}
	for name, c := range map[string]struct {
		size, want int
		chunked    bool
	}{
		"at the limit":            {64 << 10, 422, false},
		"one byte more":           {64<<10 + 1, 413, false},
		"65 KiB":                  {65 << 10, 413, false},
		"chunked at the limit":    {64 << 10, 422, true},
		"chunked, one byte more":  {64<<10 + 1, 413, true},
		"chunked, much too large": {1 << 20, 413, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.build(request{as: maker, url: "/distributions", body: exact(c.size)})
			if c.chunked {
				r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
			}
			assert.Equal(t, c.want, s.serve(r).Code)
		})
	}
}

// A form that our pages do not make is refused whole.
func TestFormsAreExact(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	cases := map[string]request{
		"unknown field":         {form: with(filled(token), "status", "paid")},
		"field of the database": {form: with(filled(token), "created_by", "x")},
		"repeated field":        {form: with(filled(token), "amount", "1", "2")},
		"repeated token":        {form: with(filled(token), "formToken", token, token)},
		"no token":              {form: with(filled(token), "formToken")},
		"a token of their own":  {form: with(filled(token), "formToken", "x")},
		"unknown warning":       {form: with(filled(token), "confirm", "all")},
		"JSON":                  {body: `{"amount":"1"}`, header: map[string]string{"Content-Type": "application/json"}},
		"multipart":             {body: "--x--", header: map[string]string{"Content-Type": "multipart/form-data; boundary=x"}},
		"broken encoding":       {body: "amount=%zz"},
		"semicolons":            {body: "amount=1;amount=2"},
		"field in the address":  {url: "/distributions?amount=2", form: with(filled(token), "amount")},
		"unknown parameter":     {url: "/distributions?next=/", form: filled(token)},
		"repeated parameter":    {url: "/distributions?copy=a&copy=b", form: filled(token)},
		"unreadable parameters": {url: "/distributions?copy=%zz", form: filled(token)},
		"field where none is":   {url: "/logout", form: url.Values{"x": {"y"}}},
		"unknown preference":    {url: "/me/preferences", form: url.Values{"lang": {"de"}}},
		"unknown theme":         {url: "/me/preferences", form: url.Values{"theme": {"pink"}}},
		"unknown export":        {url: "/exports", form: url.Values{"kind": {"users"}, "format": {"csv"}}},
		"unknown format":        {url: "/exports", form: url.Values{"kind": {"distributions"}, "format": {"exe"}}},
		"unknown dialect":       {url: "/exports", form: url.Values{"kind": {"distributions"}, "format": {"csv"}, "dialect": {"x"}}},
		"filter of the export":  {url: "/exports", form: url.Values{"kind": {"distributions"}, "format": {"csv"}, "status": {"paid", "lost"}}},
		"sign-in with more":     {url: "/login", form: url.Values{"email": {"a"}, "password": {"b"}, "role": {"admin"}}},
		"two passwords":         {url: "/login", form: url.Values{"email": {"a"}, "password": {"b", "c"}}},
	}
	before := s.state()
	for name, r := range cases {
		t.Run(name, func(t *testing.T) {
			r.as, r.method = maker, http.MethodPost
			if r.url == "" {
				r.url = "/distributions"
			}
			lines := strings.Count(s.log.String(), `"msg":"request failed"`)
			assert.Equal(t, http.StatusBadRequest, s.do(r).Code)
			assert.Equal(t, lines+1, strings.Count(s.log.String(), `"msg":"request failed"`), "logged")
		})
	}
	assert.Equal(t, before, s.state(), "nothing changed")
}

// readyExport is an export whose file is there.
func (s *site) readyExport(as distribution.Actor, name, content string) string {
	s.t.Helper()
	return s.readyExportAs("csv", as, name, content)
}

func (s *site) readyExportAs(format string, as distribution.Actor, name, content string) string {
	s.t.Helper()
	e, err := s.db.CreateExport(s.t.Context(), as, store.NewExport{Kind: store.ExportDistributions, Format: format, Dialect: "excel"})
	require.NoError(s.t, err)
	id := e.ID
	require.NoError(s.t, os.WriteFile(filepath.Join(s.exportDir, id+"."+format), []byte(content), 0o600))
	require.NoError(s.t, s.db.FinishExport(s.t.Context(), distribution.System("exporter"), id, store.Made{
		FileName: name, Rows: 1, Sum: 100, SHA256: []byte{1}, Bytes: int64(len(content)), Complete: true,
	}))
	return id
}
