package audit

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

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
// sign what nobody can verify.
func makeKey(file, log string) error {
	public := PublicFile(file)
	known, err := os.ReadFile(public) //nolint:gosec // the file of our own folder
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	instance, epoch := make([]byte, 8), len(strings.Fields(string(known)))+1
	if _, err := rand.Read(instance); err != nil {
		return err
	}
	name := fmt.Sprintf("%s/%s", log, hex.EncodeToString(instance))
	if epoch > 1 { // the log keeps its name
		if name, err = nameOf(strings.Fields(string(known))[0]); err != nil {
			return fmt.Errorf("%s: %w", public, err)
		}
	}
	secret, verifier, err := note.GenerateKey(rand.Reader, fmt.Sprintf("%s/%d", name, epoch))
	if err != nil {
		return err
	}
	if err := replace(public, string(known)+verifier+"\n"); err != nil {
		return err
	}
	return createOnce(file, secret+"\n")
}

// nameOf is the name of a log without the epoch of the key.
func nameOf(publicKey string) (string, error) {
	v, err := note.NewVerifier(publicKey)
	if err != nil {
		return "", err
	}
	return path.Dir(v.Name()), nil
}

func replace(file, text string) error {
	temporary, err := writeBeside(file, text)
	if err != nil {
		return err
	}
	return os.Rename(temporary, file)
}

// createOnce leaves a file alone that another process made meanwhile.
func createOnce(file, text string) error {
	temporary, err := writeBeside(file, text)
	if err != nil {
		return err
	}
	if err := os.Link(temporary, file); err != nil && !errors.Is(err, fs.ErrExist) {
		return errors.Join(err, os.Remove(temporary))
	}
	return os.Remove(temporary)
}

func writeBeside(file, text string) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	return f.Name(), errors.Join(err, f.Sync(), f.Close())
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
