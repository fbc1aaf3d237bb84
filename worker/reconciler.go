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
// A look can only find: one that is not there may still come, so nothing is ever
// concluded from its absence here. When each is due is in the database.
type Reconciler struct {
	waker
	mirror *mirror
	log    *slog.Logger

	failures int // looks in a row
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
		err := r.look(ctx)
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
	r.log.Error("look failed", "failures", r.failures, "error", loggable(err))
	if plexyclient.Unauthorized(err) {
		if err := r.mirror.db.SyncFailed(ctx, reconcilerActor(), store.Unauthorized); err != nil && ctx.Err() == nil {
			r.log.Error("cannot note the failure", "error", err)
		}
	}
	pause(ctx, plexyclient.RetryAfter(err))
	r.idle(ctx, doubled(r.failures, firstLookRetry, longestLookRetry))
}

// look searches for all that are due in one walk.
func (r *Reconciler) look(ctx context.Context) error {
	db := r.mirror.db
	due, err := db.DueLooks(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	began := time.Now()
	run := store.Run{Kind: "look", StartedAt: db.Now()}
	w := newWalk(reconcilerActor(), pageSize)
	err = r.search(ctx, w, due)
	if err == nil {
		r.mirror.clock.wholeSearch(began)
		err = r.noteLooked(ctx, due, run.StartedAt)
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
	const enough = 2
	for number, older := 1, 0; older < enough; number++ {
		l, err := r.mirror.page(ctx, w, number, nil)
		if w.pastTheEnd(err) {
			return nil
		}
		if err != nil {
			return err
		}
		changed, err := r.mirror.byIDs(ctx, w.actor, l.applied.Unconfirmed, func() error { return nil })
		w.changed += changed
		if err != nil {
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

// noteLooked puts those that were not found on their schedule again.
func (r *Reconciler) noteLooked(ctx context.Context, due []distribution.Distribution, began time.Time) error {
	for _, d := range due {
		now, err := r.mirror.db.Distribution(ctx, d.ID)
		if err != nil {
			return err
		}
		if now.Status != distribution.Unknown && now.Status != distribution.NotFound {
			continue
		}
		if err := r.mirror.db.Looked(ctx, d.ID, began); err != nil {
			return err
		}
	}
	return nil
}
