package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
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
	at     func(point string) error
	clock  *clock

	pace    pace
	paused  string      // why nothing is sent, as it was last logged
	unsaved atomic.Bool // an outcome cannot be written down
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
	if err := s.begin(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	for ctx.Err() == nil {
		s.turn(ctx)
	}
	return nil
}

// begin takes over from an earlier run.
func (s *Sender) begin(ctx context.Context) error {
	if err := s.clock.start(ctx); err != nil {
		return err
	}
	n, err := s.db.Recover(ctx, senderActor())
	if err != nil {
		return err
	}
	if n > 0 {
		s.log.Warn("attempts of an earlier run have an unknown outcome", "count", n)
	}
	state, err := s.db.SyncState(ctx)
	s.pace.resume(state.Pace, s.db.Now())
	return err
}

// turn sends one if one may go now, or waits.
func (s *Sender) turn(ctx context.Context) {
	worked, err := s.sendUnlessPaused(ctx)
	wait := time.Until(s.pace.until)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.log.Error("cannot take from the queue", "error", err)
		pause(ctx, senderIdle)
	case wait > 0: // whoever calls; the clock is looked at meanwhile
		pause(ctx, min(wait, senderIdle))
	case !worked:
		s.idle(ctx, senderIdle)
	}
}

func (s *Sender) sendUnlessPaused(ctx context.Context) (worked bool, err error) {
	if err := s.clock.look(ctx); err != nil {
		return false, err
	}
	state, err := s.db.SyncState(ctx)
	if err != nil {
		return false, err
	}
	why := state.Paused(s.db.Now(), s.maxAge, s.submit)
	if why != s.paused {
		s.log.Info("sending", "paused", why != "", "reason", why)
		s.paused = why
	}
	if why != "" || time.Until(s.pace.until) > 0 {
		return false, nil
	}
	return s.SendOne(ctx)
}

// SendOne takes the oldest queued distribution that may go and makes one
// attempt, whatever the pace. worked is false when there is none, and when
// sending was stopped or ctx ended before the POST; after it the end of ctx does
// not interrupt anything.
func (s *Sender) SendOne(ctx context.Context) (worked bool, err error) {
	whole := context.WithoutCancel(ctx)
	c, err := s.db.Claim(whole, senderActor(), s.unit.wire)
	if unsettled, ok := errors.AsType[*store.UnsettledClaimError](err); ok {
		s.giveBack(whole, unsettled.AttemptID)
	}
	if err != nil || c == nil {
		return false, err
	}
	if may, err := s.mayPost(ctx); !may {
		s.withhold(whole, c)
		return false, err
	}
	r := s.post(whole, c)
	_ = s.reach("F22") // a place to die, not to fail
	s.keep(whole, c, r)
	s.settle(whole, c, r)
	return true, nil
}

// giveBack undoes a claim of which it is not known whether it was written.
// Nothing was posted.
func (s *Sender) giveBack(ctx context.Context, attemptID string) {
	s.insist(ctx, attemptID, "give a claim back", func() error { return s.db.Unclaim(ctx, senderActor(), attemptID) })
}

// mayPost looks once more, right before the POST: a stop since the claim holds.
func (s *Sender) mayPost(ctx context.Context) (bool, error) {
	if err := s.reach("F11"); err != nil {
		return false, err
	}
	if err := s.clock.look(ctx); err != nil {
		return false, err
	}
	stops, err := s.db.Stops(ctx)
	return err == nil && len(stops) == 0, err
}

// withhold puts a claimed one back. Nothing was posted.
func (s *Sender) withhold(ctx context.Context, c *store.Claimed) {
	v := verdict{outcome: store.OutcomeNotSent, reason: whyPaused}
	s.log.Info("claimed and not sent: sending was stopped", "distribution", c.Distribution.ID, "attempt", c.Attempt.ID)
	s.insist(ctx, c.Attempt.ID, "put one back", func() error { return s.finish(ctx, c, v, time.Time{}) })
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

// reach tells At of a point.
func (s *Sender) reach(point string) error {
	if s.at == nil {
		return nil
	}
	return s.at(point)
}
