package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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
)

// Demo mode runs against a stand-in of Plexy inside the program. Its first
// start writes a history by doing what people and workers do, under a clock
// that is set back; nothing in it is made up behind the rules.

const (
	demoPassword = session.DemoPassword
	demoKey      = "pr_demo"
	demoBalance  = 48_650_000_00 // tiyn
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

// movableClock stands where the history that is written has come to.
type movableClock struct {
	mu    sync.Mutex
	fixed time.Time
}

func (c *movableClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fixed
}

// set never goes back: who is late begins late.
func (c *movableClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.fixed) {
		c.fixed = t
	}
}

func (c *movableClock) rewind(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fixed = t
}

func (c *movableClock) pass(d time.Duration) { c.set(c.Now().Add(d)) }

// demoStateFile is where the stand-in keeps its own books.
func demoStateFile(folder string) string { return filepath.Join(folder, "demo-plexy.json") }

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
	if err := syncFile(draft.Database()); err != nil {
		return fmt.Errorf("demo data: %w", err)
	}
	for _, left := range []string{"-wal", "-shm"} { // of a database that was deleted: SQLite would replay it into the new one
		if err := os.RemoveAll(cfg.Database() + left); err != nil {
			return fmt.Errorf("demo data: %w", err)
		}
	}
	return errors.Join( // the database last: without it the next start begins anew
		os.Rename(store.InstanceFile(draft.Database()), store.InstanceFile(cfg.Database())),
		os.Rename(demoStateFile(draft.Data), demoStateFile(cfg.Data)),
		os.Rename(draft.Database(), cfg.Database()),
		os.RemoveAll(draft.Data),
	)
}

// syncFile makes what was written as a draft last.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func writeDemo(ctx context.Context, cfg config.Config) (err error) {
	clock := &movableClock{fixed: time.Now().AddDate(0, 0, -demoDays)}
	db, err := store.Open(ctx, store.Options{Path: cfg.Database(), Now: clock.Now, Draft: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	plexy, client, err := dialStandIn(nil, plexytest.Options{
		Key: demoKey, Balance: demoBalance, Now: clock.Now, PageSize: 25, // no more is read than is new
		Steps: []plexytest.Step{{After: 3 * time.Minute, Status: "processing"}, {After: 35 * time.Minute, Status: "paid"}},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plexy.Close()) }()
	defer client.Close()
	cfg.SettleWindow = settleWindow                                                       // whatever it is from now on
	workers, err := newWorkers(cfg, db, client, slog.New(slog.DiscardHandler), clock.Now) // history is not news
	if err != nil {
		return err
	}
	story, err := newStory(db, plexy, workers, clock)
	if err != nil {
		return err
	}
	if err := story.write(ctx); err != nil {
		return err
	}
	if err := db.KeepInstance(ctx); err != nil {
		return err
	}
	return plexy.SaveTo(demoStateFile(cfg.Data))
}

// dialStandIn starts the stand-in inside the program and a client of it.
func dialStandIn(seen func(call string, status int, took time.Duration), o plexytest.Options) (*plexytest.Server, *plexyclient.Client, error) {
	plexy, err := plexytest.New(o)
	if err != nil {
		return nil, nil, err
	}
	client, err := plexyclient.New(plexyclient.Config{Seen: seen, BaseURL: plexytest.BaseURL, Key: demoKey, DialContext: plexy.Listen().DialContext})
	if err != nil {
		return nil, nil, errors.Join(err, plexy.Close())
	}
	return plexy, client, nil
}
