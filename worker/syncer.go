package worker

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

// Syncer copies what Plexy knows into the database, in rounds. A round is
//
//  1. the list: a batch of the import while one is open, else the newest pages;
//  2. by id: those that Plexy still works on, longest unread first;
//  3. the balance.
//
// A round that succeeds lets the Sender go on. So does a batch of an import, and
// each part of a long round, while no failure is known: they are good reads, and
// neither a large first import nor many reads by id must block sending.
type Syncer struct {
	waker
	mirror *mirror
	every  time.Duration
	log    *slog.Logger

	failures int    // rounds in a row
	lastCode string // of the failure, as it was last logged
}

const (
	// readsByID is how many distributions one round reads by id.
	readsByID = 50
	// catchUpPages is how far back one round goes; a longer way is an import,
	// which can be interrupted.
	catchUpPages = 200
	// longestRetry is the longest wait after a failed round, unless Plexy asks for
	// more or rounds are farther apart anyway.
	longestRetry = time.Minute
	// restAtLeast is how long the Syncer lets Plexy alone between two rounds,
	// however often people ask: many clicks are not many reads.
	restAtLeast = 2 * time.Second
	// aliveEvery is how often a long round says that Plexy answers.
	aliveEvery = 10 * time.Second
)

func syncerActor() distribution.Actor { return distribution.System("syncer") }

// Run works until ctx ends. The first round begins at once. It returns nil.
func (s *Syncer) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		started := time.Now()
		more, err := s.round(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			s.afterFailure(ctx, err)
		case more:
			s.afterSuccess()
		default:
			s.afterSuccess()
			s.rest(ctx, jittered(max(s.every-time.Since(started), time.Second)))
		}
	}
	return nil
}

// jittered is d and up to a tenth more or less, so that several programs do not
// read in step.
func jittered(d time.Duration) time.Duration { return d - d/10 + rand.N(d/5) } //nolint:gosec // spreads load, guards nothing

func (s *Syncer) afterSuccess() {
	if s.failures > 0 {
		s.log.Info("Plexy is read again")
	}
	s.failures, s.lastCode = 0, ""
}

func (s *Syncer) afterFailure(ctx context.Context, err error) {
	s.failures++
	code := failureCode(err)
	if code == "" || code != s.lastCode {
		s.log.Error("round failed", "code", code, "error", loggable(err))
	}
	s.lastCode = code
	if code != "" {
		if err := s.mirror.db.SyncFailed(ctx, syncerActor(), code); err != nil && ctx.Err() == nil {
			s.log.Error("cannot note the failure", "error", err)
		}
	}
	asked := plexyclient.RetryAfter(err)
	pause(ctx, asked)
	s.rest(ctx, jittered(max(doubled(s.failures, s.every, max(s.every, longestRetry))-asked, time.Second)))
}

// rest is idle, but for the first moments.
func (s *Syncer) rest(ctx context.Context, d time.Duration) {
	still := min(d, restAtLeast)
	pause(ctx, still)
	s.idle(ctx, d-still)
}

