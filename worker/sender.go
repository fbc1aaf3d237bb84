package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

// Sender POSTs queued distributions, one after another. Every attempt is in the
// database before anything is sent and is sent once. An attempt whose outcome
// nobody knows is left to the Reconciler; no program sends it again.
type Sender struct {
	waker
	db     *store.DB
	plexy  *plexyclient.Client
	unit   Unit
	submit bool
	maxAge time.Duration // of the last good read
	log    *slog.Logger

	pace   pace
	paused string // why nothing is sent, as it was last logged
}

const (
	senderIdle  = 5 * time.Second
	postTimeout = 30 * time.Second
)

func senderActor() distribution.Actor { return distribution.System("sender") }

// Run first closes the attempts that an earlier run of the program left open,
// as unknown, and then sends until ctx ends. An attempt that is open then is
// brought to its end: Run returns within 40 s unless the database refuses to
// keep the answer. The error is a database that cannot be recovered.
func (s *Sender) Run(ctx context.Context) error {
	n, err := s.db.Recover(context.WithoutCancel(ctx), senderActor())
	if err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	if n > 0 {
		s.log.Warn("attempts of an earlier run have an unknown outcome", "count", n)
	}
	for ctx.Err() == nil {
		s.turn(ctx)
	}
	return nil
}

// turn sends one if one may go now, or waits.
func (s *Sender) turn(ctx context.Context) {
	if wait := time.Until(s.pace.until); wait > 0 {
		pause(ctx, wait)
		return
	}
	worked, err := s.sendUnlessPaused(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.log.Error("cannot take from the queue", "error", err)
		pause(ctx, senderIdle)
	case !worked:
		s.idle(ctx, senderIdle)
	}
}

func (s *Sender) sendUnlessPaused(ctx context.Context) (worked bool, err error) {
	state, err := s.db.SyncState(ctx)
	if err != nil {
		return false, err
	}
	why := state.Paused(s.db.Now(), s.maxAge, s.submit)
	if why != s.paused {
		s.log.Info("sending", "paused", why != "", "reason", why)
		s.paused = why
	}
	if why != "" {
		return false, nil
	}
	return s.SendOne(ctx)
}

// SendOne takes the oldest queued distribution that may go and makes one
// attempt, whatever the pace. worked is false when there is none. The end of ctx
// does not interrupt it.
func (s *Sender) SendOne(ctx context.Context) (worked bool, err error) {
	ctx = context.WithoutCancel(ctx)
	c, err := s.db.Claim(ctx, senderActor(), s.unit.wire)
	if err != nil || c == nil {
		return false, err
	}
	r := s.post(ctx, c)
	s.keep(ctx, c, r)
	s.settle(ctx, c, r)
	return true, nil
}

// post spends the attempt.
func (s *Sender) post(ctx context.Context, c *store.Claimed) plexyclient.CreateResult {
	req, err := s.unit.request(&c.Distribution)
	if err == nil {
		err = sameBytes(req, c.Body)
	}
	if err != nil {
		return plexyclient.CreateResult{Outcome: plexyclient.OutcomeNotSent, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	return s.plexy.Create(ctx, req)
}

// sameBytes refuses a request that is not the one whose hash the attempt holds.
func sameBytes(req plexyclient.CreateRequest, committed []byte) error {
	body, err := req.Body()
	if err == nil && !bytes.Equal(body, committed) {
		err = errors.New("the request is not the one that was committed")
	}
	return err
}

// keep stores what came back before anybody judges it.
func (s *Sender) keep(ctx context.Context, c *store.Claimed, r plexyclient.CreateResult) {
	raw := rawAnswer("create", r.Answer, r.Err)
	s.insist(ctx, c, "keep the answer", func() error {
		return s.db.KeepAnswer(ctx, senderActor(), c.Attempt.ID, raw)
	})
}

// settle closes the attempt by its verdict.
func (s *Sender) settle(ctx context.Context, c *store.Claimed, r plexyclient.CreateResult) {
	v := judge(r, s.unit, c.Distribution.Attempts)
	until := s.pace.note(time.Now(), v.outcome, r.PauseSending, r.RetryAfter)
	s.tell(ctx, c, v, r)
	s.insist(ctx, c, "close the attempt", func() error { return s.finish(ctx, c, v, until) })
	if r.PauseSending {
		s.insist(ctx, c, "note that the key is refused", func() error {
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
func (s *Sender) insist(ctx context.Context, c *store.Claimed, what string, save func() error) {
	for failures := 1; ; failures++ {
		err := save()
		if err == nil {
			return
		}
		s.log.Error("cannot "+what, "distribution", c.Distribution.ID, "attempt", c.Attempt.ID, "failures", failures, "error", err)
		pause(ctx, doubled(failures, time.Second, 30*time.Second))
	}
}
