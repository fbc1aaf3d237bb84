package store_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// noted is a world whose database has a note beside it, as the program keeps it.
type noted struct {
	*world
	signer *audit.Signer
}

func newNoted(t *testing.T) *noted {
	t.Helper()
	n := &noted{world: &world{path: filepath.Join(t.TempDir(), "live.db"), clock: storetest.NewClock()}, signer: storetest.Signer(t)}
	n.open(t)
	n.maker, n.manager = storetest.User(t, n.DB, distribution.Accountant), storetest.User(t, n.DB, distribution.Manager)
	return n
}

func (n *noted) options(o *store.Options) { o.Signer, o.Instance = n.signer, true }

func (n *noted) open(t *testing.T) {
	t.Helper()
	n.DB = storetest.Open(t, n.path, n.clock.Now, n.options)
}

// again is the next run of the program, after something happened to the files.
func (n *noted) again(t *testing.T, meanwhile func()) {
	t.Helper()
	require.NoError(t, n.Close())
	n.clock.Advance(time.Minute)
	meanwhile()
	n.open(t)
}

// copied is a backup of now.
func (n *noted) copied(t *testing.T) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "backup.db")
	_, err := n.Backup(t.Context(), to, nil)
	require.NoError(t, err)
	return to
}

// put lays a file in the place of the database, as somebody does by hand.
func (n *noted) put(t *testing.T, from string) {
	t.Helper()
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(n.path, content, 0o600))
}

func (n *noted) note() string { return store.InstanceFile(n.path) }

// rewrite changes a field of the note.
func (n *noted) rewrite(t *testing.T, field string, value any) {
	t.Helper()
	text, err := os.ReadFile(n.note())
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, json.Unmarshal(text, &all))
	require.Contains(t, all, field)
	all[field] = value
	text, err = json.Marshal(all)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(n.note(), text, 0o600))
}

func (n *noted) work(t *testing.T, times int) {
	t.Helper()
	for range times {
		storetest.Draft(t, n.DB, n.maker)
	}
}

func TestWhatPutsADatabaseOnHold(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(*testing.T, *noted) // between two runs; it may run the program in between
		why     store.HoldReason         // empty: no HOLD
	}{
		"nothing": {func(*testing.T, *noted) {}, ""},
		"the note lags": {func(t *testing.T, n *noted) {
			old, err := os.ReadFile(n.note())
			require.NoError(t, err)
			n.again(t, func() {})
			n.work(t, 3)
			require.NoError(t, n.Close())
			require.NoError(t, os.WriteFile(n.note(), old, 0o600))
		}, ""},
		"a command worked without the note": {func(t *testing.T, n *noted) {
			plain := storetest.Open(t, n.path, nil, func(o *store.Options) { o.Signer = n.signer })
			storetest.Draft(t, plain, n.maker)
			require.NoError(t, plain.Close())
		}, ""},
		"the note is gone":          {func(t *testing.T, n *noted) { require.NoError(t, os.Remove(n.note())) }, store.HoldMissing},
		"the note cannot be read":   {func(t *testing.T, n *noted) { require.NoError(t, os.WriteFile(n.note(), []byte("{"), 0o600)) }, store.HoldMissing},
		"the machine is another":    {func(t *testing.T, n *noted) { n.rewrite(t, "machine", "another") }, store.HoldMachine},
		"the file is another":       {func(t *testing.T, n *noted) { n.rewrite(t, "inode", 1) }, store.HoldMoved},
		"the note knows more":       {func(t *testing.T, n *noted) { n.rewrite(t, "size", 1000) }, store.HoldBehind},
		"the note knows others":     {func(t *testing.T, n *noted) { n.rewrite(t, "root", audit.Hash{1}) }, store.HoldForked},
		"the database is gone":      {func(t *testing.T, n *noted) { require.NoError(t, os.Remove(n.path)) }, store.HoldBehind},
		"an older copy is put back": {olderCopy, store.HoldBehind},
		"a copy that went its own way": {func(t *testing.T, n *noted) {
			olderCopy(t, n)
			plain := storetest.Open(t, n.path, nil, func(o *store.Options) { o.Signer = n.signer })
			for range 5 {
				storetest.Draft(t, plain, n.maker)
			}
			require.NoError(t, plain.Close())
		}, store.HoldForked},
		"restored by the command": {func(t *testing.T, n *noted) {
			n.again(t, func() {})
			from := n.copied(t)
			require.NoError(t, n.Close())
			_, err := store.Restore(t.Context(), from, n.path, nil, n.clock.Now())
			require.NoError(t, err)
		}, store.HoldMoved},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNoted(t)
			require.NoError(t, n.Close())
			row.happens(t, n)
			n.open(t)
			hold, err := n.LastHold(t.Context())
			require.NoError(t, err)
			state, err := n.SyncState(t.Context())
			require.NoError(t, err)
			require.Equal(t, row.why != "", state.Held())
			if row.why == "" {
				require.Nil(t, hold)
				return
			}
			require.NotNil(t, hold)
			assert.Equal(t, row.why, hold.Why)
			n.again(t, func() {})
			same, err := n.LastHold(t.Context())
			require.NoError(t, err)
			assert.Equal(t, hold, same, "it is the same one at the next start")
		})
	}
}

