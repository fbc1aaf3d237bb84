package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plexydash/audit"
)

// Restored is what Restore did.
type Restored struct {
	Copy
	Aside string // folder with the database that was replaced; empty: there was none
}

// Restore puts a copy of the file from in the place of the database at path,
// and keeps what was there aside. The copy is proven first. A crash at any
// moment leaves the old database or the new one, and the next start on HOLD.
// Nobody may have the database open: hold LockSender.
func Restore(ctx context.Context, from, path string, keys audit.Keys, now time.Time) (r Restored, err error) {
	if _, err := prepareFolder(filepath.Dir(path)); err != nil {
		return r, err
	}
	part := path + ".restoring" + partSuffix
	defer func() { err = errors.Join(err, removeIfThere(part)) }()
	if r.Copy, err = provenCopy(ctx, from, part, keys); err != nil {
		return r, err
	}
	if r.Aside, err = setAside(path, now); err != nil {
		return r, fmt.Errorf("store: keep the replaced database: %w", err)
	}
	// From here on the old file may lack what stands in its WAL: that is aside,
	// and the note puts it on HOLD.
	if err := errors.Join(markRestored(path), removeIfThere(path+"-wal"), removeIfThere(path+"-shm")); err != nil {
		return r, fmt.Errorf("store: restore: %w", err)
	}
	if err := errors.Join(syncFolder(filepath.Dir(path)), os.Rename(part, path)); err != nil {
		return r, fmt.Errorf("store: restore: %w", err)
	}
	r.Path = path
	return r, syncFolder(filepath.Dir(path))
}

// provenCopy copies a finished file and proves the copy, not the original: a
// disk that is going bad may read otherwise the second time.
func provenCopy(ctx context.Context, from, to string, keys audit.Keys) (c Copy, err error) {
	source, err := openFinished(from)
	if err != nil {
		return c, err
	}
	if err := errors.Join(source.Close(), copyFile(from, to)); err != nil {
		return c, fmt.Errorf("store: restore: %w", err)
	}
	if c, err = Prove(ctx, to, keys); err != nil {
		return c, fmt.Errorf("%s cannot be restored: %w", from, err)
	}
	newest, err := NewestSchema()
	if err == nil && c.Schema > newest {
		err = newerSchema(c.Schema, newest)
	}
	return c, err
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // beside the database
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// setAside gives the files of the old database second names in a folder of their
// own. It is empty when there is no old database.
func setAside(path string, now time.Time) (folder string, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	folder = filepath.Join(filepath.Dir(path), "replaced-"+name+"-"+now.UTC().Format(backupTime))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	for _, old := range []string{path, path + "-wal", InstanceFile(path)} {
		err := os.Link(old, filepath.Join(folder, filepath.Base(old)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return folder, errors.Join(syncFolder(folder), syncFolder(filepath.Dir(path)))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// DrillFound is what a drill saw.
type DrillFound struct {
	Copy
	Totals     Totals
	NewestAt   time.Time // of the newest record of the log; zero: there is none
	Invariants []Invariant
}

// Drill restores a file into a scratch folder, brings it up to date, looks at
// everything, and removes it again.
func Drill(ctx context.Context, from string, keys audit.Keys) (f DrillFound, err error) {
	scratch, err := os.MkdirTemp("", "plexydash-drill-")
	if err != nil {
		return f, fmt.Errorf("store: drill: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	path := filepath.Join(scratch, "drill.db")
	r, err := Restore(ctx, from, path, keys, time.Now())
	if err != nil {
		return f, err
	}
	f.Copy = r.Copy
	f.Path = from
	db, err := Open(ctx, Options{Path: path})
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if f.Totals, err = db.Totals(ctx, Filter{}); err != nil {
		return f, err
	}
	f.NewestAt = newestRecordAt(ctx, db.read)
	f.Invariants, err = db.Invariants(ctx)
	return f, err
}
