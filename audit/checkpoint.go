package audit

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Checkpoint says what the log was when it had Size records. Signed, it is a
// note in the format of C2SP tlog-checkpoint.
type Checkpoint struct {
	Origin string // whose log, and which of its keys signed
	Size   int64
	Root   Hash
}

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// ParseCheckpoint reads the text of a checkpoint and does not look at its
// signature. Lines after the third are extensions that others may add.
func ParseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) < 4 {
		return Checkpoint{}, errors.New("audit: a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return Checkpoint{}, fmt.Errorf("audit: checkpoint of size %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != len(Hash{}) {
		return Checkpoint{}, fmt.Errorf("audit: checkpoint with root %q", lines[2])
	}
	return Checkpoint{Origin: lines[0], Size: size, Root: Hash(root)}, nil
}

// Signer signs checkpoints.
type Signer struct{ key note.Signer }

// Sign makes the note of a checkpoint.
func (s *Signer) Sign(size int64, root Hash) ([]byte, error) {
	text := Checkpoint{Origin: s.key.Name(), Size: size, Root: root}.text()
	signed, err := note.Sign(&note.Note{Text: text}, s.key)
	if err != nil {
		return nil, fmt.Errorf("audit: checkpoint at %d: %w", size, err)
	}
	return signed, nil
}

// Keys are the public keys by which a log is verified, oldest first.
type Keys []note.Verifier

// Open reads a signed checkpoint. One that none of the keys signed, under the
// key's own name, is refused.
func (k Keys) Open(signed []byte) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(k...))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: checkpoint: %w", err)
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, nil
		}
	}
	return Checkpoint{}, fmt.Errorf("audit: checkpoint of %q is signed by %q", c.Origin, n.Sigs[0].Name)
}
