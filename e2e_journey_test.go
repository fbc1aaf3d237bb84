package main

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// example is the way of Plexy's documented distribution through the program: its
// BIN has a wrong check digit and its BIC belongs to another bank than its IBAN,
// so it needs two ticks, and no more.
func (e *e2e) example(t *testing.T) {
	p, x := e.demo(t), plexyExample(t)
	b := e.open(t, p)
	b.signIn("accountant@demo.kz")
	b.follow("Создать")
	b.write(x)
	b.follow("Проверить")

	require.Equal(t, []string{"bin.check", "bic.bank"},
		eval[[]string](b, `[...document.querySelectorAll("input[name=confirm]")].map((tick) => tick.value)`))
	b.click("Все 12 цифр сверены с документом получателя")
	b.click("IBAN и БИК сверены с реквизитами получателя")
	b.follow("Проверить")

	b.sees("Проверка перед отправкой")
	for _, shown := range []string{"150 000,00 ₸", "Сто пятьдесят тысяч тенге 00 тиын", x.IBAN, x.Name, x.BIN, x.BIC, x.Reference, x.Purpose} {
		b.sees(shown)
	}
	require.Empty(t, p.posts(t, x.Reference), "nothing leaves before it is sent")
	b.follow("Отправить в Plexy: 150 000,00 ₸")

	b.watchStates()
	b.state("paid")
	b.sees("Принято Plexy")
	seen := eval[[]string](b, `states`) // lost if the page had been loaded anew
	require.Greater(t, len(seen), 1, "the open page shows the way: %v", seen)
	require.Subset(t, []string{"queued", "sending", "accepted", "processing", "paid"}, seen)

	posts := p.posts(t, x.Reference)
	require.Len(t, posts, 1)
	require.JSONEq(t, x.body, posts[0].Body)

	b.fill("Поиск по распределениям", "credit partner")
	b.loads(func() { b.press(kb.Enter) })
	require.Equal(t, 1, eval[int](b, `document.querySelectorAll("tbody tr[id]").length`))
	b.sees(x.Reference)
	b.sees("Исполнен")

	found := b.path()
	for dialect, row := range map[string]func(*testing.T, []byte) map[string]string{"CSV для Excel": excelRow, "CSV для программ": plainRow} {
		b.visit(found)
		b.click("Выгрузить")
		b.follow(dialect)
		b.sees("Файл готов")
		register := row(t, b.download("Скачать"))
		require.Equal(t, x.Reference, register["orderReference"])
		require.Equal(t, "paid", register["status"])
		require.Equal(t, strings.ReplaceAll(x.IBAN, " ", ""), register["recipientIban"])
		require.Equal(t, "accountant@demo.kz", register["createdBy"])
	}
	b.quiet(t, http.StatusUnprocessableEntity)
}

// watchStates keeps every state that the open page shows from now on.
func (b *tab) watchStates() {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`
		globalThis.states = [];
		const look = () => {
			const state = document.querySelector("#status .badge")?.dataset.state;
			if (state && state !== states.at(-1)) states.push(state);
		};
		look();
		new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });`))
}

// download clicks and returns the file that comes.
func (b *tab) download(name string) []byte {
	b.t.Helper()
	folder := b.t.TempDir()
	c := chromedp.FromContext(b.ctx)
	_, err := chromedp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: c.BrowserContextID, DownloadPath: folder,
	})
	require.NoError(b.t, err)
	b.click(name)
	var file []byte
	require.Eventually(b.t, func() bool {
		files, err := filepath.Glob(filepath.Join(folder, "*.csv")) // named so only when whole
		if err != nil || len(files) != 1 {
			return false
		}
		file, err = os.ReadFile(files[0])
		return err == nil && len(file) > 0
	}, patience, patience/1000)
	return file
}

// excelRow is the only row of a register for people.
func excelRow(t *testing.T, file []byte) map[string]string {
	t.Helper()
	text, marked := strings.CutPrefix(string(file), "\ufeff")
	require.True(t, marked, "byte order mark")
	row := onlyRow(t, text, ';', "ИТОГО")
	require.Equal(t, "150000,00", row["amount"])
	return row
}

// plainRow is the only row of a register for programs.
func plainRow(t *testing.T, file []byte) map[string]string {
	t.Helper()
	row := onlyRow(t, string(file), ',', "")
	require.Equal(t, "150000.00", row["amount"])
	return row
}

func onlyRow(t *testing.T, text string, comma rune, last string) map[string]string {
	t.Helper()
	lines := rowsOf(t, text, comma)
	if last != "" {
		require.Equal(t, last, lines[len(lines)-1][0])
		lines = lines[:len(lines)-1]
	}
	require.Len(t, lines, 2, "a header and one row")
	row := map[string]string{}
	for i, column := range lines[0] {
		row[column] = lines[1][i]
	}
	return row
}

func rowsOf(t *testing.T, text string, comma rune) [][]string {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = comma
	rows, err := reader.ReadAll()
	require.NoError(t, err)
	return rows
}

// The same way without scripts: forms, links and redirects only.
func (e *e2e) withoutScripts(t *testing.T) {
	p, x := e.demo(t), plexyExample(t)
	v := visit(t, p).signIn("accountant@demo.kz")

	form := v.get("/distributions/new").submit("Проверить", x.fields())
	require.Equal(t, http.StatusUnprocessableEntity, form.Status)
	require.Equal(t, []string{"bic.bank", "bin.check"}, ticksOf(form))
	review := form.submit("Проверить", url.Values{"confirm": ticksOf(form)})
	require.Equal(t, http.StatusOK, review.Status)
	for _, shown := range []string{"150 000,00 ₸", "Сто пятьдесят тысяч тенге 00 тиын", x.IBAN} {
		require.Contains(t, review.text("main"), shown)
	}
	require.Empty(t, p.posts(t, x.Reference))

	sent := review.submit("Отправить в Plexy: 150 000,00 ₸", nil)
	require.Equal(t, http.StatusOK, sent.Status)
	again := review.submit("Отправить в Plexy: 150 000,00 ₸", nil)
	require.Equal(t, sent.Path, again.Path, "a second press ends on the same page")
	require.Eventually(t, func() bool {
		return v.get(sent.Path).first("#status .badge").AttrOr("data-state", "") == "paid"
	}, patience, patience/100)
	posts := p.posts(t, x.Reference)
	require.Len(t, posts, 1)
	require.JSONEq(t, x.body, posts[0].Body)

	spent := form.submit("Проверить", url.Values{"confirm": ticksOf(form)})
	require.Equal(t, sent.Path, spent.Path, "the form was spent: it leads to what became of it")
	list := v.get("/distributions?q=credit+partner")
	require.Equal(t, 1, list.Find("tbody tr[id]").Length())
	require.Equal(t, "paid", list.first("tbody [data-state]").AttrOr("data-state", ""))
	for dialect, row := range map[string]func(*testing.T, []byte) map[string]string{"CSV для Excel": excelRow, "CSV для программ": plainRow} {
		ordered := list.submit(dialect, nil)
		var file *answer
		require.Eventually(t, func() bool {
			file = v.get(ordered.Path + "/file")
			return file.Status == http.StatusOK
		}, patience, patience/1000)
		register := row(t, []byte(file.Body))
		require.Equal(t, x.Reference, register["orderReference"])
		require.Equal(t, "paid", register["status"])
	}
}