// olderCopy lays a backup in the place of a database that went on since.
func olderCopy(t *testing.T, n *noted) {
	t.Helper()
	n.again(t, func() {})
	from := n.copied(t)
	n.work(t, 3)
	require.NoError(t, n.Close())
	n.put(t, from)
}

// held is a database with one of each state that was restored from a backup.
type held struct {
	*noted
	ids map[distribution.Status]string
}

func newHeld(t *testing.T) *held {
	t.Helper()
	h := &held{noted: newNoted(t), ids: map[distribution.Status]string{}}
	h.ids[distribution.NotFound] = missed(t, h.world).ID
	h.ids[distribution.Unknown] = storetest.Unknown(t, h.DB, h.maker).ID
	h.ids[distribution.Accepted] = storetest.Accepted(t, h.DB, h.maker, "P-1").ID
	h.ids[distribution.Sending] = storetest.Sending(t, h.DB, h.maker).Distribution.ID
	h.ids[distribution.AwaitingApproval] = storetest.Awaiting(t, h.DB, h.maker).ID
	h.ids[distribution.Queued] = storetest.Queued(t, h.DB, h.maker).ID
	h.ids[distribution.Draft] = storetest.Draft(t, h.DB, h.maker).ID
	i, err := h.OpenImport(t.Context(), 100)
	require.NoError(t, err)
	_, err = h.ApplyRemote(t.Context(), syncer(), h.seen("list"), &store.Mark{ImportID: i.ID, NextPage: 7, Items: 600})
	require.NoError(t, err)
	openSession(t, h.DB, h.manager.ID)
	h.again(t, func() { require.NoError(t, os.Remove(h.note())) })
	return h
}

func TestHoldMakesUnknownWhatMayHaveBeenSent(t *testing.T) {
	h := newHeld(t)
	hold, err := h.LastHold(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 1, 3}, []int{hold.Queued, hold.Sending, hold.NotFound, hold.Moved()})
	for was, id := range h.ids {
		d := h.read(t, id)
		switch was { //nolint:exhaustive // the others are not in the table
		case distribution.Accepted, distribution.AwaitingApproval, distribution.Draft:
			assert.Equal(t, was, d.Status)
			continue
		}
		assert.Equal(t, distribution.Unknown, d.Status, was)
		assert.Equal(t, "restored", d.StatusReason, was)
		assert.Equal(t, hold.At, d.UnknownSince, "the settle window of one that was %s begins now", was)
		assert.Positive(t, d.Attempts, was)
		assert.True(t, d.Sought(), was)
		e := h.event(t, id)
		assert.Equal(t, "system:guard", e.Actor.ID, was)
		attempts, err := h.Attempts(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, []any{store.OutcomeUnknown, "restored"}, []any{attempts[0].Outcome, attempts[0].Reason}, was)
		checks, err := h.Checks(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, hold.At, checks.NextLookAt, "it is looked for at once")
	}
	c, err := h.Claim(t.Context(), sender(), storetest.Wire)
	require.NoError(t, err)
	assert.Nil(t, c)
	assert.Zero(t, count(t, h.DB, "SELECT count(*) FROM sessions"), "who was shut out since the copy was made is not let in")
	state, err := h.SyncState(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "hold", state.Paused(h.Now(), time.Hour, true))
	assert.Equal(t, []any{1, 0}, []any{state.Import.NextPage, state.Import.Items}, "the import begins anew")
	var began int
	for _, r := range auditRecords(t, h.DB) {
		if r.Action == "hold.began" {
			began++
			assert.Equal(t, "missing", r.Reason)
			assert.Equal(t, map[string]string{"knownSize": "0", "size": r.Details["size"], "queued": "1", "sending": "1", "notFound": "1"}, r.Details)
		}
	}
	assert.Equal(t, 1, began)
}

// readWhole is what the workers do while a HOLD waits for it.
func (h *held) readWhole(t *testing.T) {
	t.Helper()
	h.imported(t)
	h.end(t, h.begin(t), store.SweepProven)
}

