package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
)

func TestNothingIsKnownOfPlexyAtFirst(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, store.SyncState{}, syncState(t, w))
}

// The log hears of the first failure and of the recovery, not of each poll.
func TestFailureIsRecordedOnceAndSoIsItsEnd(t *testing.T) {
	w := newWorld(t)
	begun := len(auditRecords(t, w.DB))
	succeed := func() {
		t.Helper()
		require.NoError(t, w.SyncSucceeded(t.Context(), syncer()))
		w.clock.Advance(30 * time.Second)
	}
	fail := func(code string) {
		t.Helper()
		require.NoError(t, w.SyncFailed(t.Context(), syncer(), code))
		w.clock.Advance(30 * time.Second)
	}

	succeed()
	good := w.Now()
	succeed()
	assert.Equal(t, store.SyncState{LastSuccess: good}, syncState(t, w))
	assert.Len(t, auditRecords(t, w.DB), begun)

	since := w.Now()
	fail(store.Unreachable)
	fail(store.Unreachable)
	fail(store.ServerError)
	fail(store.Unreachable)
	fail(store.Unreadable)
	assert.Equal(t, store.SyncState{LastSuccess: good, FailingSince: since, LastError: store.Unreadable}, syncState(t, w))
	require.Len(t, auditRecords(t, w.DB), begun+1)
	assert.Equal(t, "plexy.failing", lastRecord(t, w.DB).Action)
	assert.Equal(t, store.Unreachable, lastRecord(t, w.DB).Reason)

	back := w.Now()
	succeed()
	succeed()
	assert.Equal(t, store.SyncState{LastSuccess: back.Add(30 * time.Second)}, syncState(t, w))
	require.Len(t, auditRecords(t, w.DB), begun+2)
	assert.Equal(t, "plexy.recovered", lastRecord(t, w.DB).Action)
	assert.Equal(t, map[string]string{"since": since.Format(time.RFC3339Nano)}, lastRecord(t, w.DB).Details)

	fail(store.Throttled)
	assert.Equal(t, store.Throttled, syncState(t, w).LastError)
	assert.Len(t, auditRecords(t, w.DB), begun+3, "a new failure")
}

// A key that Plexy does not take stops sending until a read succeeds; that it
// cannot be reached afterwards does not lift this.
func TestUnauthorizedStaysUntilAReadSucceeds(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.SyncSucceeded(t.Context(), syncer()))
	for _, code := range []string{store.Unreachable, store.Unauthorized, store.Unreachable, store.ServerError} {
		require.NoError(t, w.SyncFailed(t.Context(), syncer(), code))
	}
	assert.Equal(t, store.PausedUnauthorized, syncState(t, w).Paused(w.Now(), time.Minute, true))
	require.NoError(t, w.SyncSucceeded(t.Context(), syncer()))
	assert.Empty(t, syncState(t, w).Paused(w.Now(), time.Minute, true))
}

func TestSendingPauses(t *testing.T) {
	now := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	read := func(ago time.Duration) store.SyncState { return store.SyncState{LastSuccess: now.Add(-ago)} }
	failing := func(code string, ago time.Duration) store.SyncState {
		s := read(ago)
		s.FailingSince, s.LastError = now, code
		return s
	}
	for name, row := range map[string]struct {
		state  store.SyncState
		submit bool
		want   string
	}{
		"read just now":                          {read(0), true, ""},
		"read as long ago as may be":             {read(time.Minute), true, ""},
		"read too long ago":                      {read(time.Minute + time.Microsecond), true, store.PausedStale},
		"read by a clock that was in the future": {read(-time.Minute - time.Microsecond), true, store.PausedStale},
		"never read":                             {store.SyncState{}, true, store.PausedNeverRead},
		"key not taken":                          {failing(store.Unauthorized, 0), true, store.PausedUnauthorized},
		"key not taken, never read":              {store.SyncState{LastError: store.Unauthorized}, true, store.PausedUnauthorized},
		"failing for a moment":                   {failing(store.Unreachable, time.Second), true, ""},
		"failing for long":                       {failing(store.ServerError, time.Hour), true, store.PausedStale},
		"switched off":                           {read(0), false, store.PausedOff},
		"switched off, which is said before all": {failing(store.Unauthorized, time.Hour), false, store.PausedOff},
	} {
		assert.Equal(t, row.want, row.state.Paused(now, time.Minute, row.submit), name)
	}
}

func TestRunsAreForgottenAfterThirtyDays(t *testing.T) {
	w := newWorld(t)
	keep := func(kind string) {
		t.Helper()
		require.NoError(t, w.KeepRun(t.Context(), store.Run{
			Kind: kind, StartedAt: w.Now(), FinishedAt: w.Now().Add(time.Second), Pages: 2, Items: 200, Changed: 3, Error: store.Throttled,
		}))
	}
	kinds := func() []string { return column(t, w.DB, "SELECT kind FROM sync_runs ORDER BY id") }
	keep("import")
	w.clock.Advance(30 * 24 * time.Hour)
	keep("sync")
	assert.Equal(t, []string{"import", "sync"}, kinds())
	w.clock.Advance(time.Microsecond)
	keep("look")
	assert.Equal(t, []string{"sync", "look"}, kinds())
	assert.Equal(t, 2, count(t, w.DB, `SELECT count(*) FROM sync_runs
		WHERE finished_at = started_at + 1000000 AND pages = 2 AND items = 200 AND changed = 3 AND error = 'throttled'`))
}

// The next run of the program holds back as this one did.
func TestPaceOutlivesTheProgram(t *testing.T) {
	w := newWorld(t)
	pace := store.Pace{Unknowns: 4, Barred: 1, SendAfter: w.Now().Add(90 * time.Second)}
	require.NoError(t, w.KeepPace(t.Context(), sender(), pace))
	w.restart(t)
	assert.Equal(t, pace, syncState(t, w).Pace)
	require.NoError(t, w.KeepPace(t.Context(), sender(), store.Pace{}))
	assert.Zero(t, syncState(t, w).Pace)
}
