package views_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/distributions"
)

// after is what its maker sees of one in the state, with the event that led there
// so long ago.
func after(s distribution.Status, e distribution.Event, ago time.Duration) distributions.StatusProps {
	p := statusProps(s)
	p.Mine, p.MayCreate, p.D.PlexyID = true, true, "P-1"
	p.Actions.Copy.Allowed = s == distribution.Refused
	e.To = s
	p.Events = []distributions.Event{{Event: e, At: now().Add(-ago), Actor: maker()}}
	return p
}

func statusDoc(t *testing.T, l i18n.Lang, p distributions.StatusProps) *goquery.Document {
	t.Helper()
	return parse(t, draw(t, catalog(t).Printer(l), distributions.StatusBlock(p)))
}

// plain is what people read, element by element.
func plain(s *goquery.Selection) string {
	s = s.Clone()
	s.Find("*").AfterHtml(" ")
	return strings.Join(strings.Fields(s.Text()), " ")
}

// How handing over ended is told by what is stored: the page says the same each
// time, and nothing on it sends anything once more.
func TestTheResultOfSending(t *testing.T) {
	answered := distribution.Event{Kind: distribution.EventAnswered, From: distribution.Sending}
	refused := after(distribution.Refused, distribution.Event{Kind: distribution.EventRefused, From: distribution.Sending}, time.Minute)
	refused.D.StatusReason, refused.D.StatusNote = "refused", "КНП не подходит"
	silent := refused
	silent.D.StatusNote = ""
	limited := after(distribution.Queued, distribution.Event{Kind: distribution.EventHeld, From: distribution.Queued}, time.Minute)
	limited.D.StatusReason = "limit"
	down := after(distribution.Queued, distribution.Event{Kind: distribution.EventSubmitted, From: distribution.Draft}, time.Minute)
	down.Waits = distributions.WaitsPlexy
	bounced := after(distribution.Draft, distribution.Event{Kind: distribution.EventBounced, From: distribution.Queued}, time.Minute)
	bounced.D.StatusReason = "twin"
	others := after(distribution.Accepted, answered, time.Minute)
	others.Mine = false
	const list, sheet, create = "/distributions", "order", "/distributions/new"
	for name, row := range map[string]struct {
		p     distributions.StatusProps
		says  string // of the panel; empty: there is none
		leads []string
	}{
		"accepted":                     {after(distribution.Accepted, answered, time.Minute), "Принято Plexy № P-1 16.03.2026 14:31:00", []string{create, list, sheet}},
		"accepted, paid since":         {after(distribution.Paid, answered, time.Hour), "Принято Plexy № P-1", []string{create, list, sheet}},
		"accepted yesterday":           {after(distribution.Accepted, answered, 24*time.Hour), "", nil},
		"accepted, made by another":    {others, "", nil},
		"refused":                      {refused, "Plexy отклонил. Деньги не списаны. Причина: «КНП не подходит»", []string{create, list, sheet}},
		"refused without a reason":     {silent, "Деньги не списаны. Причину Plexy не назвал.", []string{create, list, sheet}},
		"not attempted: limit":         {limited, "Ещё не отправляли Дневной лимит исчерпан.", []string{create, list, sheet}},
		"not attempted: Plexy is down": {down, "Ещё не отправляли Plexy сейчас не отвечает.", []string{create, list, sheet}},
		"not attempted: back again":    {bounced, "Не отправляли, деньги не списаны Такое же поручение уже в работе.", []string{create, list, sheet}},
		"in the queue":                 {after(distribution.Queued, distribution.Event{From: distribution.Draft}, 0), "", nil},
		"a draft":                      {after(distribution.Draft, distribution.Event{}, 0), "", nil},
	} {
		panel := statusDoc(t, i18n.Russian, row.p).Find("section:has(#result)")
		assert.Contains(t, plain(panel), row.says, name)
		var leads []string
		panel.Find("a").Each(func(_ int, a *goquery.Selection) {
			leads = append(leads, strings.TrimPrefix(a.AttrOr("href", ""), "/distributions/"+row.p.D.ID+"/"))
		})
		assert.Equal(t, row.leads, leads, name)
		assert.Zero(t, panel.Find(`form[action$="/submission"]`).Length(), name)
		assert.Equal(t, row.p.Actions.Copy.Allowed, panel.Find(`form[action$="/copy"] .is-primary`).Length() == 1, name)
		assert.Equal(t, row.p.D.Status == distribution.Refused, panel.Is(".is-red"), name)
	}
	unknown := statusProps(distribution.Unknown)
	unknown.MayCreate = true
	links := statusDoc(t, i18n.Russian, unknown).Find("section:has(#unknown) a")
	assert.Equal(t, "Создать другое К списку Печать", plain(links))
}

