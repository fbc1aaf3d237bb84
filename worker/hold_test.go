package worker

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/store/storetest"
)

// noted gives the database a note beside it, as the program keeps it, and reads
// all of Plexy.
func (w *world) noted() {
	w.Helper()
	w.signer = storetest.Signer(w.T)
	require.NoError(w, w.db.KeepInstance(w.Context()))
	w.restart()
	w.syncWhole()
}

func (w *world) backup() string {
	w.Helper()
	to := filepath.Join(w.TempDir(), "backup.db")
	_, err := w.db.Backup(w.Context(), to, nil)
	require.NoError(w, err)
	return to
}

// restore puts the backup in place and starts the program on it.
func (w *world) restore(from string) {
	w.Helper()
	w.stop()
	require.NoError(w, w.db.Close())
	_, err := store.Restore(w.Context(), from, w.path, nil, w.now())
	require.NoError(w, err)
	w.open()
}

// lift lets two people end the HOLD.
func (w *world) lift() {
	w.Helper()
	first, second := storetest.User(w.T, w.db, distribution.Manager), storetest.User(w.T, w.db, distribution.Admin)
	dec, err := w.db.Propose(w.Context(), first, store.Proposal{Kind: distribution.DecideHold, Reason: "все сверено"}, window)
	require.NoError(w, err)
	_, err = w.db.Confirm(w.Context(), second, dec.ID)
	require.NoError(w, err)
}

// executed counts the payments that Plexy made under each reference.
func (w *world) executed() map[string]int {
	times := map[string]int{}
	for _, p := range w.srv.Posts() {
		if p.Executed {
			times[p.OrderReference]++
		}
	}
	return times
}

// The worst fault of all: a backup is brought back, and 60 were sent since. Some
// stand in it as queued, some as drafts, the others not at all. The shipped
// program is tried with more: see make prove.
func TestRestoredBackupSendsNothingTwice(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.noted()
		w.start()
		paid := w.queue(10)
		w.pass(10 * time.Minute)
		manager := storetest.User(t, w.db, distribution.Manager)
		require.NoError(t, w.db.StopSending(t.Context(), manager, "обед"))
		queued := w.queue(20)
		drafts := w.drafts(10)
		from := w.backup()

		require.NoError(t, w.db.StartSending(t.Context(), manager, ""))
		for _, d := range drafts {
			_, err := w.db.Submit(t.Context(), w.maker, d.ID)
			require.NoError(t, err)
		}
		lost := w.queue(30)
		w.pass(20 * time.Minute)
		require.Len(t, w.srv.Posts(), 70, "ten before the backup, 60 since")

		w.restore(from)
		w.start()
		w.Wake()
		w.pass(20 * time.Minute)
		require.Len(t, w.srv.Posts(), 70, "nothing is sent on HOLD")
		hold, err := w.db.LastHold(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []any{store.HoldBehind, 20, 0, 0}, []any{hold.Why, hold.Queued, hold.Sending, hold.NotFound})
		assert.False(t, hold.ImportedAt.IsZero(), "all that Plexy has was read")
		assert.False(t, hold.ProvenAt.IsZero(), "and this is proven")
		for _, d := range slices.Concat(paid, queued) {
			assert.Equal(t, distribution.Paid, w.get(d).Status, "it is found again")
		}
		for _, d := range slices.Concat(lost, drafts) {
			w.mirrored(d)
		}

		w.tamper("UPDATE stops SET lifted_at = 1, lifted_by = 'x' WHERE kind = 'person'") // the backup was made while that held
		w.lift()
		for _, d := range drafts {
			_, err := w.db.Submit(t.Context(), w.maker, d.ID)
			require.ErrorIs(t, err, distribution.ErrConflict, "its maker is told that the same was paid")
		}
		fresh := w.queue(5)
		w.pass(5 * time.Minute)
		for _, d := range fresh {
			assert.Equal(t, distribution.Paid, w.get(d).Status)
		}
		assert.Len(t, w.executed(), 75)
		for reference, times := range w.executed() {
			assert.Equal(t, 1, times, reference)
		}
	})
}

func (w *world) drafts(n int) (all []distribution.Distribution) {
	w.Helper()
	for range n {
		all = append(all, storetest.Draft(w.T, w.db, w.maker))
	}
	return all
}

// mirrored asserts that what the database had forgotten stands in it as Plexy has it.
func (w *world) mirrored(d distribution.Distribution) {
	w.Helper()
	var n int
	require.NoError(w, rawDB(w).QueryRowContext(w.Context(),
		"SELECT count(*) FROM distributions WHERE origin = 'plexy' AND order_reference = $1 AND amount = $2 AND status = 'paid'",
		d.OrderReference, int64(d.Amount)).Scan(&n))
	assert.Equal(w, 1, n, d.OrderReference)
}

// Plexy is down when the backup is brought back: the HOLD waits for it.
func TestHoldWaitsUntilPlexyIsRead(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.noted()
		w.queue(3)
		from := w.backup()
		w.down()
		w.restore(from)
		w.start()
		w.pass(time.Hour)
		manager := storetest.User(t, w.db, distribution.Manager)
		_, err := w.db.Propose(t.Context(), manager, store.Proposal{Kind: distribution.DecideHold, Reason: "спешим"}, window)
		require.ErrorIs(t, err, distribution.ErrConflict)
		w.up()
		w.pass(time.Hour)
		w.lift()
		w.pass(time.Hour)
		assert.Equal(t, 3, w.count(distribution.Unknown), "what may have been sent is looked for, and never sent again")
		assert.Empty(t, w.srv.Posts())
	})
}

// Plexy's list ends as the import sees it, but nothing proves that this is its end:
// the HOLD stays until a later sweep does.
func TestHoldWaitsForAProvenEnd(t *testing.T) {
	for name, fault := range map[string]plexytest.Fault{
		"the page is ignored":                      plexytest.ListIgnorePage,
		"Plexy stops in the middle of every sweep": plexytest.List500MidScan,
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			w.history(350)
			w.noted()
			w.restore(w.backup())
			if fault == plexytest.List500MidScan { // the import goes on where it stood, a sweep begins anew
				w.syncWhole()
			}
			w.fail(fault, -1)
			w.start()
			w.pass(3 * time.Hour)
			hold, err := w.db.LastHold(t.Context())
			require.NoError(t, err)
			assert.False(t, hold.ImportedAt.IsZero(), "the import is over")
			assert.Zero(t, hold.ProvenAt)
			manager := storetest.User(t, w.db, distribution.Manager)
			_, err = w.db.Propose(t.Context(), manager, store.Proposal{Kind: distribution.DecideHold, Reason: "спешим"}, window)
			refusal, refused := errors.AsType[*distribution.Refusal](err)
			require.True(t, refused, "%v", err)
			assert.Equal(t, "hold_proof", refusal.Code)
			assert.Greater(t, len(w.sweeps()), 2, "it is tried again and again")

			w.srv.Heal()
			w.pass(time.Hour + time.Minute)
			w.lift()
		})
	}
}
