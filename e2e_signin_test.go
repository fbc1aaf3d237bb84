package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/config"
)

// anotherPassword ends every session of the person, as the owner of the machine
// does it.
func (p *program) anotherPassword(t *testing.T, email, password string) {
	t.Helper()
	cfg := config.Config{Command: "user passwd", Mode: config.Demo, Data: p.Data, User: config.User{Email: email}}
	require.NoError(t, userCommand(t.Context(), cfg, strings.NewReader(password+"\n"), new(bytes.Buffer)))
}

// The session ends while a form is being filled in. The sign-in comes over the
// form, which stays as it is; only the person's next press sends it.
func (e *e2e) signInOverAForm(t *testing.T) {
	const password = "another-long-password"
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.visit("/distributions/new")
	b.write(ordinary("LAYER-1", "1 500"))
	p.anotherPassword(t, "accountant@demo.kz", password)

	// Two minutes later: what the page knew of the session is old.
	b.do(chromedp.Evaluate[chromedp.Void](`Date.now = ((now) => () => now() + 120_000)(Date.now)`))
	b.click("Проверить")
	b.sees("Сеанс закончился")
	b.fill("Рабочая почта", "accountant@demo.kz")
	b.fill("Пароль", "wrong")
	b.click("Войти")
	b.sees("не подошли")
	b.fill("Пароль", password)
	b.click("Войти")
	b.until(`!document.querySelector("dialog[open]")`)
	require.True(t, strings.HasPrefix(b.path(), "/distributions/new"), b.path())
	require.Equal(t, "LAYER-1", b.value("Номер поручения"))
	require.Equal(t, "1 500", b.value("Сумма"))
	b.quiet(t, http.StatusUnauthorized)
	require.Empty(t, visit(t, p).signIn("manager@demo.kz").get("/distributions?q=LAYER-1").Find("tbody tr").Nodes, "nothing was sent by itself")

	b.follow("Проверить")
	b.sees("Проверка перед отправкой")
}

// A token that somebody planted before the sign-in opens nothing after it.
func (e *e2e) plantedCookie(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	planted := strings.Repeat("A", 43)
	b.visit("/login")
	_, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: "plexydash", Value: planted, URL: p.URL})
	require.NoError(t, err)
	b.signIn("auditor@demo.kz")

	found, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{})
	require.NoError(t, err)
	var tokens []string
	for _, c := range found.Cookies {
		if c.Name == "plexydash" {
			tokens = append(tokens, c.Value)
			assert.True(t, c.HTTPOnly)
		}
	}
	require.Len(t, tokens, 1)
	require.NotEqual(t, planted, tokens[0])
	require.Empty(t, eval[string](b, `document.cookie.replace(/lang=\w+/, "")`), "no script reads it")

	_, err = chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: "plexydash", Value: planted, URL: p.URL})
	require.NoError(t, err)
	b.visit("/distributions")
	require.Contains(t, b.path(), "/login", "the planted one is nobody's")
}

// Another site cannot act for who is signed in: neither one of another host nor
// one of the same host on another port, to which the browser gives the cookie.
func (e *e2e) otherSites(t *testing.T) {
	p := e.demo(t)
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>evil</title><form method="post" action="%s/settings/sending">
			<input name="state" value="off"><input name="reason" value="x"></form>`, p.URL)
	}))
	t.Cleanup(evil.Close)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		b := e.open(t, p)
		b.signIn("manager@demo.kz")
		statuses := b.statuses()
		at := strings.Replace(evil.URL, "127.0.0.1", host, 1)
		open := func() {
			_, err := chromedp.Run(b.ctx, chromedp.NavigateResponse(at))
			require.NoError(t, err)
		}
		open()
		b.do(chromedp.Evaluate[chromedp.Void](`document.forms[0].submit()`))
		b.until(`location.pathname === "/settings/sending"`)
		assert.Equal(t, []int{http.StatusForbidden}, statuses(), "form from %s", host)
		b.until(`document.querySelector(".errpage") !== null`)

		open()
		eval[bool](b, `fetch("`+p.URL+`/settings/sending", { method: "POST", mode: "no-cors", credentials: "include",
			headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "state=off&reason=x" }).then(() => true, () => true)`)
		assert.Equal(t, []int{http.StatusForbidden}, statuses(), "fetch from %s", host)

		open()
		shown := eval[bool](b, `new Promise((done) => { const i = new Image(); i.onload = () => done(true); i.onerror = () => done(false); i.src = "`+p.URL+`/logout"; })`)
		assert.False(t, shown, "image from %s", host)
		assert.Equal(t, []int{http.StatusForbidden}, statuses(), "image from %s", host)

		b.visit("/distributions")
		require.Equal(t, "/distributions", b.path(), "still signed in")
		assert.True(t, eval[bool](b, `!document.querySelector(".banner.is-kill")`), "nothing was stopped")
	}
}

// statuses notes the refusals that reach the browser, whatever it lets the page
// see of them; the function hands out those since the last time.
func (b *tab) statuses() func() []int {
	b.t.Helper()
	var mu sync.Mutex
	var seen []int
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*network.EventResponseReceivedExtraInfo); ok && e.StatusCode >= http.StatusBadRequest {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, int(e.StatusCode))
		}
	}))
	return func() []int {
		// An answer of the browser comes after everything before it.
		_, _ = chromedp.Run(context.WithoutCancel(b.ctx), chromedp.Evaluate[int](`1`))
		mu.Lock()
		defer mu.Unlock()
		taken := seen
		seen = nil
		return taken
	}
}
