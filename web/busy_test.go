package web_test

import (
	"database/sql"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// Another program holds the database, for as long as it takes: pages are read,
// and presses are told to come again while it still does.
func TestDatabaseThatAnotherProgramHolds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	require.Equal(t, http.StatusOK, s.do(request{as: maker, url: "/distributions"}).Code)
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
	answers := make(chan *answer, 3)
	for range cap(answers) { // they wait together, not one after another
		r := s.build(request{as: maker, url: "/settings/sending", form: sending("off", "сверка")})
		go func() { answers <- s.serve(r) }()
	}
	for range cap(answers) {
		a := <-answers
		assert.Equal(t, http.StatusServiceUnavailable, a.Code)
		assert.NotEmpty(t, a.Header().Get("Retry-After"))
		assert.Contains(t, a.Body.String(), "деньги им не затронуты")
	}
	t.Logf("answered after %s", time.Since(began))
	require.NoError(t, held.Rollback())
	assert.Equal(t, http.StatusSeeOther, s.do(request{as: maker, url: "/settings/sending", form: sending("off", "сверка")}).Code)
	storetest.CheckInvariants(t, s.path)
}
