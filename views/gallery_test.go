// Package views_test draws every page in every state and language and looks
// for what would be wrong on all of them.
package views_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/distributions"
	"plexydash/views/gallery"
)

func catalog(t *testing.T) *i18n.Catalog {
	t.Helper()
	c, err := i18n.Load()
	require.NoError(t, err)
	return c
}

func draw(t *testing.T, p *i18n.Printer, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, c.Render(i18n.With(t.Context(), p), &b))
	return b.String()
}

func parse(t *testing.T, html string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	require.NoError(t, err)
	return doc
}

// everywhere runs look on every sample in every language.
func everywhere(t *testing.T, look func(t *testing.T, s sample, html string, doc *goquery.Document)) {
	t.Helper()
	c := catalog(t)
	for _, l := range i18n.Languages() {
		for _, s := range samples() {
			t.Run(string(l)+"/"+s.name, func(t *testing.T) {
				html := draw(t, c.Printer(l), s.page)
				look(t, s, html, parse(t, html))
			})
		}
	}
}

func TestNoTextIsMissing(t *testing.T) {
	everywhere(t, func(t *testing.T, _ sample, html string, doc *goquery.Document) {
		assert.NotContains(t, html, "⟦")
		assert.NotContains(t, html, "<no value>")
		text := doc.Find("body").Text()
		for _, unknown := range []string{"Код: ", "Коды: ", "Code: "} {
			assert.NotContains(t, text, unknown, "a code without a message")
		}
	})
}

// The content policy forbids inline style and script, and expressions in
// htmx attributes.
func TestNothingNeedsInlineStyleOrScript(t *testing.T) {
	everywhere(t, func(t *testing.T, _ sample, _ string, doc *goquery.Document) {
		assert.Zero(t, doc.Find("style, script:not([src])").Length())
		doc.Find("*").Each(func(_ int, e *goquery.Selection) {
			for _, a := range e.Nodes[0].Attr {
				assert.NotEqual(t, "style", a.Key)
				assert.False(t, strings.HasPrefix(a.Key, "on"), a.Key)
				assert.False(t, strings.HasPrefix(a.Key, "hx-on"), a.Key)
				if strings.HasPrefix(a.Key, "hx-") {
					assert.NotContains(t, a.Val, "js:")
					assert.NotContains(t, a.Val, "[")
				}
			}
		})
	})
}

func TestIDsAreUniqueAndReferencesLead(t *testing.T) {
	everywhere(t, func(t *testing.T, _ sample, _ string, doc *goquery.Document) {
		ids := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
			id := e.AttrOr("id", "")
			assert.NotEmpty(t, id)
			assert.False(t, ids[id], "id %q twice", id)
			ids[id] = true
		})
		for _, attr := range []string{"for", "aria-describedby", "aria-labelledby", "data-dialog", "data-reveals", "data-caps"} {
			doc.Find("[" + attr + "]").Each(func(_ int, e *goquery.Selection) {
				for _, id := range strings.Fields(e.AttrOr(attr, "")) {
					assert.True(t, ids[id], "%s leads to %q, which is not there", attr, id)
				}
			})
		}
		doc.Find(`a[href^="#"]`).Each(func(_ int, e *goquery.Selection) {
			assert.True(t, ids[strings.TrimPrefix(e.AttrOr("href", ""), "#")], e.AttrOr("href", ""))
		})
	})
}

func TestEveryControlHasAName(t *testing.T) {
	everywhere(t, func(t *testing.T, _ sample, _ string, doc *goquery.Document) {
		doc.Find(`input:not([type=hidden]), select, textarea`).Each(func(_ int, e *goquery.Selection) {
			labelled := e.Closest("label").Length() > 0 || e.AttrOr("aria-label", "") != ""
			if id := e.AttrOr("id", ""); id != "" {
				labelled = labelled || strings.TrimSpace(doc.Find(`label[for="`+id+`"]`).Text()) != ""
			}
			assert.True(t, labelled, "no label: %s", e.AttrOr("name", ""))
		})
		doc.Find("a, button:not([hidden]), summary").Each(func(_ int, e *goquery.Selection) {
			assert.NotEmpty(t, strings.TrimSpace(e.Text())+e.AttrOr("aria-label", ""), "no name: %s", e.AttrOr("class", ""))
		})
	})
}

// Everything works without scripts: what htmx asks for is only a part that is
// drawn already, and every form has a real action.
func TestFormsAreReal(t *testing.T) {
	everywhere(t, func(t *testing.T, s sample, _ string, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, e *goquery.Selection) {
			method := e.AttrOr("method", "")
			assert.Contains(t, []string{"get", "post", "dialog"}, method)
			if method != "dialog" {
				assert.True(t, strings.HasPrefix(e.AttrOr("action", ""), "/"), e.AttrOr("action", ""))
			}
		})
		assert.Zero(t, doc.Find("[hx-post]:not([data-look]), [hx-put], [hx-delete]").Length(), "a script alone changes something")
		doc.Find("button").Each(func(_ int, e *goquery.Selection) {
			ofPage := s.fragment && e.AttrOr("formaction", "") != "" // a part that the page puts into its form
			if e.AttrOr("type", "submit") == "submit" && !ofPage {
				assert.Equal(t, 1, e.Closest("form").Length(), "submits nothing: %s", e.Text())
			}
		})
	})
}