// round reads once. more says that an import waits to be continued.
func (s *Syncer) round(ctx context.Context) (more bool, err error) {
	db, began := s.mirror.db, time.Now()
	run := store.Run{Kind: "sync", StartedAt: db.Now()}
	state, err := db.SyncState(ctx)
	if err != nil {
		return false, err
	}
	anew, err := s.wantsAll(ctx, state)
	if err != nil {
		return false, err
	}
	alive := s.alive(ctx, state)
	w := newWalk(syncerActor(), pageSize)
	if anew {
		run.Kind = "import"
		more, run.Error, err = s.importBatch(ctx, w)
	} else {
		more, run.Error, err = s.catchUp(ctx, w, state)
	}
	if err == nil {
		err = s.readOpen(ctx, w, alive)
	}
	if err == nil {
		err = s.mirror.balance(ctx, syncerActor())
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err == nil {
		s.mirror.clock.wholeRound(began)
		err = db.SyncSucceeded(ctx, syncerActor())
	} else {
		run.Error = runError(err)
	}
	run.FinishedAt, run.Pages, run.Items, run.Changed = db.Now(), w.pages, w.rows, w.changed
	return more, errors.Join(err, db.KeepRun(ctx, run))
}

// wantsAll reports that Plexy's list is to be read whole: an import is open, there
// was none yet, or a database that was restored does not know what came since.
func (s *Syncer) wantsAll(ctx context.Context, state store.SyncState) (bool, error) {
	if state.Import != nil || state.BaselineAt.IsZero() {
		return true, nil
	}
	if !state.Held() {
		return false, nil
	}
	hold, err := s.mirror.db.LastHold(ctx)
	return err == nil && hold != nil && hold.ImportedAt.IsZero(), err
}

// alive returns what notes within a round that Plexy answers. A round that began
// with a known failure ends it only by succeeding whole, so that the log does
// not hear of the same failure again and again.
func (s *Syncer) alive(ctx context.Context, state store.SyncState) func() error {
	last := time.Now()
	return func() error {
		if !state.FailingSince.IsZero() || time.Since(last) < aliveEvery {
			return nil
		}
		last = time.Now()
		return s.mirror.db.SyncSucceeded(ctx, syncerActor())
	}
}

// catchUp reads the newest pages back to where the last good round began to
// know everything: to a page that brings nothing new and is older than it. A
// round that fails half-way is thereby made good by the next one. A list that
// is not known to have the newest first is read whole.
func (s *Syncer) catchUp(ctx context.Context, w *walk, state store.SyncState) (more bool, note string, err error) {
	how, err := s.readBack(ctx, w, state.LastSuccess, state.Order, catchUpPages)
	if err != nil {
		return false, "", err
	}
	if how == goesOn {
		s.log.Warn("too much is new for one round; the whole list is read", "pages", w.pages)
		_, err := s.mirror.db.OpenImport(ctx, pageSize)
		return true, "", err
	}
	return false, s.noteEnd(how), nil
}

// readBack reads pages from the top until one brings nothing new and goes back
// before since, or until the list ends. It stops after limit pages of a list
// that has the newest first, and then returns goesOn.
func (s *Syncer) readBack(ctx context.Context, w *walk, since time.Time, known store.Order, limit int) (end, error) {
	for number := 1; ; number++ {
		l, err := s.mirror.page(ctx, w, number, nil)
		if w.pastTheEnd(err) {
			return ended, nil
		}
		if err != nil {
			return goesOn, err
		}
		if err := s.mirror.confirm(ctx, w, l); err != nil {
			return goesOn, err
		}
		if how := w.endAt(l, w.rows); how != goesOn {
			return how, nil
		}
		if !w.newestFirst(known) {
			continue
		}
		if l.quiet() && l.goesBefore(since.Add(-margin)) {
			return ended, nil
		}
		if number >= limit {
			return goesOn, nil
		}
	}
}

const inconclusiveRun = "inconclusive"

// noteEnd tells of a list whose end proves nothing: perhaps Plexy does not
// understand how we ask for pages.
func (s *Syncer) noteEnd(how end) string {
	if how != inconclusive {
		return ""
	}
	s.mirror.once.tell("list", "the list ended without a proof that it is whole", errors.New("a page repeats earlier ones, or is empty too early"))
	return inconclusiveRun
}

func (s *Syncer) readOpen(ctx context.Context, w *walk, alive func() error) error {
	if err := alive(); err != nil {
		return err
	}
	ids, err := s.mirror.db.DueReads(ctx, readsByID)
	if err != nil {
		return err
	}
	changed, err := s.mirror.byIDs(ctx, syncerActor(), ids, func(_ string, err error) error {
		if err != nil {
			return nil //nolint:nilerr // one that Plexy does not tell of is no sign of life
		}
		return alive()
	})
	w.changed += changed
	return err
}
