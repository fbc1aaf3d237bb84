package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
	"plexydash/store/storetest"
)

// When the next one is due, from what was before. The clock shows 12:00 in
// Almaty; nights are at 03:00.
func TestPlanOfSweeps(t *testing.T) {
	baseline := func(t *testing.T, w *world) {
		i, err := w.OpenImport(t.Context(), 100)
		require.NoError(t, err)
		require.NoError(t, w.FinishImport(t.Context(), syncer(), i.ID))
	}
	ask := func(t *testing.T, w *world) {
		ids := column(t, w.DB, "SELECT id FROM distributions WHERE status = 'unknown'")
		require.NoError(t, w.LookNow(t.Context(), w.maker, ids[0]))
	}
	held := func(t *testing.T, w *world) { // all is read since
		require.NoError(t, store.HoldNow(t.Context(), w.DB))
		w.clock.Advance(time.Minute)
		baseline(t, w)
	}
	const night = 15 * time.Hour // from noon
	for name, row := range map[string]struct {
		given  func(*testing.T, *world)
		reason store.SweepReason
		due    time.Duration // after the clock's beginning; 0: nothing is planned
	}{
		"before the first import": {func(*testing.T, *world) {}, store.SweepNight, 0},
		"after it":                {func(t *testing.T, w *world) {}, store.SweepNight, night},
		"night is over":           {func(t *testing.T, w *world) { w.clock.Advance(20 * time.Hour) }, store.SweepNight, night},
		"three nights are over":   {func(t *testing.T, w *world) { w.clock.Advance(80 * time.Hour) }, store.SweepNight, night + 48*time.Hour},
		"the night is done": {func(t *testing.T, w *world) {
			w.clock.Advance(16 * time.Hour)
			w.end(t, w.begin(t), store.SweepInconclusive)
		}, store.SweepNight, night + 24*time.Hour},
		"the night failed once": {func(t *testing.T, w *world) {
			w.clock.Advance(16 * time.Hour)
			w.end(t, w.begin(t), store.SweepFailed)
		}, store.SweepNight, 16*time.Hour + time.Minute},
		"the night failed three times": {func(t *testing.T, w *world) {
			w.clock.Advance(16 * time.Hour)
			for range 3 {
				w.end(t, w.begin(t), store.SweepFailed)
			}
		}, store.SweepNight, 16*time.Hour + 4*time.Minute},
		"broken off": {func(t *testing.T, w *world) {
			w.clock.Advance(16 * time.Hour)
			w.begin(t)
			require.NoError(t, w.InterruptSweeps(t.Context()))
		}, store.SweepNight, night},
		"asked for": {func(t *testing.T, w *world) {
			storetest.Unknown(t, w.DB, w.maker)
			w.clock.Advance(time.Hour)
			ask(t, w)
		}, store.SweepAsked, time.Hour},
		"asked for and done": {func(t *testing.T, w *world) {
			storetest.Unknown(t, w.DB, w.maker)
			ask(t, w)
			w.end(t, w.begin(t), store.SweepInconclusive)
		}, store.SweepNight, night},
		"asked for and failed": {func(t *testing.T, w *world) {
			storetest.Unknown(t, w.DB, w.maker)
			ask(t, w)
			w.end(t, w.begin(t), store.SweepFailed)
		}, store.SweepAsked, time.Minute},
		"asked again after the failure": {func(t *testing.T, w *world) {
			storetest.Unknown(t, w.DB, w.maker)
			ask(t, w)
			w.end(t, w.begin(t), store.SweepFailed)
			w.clock.Advance(time.Second)
			ask(t, w)
		}, store.SweepAsked, time.Second},
		"asked for during one": {func(t *testing.T, w *world) {
			storetest.Unknown(t, w.DB, w.maker)
			s := w.begin(t)
			w.clock.Advance(time.Second)
			ask(t, w)
			w.end(t, s, store.SweepProven)
		}, store.SweepAsked, time.Second},
		"asked for and found": {func(t *testing.T, w *world) {
			d := storetest.Unknown(t, w.DB, w.maker)
			ask(t, w)
			w.apply(t, "list", storetest.Remote(&d, "P-1", "paid"))
			w.clock.Advance(time.Second)
			storetest.Unknown(t, w.DB, w.maker) // another one, for which nobody asked
		}, store.SweepNight, night},
		"a HOLD before all is read": {func(t *testing.T, w *world) {
			require.NoError(t, store.HoldNow(t.Context(), w.DB))
		}, store.SweepNight, night},
		"a HOLD": {held, store.SweepAsked, time.Minute},
		"a HOLD and no proof": {func(t *testing.T, w *world) {
			held(t, w)
			w.clock.Advance(time.Minute)
			w.end(t, w.begin(t), store.SweepInconclusive)
		}, store.SweepAsked, 2*time.Minute + time.Hour},
		"a HOLD and no answer": {func(t *testing.T, w *world) {
			held(t, w)
			w.end(t, w.begin(t), store.SweepFailed)
		}, store.SweepAsked, 2 * time.Minute},
		"a HOLD and the proof": {func(t *testing.T, w *world) {
			held(t, w)
			w.end(t, w.begin(t), store.SweepProven)
		}, store.SweepNight, night},
		"a HOLD and a proof of before": {func(t *testing.T, w *world) {
			w.end(t, w.begin(t), store.SweepProven)
			w.clock.Advance(time.Second)
			held(t, w)
		}, store.SweepAsked, time.Minute + time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			began := w.Now()
			if row.due != 0 {
				baseline(t, w)
			}
			row.given(t, w)
			plan, err := w.NextSweep(t.Context())
			require.NoError(t, err)
			assert.Nil(t, plan.Running)
			assert.Equal(t, row.reason, plan.Reason)
			if row.due == 0 {
				assert.Zero(t, plan.Due)
				return
			}
			assert.Equal(t, row.due, plan.Due.Sub(began))
		})
	}
}
