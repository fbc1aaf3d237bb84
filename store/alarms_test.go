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

// openAlarms are the kinds of those that nobody acknowledged, the loudest first.
func openAlarms(t *testing.T, w *world) (open []distribution.AlarmKind) {
	t.Helper()
	alarms, err := w.OpenAlarms(t.Context(), 50)
	require.NoError(t, err)
	counted := map[distribution.AlarmKind]int{}
	for _, a := range alarms {
		open = append(open, a.Kind)
		counted[a.Kind]++
	}
	counts, err := w.CountOpenAlarms(t.Context())
	require.NoError(t, err)
	assert.Equal(t, counted, counts)
	return open
}

// imported makes everything that Plexy has so far history.
func imported(t *testing.T, w *world) {
	t.Helper()
	i, err := w.OpenImport(t.Context(), 100)
	require.NoError(t, err)
	require.NoError(t, w.FinishImport(t.Context(), syncer(), i.ID))
	w.clock.Advance(time.Hour)
}

func TestWhatRaisesAnAlarm(t *testing.T) {
	gone := func(t *testing.T, w *world) distribution.Distribution {
		d := storetest.Accepted(t, w.DB, w.maker, "P-1")
		require.NoError(t, second(w.Change(t.Context(), syncer(), d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
			e, _ := d.Gone(w.Now())
			return e, nil
		})))
		return w.read(t, d.ID)
	}
	for name, row := range map[string]struct {
		given func(*testing.T, *world)
		want  []distribution.AlarmKind
	}{
		"history": {func(t *testing.T, w *world) {
			w.apply(t, "list", w.foreign("P-1", "paid"))
			imported(t, w)
			w.apply(t, "list", w.foreign("P-1", "paid"))
		}, nil},
		"history that is seen late": {func(t *testing.T, w *world) {
			r := w.foreign("P-1", "paid")
			imported(t, w)
			w.apply(t, "list", r)
		}, nil},
		"made outside after the first import": {func(t *testing.T, w *world) {
			imported(t, w)
			w.clock.Advance(time.Hour)
			w.apply(t, "list", w.foreign("P-1", "paid"))
		}, []distribution.AlarmKind{distribution.AlarmOutside}},
		"ours": {func(t *testing.T, w *world) {
			imported(t, w)
			d := storetest.Accepted(t, w.DB, w.maker, "P-1")
			w.apply(t, "list", storetest.Remote(&d, "P-1", "created"))
		}, nil},
		"a step back": {func(t *testing.T, w *world) { steppedBack(t, w) }, []distribution.AlarmKind{distribution.AlarmRegressed}},
		"executed twice": {func(t *testing.T, w *world) {
			d := storetest.Accepted(t, w.DB, w.maker, "P-1")
			w.apply(t, "list", storetest.Remote(&d, "P-2", "paid"))
		}, []distribution.AlarmKind{distribution.AlarmTwice}},
		"executed three times": {func(t *testing.T, w *world) {
			imported(t, w)
			d := storetest.Accepted(t, w.DB, w.maker, "P-1")
			w.apply(t, "list", storetest.Remote(&d, "P-2", "paid"), storetest.Remote(&d, "P-3", "paid"))
		}, []distribution.AlarmKind{distribution.AlarmTwice}},
		"refused and found": {func(t *testing.T, w *world) {
			d := refused(t, w)
			w.apply(t, "list", storetest.Remote(&d, "P-1", "paid"))
		}, []distribution.AlarmKind{distribution.AlarmFoundLate}},
		"refused and found with another amount": {func(t *testing.T, w *world) {
			d := refused(t, w)
			r := storetest.Remote(&d, "P-1", "paid")
			r.Amount++
			w.apply(t, "detail", r)
		}, []distribution.AlarmKind{distribution.AlarmFoundLate}},
		"unknown and found": {func(t *testing.T, w *world) {
			d := storetest.Unknown(t, w.DB, w.maker)
			w.apply(t, "list", storetest.Remote(&d, "P-1", "paid"))
		}, nil},
		"found while it waits to be sent again": {func(t *testing.T, w *world) {
			d := resent(t, w)
			w.apply(t, "list", storetest.Remote(&d, "P-1", "paid"))
		}, nil},
		"vanished": {func(t *testing.T, w *world) { gone(t, w) }, []distribution.AlarmKind{distribution.AlarmVanished}},
		"vanished and back again, which somebody should know": {func(t *testing.T, w *world) {
			d := gone(t, w)
			assert.Equal(t, store.Applied{Changed: 1}, w.apply(t, "list", storetest.Remote(&d, "P-1", "created")))
			assert.Zero(t, w.read(t, d.ID).GoneAt)
			assert.Equal(t, store.Applied{}, w.apply(t, "list", storetest.Remote(&d, "P-1", "created")), "told once")
		}, []distribution.AlarmKind{distribution.AlarmVanished}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			row.given(t, w)
			assert.Equal(t, row.want, openAlarms(t, w))
		})
	}
}

