package web_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHealth(t *testing.T) {
	var trouble error
	s := newSite(t, func(d *deps) { d.handlers.Ready = func(context.Context) error { return trouble } })
	assert.Equal(t, http.StatusOK, s.do(request{url: "/readyz"}).Code)
	trouble = errors.New("MARKER: the disk is full")
	sick := s.do(request{url: "/readyz"})
	assert.Equal(t, http.StatusServiceUnavailable, sick.Code)
	assert.NotContains(t, sick.Body.String(), "MARKER")
	trouble = nil
	require.NoError(t, s.db.Close())
	assert.Equal(t, http.StatusServiceUnavailable, s.do(request{url: "/readyz"}).Code, "the database does not answer")
	assert.Equal(t, http.StatusOK, s.do(request{url: "/healthz"}).Code, "the process does")
	broken := s.do(request{url: "/distributions", cookies: []*http.Cookie{{Name: "plexydash", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}})
	assert.Equal(t, http.StatusInternalServerError, broken.Code, "a broken database signs nobody out")
	assert.NotContains(t, broken.Body.String(), "sql")
}
