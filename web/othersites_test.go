package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

func TestCrossOrigin(t *testing.T) {
	s := newSite(t, overHTTPS)
	maker := s.person(distribution.Accountant)
	d := storetest.Draft(t, s.db, maker)
	cases := map[string]struct {
		header map[string]string
		want   int
	}{
		"cross-site":                       {map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"same-site":                        {map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"foreign origin, old browser":      {map[string]string{"Origin": "https://evil.example"}, 403},
		"null origin":                      {map[string]string{"Origin": "null"}, 403},
		"foreign origin that claims cross": {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		"same-origin":                      {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://example.com"}, 303},
		"own origin, old browser":          {map[string]string{"Origin": "http://example.com"}, 303},
		"public origin behind a proxy":     {map[string]string{"Origin": "https://pay.example.kz"}, 303},
		"no header at all: not a browser":  {nil, 303},
		"typed by hand":                    {map[string]string{"Sec-Fetch-Site": "none"}, 303},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := s.do(request{as: maker, url: "/distributions/" + d.ID + "/copy", form: url.Values{}, header: c.header})
			assert.Equal(t, c.want, a.Code)
			if c.want == 403 {
				assert.Contains(t, a.html().Text(), "с другого сайта")
				get := s.do(request{as: maker, url: "/distributions/" + d.ID, header: c.header})
				assert.Equal(t, http.StatusOK, get.Code, "reading is no harm")
			}
		})
	}
}

// Another site may lead a person here, and nothing more: what it would load into
// its own page, or send in the person's name, is refused before it is done. Files
// that belong to nobody, and what programs ask, stay there for all.
func TestFetchMetadata(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	page := "/distributions/" + storetest.Draft(t, s.db, maker).ID
	_, assets := shared(t)
	const refused = http.StatusForbidden
	for _, c := range []struct {
		site, mode       string
		get, post        int
		without, nothing int // GET by nobody, and GET of what is not there
	}{
		{"same-origin", "navigate", 200, 303, 303, 404},
		{"same-origin", "no-cors", 200, 303, 303, 404},
		{"same-origin", "cors", 200, 303, 303, 404},
		{"same-origin", "", 200, 303, 303, 404},
		{"same-site", "navigate", 200, refused, 303, 404},
		{"same-site", "no-cors", refused, refused, refused, refused},
		{"same-site", "cors", refused, refused, refused, refused},
		{"same-site", "", 200, refused, 303, 404},
		{"cross-site", "navigate", 200, refused, 303, 404},
		{"cross-site", "no-cors", refused, refused, refused, refused},
		{"cross-site", "cors", refused, refused, refused, refused},
		{"cross-site", "websocket", refused, refused, refused, refused},
		{"cross-site", "", 200, refused, 303, 404},
		{"none", "navigate", 200, 303, 303, 404}, // typed by hand, or a bookmark
		{"", "navigate", 200, 303, 303, 404},
		{"", "", 200, 303, 303, 404}, // an old browser, or none
	} {
		t.Run(c.site+" "+c.mode, func(t *testing.T) {
			header := map[string]string{}
			for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode} {
				if value != "" {
					header[name] = value
				}
			}
			ask := func(r request) int {
				r.header = header
				return s.do(r).Code
			}
			assert.Equal(t, c.get, ask(request{as: maker, url: page}), "GET")
			assert.Equal(t, c.get, ask(request{as: maker, method: http.MethodHead, url: page}), "HEAD")
			assert.Equal(t, c.post, ask(request{as: maker, url: page + "/copy", form: url.Values{}}), "POST")
			assert.Equal(t, c.without, ask(request{url: page}), "signed out")
			assert.Equal(t, c.nothing, ask(request{as: maker, url: "/nothing"}), "what is not there")
			assert.Equal(t, http.StatusOK, ask(request{url: assets.URL("app.css")}), "a file")
			assert.Equal(t, http.StatusOK, ask(request{url: "/healthz"}), "a program")
		})
	}
}
