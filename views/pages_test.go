package views_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/exports"
)

// page draws a component in Russian; a row stands in a table, or the parser
// drops it.
func page(t *testing.T, name string) *goquery.Document {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			return parse(t, draw(t, catalog(t).Printer(i18n.Russian), s.page))
		}
	}
	require.Fail(t, "no sample "+name)
	return nil
}

func TestOnlyWhatMayChangePolls(t *testing.T) {
	p := catalog(t).Printer(i18n.Russian)
	for _, s := range distribution.Statuses() {
		row := parse(t, "<table>"+draw(t, p, distributions.Row(distributions.RowProps{D: in(s), Now: now()}))+"</table>").Find("tr")
		block := parse(t, draw(t, p, distributions.StatusBlock(statusProps(s)))).Find("#status")
		for _, e := range []*goquery.Selection{row, block} {
			require.Equal(t, 1, e.Length())
			_, polls := e.Attr("hx-trigger")
			_, asks := e.Attr("hx-get")
			assert.Equal(t, s.Moving(), polls, s)
			assert.Equal(t, s.Moving(), asks, s)
		}
		assert.Equal(t, "row-"+in(s).ID, row.AttrOr("id", ""), "morphing needs an id that stays")
	}
	for _, state := range []exports.State{exports.Waiting, exports.Ready, exports.Failed} {
		block := parse(t, draw(t, p, exports.Block(exports.Export{ID: "e", State: state}))).Find("#export")
		_, polls := block.Attr("hx-trigger")
		assert.Equal(t, state == exports.Waiting, polls, state)
	}
}

// Polling must not read the whole page out: only state and sentence are live.
func TestOnlyTheStateIsReadOut(t *testing.T) {
	doc := page(t, "detail-accepted")
	live := doc.Find("main [role=status], main [aria-live]")
	require.Equal(t, 1, live.Length())
	assert.Contains(t, live.Text(), "Принят Plexy")
	assert.Zero(t, live.Find("time").Length(), "a clock would be read out each time")
}

// The names are the contract with scripts and other programs.
func TestTheFormHasExactlyTheseFields(t *testing.T) {
	var names []string
	page(t, "form").Find("form.form [name]:not([form])").Each(func(_ int, e *goquery.Selection) { names = append(names, e.AttrOr("name", "")) })
	assert.ElementsMatch(t, []string{
		"orderReference", "amount", "currency", "recipient.name", "recipient.bin", "recipient.iban", "recipient.bic", "recipient.kbe",
		"recipient.knp", "paymentPurpose", "formToken",
		"paste", "act", "slot.contract", "slot.date", "slot.vat", // what helps to fill it in
	}, names)
	assert.Equal(t, "/distributions?copy=0195a1c2", page(t, "form-copy").Find("form.form").AttrOr("action", ""))
	assert.Equal(t, "/distributions/0195a1c2/edit", page(t, "form-edit").Find("form.form").AttrOr("action", ""))
}

func TestARefusedFormSaysSoOnTopAndBesideEachField(t *testing.T) {
	doc := page(t, "form-errors")
	summary := doc.Find("[data-autofocus]")
	require.Equal(t, 1, summary.Length())
	assert.Equal(t, "alert", summary.AttrOr("role", ""))
	assert.Equal(t, "-1", summary.AttrOr("tabindex", ""))
	summary.Find("a").Each(func(_ int, e *goquery.Selection) {
		target := doc.Find(e.AttrOr("href", ""))
		assert.Equal(t, 1, target.Filter("input, select, textarea").Length(), e.AttrOr("href", ""))
		assert.Equal(t, "true", target.AttrOr("aria-invalid", ""))
	})
	assert.Equal(t, "Наименование получателя: Заполните это поле.", summary.Find("a").First().Text())
	assert.Equal(t, "1.250", doc.Find("#amount").AttrOr("value", ""))
	assert.Equal(t, "99", doc.Find("#recipient-kbe").AttrOr("value", ""))
	assert.Equal(t, "dirty", doc.Find("form.form").AttrOr("data-guard", ""))
}

func TestAWarningIsTickedBesideItsField(t *testing.T) {
	doc := page(t, "form-warnings")
	ticks := doc.Find(`input[name=confirm]`)
	assert.Equal(t, 3, ticks.Length())
	assert.Equal(t, 2, ticks.Filter("[checked]").Length())
	assert.Equal(t, 1, doc.Find(`.field:has(#recipient-bic) input[value="bic.bank"]`).Length())
	assert.Equal(t, 1, doc.Find(`[name=duplicateReason][aria-invalid=true]`).Length())
}

