package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// inBook is a saved recipient with one payment, and its page.
func (s *site) inBook(by distribution.Actor) (r store.Recipient, page string) {
	s.t.Helper()
	storetest.Accepted(s.t, s.db, by, store.NewID())
	example := storetest.Example(s.t).Recipient.Text()
	r, err := s.db.RecipientOf(s.t.Context(), example.BIN, example.IBAN)
	require.NoError(s.t, err)
	return r, "/recipients/" + r.ID
}

func TestTheBookOfRecipients(t *testing.T) {
	s := newSite(t)
	maker, manager := s.person(distribution.Accountant), s.person(distribution.Manager)
	assert.Contains(t, s.do(request{as: maker, url: "/recipients"}).html().Find("main").Text(), "Получателей пока нет")
	r, page := s.inBook(maker)

	list := s.do(request{as: maker, url: "/recipients?q=credit"}).html()
	assert.Equal(t, 1, list.Find(`.recipients a[href="`+page+`"]`).Length())
	assert.Equal(t, 1, list.Find(`.recipients a[href="/distributions/new?recipient=`+r.ID+`"]`).Length())
	assert.Contains(t, s.do(request{as: maker, url: "/recipients?q=никто"}).html().Find("main").Text(), "По запросу «никто» никого нет")
	read := s.do(request{as: manager, url: page}).html()
	assert.Zero(t, read.Find("main form, main .is-primary").Length(), "who does not keep the book only reads it")
	assert.Equal(t, http.StatusBadRequest, s.do(request{as: maker, url: "/recipients?archived=maybe"}).Code)

	edit := func(version, name string) *answer {
		v := edited()
		v.Set("seen", version)
		v.Set("recipient.name", name)
		return s.do(request{as: maker, url: page, form: v})
	}
	wrong := edit("1", " ")
	assert.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	assert.Equal(t, "true", wrong.html().Find("#recipient-name").AttrOr("aria-invalid", ""))
	require.Equal(t, http.StatusSeeOther, edit("1", "АО «Новое имя»").Code)
	assert.Contains(t, s.do(request{as: maker, url: page}).html().Find(".recipient-changes").Text(), r.Name)
	stale := edit("1", "АО «Моё»")
	assert.Equal(t, http.StatusConflict, stale.Code, "somebody was faster")
	assert.Equal(t, "АО «Моё»", stale.field("recipient.name"), "what was typed stays")
	assert.Equal(t, "2", stale.field("seen"), "and can be saved over what is seen now")

	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: page + "/archiving", form: url.Values{}}).Code)
	assert.Zero(t, s.do(request{as: maker, url: "/recipients"}).html().Find(".recipients").Length())
	assert.Equal(t, 1, s.do(request{as: maker, url: "/recipients?archived=yes"}).html().Find(".recipients tbody tr").Length())
	require.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: page + "/restoration", form: url.Values{}}).Code)
}

// Without scripts the book leads to the form; with them the form asks the book.
func TestARecipientIsPickedInTheForm(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	r, _ := s.inBook(maker)
	form := s.do(request{as: maker, url: "/distributions/new?recipient=" + r.ID})
	assert.Equal(t, r.IBAN, form.field("recipient.iban"))
	assert.Equal(t, r.Last.PaymentPurpose, form.html().Find("#paymentPurpose").Text())
	assert.Empty(t, form.field("amount"))
	assert.Contains(t, form.html().Find("#recipient-said").Text(), "1 платёж")
	assert.Equal(t, "recipient-pick", form.html().Find("#recipient-q").AttrOr("form", ""), "the search is no part of the form")
	assert.Equal(t, http.StatusNotFound, s.do(request{as: maker, url: "/distributions/new?recipient=none"}).Code)

	options := s.do(request{as: maker, url: "/recipients/options?q=credit", partial: true}).html()
	assert.Equal(t, r.IBAN, options.Find("[role=option]").AttrOr("data-put-recipient-iban", ""))

	changed := filled(s.token(maker))
	changed.Set("recipient.kbe", "14")
	said := s.do(request{as: maker, url: "/distributions/checks", form: changed, partial: true}).html().Text()
	assert.Contains(t, said, "Отличается от справочника: КБе")
}

// A known number with another account is looked at before anything else is done.
func TestANewAccountOfAKnownRecipientWantsATick(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	s.inBook(maker)
	v := filled(s.token(maker))
	v.Set("recipient.iban", "KZ53601A861005417851")
	v.Set("amount", "7")
	form := s.do(request{as: maker, url: "/distributions", form: v})
	require.Equal(t, http.StatusUnprocessableEntity, form.Code)
	html := form.html()
	assert.Equal(t, 1, html.Find(`input[name=confirm][value="iban.new"]`).Length())
	assert.Equal(t, []string{"KZ53", "601A", "8610", "0541", "7851"}, html.Find("#recipient-iban-said mark").Map(func(_ int, m *goquery.Selection) string { return m.Text() }))
	assert.Contains(t, html.Find("#recipient-iban-said .compared").Text(), "KZ86")
}
