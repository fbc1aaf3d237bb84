package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/web/session"
	"plexydash/worker"
)

// demoStory writes the history: scenes are planned in any order and played in
// the order of time, each by what a person or a worker does at that moment.
type demoStory struct {
	db      *store.DB
	plexy   *plexytest.Server
	workers *worker.Workers
	clock   *movableClock
	dice    *rand.Rand
	now     time.Time // where the history ends

	people map[string]distribution.Actor // by e-mail address
	payees []payee
	often  int // sum of theirs
	policy distribution.Policy

	scenes   []demoScene
	planned  []outflow
	pending  int64 // tiyn of ordinary ones that wait for approval
	invoices int
	forms    int
}

// demoScene is what happens at one moment.
type demoScene struct {
	at   time.Time
	play func(context.Context) error
}

// outflow is an ordinary payment that is planned, by the day it is made.
type outflow struct {
	at   time.Time
	tiyn int64
}

func newStory(db *store.DB, plexy *plexytest.Server, workers *worker.Workers, clock *movableClock) (*demoStory, error) {
	tables, err := distribution.EmbeddedTables()
	if err != nil {
		return nil, err
	}
	s := &demoStory{
		db: db, plexy: plexy, workers: workers, clock: clock, now: time.Now().UTC().Truncate(time.Minute),
		dice:   rand.New(rand.NewPCG(2026, 11)), //nolint:gosec // the same history every time
		people: map[string]distribution.Actor{}, payees: demoPayees(tables.Banks), policy: distribution.DefaultPolicy(),
	}
	for _, p := range s.payees {
		s.often += p.Often
	}
	return s, nil
}

func (s *demoStory) write(ctx context.Context) error {
	days := workdays(s.now.AddDate(0, 0, -demoDays), s.now.Add(-3*time.Hour))
	opened := len(workdays(s.now.AddDate(0, 0, -demoOpened), s.now.Add(-3*time.Hour)))
	before, since := days[:len(days)-opened], days[len(days)-opened:]

	s.at(since[0].Add(-time.Hour), s.addPeople)
	s.madeElsewhere(before, demoTotal-demoHere-demoEndings)
	s.ordinaryDays(since, demoHere)
	s.endings(since)

	slices.SortStableFunc(s.scenes, func(a, b demoScene) int { return a.at.Compare(b.at) })
	for _, sc := range s.scenes {
		s.clock.set(sc.at)
		if err := sc.play(ctx); err != nil {
			return fmt.Errorf("at %s: %w", sc.at.Format(time.RFC3339), err)
		}
	}
	return nil
}

// at plans a scene.
func (s *demoStory) at(t time.Time, play func(context.Context) error) {
	s.scenes = append(s.scenes, demoScene{t, play})
}

// reads lets the program read Plexy then.
func (s *demoStory) reads(t time.Time) { s.at(t, s.workers.Syncer.Round) }

func (s *demoStory) addPeople(ctx context.Context) error {
	for _, p := range demoPeople() {
		hash, err := session.HashPassword(demoPassword, store.User{Email: p.Email, Name: p.Name}, true)
		if err != nil {
			return err
		}
		p.PasswordHash = hash
		u, err := s.db.CreateUser(ctx, cli(), p)
		if err != nil {
			return err
		}
		s.people[u.Email] = u.Actor()
	}
	return s.db.EnsurePolicy(ctx, distribution.System("setup"), s.policy)
}

// maker is one of the two accountants; the first one makes more.
func (s *demoStory) maker() string {
	if s.dice.IntN(3) == 0 {
		return "accountant2@demo.kz"
	}
	return "accountant@demo.kz"
}

// form is the payment as an accountant types it.
func (s *demoStory) form(p demoPayment) (store.NewDraft, error) {
	content, errs := distribution.Form{
		Amount: distribution.Amount(p.Tiyn).String(), Currency: "KZT", Name: p.Name, BIN: p.BIN, IBAN: p.IBAN, BIC: p.BIC,
		KBe: p.KBE, KNP: p.KNP, Purpose: p.Purpose,
	}.Parse()
	if len(errs) > 0 {
		return store.NewDraft{}, errs
	}
	return s.filled(content), nil
}

// filled is a form with this content.
func (s *demoStory) filled(c distribution.Content) store.NewDraft {
	s.forms++
	return store.NewDraft{FormToken: fmt.Sprintf("demo-%06d", s.forms), Content: c}
}

// draft writes one down.
func (s *demoStory) draft(ctx context.Context, maker string, p demoPayment) (distribution.Distribution, error) {
	form, err := s.form(p)
	if err != nil {
		return distribution.Distribution{}, err
	}
	return s.db.Create(ctx, s.people[maker], form)
}

// queue hands one over: to the sender, or to approvers if it is large.
func (s *demoStory) queue(ctx context.Context, maker string, p demoPayment) (distribution.Distribution, error) {
	d, err := s.draft(ctx, maker, p)
	if err != nil {
		return d, err
	}
	s.clock.pass(70 * time.Second)
	return s.db.Submit(ctx, s.people[maker], d.ID)
}

// sendQueued sends the only one that is queued.
func (s *demoStory) sendQueued(ctx context.Context) error {
	s.clock.pass(2 * time.Second)
	worked, err := s.workers.Sender.SendOne(ctx)
	if err == nil && !worked {
		err = errors.New("nothing was sent")
	}
	return err
}

// send makes one that needs no approval and sends it at once.
func (s *demoStory) send(ctx context.Context, p demoPayment) (distribution.Distribution, error) {
	d, err := s.queue(ctx, s.maker(), p)
	if err != nil {
		return d, err
	}
	if err := s.sendQueued(ctx); err != nil {
		return d, err
	}
	return s.db.Distribution(ctx, d.ID)
}

func (s *demoStory) approve(ctx context.Context, manager string, d *distribution.Distribution) error {
	now, err := s.db.Approve(ctx, s.people[manager], d.ID, distribution.Code(d.SubmittedHash))
	if err == nil && now.Status == distribution.Queued {
		err = s.sendQueued(ctx)
	}
	return err
}

func (s *demoStory) approver(n int) string {
	return []string{"manager@demo.kz", "manager2@demo.kz"}[n%2]
}
