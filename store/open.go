// Package store keeps everything the program knows in one SQLite database.
//
// There is one writer connection, whose transactions begin immediate, and a few
// readers that cannot write. Every change of a distribution goes through Change
// or one of its siblings, which write the row, its event and the audit record in
// one transaction and refuse an empty actor.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"plexydash/audit"
)

// Options of Open.
type Options struct {
	// Path of the database file; its folder is made with mode 0700.
	Path string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// NewID makes identifiers; nil means UUIDv7.
	NewID func() string
	// Signer signs a checkpoint of the audit log in every transaction that writes
	// to it. Nil: none are made.
	Signer *audit.Signer
	// At is told of each point where a test may want the program to die or a
	// commit to fail. The error it returns is taken for that of the step. Nil:
	// nobody listens.
	At func(point string) error
	// Draft is for a file that counts for nothing until it is finished, synced and
	// moved to its place: no commit waits for the disk.
	Draft bool
	// Instance keeps a note beside the database by which an older copy of it, or a
	// second one, is recognised and put on HOLD. It needs a Signer.
	Instance bool
	// Tell gets a line about what takes long at the start, and about a note that
	// cannot be written. Nil: nobody reads it.
	Tell func(line string)
	// Free tells how many bytes may still be written; nil asks the file system.
	Free func() (uint64, error)
}

// DB is the database of one data folder. Its methods are safe for concurrent use.
type DB struct {
	path  string
	write *sql.DB
	read  *sql.DB
	now   func() time.Time
	newID func() string
	at    func(point string) error
	free  func() (uint64, error)
	boot  string // names this run of the program

	signer *audit.Signer
	draft  bool
	noted  bool    // a note is kept, see Options.Instance
	keeper *keeper // of the note beside the database; nil: none is kept
	tell   func(line string)
	ledger ledger

	schemaWas int64 // before Open brought it up to date; 0: a new file
}

// Open opens the database, migrates it, and proves that SQLite is set as the
// money path needs it.
func Open(ctx context.Context, o Options) (*DB, error) {
	warning, err := prepare(o.Path)
	if err != nil {
		return nil, err
	}
	db := newDB(o)
	if warning != "" {
		db.tell(warning)
	}
	if db.write, err = pool(o.Path, db.writerDSN(), 1); err != nil {
		return nil, err
	}
	if db.read, err = pool(o.Path, readerDSN, 4); err != nil {
		return nil, errors.Join(err, db.write.Close())
	}
	steps := []func(context.Context) error{db.assertSettings, db.migrate, db.signFirst}
	if db.noted {
		steps = append(steps, db.recognise)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, errors.Join(about(o.Path, err), db.Close())
		}
	}
	return db, nil
}

// about names the file that the operator has to look at.
func about(path string, err error) error {
	switch resultCode(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%s is damaged; stop whatever uses it, and plexydash restore puts a backup in its place: %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// OpenReader opens a database as it is, of whatever schema, and changes nothing
// in it: every write fails.
func OpenReader(path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := setLocks(); err != nil {
		return nil, err
	}
	db := newDB(Options{Path: path})
	var err error
	if db.read, err = pool(path, readerDSN, 4); err != nil {
		return nil, err
	}
	db.write = db.read
	return db, nil
}

func newDB(o Options) *DB {
	db := &DB{path: o.Path, now: o.Now, newID: o.NewID, at: o.At, signer: o.Signer, draft: o.Draft, noted: o.Instance, free: o.Free, tell: o.Tell}
	if db.tell == nil {
		db.tell = func(string) {}
	}
	if db.now == nil {
		db.now = time.Now
	}
	if db.free == nil {
		db.free = freeAt(o.Path)
	}
	if db.newID == nil {
		db.newID = NewID
	}
	db.boot = db.newID()
	return db
}

// Close closes both pools.
func (db *DB) Close() error { return errors.Join(db.read.Close(), db.write.Close()) }

// Now is the store's clock, UTC, in microseconds as the database keeps it.
func (db *DB) Now() time.Time { return db.now().UTC().Truncate(time.Microsecond) }

// prepare makes folder and file private. The warning is empty or a sentence for
// the operator.
func prepare(path string) (warning string, err error) {
	if warning, err = prepareFolder(filepath.Dir(path)); err != nil {
		return "", err
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("store: %s is not a regular file", path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return "", fmt.Errorf("store: %w", err)
	}
	return warning, setLocks()
}

// setLocks makes the process safe to close descriptors: without OFD locks,
// closing any descriptor of the file drops SQLite's locks.
func setLocks() error {
	sqlite.StrictPragmas(true)
	if !sqlite.OFDLockingEnabled() {
		if _, err := sqlite.OFDLocking(true); err != nil && !errors.Is(err, sqlite.ErrOFDLockingUnavailable) {
			return fmt.Errorf("store: file locks: %w", err)
		}
	}
	return nil
}

const (
	commonDSN = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_pragma=recursive_triggers(1)&_defensive=1"
	readerDSN = commonDSN + "&_pragma=synchronous(FULL)&_query_only=1"
)

func (db *DB) writerDSN() string {
	return commonDSN + "&_pragma=journal_mode(WAL)&_pragma=synchronous(" + db.synchronous() + ")&_txlock=immediate"
}

// synchronous is the number of OFF or FULL.
func (db *DB) synchronous() string {
	if db.draft {
		return "0"
	}
	return "2"
}

func pool(path, settings string, conns int) (*sql.DB, error) {
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: settings}).String()
	p, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	p.SetMaxOpenConns(conns)
	p.SetMaxIdleConns(conns)
	return p, nil
}

// assertSettings asks every connection of both pools what it really runs with.
func (db *DB) assertSettings(ctx context.Context) error {
	if err := assertPool(ctx, db.write, 1, map[string]string{
		"journal_mode": "wal", "synchronous": db.synchronous(), "foreign_keys": "1",
		"busy_timeout": "5000", "trusted_schema": "0", "recursive_triggers": "1", "query_only": "0",
	}); err != nil {
		return err
	}
	return assertPool(ctx, db.read, 4, map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
		"busy_timeout": "5000", "trusted_schema": "0", "recursive_triggers": "1", "query_only": "1",
	})
}

// assertPool holds the connections it has asked while it asks the others, or
// the pool would hand out the same one again.
func assertPool(ctx context.Context, p *sql.DB, conns int, want map[string]string) error {
	if conns == 0 {
		return nil
	}
	c, err := p.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	err = assertConn(ctx, c, want)
	if err == nil {
		err = assertPool(ctx, p, conns-1, want)
	}
	return errors.Join(err, c.Close())
}

func assertConn(ctx context.Context, c *sql.Conn, want map[string]string) error {
	for name, value := range want {
		var got string
		if err := c.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
			return fmt.Errorf("store: PRAGMA %s: %w", name, err)
		}
		if got != value {
			return fmt.Errorf("store: PRAGMA %s is %s, want %s", name, got, value)
		}
	}
	var version string
	if err := c.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return newEnough(version)
}

// newEnough refuses a version of SQLite before 3.51.3, which can lose committed
// transactions of a WAL.
func newEnough(version string) error {
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return fmt.Errorf("store: version %q of SQLite: %w", version, err)
	}
	if major*1_000_000+minor*1_000+patch < 3_051_003 {
		return fmt.Errorf("store: SQLite %s can lose committed transactions, 3.51.3 or newer is needed", version)
	}
	return nil
}