func TestTheReviewHasOneButtonThatNamesItsEffect(t *testing.T) {
	for name, want := range map[string]string{
		"review":          "Отправить в Plexy: 1\u00a0250\u00a0000,00\u00a0₸",
		"review-approval": "Отправить на согласование: 1\u00a0250\u00a0000,00\u00a0₸",
		"review-twin":     "", "review-unticked": "", "review-reader": "", "review-over": "",
	} {
		primary := page(t, name).Find("main .btn.is-primary")
		assert.Equal(t, want, strings.TrimSpace(primary.Text()), name)
		if want != "" {
			assert.Regexp(t, `^/distributions/[^/]+/submission$`, primary.Closest("form").AttrOr("action", ""))
		}
	}
	assert.Contains(t, page(t, "review-unticked").Text(), "Не хватает", "more than is free is said")
}

// What nobody knows is amber, says that money may have gone, and offers a look.
func TestTheUnknownPanel(t *testing.T) {
	for _, name := range []string{"detail-unknown", "detail-not_found"} {
		panel := page(t, name).Find(".notice.is-amber")
		assert.Contains(t, panel.Text(), "деньги могли быть списаны")
		assert.Contains(t, panel.Text(), "Не создавайте его повторно")
		assert.Equal(t, "check", panel.Find("form input[name=kind]").AttrOr("value", ""))
		assert.Equal(t, 2, panel.Find(".checks li:not(.is-next)").Length())
		assert.Equal(t, 2, panel.Find(".checks li.is-next").Length(), "the next look, and the sweep that goes on")
		assert.Zero(t, page(t, name).Find(".notice.is-red").Length())
	}
	assert.Equal(t, 2, page(t, "detail-alarms").Find("section.notice.is-red").Length(), "twice, and a step back")
}

// What may be decided is a link; what has to wait is drawn, dead, with the reason
// and the consequence. An open proposal stands in their place.
func TestDecisionsAreOffered(t *testing.T) {
	offers := page(t, "detail-unknown").Find("section:has(#offers) li")
	assert.Equal(t, 4, offers.Length())
	assert.Equal(t, 1, offers.Find("a.btn").Length())
	assert.Equal(t, 3, offers.Find("button[disabled]").Length())
	offers.Find(".btn").Each(func(_ int, e *goquery.Selection) {
		assert.NotEmpty(t, offers.Find("#"+e.AttrOr("aria-describedby", "-")).Text(), e.Text())
	})
	assert.Contains(t, offers.Last().Text(), "деньги могут уйти дважды")
	proposed := page(t, "detail-proposed")
	assert.Zero(t, proposed.Find("#offers").Length())
	assert.Equal(t, 1, proposed.Find("main .btn.is-primary").Length())
	_, skipped := proposed.Find("details:has(textarea)").Attr("hx-morph-skip")
	assert.True(t, skipped, "what is typed must survive polling")
}

// Counted, too early, broken off and inconclusive are told apart in words.
func TestSweepsSayWhetherTheyCount(t *testing.T) {
	var ends []string
	page(t, "detail-unknown").Find(".scan tbody tr").Each(func(_ int, row *goquery.Selection) {
		ends = append(ends, strings.TrimSpace(row.Find(".audit-res").Text()))
	})
	assert.Equal(t, []string{
		"засчитан", "не засчитан: начат до конца срока", "не засчитан: не видно записи новее попытки", "не засчитан: не видно записи старше попытки",
		"не засчитан: конец списка не подтверждён", "не засчитан: Plexy перестал отвечать", "найдено",
	}, ends)
}

func TestTheScheduleSaysWhenTheWholeListIsRead(t *testing.T) {
	assert.Contains(t, page(t, "detail-unknown").Find(".checks").Text(), "прочитано страниц: 37")
	assert.Contains(t, page(t, "status-over").Find(".checks").Text(), "полный просмотр списка: 22:32")
	assert.Contains(t, page(t, "detail-proposed").Find(".checks").Text(), "полный просмотр списка начнётся сейчас")
}

func TestTheHistoryNamesBothPeople(t *testing.T) {
	history := page(t, "detail-loud").Find(".timeline").Text()
	assert.Contains(t, history, "Предложено: «Отправить ещё раз» · Гүлнар Сулейменова")
	assert.Contains(t, history, "«Закрыть как неотправленное»: отклонено · Динара Мұратова")
	assert.Contains(t, history, "предложение: Гүлнар Сулейменова", "of the confirmed one, at the event that it led to")
}

