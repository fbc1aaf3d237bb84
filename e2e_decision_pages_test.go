package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

// acted is a page on which a person does something first.
type acted struct {
	shown
	Do func(*tab) // nil: nothing
}

// script is what a person does, told to the page.
func script(text string) func(*tab) {
	return func(b *tab) { b.do(chromedp.Evaluate[chromedp.Void](text)) }
}

// beside opens the panel beside the list, where there is room for one.
func beside(selector string) func(*tab) {
	return func(b *tab) {
		if b.width > 1200 {
			b.do(chromedp.Click(chromedp.CSS(selector)))
			b.until(`document.activeElement.matches("#side [data-peek-title]")`)
		}
	}
}

// fewLooks are for pages that take something to get at.
func fewLooks() []look {
	return []look{{"ru", "light", 1440}, {"kk", "dark", 390}, {"en", "light", 1440}}
}

// decisionPages looks at what two people decide, at what proves who somebody is,
// and at what lies over a page.
func (e *e2e) decisionPages(t *testing.T) {
	p := e.demo(t)
	axe := axeSource(t)
	b := e.open(t, p)
	manager, accountant, visitors := b.undecided(t, p)
	for i, l := range fewLooks() {
		newcomer := []string{"accountant2@demo.kz", "manager2@demo.kz", "auditor@demo.kz"}[i]
		b.resize(l.Width)
		b.visit("/login")
		b.enterAs(newcomer)
		b.prefer(l)
		b.act(t, axe, l, factorPages(t, p, newcomer)...)
		b.leave()
		b.enterAs(newcomer)
		b.act(t, axe, l, visitors...)

		b.visit("/login")
		b.enterAs("accountant@demo.kz")
		b.act(t, axe, l, accountant...)
		b.leave()
		b.enterAs("manager@demo.kz")
		b.act(t, axe, l, manager...)
		p.write(t, "UPDATE sessions SET proved_at = proved_at - 600000000") // nobody signed in within ten minutes
		b.examine(t, axe, l, shown{"proof", manager[0].Path, http.StatusForbidden, `form[action$="/approval"] button`}, nil)
		b.sessionOver(t, axe, l, p, manager[0].Path)
	}
}

// undecided makes what waits for two people, and says who looks at what of it.
func (b *tab) undecided(t *testing.T, p *program) (manager, accountant, visitors []acted) {
	t.Helper()
	maker, boss, admin := visit(t, p).signIn("accountant@demo.kz"), visit(t, p).signIn("manager@demo.kz"), visit(t, p).signIn("admin@demo.kz")
	hand := func(review *answer, amount string) string {
		return review.submit("Отправить на согласование: "+amount+" ₸", nil).Path
	}
	for i := range fewLooks() {
		amount := fmt.Sprintf("1 50%d 000,00", i)
		hand(maker.draft(ordinary(fmt.Sprintf("MANY-%d", i), amount)), amount)
	}
	changed := hand(maker.draft(ordinary("CHANGED", "2 000 000,00")), "2 000 000,00")
	read := boss.get(changed).first("form[action$=\"/approval\"] input[name=code]").AttrOr("value", "")
	maker.get(changed).submit("Отозвать в черновик", nil)
	review := maker.get(changed+"/edit").submit("Проверить", url.Values{"amount": {"2 100 000,00"}})
	if review.Status == http.StatusUnprocessableEntity {
		review = review.submit("Проверить", url.Values{"confirm": ticksOf(review)})
	}
	hand(review, "2 100 000,00")

	resend := maker.detail("status=not_found")
	maker.get(resend+"/resolution?kind=resend").submit("Предложить: «Отправить ещё раз»", url.Values{"reason": {"Plexy подтвердил письмом: запроса не было"}})
	admin.get("/settings").submit("Предложить правила и лимиты", url.Values{"limitEach": {"5 000 000"}, "reason": {"Договор с новым поставщиком"}})
	boss.get("/balance").submit("Сохранить порог", url.Values{"amount": {"9 000 000 000"}})
	p.unitAlarm(t, maker.detail("status=paid"))
	boss.get("/settings/sending").submit("Предложить снять тревогу", url.Values{"reason": {"Plexy подтвердил: суммы в тенге"}})
	link := admin.get("/users").submit("Добавить и получить ссылку", url.Values{"name": {"Новый Человек"}, "email": {"new@demo.kz"}, "role": {"auditor"}}).text(".link-once")

	half := boss.detail("status=awaiting_approval&min=12500000&max=12500000")
	const form, typed = "form.form button[type=submit]", `document.querySelector("textarea").value = "Нет номера договора"`
	const two = `{
		const ticks = [...document.querySelectorAll(".queue-tick input:enabled")];
		ticks[0].value = ticks[0].value.replace(/\S+$/, "AAAAAA");
		ticks[0].checked = ticks.find((tick) => tick.dataset.amount.startsWith("150")).checked = true;
	}`
	return []acted{
		{shown{"detail-half-approved", half, http.StatusOK, ""}, nil},
		{shown{"approvals", "/approvals", http.StatusOK, ""}, nil},
		{shown{"approvals-open", "/approvals?tab=all&open=" + strings.TrimPrefix(half, "/distributions/"), http.StatusOK, ""}, nil},
		{shown{"approvals-several", "/approvals", http.StatusOK, "#bulk button"}, script(two)},
		{shown{"approvals-decided", "/approvals?tab=decided", http.StatusOK, ""}, nil},
		{shown{"decline", half + "/decline", http.StatusUnprocessableEntity, form}, nil},
		{shown{"decline-changed", changed + "/decline?code=" + read, http.StatusConflict, form}, script(typed)},
		{shown{"proposals-open", "/proposals", http.StatusOK, ""}, nil},
		{shown{"proposals-refused", "/proposals", http.StatusUnprocessableEntity, "details.more form button"}, script(`document.querySelector("details.more").open = true`)},
		{shown{"detail-proposed", resend, http.StatusOK, ""}, nil},
		{shown{"sending-unit", "/settings/sending", http.StatusOK, ""}, nil},
		{shown{"balance-low", "/balance", http.StatusOK, ""}, nil},
		{shown{"bell", "/settings/sending", http.StatusOK, ""}, script(`document.querySelector("details.bell").open = true`)},
	}, []acted{
		{shown{"proposals-own", "/proposals", http.StatusOK, ""}, nil},
		{shown{"approvals-made", "/approvals", http.StatusOK, ""}, nil},
		{shown{"list-narrow", "/distributions?size=25&status=paid&min=1000&from=2020-01-01", http.StatusOK, ""}, nil},
		{shown{"list-ticked", "/distributions?size=25", http.StatusOK, ""}, script(`for (const box of [...document.querySelectorAll(".list tbody .tick")].slice(2, 5)) box.click()`)},
		{shown{"list-peek", "/distributions?size=25&status=refused", http.StatusOK, ""}, beside(".list tr:has(.tag) .c-ref a")},
		{shown{"list-columns", "/distributions?size=25", http.StatusOK, ""}, beside("#choose-columns")},
		{shown{"columns", "/me/columns", http.StatusOK, ""}, nil},
		{shown{"views", maker.savedViews(), http.StatusOK, ""}, nil},
		{shown{"recipient", maker.get("/recipients").first(`main a[href^="/recipients/"]`).AttrOr("href", ""), http.StatusOK, ""}, nil},
	}, []acted{
		{shown{"signin-code", "/login/factor", http.StatusOK, ""}, nil},
		{shown{"invitation", strings.TrimPrefix(link, p.URL), http.StatusOK, ""}, nil},
		{shown{"invitation-over", "/invitations/none", http.StatusGone, ""}, nil},
	}
}

