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

// This file writes down what an attempt came to, however long that takes.

// keep stores what came back before anybody judges it.
func (s *Sender) keep(ctx context.Context, c *store.Claimed, r plexyclient.CreateResult) {
	raw := rawAnswer("create", r.Answer, r.Err)
	s.clock.answered(r.Answer)
	s.insist(ctx, c.Attempt.ID, "keep the answer", func() error {
		return s.db.KeepAnswer(ctx, senderActor(), c.Attempt.ID, raw)
	})
}

// settle closes the attempt by its verdict.
func (s *Sender) settle(ctx context.Context, c *store.Claimed, r plexyclient.CreateResult) {
	v := judge(r, s.unit, c.Distribution.Attempts)
	if s.pace.note(s.db.Now(), v.outcome, r.PauseSending, r.RetryAfter) {
		s.insist(ctx, c.Attempt.ID, "keep the pace", func() error { return s.db.KeepPace(ctx, senderActor(), s.pace.Pace) })
	}
	s.tell(ctx, c, v, r)
	s.insist(ctx, c.Attempt.ID, "close the attempt", func() error { return s.finish(ctx, c, v, s.pace.SendAfter) })
	if r.PauseSending {
		s.insist(ctx, c.Attempt.ID, "note that the key is refused", func() error {
			return s.db.SyncFailed(ctx, senderActor(), store.Unauthorized)
		})
	}
}

func (s *Sender) tell(ctx context.Context, c *store.Claimed, v verdict, r plexyclient.CreateResult) {
	level := slog.LevelInfo
	if v.outcome != store.OutcomeOK {
		level = slog.LevelWarn
	}
	s.log.Log(ctx, level, "attempt", "distribution", c.Distribution.ID, "attempt", c.Attempt.ID, "outcome", v.outcome,
		"reason", v.reason, "status", r.Answer.Status, "took", r.Answer.Duration, "error", loggable(r.Err))
}

// finish closes the attempt. An answer that the database cannot take as it is
// proves nothing: the outcome is then unknown. A commit that failed and happened
// all the same is seen at the second try.
func (s *Sender) finish(ctx context.Context, c *store.Claimed, v verdict, next time.Time) error {
	now := s.db.Now()
	err := s.db.Finish(ctx, senderActor(), c.Attempt.ID, v.outcome, v.reason, func(d *distribution.Distribution) (distribution.Event, error) {
		return v.apply(d, now, next)
	})
	if !errors.Is(err, distribution.ErrConflict) {
		return err
	}
	if closed, readErr := s.closed(ctx, c); closed || readErr != nil {
		return readErr
	}
	s.log.Error("the answer contradicts what is known", "distribution", c.Distribution.ID, "attempt", c.Attempt.ID, "error", err)
	return s.db.Finish(ctx, senderActor(), c.Attempt.ID, store.OutcomeUnknown, lostContradiction,
		func(d *distribution.Distribution) (distribution.Event, error) { return d.Lose(lostContradiction, now) })
}

func (s *Sender) closed(ctx context.Context, c *store.Claimed) (bool, error) {
	attempts, err := s.db.Attempts(ctx, c.Distribution.ID)
	for _, a := range attempts {
		if a.ID == c.Attempt.ID {
			return a.Outcome != "", err
		}
	}
	return false, err
}

// insist repeats save until it succeeds or the process is killed: an answer is
// never dropped, and nothing else is sent before it is kept.
func (s *Sender) insist(ctx context.Context, attemptID, what string, save func() error) {
	for failures := 1; ; failures++ {
		err := s.reach("F23")
		if err == nil {
			err = save()
		}
		s.unsaved.Store(err != nil)
		if err == nil {
			return
		}
		s.log.Error("cannot "+what, "attempt", attemptID, "failures", failures, "error", err)
		pause(ctx, doubled(failures, time.Second, 30*time.Second))
	}
}
