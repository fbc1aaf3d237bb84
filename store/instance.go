package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"plexydash/audit"
)

// instance is the note beside the database by which an older copy of it, or a
// second one, is recognised. It is replaced after a commit: it may lag behind
// the database, and never leads.
type instance struct {
	Size    int64      `json:"size"` // records of the audit log
	Root    audit.Hash `json:"root"`
	Inode   uint64     `json:"inode"`   // of the database
	Machine string     `json:"machine"` // hash of the machine's id
}

// InstanceFile is where the note of a database stands: live-instance.json beside
// live.db.
func InstanceFile(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + "-instance.json"
}

// readInstance reads the note and when it was written. One that cannot be read
// is as good as none.
func readInstance(path string) (i *instance, at time.Time, err error) {
	text, err := os.ReadFile(InstanceFile(path)) //nolint:gosec // beside the database
	if errors.Is(err, fs.ErrNotExist) {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("store: instance: %w", err)
	}
	info, err := os.Stat(InstanceFile(path))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("store: instance: %w", err)
	}
	if err := json.Unmarshal(text, &i); err != nil {
		return nil, time.Time{}, nil //nolint:nilerr // see above
	}
	return i, info.ModTime().UTC(), nil
}

// here is the note of the database as it lies here now, without its log.
func here(path string) (i instance, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return i, fmt.Errorf("store: instance: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return i, errors.New("store: instance: this system has no inodes")
	}
	i.Inode = stat.Ino
	i.Machine, err = machine()
	return i, err
}

// machine is a hash of the machine's id, which itself is not to be shown around;
// empty where there is none.
func machine() (string, error) {
	for _, file := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		id, err := os.ReadFile(file) //nolint:gosec // a fixed name
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(strings.TrimSpace(string(id))) == 0 {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("store: machine id: %w", err)
		}
		sum := sha256.Sum256([]byte("plexydash " + strings.TrimSpace(string(id))))
		return hex.EncodeToString(sum[:]), nil
	}
	return "", nil
}

// keeper replaces the note.
type keeper struct {
	path string

	tell func(line string)

	mu      sync.Mutex
	now     instance // as it stands there
	failing bool     // it could not be replaced the last time
}

// keep replaces the note, unless one of a longer log stands there. What it is
// about is done: a failure is told, and the note lags until the next change.
func (k *keeper) keep(size int64, root audit.Hash) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if size <= k.now.Size {
		return
	}
	next := k.now
	next.Size, next.Root = size, root
	k.lags(k.replace(next))
}

// lags tells once that the note could not be replaced.
func (k *keeper) lags(err error) {
	if err != nil && !k.failing {
		k.tell(fmt.Sprintf("%s: until this file can be written, an older copy of the database might not be recognised", err))
	}
	k.failing = err != nil
}

func (k *keeper) replace(next instance) error {
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("store: instance: %w", err)
	}
	file := InstanceFile(k.path)
	part := fmt.Sprintf("%s.%d", file, os.Getpid()) // a command may write beside serve
	err = writeSynced(part, append(text, '\n'))
	if err == nil {
		err = os.Rename(part, file)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(file))
	}
	if err != nil {
		return fmt.Errorf("store: instance: %w", errors.Join(err, removeIfThere(part)))
	}
	k.now = next
	return nil
}

func writeSynced(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) //nolint:gosec // beside the database
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// recognise holds the database against the note of its last run, puts it on HOLD
// when it is not the same one or knows less, and begins to keep the note. Every
// program that writes does so before its first change, which would hide the
// difference.
func (db *DB) recognise(ctx context.Context) error {
	known, at, err := readInstance(db.path)
	if err != nil {
		return err
	}
	now, err := here(db.path)
	if err != nil {
		return err
	}
	size, err := db.auditSize(ctx)
	if err != nil {
		return err
	}
	if why := db.strange(ctx, known, now, size); why != "" {
		if err := sound(ctx, db.read); err != nil { // a copy made by hand may be torn
			return fmt.Errorf("store: %s: %w", db.path, err)
		}
		found := Hold{Why: why, KnownAt: at, Size: size}
		if known != nil {
			found.KnownSize = known.Size
		}
		if err := db.hold(ctx, found); err != nil {
			return err
		}
		return db.KeepInstance(ctx)
	}
	err = db.KeepInstance(ctx)
	if known != nil && errors.Is(err, syscall.ENOSPC) {
		db.keeper = &keeper{path: db.path, tell: db.tell, now: *known} // it is true still, and may lag
		db.keeper.lags(err)
		return nil
	}
	return err
}

// KeepInstance writes the note of the database as it is and keeps it from now
// on. Only who made the database just now may call it: Open compares first.
func (db *DB) KeepInstance(ctx context.Context) error {
	now, err := here(db.path)
	if err != nil {
		return err
	}
	if now.Size, now.Root, err = auditTree(ctx, db.read); err != nil && !errors.Is(err, ErrCut) {
		return err
	}
	k := &keeper{path: db.path, tell: db.tell}
	if err := k.replace(now); err != nil {
		return err
	}
	db.keeper = k
	return nil
}

// noteFirst writes the first note of a database whose program kept none, before a
// migration brings it to a schema at which one is missed: a program that dies
// in between would be on HOLD at its next start. A note that is there stays; it is
// that of the database in whose place an old copy was laid.
func (db *DB) noteFirst(ctx context.Context, have int64) error {
	if !db.noted || have >= firstNoted {
		return nil
	}
	known, _, err := readInstance(db.path)
	if err != nil || known != nil {
		return err
	}
	return db.KeepInstance(ctx)
}

// markRestored makes sure that the next start is on HOLD, and leaves what the
// note knew: no file has this inode.
func markRestored(path string) error {
	known, _, err := readInstance(path)
	if err != nil {
		return err
	}
	if known == nil {
		known = &instance{}
	}
	known.Inode = 0
	return (&keeper{path: path}).replace(*known)
}

// firstNoted is the schema from which on every program keeps the note. What an
// older one left is no restored copy for lack of it.
const firstNoted = 7

// strange says why the database is not the one that the note speaks of; empty
// when it is, and when both are new.
func (db *DB) strange(ctx context.Context, known *instance, now instance, size int64) HoldReason {
	switch {
	case known == nil && (size == 0 || db.schemaWas < firstNoted):
		return ""
	case known == nil:
		return HoldMissing
	case known.Size > size:
		return HoldBehind
	case !db.hasRoot(ctx, known.Size, known.Root):
		return HoldForked
	case known.Machine != now.Machine:
		return HoldMachine
	case known.Inode != now.Inode:
		return HoldMoved
	}
	return ""
}

// hasRoot reports that the log began with these records.
func (db *DB) hasRoot(ctx context.Context, size int64, root audit.Hash) bool {
	if size == 0 {
		return true
	}
	is, err := audit.Root(size, func(ix []int64) ([]audit.Hash, error) { return readHashes(ctx, db.read, ix) })
	return err == nil && is == root
}

func (db *DB) auditSize(ctx context.Context) (n int64, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(seq) + 1, 0) FROM audit").Scan(&n); err != nil {
		return 0, fmt.Errorf("store: audit: %w", err)
	}
	return n, nil
}
