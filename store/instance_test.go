package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
	"plexydash/store/storetest"
)

// What is changed is changed; that it cannot be noted is told once.
func TestNoteThatCannotBeWrittenIsTold(t *testing.T) {
	n := newNoted(t)
	var told []string
	require.NoError(t, n.Close())
	n.DB = storetest.Open(t, n.path, n.clock.Now, n.options, func(o *store.Options) {
		o.Tell = func(line string) { told = append(told, line) }
	})
	obstacle := fmt.Sprintf("%s.%d", n.note(), os.Getpid())
	for times := 1; times <= 2; times++ {
		require.NoError(t, os.MkdirAll(filepath.Join(obstacle, "a folder in its place"), 0o700))
		n.work(t, 3)
		require.NoError(t, os.RemoveAll(obstacle))
		require.Len(t, told, times)
		assert.Contains(t, told[times-1], obstacle)
		assert.Contains(t, told[times-1], "an older copy of the database might not be recognised")
		n.work(t, 1)
	}
	n.again(t, func() {})
	hold, err := n.LastHold(t.Context())
	require.NoError(t, err)
	assert.Nil(t, hold)
}
