package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorder notes what a page must not do: write errors to the console, break
// its content security policy, throw, or ask another origin for anything.
type recorder struct {
	base string
	mu   sync.Mutex
	bad  []string
}

// hear runs on the goroutine that reads the browser's messages, so everything
// that came before an answer of the browser is noted before that answer.
func (r *recorder) hear(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		// The browser draws its own controls, such as that of a date, with data URLs.
		if !strings.HasPrefix(e.Request.URL, r.base+"/") && !strings.HasPrefix(e.Request.URL, "data:") {
			r.note("request off the origin: %s", e.Request.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, arg := range e.Args {
				r.note("console: %s %s", arg.Value, arg.Description)
			}
		}
	case *runtime.EventExceptionThrown:
		r.note("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError && e.Entry.Level != log.EntryLevelWarning {
			return
		}
		r.note("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	}
}

func (r *recorder) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bad = append(r.bad, fmt.Sprintf(format, args...))
}

// take returns the notes since the last time.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.bad
	r.bad = nil
	return taken
}

// quiet asserts that the page did nothing that it must not. The browser notes
// an answer with an error status; that one is meant.
func (b *tab) quiet(t *testing.T, status int) {
	t.Helper()
	meant := fmt.Sprintf("network: Failed to load resource: the server responded with a status of %d", status)
	var bad []string
	for _, note := range b.recorder.take() {
		if status < 400 || !strings.HasPrefix(note, meant) {
			bad = append(bad, note)
		}
	}
	assert.Empty(t, bad)
}

// violation is a rule of axe that the page breaks.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []string
		HTML           string `json:"html"`
		FailureSummary string
	}
}

func (v violation) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%s (%s): %s", v.ID, v.Impact, v.Help)
	for i, n := range v.Nodes {
		if i == 3 {
			fmt.Fprintf(&text, "\n  and %d more", len(v.Nodes)-i)
			break
		}
		fmt.Fprintf(&text, "\n  %s\n    %.300s\n    %s", strings.Join(n.Target, " "), n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
	}
	return text.String()
}

// axeSource is the accessibility checker, which npm installs for tests.
func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		missingTool(t, "axe-core", "make assets")
	}
	return string(source)
}

// accessible asserts that axe finds nothing against WCAG 2.0 to 2.2, levels A
// and AA, and the common practice.
func (b *tab) accessible(t *testing.T, axe string) {
	t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](axe))
	found := eval[[]violation](b, `axe.run({
		runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"] },
		rules: { "target-size": { enabled: true } },
		resultTypes: ["violations"],
	}).then((result) => result.violations)`)
	assert.Empty(t, found)
}

// fits asserts that the page is not wider than the window.
func (b *tab) fits(t *testing.T) {
	t.Helper()
	widest := eval[string](b, `(() => {
		if (document.scrollingElement.scrollWidth <= innerWidth) return "";
		const wide = [...document.body.querySelectorAll("*")].filter((el) => el.getBoundingClientRect().right > innerWidth + 1);
		return document.scrollingElement.scrollWidth + " pixels, for example " + (wide.at(-1)?.outerHTML ?? "").slice(0, 300);
	})()`)
	assert.Empty(t, widest, "scrolls sideways")
}

// readable asserts that no text is squeezed to nothing, cut off in its middle or
// lies under something else. What scrolls sideways by itself is left out.
func (b *tab) readable(t *testing.T) {
	t.Helper()
	hidden := eval[[]string](b, `(() => {
		const scrolls = (el) => el && (/auto|scroll/.test(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth || scrolls(el.parentElement));
		const unseen = (el) => el && (el.offsetWidth <= 1 && el.offsetHeight <= 1 || unseen(el.parentElement)); // for screen readers
		const shown = ({ left, right }, el) => { // what an ellipsis leaves of a line
			if (!el) return { left, right };
			const box = el.getBoundingClientRect();
			const cuts = getComputedStyle(el).textOverflow === "ellipsis";
			return shown(cuts ? { left: Math.max(left, box.left), right: Math.min(right, box.right) } : { left, right }, el.parentElement);
		};
		const hidden = [];
		const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (texts.nextNode()) {
			const text = texts.currentNode, el = text.parentElement, words = e2e.plain(text.data);
			if (!words || unseen(el) || el.closest(".skip, select, textarea, noscript, script") || !el.checkVisibility({ visibilityProperty: true })) continue;
			if (getComputedStyle(el).pointerEvents === "none" || scrolls(el)) continue;
			const range = document.createRange();
			range.selectNodeContents(text);
			const line = range.getClientRects()[0], y = line.top + line.height / 2;
			if (y > innerHeight) continue; // what is as high as the window and begins below its top
			const { left, right } = shown(line, el);
			const hit = document.elementFromPoint((left + right) / 2, y);
			const ofRow = hit?.matches("tr a, .kpi-link, .list-title, .queue-name") && hit.closest("tr, .kpi-item, .list-item, li") === el.closest("tr, .kpi-item, .list-item, li"); // the link of a row or a figure may lie over all of it
			if (right - left < 2 || !el.contains(hit) && !ofRow) hidden.push(words + " in " + el.outerHTML.slice(0, 100) + " under " + hit?.outerHTML.slice(0, 100));
		}
		return hidden;
	})()`)
	assert.Empty(t, hidden, "cannot be read")
}

// uncovered asserts that what has the focus is never hidden whole under something
// that sticks to the edge of the window (WCAG 2.2, 2.4.11).
func (b *tab) uncovered(t *testing.T) {
	t.Helper()
	hidden := eval[[]string](b, `(async () => {
		const seen = (el) => {
			const box = el.getClientRects()[0];
			return [.5, .02, .98].some((x) => [.5, .1, .9].some((y) => {
				const hit = document.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
				return el.contains(hit) || [...(el.labels ?? [])].some((l) => l.contains(hit));
			}));
		};
		const hidden = [];
		for (const el of document.querySelectorAll("a[href], button, summary, input, textarea, select")) {
			if (el.type === "hidden" || el.disabled || !el.checkVisibility({ visibilityProperty: true })) continue;
			el.focus();
			// A busy machine draws late, and the page may move the focus once after it loads.
			for (let frame = 0; frame < 20 && !seen(el); frame++) {
				await new Promise(requestAnimationFrame);
				el.focus();
			}
			if (!seen(el)) hidden.push(el.outerHTML.slice(0, 200) + JSON.stringify(el.getBoundingClientRect()));
		}
		return hidden;
	})()`)
	assert.Empty(t, hidden, "covered while it has the focus")
}

// worded asserts that every text of the page exists in its language.
func (b *tab) worded(t *testing.T) {
	t.Helper()
	assert.Empty(t, eval[[]string](b, `document.documentElement.outerHTML.match(/⟦[^⟧]*⟧/g) ?? []`))
}

// shoot keeps a picture of the whole page where PLEXYDASH_SHOTS says.
func (b *tab) shoot(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("PLEXYDASH_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(folder, 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600))
}
