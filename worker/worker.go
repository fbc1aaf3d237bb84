// Package worker is what happens while no person waits. It alone talks to Plexy.
//
//   - The Sender POSTs queued distributions, each attempt once.
//   - The Syncer copies Plexy's list and balance into the database.
//   - The Reconciler searches that list for distributions of unknown outcome.
//   - The Exporter writes the files that people asked for.
//   - The Guard looks whether the database contradicts itself.
//   - The Archivist makes backups.
//
// Each has a Run that works until its context ends, and all but the last two a
// Wake that ends the idle wait. All may run at once; the state between two steps is always in
// the database, so that a program that was killed goes on where it stood.
package worker

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"plexydash/i18n"
	"plexydash/plexyclient"
	"plexydash/store"
)

// Config is what the workers work with. Everything without a remark is required.
type Config struct {
	DB     *store.DB
	Plexy  *plexyclient.Client
	Unit   Unit // what an amount counts on the wire
	Submit bool // false: nothing is sent
	// SyncEvery is how often Plexy is read, at least 1 s. Nothing is sent while
	// the last good read is older than two such intervals and than a minute.
	SyncEvery time.Duration
	// SettleWindow is how long an unknown outcome may still come true at Plexy:
	// only sweeps that begin later count towards not found.
	SettleWindow time.Duration
	// ExportDir gets finished files as <id>.<format>. It is made when it is missing,
	// and nothing else may write in it.
	ExportDir string
	// Backups get a copy of the database every BackupEvery; 0 makes none.
	Backups     store.Backups
	BackupEvery time.Duration
	Log         *slog.Logger
	// Passing shows how time passes, against which the database's clock is held;
	// nil means time.Now.
	Passing func() time.Time
	// At is told of points that tests may fail; nil outside of them.
	At func(point string) error
}

func (c Config) check() error {
	_, unitErr := c.Unit.scale()
	switch {
	case c.DB == nil || c.Plexy == nil || c.Log == nil:
		return errors.New("worker: database, client and log are required")
	case unitErr != nil:
		return fmt.Errorf("worker: %w", unitErr)
	case c.SyncEvery < time.Second:
		return fmt.Errorf("worker: cannot read Plexy every %s, at most every second", c.SyncEvery)
	case c.SettleWindow <= 0:
		return errors.New("worker: a settle window is required")
	case c.ExportDir == "":
		return errors.New("worker: a folder for exports is required")
	}
	return nil
}

// Workers are the workers of one database. Two sets of them on one database
// would disturb each other: hold store.LockSender.
type Workers struct {
	Sender     *Sender
	Syncer     *Syncer
	Reconciler *Reconciler
	Exporter   *Exporter
	Guard      *Guard
	Archivist  *Archivist
}

// New makes them; their Run methods are the caller's to start.
func New(c Config) (*Workers, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	words, err := i18n.Load()
	if err != nil {
		return nil, fmt.Errorf("worker: %w", err)
	}
	mirror := newMirror(c)
	return &Workers{
		Sender: &Sender{
			waker: newWaker(), db: c.DB, plexy: c.Plexy, unit: c.Unit,
			submit: c.Submit, maxAge: max(time.Minute, 2*c.SyncEvery), log: c.Log.With("worker", "sender"),
			at: c.At, clock: mirror.clock,
		},
		Syncer:     &Syncer{waker: newWaker(), mirror: mirror, every: c.SyncEvery, log: c.Log.With("worker", "syncer")},
		Reconciler: &Reconciler{waker: newWaker(), mirror: mirror, window: c.SettleWindow, log: c.Log.With("worker", "reconciler")},
		Exporter:   &Exporter{waker: newWaker(), db: c.DB, dir: c.ExportDir, words: words, log: c.Log.With("worker", "exporter")},
		Guard:      newGuard(c),
		Archivist:  &Archivist{db: c.DB, backups: c.Backups, every: c.BackupEvery, log: c.Log.With("worker", "archivist")},
	}, nil
}

// Unsaved says that an outcome cannot be written down at the moment, and that
// nothing else is sent before it is.
func (w *Workers) Unsaved() error {
	if w.Sender.unsaved.Load() {
		return errors.New("worker: an outcome cannot be saved")
	}
	return nil
}

// Wake tells those who wait for people's orders that there may be one. It never
// blocks, and it does not make the Syncer read Plexy again: that one has a Wake
// of its own.
func (w *Workers) Wake() {
	w.Sender.Wake()
	w.Reconciler.Wake()
	w.Exporter.Wake()
}
