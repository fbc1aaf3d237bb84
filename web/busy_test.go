package web_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// Another program holds the database, for as long as it takes: pages are read,
// and presses are told to come again while it still does. What was typed comes
// back with that answer, and can be sent from there.
func TestDatabaseThatAnotherProgramHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	require.Equal(t, http.StatusOK, s.do(request{as: maker, url: "/distributions"}).Code)
	form := filled(s.token(maker))
	other, err := sql.Open("sqlite", "file:"+s.path+"?_txlock=immediate")
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	held, err := other.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	s.clock.Advance(2 * time.Minute) // the session's last use is due to be noted

	for _, page := range []string{"/distributions", "/balance", "/hold", "/readyz"} {
		assert.Equal(t, http.StatusOK, s.do(request{as: maker, url: page}).Code, page)
	}
	began := time.Now()
	presses := map[string]url.Values{"/settings/sending": sending("off", "сверка"), "/distributions": form}
	answers := make(chan *answer, 2*len(presses))
	for page, typed := range presses {
		r, again := s.build(request{as: maker, url: page, form: typed}), s.build(request{as: maker, url: page, form: typed})
		go func() { answers <- s.serve(r) }() // they wait together, not one after another
		go func() { answers <- s.serve(again) }()
	}
	for range cap(answers) {
		a := <-answers
		assert.Equal(t, http.StatusServiceUnavailable, a.Code)
		assert.NotEmpty(t, a.Header().Get("Retry-After"))
		assert.Contains(t, a.Body.String(), "деньги им не затронуты")
		again := a.html().Find("main form")
		assert.Equal(t, presses[again.AttrOr("action", "")], hiddenIn(again))
	}
	t.Logf("answered after %s", time.Since(began))
	require.NoError(t, held.Rollback())
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/settings/sending", form: sending("off", "сверка")}).Code)
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/distributions", form: form}).Code)
	storetest.CheckInvariants(t, s.path)
}

// hiddenIn is what a form carries along.
func hiddenIn(form *goquery.Selection) url.Values {
	v := url.Values{}
	for _, input := range form.Find("input[type=hidden]").EachIter() {
		v.Add(input.AttrOr("name", ""), input.AttrOr("value", ""))
	}
	return v
}
