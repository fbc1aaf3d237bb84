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

func TestNewestMomentThatWasWritten(t *testing.T) {
	w := newWorld(t)
	newest := func() time.Time {
		t.Helper()
		at, err := w.LastWritten(t.Context())
		require.NoError(t, err)
		return at
	}
	assert.Zero(t, newest(), "a new database")

	storetest.Unknown(t, w.DB, w.maker)
	attempted := w.Now()
	w.clock.Advance(time.Hour)
	assert.Equal(t, attempted, newest())

	read := w.Now()
	require.NoError(t, w.KeepRun(t.Context(), store.Run{Kind: "sync", StartedAt: read, FinishedAt: read}))
	w.clock.Advance(-24 * time.Hour)
	require.NoError(t, w.KeepRun(t.Context(), store.Run{Kind: "sync", StartedAt: w.Now(), FinishedAt: w.Now()}))
	assert.Equal(t, read, newest(), "what is written after a step back does not hide it")
}

// A day that the clock jumps is not a day that passed.
func TestWhatIsMeasuredByTheClockMovesWithIt(t *testing.T) {
	for name, step := range map[string]time.Duration{"a day on": 24 * time.Hour, "an hour back": -time.Hour} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lost := storetest.Unknown(t, w.DB, w.maker)
			paid := storetest.Accepted(t, w.DB, w.maker, "P-1")
			waits := storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker), store.OutcomeNotSent,
				func(d *distribution.Distribution) (distribution.Event, error) {
					return d.NotSent(w.Now().Add(5 * time.Minute))
				})
			w.clock.Advance(10*time.Minute + step)
			from := w.Now()
			younger := storetest.Queued(t, w.DB, w.maker)

			require.NoError(t, w.DoubtClock(t.Context(), sender(), "it jumped", store.Jump{Step: step, From: from}))

			now := w.read(t, lost.ID)
			assert.Equal(t, 10*time.Minute, w.Now().Sub(now.UnknownSince))
			assert.Equal(t, lost.Version, now.Version, "nothing happened to it")
			now = w.read(t, waits.ID)
			assert.Equal(t, 10*time.Minute, w.Now().Sub(now.QueuedAt))
			assert.Zero(t, now.NextTryAt)
			assert.Equal(t, paid, w.read(t, paid.ID))
			assert.Equal(t, younger, w.read(t, younger.ID), "its time was written after the jump")
			due, err := w.DueLooks(t.Context())
			require.NoError(t, err)
			require.Len(t, due, 1, "it is looked for at once")
			assert.Equal(t, lost.ID, due[0].ID)
			record := lastRecord(t, w.DB)
			assert.Equal(t, []string{"clock.jumped", step.String()}, []string{record.Action, record.Details["step"]})
		})
	}
}

func TestNothingIsTakenWhileTheClockIsInDoubt(t *testing.T) {
	w := newWorld(t)
	storetest.Queued(t, w.DB, w.maker)
	require.NoError(t, w.DoubtClock(t.Context(), sender(), "Plexy's is another", store.Jump{}))
	c, err := w.Claim(t.Context(), sender(), storetest.Wire)
	require.NoError(t, err)
	assert.Nil(t, c)
	require.NoError(t, w.Lift(t.Context(), sender(), store.StopClock, "it agrees"))
	storetest.Claim(t, w.DB)
}

func TestAnyUnknown(t *testing.T) {
	w := newWorld(t)
	any := func() bool {
		t.Helper()
		unknown, err := w.AnyUnknown(t.Context())
		require.NoError(t, err)
		return unknown
	}
	assert.False(t, any())
	storetest.Unknown(t, w.DB, w.maker)
	assert.True(t, any())
}
