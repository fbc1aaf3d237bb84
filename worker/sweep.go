package worker

import (
	"context"
	"errors"
	"slices"

	"plexydash/distribution"
	"plexydash/store"
)

// sweep reads the whole list, keeps what that proves, and reads by id what it
// did not show although the mirror holds it.
func (r *Reconciler) sweep(ctx context.Context, reason store.SweepReason) error {
	s, err := r.beginSweep(ctx, reason)
	if err != nil {
		return err
	}
	how, err := r.readTwice(ctx, s)
	if err == nil {
		r.mirror.clock.wholeSearch(s.began)
	}
	s.clocks()
	switch {
	case ctx.Err() != nil:
		s.Ended, s.Error = store.SweepFailed, store.Interrupted
	case err != nil:
		s.Ended, s.Error = store.SweepFailed, runError(err)
	case how == ended:
		s.Ended = store.SweepProven
	default:
		s.Ended = store.SweepInconclusive
		r.log.Warn("a sweep proves nothing", "sweep", s.ID, "pages", s.Pages, "ids", s.Items, "needed", s.needed, "first", s.first, "again", s.again)
	}
	if endErr := r.endSweep(context.WithoutCancel(ctx), s); endErr != nil {
		r.begun = false // the open one is closed at the next turn
		return errors.Join(err, endErr)
	}
	if err != nil || s.Ended != store.SweepProven {
		return err
	}
	return r.compare(ctx, s)
}

func (r *Reconciler) endSweep(ctx context.Context, s *sweep) error {
	db := r.mirror.db
	if err := r.mirror.clock.look(ctx); err != nil { // a jump is no part of the window
		return err
	}
	if err := db.FinishSweep(ctx, reconcilerActor(), s.Swept); err != nil {
		return err
	}
	run := store.Run{
		Kind: "sweep", StartedAt: s.StartedAt, FinishedAt: db.Now(),
		Pages: s.pages, Items: s.rows, Changed: s.changed, Error: s.Error,
	}
	if s.Ended == store.SweepInconclusive {
		run.Error = inconclusiveRun
	}
	if s.Ended != store.SweepFailed {
		if err := r.noteLooked(ctx, s.walk, soughtIDs(s.Sought)); err != nil {
			return err
		}
	}
	return db.KeepRun(ctx, run)
}

func soughtIDs(all []store.Sought) []string {
	ids := make([]string, 0, len(all))
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	return ids
}

func (r *Reconciler) readTwice(ctx context.Context, s *sweep) (end, error) {
	state, err := r.mirror.db.SyncState(ctx)
	if err != nil {
		return goesOn, err
	}
	how, err := r.reading(ctx, s, false)
	if err != nil || how != ended {
		return how, err
	}
	newestFirst := s.newestFirst(state.Order) && s.Behind < margin
	s.seen.again()
	how, err = r.reading(ctx, s, newestFirst)
	if err == nil && how == ended && !s.whole(newestFirst) {
		how = inconclusive
	}
	return how, err
}

// reading reads page after page to the end of the list, or, if toSince, until
// whole pages are older than what is looked for.
func (r *Reconciler) reading(ctx context.Context, s *sweep, toSince bool) (end, error) {
	for number, older := 1, 0; ; number++ {
		l, err := r.mirror.page(ctx, s.walk, number, nil)
		if s.pastTheEnd(err) {
			return ended, nil
		}
		if err != nil {
			return goesOn, err
		}
		s.page(l, number)
		if err := r.betweenPages(ctx, s, l); err != nil {
			return goesOn, err
		}
		if how := s.endOf(l); how != goesOn {
			return how, nil
		}
		older++
		if !toSince || !l.whollyBefore(s.since) {
			older = 0
		}
		if older == olderPages {
			return ended, nil
		}
	}
}

// betweenPages follows up what the page hinted at, shows how far the sweep is,
// and looks for those that were lost after it began: it may take long.
func (r *Reconciler) betweenPages(ctx context.Context, s *sweep, l leaf) error {
	if err := r.mirror.confirm(ctx, s.walk, l); err != nil {
		return err
	}
	if err := r.mirror.db.SweepPage(ctx, s.Sweep); err != nil {
		return err
	}
	due, err := r.mirror.db.DueLooks(ctx)
	if err != nil {
		return err
	}
	return r.lookFor(ctx, slices.DeleteFunc(due, func(d distribution.Distribution) bool {
		_, sought := s.Under[d.OrderReference]
		return sought
	}))
}

func (r *Reconciler) beginSweep(ctx context.Context, reason store.SweepReason) (*sweep, error) {
	row, sought, err := r.mirror.db.StartSweep(ctx, reason)
	if err != nil {
		return nil, err
	}
	s := &sweep{walk: newWalk(reconcilerActor(), pageSize), since: row.StartedAt}
	s.Swept = store.Swept{Sweep: row, Sought: sought, Window: r.window, Under: map[string][]string{}, Saw: s.seen.has}
	for _, one := range sought {
		s.Under[one.OrderReference] = nil
		if one.FirstTry.Before(s.since) {
			s.since = one.FirstTry
		}
	}
	s.since = s.since.Add(-margin)
	s.each = s.look
	return s, nil
}
