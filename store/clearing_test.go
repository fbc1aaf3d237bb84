package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
)

// paidIn mirrors one that Plexy paid so long after it was made.
func paidIn(t *testing.T, w *world, n int, took time.Duration) {
	t.Helper()
	r := w.foreign(fmt.Sprintf("P-%d", n), "paid")
	r.CreatedAt = w.Now().Add(time.Duration(n) * time.Second)
	r.UpdatedAt = r.CreatedAt.Add(took)
	w.apply(t, "list", r)
}

func TestClearingIsTheMedianOfTheLastPaymentsToTheBank(t *testing.T) {
	w := newWorld(t)
	code := w.foreign("P-0", "paid").Recipient.IBAN[4:7]
	clearing := func(code string) store.Clearing {
		c, err := w.ClearingOf(t.Context(), code)
		require.NoError(t, err)
		return c
	}
	for n, minutes := range []time.Duration{90, 10, 600, 80} {
		paidIn(t, w, n, minutes*time.Minute)
	}
	assert.Zero(t, clearing(code), "four are no habit")
	paidIn(t, w, 4, 70*time.Minute)
	w.apply(t, "list", w.foreign("P-5", "processing"))
	assert.Equal(t, store.Clearing{Median: 80 * time.Minute, Count: 5}, clearing(code))
	assert.Zero(t, clearing("000"), "another bank")

	for n := 10; n < 100; n++ {
		paidIn(t, w, n, map[bool]time.Duration{true: 2 * time.Hour, false: 5 * time.Minute}[n < 50])
	}
	assert.Equal(t, store.Clearing{Median: 5 * time.Minute, Count: 50}, clearing(code), "the newest say how it works now")
}
