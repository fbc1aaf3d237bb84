package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
)

// That each rule is seen when it is broken is tested in storetest.

func TestLastInvariantCheckIsKept(t *testing.T) {
	w := newWorld(t)
	last, err := w.LastInvariantCheck(t.Context())
	require.NoError(t, err)
	assert.Zero(t, last, "nobody has looked yet")

	for _, c := range []store.InvariantCheck{
		{At: w.Now(), Took: time.Second, Results: []store.Invariant{{Code: "I3", Stops: true, Breaches: 7, Examples: []string{"a", "b"}}}},
		{At: w.Now().Add(time.Hour), Took: time.Millisecond, Results: []store.Invariant{{Code: "I3", Stops: true}}},
	} {
		require.NoError(t, w.KeepInvariantCheck(t.Context(), c))
		last, err = w.LastInvariantCheck(t.Context())
		require.NoError(t, err)
		assert.Equal(t, c, last)
	}
}

// A thousand breaches are counted, five are named.
func TestExamplesAreFew(t *testing.T) {
	w := newWorld(t)
	w.sql(t, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
		INSERT INTO decisions (id, kind, subject, reason, status, proposed_by, proposed_by_name, proposed_role, proposed_at, settled_by, settled_at)
		SELECT 'd' || i, 'policy', 'policy', 'r', 'confirmed', $1, '', 'admin', 1, $2, 2 FROM n`, w.maker.ID, w.manager.ID)
	w.sql(t, "PRAGMA ignore_check_constraints = 1")
	w.sql(t, "UPDATE decisions SET settled_by = proposed_by")
	for _, i := range invariants(t, w.DB) {
		if i.Code == "I7" {
			assert.Equal(t, 1000, i.Breaches)
			assert.Len(t, i.Examples, 5)
		}
	}
	w.sql(t, "DELETE FROM decisions")
}
