package worker

import (
	"context"
	"log/slog"
	"time"

	"plexydash/store"
)

// Archivist makes backups of the database while everything else goes on.
type Archivist struct {
	db      *store.DB
	backups store.Backups
	every   time.Duration // 0: never
	log     *slog.Logger
}

const (
	// archivistLooks is how often it looks whether a backup is due: the clock of
	// the machine may be set, and a machine may sleep.
	archivistLooks = time.Minute
	// archivistAgain is the wait after a backup that failed.
	archivistAgain = 10 * time.Minute
)

// Run makes them until ctx ends. Those that people made count too.
func (a *Archivist) Run(ctx context.Context) error {
	for ctx.Err() == nil && a.every > 0 {
		wait := archivistLooks
		if err := a.turn(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("no backup was made", "error", err)
			wait = archivistAgain
		}
		pause(ctx, wait)
	}
	return nil
}

// turn makes one if it is due. A newest one of the future is from a clock that
// was wrong.
func (a *Archivist) turn(ctx context.Context) error {
	path, at, err := a.backups.Newest()
	if err != nil {
		return err
	}
	if age := a.db.Now().Sub(at); path != "" && age >= 0 && age < a.every {
		return nil
	}
	made, err := a.backups.Make(ctx, a.db)
	if err == nil {
		a.log.Info("backup made", "file", made.Path, "bytes", made.Bytes, "records", made.Size, "root", made.Root.String())
	}
	return err
}
