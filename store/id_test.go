package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
)

// RFC 9562, 5.7: 48 bits of milliseconds, version 7, variant 10.
func TestIDIsAUUIDv7OfTheMoment(t *testing.T) {
	before := time.Now().UnixMilli()
	seen := map[string]bool{}
	for range 1_000 {
		id := store.NewID()
		assert.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, id)
		ms, err := strconv.ParseInt(strings.ReplaceAll(id[:13], "-", ""), 16, 64)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, ms, before)
		assert.LessOrEqual(t, ms, time.Now().UnixMilli())
		assert.False(t, seen[id], id)
		seen[id] = true
	}
}

func TestIDsSortByTime(t *testing.T) {
	at := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	for range 100 {
		earlier, later := store.IDAt(at), store.IDAt(at.Add(time.Millisecond))
		assert.Less(t, earlier, later)
		assert.True(t, strings.HasPrefix(earlier, fmt.Sprintf("%012x", at.UnixMilli())[:8]), earlier)
	}
}
