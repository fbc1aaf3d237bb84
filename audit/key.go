package audit

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/mod/sumdb/note"
)

// PublicFile is where the public keys stand that belong to a key file.
func PublicFile(keyFile string) string { return strings.TrimSuffix(keyFile, ".key") + ".pub" }

// OpenKey reads the key that signs a log, or makes one where there is none. The
// public keys stand beside it, one a line, oldest first: a key that was taken
// away is followed by one of the next epoch, and what the older ones signed can
// still be verified. log names the log, such as "plexydash/live".
func OpenKey(file, log string) (*Signer, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(file, log); err != nil {
			return nil, fmt.Errorf("audit: key: %w", err)
		}
		info, err = os.Stat(file)
	}
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("audit: others can read the signing key %s, and whoever has it can sign a forged log: "+
			"chmod 600 it, or move it away and a new one is made", file)
	}
	text, err := os.ReadFile(file) //nolint:gosec // the file of our own folder
	if err != nil {
		return nil, fmt.Errorf("audit: key: %w", err)
	}
	key, err := note.NewSigner(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("audit: key %s: %w", file, err)
	}
	return &Signer{key}, nil
}

// makeKey writes the public key first: a key whose public half is lost would
// sign what nobody can verify. Of two programs that start at once one makes it.
func makeKey(file, log string) (err error) {
	public, err := os.OpenFile(PublicFile(file), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, public.Close()) }()
	if err := syscall.Flock(int(public.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	known, err := io.ReadAll(public)
	if err != nil {
		return err
	}
	name, err := nextName(log, strings.Fields(string(known)))
	if err != nil {
		return fmt.Errorf("%s: %w", public.Name(), err)
	}
	secret, verifier, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	if _, err := public.WriteString(verifier + "\n"); err != nil {
		return err
	}
	if err := public.Sync(); err != nil {
		return err
	}
	return writeKey(file, secret+"\n")
}

// nextName is the name of a new key: the log, this installation of it, and the
// epoch of the key.
func nextName(log string, known []string) (string, error) {
	if len(known) == 0 {
		instance := make([]byte, 8)
		_, err := rand.Read(instance)
		return fmt.Sprintf("%s/%s/1", log, hex.EncodeToString(instance)), err
	}
	first, err := note.NewVerifier(known[0])
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s/%d", path.Dir(first.Name()), len(known)+1), nil
}

// writeKey puts the whole file into place or nothing.
func writeKey(file, text string) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), file)
}

// ReadKeys reads public keys, one a line.
func ReadKeys(file string) (Keys, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, fmt.Errorf("audit: public key: %w", err)
	}
	var keys Keys
	for _, line := range strings.Fields(string(text)) {
		v, err := note.NewVerifier(line)
		if err != nil {
			return nil, fmt.Errorf("audit: public key %s: %w", file, err)
		}
		keys = append(keys, v)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("audit: %s holds no public key", file)
	}
	return keys, nil
}
