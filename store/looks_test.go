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

func checks(t *testing.T, w *world, id string) store.Checks {
	t.Helper()
	c, err := w.Checks(t.Context(), id)
	require.NoError(t, err)
	return c
}

func dueLooks(t *testing.T, w *world) []string {
	t.Helper()
	due, err := w.DueLooks(t.Context())
	require.NoError(t, err)
	ids := []string{}
	for _, d := range due {
		ids = append(ids, d.ID)
	}
	return ids
}

// 30 s, doubling, at most an hour.
func TestLooksFollowTheSchedule(t *testing.T) {
	w := newWorld(t)
	id := storetest.Unknown(t, w.DB, w.maker).ID
	lost := w.Now()
	assert.Equal(t, store.Checks{NextLookAt: lost.Add(30 * time.Second)}, checks(t, w, id))
	for looks, wait := range []time.Duration{
		30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute,
		time.Hour, time.Hour, time.Hour,
	} {
		w.clock.Advance(wait - time.Microsecond)
		assert.Empty(t, dueLooks(t, w), "before look %d", looks+1)
		w.clock.Advance(time.Microsecond)
		assert.Equal(t, []string{id}, dueLooks(t, w), "at look %d", looks+1)
		require.NoError(t, w.Looked(t.Context(), id, w.Now()))
		assert.Equal(t, looks+1, checks(t, w, id).Looks)
		assert.Equal(t, w.Now(), checks(t, w, id).LastCheckedAt)
	}
}

// A doubt that Plexy itself raised, and one after a crash, wait for nothing.
func TestFirstLookByHowTheOutcomeWasLost(t *testing.T) {
	for code, wait := range map[string]time.Duration{
		"timeout": 30 * time.Second, "server_error": 30 * time.Second, "exists": 0, "crash": 0,
	} {
		t.Run(code, func(t *testing.T) {
			w := newWorld(t)
			c := storetest.Sending(t, w.DB, w.maker)
			storetest.Finish(t, w.DB, c, store.OutcomeUnknown, lose(w, code))
			assert.Equal(t, w.Now().Add(wait), checks(t, w, c.Distribution.ID).NextLookAt)
		})
	}
}

func TestScheduleStartsAnewWithASecondDoubt(t *testing.T) {
	w := newWorld(t)
	id := storetest.Unknown(t, w.DB, w.maker).ID
	for range 5 {
		require.NoError(t, w.Looked(t.Context(), id, w.Now()))
	}
	d := w.read(t, id)
	r := storetest.Remote(&d, "P-1", "created")
	r.Amount++
	r.ByID = true
	w.apply(t, "detail", r)
	assert.Empty(t, dueLooks(t, w))
	w.clock.Advance(24 * time.Hour)
	assert.Empty(t, dueLooks(t, w), "a mismatch waits for people")

	_, err := w.Change(t.Context(), w.manager, id, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Disown("not ours", w.Now())
	})
	require.NoError(t, err)
	assert.Zero(t, checks(t, w, id).Looks)
	assert.Equal(t, w.Now().Add(30*time.Second), checks(t, w, id).NextLookAt)
}

func TestDueLooksAreOldestFirstAndOnlyWhereTheOutcomeIsOpen(t *testing.T) {
	w := newWorld(t)
	first := storetest.Unknown(t, w.DB, w.maker)
	w.clock.Advance(time.Second)
	second := storetest.Unknown(t, w.DB, w.maker)
	w.clock.Advance(time.Second)
	found := storetest.Unknown(t, w.DB, w.maker)
	storetest.Accepted(t, w.DB, w.maker, "P-2")
	storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(time.Hour)
	w.apply(t, "list", storetest.Remote(&found, "P-1", "created"))
	_, err := w.Change(t.Context(), syncer(), second.ID, (*distribution.Distribution).Miss)
	require.NoError(t, err)
	assert.Equal(t, []string{first.ID, second.ID}, dueLooks(t, w), "one that was not found is still looked for")
}

