package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"plexydash/config"
	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/web/session"
	"plexydash/worker"
)

// Demo mode runs against a stand-in of Plexy inside the program. Its first
// start writes a history by doing what people and workers do, under a clock
// that is set back; nothing in it is made up behind the rules.

const (
	demoPassword = session.DemoPassword
	demoKey      = "pr_demo"
	demoBalance  = 48_650_000_00 // tiyn
	demoDays     = 30
	// Distributions by how they came about; together demoTotal.
	demoTotal     = 200
	demoElsewhere = 120
	demoEndings   = 22
)

// demoPeople are the accounts that exist in demo mode only.
func demoPeople() []store.NewUser {
	return []store.NewUser{
		{Email: "accountant@demo.kz", Name: "Гүлнар Сулейменова", Role: distribution.Accountant},
		{Email: "accountant2@demo.kz", Name: "Ерлан Оспанов", Role: distribution.Accountant},
		{Email: "manager@demo.kz", Name: "Динара Мұратова", Role: distribution.Manager},
		{Email: "manager2@demo.kz", Name: "Александр Ли", Role: distribution.Manager},
		{Email: "auditor@demo.kz", Name: "Айгерим Ким", Role: distribution.Auditor},
		{Email: "admin@demo.kz", Name: "Арман Сейітқали", Role: distribution.Admin},
	}
}

// movableClock is the real clock, or a fixed moment while history is written.
type movableClock struct {
	mu    sync.Mutex
	fixed time.Time
}

func (c *movableClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fixed.IsZero() {
		return time.Now()
	}
	return c.fixed
}

func (c *movableClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fixed = t
}

// demoStateFile is where the stand-in keeps its own books.
func demoStateFile(folder string) string { return filepath.Join(folder, "demo-plexy.json") }

func newStandIn(folder string, now func() time.Time) (*plexytest.Server, error) {
	return plexytest.New(plexytest.Options{Key: demoKey, Balance: demoBalance, Now: now, StateFile: demoStateFile(folder)})
}

