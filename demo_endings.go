package main

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
)

// endings give every state at least one distribution, the way it comes about:
// first what is settled, then what waits for somebody at the end of the history.
func (s *demoStory) endings(days []time.Time) {
	day := func(back int, clock time.Duration) time.Time { return days[len(days)-back].Add(clock - 9*time.Hour) }
	ago := func(d time.Duration) time.Time { return s.now.Add(-d) }
	const h, m = time.Hour, time.Minute

	s.dips(day(14, 16*h+20*m), day(13, 9*h+5*m))
	s.stopped(day(11, 18*h+25*m), day(11, 18*h+50*m))
	s.becomes(day(16, 12*h+5*m), "failed")
	s.becomes(day(10, 14*h+35*m), "failed")
	s.becomes(day(12, 10*h+15*m), "paid", "returned")
	s.becomes(day(6, 11*h+40*m), "paid", "failed") // a step back
	s.outside(day(15, 15*h+30*m), true)
	s.outside(day(2, 17*h+20*m), false)
	s.corrected(day(8, 10*h+50*m))
	s.refused(day(3, 12*h+25*m))
	s.cancelled(day(9, 16*h+10*m))
	s.cancelled(day(2, 11*h+30*m))
	s.declinedOnce(day(7, 15*h+5*m))
	s.declined(day(2, 14*h+45*m))

	s.abandoned(day(5, 16*h+10*m), ago(4*h))
	s.proposed(day(4, 10*h+35*m), ago(3*h))
	s.missed(day(4, 15*h+20*m))
	s.at(day(3, 16*h+30*m), func(ctx context.Context) error { return s.sendInto(ctx, plexytest.CreateWrongAmount) })
	s.topsUp(day(1, 9*h+2*m))
	s.searches(ago(6 * h))

	s.lost(ago(19*h), plexytest.CreateHTML502Before, ago(12*m))
	s.lost(ago(50*m), plexytest.CreateResetBefore, time.Time{})
	s.waits(ago(7*h), 12_500_000_00, ago(5*h+20*m))
	s.waits(ago(4*h+30*m), 3_480_000_00, time.Time{})
	s.waits(ago(2*h+10*m), 24_816_500_00, time.Time{})
	s.waits(ago(95*m), 1_742_360_40, time.Time{})
	s.waits(ago(34*m), 2_350_000_00, time.Time{})
	for _, back := range []time.Duration{2*h + 40*m, 110 * m, 75 * m, 42 * m} {
		s.at(ago(back), func(ctx context.Context) error { _, err := s.send(ctx, s.small(ago(back))); return err })
	}
	s.stays(ago(46*m), "processing")
	s.stays(ago(25*m), "processing")
	s.stays(ago(9*m), "created")
	s.written(ago(3*h+30*m), ago(3*h+24*m))
	s.written(ago(55*m), ago(48*m))
	s.written(ago(15*m), time.Time{})
	s.reads(ago(70 * m))
	s.reads(ago(20 * m))
	s.at(ago(2*m), s.last)
}

func (s *demoStory) small(at time.Time) demoPayment { return s.payment(at, 12_000_00, 980_000_00) }
func (s *demoStory) large(at time.Time) demoPayment { return s.payment(at, 1_050_000_00, 5_000_000_00) }

// exactly is a payment of this amount.
func (s *demoStory) exactly(at time.Time, tiyn int64) demoPayment {
	p := s.payment(at, min(tiyn, 9_000_000_00), tiyn)
	p.Tiyn = tiyn
	return p
}

// becomes sends one, and Plexy tells these words of it, one after the other.
func (s *demoStory) becomes(at time.Time, words ...string) {
	var d distribution.Distribution
	p := s.small(at)
	s.at(at, func(ctx context.Context) (err error) { d, err = s.send(ctx, p); return err })
	for i, word := range words {
		at = at.Add(12*time.Minute + time.Duration(i)*5*time.Hour)
		s.at(at, func(ctx context.Context) error {
			if err := s.plexy.SetStatus(d.PlexyID, word); err != nil {
				return err
			}
			return s.workers.Syncer.Round(ctx)
		})
	}
}

// stays sends one of which Plexy tells this word and nothing new after it.
func (s *demoStory) stays(at time.Time, word string) {
	p := s.small(at)
	s.at(at, func(ctx context.Context) error {
		d, err := s.send(ctx, p)
		if err != nil {
			return err
		}
		return s.plexy.SetStatus(d.PlexyID, word)
	})
	s.reads(at.Add(4 * time.Minute))
}

