package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// This file holds who stops sending and who starts it, and that a claim asks.

func TestStopOfAnyKindClaimsNothing(t *testing.T) {
	for _, kind := range []store.StopKind{store.StopPerson, store.StopUnit, store.StopClock, store.StopInvariant} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorld(t)
			storetest.Queued(t, w.DB, w.maker)
			require.NoError(t, w.Stop(t.Context(), sender(), kind, "found", ""))
			state := w.dump(t)
			claimNothing(t, w)
			assert.Equal(t, state, w.dump(t), "not even that it was looked at")
		})
	}
}

func TestWhoStopsAndWhoStarts(t *testing.T) {
	for role, may := range map[distribution.Role]struct{ stop, start bool }{
		distribution.Accountant: {true, false},
		distribution.Manager:    {true, true},
		distribution.Auditor:    {false, false},
		distribution.Admin:      {true, false},
	} {
		w := newWorld(t)
		by := storetest.User(t, w.DB, role)
		err := w.StopSending(t.Context(), by, "ждём ответа банка")
		if may.stop {
			require.NoError(t, err, role)
			requireRefused(t, w.StopSending(t.Context(), by, ""), "reason")
		} else {
			require.ErrorIs(t, err, distribution.ErrForbidden, role)
			require.NoError(t, w.StopSending(t.Context(), w.manager, "ждём ответа банка"))
		}
		storetest.Queued(t, w.DB, w.maker)
		err = w.StartSending(t.Context(), by, "ответ есть")
		if !may.start {
			require.ErrorIs(t, err, distribution.ErrForbidden, role)
			claimNothing(t, w)
			continue
		}
		require.NoError(t, err, role)
		storetest.Claim(t, w.DB)
	}
}

// The first reason stands until it is lifted; each kind is lifted its own way.
func TestStopsOfEachKindStandOnTheirOwn(t *testing.T) {
	w := newWorld(t)
	kinds := func() (open []store.StopKind) {
		stops, err := w.Stops(t.Context())
		require.NoError(t, err)
		for _, s := range stops {
			open = append(open, s.Kind)
		}
		return open
	}
	for _, kind := range []store.StopKind{store.StopUnit, store.StopClock, store.StopInvariant} {
		require.NoError(t, w.Stop(t.Context(), sender(), kind, "found", ""))
	}
	require.NoError(t, w.StopSending(t.Context(), w.maker, "first"))
	require.NoError(t, w.StopSending(t.Context(), w.manager, "second"))
	assert.Equal(t, []store.StopKind{store.StopUnit, store.StopClock, store.StopInvariant, store.StopPerson}, kinds())
	stops, err := w.Stops(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"first", w.maker.ID}, []string{stops[3].Reason, stops[3].By.ID})

	for _, kind := range []store.StopKind{store.StopPerson, store.StopUnit} {
		require.ErrorIs(t, w.Lift(t.Context(), sender(), kind, "it seems fine"), distribution.ErrForbidden, "the program does not overrule people")
	}
	require.NoError(t, w.StartSending(t.Context(), w.manager, "checked"))
	assert.Equal(t, []store.StopKind{store.StopUnit, store.StopInvariant}, kinds())
	require.NoError(t, w.Lift(t.Context(), sender(), store.StopInvariant, "it holds again"))
	assert.Equal(t, []store.StopKind{store.StopUnit}, kinds())
	require.NoError(t, w.StopSending(t.Context(), w.maker, "third"))
	assert.Equal(t, []store.StopKind{store.StopUnit, store.StopPerson}, kinds(), "a lifted one may come again")
}
