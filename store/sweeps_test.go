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

func reconciler() distribution.Actor         { return distribution.System("reconciler") }
func byReconciler(*world) distribution.Actor { return reconciler() }

// begin opens a sweep.
func (w *world) begin(t testing.TB) store.Swept {
	t.Helper()
	s, sought, err := w.StartSweep(t.Context(), store.SweepNight)
	require.NoError(t, err)
	return store.Swept{
		Sweep: s, Sought: sought, Window: window,
		Saw:   func(string) bool { return true },
		Ahead: 2 * time.Second, Behind: 2 * time.Second,
	}
}

// end closes it.
func (w *world) end(t testing.TB, s store.Swept, how store.SweepEnd) {
	t.Helper()
	s.Ended = how
	require.NoError(t, w.FinishSweep(t.Context(), reconciler(), s))
}

// older puts one row into the mirror that is older than all that follows.
func (w *world) older(t testing.TB) {
	t.Helper()
	w.apply(t, "list", w.foreign("P-old", "paid"))
	w.clock.Advance(time.Minute)
}

// newer is one that was sent and accepted a minute after all that went before.
func (w *world) newer(t testing.TB, plexyID string) distribution.Distribution {
	t.Helper()
	w.clock.Advance(time.Minute)
	d := storetest.Accepted(t, w.DB, w.maker, plexyID)
	w.clock.Advance(time.Minute)
	return d
}

func (w *world) evidence(t testing.TB, id string) []store.Evidence {
	t.Helper()
	all, err := w.EvidenceOf(t.Context(), id)
	require.NoError(t, err)
	return all
}

func tracesOfSweeps() []trace {
	return []trace{
		{"StartSweep", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error {
				_, _, err := w.StartSweep(t.Context(), store.SweepAsked)
				return err
			}
		}, nil},
		{"SweepPage", nil, func(t *testing.T, w *world) call {
			s := w.begin(t).Sweep
			return func(distribution.Actor) error { return w.SweepPage(t.Context(), s) }
		}, nil},
		{"InterruptSweeps", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return w.InterruptSweeps(t.Context()) }
		}, nil},
		{"FinishSweep", nil, func(t *testing.T, w *world) call {
			storetest.Unknown(t, w.DB, w.maker)
			return finishBy(t, w)
		}, byReconciler},
		{"FinishSweep that misses one for the second time", []string{"distribution.missed"}, func(t *testing.T, w *world) call {
			w.older(t)
			storetest.Unknown(t, w.DB, w.maker)
			w.newer(t, "P-new")
			w.clock.Advance(window)
			w.end(t, w.begin(t), store.SweepProven)
			return finishBy(t, w)
		}, byReconciler},
		{"KeepCompared", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return w.KeepCompared(t.Context(), "P-1") }
		}, nil},
		{"Vanished", []string{"distribution.noted"}, func(t *testing.T, w *world) call {
			w.apply(t, "list", w.foreign("P-1", "paid"))
			return vanishBy(t, w)
		}, byReconciler},
		{"Vanished again", nil, func(t *testing.T, w *world) call {
			w.apply(t, "list", w.foreign("P-1", "paid"))
			require.NoError(t, vanishBy(t, w)(reconciler()))
			return vanishBy(t, w)
		}, byReconciler},
	}
}

func finishBy(t *testing.T, w *world) call {
	s := w.begin(t)
	s.Ended = store.SweepProven
	return func(by distribution.Actor) error { return w.FinishSweep(t.Context(), by, s) }
}

func vanishBy(t *testing.T, w *world) call {
	return func(by distribution.Actor) error {
		return w.Vanished(t.Context(), by, "P-1", storetest.Answer("detail", w.Now()))
	}
}