func TestActionsAskFirstAndWorkWithoutScripts(t *testing.T) {
	doc := page(t, "detail-full")
	for id, action := range map[string]string{"cancel-dialog": "cancellation", "withdraw-dialog": "withdrawal"} {
		button, dialog := doc.Find("[data-dialog="+id+"]"), doc.Find("dialog#"+id)
		assert.Equal(t, "submit", button.AttrOr("type", ""))
		for _, form := range []*goquery.Selection{button.Closest("form"), dialog.Find("form[method=post]")} {
			assert.Regexp(t, `^/distributions/[^/]+/`+action+`$`, form.AttrOr("action", ""))
		}
		_, skipped := dialog.Attr("hx-morph-skip")
		assert.True(t, skipped, "an open dialog must survive polling")
	}
}

// A zero would be a statement about money that nobody has read.
func TestABalanceNeverReadHasNoFigure(t *testing.T) {
	p := catalog(t).Printer(i18n.Russian)
	doc := parse(t, draw(t, p, balance.Page(balance.Props{Chrome: chrome(components.Never), Balance: components.Balance{State: components.Never}})))
	assert.NotContains(t, doc.Find("main").Text(), "₸")
	assert.Contains(t, doc.Find("main").Text(), "Баланс ещё не получен")
	read := page(t, "balance-failed").Find("main").Text()
	assert.Contains(t, read, "1\u00a0960\u00a0500,00 ₸")
	assert.Contains(t, read, "Plexy не отвечает с 14:22. Показано значение на 14:31.")
}

func TestTheListCountsEveryMatch(t *testing.T) {
	doc := page(t, "list")
	assert.Equal(t, "1\u00a0284", doc.Find(".foot b").First().Text())
	assert.Equal(t, "312\u00a0450\u00a0000,00\u00a0₸", doc.Find(".foot-sum").Text())
	assert.Contains(t, doc.Find(".foot-pages").Text(), "51–67 из 1\u00a0284")
	assert.Equal(t, "18", strings.TrimSpace(doc.Find(".foot-states .is-amber b").Text()), "unknown 5, not found 6, mismatch 7")
	assert.Equal(t, 2, doc.Find("tr.is-alarm").Length(), "one that went back, one executed twice")
	assert.Equal(t, 3, doc.Find("tr.is-unknown").Length())
	assert.Contains(t, page(t, "list-importing").Text(), "Загружено 400 из 1\u00a0284")
	assert.Contains(t, page(t, "list-importing").Find(".foot").Text(), "итоги неполные")
	assert.Zero(t, page(t, "list-none").Find("table.list").Length())
	assert.Contains(t, page(t, "list-none").Find(".empty").Text(), "Снять: БИН / ИИН 141040012347")
	assert.Contains(t, page(t, "list-first").Find(".empty").Text(), "Распределений пока нет")
	assert.Zero(t, page(t, "list-waiting").Find(`a[href="/distributions/new"]`).Length(), "no dead buttons")
}

// An export is of everything the list shows, not of its page.
func TestAnExportTakesTheFilterWithoutPaging(t *testing.T) {
	form := page(t, "list-importing").Find(`form[action="/exports"]`)
	assert.Equal(t, "distributions", form.Find("[name=kind]").AttrOr("value", ""))
	assert.Equal(t, 2*3, form.Find("[name=status]").Length())
	assert.Equal(t, "amount", form.Find("[name=sort]").AttrOr("value", ""))
	assert.Zero(t, form.Find("[name=size], [name=cursor]").Length())
	assert.Equal(t, 2, form.Find("button[name=dialect]").Length())
}

func TestEveryIconExists(t *testing.T) {
	sprite, err := os.ReadFile("../static/icons.svg")
	require.NoError(t, err)
	known := regexp.MustCompile(`id="([^"]+)"`)
	icons := map[string]bool{}
	for _, m := range known.FindAllStringSubmatch(string(sprite), -1) {
		icons[m[1]] = true
	}
	everywhere(t, func(t *testing.T, _ sample, _ string, doc *goquery.Document) {
		doc.Find("use").Each(func(_ int, e *goquery.Selection) {
			_, name, _ := strings.Cut(e.AttrOr("href", ""), "#")
			assert.True(t, icons[name], name)
		})
	})
}
