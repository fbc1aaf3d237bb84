package store_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/store"
	"plexydash/store/storetest"
)

func TestFileSystems(t *testing.T) {
	for name, row := range map[string]struct {
		magic         uint32
		warns, refuse string
	}{
		"ext4":    {0xef53, "", ""},
		"xfs":     {0x58465342, "", ""},
		"btrfs":   {0x9123683e, "", ""},
		"tmpfs":   {0x01021994, "", ""},
		"zfs":     {0x2fc12fc1, "", ""},
		"overlay": {0x794c7630, "container", ""},
		"9p":      {0x01021997, "9p", ""},
		"NFS":     {0x6969, "", "NFS"},
		"CIFS":    {0xff534d42, "", "SMB"},
		"SMB":     {0x517b, "", "SMB"},
		"SMB 2":   {0xfe534d42, "", "SMB"},
		"sshfs":   {0x65735546, "", "FUSE"},
		"CephFS":  {0x00c36400, "", "CephFS"},
	} {
		t.Run(name, func(t *testing.T) {
			warning, err := store.JudgeFileSystem("/srv/plexydash", row.magic)
			if row.refuse != "" {
				require.ErrorContains(t, err, row.refuse)
				require.ErrorContains(t, err, "PLEXYDASH_DATA", "what to do")
				return
			}
			require.NoError(t, err)
			assert.Contains(t, warning, row.warns)
			assert.Equal(t, row.warns == "", warning == "")
		})
	}
}

func TestFolderIsMadePrivateOrRefused(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	storetest.Open(t, filepath.Join(dir, "live.db"), nil)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o700), info.Mode().Perm())

	shared := t.TempDir()
	require.NoError(t, os.Chmod(shared, 0o777|fs.ModeSticky)) // as /tmp
	_, err = store.Open(t.Context(), store.Options{Path: filepath.Join(shared, "live.db")})
	require.ErrorContains(t, err, "a folder that everybody on this machine uses")
	left, err := os.ReadDir(shared)
	require.NoError(t, err)
	assert.Empty(t, left)
}
