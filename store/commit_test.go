package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

var errDisk = errors.New("disk I/O error")

// hooked is a world whose commits fail where at says so.
func hooked(t *testing.T, at func(point string) error) *world {
	t.Helper()
	w := &world{path: filepath.Join(t.TempDir(), "test.db"), clock: storetest.NewClock()}
	db, err := store.Open(t.Context(), store.Options{Path: w.path, Now: w.clock.Now, At: at})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, db.Close())
		storetest.CheckInvariants(t, w.path)
	})
	w.DB = db
	w.maker, w.manager = storetest.User(t, db, distribution.Accountant), storetest.User(t, db, distribution.Manager)
	return w
}

// once fails at the first time that the point is reached after arm was called.
func once(point string) (at func(string) error, arm func()) {
	armed := false
	return func(reached string) error {
		if !armed || reached != point {
			return nil
		}
		armed = false
		return errDisk
	}, func() { armed = true }
}

// refuseCommits makes each commit of an audited change fail for real: the
// transaction is open still when COMMIT has answered.
func (w *world) refuseCommits(t *testing.T) (allowAgain func()) {
	t.Helper()
	w.sql(t, `CREATE TABLE debts (x INTEGER REFERENCES audit (seq) DEFERRABLE INITIALLY DEFERRED);
		CREATE TRIGGER debt AFTER INSERT ON audit BEGIN INSERT INTO debts VALUES (-1); END`)
	return func() { w.sql(t, "DROP TRIGGER debt; DROP TABLE debts") }
}

// A commit that failed and happened all the same is a success: its record is
// there.
func TestCommitThatFailedThoughItHappened(t *testing.T) {
	t.Run("a draft", func(t *testing.T) {
		at, arm := once("F7")
		w := hooked(t, at)
		n := storetest.Filled(t)
		arm()
		d, err := w.Create(t.Context(), w.maker, n)
		require.NoError(t, err)
		again, err := w.Create(t.Context(), w.maker, n)
		require.NoError(t, err)
		assert.Equal(t, d.ID, again.ID)
		assert.Len(t, column(t, w.DB, "SELECT id FROM distributions"), 1)
	})
	t.Run("an outcome", func(t *testing.T) {
		at, arm := once("commit")
		w := hooked(t, at)
		c := storetest.Sending(t, w.DB, w.maker)
		arm()
		require.NoError(t, w.Finish(t.Context(), sender(), c.Attempt.ID, store.OutcomeUnknown, "timeout", lose(w, "timeout")))
		assert.Equal(t, distribution.Unknown, w.status(t, c.Distribution.ID))
		assert.Equal(t, distribution.EventLost, w.event(t, c.Distribution.ID).Kind)
	})
	// Nothing was posted yet: an intent that the disk may not hold is given back.
	t.Run("a claim", func(t *testing.T) {
		at, arm := once("F10")
		w := hooked(t, at)
		d := storetest.Queued(t, w.DB, w.maker)
		arm()
		_, err := w.Claim(t.Context(), sender(), storetest.Wire)
		require.ErrorIs(t, err, errDisk)
		assert.Equal(t, distribution.Queued, w.status(t, d.ID))
		attempts, err := w.Attempts(t.Context(), d.ID)
		require.NoError(t, err)
		require.Len(t, attempts, 1)
		assert.Equal(t, store.OutcomeNotSent, attempts[0].Outcome)
	})
}

// A commit that failed and did not happen is that failure, nothing of it is
// there, and the one writer connection works on.
func TestCommitThatFailed(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *world) func() error{
		"a draft": func(t *testing.T, w *world) func() error {
			n := storetest.Filled(t)
			return func() error { return second(w.Create(t.Context(), w.maker, n)) }
		},
		"a claim": func(t *testing.T, w *world) func() error {
			storetest.Queued(t, w.DB, w.maker)
			return func() error { return second(w.Claim(t.Context(), sender(), storetest.Wire)) }
		},
		"an outcome": func(t *testing.T, w *world) func() error {
			c := storetest.Sending(t, w.DB, w.maker)
			return func() error {
				return w.Finish(t.Context(), sender(), c.Attempt.ID, store.OutcomeUnknown, "timeout", lose(w, "timeout"))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			do := prepare(t, w)
			allowAgain := w.refuseCommits(t)
			before := column(t, w.DB, "SELECT hex(record) FROM audit ORDER BY seq")
			err := do()
			require.ErrorContains(t, err, "FOREIGN KEY")
			var unsettled *store.UnsettledCommitError
			require.NotErrorAs(t, err, &unsettled)
			assert.Equal(t, before, column(t, w.DB, "SELECT hex(record) FROM audit ORDER BY seq"))
			assert.Len(t, column(t, w.DB, "SELECT value FROM sync_state WHERE key = 'commit_failed_at'"), 1, "written over what it left")
			allowAgain()
			require.NoError(t, do())
			assert.Len(t, column(t, w.DB, "SELECT hex(record) FROM audit"), len(before)+1)
		})
	}
}

func TestCommitOfWhichNothingIsKnown(t *testing.T) {
	var w *world
	failing := false
	w = hooked(t, func(point string) error {
		if point != "F7" || !failing {
			return nil
		}
		return errors.Join(errDisk, os.Rename(w.path, w.path+".away"))
	})
	n := storetest.Filled(t)
	failing = true
	_, err := w.Create(t.Context(), w.maker, n)
	var unsettled *store.UnsettledCommitError
	require.ErrorAs(t, err, &unsettled)
	require.ErrorIs(t, err, errDisk)
	require.NoFileExists(t, w.path, "looking must not make a new database")
	require.NoError(t, os.Rename(w.path+".away", w.path))
	failing = false
	d, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, []string{d.ID}, column(t, w.DB, "SELECT id FROM distributions"), "the same form finds it")
}

// A request that ends while its change is being committed changes nothing.
func TestChangeOfOneWhoHasGone(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := store.Within(ctx, w.DB, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO sync_state (key, value) VALUES ('a', 'b')")
		cancel()
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, column(t, w.DB, "SELECT key FROM sync_state WHERE key = 'a'"))
	storetest.Draft(t, w.DB, w.maker)
}

func TestPointsAreReached(t *testing.T) {
	var reached []string
	w := hooked(t, func(point string) error {
		reached = append(reached, point)
		return nil
	})
	reached = nil
	storetest.Sending(t, w.DB, w.maker)
	assert.Equal(t, []string{"F6", "F7", "commit", "F10"}, reached)
}

// F6 is within the transaction: dying there leaves nothing.
func TestErrorBeforeTheCommitLeavesNothing(t *testing.T) {
	at, arm := once("F6")
	w := hooked(t, at)
	arm()
	n := storetest.Filled(t)
	require.ErrorIs(t, second(w.Create(t.Context(), w.maker, n)), errDisk)
	assert.Empty(t, column(t, w.DB, "SELECT id FROM distributions"))
	require.NoError(t, second(w.Create(t.Context(), w.maker, n)))
}
