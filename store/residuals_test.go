package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// What is remembered of earlier days is what a program sees that was just started,
// whatever becomes known meanwhile and however late.
func TestResidualsAreRememberedAsTheyAre(t *testing.T) {
	w := newWorld(t)
	since := w.Now().Add(-time.Hour)
	same := func(when string) (found []distribution.Residual) {
		fresh, err := store.OpenReader(w.path)
		require.NoError(t, err)
		defer func() { require.NoError(t, fresh.Close()) }()
		want, err := fresh.Residuals(t.Context(), since)
		require.NoError(t, err)
		found, err = w.Residuals(t.Context(), since)
		require.NoError(t, err)
		assert.Equal(t, want, found, when)
		return found
	}
	var remembered time.Time
	balance, lost := full, distribution.Distribution{}
	for day := range 4 {
		w.told(t, balance)
		same("morning")
		w.clock.Advance(time.Hour)
		switch day {
		case 0:
			w.pays(t, "plx-1", balance)
			balance -= paid
		case 1: // nobody knows of it yet
			lost = storetest.Unknown(t, w.DB, w.maker)
			balance -= paid
		case 2:
			balance += 5
		}
		w.clock.Advance(time.Hour)
		w.told(t, balance)
		same("afternoon")
		w.clock.Advance(30 * time.Hour)
		w.told(t, balance)
		assert.Len(t, same("night"), []int{0, 1, 2, 2}[day])
		w.clock.Advance(time.Hour)
		assert.Equal(t, day < 3, store.Remembered(w.DB).After(remembered), "a new figure that held over night")
		remembered = store.Remembered(w.DB)
	}
	w.apply(t, "list", storetest.Remote(&lost, "plx-2", "created"))
	assert.Len(t, same("found three days later"), 1)
	since = since.Add(80 * time.Hour)
	assert.Empty(t, same("a shorter time"))
	since = since.Add(-80 * time.Hour)
	assert.Len(t, same("and a longer one again"), 1)
}