func TestLookNowIsForThoseWhoMakeOrApprove(t *testing.T) {
	w := newWorld(t)
	unknown, queued := storetest.Unknown(t, w.DB, w.maker).ID, storetest.Queued(t, w.DB, w.maker).ID
	for name, row := range map[string]struct {
		by   distribution.Actor
		id   string
		want error
	}{
		"its maker":           {w.maker, unknown, nil},
		"a manager":           {w.manager, unknown, nil},
		"an auditor":          {storetest.User(t, w.DB, distribution.Auditor), unknown, distribution.ErrForbidden},
		"an admin":            {storetest.User(t, w.DB, distribution.Admin), unknown, distribution.ErrForbidden},
		"nothing to look for": {w.maker, queued, distribution.ErrConflict},
		"what does not exist": {w.maker, "nowhere", distribution.ErrNotFound},
	} {
		require.ErrorIs(t, w.LookNow(t.Context(), row.by, row.id), row.want, name)
	}
}

func TestLookNowIsDueAtOnceAndKeepsTheCount(t *testing.T) {
	w := newWorld(t)
	id := storetest.Unknown(t, w.DB, w.maker).ID
	require.NoError(t, w.Looked(t.Context(), id, w.Now()))
	assert.Empty(t, dueLooks(t, w))
	require.NoError(t, w.LookNow(t.Context(), w.maker, id))
	assert.Equal(t, []string{id}, dueLooks(t, w))
	assert.Equal(t, 1, checks(t, w, id).Looks)
}

func TestOpenOnesAreReadLongestUnreadFirst(t *testing.T) {
	w := newWorld(t)
	due := func(limit int) []string {
		t.Helper()
		ids, err := w.DueReads(t.Context(), limit)
		require.NoError(t, err)
		return ids
	}
	assert.Empty(t, due(50))
	for _, id := range []string{"P-1", "P-2", "P-3"} {
		storetest.Accepted(t, w.DB, w.maker, id)
	}
	w.apply(t, "list", w.foreign("P-4", "processing"), w.foreign("P-5", "paid"), w.foreign("P-6", "failed"))
	for _, id := range []string{"P-3", "P-1", "P-4"} {
		w.clock.Advance(time.Second)
		require.NoError(t, w.ReadByID(t.Context(), id))
	}
	assert.Equal(t, []string{"P-2", "P-3", "P-1", "P-4"}, due(50), "never read first; nothing that is settled")
	assert.Equal(t, []string{"P-2", "P-3"}, due(2))
	assert.Equal(t, w.Now(), checks(t, w, w.byPlexyID(t, "P-4").ID).LastCheckedAt)
}

func TestChecksOfWhatDoesNotExist(t *testing.T) {
	w := newWorld(t)
	_, err := w.Checks(t.Context(), "nowhere")
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

// A payment that settled is not read every round, but a list's hint that it moved
// is followed up until a read by id has told.
func TestHintOfAListIsReadUntilItIsConfirmed(t *testing.T) {
	w := newWorld(t)
	d := storetest.Accepted(t, w.DB, w.maker, "P-1")
	r := storetest.Remote(&d, "P-1", "paid")
	r.ByID = true
	w.apply(t, "detail", r)
	due := func() []string {
		ids, err := w.DueReads(t.Context(), 50)
		require.NoError(t, err)
		return ids
	}
	assert.Empty(t, due())

	r.Word, r.ByID = "returned", false
	w.apply(t, "list", r)
	assert.Equal(t, []string{"P-1"}, due())
	require.NoError(t, w.ReadByID(t.Context(), "P-1"))
	assert.Equal(t, []string{"P-1"}, due(), "the read failed: it stays due")

	r.ByID = true
	w.apply(t, "detail", r)
	assert.Equal(t, distribution.Returned, w.status(t, d.ID))
	assert.Empty(t, due())
}

// Pressing "check now" while a look runs asks for another one.
func TestPressDuringALookIsNotLost(t *testing.T) {
	w := newWorld(t)
	id := storetest.Unknown(t, w.DB, w.maker).ID
	w.clock.Advance(time.Minute)
	began := w.Now()
	w.clock.Advance(time.Second)
	require.NoError(t, w.LookNow(t.Context(), w.maker, id))
	pressed := w.Now()
	w.clock.Advance(time.Second)
	require.NoError(t, w.Looked(t.Context(), id, began))
	assert.Equal(t, pressed, checks(t, w, id).NextLookAt)
}
