package main

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
)

// settleWindow is the default one, under which the history is written.
const settleWindow = 24 * time.Hour

// dips lets the balance go below the threshold for a night: a large payment
// leaves little, a manager has seen it, and in the morning the agent pays in.
func (s *demoStory) dips(at, morning time.Time) {
	var d distribution.Distribution
	p := s.exactly(at, 10_000_000_00)
	s.at(at, func(ctx context.Context) (err error) {
		left := 5_840_000_00 + s.pending
		for _, other := range s.planned { // what is still to go on that day
			if other.at.After(at) && other.at.Before(morning.Add(-3*time.Hour)) {
				left += other.tiyn
			}
		}
		p.Tiyn = max(p.Tiyn, s.plexy.Balance()-left)
		d, err = s.queue(ctx, "accountant@demo.kz", p)
		return err
	})
	s.at(at.Add(25*time.Minute), func(ctx context.Context) error { return s.approve(ctx, "manager@demo.kz", &d) })
	s.at(at.Add(50*time.Minute), func(ctx context.Context) error { return s.approve(ctx, "manager2@demo.kz", &d) })
	s.at(morning.Add(-5*time.Minute), func(ctx context.Context) error {
		dip, err := s.db.Dip(ctx)
		if err != nil || dip == nil {
			return err
		}
		return s.db.AcknowledgeDip(ctx, s.people["manager@demo.kz"])
	})
}

// topsUp pays in enough for what waits for approval at the end.
func (s *demoStory) topsUp(at time.Time) {
	s.at(at, func(ctx context.Context) error { return s.topUp(ctx, at, 64_000_000_00) })
}

// declined is one that an approver said no to.
func (s *demoStory) declined(at time.Time) {
	s.declines(at, "Нет номера договора в назначении платежа")
}

func (s *demoStory) declines(at time.Time, reason string) *distribution.Distribution {
	d, p := new(distribution.Distribution), s.large(at)
	s.at(at, func(ctx context.Context) (err error) { *d, err = s.queue(ctx, "accountant@demo.kz", p); return err })
	s.at(at.Add(35*time.Minute), func(ctx context.Context) (err error) {
		*d, err = s.db.Decline(ctx, s.people["manager2@demo.kz"], d.ID, distribution.Code(d.SubmittedHash), reason)
		return err
	})
	return d
}

// declinedOnce is one that was declined, corrected and then approved.
func (s *demoStory) declinedOnce(at time.Time) {
	d := s.declines(at, "Сумма не сходится с актом: проверьте НДС")
	s.at(at.Add(55*time.Minute), func(ctx context.Context) error {
		form := s.filled(d.Content)
		form.Content.Amount -= 12_000_00
		by := s.actor(d)
		if _, err := s.db.Edit(ctx, by, d.ID, form); err != nil {
			return err
		}
		s.clock.pass(time.Minute)
		var err error
		*d, err = s.db.Submit(ctx, by, d.ID)
		return err
	})
	s.at(at.Add(80*time.Minute), func(ctx context.Context) error { return s.approve(ctx, "manager2@demo.kz", d) })
}

// waits is one that waits for approvals, and has the first one if seen says when.
func (s *demoStory) waits(at time.Time, tiyn int64, seen time.Time) {
	var d distribution.Distribution
	p, maker := s.exactly(at, tiyn), s.maker()
	s.at(at, func(ctx context.Context) (err error) { d, err = s.queue(ctx, maker, p); return err })
	if !seen.IsZero() {
		s.at(seen, func(ctx context.Context) error { return s.approve(ctx, "manager2@demo.kz", &d) })
	}
}

// missed is one whose answer never came and that was not executed.
func (s *demoStory) missed(at time.Time) *distribution.Distribution {
	d := new(distribution.Distribution)
	s.at(at, func(ctx context.Context) (err error) {
		*d, err = s.faulty(ctx, plexytest.CreateResetBefore)
		return err
	})
	s.looks(at)
	return d
}

// looks lets the program look for what was just lost, as often as it soon would.
func (s *demoStory) looks(at time.Time) {
	for _, after := range []time.Duration{35 * time.Second, 3 * time.Minute} {
		s.at(at.Add(2*time.Minute+after), s.workers.Reconciler.Look)
	}
}

// searches is the nightly search through the whole list, of the last two nights
// before then.
func (s *demoStory) searches(before time.Time) {
	y, m, d := before.Add(-3 * time.Hour).In(distribution.Almaty()).Date()
	for _, back := range []int{1, 0} {
		s.at(time.Date(y, m, d-back, 3, 1, 0, 0, distribution.Almaty()), s.workers.Reconciler.Sweep)
	}
}

// abandoned takes two people, as everything does that calls a doubt settled.
func (s *demoStory) abandoned(at, then time.Time) {
	d := s.missed(at)
	var dec distribution.Decision
	s.at(then, func(ctx context.Context) (err error) {
		dec, err = s.propose(ctx, "manager@demo.kz", distribution.DecideClose, d, "Plexy подтвердил письмом: запроса не было")
		return err
	})
	s.at(then.Add(20*time.Minute), func(ctx context.Context) error {
		_, err := s.db.Confirm(ctx, s.people["manager2@demo.kz"], dec.ID)
		return err
	})
}

// proposed waits for a second person.
func (s *demoStory) proposed(at, then time.Time) {
	d := s.missed(at)
	s.at(then, func(ctx context.Context) error {
		_, err := s.propose(ctx, "accountant2@demo.kz", distribution.DecideResend, d, "Plexy ответил на обращение 48211: платёж не поступал, можно отправить повторно")
		return err
	})
}

// lost is one of unknown outcome. Somebody asked for a search of the whole list,
// if asked says when.
func (s *demoStory) lost(at time.Time, fault plexytest.Fault, asked time.Time) {
	var d distribution.Distribution
	s.at(at, func(ctx context.Context) (err error) { d, err = s.faulty(ctx, fault); return err })
	s.looks(at)
	if asked.IsZero() {
		return
	}
	s.at(asked, func(ctx context.Context) error {
		if err := s.db.LookNow(ctx, s.actor(&d), d.ID); err != nil {
			return err
		}
		s.clock.pass(3 * time.Second)
		return s.workers.Reconciler.Sweep(ctx)
	})
}
