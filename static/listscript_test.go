package static

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// listRow is a row of the list as the server draws it: its first cell waits for
// a box.
func listRow(n string) string {
	return fmt.Sprintf(`<tr id="row-%s"><td></td><th class="c-ref"><a href="/distributions/%s">D-%s</a></th>
		<td class="c-name" id="name-%s">name %s</td><td class="c-sum">%s 000<i>,50</i></td>
		<td class="c-time" id="time-%s" data-at="%s">22.11 00:30</td></tr>`, n, n, n, n, n, n, n, "tova60")
}

// listPage is a list of these rows, without what a script has no business with.
func listPage(rows ...string) string {
	return `<main><div id="results" hx-boost:inherited="target:#results,swap:outerMorph">
		<a id="panel" href="/choose" data-panel hx-boost="false">columns</a>
		<div class="filters"><details id="filter-knp" class="menu"><summary>knp</summary><a id="narrow" href="/list">narrow</a></details></div>
		<a id="sort-amount" href="/list">sum</a>
		<div class="split list-split"><div class="list-narrow"><table class="list"><thead><tr><th></th><th>no</th></tr></thead>
		<tbody hx-boost:inherited="false">` + strings.Join(rows, "") + `</tbody></table>
		<form id="ticked" method="post" action="/elsewhere" data-pick="pick" data-pick-all="pick all" hidden hx-morph-skip>
		<b data-tally></b><button id="copy-ticked" type="button" data-copy="">copy</button><button id="drop" type="reset">drop</button></form>
		</div><aside id="side" hidden hx-morph-skip hx-boost:inherited="false"></aside></div></div></main>`
}

func peekOf(n string) string {
	return fmt.Sprintf(`<section data-peek="%s"><button data-peek-step="prev">prev</button><button data-peek-step="next">next</button>
		<button data-peek-step="close">close</button><h2 data-peek-title tabindex="-1">sum %s</h2></section>`, n, n)
}

const (
	ticks    = `[...document.querySelectorAll(".list tbody .tick")].map((box) => box.checked).join()`
	headTick = `document.querySelector(".list thead .tick")`
	opened   = `document.querySelector("[data-peek]")?.dataset.peek`
	focused  = `document.activeElement.textContent`
)

func tick(row string) chromedp.Action[chromedp.Void] { return click("#row-" + row + " .tick") }

