package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plexydash/audit"
)

// Backups is a folder that gets copies of one database, named by their time.
type Backups struct {
	Folder string
	Name   string // what their names begin with: live, demo
	Keep   int    // how many of the newest stay
	Keys   audit.Keys
}

const (
	backupTime   = "20060102-150405" // in UTC, so that names sort by age
	backupSuffix = ".db"
	// abandonedFor is how old an unfinished copy is when nobody works on it any more.
	abandonedFor = 24 * time.Hour
)

// Path is where a copy of that moment belongs.
func (b Backups) Path(at time.Time) string {
	return filepath.Join(b.Folder, b.Name+"-"+at.UTC().Format(backupTime)+backupSuffix)
}

// timeOf reads the moment from a name. Whatever else lies in the folder is not
// ours.
func (b Backups) timeOf(name string) (time.Time, bool) {
	stamp, ours := strings.CutPrefix(name, b.Name+"-")
	stamp, finished := strings.CutSuffix(stamp, backupSuffix)
	at, err := time.Parse(backupTime, stamp)
	return at, ours && finished && err == nil
}

// Newest is the last copy; its path is empty when there is none.
func (b Backups) Newest() (path string, at time.Time, err error) {
	all, err := b.list()
	if err != nil || len(all) == 0 {
		return "", time.Time{}, err
	}
	at, _ = b.timeOf(all[len(all)-1])
	return filepath.Join(b.Folder, all[len(all)-1]), at, nil
}

// list has the names of the copies, oldest first.
func (b Backups) list() ([]string, error) {
	found, err := os.ReadDir(b.Folder) // sorted by name
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("store: backups: %w", err)
	}
	var names []string
	for _, f := range found {
		if _, ours := b.timeOf(f.Name()); ours && f.Type().IsRegular() {
			names = append(names, f.Name())
		}
	}
	return names, nil
}

// Make adds a copy of the database, and only then drops the oldest ones.
func (b Backups) Make(ctx context.Context, db *DB) (Copy, error) {
	if err := os.MkdirAll(b.Folder, 0o700); err != nil {
		return Copy{}, fmt.Errorf("store: backups: %w", err)
	}
	c, err := db.Backup(ctx, b.Path(db.Now()), b.Keys)
	if err != nil {
		return c, err
	}
	return c, b.prune(db.Now())
}

func (b Backups) prune(now time.Time) error {
	names, err := b.list()
	if err != nil {
		return err
	}
	for _, name := range names[:max(0, len(names)-max(1, b.Keep))] {
		err = errors.Join(err, os.Remove(filepath.Join(b.Folder, name)))
	}
	return errors.Join(err, b.sweepParts(now))
}

// sweepParts removes copies that the end of a program left unfinished.
func (b Backups) sweepParts(now time.Time) error {
	parts, err := filepath.Glob(filepath.Join(escaped(b.Folder), b.Name+"-*"+partSuffix+"*")) // and SQLite's journals beside them
	for _, part := range parts {
		info, statErr := os.Stat(part)
		if statErr == nil && now.Sub(info.ModTime()) > abandonedFor {
			err = errors.Join(err, os.Remove(part))
		}
	}
	return err
}

// escaped is a folder whose name may hold what a pattern takes for its own.
func escaped(folder string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(folder)
}
