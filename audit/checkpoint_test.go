package audit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// madeKey is a fresh key and its public half.
func madeKey(t *testing.T) (*Signer, Keys) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "live-audit.key")
	s, err := OpenKey(file, "plexydash/live")
	require.NoError(t, err)
	keys, err := ReadKeys(PublicFile(file))
	require.NoError(t, err)
	return s, keys
}

func TestCheckpointIsANoteOfThreeLines(t *testing.T) {
	s, keys := madeKey(t)
	signed, err := s.Sign(7, Hash{1, 2, 3})
	require.NoError(t, err)
	lines := strings.Split(string(signed), "\n")
	require.Len(t, lines, 6)
	assert.Regexp(t, `^plexydash/live/[0-9a-f]{16}/1$`, lines[0])
	assert.Equal(t, []string{"7", "AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", ""}, lines[1:4])
	assert.Regexp(t, "^— "+lines[0]+" [A-Za-z0-9+/]+=*$", lines[4])
	assert.Less(t, len(signed), 300)

	c, err := keys.Open(signed)
	require.NoError(t, err)
	assert.Equal(t, Checkpoint{Origin: lines[0], Size: 7, Root: Hash{1, 2, 3}}, c)

	again, err := s.Sign(7, Hash{1, 2, 3})
	require.NoError(t, err)
	assert.Equal(t, signed, again)
}

func signText(t *testing.T, s *Signer, text string) string {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: text}, s.key)
	require.NoError(t, err)
	return string(signed)
}

func TestCheckpointThatIsNotTheKeys(t *testing.T) {
	s, keys := madeKey(t)
	other, others := madeKey(t)
	signed, err := s.Sign(7, Hash{1})
	require.NoError(t, err)
	forged, err := other.Sign(7, Hash{1})
	require.NoError(t, err)
	for name, text := range map[string]string{
		"another size":                      strings.Replace(string(signed), "\n7\n", "\n8\n", 1),
		"another root":                      strings.Replace(string(signed), "\nAQ", "\nAg", 1),
		"another origin":                    strings.Replace(string(signed), "/live/", "/demo/", 1),
		"another key":                       string(forged),
		"the name of ours":                  strings.ReplaceAll(string(forged), others[0].Name(), keys[0].Name()),
		"no signature":                      strings.SplitAfter(string(signed), "\n\n")[0],
		"nothing":                           "",
		"not a note":                        "plexydash",
		"a note of our key, of other text":  signText(t, s, "hello\n"),
		"a note of our key for another log": signText(t, s, "plexydash/other\n7\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
	} {
		_, err := keys.Open([]byte(text))
		assert.Error(t, err, name)
	}
	_, err = append(keys, others...).Open(forged)
	assert.NoError(t, err, "a key of several")
	_, err = Keys(nil).Open(signed)
	assert.Error(t, err, "no key")
}

func TestRefusedTextsOfCheckpoints(t *testing.T) {
	const root = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for name, text := range map[string]string{
		"empty":                 "",
		"two lines":             "o\n7\n",
		"no end":                "o\n7\n" + root,
		"size that is none":     "o\nseven\n" + root + "\n",
		"size with zeros":       "o\n07\n" + root + "\n",
		"size with a sign":      "o\n+7\n" + root + "\n",
		"size below zero":       "o\n-7\n" + root + "\n",
		"size of twenty digits": "o\n99999999999999999999\n" + root + "\n",
		"short root":            "o\n7\nAQ==\n",
		"root that is no text":  "o\n7\n" + strings.Replace(root, "A", "!", 1) + "\n",
		"root with loose bits":  "o\n7\n" + strings.Replace(root, "A=", "B=", 1) + "\n",
	} {
		_, err := ParseCheckpoint(text)
		assert.Error(t, err, name)
	}
	c, err := ParseCheckpoint("o\n7\n" + root + "\nan extension\n")
	require.NoError(t, err)
	assert.Equal(t, Checkpoint{Origin: "o", Size: 7, Root: Hash{1}}, c)
}

func TestKeyIsMadeOnceAndIsPrivate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "live-audit.key")
	first, err := OpenKey(file, "plexydash/live")
	require.NoError(t, err)
	second, err := OpenKey(file, "plexydash/live")
	require.NoError(t, err)
	assert.Equal(t, first.key.KeyHash(), second.key.KeyHash())
	assert.Equal(t, filepath.Join(filepath.Dir(file), "live-audit.pub"), PublicFile(file))
	for _, name := range []string{file, PublicFile(file)} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.EqualValues(t, 0o600, info.Mode().Perm(), name)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, left, 2)

	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o601} {
		require.NoError(t, os.Chmod(file, mode))
		_, err = OpenKey(file, "plexydash/live")
		require.ErrorContains(t, err, "chmod 600", "%o", mode)
	}
}

func TestKeyFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "", "not a key": "hello\n", "public": "plexydash/live/1+00000000+AAAA\n"} {
		file := filepath.Join(dir, name+".key")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := OpenKey(file, "plexydash/live")
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "hello")
		_, err = ReadKeys(file)
		require.Error(t, err, name)
	}
	_, err := OpenKey(filepath.Join(dir, "none", "live.key"), "plexydash/live")
	require.Error(t, err)
	_, err = ReadKeys(filepath.Join(dir, "none.pub"))
	require.ErrorIs(t, err, os.ErrNotExist)

	// A public file that is broken is not written over.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "broken.pub"), []byte("hello\n"), 0o600))
	_, err = OpenKey(filepath.Join(dir, "broken.key"), "plexydash/live")
	require.Error(t, err)
	kept, err := os.ReadFile(filepath.Join(dir, "broken.pub"))
	require.NoError(t, err)
	assert.Equal(t, "hello\n", string(kept))
}

// Two programs that start at once agree on one key.
func TestTwoMakeOneKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "live-audit.key")
	names := make(chan uint32, 8)
	for range cap(names) {
		go func() {
			s, err := OpenKey(file, "plexydash/live")
			if assert.NoError(t, err) {
				names <- s.key.KeyHash()
			} else {
				names <- 0
			}
		}()
	}
	first := <-names
	for range cap(names) - 1 {
		assert.Equal(t, first, <-names)
	}
	keys, err := ReadKeys(PublicFile(file))
	require.NoError(t, err)
	found := false
	for _, k := range keys {
		found = found || k.KeyHash() == first
	}
	assert.True(t, found, "its public half stands among %d", len(keys))
}