// outside is one that somebody made past the dashboard.
func (s *demoStory) outside(at time.Time, seen bool) {
	p := s.small(at)
	var added []plexytest.Distribution
	s.at(at, func(ctx context.Context) (err error) {
		added, err = s.plexy.Add(plexytest.Distribution{
			OrderReference: "KASSA-" + at.Format("0201-1504"), Amount: p.Tiyn, Status: "paid", Recipient: p.Recipient, PaymentPurpose: p.Purpose,
			CreatedAt: at.UTC(), UpdatedAt: at.Add(20 * time.Minute).UTC(),
		})
		if err != nil {
			return err
		}
		if err := s.plexy.SetBalance(s.plexy.Balance() - p.Tiyn); err != nil {
			return err
		}
		return s.workers.Syncer.Round(ctx)
	})
	if seen {
		s.at(at.Add(80*time.Minute), func(ctx context.Context) error {
			d, err := s.db.RowOfPlexy(ctx, added[0].ID)
			if err != nil {
				return err
			}
			return s.db.Acknowledge(ctx, s.people["manager@demo.kz"], d.ID, "Срочный платёж из кабинета Plexy, согласован по телефону")
		})
	}
}

// sendInto sends a small one into a fault of Plexy.
func (s *demoStory) sendInto(ctx context.Context, fault plexytest.Fault) error {
	_, err := s.faulty(ctx, fault)
	return err
}

func (s *demoStory) faulty(ctx context.Context, fault plexytest.Fault) (distribution.Distribution, error) {
	if err := s.plexy.Fail(fault, 1); err != nil {
		return distribution.Distribution{}, err
	}
	return s.send(ctx, s.small(s.clock.Now()))
}

func (s *demoStory) refused(at time.Time) {
	s.at(at, func(ctx context.Context) error { return s.sendInto(ctx, plexytest.CreateRefused) })
}

// corrected is a refused one whose copy went through.
func (s *demoStory) corrected(at time.Time) {
	var d distribution.Distribution
	p := s.small(at)
	s.at(at, func(ctx context.Context) (err error) {
		if err := s.plexy.Fail(plexytest.CreateRefused, 1); err != nil {
			return err
		}
		d, err = s.send(ctx, p)
		return err
	})
	s.at(at.Add(25*time.Minute), func(ctx context.Context) error {
		form, err := s.form(p)
		if err != nil {
			return err
		}
		form.CopyOf = d.ID
		by := s.actor(&d)
		again, err := s.db.Create(ctx, by, form)
		if err != nil {
			return err
		}
		s.clock.pass(time.Minute)
		if _, err := s.db.Submit(ctx, by, again.ID); err != nil {
			return err
		}
		return s.sendQueued(ctx)
	})
}

// actor is who made it.
func (s *demoStory) actor(d *distribution.Distribution) distribution.Actor {
	return s.people[d.CreatedBy.Email]
}

func (s *demoStory) cancelled(at time.Time) {
	s.at(at, func(ctx context.Context) error {
		d, err := s.draft(ctx, s.maker(), s.small(at))
		if err != nil {
			return err
		}
		s.clock.pass(4 * time.Minute)
		_, err = s.db.Change(ctx, s.actor(&d), d.ID, func(now *distribution.Distribution) (distribution.Event, error) {
			return now.Cancel(s.actor(&d), "")
		})
		return err
	})
}

// written is a draft, perhaps changed once by its maker.
func (s *demoStory) written(at, changed time.Time) {
	var d distribution.Distribution
	p := s.small(at)
	s.at(at, func(ctx context.Context) (err error) { d, err = s.draft(ctx, "accountant@demo.kz", p); return err })
	if changed.IsZero() {
		return
	}
	s.at(changed, func(ctx context.Context) error {
		p.Purpose += ", доплата по акту сверки"
		form, err := s.form(p)
		if err != nil {
			return err
		}
		_, err = s.db.Edit(ctx, s.actor(&d), d.ID, form)
		return err
	})
}

// last is what is true when the history ends: one is queued that the sender will
// take, and one that has waited too long to go by itself. The clock goes back for
// the latter: at its time the sender would have taken it.
func (s *demoStory) last(ctx context.Context) error {
	if err := s.workers.Syncer.Round(ctx); err != nil {
		return err
	}
	slow := s.small(s.now)
	slow.Tiyn = plexytest.MagicSlow // shows "sending" for a while
	if _, err := s.queue(ctx, "accountant@demo.kz", slow); err != nil {
		return err
	}
	s.clock.rewind(s.now.Add(-26 * time.Hour))
	_, err := s.queue(ctx, "accountant@demo.kz", s.small(s.now))
	return err
}

// stopped is a while in which nothing was sent, because somebody was in doubt.
func (s *demoStory) stopped(from, to time.Time) {
	s.at(from, func(ctx context.Context) error {
		return s.db.StopSending(ctx, s.people["accountant@demo.kz"], "Сверяем реквизиты с письмом поставщика")
	})
	s.at(to, func(ctx context.Context) error {
		return s.db.StartSending(ctx, s.people["manager@demo.kz"], "Реквизиты подтверждены")
	})
}

// proposal is by whom what is proposed about one.
func (s *demoStory) propose(ctx context.Context, by string, kind distribution.DecisionKind, d *distribution.Distribution, reason string) (distribution.Decision, error) {
	return s.db.Propose(ctx, s.people[by], store.Proposal{Kind: kind, DistributionID: d.ID, Reason: reason}, settleWindow)
}