// unitAlarm is what the program raises when an answer of Plexy speaks of another
// unit of money.
func (p *program) unitAlarm(t *testing.T, detail string) {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(p.Data, "demo.db")})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.Stop(t.Context(), distribution.System("syncer"), store.StopUnit, "debited 15000.00 for 150.00", strings.TrimPrefix(detail, "/distributions/")))
}

// write changes the database past the program.
func (p *program) write(t *testing.T, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.Data, "demo.db")+"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
}

// factorPages sets up a second factor for the person.
func factorPages(t *testing.T, p *program, email string) []acted {
	t.Helper()
	offer := visit(t, p).signIn(email).get("/me/factor").submit("Подключить", nil)
	code, err := totp.GenerateCode(offer.first("[data-copy]").AttrOr("data-copy", ""), time.Now())
	require.NoError(t, err)
	return []acted{
		{shown{"factor-offered", "/me/factor", http.StatusOK, ""}, nil},
		{
			shown{"factor-codes", "/me/factor", http.StatusOK, `form[action="/me/factor/confirmation"] button`},
			script(`document.getElementById("code").value = "` + code + `"`),
		},
		{shown{"factor-in-force", "/me/factor", http.StatusOK, ""}, nil},
	}
}

// act examines pages one after the other.
func (b *tab) act(t *testing.T, axe string, l look, pages ...acted) {
	t.Helper()
	for _, s := range pages {
		b.examine(t, axe, l, s.shown, s.Do)
	}
}

// sessionOver looks at what comes when the session ends while somebody writes
// why they decline: the sign-in page that keeps what was typed, and then the form
// again; and, when the page has been open for a while, the sign-in over it.
func (b *tab) sessionOver(t *testing.T, axe string, l look, p *program, path string) {
	t.Helper()
	decline := path + "/decline"
	typed := func(b *tab) {
		p.write(t, "DELETE FROM sessions")
		script(`document.querySelector("textarea").value = "Нет номера договора"`)(b)
	}
	b.examine(t, axe, l, shown{"signin-typed", decline, http.StatusUnauthorized, "form.form button[type=submit]"}, typed)
	b.enterAs("manager@demo.kz")
	require.Equal(t, "/resumption", b.path())
	b.examine(t, axe, l, shown{"resumption", "/resumption", http.StatusOK, ""}, nil)
	b.do(chromedp.Click(chromedp.CSS("h1"))) // or else the browser would not ask before it leaves a form

	t.Run("signin-layer/"+l.String(), func(t *testing.T) {
		b := b.of(t)
		b.visit(decline)
		typed(b)
		script(`Date.now = ((now) => () => now() + 120_000)(Date.now); document.querySelector("form.form button[type=submit]").click()`)(b)
		b.until(`document.querySelector("dialog[open]") !== null`)
		b.worded(t)
		b.fits(t)
		b.accessible(t, axe)
		b.shoot(t, "signin-layer-"+l.String())
		b.quiet(t, http.StatusUnauthorized)
	})
}
