package worker

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/store/storetest"
)

// tamper changes the database past all rules.
func (w *world) tamper(statement string, args ...any) {
	w.Helper()
	_, err := rawDB(w).ExecContext(w.Context(), statement, args...)
	require.NoError(w, err)
}

func TestGuardStopsSendingWhileTheDatabaseContradictsItself(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.queue(1)
		d := storetest.Draft(t, w.db, w.maker)
		w.tamper("UPDATE distributions SET version = 9 WHERE id = $1", d.ID)
		w.startOnly(w.Guard.Run)
		w.pass(time.Second)
		stops := w.state().Stops
		require.Len(t, stops, 1)
		assert.Equal(t, store.StopInvariant, stops[0].Kind)
		assert.Equal(t, "I8", stops[0].Reason)
		worked, err := w.Sender.SendOne(t.Context())
		require.NoError(t, err)
		assert.False(t, worked, "nothing is claimed")
		assert.Equal(t, []string{"sending.stopped"}, w.actions("sending"))

		last, err := w.db.LastInvariantCheck(t.Context())
		require.NoError(t, err)
		assert.Equal(t, time.Second, w.db.Now().Sub(last.At).Round(time.Second))
		require.Len(t, last.Results, len(store.InvariantCodes()))
		for _, i := range last.Results {
			assert.Equal(t, i.Code == "I8", i.Breaches > 0, i.Code)
		}

		w.pass(2 * time.Hour)
		assert.Equal(t, []string{"sending.stopped"}, w.actions("sending"), "one stop, however often it is seen")

		w.tamper("UPDATE distributions SET version = 1 WHERE id = $1", d.ID)
		w.pass(time.Hour)
		assert.Empty(t, w.state().Stops)
		assert.Equal(t, []string{"sending.stopped", "sending.started"}, w.actions("sending"))
		last, err = w.db.LastInvariantCheck(t.Context())
		require.NoError(t, err)
		assert.LessOrEqual(t, w.db.Now().Sub(last.At), time.Hour)
		w.sendOne()
	})
}

// What the guard lifts is its own stop only.
func TestGuardLiftsNobodyElsesStop(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		require.NoError(t, w.db.StopSending(t.Context(), w.maker, "wrong file"))
		w.startOnly(w.Guard.Run)
		w.pass(2 * time.Hour)
		require.Len(t, w.state().Stops, 1)
	})
}

func TestNothingIsSentBeforeTheFirstLook(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		began := false
		sender := func(context.Context) error {
			began = true
			return nil
		}
		w.tamper("ALTER TABLE alarms RENAME TO elsewhere") // the look fails
		w.startOnly(w.Guard.Run, func(ctx context.Context) error { return w.Guard.Before(ctx, sender) })
		w.pass(10 * time.Minute)
		assert.False(t, began)
		w.tamper("ALTER TABLE elsewhere RENAME TO alarms")
		w.pass(time.Minute)
		assert.True(t, began, "a look that failed is repeated soon")
	})
}

func TestEndBeforeTheFirstLook(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, w.Guard.Before(ctx, func(context.Context) error {
			t.Error("began")
			return nil
		}))
	})
}

func TestGuardGivesBackWhatNobodyDecidedOn(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		d := storetest.Awaiting(t, w.db, w.maker)
		w.startOnly(w.Guard.Run)
		w.pass(distribution.ExpireAfter - time.Hour)
		assert.Equal(t, distribution.AwaitingApproval, w.get(d).Status)
		w.pass(2 * time.Hour)
		assert.Equal(t, distribution.Draft, w.get(d).Status)
	})
}
