package store

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// prepareFolder makes the data folder, private, and refuses one on which SQLite
// cannot keep its promises. The warning is empty or a sentence for the operator.
func prepareFolder(dir string) (warning string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("store: data folder: %w", err)
	}
	if err := makePrivate(dir); err != nil {
		return "", err
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return "", fmt.Errorf("store: data folder: %w", err)
	}
	return judgeFileSystem(dir, uint32(stat.Type)) //nolint:gosec // magic numbers have 32 bits; some kernels extend the sign
}

// makePrivate takes the folder from everybody else. One that many use, such as
// /tmp, is not ours to take.
func makePrivate(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("store: data folder: %w", err)
	case info.Mode().Perm()&0o077 == 0:
		return nil
	case info.Mode()&fs.ModeSticky != 0:
		return fmt.Errorf("store: %s is a folder that everybody on this machine uses: give the program one of its own (PLEXYDASH_DATA)", dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a folder needs its x
		return fmt.Errorf("store: others on this machine can look into %s, and the program may not change that; run: chmod 700 %q: %w", dir, dir, err)
	}
	return nil
}

// judgeFileSystem knows file systems by the magic numbers of statfs(2).
func judgeFileSystem(dir string, magic uint32) (warning string, err error) {
	shared := map[uint32]string{
		0x6969: "NFS",
		0x517b: "SMB (CIFS)", 0xff534d42: "SMB (CIFS)", 0xfe534d42: "SMB (CIFS)",
		0x65735546: "FUSE, such as sshfs or s3fs",
		0x00c36400: "CephFS",
		0x0bd00bd0: "Lustre",
		0x01161970: "GFS2",
		0x7461636f: "OCFS2",
		0x5346414f: "AFS",
		0x786f4256: "a folder of VirtualBox's host",
	}
	if name, ok := shared[magic]; ok {
		return "", notLocal(dir, name)
	}
	switch magic {
	case 0x01021997: // also what sandboxes call a local disk
		return fmt.Sprintf("%s lies on 9p: make sure that it is a local disk; on a shared one locks and fsync cannot be relied on", dir), nil
	case 0x794c7630:
		return fmt.Sprintf("%s lies in the writable layer of a container: it is gone when the container is removed; mount a volume there", dir), nil
	}
	return "", nil
}

func notLocal(dir, kind string) error {
	return fmt.Errorf("store: %s lies on %s: its locks and its fsync cannot be relied on, so a payment could be sent twice or forgotten; "+
		"use a folder on a local disk (PLEXYDASH_DATA)", dir, kind)
}