// Each state is explained in one sentence, with its time where something happened.
func TestTheSentenceOfAStateTellsSinceWhen(t *testing.T) {
	timeless := map[distribution.Status]bool{distribution.Draft: true, distribution.Unknown: true, distribution.NotFound: true}
	for _, l := range i18n.Languages() {
		for _, s := range distribution.Statuses() {
			event := distribution.Event{From: distribution.Draft}
			if s == distribution.Draft {
				event.From = distribution.Queued
			}
			for _, row := range []struct {
				ago  time.Duration
				want string
			}{{time.Hour, "13:32"}, {48 * time.Hour, "14.03.2026"}} {
				line := plain(statusDoc(t, l, after(s, event, row.ago)).Find("#status-line"))
				assert.Equal(t, !timeless[s], strings.Contains(line, row.want), "%s in %s: %s", s, l, line)
			}
		}
	}
	p := after(distribution.Paid, distribution.Event{From: distribution.Processing}, time.Hour)
	p.Events[0].PlexyAt = now().Add(-90 * time.Minute)
	assert.Contains(t, plain(statusDoc(t, i18n.Russian, p).Find("#status-line")), "исполнен сегодня в 13:02", "Plexy's clock, where it told the time")
}

func TestHowLongTheBankUsuallyTakes(t *testing.T) {
	for name, row := range map[string]struct {
		usual distributions.Usual
		ago   time.Duration
		want  string
	}{
		"no history":  {distributions.Usual{}, time.Hour, ""},
		"as usual":    {distributions.Usual{Took: 90 * time.Minute, Payments: 12}, time.Hour, "Обычно в этот банк доходит примерно за 1 ч 30 мин (по 12 последним платежам)."},
		"one of many": {distributions.Usual{Took: 4 * time.Minute, Payments: 21}, 10 * time.Minute, "Обычно в этот банк доходит примерно за 4 мин (по 21 последнему платежу)."},
		"long":        {distributions.Usual{Took: 26 * time.Hour, Payments: 5}, 53 * time.Hour, "за 1 дн. 2 ч (по 5 последним платежам). Этот идёт дольше обычного: уже 2 дн. 5 ч."},
		"seconds":     {distributions.Usual{Took: time.Second, Payments: 5}, time.Minute, "примерно за 1 мин"},
	} {
		p := after(distribution.Accepted, distribution.Event{From: distribution.Sending}, row.ago)
		p.Usual, p.D.PlexyCreatedAt = row.usual, now().Add(-row.ago)
		top := plain(statusDoc(t, i18n.Russian, p).Find(".detail-top"))
		assert.Equal(t, row.want != "", strings.Contains(top, "Обычно"), name)
		assert.Contains(t, top, row.want, name)
	}
}

// What cannot be done says why, once for all actions that have the same reason.
func TestActionsThatAreNotPossibleSayWhy(t *testing.T) {
	p := statusProps(distribution.Paid)
	late, wait := distributions.Action{WhyNot: "at_plexy"}, distributions.Action{WhyNot: "uncertain"}
	p.Actions = distributions.Actions{Edit: late, Withdraw: late, Cancel: late, Copy: wait}
	why := statusDoc(t, i18n.Russian, p).Find(".whynot > div")
	require.Equal(t, 2, why.Length())
	assert.Equal(t, "Изменить · Отозвать в черновик · Отменить распределение", plain(why.First().Find("dt")))
	assert.Contains(t, plain(why.First().Find("dd")), "Поручение уже у Plexy")
	assert.Contains(t, plain(why.Last()), "Создать копию Пока результат неизвестен")
	assert.Zero(t, statusDoc(t, i18n.Russian, statusProps(distribution.Paid)).Find("#actions").Length(), "nothing to do, nothing to explain")
}

func TestNotesStandInTheHistoryAsWritten(t *testing.T) {
	doc := page(t, "detail-full")
	first := doc.Find(".timeline-item:not(.timeline-head)").FilterFunction(func(_ int, e *goquery.Selection) bool {
		return e.Find(".timeline-text").Length() > 0
	})
	assert.Equal(t, "Счёт № 118\n<у Айгуль>", first.Find(".timeline-text").Text())
	assert.Contains(t, first.Text(), "Заметка · "+maker().Name)
	form := doc.Find(`form[action$="/notes#notes"]`)
	assert.Equal(t, "слишком", form.Find("textarea").Text(), "what was typed stays")
	assert.Equal(t, 1, form.Find(".field-msg").Length())
	assert.Zero(t, doc.Find("#status form:has(textarea[name=text])").Length(), "polling must not lose what is typed")
	assert.Zero(t, page(t, "detail-paid").Find(`form[action*="/notes"]`).Length(), "who may not is not asked")
}

