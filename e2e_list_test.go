package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keys presses one after the other.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.press(key)
	}
}

const rowWithFocus = `[...document.querySelectorAll(".list tbody tr")].indexOf(document.activeElement.closest("tr"))`

// tickedByKeys ticks rows without a mouse, reads what they come to and exports
// them alone.
func (e *e2e) tickedByKeys(t *testing.T) {
	b := e.open(t, e.demo(t))
	b.signIn("accountant@demo.kz")
	b.visit("/distributions?status=paid&sort=amount&size=25")
	b.until(`document.querySelectorAll(".list tbody .tick").length === 25`)
	b.keys("j", "j", "x", "j", "x", "k", "k")
	require.Equal(t, 0, eval[int](b, rowWithFocus))
	require.Equal(t, []int{1, 2}, eval[[]int](b, `[...document.querySelectorAll(".list tbody .tick")].flatMap((box, i) => box.checked ? [i] : [])`))
	sum := eval[string](b, `e2e.plain([1, 2].map((i) => document.querySelectorAll(".list tbody .c-sum")[i].textContent.replace(/\D/g, ""))
		.reduce((sum, tiyn) => sum + Number(tiyn), 0) / 100 + "")`)
	shown := eval[string](b, `e2e.plain(document.querySelector("#ticked .bulk-sum").textContent)`)
	require.Regexp(t, `^Выбрано: 2 · [\d ]+,\d\d ₸$`, shown)
	require.Equal(t, sum, eval[string](b, `document.querySelector("[data-tally]").textContent.replace(/.*·/, "").replace(/[^\d,]/g, "").replace(",", ".") * 1 + ""`))

	references := eval[[]string](b, `[1, 2].map((i) => document.querySelectorAll(".list tbody .c-ref a")[i].textContent)`)
	b.loads(func() { b.click("CSV") })
	b.sees("Файл готов")
	b.sees("Отмеченные строки")
	lines := rowsOf(t, string(b.download("Скачать")), ';')
	require.Len(t, lines, 4, "a header, two rows and the sum")
	assert.Equal(t, references, []string{lines[1][1], lines[2][1]}, "in the order of the list")
	b.quiet(t, http.StatusOK)
}

// backToTheList leaves a narrowed list far down for a page, and comes back.
func (e *e2e) backToTheList(t *testing.T) {
	b := e.open(t, e.demo(t))
	b.signIn("accountant@demo.kz")
	b.visit("/distributions?size=100")
	b.click("КНП")
	b.do(chromedp.SendKeys(chromedp.ID("filter-of-knp"), "859"+kb.Enter))
	b.until(`location.search.includes("knp=859") && document.querySelector("#chip-knp .chip-x") !== null`)
	narrowed := b.path()
	assert.Equal(t, "filter-knp", eval[string](b, `document.activeElement.closest("details")?.id ?? ""`), "the focus stays at the filter")

	b.until(`document.querySelectorAll(".list tbody tr").length === 100`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".c-ref a")[70].focus({ preventScroll: true }); scrollTo(0, 1200)`))
	left := eval[struct {
		Row string
		Top float64
	}](b, `({ Row: document.activeElement.textContent, Top: scrollY })`)
	require.Greater(t, left.Top, 1000.0)
	b.loads(func() { b.do(chromedp.Evaluate[chromedp.Void](`location.assign(document.activeElement.href)`)) })
	b.sees(left.Row)
	b.goBack(1)
	b.until(`location.pathname === "/distributions" && document.querySelectorAll(".list tbody tr").length === 100`)
	assert.Equal(t, narrowed, b.path())
	b.until(`Math.abs(scrollY - 1200) < 60`)
	b.until(`document.activeElement.textContent === ` + quoted(left.Row))

	b.goBack(1) // and the change of filter itself
	b.until(`!location.search.includes("knp") && document.querySelector("#chip-knp .chip-x") === null`)
	b.quiet(t, http.StatusOK)
}

// arrivals says that rows came while a list is open; nothing moves until the
// person asks for them.
func (e *e2e) arrivals(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("manager@demo.kz")
	for _, width := range []int64{1440, 1024, 390} {
		b.resize(width)
		b.visit("/distributions?size=25")
		b.until(`document.querySelectorAll(".list tbody tr").length === 25`)
		const places = `JSON.stringify([...document.querySelectorAll("h1, .head-actions, .tabs, .filters, .list tbody tr, .foot")].map((el) => {
			const { x, y, width, height } = el.getBoundingClientRect();
			return [x, y, width, height].map(Math.round);
		}))`
		before := eval[string](b, places)
		visit(t, p).signIn("accountant@demo.kz").draft(ordinary(fmt.Sprintf("NEW-%d", width), "10 000,00"))
		b.do(chromedp.Evaluate[chromedp.Void](`htmx.ajax("GET", document.getElementById("arrivals").getAttribute("hx-get"), { target: "#arrivals", swap: "outerMorph" })`))
		b.sees("Появилось 1 новое · Показать")
		assert.Equal(t, before, eval[string](b, places), "at %d", width)
		require.True(t, eval[bool](b, `e2e.place("Показать") !== null`), "it can be pressed at %d", width)
		first := eval[string](b, `document.querySelector(".list tbody tr").id`)
		b.click("Показать")
		b.until(`document.querySelector(".list tbody tr")?.id !== ` + quoted(first))
		b.seesNot("Появилось 1 новое")
	}
	b.quiet(t, http.StatusOK)
}

// ownColumnsAndViews chooses so many columns that they need a place to scroll in,
// keeps the list under a name, and finds both again.
func (e *e2e) ownColumnsAndViews(t *testing.T) {
	b := e.open(t, e.demo(t))
	b.signIn("accountant@demo.kz")
	b.visit("/distributions?knp=859")
	b.click("Столбцы")
	b.until(`document.activeElement.matches("#side h2")`)
	for _, column := range []string{"КНП", "Назначение", "Номер в Plexy", "Контрольный код"} {
		b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("#side label")].find((l) => e2e.plain(l.textContent) === ` + quoted(column) + `).click()`))
	}
	b.follow("Готово")
	require.Equal(t, "/distributions?knp=859", b.path())
	require.True(t, eval[bool](b, `document.querySelector(".list .c-purpose") !== null && document.querySelector(".list-box.is-wide").scrollWidth > document.querySelector(".list-box").clientWidth`))
	b.fits(t)

	b.click("Сохранить вид")
	b.loads(func() { b.do(chromedp.SendKeys(chromedp.ID("view-name"), "Материалы"+kb.Enter)) })
	assert.Equal(t, "Материалы", eval[string](b, `document.querySelector(".tabs [aria-current] .tabs-name").textContent`))
	b.follow("Сохранённые виды")
	require.Equal(t, "/me/views", b.path())
	b.follow("Материалы")
	back, err := url.Parse(b.path())
	require.NoError(t, err)
	assert.Equal(t, url.Values{"knp": {"859"}}, back.Query())
	assert.True(t, eval[bool](b, `document.querySelector(".list .c-purpose") !== null`))
	b.quiet(t, http.StatusOK)
}
