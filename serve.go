package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"plexydash/config"
	"plexydash/distribution"
	"plexydash/handlers"
	"plexydash/i18n"
	"plexydash/metrics"
	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
	"plexydash/static"
	"plexydash/store"
	"plexydash/views/settings"
	"plexydash/views/signin"
	"plexydash/web"
	"plexydash/web/session"
	"plexydash/worker"
)

// serve runs the dashboard until the context ends: database, then Plexy or its
// stand-in, then the workers, then the pages.
func serve(ctx context.Context, cfg config.Config, stdout io.Writer) (err error) {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	lock, err := lockSender(cfg.Database())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if cfg.Mode == config.Demo {
		cfg.Plexy.AmountUnit = "major"
		cfg.SyncEvery = min(cfg.SyncEvery, 2*time.Second) // the stand-in is near, and people want to see it move
		if err := prepareDemo(ctx, cfg); err != nil {
			return err
		}
	}
	db, err := openDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.EnsurePolicy(ctx, distribution.System("setup"), distribution.DefaultPolicy()); err != nil {
		return err
	}

	if cfg.Mode == config.Demo {
		return serveDemo(ctx, cfg, db, log, stdout)
	}
	params, err := plexyclient.ParseListParams(cfg.Plexy.ListParams)
	if err != nil {
		return fmt.Errorf("PLEXY_LIST_PARAMS: %w", err)
	}
	counts, err := newMetrics(cfg, db)
	if err != nil {
		return err
	}
	client, err := plexyclient.New(plexyclient.Config{
		Seen: counts.Call, BaseURL: cfg.Plexy.BaseURL, Key: cfg.Plexy.Key.Reveal(), ListParams: params, BalancePath: cfg.Plexy.BalancePath,
		DialContext: crashDial(),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	workers, err := newWorkers(cfg, db, client, log, time.Now)
	if err != nil {
		return err
	}
	return serveAll(ctx, cfg, parts{db, workers, counts, nil}, log, stdout)
}

// serveDemo puts a stand-in of Plexy into the program.
func serveDemo(ctx context.Context, cfg config.Config, db *store.DB, log *slog.Logger, stdout io.Writer) error {
	counts, err := newMetrics(cfg, db)
	if err != nil {
		return err
	}
	plexy, client, err := dialStandIn(counts.Call, plexytest.Options{Key: demoKey, Balance: demoBalance, StateFile: demoStateFile(cfg.Data)})
	if err != nil {
		return err
	}
	defer func() { _ = plexy.Close() }()
	defer client.Close()
	workers, err := newWorkers(cfg, db, client, log, time.Now)
	if err != nil {
		return err
	}
	demo := &handlers.Demo{Password: demoPassword}
	for _, p := range demoPeople() {
		demo.Accounts = append(demo.Accounts, signin.Account{Email: p.Email, Role: p.Role})
	}
	return serveAll(ctx, cfg, parts{db, workers, counts, demo}, log, stdout)
}

func newWorkers(cfg config.Config, db *store.DB, client *plexyclient.Client, log *slog.Logger, passing func() time.Time) (*worker.Workers, error) {
	unit, ok := worker.ParseUnit(cfg.Plexy.AmountUnit)
	if !ok {
		return nil, fmt.Errorf("PLEXY_AMOUNT_UNIT is %q", cfg.Plexy.AmountUnit)
	}
	backups, err := backupsOf(cfg)
	if err != nil {
		return nil, err
	}
	return worker.New(worker.Config{
		DB: db, Plexy: client, Unit: unit, Submit: cfg.Submit, SyncEvery: cfg.SyncEvery, SettleWindow: cfg.SettleWindow, ExportDir: exportDir(cfg), Log: log,
		Backups: backups, BackupEvery: cfg.Backup.Every,
		At: crashAt(), Passing: passing,
	})
}

func exportDir(cfg config.Config) string { return filepath.Join(cfg.Data, cfg.Mode+"-exports") }

func newMetrics(cfg config.Config, db *store.DB) (*metrics.Metrics, error) {
	backups, err := backupsOf(cfg)
	if err != nil {
		return nil, err
	}
	return metrics.New(metrics.Options{DB: db, Backups: backups, MaxAge: max(time.Minute, 2*cfg.SyncEvery), Submit: cfg.Submit, Version: version}), nil
}

// parts are what a program that serves is made of.
type parts struct {
	db      *store.DB
	workers *worker.Workers
	metrics *metrics.Metrics
	demo    *handlers.Demo // nil: money is real
}

// serveAll runs the workers and the pages together: when one ends, all end.
func serveAll(ctx context.Context, cfg config.Config, p parts, log *slog.Logger, stdout io.Writer) error {
	server, err := newServer(cfg, p, log)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("PLEXYDASH_LISTEN: %w", err)
	}
	cfg.Listen = listener.Addr().String() // port 0 becomes a real one
	greet(cfg, p.demo, stdout)

	g, ctx := errgroup.WithContext(ctx)
	for _, run := range []func(context.Context) error{p.workers.Guard.Run, p.workers.Syncer.Run, p.workers.Reconciler.Run, p.workers.Exporter.Run, p.workers.Archivist.Run} {
		g.Go(func() error { return run(ctx) })
	}
	g.Go(func() error { return p.workers.Guard.Before(ctx, p.workers.Sender.Run) })
	g.Go(func() error { return serveUntil(ctx, server, listener) })
	return g.Wait()
}

func newServer(cfg config.Config, p parts, log *slog.Logger) (*http.Server, error) {
	assets, err := static.Load()
	if err != nil {
		return nil, err
	}
	catalog, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	tables, err := readTables(cfg.Data)
	if err != nil {
		return nil, err
	}
	cutOff, err := distribution.ParseCutOff(cfg.CutOff)
	if err != nil {
		return nil, fmt.Errorf("PLEXYDASH_CUT_OFF: %w", err)
	}
	sessions := session.New(p.db, session.Options{Secure: cfg.Secure()})
	deps := web.Deps{
		Addr: cfg.Listen, Sessions: sessions, Catalog: catalog, Assets: assets, Log: log,
		Metrics: p.metrics.Handler(), MetricsToken: cfg.MetricsToken.Reveal(), Counted: p.metrics.Request,
		Handlers: handlers.New(handlers.Deps{
			DB: p.db, Sessions: sessions, Tables: tables, ExportDir: exportDir(cfg), SyncEvery: cfg.SyncEvery,
			SettleWindow: cfg.SettleWindow, Submit: cfg.Submit, CutOff: cutOff, Version: version, Program: programValues(cfg), Demo: p.demo, Wake: p.workers.Wake, Refresh: p.workers.Syncer.Wake,
			Ready: func(context.Context) error { return p.workers.Unsaved() },
		}),
	}
	if cfg.PublicURL != "" {
		if deps.PublicURL, err = url.Parse(cfg.PublicURL); err != nil {
			return nil, fmt.Errorf("PLEXYDASH_PUBLIC_URL: %w", err)
		}
	}
	server, err := web.NewServer(deps)
	if err != nil {
		return nil, err
	}
	server.Handler = crashHandler(server.Handler)
	return server, nil
}

// readTables reads the tables of the operator where the data folder has them.
func readTables(folder string) (distribution.Tables, error) {
	tables, err := distribution.ReadTables(os.DirFS(folder))
	if err != nil {
		return tables, fmt.Errorf("tables in %s: %w", folder, err)
	}
	return tables, nil
}

// programValues is what the settings page shows of the configuration.
func programValues(cfg config.Config) []settings.Value {
	var all []settings.Value
	for _, v := range cfg.Values() {
		all = append(all, settings.Value{Name: v.Variable, Text: v.Text, Source: string(v.Source)})
	}
	return all
}

// greet prints where to go, and in demo mode who may.
func greet(cfg config.Config, demo *handlers.Demo, stdout io.Writer) {
	_, _ = fmt.Fprintf(stdout, "plexydash %s, %s mode: open %s\n", version, cfg.Mode, cfg.Address())
	if demo == nil {
		return
	}
	for _, a := range demo.Accounts {
		_, _ = fmt.Fprintf(stdout, "  %-22s %-11s password %s\n", a.Email, a.Role, demo.Password)
	}
}

// serveUntil serves until the context ends, then lets open requests finish. A
// nil listener means the server's own address.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	stopped := make(chan error, 1)
	defer context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(late)
	})()
	var err error
	if listener == nil {
		err = server.ListenAndServe()
	} else {
		err = server.Serve(listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