// Each sweep that ends leaves its evidence with the controls that it saw.
func TestSweepKeepsItsEvidence(t *testing.T) {
	const missed, inconclusive = distribution.SweepMissed, distribution.SweepInconclusive
	for name, row := range map[string]struct {
		ended   store.SweepEnd
		spoil   func(*world, *store.Swept)
		verdict distribution.SweepVerdict
		why     string
	}{
		"proven":       {store.SweepProven, nil, missed, ""},
		"inconclusive": {store.SweepInconclusive, nil, inconclusive, "no_end"},
		"failed":       {store.SweepFailed, nil, inconclusive, "no_end"},
		"older not seen": {store.SweepProven, func(_ *world, s *store.Swept) {
			s.Saw = func(id string) bool { return id != "P-old" }
		}, inconclusive, "no_older"},
		"newer not seen": {store.SweepProven, func(_ *world, s *store.Swept) {
			s.Saw = func(id string) bool { return id != "P-new" }
		}, inconclusive, "no_newer"},
		"older perhaps not, by Plexy's clock": {store.SweepProven, func(_ *world, s *store.Swept) { s.Behind = 2 * time.Hour }, inconclusive, "no_older"},
		"older learnt only by this sweep": {store.SweepProven, func(w *world, s *store.Swept) {
			s.StartedAt = w.Now().Add(-time.Hour)
		}, inconclusive, "no_older"},
		"a row without a reference, since the attempt": {store.SweepProven, func(w *world, s *store.Swept) { s.Unnamed = w.Now() }, inconclusive, "unnamed"},
		"a row without a reference, before it": {store.SweepProven, func(w *world, s *store.Swept) {
			s.Unnamed = w.Now().Add(-time.Hour)
		}, missed, ""},
		"its reference under another row": {store.SweepProven, func(w *world, s *store.Swept) {
			s.Under = map[string][]string{s.Sought[0].OrderReference: {"P-9"}}
		}, distribution.SweepFound, ""},
		"its reference under a row that is not ours": {store.SweepProven, func(w *world, s *store.Swept) {
			s.Under = map[string][]string{s.Sought[0].OrderReference: {"P-disowned"}}
		}, missed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.older(t)
			d := storetest.Unknown(t, w.DB, w.maker)
			after := w.newer(t, "P-new")
			w.sql(t, `INSERT INTO decisions (id, kind, subject, reason, proposed_by, proposed_by_name, proposed_role, proposed_at)
				VALUES ('D', 'not_ours', 'x', 'x', $1, '', '', 0)`, w.manager.ID)
			w.sql(t, "INSERT INTO disowned VALUES ('P-disowned', $1, 'D')", d.ID)
			s := w.begin(t)
			if row.spoil != nil {
				row.spoil(w, &s)
			}
			w.end(t, s, row.ended)

			e := w.evidence(t, d.ID)[0]
			assert.Equal(t, row.verdict, e.Verdict)
			assert.Equal(t, row.why, e.Why)
			assert.Equal(t, row.ended, e.Sweep.Ended)
			assert.False(t, e.AfterWindow)
			if row.why == "" {
				assert.Equal(t, "ELSEWHERE-P-old", e.Older.Reference)
				assert.Equal(t, after.OrderReference, e.Newer.Reference)
			}
			require.ErrorIs(t, w.FinishSweep(t.Context(), reconciler(), s), distribution.ErrConflict, "it is closed")
		})
	}
}

// The newer control is one of ours that was first tried later, whatever Plexy's
// clock says; one tried before and once more after may have been accepted early.
func TestNewerControlOfOurs(t *testing.T) {
	for name, row := range map[string]struct {
		given func(*testing.T, *world)
		newer bool
	}{
		"none": {func(*testing.T, *world) {}, false},
		"tried later": {func(t *testing.T, w *world) {
			w.newer(t, "P-new")
		}, true},
		"not accepted": {func(t *testing.T, w *world) {
			w.clock.Advance(time.Minute)
			storetest.Unknown(t, w.DB, w.maker)
		}, false},
		"tried before, too": {func(t *testing.T, w *world) {
			d := w.newer(t, "P-new")
			w.sql(t, "UPDATE attempts SET n = 2 WHERE distribution_id = $1", d.ID)
		}, false},
		"linked by two people": {func(t *testing.T, w *world) {
			d := w.newer(t, "P-new")
			w.sql(t, "UPDATE distributions SET linked_to = $1 WHERE plexy_id = 'P-old'", d.ID)
		}, false},
		"made elsewhere, in a future that nobody knows": {func(t *testing.T, w *world) {
			r := w.foreign("P-new", "paid")
			r.CreatedAt = w.Now().Add(100 * 24 * time.Hour)
			w.apply(t, "list", r)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.older(t)
			d := storetest.Unknown(t, w.DB, w.maker)
			row.given(t, w)
			w.clock.Advance(time.Minute)
			w.end(t, w.begin(t), store.SweepProven)
			assert.Equal(t, row.newer, !w.evidence(t, d.ID)[0].Newer.IsZero())
		})
	}
}

// An attempt that a crash cut short ended when it was closed: what was sent in
// between is no proof.
func TestAttemptCutShortEndsWhenItWasClosed(t *testing.T) {
	w := newWorld(t)
	w.older(t)
	d := storetest.Sending(t, w.DB, w.maker).Distribution
	between := w.foreign("P-between", "paid")
	between.CreatedAt = w.Now().Add(time.Minute)
	w.clock.Advance(time.Hour)
	w.apply(t, "list", between)
	w.restart(t)
	require.NoError(t, second(w.Recover(t.Context(), sender())))
	w.clock.Advance(time.Minute)
	w.end(t, w.begin(t), store.SweepProven)
	assert.Equal(t, "no_newer", w.evidence(t, d.ID)[0].Why)
	w.newer(t, "P-new")
	w.end(t, w.begin(t), store.SweepProven)
	assert.Equal(t, distribution.SweepMissed, w.evidence(t, d.ID)[0].Verdict)
}

