package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"plexydash/audit"
)

// partSuffix marks a copy that is not finished.
const partSuffix = ".part"

// Backup writes what the database holds at one moment into a file of its own,
// while others read and write on. The copy is on the disk and proven before it
// gets its name, and takes no other file's place.
func (db *DB) Backup(ctx context.Context, to string, keys audit.Keys) (c Copy, err error) {
	if err := free(to); err != nil {
		return c, err
	}
	part, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".*"+partSuffix) // mode 0600
	if err != nil {
		return c, fmt.Errorf("store: backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	if err := errors.Join(db.vacuumInto(ctx, part.Name()), part.Sync(), part.Close()); err != nil {
		return c, fmt.Errorf("store: backup: %w", err)
	}
	if c, err = Prove(ctx, part.Name(), keys); err != nil {
		return c, err
	}
	if err := errors.Join(free(to), os.Rename(part.Name(), to)); err != nil {
		return c, fmt.Errorf("store: backup: %w", err)
	}
	c.Path = to
	return c, syncFolder(filepath.Dir(to))
}

func free(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: backup: %s is there already, and is not overwritten: %w", path, errors.Join(err, fs.ErrExist))
	}
	return nil
}

// vacuumInto copies through a connection of its own: through the writer's,
// everybody who wants to write would wait.
func (db *DB) vacuumInto(ctx context.Context, to string) error {
	own, err := pool(db.path, commonDSN+"&mode=rw", 1)
	if err != nil {
		return err
	}
	_, err = own.ExecContext(ctx, "VACUUM INTO ?", to)
	return errors.Join(err, own.Close())
}

// syncFolder makes names in a folder survive a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir) //nolint:gosec // the folder of our own files
	if err != nil {
		return fmt.Errorf("store: folder: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("store: folder: %w", err)
	}
	return nil
}

// Copy is what a copy of a database holds.
type Copy struct {
	Path   string
	Bytes  int64
	Schema int64
	Size   int64 // records of the audit log
	Root   audit.Hash
	Signed int64 // records that a verified checkpoint covers; 0: none was looked at
}

// Prove reads a finished copy as a whole: the file is sound, rows refer to rows
// that are there, and the log's tree follows from its records. With keys, its
// checkpoints are held against the tree too.
func Prove(ctx context.Context, path string, keys audit.Keys) (c Copy, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return c, fmt.Errorf("store: copy: %w", err)
	}
	c.Path, c.Bytes = path, info.Size()
	db, err := openFinished(path)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := sound(ctx, db.read); err != nil {
		return c, fmt.Errorf("store: %s: %w", path, err)
	}
	if c.Schema, err = schemaOf(ctx, db.read); err != nil {
		return c, fmt.Errorf("store: %s: %w", path, err)
	}
	if err := c.readLog(ctx, db, keys); err != nil {
		return c, fmt.Errorf("store: %s: audit log: %w", path, err)
	}
	return c, nil
}

// firstSigned is the schema from which on the log has checkpoints.
const firstSigned = 2

func (c *Copy) readLog(ctx context.Context, db *DB, keys audit.Keys) (err error) {
	if c.Schema < firstSigned {
		c.Size, c.Root, err = auditTree(ctx, db.read)
		return err
	}
	v, err := audit.NewVerification(keys)
	if err == nil {
		err = db.VerifyAudit(ctx, v)
	}
	c.Size, c.Root, c.Signed = v.Size(), v.Root(), v.Newest.Size
	return err
}

// openFinished opens a file that nobody writes to, without files beside it. One
// whose newest transactions still stand beside it is none.
func openFinished(path string) (*DB, error) {
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return nil, fmt.Errorf("store: %s is not a finished copy: what was written last stands in %s-wal; make one with plexydash backup", path, filepath.Base(path))
	}
	if err := setLocks(); err != nil {
		return nil, err
	}
	db := newDB(Options{Path: path})
	var err error
	db.read, err = pool(path, readerDSN+"&mode=ro&immutable=1", 1)
	db.write = db.read
	return db, err
}

// sound asks SQLite whether the file is whole and refers to nothing that is
// missing.
func sound(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, "PRAGMA integrity_check(1)")
	found, err := collect(rows, err, scanText)
	switch {
	case err != nil:
		return fmt.Errorf("not a sound database: %w", err)
	case len(found) != 1 || found[0] != "ok":
		return fmt.Errorf("not a sound database: %v", found)
	}
	rows, err = q.QueryContext(ctx, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check")
	lost, err := collect(rows, err, scanText)
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("not a sound database: rows of %v refer to rows that are missing", lost)
	}
	return err
}

// schemaOf is the number of the last migration that the file has seen.
func schemaOf(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("not a database of plexydash: %w", err)
	}
	return n, nil
}