// prepareDemo writes the history at the first start. It does so in a folder of
// its own and moves the result into place when it is whole, so that a start that
// was interrupted begins anew.
func prepareDemo(ctx context.Context, cfg config.Config) error {
	if _, err := os.Stat(cfg.Database()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	draft := cfg
	draft.Data = filepath.Join(cfg.Data, "demo-new")
	if err := os.RemoveAll(draft.Data); err != nil {
		return fmt.Errorf("demo data: %w", err)
	}
	if err := writeDemo(ctx, draft); err != nil {
		return fmt.Errorf("demo data: %w", err)
	}
	for _, left := range []string{"-wal", "-shm"} { // of a database that was deleted: SQLite would replay it into the new one
		if err := os.RemoveAll(cfg.Database() + left); err != nil {
			return fmt.Errorf("demo data: %w", err)
		}
	}
	return errors.Join(
		os.Rename(demoStateFile(draft.Data), demoStateFile(cfg.Data)),
		os.Rename(draft.Database(), cfg.Database()),
		os.RemoveAll(draft.Data),
	)
}

func writeDemo(ctx context.Context, cfg config.Config) (err error) {
	clock := &movableClock{}
	db, err := store.Open(ctx, store.Options{Path: cfg.Database(), Now: clock.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	plexy, client, err := dialStandIn(cfg.Data, clock.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plexy.Close()) }()
	defer client.Close()
	workers, err := newWorkers(cfg, db, client, slog.New(slog.DiscardHandler), clock.Now) // history is not news
	if err != nil {
		return err
	}
	story := &demoStory{
		db: db, plexy: plexy, sender: workers.Sender, syncer: workers.Syncer, clock: clock,
		dice: rand.New(rand.NewPCG(2026, 11)), //nolint:gosec // the same history every time
	}
	return story.write(ctx)
}

// dialStandIn starts the stand-in inside the program and a client of it.
func dialStandIn(folder string, now func() time.Time) (*plexytest.Server, *plexyclient.Client, error) {
	plexy, err := newStandIn(folder, now)
	if err != nil {
		return nil, nil, err
	}
	client, err := plexyclient.New(plexyclient.Config{BaseURL: plexytest.BaseURL, Key: demoKey, DialContext: plexy.Listen().DialContext})
	if err != nil {
		return nil, nil, errors.Join(err, plexy.Close())
	}
	return plexy, client, nil
}

// demoStory writes the history.
type demoStory struct {
	db     *store.DB
	plexy  *plexytest.Server
	sender *worker.Sender
	syncer *worker.Syncer
	clock  *movableClock
	dice   *rand.Rand
	people map[string]distribution.Actor // by e-mail address
	serial int
}

func (s *demoStory) write(ctx context.Context) error {
	start := time.Now().UTC().Add(-demoDays * 24 * time.Hour).Truncate(time.Hour)
	s.clock.set(start)
	for _, step := range []func(context.Context, time.Time) error{s.addPeople, s.madeElsewhere, s.ordinaryDays, s.endings} {
		if err := step(ctx, start); err != nil {
			return err
		}
	}
	return nil
}

func (s *demoStory) addPeople(ctx context.Context, _ time.Time) error {
	s.people = map[string]distribution.Actor{}
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
	return s.db.EnsurePolicy(ctx, distribution.System("setup"), distribution.DefaultPolicy())
}

// madeElsewhere is what stood at Plexy before this dashboard was set up.
func (s *demoStory) madeElsewhere(ctx context.Context, start time.Time) error {
	var history []plexytest.Distribution
	for i := range demoElsewhere {
		p := s.payee()
		at := start.Add(-time.Duration(demoElsewhere-i) * 5 * time.Hour)
		status := "paid"
		if i%17 == 5 {
			status = "failed"
		}
		history = append(history, plexytest.Distribution{
			OrderReference: fmt.Sprintf("SETTLE-%05d", 4100+i*3), Amount: s.tiyn(), Status: status,
			Recipient:      plexyclient.Recipient{Name: p.Name, BIN: p.BIN, IBAN: p.IBAN, BIC: p.BIC, KBE: p.KBe, KNP: p.KNP},
			PaymentPurpose: s.purpose(), CreatedAt: at, UpdatedAt: at.Add(40 * time.Minute),
		})
	}
	if _, err := s.plexy.Add(history...); err != nil {
		return err
	}
	return s.syncer.Round(ctx)
}

// ordinaryDays is what the two accountants paid since: a few each working
// morning, and by noon Plexy has paid them.
func (s *demoStory) ordinaryDays(ctx context.Context, start time.Time) error {
	const paid = demoTotal - demoElsewhere - demoEndings
	const mornings = demoDays - 2
	for day := range mornings {
		morning := start.Truncate(24 * time.Hour).Add(time.Duration(day*24+28) * time.Hour) // 09:00 in Almaty
		s.clock.set(morning)
		if day%7 == 3 { // the agent tops the balance up
			if err := s.plexy.SetBalance(s.plexy.Balance() + 21_000_000_00); err != nil {
				return err
			}
		}
		for range paid*(day+1)/mornings - paid*day/mornings {
			s.clock.set(s.clock.Now().Add(time.Duration(5+s.dice.IntN(30)) * time.Minute))
			if _, err := s.send(ctx, s.tiyn()); err != nil {
				return err
			}
		}
		if err := s.later(ctx, 40*time.Minute); err != nil {
			return err
		}
	}
	return nil
}

// draft writes a form as an accountant does.
func (s *demoStory) draft(ctx context.Context, tiyn int64) (distribution.Distribution, distribution.Actor, error) {
	p := s.payee()
	form := distribution.Form{
		Amount: distribution.Amount(tiyn).String(), Currency: "KZT", Name: p.Name, BIN: p.BIN, IBAN: p.IBAN, BIC: p.BIC, KBe: p.KBe, KNP: p.KNP,
		Purpose: s.purpose(),
	}
	content, errs := form.Parse()
	if len(errs) > 0 {
		return distribution.Distribution{}, distribution.Actor{}, errs
	}
	s.serial++
	by := s.people["accountant@demo.kz"]
	if s.serial%3 == 0 {
		by = s.people["accountant2@demo.kz"]
	}
	d, err := s.db.Create(ctx, by, store.NewDraft{FormToken: fmt.Sprintf("demo-%06d", s.serial), Content: content})
	return d, by, err
}

// queue writes one and hands it over: to the sender, or to approvers if it is large.
func (s *demoStory) queue(ctx context.Context, tiyn int64) (distribution.Distribution, error) {
	d, by, err := s.draft(ctx, tiyn)
	if err != nil {
		return d, err
	}
	return s.db.Submit(ctx, by, d.ID)
}

// send queues one and sends it at once.
func (s *demoStory) send(ctx context.Context, tiyn int64) (distribution.Distribution, error) {
	d, err := s.queue(ctx, tiyn)
	if err != nil {
		return d, err
	}
	if worked, err := s.sender.SendOne(ctx); err != nil || !worked {
		return d, errors.Join(err, fmt.Errorf("%s was not sent: %t", d.ID, worked))
	}
	return s.db.Distribution(ctx, d.ID)
}
