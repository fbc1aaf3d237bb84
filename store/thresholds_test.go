package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func dip(t *testing.T, w *world) *store.Dip {
	t.Helper()
	d, err := w.Dip(t.Context())
	require.NoError(t, err)
	return d
}

// A dip begins once, lasts while the balance is low, and ends when it is not.
func TestADipOfTheBalance(t *testing.T) {
	w := newWorld(t)
	w.told(t, 900)
	assert.Nil(t, dip(t, w), "no threshold, nothing is low")
	require.NoError(t, w.SetThreshold(t.Context(), w.manager, 1000))
	first := dip(t, w)
	require.NotNil(t, first, "what was read last counts at once")
	assert.Equal(t, distribution.Amount(900), first.Amount)
	assert.Equal(t, distribution.Amount(1000), first.Threshold)

	require.NoError(t, w.AcknowledgeDip(t.Context(), w.manager))
	w.told(t, 800)
	again := dip(t, w)
	assert.Equal(t, first.ID, again.ID, "lower still is the same dip, and stays acknowledged")
	assert.Equal(t, w.manager.ID, again.AcknowledgedBy.ID)

	w.told(t, 1000)
	assert.Nil(t, dip(t, w), "at the threshold it is not below")
	require.ErrorIs(t, w.AcknowledgeDip(t.Context(), w.manager), distribution.ErrConflict)
	w.told(t, 999)
	second := dip(t, w)
	require.NotNil(t, second)
	assert.NotEqual(t, first.ID, second.ID)
	assert.Zero(t, second.AcknowledgedAt, "the next dip is a new one")

	require.NoError(t, w.SetThreshold(t.Context(), w.manager, 0))
	assert.Nil(t, dip(t, w), "without a threshold nothing is low")
}

// What an answer to a POST told counts as a reading does.
func TestAnAnswerBeginsADip(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.SetThreshold(t.Context(), w.manager, full))
	w.told(t, full)
	assert.Nil(t, dip(t, w))
	w.pays(t, "plx-1", full)
	require.NotNil(t, dip(t, w))
	assert.Equal(t, full-paid, dip(t, w).Amount)
}

func TestOnlyManagersWatchTheBalance(t *testing.T) {
	w := newWorld(t)
	for _, role := range distribution.Roles() {
		by := storetest.User(t, w.DB, role)
		set, seen := w.SetThreshold(t.Context(), by, 5), w.AcknowledgeDip(t.Context(), by)
		if role == distribution.Manager {
			require.NoError(t, set)
			require.ErrorIs(t, seen, distribution.ErrConflict)
			continue
		}
		require.ErrorIs(t, set, distribution.ErrForbidden, role)
		require.ErrorIs(t, seen, distribution.ErrForbidden, role)
	}
}

func tracesOfThresholds() []trace {
	low := func(t *testing.T, w *world) {
		t.Helper()
		w.told(t, 900)
		require.NoError(t, w.SetThreshold(t.Context(), w.manager, 1000))
	}
	keep := func(t *testing.T, w *world, a distribution.Amount) call {
		t.Helper()
		answer := storetest.Answer("balance", w.Now())
		return func(by distribution.Actor) error {
			return w.KeepBalance(t.Context(), by, store.Balance{Amount: a, Currency: "KZT"}, answer)
		}
	}
	return []trace{
		{"SetThreshold", []string{"balance.threshold_changed"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SetThreshold(t.Context(), by, 1000) }
		}, byManager},
		{"SetThreshold above the balance", []string{"balance.threshold_changed", "balance.low"}, func(t *testing.T, w *world) call {
			w.told(t, 900)
			return func(by distribution.Actor) error { return w.SetThreshold(t.Context(), by, 1000) }
		}, byManager},
		{"SetThreshold to what it is", nil, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SetThreshold(t.Context(), by, 0) }
		}, byManager},
		{"AcknowledgeDip", []string{"balance.acknowledged"}, func(t *testing.T, w *world) call {
			low(t, w)
			return func(by distribution.Actor) error { return w.AcknowledgeDip(t.Context(), by) }
		}, byManager},
		{"AcknowledgeDip again", nil, func(t *testing.T, w *world) call {
			low(t, w)
			require.NoError(t, w.AcknowledgeDip(t.Context(), w.manager))
			return func(by distribution.Actor) error { return w.AcknowledgeDip(t.Context(), by) }
		}, byManager},
		{"KeepBalance below the threshold", []string{"balance.moved", "balance.low"}, func(t *testing.T, w *world) call {
			require.NoError(t, w.SetThreshold(t.Context(), w.manager, 1000))
			return keep(t, w, 900)
		}, bySyncer},
		{"KeepBalance above it again", []string{"balance.moved", "balance.recovered"}, func(t *testing.T, w *world) call {
			low(t, w)
			return keep(t, w, 1000)
		}, bySyncer},
	}
}