// What list.js does with a list of three rows, on a desk and where there is no
// room beside it.
func TestListScript(t *testing.T) {
	site := newSite(t)
	tab := openBrowser(t)
	for name, test := range map[string]struct {
		do     []chromedp.Action[chromedp.Void]
		then   string // a JavaScript expression that becomes true
		narrow bool
	}{
		"every row gets a box that says what it ticks": {
			nil, `[...document.querySelectorAll("#ticked, .list tbody .tick")].length === 4 && ` + ticks + ` === "false,false,false"
				&& document.querySelector("#row-2 .tick").ariaLabel === "pick D-2" && ` + headTick + `.ariaLabel === "pick all" && document.getElementById("ticked").hidden`, false,
		},
		"ticks are counted and summed in a bar": {
			steps(tick("1"), tick("3")),
			`!document.getElementById("ticked").hidden && document.querySelector("[data-tally]").textContent === ": 2 · 4 001,00 ₸"
				&& ` + headTick + `.indeterminate && new FormData(document.getElementById("ticked")).getAll("id").join() === "1,3"
				&& document.getElementById("copy-ticked").dataset.copy === "D-1\nD-3"`, false,
		},
		"the box on top ticks all rows": {
			steps(click(".list thead .tick")),
			ticks + ` === "true,true,true" && ` + headTick + `.checked && !` + headTick + `.indeterminate`, false,
		},
		"and none again": {
			steps(click(".list thead .tick"), click(".list thead .tick")),
			ticks + ` === "false,false,false" && document.getElementById("ticked").hidden`, false,
		},
		"the ticks are dropped": {
			steps(tick("1"), tick("2"), click("#drop")),
			ticks + ` === "false,false,false" && document.getElementById("ticked").hidden && !` + headTick + `.indeterminate`, false,
		},
		"keys move and tick": {
			steps(press("j", "KeyJ"), press("о", "KeyJ"), press("x", "KeyX"), press("j", "KeyJ"), press("ч", "KeyX"), press("k", "KeyK"), press("k", "KeyK")),
			ticks + ` === "false,true,true" && ` + focused + ` === "D-1"`, false,
		},
		"the rows that are ticked are sent": {
			steps(tick("2"), chromedp.Evaluate[chromedp.Void](`document.getElementById("ticked").requestSubmit()`)),
			`location.pathname === "/elsewhere"`, false,
		},
		"a row that is drawn anew keeps its tick": {
			steps(tick("2"), chromedp.Evaluate[chromedp.Void](`htmx.ajax("GET", "/row", { target: "#row-2", swap: "outerMorph", select: "#row-2" })`)),
			`performance.getEntriesByType("resource").some((r) => r.name.endsWith("/row")) && ` + ticks + ` === "false,true,false"`, false,
		},
		"a change of filter keeps the ticks that it shows": {
			steps(tick("1"), tick("2"), click("#sort-amount"), settled("#row-4 .tick")),
			ticks + ` === "true,false" && document.querySelector("[data-tally]").textContent.startsWith(": 1 ")
				&& new FormData(document.getElementById("ticked")).getAll("id").join() === "2"`, false,
		},
		"and the focus where it was": {
			steps(click("#sort-amount"), settled("#row-4 .tick")),
			`document.activeElement.id === "sort-amount" && location.pathname === "/list"`, false,
		},
		"a pop-over closes when its filter is applied": {
			steps(click("#filter-knp summary"), click("#narrow"), settled("#row-4 .tick")),
			`!document.getElementById("filter-knp").open && document.activeElement.matches("#filter-knp summary")`, false,
		},
		"a row opens beside the list and is marked": {
			steps(click("#name-2"), settled("[data-peek='2']")),
			opened + ` === "2" && document.querySelector("#row-2.is-on a[aria-current=true]") && ` + focused + ` === "sum 2"
				&& location.pathname === "/" && !document.getElementById("side").hidden`, false,
		},
		"the panel steps to the next row and keeps the button": {
			steps(click("#name-2"), settled("[data-peek='2']"), click("[data-peek-step=next]"), settled("[data-peek='3']")),
			`document.querySelectorAll(".is-on").length === 1 && document.querySelector("#row-3.is-on")
				&& document.querySelector("[data-peek-step=next]").disabled && !document.querySelector("[data-peek-step=prev]").disabled`, false,
		},
		"Escape closes it and gives the focus back": {
			steps(click("#name-2"), settled("[data-peek='2']"), chromedp.KeyEvent(kb.Escape)),
			`document.getElementById("side").hidden && ` + focused + ` === "D-2" && !document.querySelector(".is-on")`, false,
		},
		"so does its button": {
			steps(click("#name-2"), settled("[data-peek='2']"), click("[data-peek-step=close]")),
			`document.getElementById("side").hidden && ` + focused + ` === "D-2"`, false,
		},
		"columns are chosen beside the list": {
			steps(click("#panel"), settled("#side h2")),
			focused + ` === "columns" && location.pathname === "/"`, false,
		},
		"and the focus comes back from there": {
			steps(click("#panel"), settled("#side h2"), click("[data-peek-step=close]")),
			`document.activeElement.id === "panel"`, false,
		},
		"without room beside the list a row is a page": {
			steps(click("#row-2 a")), `location.pathname === "/distributions/2"`, true,
		},
		"so are the columns": {
			steps(click("#panel")), `location.pathname === "/choose"`, true,
		},
		"a time is told in both zones": {
			steps(chromedp.Evaluate[chromedp.Void](`document.getElementById("time-1").dispatchEvent(new MouseEvent("mouseover", { bubbles: true }))`)),
			`document.getElementById("time-1").title === "22.11.2026 00:30:00 · 2026-11-21 19:30:00 UTC"`, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			width := int64(1440)
			if test.narrow {
				width = 800
			}
			address := site + "?" + url.Values{"body": {listPage(listRow("1"), listRow("2"), listRow("3"))}, "more": {"list.js"}}.Encode()
			require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(width, 900), chromedp.Navigate(address)))
			require.NoError(t, chromedp.Do(tab, test.do...))
			becomesTrue(t, tab, test.then)
		})
	}
}
