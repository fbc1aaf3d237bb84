package store

import (
	"fmt"
	"path/filepath"
	"syscall"
)

// MinFree is how many bytes must be free where the database lies before anything
// is sent: what Plexy answers has to be written down. It is no share of the disk,
// for an answer takes as little of a large one; and nothing is set aside beside
// it: an answer that finds no room all the same waits in memory, and is unknown
// and looked up when the program dies before there is some.
const MinFree = 256 << 20

func freeAt(path string) func() (uint64, error) {
	return func() (uint64, error) {
		var fs syscall.Statfs_t
		if err := syscall.Statfs(filepath.Dir(path), &fs); err != nil {
			return 0, fmt.Errorf("store: free space: %w", err)
		}
		return fs.Bavail * uint64(fs.Bsize), nil //nolint:gosec // the size of a block is positive
	}
}

// lowDisk holds when it cannot be told how much is free, too.
func (db *DB) lowDisk() bool {
	free, err := db.free()
	return err != nil || free < MinFree
}
