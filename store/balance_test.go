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

func TestNoBalanceIsNotZero(t *testing.T) {
	w := newWorld(t)
	_, known, err := w.Balance(t.Context())
	require.NoError(t, err)
	assert.False(t, known)
}

// A row is written when the figure moves; else only when it was last seen.
func TestBalanceIsKeptWhenItMoves(t *testing.T) {
	w := newWorld(t)
	reserved := func(a distribution.Amount) *distribution.Amount { return &a }
	told := w.Now().Add(-time.Minute) // Plexy's clock
	first := w.Now()
	for _, row := range []struct {
		name string
		read store.Balance
		rows int
	}{
		{"first", store.Balance{Amount: 100, Currency: "KZT", PlexyAt: told}, 1},
		{"same", store.Balance{Amount: 100, Currency: "KZT", PlexyAt: told.Add(time.Second)}, 1},
		{"same, Plexy tells no time", store.Balance{Amount: 100, Currency: "KZT"}, 1},
		{"a tiyn more", store.Balance{Amount: 101, Currency: "KZT"}, 2},
		{"and back", store.Balance{Amount: 100, Currency: "KZT"}, 3},
		{"other currency", store.Balance{Amount: 100, Currency: "USD"}, 4},
		{"a reserve is told", store.Balance{Amount: 100, Currency: "USD", Reserved: reserved(0)}, 5},
		{"the reserve moves", store.Balance{Amount: 100, Currency: "USD", Reserved: reserved(7)}, 6},
		{"same with reserve", store.Balance{Amount: 100, Currency: "USD", Reserved: reserved(7)}, 6},
		{"zero", store.Balance{Currency: "KZT"}, 7},
		{"below zero", store.Balance{Amount: -5, Currency: "KZT"}, 8},
	} {
		records := len(auditRecords(t, w.DB))
		before := count(t, w.DB, "SELECT count(*) FROM balance_readings")
		require.NoError(t, w.KeepBalance(t.Context(), syncer(), row.read, storetest.Answer("balance", w.Now())), row.name)

		got, known, err := w.Balance(t.Context())
		require.NoError(t, err)
		require.True(t, known)
		want := row.read
		want.CheckedAt, want.At = w.Now(), got.At
		if row.rows > before {
			want.At = w.Now()
			assert.Equal(t, "balance.moved", lastRecord(t, w.DB).Action, row.name)
		}
		assert.Equal(t, want, got, row.name)
		assert.Equal(t, row.rows, count(t, w.DB, "SELECT count(*) FROM balance_readings"), row.name)
		assert.Equal(t, row.rows, answers(t, w), row.name)
		assert.Len(t, auditRecords(t, w.DB), records+row.rows-before, row.name)
		if row.rows == 1 {
			assert.Equal(t, first, got.At, row.name)
		}
		w.clock.Advance(30 * time.Second)
	}
}
