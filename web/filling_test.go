package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

const bankDetails = "Получатель: ТОО «Сарыарка Логистик»\nБИН: 0510 4000 0123\nИИК: kz86 125k zt50 0410 0100\nБИК: KCJBKZKX\nКбе: 17\nКНП 710\nс уважением, Айгүл"

// fills presses a button that fills the form.
func (s *site) fills(as distribution.Actor, v url.Values, act string) *answer {
	s.t.Helper()
	return s.do(request{as: as, url: "/distributions/fillings", form: with(v, "act", act)})
}

func empty(token string) url.Values { return url.Values{"formToken": {token}, "currency": {"KZT"}} }

func TestABlockOfBankDetailsFillsTheForm(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	token := s.token(maker)
	v := with(with(empty(token), "paste", bankDetails), "recipient.bic", "CASPKZKA")
	page := s.fills(maker, v, "paste")
	require.Equal(t, http.StatusOK, page.Code)
	for name, want := range map[string]string{
		"formToken": token, "recipient.bin": "051040000123", "recipient.iban": "KZ86125KZT5004100100", "recipient.kbe": "17", "recipient.knp": "710",
		"recipient.bic": "CASPKZKA", // what stands there stays
	} {
		assert.Equal(t, want, page.field(name), name)
	}
	said := page.html().Find("#form-filled")
	assert.Contains(t, said.Text(), "БИК: уже заполнено другим")
	assert.Equal(t, "put recipient.bic=KCJBKZKX", said.Find("button[name=act]").AttrOr("value", ""))
	assert.Contains(t, said.Text(), "Айгүл", "what was not understood")
	assert.Equal(t, []string{"0"}, s.query(s.raw(), "SELECT count(*) FROM drafts"), "nothing is kept")

	part := s.do(request{as: maker, url: "/distributions/fillings", form: v, partial: true}).html()
	assert.Equal(t, "KZ86125KZT5004100100", part.Find(`data[data-for="recipient-iban"]`).AttrOr("value", ""))
	assert.Zero(t, part.Find("input").Length(), "a script gets values, and no controls")
}

func TestALookAlikeIsPutRightWithOnePress(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	v := with(filled(s.token(maker)), "recipient.iban", "КZ86125KZT5004100100") // a Cyrillic К
	page := s.do(request{as: maker, url: "/distributions", form: v})
	require.Equal(t, http.StatusUnprocessableEntity, page.Code)
	beside := page.html().Find("#recipient-iban-error").Text()
	assert.Contains(t, beside, "на 1-м месте")
	assert.Contains(t, page.html().Find("#form-summary").Text(), strings.TrimSpace(beside), "the same sentence")
	assert.Equal(t, "Исправьте 1 поле, чтобы продолжить", page.html().Find("#form-summary .notice-title").Text())
	assert.Equal(t, "КZ86125KZT5004100100", page.field("recipient.iban"), "nothing is replaced unasked")
	button := page.html().Find("#recipient-iban-said button[name=act]")
	require.Equal(t, 1, button.Length())
	assert.Equal(t, "KZ86125KZT5004100100", s.fills(maker, v, button.AttrOr("value", "")).field("recipient.iban"))
}

func TestAnAmbiguousAmountIsAsked(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	v := with(filled(s.token(maker)), "amount", "1.250")
	page := s.do(request{as: maker, url: "/distributions", form: v})
	var offered []string
	page.html().Find("#amount-said button[name=act]").Each(func(_ int, b *goquery.Selection) { offered = append(offered, b.AttrOr("data-value", "")) })
	assert.Equal(t, []string{"1 250,00", "1,25"}, offered)
}

func TestATemplateFillsAnEmptyPurposeOnly(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	v := with(with(empty(s.token(maker)), "recipient.knp", "710"), "amount", "116")
	v = with(with(v, "slot.contract", "118/2"), "slot.date", "12.01.2026")
	page := s.fills(maker, v, "template 0")
	require.Equal(t, http.StatusOK, page.Code)
	text := page.html().Find("#paymentPurpose").Text()
	assert.Contains(t, text, "№ 118/2 от 12.01.2026")
	assert.Contains(t, text, "НДС")

	page = s.fills(maker, with(v, "paymentPurpose", "Моё"), "template 0")
	assert.Equal(t, "Моё", page.html().Find("#paymentPurpose").Text())
	assert.Equal(t, "put paymentPurpose="+text, page.html().Find("#purpose-filled button[name=act]").AttrOr("value", ""))
	for _, act := range []string{"template 99", "template -1", "put id=1", "put amount", "x", ""} {
		assert.Equal(t, http.StatusBadRequest, s.fills(maker, v, act).Code, act)
	}
}

func TestHintsAreCalm(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	earlier := storetest.Accepted(t, s.db, maker, "plx-1", func(f *distribution.Form) {
		f.OrderReference, f.Purpose = "", "Оплата по договору № 118 от 12.01.2026"
	})
	v := with(with(filled(s.token(maker)), "orderReference", ""), "paymentPurpose", "По договору № 118 от 12.01.2026, февраль")
	said := s.do(request{as: maker, url: "/distributions/checks", form: v, partial: true}).html().Find("#paymentPurpose-said")
	assert.Contains(t, said.Find("#hint-purpose-same").Text(), "№ 118")
	assert.Equal(t, 1, said.Find(`a[href="/distributions/`+earlier.ID+`"]`).Length())
	s.made(maker, v) // asks for no tick
}

func TestPickersOfferCodesByName(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.made(maker, filled(s.token(maker)))
	page := s.do(request{as: maker, url: "/distributions/new"}).html()
	assert.Equal(t, "recipient-knp-list", page.Find("#recipient-knp").AttrOr("list", ""))
	first := page.Find("#recipient-knp-list option").First()
	assert.Equal(t, "119", first.AttrOr("value", ""), "used last")
	assert.Equal(t, "Недавние", first.AttrOr("data-group", ""))
	assert.Equal(t, 18, page.Find("#recipient-kbe-list option").Length())
	assert.Contains(t, page.Find(".departs").Text(), "Уйдёт сегодня")
}
