package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// tab is a private window with one page.
type tab struct {
	t        *testing.T
	ctx      context.Context //nolint:containedctx // chromedp keeps the tab in a context
	base     string
	width    int64 // pixels
	recorder *recorder
}

// open makes a tab without cookies, 1440 pixels wide.
func (e *e2e) open(t *testing.T, p *program) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(e.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	require.NoError(t, chromedp.Do(ctx))
	b := &tab{t: t, ctx: ctx, base: p.URL, recorder: &recorder{base: p.URL}}
	require.NoError(t, chromedp.Listen(ctx, b.recorder.hear))
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: injected})
	require.NoError(t, err)
	// Colours are measured, so nothing may be half-way between two of them.
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(t, err)
	// Several tabs work at once, and each is to behave as the one in front.
	_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	require.NoError(t, err)
	b.leaveFreely()
	b.resize(1440)
	return b
}

// of is the same tab for a part of its test.
func (b *tab) of(t *testing.T) *tab {
	return &tab{t: t, ctx: b.ctx, base: b.base, width: b.width, recorder: b.recorder}
}

// carry takes the session that a visitor has.
func (b *tab) carry(v *visitor) {
	b.t.Helper()
	address, err := url.Parse(b.base)
	require.NoError(b.t, err)
	for _, c := range v.client.Jar.Cookies(address) {
		_, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.base})
		require.NoError(b.t, err)
	}
	_, err = chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: "lang", Value: "ru", URL: b.base})
	require.NoError(b.t, err)
}

// leaveFreely says yes when a form with unsaved input asks whether to leave it.
func (b *tab) leaveFreely() {
	questions := chromedp.Events(b.ctx, page.JavascriptDialogOpening)
	go func() {
		for _, err := range questions {
			if err != nil {
				return
			}
			if _, err := chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}); err != nil {
				return
			}
		}
	}()
}

// injected finds elements by the names that the browser computes for assistive
// technology: exactly this one, or else beginning with it.
const injected = `
document.addEventListener("securitypolicyviolation", (e) =>
  console.error("policy violation: " + e.effectiveDirective + " " + e.blockedURI + " " + e.sample));
globalThis.e2e = {
  plain: (text) => text.replace(/[\s\u00a0\u202f]+/g, " ").trim(),
  text: () => document.body ? e2e.plain(document.body.innerText) : "",
  named(name) {
    const shown = [...document.querySelectorAll("a[href], button, summary, input, textarea, select")]
      .filter((el) => el.type !== "hidden" && el.checkVisibility({ visibilityProperty: true }));
    return shown.find((el) => e2e.plain(el.computedName) === name)
      ?? shown.find((el) => e2e.plain(el.computedName).startsWith(name));
  },
  place(name) {
    const el = e2e.named(name);
    if (!el || el.disabled) return null;
    el.scrollIntoView({ block: "center", behavior: "instant" });
    const box = el.getClientRects()[0]; // the first line of a link that is broken into lines
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    return el === hit || el.contains(hit) || [...(el.labels ?? [])].some((l) => l.contains(hit)) ? { x, y } : null;
  },
};`

// resize makes the window as wide as said and 900 pixels high.
func (b *tab) resize(width int64) {
	b.t.Helper()
	b.width = width
	b.do(chromedp.EmulateViewport(width, 900))
}

// unroll makes the window as high as the page, so that nothing sticks to its
// edge and lies over something else.
func (b *tab) unroll() {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(b.width, eval[int64](b, `document.scrollingElement.scrollHeight`)))
}

// do runs actions, each within the patience of a test.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, action := range actions {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Do(ctx, action)
		cancel()
		require.NoErrorf(b.t, err, "page:\n%s", b.text())
	}
}

// eval is the value of an expression on the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, expression)
	return value
}

// until waits for the expression to become true. The page may be replaced
// meanwhile.
func (b *tab) until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && holds {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.FailNow(b.t, "the page never got there", "%s\nlast error: %v\npage %s:\n%s", expression, err, b.path(), b.text())
		}
	}
}

// text is what the page shows, with plain single spaces.
func (b *tab) text() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`e2e.text()`))
	if err != nil {
		return err.Error()
	}
	return text
}

// path is the address without the host.
func (b *tab) path() string {
	path, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`location.pathname + location.search`))
	if err != nil {
		return err.Error()
	}
	return path
}

