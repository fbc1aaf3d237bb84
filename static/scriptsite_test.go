package static

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// The site and the browser in which scripts are tried, and the words of the cases.

// removeForms spares the next test the browser's question about unsaved input.
func removeForms(t *testing.T, tab context.Context) {
	t.Helper()
	remove := `document.querySelectorAll("form").forEach((form) => form.remove())`
	require.NoError(t, chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](remove)))
}

// becomesTrue asks from outside, because a question asked inside the page does
// not survive its navigation.
func becomesTrue(t *testing.T, tab context.Context, expression string) {
	t.Helper()
	asynchronous := "(async () => Boolean(await (" + expression + ")))()"
	require.Eventually(t, func() bool {
		ok, err := chromedp.Run(tab, chromedp.Evaluate[bool](asynchronous, chromedp.EvalAwaitPromise))
		return err == nil && ok
	}, 5*time.Second, 10*time.Millisecond, expression)
}

// openBrowser fails when there is no Chromium; -short leaves these tests out.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: no browser tests")
	}
	_, err := exec.LookPath("chromium")
	require.NoError(t, err, `"make test" installs it`)

	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Do(tab))
	for _, clipboard := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(tab, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: clipboard},
			Setting:    browser.PermissionSettingGranted,
		})
		require.NoError(t, err)
	}
	return tab
}

const keepState = `<span data-keep-state hidden><svg><use href="/icons.svg#check"/></svg><span></span></span>`

// says is what the place beside a form tells of its draft.
func says(text, class string) string {
	return fmt.Sprintf(`document.querySelector("[data-keep-state].%s:not([hidden]) span")?.textContent === %q`, class, text)
}

// searchBox is a search as the bar has it.
const searchBox = `<form method="get" action="/nowhere"><input id="q" name="q" data-suggests="list" hx-get="/options" hx-trigger="input changed" hx-target="#list">
	<div id="panel"><div></div><div id="list"></div></div><p data-told></p></form>`

// press is a key of a keyboard with other letters on it.
func press(key, code string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.body.dispatchEvent(new KeyboardEvent("keydown", { key: %q, code: %q, bubbles: true, cancelable: true }))`, key, code))
}

// settled waits until the element is there.
func settled(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.WaitReady(chromedp.CSS(selector))
}

// more is a script that only some pages have.
func more(assets *Assets, file string) string {
	if file == "" {
		return ""
	}
	return fmt.Sprintf(`<script type="module" src="%s"></script>`, assets.URL(file))
}

// newSite serves a page whose content is its query, and the answers that the
// requests of such a page can meet.
// muchLater makes the page two minutes older.
func muchLater() chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`Date.now = ((now) => () => now() + 120_000)(Date.now)`)
}

func newSite(t *testing.T) string {
	t.Helper()
	assets, err := Load()
	require.NoError(t, err)
	site := http.NewServeMux()
	site.Handle(Prefix, assets.Handler())
	site.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'")
		fmt.Fprintf(w, `<!doctype html><title>page</title><link rel="stylesheet" href="%s">
			<script src="%s" defer></script><script type="module" src="%s"></script><script type="module" src="%s"></script>
			<script src="%s" defer></script><script src="%s" defer></script><script src="%s" defer></script><script src="%s" defer></script><script type="module" src="%s"></script>%s
			<body data-icons="/icons.svg" data-login="/login" data-text-copied="copied" data-text-copy-failed="not copied"
				data-text-stale="not updated" data-text-offline="not updated: no connection" data-text-online="back" data-text-unknown="not known whether done" data-text-reload="reload" data-text-close="close">%s`,
			assets.URL("app.css"), assets.URL("htmx.js"), assets.URL("app.js"), assets.URL("tally.js"),
			assets.URL("keys.js"), assets.URL("combobox.js"), assets.URL("search.js"), assets.URL("toast.js"), assets.URL("form.js"),
			more(assets, r.FormValue("more")), r.FormValue("body"))
	})
	answer := func(path string, status int, header, value, body string) {
		site.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(header, value)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		})
	}
	answer("/part", 200, "Content-Type", "text/html", "new")
	answer("/focus", 200, "Content-Type", "text/html", `<p id="brought" data-autofocus tabindex="-1">here</p>`)
	answer("/keys", 200, "Content-Type", "text/html", `<dialog>keys</dialog>`)
	answer("/options", 200, "Content-Type", "text/html", `<p data-tell>two</p><a id="one" role="option" href="/nowhere">1</a><a id="two" role="option" href="/elsewhere">2</a>`)
	answer("/empty", 204, "Cache-Control", "no-store", "")
	answer("/kept", 204, "Draft-Kept-At", "14:33:05", "")
	answer("/said", 200, "Content-Type", "text/html",
		`<hx-partial hx-target="#i-said" hx-swap="outerMorph"><div id="i-said" data-said-of="i" data-state="" data-described-by="hint">good</div></hx-partial>
		<hx-partial hx-target="#nowhere" hx-swap="innerMorph">lost</hx-partial>`)
	answer("/distributions/2/peek", 200, "Content-Type", "text/html", peekOf("2"))
	answer("/distributions/3/peek", 200, "Content-Type", "text/html", peekOf("3"))
	answer("/choose", 200, "Content-Type", "text/html", `<h2 data-peek-title tabindex="-1">columns</h2><button data-peek-step="close">close</button>`)
	answer("/list", 200, "Content-Type", "text/html", listPage(listRow("2"), listRow("4")))
	answer("/row", 200, "Content-Type", "text/html", `<table>`+listRow("2")+`</table>`)
	answer("/303", 303, "Location", "/elsewhere", "")
	answer("/401", 401, "Content-Type", "text/html", "garbage")
	answer("/401-back", 401, "HX-Redirect", "/login?next=here", "garbage")
	answer("/422", 422, "Content-Type", "text/html", "two errors")
	answer("/500", 500, "Content-Type", "text/html", "garbage")
	const layer = `<dialog data-layer data-signed-in="signed in"><form method="post" action="/login" data-layer-form>%s
		<input type="checkbox" name="wrong"><button type="submit">sign in</button><button type="button" data-layer-close>close</button></form></dialog>`
	site.HandleFunc("/session", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(map[bool]int{true: http.StatusUnauthorized, false: http.StatusNoContent}[strings.Contains(r.Referer(), "dead")])
	})
	site.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("HX-Request-Type") == "":
			fmt.Fprint(w, "sign in")
		case r.Method == http.MethodGet:
			fmt.Fprintf(w, layer, "")
		case r.FormValue("wrong") != "":
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, layer, `<p id="problem" tabindex="-1" data-autofocus>wrong</p>`)
		default:
			w.Header().Set("HX-Redirect", "/")
			w.WriteHeader(http.StatusNoContent)
		}
	})
	answer("/elsewhere", 200, "Content-Type", "text/html", "elsewhere")
	site.HandleFunc("/dropped", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return server.URL + "/"
}
