package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"plexydash/audit"
	"plexydash/config"
	"plexydash/distribution"
	"plexydash/store"
)

// backupsOf is the folder of backups of the mode.
func backupsOf(cfg config.Config) (store.Backups, error) {
	keys, err := knownKeys(cfg)
	return store.Backups{Folder: cfg.Backup.Folder, Name: cfg.Mode, Keep: cfg.Backup.Keep, Keys: keys}, err
}

// knownKeys are the public keys beside the database; none where none was made.
func knownKeys(cfg config.Config) (audit.Keys, error) {
	keys, err := audit.ReadKeys(audit.PublicFile(cfg.AuditKey()))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return keys, err
}

// backup copies the database, whatever its schema, and changes nothing in it.
func backup(ctx context.Context, cfg config.Config, stdout io.Writer) error {
	db, err := store.OpenReader(cfg.Database())
	if err != nil {
		return noDatabase(err)
	}
	made, err := makeBackup(ctx, cfg, db)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s: %d bytes, schema %d, audit log of %d records with root %s; file and log are sound\n",
		made.Path, made.Bytes, made.Schema, made.Size, made.Root)
	return err
}

func makeBackup(ctx context.Context, cfg config.Config, db *store.DB) (store.Copy, error) {
	backups, err := backupsOf(cfg)
	if err != nil {
		return store.Copy{}, err
	}
	to := cfg.Backup.To
	if to == "" {
		to = backups.Path(db.Now())
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return store.Copy{}, fmt.Errorf("folder of backups: %w", err)
		}
	}
	return db.Backup(ctx, to, backups.Keys)
}

// restore puts a backup in the place of the database, or only tries whether that
// would do.
func restore(ctx context.Context, cfg config.Config, stdout io.Writer) (err error) {
	backups, err := backupsOf(cfg)
	if err != nil {
		return err
	}
	if cfg.Backup.Drill {
		return drill(ctx, cfg.Backup.From, backups, stdout)
	}
	if cfg.Backup.From == "" {
		return errors.New("say which backup to restore: --from FILE (or --drill, to try the newest one in " + backups.Folder + ")")
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	lock, err := lockSender(cfg.Database())
	if err != nil {
		return fmt.Errorf("stop it first: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	r, err := store.Restore(ctx, cfg.Backup.From, cfg.Database(), backups.Keys, time.Now())
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "%s: restored from %s, audit log of %d records with root %s\n", r.Path, cfg.Backup.From, r.Size, r.Root)
	if r.Aside != "" {
		_, _ = fmt.Fprintf(stdout, "The database that was replaced is kept in %s.\n", r.Aside)
	}
	_, err = fmt.Fprintln(stdout, "The next start is on HOLD: nothing is sent until all that Plexy has was read anew and two people allow it on the page /hold.")
	return err
}

// drill proves a backup in a scratch folder and says what it holds.
func drill(ctx context.Context, from string, backups store.Backups, stdout io.Writer) error {
	if from == "" {
		var err error
		if from, _, err = backups.Newest(); err != nil {
			return err
		}
		if from == "" {
			return fmt.Errorf("there is no backup in %s", backups.Folder)
		}
	}
	info, err := os.Stat(from)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	found, err := store.Drill(ctx, from, backups.Keys)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(stdout, "%s: %d bytes, made %s ago, schema %d; the file is sound\n",
		from, found.Bytes, time.Since(info.ModTime()).Round(time.Second), found.Schema)
	_, _ = fmt.Fprintf(stdout, "audit log: %d records, root %s, %s; the newest is of %s\n",
		found.Size, found.Root, signedUpTo(found.Copy), found.NewestAt.Format(time.RFC3339))
	_, _ = fmt.Fprintf(stdout, "distributions: %d\n", found.Totals.Count)
	for _, s := range distribution.Statuses() {
		if n := found.Totals.ByStatus[s].Count; n > 0 {
			_, _ = fmt.Fprintf(stdout, "  %-18s %d\n", s, n)
		}
	}
	return sayInvariants(found.Invariants, stdout)
}

func signedUpTo(c store.Copy) string {
	if c.Signed == 0 {
		return "no checkpoint was held against it"
	}
	return fmt.Sprintf("signed up to record %d", c.Signed)
}

func sayInvariants(all []store.Invariant, stdout io.Writer) error {
	var broken []error
	for _, i := range all {
		if i.Stops && i.Breaches > 0 {
			broken = append(broken, fmt.Errorf("invariant %s is broken %d times, such as %v", i.Code, i.Breaches, i.Examples))
		}
	}
	if len(broken) == 0 {
		_, err := fmt.Fprintln(stdout, "invariants: all hold; this backup can be restored")
		return err
	}
	return errors.Join(broken...)
}