// sees waits for the text.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.until(`e2e.text().includes(` + quoted(text) + `)`)
}

func (b *tab) seesNot(text string) {
	b.t.Helper()
	require.NotContains(b.t, b.text(), text)
}

// visit opens a path and returns the status of the answer.
func (b *tab) visit(path string) int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.NavigateResponse(b.base+path))
	require.NoError(b.t, err, path)
	// The response of the navigation is at times missed; the page itself knows.
	return eval[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`)
}

// click presses the mouse on what has this name.
func (b *tab) click(name string, options ...chromedp.MouseOption) {
	b.t.Helper()
	b.until(`e2e.place(` + quoted(name) + `) !== null`)
	at := eval[struct{ X, Y float64 }](b, `e2e.place(`+quoted(name)+`)`)
	b.do(chromedp.MouseClickXY(at.X, at.Y, options...))
}

// follow clicks and waits for the page that this leads to.
func (b *tab) follow(name string) {
	b.t.Helper()
	b.until(`e2e.place(` + quoted(name) + `) !== null`)
	b.loads(func() { b.click(name) })
}

// loads waits for the page that what is done leads to.
func (b *tab) loads(do func()) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.WaitEvent(page.LoadEventFired, nil, func(context.Context, *chromedp.Target) (chromedp.Void, error) {
			do()
			return chromedp.Void{}, nil
		})(ctx, t)
		return err
	}))
}

// fill replaces the text of the field with this label.
func (b *tab) fill(label, text string) {
	b.t.Helper()
	b.click(label)
	b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`))
	b.types(text)
}

// types writes where the cursor is.
func (b *tab) types(text string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// choose picks the option with this value.
func (b *tab) choose(label, value string) {
	b.t.Helper()
	b.until(`e2e.named(` + quoted(label) + `) !== undefined`)
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`{ const s = e2e.named(%s); s.value = %s; s.dispatchEvent(new Event("input", { bubbles: true })); }`, quoted(label), quoted(value))))
}

// value is what stands in the field.
func (b *tab) value(label string) string {
	b.t.Helper()
	return eval[string](b, `e2e.named(`+quoted(label)+`).value`)
}

// goBack moves through the history of the tab. The browser may have kept the
// page, and then nothing is loaded.
func (b *tab) goBack(pages int) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("history.go(-%d)", pages)))
}

// press is one key, such as kb.Tab.
func (b *tab) press(key string, options ...chromedp.KeyOption) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(key, options...))
}

// tabTo presses Tab until what has this name has the focus.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	const most = 80
	var passed []string
	for range most {
		b.press(kb.Tab)
		focused := eval[string](b, `e2e.plain(document.activeElement.computedName ?? "")`)
		if strings.HasPrefix(focused, name) {
			return
		}
		passed = append(passed, focused)
	}
	require.FailNow(b.t, "Tab never reaches it", "%s\npassed: %q", name, passed)
}

// signIn begins on the sign-in page and chooses Russian there.
func (b *tab) signIn(email string) {
	b.t.Helper()
	b.signInWith(email, demoPassword)
	b.sees("Распределения")
}

func (b *tab) signInWith(email, password string) {
	b.t.Helper()
	b.visit("/login")
	b.follow("Рус")
	b.enter(email, password)
}

// enter fills in the sign-in form that is open.
func (b *tab) enter(email, password string) {
	b.t.Helper()
	b.fill("Рабочая почта", email)
	b.fill("Пароль", password)
	b.follow("Войти")
}

// write fills in the form of a distribution.
func (b *tab) write(x example) {
	b.t.Helper()
	b.fill("Наименование получателя", x.Name)
	b.fill("БИН или ИИН", x.BIN)
	b.choose("КБе", x.KBe)
	b.fill("IBAN (счёт получателя)", x.IBAN)
	b.fill("БИК", x.BIC)
	b.fill("Сумма", x.Amount)
	b.fill("КНП", x.KNP)
	b.fill("Назначение платежа", x.Purpose)
	b.fill("Номер поручения", x.Reference)
}

// state waits for the state that the page of a distribution shows.
func (b *tab) state(code string) {
	b.t.Helper()
	b.until(`document.querySelector("#status .badge")?.dataset.state === ` + quoted(code))
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err) // no string fails
	}
	return string(raw)
}
