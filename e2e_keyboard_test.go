package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// onlyKeys signs in, finds a payment and approves it without a mouse.
func (e *e2e) onlyKeys(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.visit("/login")
	b.tabTo("Рус")
	b.loads(func() { b.press(kb.Enter) })
	b.tabTo("Рабочая почта")
	b.types("manager@demo.kz")
	b.tabTo("Пароль")
	b.types(demoPassword)
	b.loads(func() { b.press(kb.Enter) })

	b.tabTo("Распределения")
	b.loads(func() { b.press(kb.Enter) })
	b.tabTo("Поиск по распределениям")
	b.types("Жібек Жолы")
	b.loads(func() { b.press(kb.Enter) })
	require.Contains(t, b.path(), "q=")
	reference := eval[string](b, `document.querySelector("tbody th a").textContent.trim()`)
	b.tabTo(reference)
	b.loads(func() { b.press(kb.Enter) })
	b.sees("Жібек Жолы")

	b.tabTo("Согласования")
	b.loads(func() { b.press(kb.Enter) })
	const ticks = `document.querySelectorAll(".queue-tick input:enabled").length`
	waiting := eval[int](b, ticks)
	b.tabTo("К содержанию")
	b.press(kb.Enter)
	for !eval[bool](b, `document.activeElement.matches(".queue-tick input:enabled")`) {
		b.press(kb.Tab)
	}
	b.press(" ")
	b.tabTo("Согласовать отмеченные")
	b.loads(func() { b.press(kb.Enter) })
	b.visit("/approvals")
	assert.Less(t, eval[int](b, ticks), waiting)
	b.quiet(t, http.StatusOK)
}

// walks presses Tab from the top to the bottom of every kind of page: all that
// can be used is reached, is seen to have the focus, lies under nothing, and lets
// go of it.
func (e *e2e) walks(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	all := find(t, p)
	for _, width := range []int64{1440, 390} {
		b.resize(width)
		for _, place := range all {
			t.Run(fmt.Sprintf("%s as %s/%d", place.Route, place.Who, width), func(t *testing.T) {
				b := b.of(t)
				b.carry(place.By)
				b.visit(place.Path)
				b.walk(t)
			})
		}
	}
}

// walking follows the focus. A group of radio buttons is one stop, as are the
// parts of a date.
const walking = `
globalThis.walk = {
  usable: [...document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")].filter((el) =>
    el.type !== "hidden" && !el.disabled && el.tabIndex >= 0 && el.checkVisibility({ visibilityProperty: true })
    && !(el.type === "radio" && !el.checked && el.form?.querySelector("[type=radio][name='" + el.name + "']:checked"))),
  passed: new Set(), bad: [],
  marked(el) {
    for (let e = el, up = 0; e && up < 4; e = e.parentElement, up++)
      for (const part of [null, "::before", "::after"]) {
        const s = getComputedStyle(e, part);
        if (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || up < 2 && s.boxShadow !== "none") return true;
      }
    return [...(el.labels ?? [])].some((l) => getComputedStyle(l).outlineStyle !== "none");
  },
  seen(el) {
    const box = el.getClientRects()[0];
    return box && [.5, .02, .98].some((x) => [.5, .1, .9].some((y) => {
      const hit = document.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
      return el.contains(hit) || [...(el.labels ?? [])].some((l) => l.contains(hit));
    }));
  },
  async step() {
    const el = document.activeElement;
    if (!el || el === document.body) return walk.passed.size ? "end" : "go";
    const again = walk.passed.has(el);
    if (again && el !== walk.last) return "end";
    walk.last = el;
    walk.passed.add(el);
    for (let frame = 0; frame < 20 && !walk.seen(el); frame++) await new Promise(requestAnimationFrame);
    if (!again && !walk.seen(el)) walk.bad.push("covered: " + el.outerHTML.slice(0, 200));
    if (!again && !walk.marked(el)) walk.bad.push("focus not seen: " + el.outerHTML.slice(0, 200));
    return "go";
  },
  missed: () => walk.usable.filter((el) => el.isConnected && el.checkVisibility({ visibilityProperty: true }) && !walk.passed.has(el)).map((el) => el.outerHTML.slice(0, 200)),
};
undefined; // elements are no answer`

func (b *tab) walk(t *testing.T) {
	t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](walking), chromedp.Evaluate[chromedp.Void](`document.activeElement?.blur()`))
	most := eval[int](b, `walk.usable.length`) + 40
	ended := false
	for n := 0; n < most && !ended; n++ {
		b.press(kb.Tab)
		ended = eval[string](b, `walk.step()`) == "end"
	}
	assert.True(t, ended, "the focus is caught")
	assert.Empty(t, eval[[]string](b, `walk.bad`))
	assert.Empty(t, eval[[]string](b, `walk.missed()`), "never reached")
}
