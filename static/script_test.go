package static

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// What app.js does, seen in a browser under the policy of the real pages.
func TestScript(t *testing.T) {
	site := newSite(t)
	tab := openBrowser(t)
	for name, test := range map[string]struct {
		html string
		do   []chromedp.Action[chromedp.Void]
		then string // a JavaScript expression that becomes true
	}{
		"copies and says so": {
			`<button id="b" data-copy="KZ84 722C"><svg><use href="#copy"/></svg></button>`,
			steps(click("#b")),
			`document.querySelector(".sr").textContent === "copied" && document.querySelector("#b.is-done use").getAttribute("href") === "/icons.svg#check"
				&& navigator.clipboard.readText().then((text) => text === "KZ84 722C")`,
		},
		"shows a password": {
			`<input id="p" type="password" value="secret"><button id="b" data-reveals="p" aria-pressed="false">show</button>`,
			steps(click("#b")),
			`document.querySelector("#p").type === "text" && document.querySelector("#b[aria-pressed=true]")`,
		},
		"hides it again": {
			`<input id="p" type="password" value="secret"><button id="b" data-reveals="p" aria-pressed="false">show</button>`,
			steps(click("#b"), click("#b")),
			`document.querySelector("#p").type === "password" && document.querySelector("#b[aria-pressed=false]")`,
		},
		"counts and sums what is ticked, exactly": {
			`<form id="f"><b data-tally></b></form><input id="a" type="checkbox" form="f" data-amount="1"><input id="b" type="checkbox" form="f" data-amount="9007199254740993">
			<input type="checkbox" form="f" data-amount="5">`,
			steps(click("#a"), click("#b")),
			`document.querySelector("b").textContent === ": 2 · 90\u00a0071\u00a0992\u00a0547\u00a0409,94\u00a0₸"`,
		},
		"opens a dialog instead of its page": {
			`<a id="a" href="/elsewhere" data-dialog="d">decline</a><dialog id="d">why?</dialog>`,
			steps(click("#a")),
			`document.querySelector("dialog:modal") && location.pathname === "/"`,
		},
		"sends a form while the session lives": {
			`<body class="shell"><form method="post" action="/elsewhere"><input name="a"><button id="b">send</button></form>`,
			steps(muchLater(), click("#b")),
			`location.pathname === "/elsewhere"`,
		},
		"asks to sign in over a form and leaves it as it was": {
			`<body class="shell" id="dead"><form method="post" action="/elsewhere"><input id="i" name="a" value="typed"><button id="b">send</button></form>`,
			steps(muchLater(), click("#b"), click("dialog:modal [type=submit]")),
			`!document.querySelector("dialog") && document.querySelector("#i").value === "typed" && location.pathname === "/"
				&& document.querySelector(".sr").textContent === "signed in"`,
		},
		"says it when signing in over a form failed": {
			`<body class="shell" id="dead"><form method="post" action="/elsewhere"><input id="i" name="a" value="typed"><button id="b">send</button></form>`,
			steps(muchLater(), click("#b"), click("dialog:modal [name=wrong]"), click("dialog:modal [type=submit]")),
			`document.querySelector("dialog:modal").textContent.includes("wrong") && document.activeElement.id === "problem"`,
		},
		"a button alone is sent without asking": {
			`<body class="shell" id="dead"><form method="post" action="/elsewhere"><input type="hidden" name="a"><button id="b">send</button></form>`,
			steps(click("#b")),
			`location.pathname === "/elsewhere"`,
		},
		"slash moves into the search field": {
			`<input id="q" data-hotkey="/">`,
			steps(chromedp.KeyEvent("/")),
			`document.activeElement.id === "q"`,
		},
		"slash does so on a Russian keyboard": {
			`<input id="q" data-hotkey="/">`,
			steps(press(".", "Slash")),
			`document.activeElement.id === "q"`,
		},
		"Ctrl-K does so from a field, too": {
			`<body data-hotkeys="off"><input id="q" data-hotkey="/"><input id="other">`,
			steps(click("#other"), chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl))),
			`document.activeElement.id === "q"`,
		},
		"g and a letter lead to a section": {
			`<a data-go="b" href="/elsewhere">balance</a>`,
			steps(chromedp.KeyEvent("gb")),
			`location.pathname === "/elsewhere"`,
		},
		"and so they do on a Russian keyboard": {
			`<a data-go="b" href="/elsewhere">balance</a>`,
			steps(press("п", "KeyG"), press("и", "KeyB")),
			`location.pathname === "/elsewhere"`,
		},
		"a letter alone leads nowhere": {
			`<a data-go="b" href="/elsewhere">balance</a><input id="q" data-hotkey="/">`,
			steps(chromedp.KeyEvent("bga"), chromedp.KeyEvent("/")),
			`document.activeElement.id === "q" && location.pathname === "/"`,
		},
		"keys that were switched off do nothing": {
			`<body data-hotkeys="off" data-new="/elsewhere"><a data-go="b" href="/elsewhere">balance</a><input id="i">`,
			steps(chromedp.KeyEvent("gbn/?"), click("#i")),
			`document.activeElement.id === "i" && location.pathname === "/"`,
		},
		"n makes a new one for who may": {
			`<body data-new="/elsewhere">`,
			steps(chromedp.KeyEvent("n")),
			`location.pathname === "/elsewhere"`,
		},
		"j and k move over rows, x ticks": {
			`<main><table><tr><td>head<tbody><tr><td><input id="a" type="checkbox"><th><a id="la" href="#a">1</a><tr><td><input id="b" type="checkbox"><th><a id="lb" href="#b">2</a></table></main>`,
			steps(chromedp.KeyEvent("jxjjxk")),
			`document.activeElement.id === "la" && document.querySelector("#a:checked") && document.querySelector("#b:checked")`,
		},
		"the list of keys comes over the page": {
			`<body data-keys="/keys"><a id="a" href="#">link</a>`,
			steps(chromedp.KeyEvent("?")),
			`document.querySelector("dialog:modal").textContent === "keys"`,
		},
		"or as its page when it does not come": {
			`<body data-keys="/dropped">`,
			steps(chromedp.KeyEvent("?")),
			`location.pathname === "/dropped" || location.protocol === "chrome-error:"`,
		},
		"arrows choose a suggestion, Enter opens it": {
			searchBox,
			steps(click("#q"), chromedp.KeyEvent("a"), settled("#list a"), chromedp.Evaluate[chromedp.Void](`for (const key of ["ArrowUp", "ArrowUp", "ArrowDown", "Enter"])
				document.getElementById("q").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))`)),
			`location.pathname === "/elsewhere"`,
		},
		"suggestions are a combobox": {
			searchBox,
			steps(click("#q"), chromedp.KeyEvent("a"), settled("#list a"), chromedp.KeyEvent(kb.ArrowDown)),
			`document.querySelector("#q[role=combobox][aria-expanded=true][aria-activedescendant=one]") && document.querySelector("#one[aria-selected=true]")
				&& document.querySelector("[data-told]").textContent === "two" && document.activeElement.id === "q"`,
		},
		"Escape closes suggestions and keeps the text": {
			searchBox,
			steps(click("#q"), chromedp.KeyEvent("a"), settled("#list a"), chromedp.KeyEvent(kb.Escape)),
			`document.querySelector("#panel").hidden && document.querySelector("#q[aria-expanded=false]").value === "a"`,
		},
		"pasted lines are parted by commas": {
			searchBox,
			steps(click("#q"), chromedp.Evaluate[chromedp.Void](`{ const data = new DataTransfer(); data.setData("text/plain", "A-1\r\nA-2\nA-3\n");
				document.querySelector("#q").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }`)),
			`document.querySelector("#q").value === "A-1, A-2, A-3"`,
		},
		"what went well can be put away": {
			`<main><div class="toast is-passing" data-passing><p class="notice-body">sent</p><button id="b" data-dismiss>x</button></div></main>`,
			steps(click("#b")),
			`!document.querySelector("[data-passing]")`,
		},
		"slash is a character in a field": {
			`<input id="q" data-hotkey="/"><input id="other">`,
			steps(click("#other"), chromedp.KeyEvent("12/05")),
			`document.activeElement.id === "other" && document.activeElement.value === "12/05"`,
		},
		"a menu closes on Escape and gives the focus back": {
			`<details class="menu"><summary id="s">filter</summary><input id="i"></details>`,
			steps(click("#s"), click("#i"), chromedp.KeyEvent(kb.Escape)),
			`!document.querySelector("details").open && document.activeElement.id === "s"`,
		},
		"a menu closes on a click elsewhere": {
			`<details class="menu"><summary id="s">filter</summary></details><p id="p">text</p>`,
			steps(click("#s"), click("#p")),
			`!document.querySelector("details").open`,
		},
		"focus goes to the summary of errors": {
			`<div id="e" data-autofocus tabindex="-1">two errors</div>`,
			nil,
			`document.activeElement.id === "e"`,
		},
		"focus goes to what htmx brought": {
			`<button id="b" hx-get="/focus" hx-target="#t">get</button><div id="t"></div>`,
			steps(click("#b")),
			`document.activeElement.id === "brought"`,
		},
		"a submitted form cannot be submitted again": {
			`<form action="/empty" method="post"><button id="b" class="btn">send</button></form>`,
			steps(click("#b")),
			`document.querySelector("#b:disabled.is-busy")`,
		},
		"a form that answers with a file stays usable": {
			`<form action="/empty" method="post" data-no-busy><button id="b">send</button></form>`,
			steps(click("#b")),
			`new Promise((done) => setTimeout(() => done(!document.querySelector("#b").disabled)))`,
		},
		"leaving unsaved input asks": {
			`<form data-guard="" ><input id="i"></form>`,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "x")),
			asks,
		},
		"leaving a form just opened does not": {
			`<form data-guard=""><input id="i"></form>`,
			nil,
			"!" + asks,
		},
		"leaving a form that came back with errors asks": {
			`<form data-guard="dirty"><input id="i"></form>`,
			nil,
			asks,
		},
		"a saved draft may be left": {
			`<form data-guard="" data-keep="/kept" data-resume="/resume" data-text-kept="kept {time}"><input id="i"></form>` + keepState,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "x")),
			says("kept 14:33:05", "is-good") + ` && location.pathname === "/resume" && !` + asks,
		},
		"what could not be saved is told, and leaving it asks": {
			`<form data-guard="" data-keep="/dropped" data-text-offline="offline"><input id="i"></form>` + keepState,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "x")),
			says("offline", "is-failed") + " && " + asks,
		},
		"a draft is not saved without its session": {
			`<form data-guard="" data-keep="/401" data-text-signed-out="signed out"><input id="i"></form>` + keepState,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "x")),
			says("signed out", "is-failed") + " && " + asks,
		},
		"a draft that is refused is told": {
			`<form data-guard="dirty" data-keep="/422" data-text-refused="refused"><input id="i"></form>` + keepState,
			nil,
			says("refused", "is-failed"),
		},
		"a text is counted while it is typed": {
			`<span data-counts="i" data-max="20" data-text="{n} of 20"></span><input id="i">
				<span data-counts="r" data-max="3" data-rest="{n} left" data-over="{n} too many"></span><input id="r">`,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "KZ84 722"), chromedp.SendKeys(chromedp.CSS("#r"), "четыре")),
			`document.querySelector("[data-counts=i]").textContent === "7 of 20" && document.querySelector("[data-counts=r]").textContent === "3 too many"`,
		},
		"the cell that is filled in is marked": {
			`<form data-keep="/empty"><input id="i" name="recipient.bin"></form><p data-cell="recipient.name recipient.bin"></p><p data-cell="amount"></p>`,
			steps(click("#i")),
			`document.querySelectorAll("[data-cell].is-live").length === 1 && document.querySelector("[data-cell~='recipient.bin'].is-live")`,
		},
		"what is said of a field reaches its control": {
			`<div class="field is-error"><input id="i" name="i" aria-invalid="true" hx-post="/said" hx-swap="none" hx-trigger="change">
				<div id="i-said" data-said-of="i" data-state="is-error">wrong</div></div><input id="j">`,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "x"), click("#j")),
			`document.querySelector("#i-said").textContent === "good" && !document.querySelector("#i").hasAttribute("aria-invalid")
				&& document.querySelector(".field:not(.is-error) #i[aria-describedby=hint]").value === "x"`,
		},
		"a look without a session leaves the form alone": {
			`<form data-guard=""><input id="i" data-look hx-post="/401" hx-swap="none" hx-trigger="change"></form><input id="j">`,
			steps(chromedp.SendKeys(chromedp.CSS("#i"), "x"), click("#j")),
			`performance.getEntriesByType("resource").some((r) => r.name.endsWith("/401"))
				&& new Promise((done) => setTimeout(() => done(document.querySelector("#i")?.value === "x" && location.pathname === "/")))`,
		},
		"a part of the page is updated": {
			`<button id="b" hx-get="/part" hx-target="#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`document.querySelector("#t").textContent === "new"`,
		},
		"a form comes back with its errors": {
			`<button id="b" hx-post="/422" hx-target="#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`document.querySelector("#t").textContent === "two errors"`,
		},
		"a status that the element expects": {
			`<button id="b" hx-post="/500" hx-target="#t" hx-status:5xx="target:#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`document.querySelector("#t").textContent === "garbage"`,
		},
		"a read that failed at the server": {
			`<button id="b" hx-get="/500" hx-target="#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`document.querySelector("[role=alert]").textContent.startsWith("not updated") && document.querySelector("#t").textContent === "old"`,
		},
		"a read that did not arrive": {
			`<button id="b" hx-get="/dropped" hx-target="#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`document.querySelector("[role=alert]").textContent.startsWith("not updated") && document.querySelector("#t").textContent === "old"`,
		},
		"an action that may have arrived": {
			`<button id="b" hx-post="/dropped" hx-target="#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`document.querySelector("[role=alert]").textContent.startsWith("not known whether done") && document.querySelector("#t").textContent === "old"`,
		},
		"the notice goes when reading works again": {
			`<button id="bad" hx-get="/500">get</button><button id="good" hx-get="/part">get</button>`,
			steps(click("#bad"), chromedp.WaitVisible(chromedp.CSS(".toast")), click("#good")),
			`!document.querySelector(".toast")`,
		},
		"a session that is over": {
			`<button id="b" hx-get="/401">get</button>`,
			steps(click("#b")),
			`location.pathname === "/login"`,
		},
		"a session that is over, with the way back": {
			`<button id="b" hx-get="/401-back">get</button>`,
			steps(click("#b")),
			`location.search === "?next=here"`,
		},
		"a whole page never lands in a part": {
			`<button id="b" hx-post="/303" hx-target="#t">get</button><div id="t">old</div>`,
			steps(click("#b")),
			`location.pathname === "/elsewhere"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, chromedp.Do(tab, chromedp.Navigate(site+"?"+url.Values{"body": {test.html}}.Encode())))
			t.Cleanup(func() { removeForms(t, tab) })
			require.NoError(t, chromedp.Do(tab, test.do...))
			becomesTrue(t, tab, test.then)
		})
	}
}

const asks = `((event) => (dispatchEvent(event), event.defaultPrevented))(new Event("beforeunload", {cancelable: true}))`

func click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}

func steps(steps ...chromedp.Action[chromedp.Void]) []chromedp.Action[chromedp.Void] {
	return steps
}
