package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"plexydash/store"
)

// What pages and the sender ask again and again must not read whole tables.
func TestReadsUseAnIndex(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	for name, row := range map[string]struct {
		query string
		args  []any
		want  []string
	}{
		"answered twins": {store.AnsweredTwinsQuery, []any{"key", 0, ""}, []string{"distributions_by_content (biz_key=? AND created_at>?)"}},
	} {
		steps := plan(t, w, row.query, row.args...)
		for _, want := range row.want {
			assert.Contains(t, steps, want, name)
		}
		assert.NotContains(t, steps, "SCAN distributions\n", name)
	}
}
