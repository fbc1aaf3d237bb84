package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// ordinary is a payment without warnings.
func ordinary(reference, amount string) example {
	p := to("ТОО «Сарыарка Логистик Сервис Плюс»", "14104001234", "722C000012345678", "859")
	return example{
		Reference: reference, Amount: amount, Name: p.Name, BIN: p.BIN, IBAN: inFours(p.IBAN), BIC: "CASPKZKA", KBe: p.KBE, KNP: p.KNP,
		Purpose: "Оплата по договору № 7 от 01.11.2026",
	}
}

// review writes the payment and opens its review.
func (b *tab) review(x example) {
	b.t.Helper()
	b.visit("/distributions/new")
	b.write(x)
	b.follow("Проверить")
	b.sees("Проверка перед отправкой")
}

func (e *e2e) cyrillic(t *testing.T) {
	b := e.open(t, e.demo(t))
	b.signIn("accountant@demo.kz")
	x := ordinary("CYR-1", "1 000")
	x.IBAN = "К" + x.IBAN[1:] // looks the same
	b.visit("/distributions/new")
	b.write(x)
	b.follow("Проверить")

	b.sees("IBAN: на 1-м месте стоит кириллическая буква «К», скорее всего вместо латинской «K»")
	require.Equal(t, "alert", eval[string](b, `document.activeElement.getAttribute("role")`), "the summary has the focus")
	for label, typed := range map[string]string{
		"Наименование получателя": x.Name, "БИН или ИИН": x.BIN, "КБе": x.KBe, "БИК": x.BIC,
		// Its value is plain once it is left.
		"IBAN (счёт получателя)": strings.ReplaceAll(x.IBAN, " ", ""),
		"Сумма":                  x.Amount, "КНП": x.KNP, "Назначение платежа": x.Purpose, "Номер поручения": x.Reference,
	} {
		require.Equal(t, typed, b.value(label), label)
	}
	b.click("IBAN: на 1-м месте")
	b.until(`document.activeElement === e2e.named("IBAN (счёт получателя)")`)

	b.fill("IBAN (счёт получателя)", "K"+strings.TrimPrefix(x.IBAN, "К"))
	b.follow("Проверить")
	b.sees("Проверка перед отправкой")
	b.quiet(t, http.StatusUnprocessableEntity)
}