// imported is the first half of that.
func (h *held) imported(t *testing.T) {
	t.Helper()
	h.clock.Advance(time.Second)
	i, err := h.OpenImport(t.Context(), 100)
	require.NoError(t, err)
	require.NoError(t, h.FinishImport(t.Context(), syncer(), i.ID))
}

func TestTwoPeopleLiftAHoldOnceEverythingIsRead(t *testing.T) {
	h := newHeld(t)
	ask := store.Proposal{Kind: distribution.DecideHold, Reason: "всё сверено"}
	_, err := h.Propose(t.Context(), h.manager, ask, window)
	require.Equal(t, "hold_import", refusalOf(t, err))
	require.ErrorIs(t, h.Lift(t.Context(), sender(), store.StopHold, ""), distribution.ErrForbidden)
	require.NoError(t, h.StartSending(t.Context(), h.manager, ""))
	state, err := h.SyncState(t.Context())
	require.NoError(t, err)
	require.True(t, state.Held(), "nobody lifts it alone")

	h.imported(t)
	hold, err := h.LastHold(t.Context())
	require.NoError(t, err)
	require.Equal(t, h.Now(), hold.ImportedAt)
	for _, end := range []store.SweepEnd{store.SweepFailed, store.SweepInconclusive} {
		h.end(t, h.begin(t), end)
		_, err = h.Propose(t.Context(), h.manager, ask, window)
		require.Equal(t, "hold_proof", refusalOf(t, err), "an end that is not proven is none")
	}
	h.end(t, h.begin(t), store.SweepProven)
	dec, err := h.Propose(t.Context(), h.manager, ask, window)
	require.NoError(t, err)
	_, err = h.Confirm(t.Context(), h.manager, dec.ID)
	require.Equal(t, "own_proposal", refusalOf(t, err))
	admin := storetest.User(t, h.DB, distribution.Admin)
	_, err = h.Confirm(t.Context(), admin, dec.ID)
	require.NoError(t, err)

	state, err = h.SyncState(t.Context())
	require.NoError(t, err)
	assert.False(t, state.Held())
	hold, err = h.LastHold(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []any{h.Now(), admin.ID}, []any{hold.LiftedAt, hold.LiftedBy.ID})
	_, err = h.Propose(t.Context(), h.manager, ask, window)
	require.Equal(t, "not_stopped", refusalOf(t, err))
	h.again(t, func() {})
	state, err = h.SyncState(t.Context())
	require.NoError(t, err)
	assert.False(t, state.Held(), "nor at the next start")
}

// Restored once more before anybody lifted it: the proposal is void, and what
// was read before does not count.
func TestASecondRestoreBeginsTheHoldAnew(t *testing.T) {
	h := newHeld(t)
	h.readWhole(t)
	dec, err := h.Propose(t.Context(), h.manager, store.Proposal{Kind: distribution.DecideHold, Reason: "всё сверено"}, window)
	require.NoError(t, err)
	h.again(t, func() { h.rewrite(t, "size", 100_000) })

	dec, err = h.Decision(t.Context(), dec.ID)
	require.NoError(t, err)
	assert.Equal(t, distribution.DecisionVoid, dec.Status)
	hold, err := h.LastHold(t.Context())
	require.NoError(t, err)
	assert.Equal(t, store.HoldBehind, hold.Why)
	assert.True(t, hold.ImportedAt.IsZero())
	assert.True(t, hold.ProvenAt.IsZero())
	assert.Equal(t, 1, count(t, h.DB, "SELECT count(*) FROM stops WHERE kind = 'hold'"), "one stop, two findings")
}

// What was submitted while it held and stands at Plexy by now is its maker's
// again before anything is sent.
func TestLiftingLooksAtTheQueueOnceMore(t *testing.T) {
	h := newHeld(t)
	storetest.SetPolicy(t, h.DB, distribution.Policy{})
	_, err := h.Submit(t.Context(), h.maker, h.ids[distribution.Draft])
	require.NoError(t, err)
	d := h.read(t, h.ids[distribution.Draft])
	h.apply(t, "list", storetest.Remote(&d, "P-9", "paid")) // sent by the run that the copy does not know
	fresh := storetest.Queued(t, h.DB, h.maker)
	h.readWhole(t)
	dec, err := h.Propose(t.Context(), h.manager, store.Proposal{Kind: distribution.DecideHold, Reason: "всё сверено"}, window)
	require.NoError(t, err)
	_, err = h.Confirm(context.WithoutCancel(t.Context()), storetest.User(t, h.DB, distribution.Manager), dec.ID)
	require.NoError(t, err)

	assert.Equal(t, []any{distribution.Draft, "reference"}, []any{h.status(t, d.ID), h.read(t, d.ID).StatusReason})
	assert.Equal(t, fresh.ID, storetest.Claim(t, h.DB).Distribution.ID, "the others go")
}
