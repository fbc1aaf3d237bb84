package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Most bytes that may cross the wire, with headers.
const (
	firstVisit  = 200_000  // an empty cache: page, styles, scripts, icons, fonts
	secondVisit = 15_000   // of the same page: what is static stays with the browser
	listWhole   = 60 << 10 // the page of a list of 50, as it is parsed
	listPacked  = 12 << 10 // and as it is sent, without headers
)

// loaded is what the browser fetched for the open page.
type loaded struct {
	Name                 string
	Sent, Packed, Parsed int64 // bytes: with headers, the body as it came, the body; nothing is sent when the browser had it
}

// weigh waits until the page and its fonts are there.
func (b *tab) weigh() (all []loaded, sum int64) {
	b.t.Helper()
	all = eval[[]loaded](b, `document.fonts.ready.then(() =>
		[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
			.map((e) => ({ Name: new URL(e.name).pathname, Sent: e.transferSize, Packed: e.encodedBodySize, Parsed: e.decodedBodySize })))`)
	for _, l := range all {
		sum += l.Sent
	}
	return all, sum
}

func weights(all []loaded) string {
	var text strings.Builder
	for _, l := range all {
		fmt.Fprintf(&text, "\n%7d of %7d  %s", l.Sent, l.Parsed, l.Name)
	}
	return text.String()
}

func (e *e2e) lightPages(t *testing.T) {
	p := e.demo(t)
	for _, path := range []string{"/", "/distributions", "/distributions/new", "/approvals", "/balance"} {
		t.Run(path, func(t *testing.T) {
			who := "manager@demo.kz"
			if path == "/distributions/new" {
				who = "accountant@demo.kz"
			}
			b := e.open(t, p)
			b.carry(visit(t, p).signIn(who))
			b.visit(path)
			first, sum := b.weigh()
			assert.Less(t, sum, int64(firstVisit), weights(first))
			b.visit(path)
			second, again := b.weigh()
			assert.Less(t, again, int64(secondVisit), weights(second))
			t.Logf("%s: first visit %d bytes, second %d%s", path, sum, again, weights(first))
		})
	}
	b := e.open(t, p)
	b.carry(visit(t, p).signIn("auditor@demo.kz"))
	b.visit("/distributions")
	require.Equal(t, 50, eval[int](b, `document.querySelectorAll("tbody tr[id]").length`))
	list, _ := b.weigh()
	assert.Less(t, list[0].Parsed, int64(listWhole))
	assert.Less(t, list[0].Packed, int64(listPacked))
	t.Logf("list of 50: %d bytes, %d packed", list[0].Parsed, list[0].Packed)
	for _, place := range find(t, p) {
		t.Run(place.Route+" again", func(t *testing.T) {
			b := b.of(t)
			b.carry(place.By)
			b.visit(place.Path)
			b.visit(place.Path)
			again, sum := b.weigh()
			assert.Less(t, sum, int64(secondVisit), weights(again))
		})
	}
}

// Nothing moves under the eyes: not when the fonts arrive, and not when a
// script is through with the page.
func (e *e2e) stillPages(t *testing.T) {
	p := e.demo(t)
	all := find(t, p)
	b := e.open(t, p)
	b.carry(all[0].By)
	_, err := chromedp.Call(b.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `
		globalThis.shifts = [];
		new PerformanceObserver((list) => {
			// Less is under a pixel of one column: nobody sees it.
			for (const e of list.getEntries()) if (e.value >= .01) shifts.push(e.value + " " + e.sources.map((s) => s.node?.outerHTML?.slice(0, 120) ?? s.node?.data).join(" | "));
		}).observe({ type: "layout-shift", buffered: true });`})
	require.NoError(t, err)
	for _, width := range []int64{1440, 390} {
		b.resize(width)
		b.visit("/help/keyboard") // until the window is as wide as it was told, pages do move
		b.until(fmt.Sprintf("innerWidth === %d", width))
		for _, place := range all {
			t.Run(fmt.Sprintf("%s as %s/%d", place.Route, place.Who, width), func(t *testing.T) {
				b := b.of(t)
				b.carry(place.By)
				b.visit(place.Path)
				assert.Empty(t, eval[[]string](b, `document.fonts.ready.then(() =>
					new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(shifts)))))`))
			})
		}
	}
}
