package session

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

func TestOnlyNamedValuesAreKept(t *testing.T) {
	data, err := encode(map[any]any{"name": "value", "flash": []any{"a", "b"}, liveKey{}: live{}, 7: "seven"})
	require.NoError(t, err)
	values, err := decode(data)
	require.NoError(t, err)
	assert.Equal(t, map[any]any{"name": "value", "flash": []any{"a", "b"}}, values)

	none, err := encode(map[any]any{liveKey{}: live{}})
	require.NoError(t, err)
	assert.Empty(t, none)
	_, err = decode([]byte("garbage"))
	require.Error(t, err)
}

// However many sign in at once, no more than two hashes are made at a time.
func TestHashingIsBounded(t *testing.T) {
	s := New(storetest.New(t), Options{})
	places := cap(s.hashing)
	assert.LessOrEqual(t, places, 2)
	for range places {
		s.hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Check(ctx, distribution.Actor{}, "a@demo.kz", "x")
	require.ErrorIs(t, err, context.Canceled, "one more waits")
	<-s.hashing
	visitor := Visitor(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/login", nil))
	_, err = s.Check(t.Context(), visitor, "a@demo.kz", "x")
	require.ErrorIs(t, err, ErrWrong)
	assert.Len(t, s.hashing, places-1, "the place is given back")
}

// An account without a password takes the work of one, and never opens.
func TestNobodysHashMatchesNothing(t *testing.T) {
	for _, password := range []string{"", "x", nobodys} {
		matches, err := compare(password, "")
		require.NoError(t, err)
		assert.False(t, matches)
		matches, err = compare(password, nobodys)
		require.NoError(t, err, "it must be a hash that can be computed")
		assert.False(t, matches)
	}
}

// A stranger cannot make sessions: there is nothing to keep values in.
func TestNobodyHasNoSession(t *testing.T) {
	s := New(storetest.New(t), Options{})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	session, err := s.Get(r, s.cookie)
	require.ErrorIs(t, err, ErrSignedOut)
	require.NotNil(t, session)
	require.ErrorIs(t, session.Save(r, httptest.NewRecorder()), ErrSignedOut)
	require.ErrorIs(t, s.AddFlash(httptest.NewRecorder(), r, Flash{Key: "x"}), ErrSignedOut)
	flash, err := s.TakeFlash(httptest.NewRecorder(), r)
	require.NoError(t, err)
	assert.Nil(t, flash)
}