// What happens between the beginning of a sweep and its end wins over it.
func TestSweepIsOvertakenByEvents(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*testing.T, *world, distribution.Distribution)
		verdict   distribution.SweepVerdict // empty: no evidence
		status    distribution.Status
	}{
		"nothing": {func(*testing.T, *world, distribution.Distribution) {}, distribution.SweepMissed, distribution.NotFound},
		"found": {func(t *testing.T, w *world, d distribution.Distribution) {
			w.apply(t, "list", storetest.Remote(&d, "P-1", "paid"))
		}, distribution.SweepFound, distribution.Paid},
		"found, but differs": {func(t *testing.T, w *world, d distribution.Distribution) {
			r := storetest.Remote(&d, "P-1", "paid")
			r.Amount++
			w.apply(t, "detail", r)
		}, distribution.SweepFound, distribution.Mismatch},
		"the clock is set back": {func(_ *testing.T, w *world, _ distribution.Distribution) {
			w.clock.Advance(-time.Hour)
		}, distribution.SweepMissed, distribution.Unknown},
		"lost anew": {func(t *testing.T, w *world, d distribution.Distribution) {
			w.sql(t, "UPDATE distributions SET unknown_since = $1 WHERE id = $2", w.Now().UnixMicro(), d.ID)
		}, distribution.SweepMissed, distribution.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.older(t)
			d := storetest.Unknown(t, w.DB, w.maker)
			w.newer(t, "P-new")
			w.clock.Advance(window)
			w.end(t, w.begin(t), store.SweepProven)
			require.Equal(t, distribution.Unknown, w.status(t, d.ID))
			s := w.begin(t)
			w.clock.Advance(time.Minute)
			row.meanwhile(t, w, d)
			w.end(t, s, store.SweepProven)
			assert.Equal(t, row.verdict, w.evidence(t, d.ID)[0].Verdict)
			assert.Equal(t, row.status, w.status(t, d.ID))
		})
	}
}

// One that was sent again is searched for from the beginning: what missed its
// first attempt says nothing of the second.
func TestEvidenceOfAnEarlierDoubtDoesNotCount(t *testing.T) {
	w := newWorld(t)
	w.older(t)
	d := storetest.Unknown(t, w.DB, w.maker)
	w.newer(t, "P-new")
	w.clock.Advance(window)
	w.end(t, w.begin(t), store.SweepProven)
	w.clock.Advance(time.Minute)
	w.sql(t, "UPDATE distributions SET unknown_since = $1 WHERE id = $2", w.Now().UnixMicro(), d.ID)
	for range 2 { // within the new window: it may still come true
		w.end(t, w.begin(t), store.SweepProven)
	}
	w.clock.Advance(window)
	w.end(t, w.begin(t), store.SweepProven)
	assert.Equal(t, distribution.Unknown, w.status(t, d.ID))
	w.end(t, w.begin(t), store.SweepProven)
	assert.Equal(t, distribution.NotFound, w.status(t, d.ID))
	assert.Equal(t, reconciler().ID, w.event(t, d.ID).Actor.ID)
}

func TestOldSweepsAreForgottenUnlessTheyAreEvidence(t *testing.T) {
	w := newWorld(t)
	w.end(t, w.begin(t), store.SweepProven)
	d := storetest.Unknown(t, w.DB, w.maker)
	w.end(t, w.begin(t), store.SweepProven)
	w.clock.Advance(31 * 24 * time.Hour)
	w.end(t, w.begin(t), store.SweepProven)
	all, err := w.Sweeps(t.Context(), 9)
	require.NoError(t, err)
	assert.Len(t, all, 2)
	assert.Len(t, w.evidence(t, d.ID), 2)
}

func TestRunningSweepShowsHowFarItIs(t *testing.T) {
	w := newWorld(t)
	s := w.begin(t).Sweep
	s.Pages, s.Items, s.Total, s.HasTotal = 37, 3_700, 9_000, true
	require.NoError(t, w.SweepPage(t.Context(), s))
	plan, err := w.NextSweep(t.Context())
	require.NoError(t, err)
	assert.Equal(t, &s, plan.Running)
	require.NoError(t, w.InterruptSweeps(t.Context()))
	plan, err = w.NextSweep(t.Context())
	require.NoError(t, err)
	assert.Nil(t, plan.Running)
}

// Controls and the comparison are found by an index, however long the mirror is.
func TestSweepsReadByIndex(t *testing.T) {
	w := newWorld(t)
	for query, index := range store.SweepQueries() {
		plan := plan(t, w, query, 0, 0, 0)
		assert.Contains(t, plan, index, query)
		assert.NotContains(t, plan, "TEMP B-TREE", query)
	}
}
