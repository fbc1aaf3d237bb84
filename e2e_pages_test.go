package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// look is a language, a theme and a width in pixels. 720 is a desk at 200 %
// zoom, 390 a phone.
type look struct {
	Lang, Theme string
	Width       int64
}

func (l look) String() string { return fmt.Sprintf("%s-%s-%d", l.Lang, l.Theme, l.Width) }

// looks leave out what cannot differ: colours do not hang on the language, nor
// words on the theme.
func looks() []look {
	return []look{
		{"ru", "light", 390}, {"ru", "light", 720}, {"ru", "light", 1440}, {"ru", "dark", 1440}, {"kk", "light", 1440}, {"en", "dark", 1440},
	}
}

// shown is a page to look at: a path that is opened, or what a button of it
// leads to.
type shown struct {
	Name, Path string
	Status     int
	Press      string // selector of a button on the page; empty: none
}

// pages looks at every page in every look.
func (e *e2e) pages(t *testing.T) {
	p := e.demo(t)
	axe := axeSource(t)
	accountant, auditor, admin := accountantPages(t, p), auditorPages(), adminPages(t, p)
	b := e.open(t, p)
	for _, l := range looks() {
		b.resize(l.Width)
		b.visit("/login")
		b.enterAs("accountant@demo.kz")
		b.prefer(l)
		b.inspect(t, axe, l, accountant)
		b.leave()
		b.inspect(t, axe, l, signInPages())
		b.enterAs("auditor@demo.kz")
		b.inspect(t, axe, l, auditor)
		b.leave()
		b.enterAs("manager@demo.kz")
		b.inspect(t, axe, l, managerPages())
		b.leave()
		b.enterAs("admin@demo.kz")
		b.inspect(t, axe, l, admin)
		b.leave()
	}
}

func signInPages() []shown {
	return []shown{
		{"signin-wrong", "/login", http.StatusUnauthorized, "form.signin-card button[type=submit]"},
		{"signin", "/login", http.StatusOK, ""},
	}
}

func auditorPages() []shown {
	return []shown{
		{"overview-auditor", "/", http.StatusOK, ""},
		{"forbidden", "/distributions/new", http.StatusForbidden, ""},
		{"audit", "/audit?size=25", http.StatusOK, ""},
		{"audit-none", "/audit?id=DIST-NONE&result=denied", http.StatusOK, ""},
	}
}

func managerPages() []shown {
	return []shown{
		{"overview-manager", "/", http.StatusOK, ""},
		{"balance-limit", "/balance", http.StatusOK, ""},
		{"integrity", "/integrity", http.StatusOK, ""},
		{"sending", "/settings/sending", http.StatusOK, ""},
		{"hold-none", "/hold", http.StatusOK, ""},
		{"sending-empty", "/settings/sending", http.StatusUnprocessableEntity, "main form button[type=submit]"},
	}
}

func adminPages(t *testing.T, p *program) []shown {
	t.Helper()
	v := visit(t, p).signIn("admin@demo.kz")
	of := func(email string) string {
		return v.get("/users").first(`tbody tr:contains("`+email+`") a`).AttrOr("href", "")
	}
	return []shown{
		{"overview-admin", "/", http.StatusOK, ""},
		{"settings", "/settings", http.StatusOK, ""},
		{"settings-empty", "/settings", http.StatusUnprocessableEntity, `form[action="/settings/limits"] button[type=submit]`},
		{"users", "/users", http.StatusOK, ""},
		{"users-errors", "/users", http.StatusUnprocessableEntity, `form[action="/users"] button`},
		{"person", of("accountant2@demo.kz"), http.StatusOK, ""},
		{"person-self", of("admin@demo.kz"), http.StatusOK, ""},
		{"me", "/me", http.StatusOK, ""},
		{"me-errors", "/me", http.StatusUnprocessableEntity, `form[action="/me/password"] button[type=submit]`},
	}
}