func (e *e2e) doubleClick(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.review(ordinary("TWICE-1", "2 000"))
	at := eval[struct{ X, Y float64 }](b, `e2e.place("Отправить в Plexy")`)
	b.do(chromedp.MouseClickXY(at.X, at.Y), chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
	b.state("paid")
	require.Len(t, p.posts(t, "TWICE-1"), 1)
	b.visit("/distributions?q=TWICE-1")
	require.Equal(t, 1, eval[int](b, `document.querySelectorAll("tbody tr[id]").length`))
	b.quiet(t, http.StatusOK)
}

func (e *e2e) backAndAgain(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.review(ordinary("BACK-1", "3 000"))
	b.follow("Отправить в Plexy")
	b.until(`document.querySelector("#status") !== null`)
	detail := b.path()

	b.goBack(1)
	b.sees("Проверка перед отправкой")
	b.follow("Отправить в Plexy")
	require.Equal(t, detail, b.path(), "the second press ends where the first did")

	b.goBack(2)
	b.sees("Новое распределение")
	require.Equal(t, "BACK-1", b.value("Номер поручения"), "as it was left")
	b.follow("Проверить")
	require.Equal(t, detail, b.path(), "the form is spent: it leads to what became of it")

	b.state("paid")
	require.Len(t, p.posts(t, "BACK-1"), 1)
	b.visit("/distributions?q=BACK-1")
	require.Equal(t, 1, eval[int](b, `document.querySelectorAll("tbody tr[id]").length`))
	b.quiet(t, http.StatusOK)
}

// Browsers keep pages to go back to; those of a session that was ended must be
// gone.
func (e *e2e) backAfterSigningOut(t *testing.T) {
	b := e.open(t, e.demo(t))
	b.signIn("accountant@demo.kz")
	b.visit("/distributions?status=paid")
	b.click("Гүлнар Сулейменова")
	b.follow("Выйти")
	b.sees("Вход")
	b.goBack(1)
	b.until(`location.pathname === "/login" && location.search !== ""`)
	b.seesNot("Исполнен")
}

// A session ends while a page keeps itself up to date: the page leads to the
// sign-in, says so, and comes back.
func (e *e2e) sessionEnds(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.review(ordinary("SLOW-1", "15,15")) // answered after 20 s: the page keeps asking
	b.follow("Отправить в Plexy")
	b.state("sending")
	detail := b.path()

	const password = "another-long-password"
	p.anotherPassword(t, "accountant@demo.kz", password)

	b.sees("Сеанс закончился")
	b.quiet(t, http.StatusUnauthorized)
	require.Contains(t, b.path(), "/login?next=")
	b.enter("accountant@demo.kz", password)
	require.Equal(t, detail, b.path())
	b.state("paid")
	require.Len(t, p.posts(t, "SLOW-1"), 1)
}

func (e *e2e) failedByTheBank(t *testing.T) {
	b := e.open(t, e.demo(t))
	b.signIn("accountant@demo.kz")
	b.review(ordinary("FAIL-1", "13,13"))
	b.follow("Отправить в Plexy")
	b.state("failed")
	b.sees("Счёт получателя закрыт")
	b.sees("прежде чем платить снова, убедитесь по балансу, что деньги вернулись")
	b.quiet(t, http.StatusOK)
}

// The answer to the first never comes. The program finds out by itself what
// became of it, and does not send it again.
func (e *e2e) answerLost(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.review(ordinary("LOST-1", "14,14"))
	b.follow("Отправить в Plexy")
	b.state("paid")
	b.sees("Соединение оборвалось до ответа.")
	b.sees("Найдено в Plexy")
	require.Len(t, p.posts(t, "LOST-1"), 1)

	// This one never reached Plexy, which nobody can know.
	lost := visit(t, p).signIn("accountant@demo.kz").detail("status=unknown")
	b.visit(lost)
	b.sees("Мы не знаем, принял ли Plexy это поручение")
	b.sees("Не создавайте его повторно.")
	b.follow("Проверить сейчас")
	b.sees("Ищем в Plexy прямо сейчас.")
	require.Equal(t, lost, b.path())
	b.state("unknown")
	b.quiet(t, http.StatusOK)
}

// Tab, Enter, Space and typing are enough.
func (e *e2e) keyboard(t *testing.T) {
	p, x := e.demo(t), plexyExample(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.tabTo("Создать")
	b.loads(func() { b.press(kb.Enter) })
	for _, step := range [][2]string{
		{"Наименование получателя", x.Name},
		{"БИН или ИИН", x.BIN},
		{"КБе", ""},
		{"IBAN (счёт получателя)", x.IBAN},
		{"БИК", x.BIC},
		{"Сумма", x.Amount},
		{"КНП", x.KNP},
		{"Назначение платежа", x.Purpose},
		{"Номер поручения", x.Reference},
	} {
		b.tabTo(step[0])
		if step[0] == "КБе" {
			b.press(x.KBe) // picks the option that begins so
			continue
		}
		b.types(step[1])
	}
	b.loads(func() { b.press(kb.Enter) })

	for _, tick := range []string{"Все 12 цифр сверены", "IBAN и БИК сверены"} {
		b.tabTo(tick)
		b.press(" ")
	}
	b.tabTo("Проверить")
	b.loads(func() { b.press(kb.Enter) })
	b.sees("Проверка перед отправкой")
	b.tabTo("Отправить в Plexy")
	b.loads(func() { b.press(kb.Enter) })
	b.state("paid")
	posts := p.posts(t, x.Reference)
	require.Len(t, posts, 1)
	require.JSONEq(t, x.body, posts[0].Body)
	b.quiet(t, http.StatusUnprocessableEntity)
}
