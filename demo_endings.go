package main

import (
	"context"
	"fmt"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// endings gives every state at least one distribution, the way it comes about.
func (s *demoStory) endings(ctx context.Context, start time.Time) error {
	at := start.Add((demoDays*24 - 29) * time.Hour)
	for _, end := range []func(context.Context) error{
		s.failedAtTheBank, s.failedAtTheBank, s.returned, s.tookAStepBack, s.refused, s.refused,
		s.differs, s.abandoned, s.notFound, s.unknown, s.unknown, s.cancelled, s.cancelled, s.declined,
		s.awaiting, s.halfApproved, s.slowBank, s.accepted, s.edited, s.edited, s.waitsTooLong,
	} {
		s.clock.set(at)
		if err := end(ctx); err != nil {
			return err
		}
		at = at.Add(70 * time.Minute)
	}
	s.clock.set(time.Now())
	if _, err := s.queue(ctx, plexytest.MagicSlow); err != nil { // shows "sending" for a while
		return err
	}
	return s.syncer.Round(ctx)
}

// later moves the clock and lets the program read Plexy.
func (s *demoStory) later(ctx context.Context, d time.Duration) error {
	s.clock.set(s.clock.Now().Add(d))
	return s.syncer.Round(ctx)
}

func (s *demoStory) failedAtTheBank(ctx context.Context) error {
	if _, err := s.send(ctx, plexytest.MagicFail); err != nil {
		return err
	}
	return s.later(ctx, 25*time.Minute)
}

// becomes sends one, lets it be paid and then lets Plexy change its mind.
func (s *demoStory) becomes(ctx context.Context, words ...string) error {
	d, err := s.send(ctx, s.tiyn())
	if err != nil {
		return err
	}
	for _, word := range words {
		if err := s.later(ctx, 15*time.Minute); err != nil {
			return err
		}
		if err := s.plexy.SetStatus(d.PlexyID, word); err != nil {
			return err
		}
		// The program reads settled ones through the list, newest first.
		if err := s.later(ctx, time.Minute); err != nil {
			return err
		}
	}
	return nil
}

func (s *demoStory) returned(ctx context.Context) error      { return s.becomes(ctx, "returned") }
func (s *demoStory) tookAStepBack(ctx context.Context) error { return s.becomes(ctx, "failed") }

// sendInto sends one into a fault of Plexy.
func (s *demoStory) sendInto(ctx context.Context, fault plexytest.Fault) (distribution.Distribution, error) {
	if err := s.plexy.Fail(fault, 1); err != nil {
		return distribution.Distribution{}, err
	}
	return s.send(ctx, s.tiyn())
}

func (s *demoStory) refused(ctx context.Context) error {
	_, err := s.sendInto(ctx, plexytest.CreateRefused)
	return err
}

func (s *demoStory) differs(ctx context.Context) error {
	_, err := s.sendInto(ctx, plexytest.CreateWrongAmount)
	return err
}

// unknown is one whose answer got lost and that Plexy never executed.
func (s *demoStory) unknown(ctx context.Context) error {
	_, err := s.sendInto(ctx, plexytest.CreateHTML502Before)
	return err
}

func (s *demoStory) missed(ctx context.Context) (distribution.Distribution, error) {
	d, err := s.sendInto(ctx, plexytest.CreateResetBefore)
	if err != nil {
		return d, err
	}
	return s.db.Change(ctx, distribution.System("reconciler"), d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Miss()
	})
}

func (s *demoStory) notFound(ctx context.Context) error {
	_, err := s.missed(ctx)
	return err
}

// abandoned takes two people, as everything does that calls a doubt settled.
func (s *demoStory) abandoned(ctx context.Context) error {
	d, err := s.missed(ctx)
	if err != nil {
		return err
	}
	dec, err := s.db.Propose(ctx, s.people["manager@demo.kz"], store.Proposal{
		Kind: distribution.DecideClose, DistributionID: d.ID, Reason: "Plexy подтвердил письмом: запроса не было",
	}, 24*time.Hour)
	if err != nil {
		return err
	}
	_, err = s.db.Confirm(ctx, s.people["manager2@demo.kz"], dec.ID)
	return err
}

func (s *demoStory) cancelled(ctx context.Context) error {
	d, by, err := s.draft(ctx, s.tiyn())
	if err != nil {
		return err
	}
	_, err = s.db.Change(ctx, by, d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Cancel(by, "")
	})
	return err
}

// large is an amount that one other person must approve.
func (s *demoStory) large() int64 { return int64(1_200+s.dice.IntN(3_000)) * 1_000_00 }

func (s *demoStory) awaiting(ctx context.Context) error {
	_, err := s.queue(ctx, s.large())
	return err
}

// halfApproved needs two people, and one of them has approved.
func (s *demoStory) halfApproved(ctx context.Context) error {
	d, err := s.queue(ctx, 12_500_000_00)
	if err != nil {
		return err
	}
	s.clock.set(s.clock.Now().Add(25 * time.Minute))
	_, err = s.db.Approve(ctx, s.people["manager2@demo.kz"], d.ID, distribution.Code(d.SubmittedHash))
	return err
}

func (s *demoStory) declined(ctx context.Context) error {
	d, err := s.queue(ctx, s.large())
	if err != nil {
		return err
	}
	_, err = s.db.Decline(ctx, s.people["manager2@demo.kz"], d.ID, distribution.Code(d.SubmittedHash), "Нет номера договора в назначении")
	return err
}

// slowBank stays in processing, accepted stays accepted: Plexy says nothing new.
func (s *demoStory) slowBank(ctx context.Context) error { return s.stays(ctx, "processing") }
func (s *demoStory) accepted(ctx context.Context) error { return s.stays(ctx, "created") }

func (s *demoStory) stays(ctx context.Context, word string) error {
	d, err := s.send(ctx, s.tiyn())
	if err != nil {
		return err
	}
	if err := s.plexy.SetStatus(d.PlexyID, word); err != nil {
		return err
	}
	return s.later(ctx, 10*time.Minute)
}

// edited is a draft that its maker changed once.
func (s *demoStory) edited(ctx context.Context) error {
	d, by, err := s.draft(ctx, s.tiyn())
	if err != nil {
		return err
	}
	s.clock.set(s.clock.Now().Add(4 * time.Minute))
	_, err = s.db.Change(ctx, by, d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		c := d.Content
		c.PaymentPurpose += fmt.Sprintf(", акт № %d", 10+s.serial%40)
		return d.Edit(by, c, nil, s.clock.Now())
	})
	return err
}

// waitsTooLong was queued more than a day ago and is not sent by itself any more.
func (s *demoStory) waitsTooLong(ctx context.Context) error {
	s.clock.set(time.Now().Add(-26 * time.Hour))
	_, err := s.queue(ctx, s.tiyn())
	return err
}