// accountantPages makes what the pages need that demo data lacks.
func accountantPages(t *testing.T, p *program) []shown {
	t.Helper()
	v := visit(t, p).signIn("accountant@demo.kz")
	review := v.draft(plexyExample(t))
	draft := strings.TrimSuffix(review.Path, "/review")
	twin := v.draft(v.written(v.detail("status=unknown")))
	export := v.get("/distributions?status=paid").submit("CSV для Excel", nil)
	require.Eventually(t, func() bool { return v.get(export.Path+"/file").Status == http.StatusOK }, patience, patience/1000)

	all := []shown{
		{"overview", "/", http.StatusOK, ""},
		{"list", "/distributions", http.StatusOK, ""},
		{"list-none", "/distributions?q=%D0%BD%D0%B5%D1%82+%D1%82%D0%B0%D0%BA%D0%BE%D0%B3%D0%BE&min=5", http.StatusOK, ""},
		{"list-uncertain", "/distributions?status=unknown&status=not_found&status=mismatch", http.StatusOK, ""},
		{"form", "/distributions/new", http.StatusOK, ""},
		{"form-errors", "/distributions/new", http.StatusUnprocessableEntity, ".form-foot button.is-primary"},
		{"form-edit", draft + "/edit", http.StatusOK, ""},
		{"drafts", "/drafts", http.StatusOK, ""},
		{"recipients", "/recipients", http.StatusOK, ""},
		{"recipients-none", "/recipients?q=%D0%BD%D0%B8%D0%BA%D1%82%D0%BE", http.StatusOK, ""},
		{"form-warnings", draft + "/edit", http.StatusUnprocessableEntity, ".form-foot button.is-primary"},
		{"review", review.Path, http.StatusOK, ""},
		{"review-twin", twin.Path, http.StatusConflict, "form.form-foot button[type=submit]"},
		{"balance", "/balance", http.StatusOK, ""},
		{"unknown", "/unknown", http.StatusOK, ""},
		{"proposals", "/proposals", http.StatusOK, ""},
		{"resolution", v.detail("status=not_found") + "/resolution?kind=resend", http.StatusOK, ""},
		{"resolution-empty", v.detail("status=mismatch") + "/resolution?kind=ours", http.StatusUnprocessableEntity, "form.form button[type=submit]"},
		{"exports", "/exports", http.StatusOK, ""},
		{"export", export.Path, http.StatusOK, ""},
		{"keys", "/help/keyboard", http.StatusOK, ""},
		{"gallery", "/gallery", http.StatusOK, ""},
		{"list-pasted", "/distributions?q=A-1+A-2", http.StatusOK, ""},
		{"missing", "/nowhere", http.StatusNotFound, ""},
		{"missing-distribution", "/distributions/00000000-0000-7000-8000-000000000000", http.StatusNotFound, ""},
		{"bad-filter", "/distributions?status=nonsense", http.StatusBadRequest, ""},
		{"detail-draft", draft, http.StatusOK, ""},
		{"detail-foreign", v.detail("origin=plexy"), http.StatusOK, ""},
		{"detail-regressed", v.regressed(), http.StatusOK, ""},
		{"detail-note-empty", draft, http.StatusUnprocessableEntity, `form[action$="/notes#notes"] button`},
		{"sheet", v.detail("status=paid") + "/order", http.StatusOK, ""},
	}
	for _, status := range []string{"queued", "unknown", "not_found", "mismatch", "paid", "returned", "refused", "declined", "awaiting_approval"} {
		all = append(all, shown{"detail-" + status, v.detail("status=" + status), http.StatusOK, ""})
	}
	return all
}

// detail is the address of the first distribution that the filter matches.
func (v *visitor) detail(filter string) string {
	v.t.Helper()
	return v.get("/distributions?"+filter).first("tbody th a").AttrOr("href", "")
}