func TestLoudestAlarmComesFirst(t *testing.T) {
	w := newWorld(t)
	imported(t, w)
	twice := storetest.Accepted(t, w.DB, w.maker, "P-1")
	w.apply(t, "list", storetest.Remote(&twice, "P-2", "paid"))
	late := refused(t, w)
	w.apply(t, "list", storetest.Remote(&late, "P-3", "paid"))
	back := storetest.Accepted(t, w.DB, w.maker, "P-4")
	w.apply(t, "detail", storetest.Remote(&back, "P-4", "returned"))
	w.clock.Advance(time.Hour)
	w.apply(t, "list", w.foreign("P-5", "paid"))
	assert.Equal(t, []distribution.AlarmKind{
		distribution.AlarmTwice, distribution.AlarmFoundLate, distribution.AlarmRegressed, distribution.AlarmOutside,
	}, openAlarms(t, w))
	all, err := w.OpenAlarms(t.Context(), 2)
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, w.read(t, twice.ID), all[0].Distribution)
	assert.Equal(t, w.read(t, late.ID), all[1].Distribution)
}

func TestAlarmIsOpenUntilItIsAcknowledged(t *testing.T) {
	w := newWorld(t)
	d := steppedBack(t, w)
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "paid"))
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "processing"))
	assert.Equal(t, []distribution.AlarmKind{distribution.AlarmRegressed}, openAlarms(t, w), "one open of a kind")

	state := w.dump(t)
	for _, by := range []distribution.Actor{w.maker, storetest.User(t, newWorld(t).DB, distribution.Admin), sender(), {}} {
		require.ErrorIs(t, w.Acknowledge(t.Context(), by, d.ID, "seen"), distribution.ErrForbidden)
	}
	requireRefused(t, w.Acknowledge(t.Context(), w.manager, d.ID, ""), "reason")
	require.ErrorIs(t, w.Acknowledge(t.Context(), w.manager, "nowhere", "seen"), distribution.ErrNotFound)
	assert.Equal(t, state, w.dump(t))

	auditor := storetest.User(t, w.DB, distribution.Auditor)
	w.clock.Advance(time.Minute)
	require.NoError(t, w.Acknowledge(t.Context(), auditor, d.ID, "звонили в банк"))
	assert.Empty(t, openAlarms(t, w))
	alarms, err := w.AlarmsOf(t.Context(), d.ID)
	require.NoError(t, err)
	require.Len(t, alarms, 1)
	assert.Equal(t, []string{auditor.ID, "звонили в банк"}, []string{alarms[0].AcknowledgedBy.ID, alarms[0].Note})
	assert.Equal(t, w.Now(), alarms[0].AcknowledgedAt)
	assert.Equal(t, distribution.EventAcknowledged, w.event(t, d.ID).Kind)
	assert.Equal(t, "звонили в банк", w.event(t, d.ID).Note)
	requireRefused(t, w.Acknowledge(t.Context(), w.manager, d.ID, "me too"), "no_alarm")

	w.apply(t, "detail", storetest.Remote(&d, "P-1", "accepted"))
	assert.Equal(t, []distribution.AlarmKind{distribution.AlarmRegressed}, openAlarms(t, w), "the next one is open again")
}