func TestRequisitesAreCopiedAsTheyAreTyped(t *testing.T) {
	d := in(distribution.Paid)
	d.Origin, d.Seen = distribution.FromPlexy, d.RecipientText()
	d.Seen.IBAN = components.Fours(d.Seen.IBAN)
	p := distributions.DetailProps{Chrome: chrome(components.Fresh), Status: distributions.StatusProps{D: d, Now: now()}, Bank: kaspi()}
	rows := parse(t, draw(t, catalog(t).Printer(i18n.Russian), distributions.Detail(p))).Find("aside .props").First().Find(".props-row")
	var names []string
	rows.Each(func(_ int, row *goquery.Selection) {
		name := row.Find("dt").Text()
		names = append(names, name)
		value, copied := row.Find("[data-copy]").Attr("data-copy")
		assert.True(t, copied, name)
		if row.Find(".iban").Length() > 0 {
			assert.Equal(t, strings.ReplaceAll(d.Seen.IBAN, " ", ""), value)
			assert.Equal(t, d.Seen.IBAN, row.Find(".iban").Text())
		}
	})
	assert.Equal(t, []string{
		"Номер поручения", "Дата", "Сумма", "Сумма прописью", "Наименование получателя", "БИН или ИИН", "IBAN (счёт получателя)", "Банк бенефициара",
		"БИК", "КБе", "КНП", "Назначение платежа",
	}, names, "the order of a payment order")
}

// The block is for people elsewhere: numbers, codes, UTC; nobody's name or account.
func TestTheBlockForSupport(t *testing.T) {
	d := in(distribution.Unknown)
	d.CreatedAt = now().Add(-time.Hour)
	p := distributions.DetailProps{
		Chrome: chrome(components.Fresh), Status: distributions.StatusProps{D: d, Now: now()},
		Attempts: []distributions.Attempt{{ID: "A-1", N: 1, Outcome: "unknown", Reason: "timeout", StartedAt: now(), EndedAt: now().Add(30 * time.Second)}},
		Answers:  []distributions.Answer{{At: now(), Call: "create", Status: 502, RequestID: "R-8F3K"}, {At: now(), Call: "list"}},
	}
	block := parse(t, draw(t, catalog(t).Printer(i18n.Russian), distributions.Detail(p))).Find(".support")
	text := block.Find("pre").Text()
	assert.Equal(t, text, block.Find("button").AttrOr("data-copy", ""), "what is copied is what is shown")
	assert.Equal(t, strings.Join([]string{
		"Номер поручения: " + d.OrderReference,
		"Plexy id: нет",
		"Наш id: " + d.ID,
		"Сумма: " + d.Amount.String() + " KZT",
		"Наш статус: unknown (Результат неизвестен)",
		"Слово Plexy: нет",
		"Создано (UTC): 2026-03-16T08:32:00Z",
		"Попытка 1: 2026-03-16T09:32:00Z – 2026-03-16T09:32:30Z, unknown, timeout, наш запрос A-1",
		"Ответ Plexy: 2026-03-16T09:32:00Z, create, HTTP 502, запрос у Plexy R-8F3K",
		"Ответ Plexy: 2026-03-16T09:32:00Z, list, без ответа",
	}, "\n"), text)
}

func TestTheSheetSaysWhatItIsAndWhereItComesFrom(t *testing.T) {
	doc := page(t, "sheet")
	text := plain(doc.Find(".paper"))
	p := sheetProps()
	for _, want := range []string{
		"Сводка распоряжения о распределении № " + p.D.OrderReference + " от ", "Это не платёжное поручение банка",
		components.CodeText(distribution.Code(p.Hash)), "Согласовано: Дана Мұратова, 16.03.2026 13:32:00",
		"Напечатано: " + p.Chrome.Person.Name + ", 16.03.2026 14:32:00. Данные Plexy на ", "запись " + p.D.ID,
	} {
		assert.Contains(t, text, want)
	}
	assert.Equal(t, 2, doc.Find(".paper-sign").Length())
	assert.NotContains(t, text, "Платёжное поручение №")
	assert.Equal(t, 1, doc.Find("h1").Length())
	_, hidden := doc.Find("[data-print]").Attr("hidden")
	assert.True(t, hidden, "without scripts the browser's menu prints")
	foreign := page(t, "sheet-foreign")
	assert.Zero(t, foreign.Find(".paper-code").Length(), "nobody here approved it")
}