func TestLandmarksAndHeadings(t *testing.T) {
	everywhere(t, func(t *testing.T, s sample, _ string, doc *goquery.Document) {
		if s.fragment {
			return
		}
		assert.Equal(t, 1, doc.Find("main#main").Length())
		assert.Equal(t, 1, doc.Find("h1").Length())
		assert.Equal(t, "#main", doc.Find("body a").First().AttrOr("href", ""), "the skip link comes first")
		assert.NotEmpty(t, doc.Find("html").AttrOr("lang", ""))
		assert.NotEmpty(t, strings.TrimSpace(strings.TrimSuffix(doc.Find("title").Text(), "plexydash")))
		level := 0
		doc.Find("main").Find("h1, h2, h3, h4").Each(func(_ int, e *goquery.Selection) {
			next := int(e.Nodes[0].Data[1] - '0')
			assert.LessOrEqual(t, next, level+1, "heading %q skips a level", e.Text())
			level = next
		})
		doc.Find("table").Each(func(_ int, e *goquery.Selection) {
			assert.Equal(t, 1, e.Find("caption").Length(), "a table without a caption")
		})
	})
}

// Demo mode says so in the banner, the badge and the title; live mode nowhere.
func TestTheModeIsUnmistakable(t *testing.T) {
	everywhere(t, func(t *testing.T, s sample, _ string, doc *goquery.Document) {
		if s.fragment {
			return
		}
		demo := doc.Find(".banner.is-demo").Not("main .banner").Length() // the gallery shows one
		assert.Equal(t, 1, doc.Find("header .env").Length())
		assert.Equal(t, demo, doc.Find("header .env.is-demo").Length())
		word := doc.Find("header .env").Text()
		assert.Equal(t, demo == 1, strings.HasPrefix(doc.Find("title").Text(), word+" · "))
	})
}

// Templates hold keys; the one word that stands in them is a name.
func TestNoWordsInTemplates(t *testing.T) {
	cyrillic := regexp.MustCompile(`\p{Cyrillic}`)
	words := regexp.MustCompile(`<[a-z0-9]+[^<>{}]*>[ \t]*([A-Za-z]{2,})`)
	files, err := filepath.Glob("*/*.templ")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NotRegexp(t, cyrillic, string(text), file)
		for _, found := range words.FindAllStringSubmatch(string(text), -1) {
			assert.Equal(t, "Plexy", found[1], file)
		}
	}
}

func TestAComponentDrawsWithoutAssets(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, samples()[0].page.Render(context.Background(), &b))
	assert.Contains(t, b.String(), `href="/static/app.css"`)
}

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden holds the markup that scripts and styles rely on: every section of
// the gallery, and the parts of pages that are no component of it.
func TestGolden(t *testing.T) {
	parts := map[string]templ.Component{
		"row":      distributions.Row(distributions.RowProps{D: in(distribution.Sending), Bank: kaspi(), Now: now()}),
		"status":   distributions.StatusBlock(statusProps(distribution.Unknown)),
		"evidence": distributions.Evidence(statusProps(distribution.Unknown)),
	}
	for _, s := range gallery.Sections() {
		parts["gallery-"+s.ID] = s.Body
	}
	russian := catalog(t).Printer(i18n.Russian)
	for name, c := range parts {
		t.Run(name, func(t *testing.T) {
			got := strings.ReplaceAll(draw(t, russian, c), "><", ">\n<") + "\n"
			file := filepath.Join("testdata", name+".html")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Empty(t, cmp.Diff(string(want), got), "if this is meant: go test ./views -update")
		})
	}
	files, err := filepath.Glob("testdata/*.html")
	require.NoError(t, err)
	assert.Len(t, files, len(parts), "a golden file of nothing")
}

// Every code that the sender, the store and the rules give has its words.
func TestEveryReasonHasWords(t *testing.T) {
	c := catalog(t)
	for _, l := range i18n.Languages() {
		for _, code := range []string{
			"no_connection", "claim_failed", "paused", "limit", "hold", "stale", "declined", "expired", "content", "right", "policy", "twin",
			"reference", "refused", "refused_later", "differs", "crash", "timeout", "connection_lost", "bad_answer", "redirect",
			"server_error", "throttled", "exists", "other_answer", "conflict_answer", "not_ours", "ticket", "linked", "gone", "back_again",
		} {
			assert.True(t, c.Printer(l).Has("reason."+code), "%s in %s", code, l)
		}
	}
}