// written is what a person types who makes the distribution of this page again.
func (v *visitor) written(path string) example {
	v.t.Helper()
	page := v.get(path)
	value := func(label string) string {
		return page.first(`dl button[aria-label="Копировать: `+label+`"]`).AttrOr("data-copy", "")
	}
	return example{
		Amount: value("Сумма"), Name: value("Наименование получателя"), BIN: value("БИН или ИИН"),
		IBAN: value("IBAN (счёт получателя)"), BIC: value("БИК"), KBe: value("КБе"), KNP: value("КНП"), Purpose: value("Назначение платежа"),
	}
}

// regressed is the address of one whose state went back at Plexy.
func (v *visitor) regressed() string {
	v.t.Helper()
	row := v.get("/distributions?status=failed&size=250").first("tbody tr:has(.c-name .tag)")
	require.Contains(v.t, plainSpaces(row.Text()), "шаг назад")
	return row.Find("th a").AttrOr("href", "")
}

// inspect opens each page and asserts everything that holds for all pages.
func (b *tab) inspect(t *testing.T, axe string, l look, pages []shown) {
	t.Helper()
	for _, s := range pages {
		b.examine(t, axe, l, s, nil)
	}
}

// examine does so with one page. First is what happens there before anything
// else; nil is nothing.
func (b *tab) examine(t *testing.T, axe string, l look, s shown, first func(*tab)) {
	t.Helper()
	t.Run(s.Name+"/"+l.String(), func(t *testing.T) {
		b := b.of(t)
		status := b.visit(s.Path)
		if first != nil {
			first(b)
		}
		if s.Press != "" {
			status = b.answerTo(s)
		}
		assert.Equal(t, s.Status, status)
		assert.Equal(t, l.Lang, eval[string](b, `document.documentElement.lang`))
		assert.Equal(t, l.Theme, eval[string](b, `document.documentElement.dataset.theme ?? ""`))
		b.fits(t)
		b.worded(t)
		alone := first == nil || s.Press != ""    // nothing is open over the page
		if alone && l.Lang+l.Theme == "rulight" { // neither moves anything that sticks
			b.uncovered(t)
		}
		b.unroll()
		if alone {
			b.readable(t)
		}
		b.accessible(t, axe)
		b.shoot(t, s.Name+"-"+l.String())
		b.resize(l.Width)
		b.quiet(t, s.Status)
	})
}

// answerTo presses the button of the page and returns the status of what comes.
// A sign-in gets a pair that is wrong.
func (b *tab) answerTo(s shown) int {
	b.t.Helper()
	if s.Path == "/login" {
		b.do(chromedp.SendKeys(chromedp.ID("email"), "nobody@demo.kz"), chromedp.SendKeys(chromedp.ID("password"), "wrong"))
	}
	b.do(chromedp.Evaluate[chromedp.Void](`for (const tick of document.querySelectorAll("input[name=confirm]")) tick.checked = false`))
	response, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(s.Press)))
	require.NoError(b.t, err)
	return int(response.Status)
}

// enterAs signs in on the open page, in whatever language it is.
func (b *tab) enterAs(email string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.ID("email"), email), chromedp.SendKeys(chromedp.ID("password"), demoPassword))
	b.loads(func() { b.do(chromedp.Click(chromedp.CSS("form.signin-card button[type=submit]"))) })
}

// prefer chooses language and theme in the menu of the person.
func (b *tab) prefer(l look) {
	b.t.Helper()
	for _, button := range []string{`button[name=lang][value=` + l.Lang + `]`, `button[name=theme][value=` + l.Theme + `]`} {
		b.do(chromedp.Click(chromedp.CSS("summary.person")))
		b.loads(func() { b.do(chromedp.Click(chromedp.CSS(button))) })
	}
}

// leave signs out.
func (b *tab) leave() {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS("summary.person")))
	b.loads(func() { b.do(chromedp.Click(chromedp.CSS(`form[action="/logout"] button`))) })
}
