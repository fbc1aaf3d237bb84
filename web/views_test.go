package web_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

// viewOf is a list that its maker shares.
func viewOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	v, err := s.db.SaveView(t.Context(), by, store.SavedView{Name: store.NewReference(), Query: "knp=911", Shared: true})
	require.NoError(t, err)
	return v.ID
}
