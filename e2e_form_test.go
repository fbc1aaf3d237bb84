package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// block is the example as it stands in a letter.
func (x example) block() string {
	return fmt.Sprintf("Бенефициар: %s\nБИН: %s\nИИК: %s\nБИК: %s\nКбе: %s\nКНП: %s\nСумма: %s\nНазначение платежа: %s\n",
		x.Name, x.BIN, x.IBAN, x.BIC, x.KBe, x.KNP, x.Amount, x.Purpose)
}

// paste puts the text where the cursor is, as the keyboard does.
func (b *tab) paste(text string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`{
		const clipboardData = new DataTransfer();
		clipboardData.setData("text/plain", ` + quoted(text) + `);
		document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
	}`))
}

// pastedExample is Plexy's documented distribution from one block of bank details:
// ten presses, pastes and texts up to the page before sending.
func (e *e2e) pastedExample(t *testing.T) {
	p, x := e.demo(t), plexyExample(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	interactions := 0
	step := func(do func()) { interactions++; do() }

	step(func() { b.follow("Создать") })
	step(func() { b.click("Наименование получателя") })
	b.do(chromedp.Evaluate[chromedp.Void](`
		globalThis.told = [];
		new MutationObserver((all) => { for (const { target } of all) {
			const live = (target.closest ? target : target.parentElement)?.closest("[aria-live=polite], [role=status]");
			if (live?.id && !told.includes(live.id)) told.push(live.id);
		} }).observe(document.querySelector("form.form"), { subtree: true, childList: true, characterData: true });`))
	step(func() { b.paste(x.block()) })
	b.sees("Заполнено: Наименование получателя")
	b.until(`document.querySelectorAll("input[name=confirm]").length === 2`)
	told := eval[[]string](b, `told`)
	assert.Subset(t, told, []string{"form-filled", "recipient-bin-said", "recipient-bic-said"}, "what is said is said aloud")
	assert.NotContains(t, told, "orderReference-said", "nobody was there")
	assert.Equal(t, "KZ86125KZT5004100100", b.value("IBAN (счёт получателя)"), "the value is plain")
	assert.Equal(t, x.IBAN, eval[string](b, `document.querySelector("[data-fours]").textContent`), "and is shown in fours")
	b.shoot(t, "form-pasted")

	step(func() { b.click("Все 12 цифр сверены с документом получателя") })
	step(func() { b.click("IBAN и БИК сверены с реквизитами получателя") })
	step(func() { b.click("Номер поручения") })
	step(func() { b.types(x.Reference) })
	step(func() { b.follow("Проверить") })
	b.sees("Проверка перед отправкой")
	for _, shown := range []string{"150 000,00 ₸", x.IBAN, x.Name, x.BIN, x.BIC, x.Reference, x.Purpose} {
		b.sees(shown)
	}
	b.shoot(t, "review-pasted")
	require.Less(t, interactions, 12)

	b.goBack(1)
	b.until(`document.querySelector("#recipient-name")?.value === ` + quoted(x.Name)) // as it was left
	b.quiet(t, http.StatusOK)
}

// pickers are used by the keyboard: words find a code, arrows and Enter take it.
func (e *e2e) pickers(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.visit("/distributions/new")
	b.tabTo("КБе")
	b.types("тоо")
	b.until(`document.querySelector("#recipient-kbe").getAttribute("aria-expanded") === "true"`)
	b.shoot(t, "form-picker")
	b.press(kb.ArrowDown)
	b.press(kb.Enter)
	assert.Equal(t, "17", b.value("КБе"))
	b.tabTo("КНП")
	b.types("710")
	b.press(kb.ArrowDown)
	b.press(kb.Enter)
	assert.Equal(t, "710", b.value("КНП"))
	b.tabTo("Шаблон назначения")
	b.press(kb.Enter)
	b.tabTo("№ договора")
	b.types("118")
	b.tabTo("Оплата за товар")
	b.press(kb.Enter)
	b.until(`document.querySelector("#paymentPurpose").value.includes("№ 118")`)
	b.shoot(t, "form-template")

	b.fill("IBAN (счёт получателя)", "КZ86125KZT5004100100") // a Cyrillic letter
	b.press(kb.Tab)
	b.sees("кириллическая буква")
	b.shoot(t, "form-lookalike")
	b.tabTo("Исправить на KZ86125KZT5004100100")
	b.press(kb.Enter)
	b.until(`!document.querySelector("#recipient-iban-error")`)
	assert.Equal(t, "KZ86125KZT5004100100", b.value("IBAN (счёт получателя)"))

	b.quiet(t, http.StatusOK)
}

// killed kills the server with a form open and starts it again at the same
// address: the form is as it was, on the page and on the server.
func (e *e2e) killed(t *testing.T) {
	bin, data, x := filepath.Join(t.TempDir(), "plexydash"), copyOf(t, e.seeded), ordinary("KILL-1", "1 500")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	end, address := mortal(t, bin, data, "127.0.0.1:0")
	b := e.open(t, &program{URL: address})
	b.signIn("accountant@demo.kz")
	b.visit("/distributions/new")
	b.write(x)
	b.sees("Черновик сохранён")

	end()
	b.fill("Сумма", "1 600")
	b.sees("Не сохранено: нет связи")
	_, again := mortal(t, bin, data, strings.TrimPrefix(address, "http://"))
	require.Equal(t, address, again)
	b.sees("Черновик сохранён")
	b.visit(b.path())
	for label, want := range map[string]string{"Сумма": "1 600", "Назначение платежа": x.Purpose, "Номер поручения": "KILL-1", "БИН или ИИН": x.BIN} {
		assert.Equal(t, want, b.value(label), label)
	}
	b.follow("Проверить")
	b.sees("Проверка перед отправкой")
}

// mortal runs the program as a process of its own; end kills it.
func mortal(t *testing.T, bin, data, listen string) (end func(), address string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), bin, "serve", "--mode=demo", "--listen="+listen, "--data="+data)
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	end = sync.OnceFunc(func() {
		_ = command.Process.Kill() // SIGKILL
		_ = command.Wait()
	})
	t.Cleanup(end)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, found, ok := strings.Cut(lines.Text(), ": open "); ok {
			return end, strings.TrimSuffix(found, "/")
		}
	}
	require.FailNow(t, "the program ended before it served")
	return nil, ""
}
