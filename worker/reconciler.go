package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

// Reconciler looks for distributions whose outcome is unknown in Plexy's list.
//
//   - A look reads the newest pages. It can only find: one that is not there may
//     still come, so nothing is ever concluded from its absence.
//   - A sweep reads every page, each night and when somebody asks. Only a sweep
//     can miss, and only under the conditions of distribution.SweepProof.
//
// When each is due is in the database.
type Reconciler struct {
	waker
	mirror *mirror
	window time.Duration // of settling
	log    *slog.Logger

	begun    bool // what an earlier run left open is closed
	failures int  // turns in a row
}

const (
	reconcilerIdle = 5 * time.Second
	// After a failed look: 30 s, doubling.
	firstLookRetry   = 30 * time.Second
	longestLookRetry = 5 * time.Minute
)

func reconcilerActor() distribution.Actor { return distribution.System("reconciler") }

// Run works until ctx ends. It returns nil.
func (r *Reconciler) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := r.turn(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			r.afterFailure(ctx, err)
		default:
			r.failures = 0
			r.idle(ctx, reconcilerIdle)
		}
	}
	return nil
}

func (r *Reconciler) afterFailure(ctx context.Context, err error) {
	r.failures++
	r.log.Error("search failed", "failures", r.failures, "error", loggable(err))
	if plexyclient.Unauthorized(err) {
		if err := r.mirror.db.SyncFailed(ctx, reconcilerActor(), store.Unauthorized); err != nil && ctx.Err() == nil {
			r.log.Error("cannot note the failure", "error", err)
		}
	}
	pause(ctx, plexyclient.RetryAfter(err))
	r.idle(ctx, doubled(r.failures, firstLookRetry, longestLookRetry))
}

// turn does what is due.
func (r *Reconciler) turn(ctx context.Context) error {
	db := r.mirror.db
	if !r.begun {
		if err := db.InterruptSweeps(ctx); err != nil {
			return err
		}
		r.begun = true
	}
	plan, err := db.NextSweep(ctx)
	if err != nil {
		return err
	}
	if !plan.Due.IsZero() && !plan.Due.After(db.Now()) {
		if err := r.sweep(ctx, plan.Reason); err != nil {
			return err
		}
	}
	return r.look(ctx)
}

// look searches for all whose look is due. In a doubt about the clock that is
// every one of them.
func (r *Reconciler) look(ctx context.Context) error {
	began := time.Now()
	due, err := r.mirror.db.DueLooks(ctx)
	if err == nil {
		err = r.lookFor(ctx, due)
	}
	if err == nil && len(due) > 0 {
		r.mirror.clock.wholeSearch(began)
	}
	return err
}

// lookFor searches for all of them in one walk.
func (r *Reconciler) lookFor(ctx context.Context, due []distribution.Distribution) error {
	if len(due) == 0 {
		return nil
	}
	db := r.mirror.db
	run := store.Run{Kind: "look", StartedAt: db.Now()}
	w := newWalk(reconcilerActor(), pageSize)
	err := r.search(ctx, w, due)
	if err == nil {
		err = r.noteLooked(ctx, w, idsOf(due))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	run.Error = runError(err)
	run.FinishedAt, run.Pages, run.Items, run.Changed = db.Now(), w.pages, w.rows, w.changed
	return errors.Join(err, db.KeepRun(ctx, run))
}

// search reads the newest pages until two whole ones in a row are older than the
// oldest attempt by the margin, or to the end of a list that is not known to
// have the newest first.
func (r *Reconciler) search(ctx context.Context, w *walk, due []distribution.Distribution) error {
	since, err := r.oldestAttempt(ctx, due)
	if err != nil {
		return err
	}
	state, err := r.mirror.db.SyncState(ctx)
	if err != nil {
		return err
	}
	for number, older := 1, 0; older < olderPages; number++ {
		l, err := r.mirror.page(ctx, w, number, nil)
		if w.pastTheEnd(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.mirror.confirm(ctx, w, l); err != nil {
			return err
		}
		if w.endAt(l, w.rows) != goesOn {
			return nil
		}
		if w.newestFirst(state.Order) && l.whollyBefore(since.Add(-margin)) {
			older++
		} else {
			older = 0
		}
	}
	return nil
}

// olderPages is how many whole pages in a row must be older than what is looked
// for before a reading of a list with the newest first may stop.
const olderPages = 2

// oldestAttempt is when the first try of any of them began.
func (r *Reconciler) oldestAttempt(ctx context.Context, due []distribution.Distribution) (time.Time, error) {
	oldest := r.mirror.db.Now()
	for _, d := range due {
		attempts, err := r.mirror.db.Attempts(ctx, d.ID)
		if err != nil {
			return oldest, err
		}
		for _, a := range attempts {
			if a.StartedAt.Before(oldest) {
				oldest = a.StartedAt
			}
		}
	}
	return oldest, nil
}

// noteLooked puts those that the walk did not find on their schedule again, but
// not those that became due since it began. The clock may have jumped meanwhile.
func (r *Reconciler) noteLooked(ctx context.Context, w *walk, ids []string) error {
	began := r.mirror.db.Now().Add(-time.Since(w.began))
	for _, id := range ids {
		now, err := r.mirror.db.Distribution(ctx, id)
		if err != nil {
			return err
		}
		if now.Status != distribution.Unknown && now.Status != distribution.NotFound {
			continue
		}
		if err := r.mirror.db.Looked(ctx, id, began); err != nil {
			return err
		}
	}
	return nil
}

func idsOf(all []distribution.Distribution) []string {
	ids := make([]string, 0, len(all))
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return ids
}
