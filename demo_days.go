package main

import (
	"context"
	"fmt"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
)

const (
	demoDays   = 180 // that the history is long
	demoOpened = 45  // days ago the dashboard was set up
	// Distributions by how they came about; the rest of demoTotal was made elsewhere
	// before the dashboard was set up.
	demoTotal   = 2000
	demoHere    = 400 // on ordinary days
	demoEndings = 37
)

// workdays are the mornings, 09:00 in Almaty, of the working days that lie whole
// between the two moments.
func workdays(from, to time.Time) []time.Time {
	var days []time.Time
	y, m, d := from.In(distribution.Almaty()).Date()
	for n := 1; ; n++ {
		morning := time.Date(y, m, d+n, 9, 0, 0, 0, distribution.Almaty())
		if morning.Add(9 * time.Hour).After(to) {
			return days
		}
		if day := morning.Weekday(); day != time.Saturday && day != time.Sunday {
			days = append(days, morning)
		}
	}
}

// busy says how much is paid on a day, an ordinary one being 10: bills come at
// the end of a month, and advances in its middle.
func busy(day time.Time) int {
	switch d := day.Day(); {
	case day.AddDate(0, 0, 4).Month() != day.Month():
		return 22
	case d <= 2 || d == 15 || d == 16:
		return 15
	case day.Weekday() == time.Monday:
		return 12
	default:
		return 10
	}
}

// spread gives so many moments of working hours to the days, more to busy ones.
func (s *demoStory) spread(days []time.Time, n int) []time.Time {
	all, sofar := 0, 0
	for _, day := range days {
		all += busy(day)
	}
	var moments []time.Time
	for _, day := range days {
		from, to := n*sofar/all, n*(sofar+busy(day))/all
		sofar += busy(day)
		for i := range to - from {
			step := 460 / (to - from)
			minute := 10 + i*step + s.dice.IntN(step)
			if minute >= 4*60 {
				minute += 60 // lunch
			}
			moments = append(moments, day.Add(time.Duration(minute)*time.Minute))
		}
	}
	return moments
}

// madeElsewhere is what stood at Plexy before the dashboard was set up.
func (s *demoStory) madeElsewhere(days []time.Time, n int) {
	var history []plexytest.Distribution
	for i, at := range s.spread(days, n) {
		p := s.payment(at, 0, 6_000_000_00)
		status, took := "paid", time.Duration(20+s.dice.IntN(90))*time.Minute
		switch {
		case i%61 == 40:
			status = "failed"
		case i%173 == 100:
			status, took = "returned", 50*time.Hour
		}
		history = append(history, plexytest.Distribution{
			OrderReference: fmt.Sprintf("SETTLE-%05d", 4100+i*3), Amount: p.Tiyn, Status: status, Recipient: p.Recipient,
			PaymentPurpose: p.Purpose, CreatedAt: at.UTC(), UpdatedAt: at.Add(took).UTC(),
		})
	}
	s.at(days[len(days)-1].Add(12*time.Hour), func(context.Context) error {
		_, err := s.plexy.Add(history...)
		return err
	})
}

// ordinaryDays is what the two accountants paid since then.
func (s *demoStory) ordinaryDays(days []time.Time, n int) {
	s.reads(days[0].Add(-30 * time.Minute))
	s.at(days[0].Add(20*time.Minute), func(ctx context.Context) error {
		return s.db.SetThreshold(ctx, s.people["manager@demo.kz"], 10_000_000_00)
	})
	for _, at := range s.spread(days, n) {
		s.pays(at, s.payment(at, 0, 9_500_000_00))
	}
	for i, day := range days {
		s.at(day.Add(5*time.Minute), func(ctx context.Context) error { return s.topUp(ctx, day, 15_000_000_00) })
		if len(days)-i <= 7 { // what is older was read when the day was over: that is quicker
			s.reads(day.Add(4 * time.Hour))
		}
		s.reads(day.Add(11*time.Hour + 40*time.Minute))
	}
}

// pays is the whole way of an ordinary payment: made, approved if it is large,
// sent at once.
func (s *demoStory) pays(at time.Time, p demoPayment) {
	maker, first := s.maker(), s.dice.IntN(2)
	s.planned = append(s.planned, outflow{at, p.Tiyn})
	var d distribution.Distribution
	need := s.policy.Approvals(distribution.Amount(p.Tiyn))
	s.at(at, func(ctx context.Context) (err error) {
		if d, err = s.queue(ctx, maker, p); err != nil || need > 0 {
			s.pending += p.Tiyn
			return err
		}
		return s.sendQueued(ctx)
	})
	for i := range need {
		at = at.Add(time.Duration(15+s.dice.IntN(60)) * time.Minute)
		s.at(at, func(ctx context.Context) error {
			if i == need-1 {
				s.pending -= p.Tiyn
			}
			return s.approve(ctx, s.approver(first+i), &d)
		})
	}
}

// topUp is what the agent pays in on a morning when less than so much would be
// left in the evening.
func (s *demoStory) topUp(ctx context.Context, day time.Time, left int64) error {
	missing := left - s.plexy.Balance()
	for _, p := range s.planned {
		if p.at.Truncate(24 * time.Hour).Equal(day.Truncate(24 * time.Hour)) {
			missing += p.tiyn
		}
	}
	if missing <= 0 {
		return nil
	}
	const bill = 5_000_000_00
	paid := (missing/bill + 6) * bill
	if err := s.plexy.SetBalance(s.plexy.Balance() + paid); err != nil {
		return err
	}
	return s.workers.Syncer.Round(ctx)
}
