package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrLocked says that another program sends from this data folder.
var ErrLocked = errors.New("another plexydash serves this data folder")

// Lock is the right to send from a data folder, held for the life of a process.
type Lock struct{ file *os.File }

// LockSender takes the lock beside the database, or fails with ErrLocked.
func LockSender(path string) (*Lock, error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	return &Lock{f}, nil
}

// Release gives the lock back.
func (l *Lock) Release() error { return l.file.Close() }
