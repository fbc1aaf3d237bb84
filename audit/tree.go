package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a node of the tree.
type Hash = tlog.Hash

// HashReader returns stored hashes by index, all of them or an error.
type HashReader func(indexes []int64) ([]Hash, error)

// StoredHash is a hash with the index under which it is kept.
type StoredHash struct {
	Index int64
	Hash  Hash
}

// Append computes the hashes to store with the record of number seq, counted
// from zero. read must see the hashes of all earlier records.
func Append(seq int64, record []byte, read HashReader) ([]StoredHash, error) {
	hashes, err := tlog.StoredHashes(seq, record, tlog.HashReaderFunc(read))
	if err != nil {
		return nil, fmt.Errorf("audit: tree at %d: %w", seq, err)
	}
	first := tlog.StoredHashCount(seq)
	stored := make([]StoredHash, len(hashes))
	for i, h := range hashes {
		stored[i] = StoredHash{Index: first + int64(i), Hash: h}
	}
	return stored, nil
}

// Root is the root hash of the tree over the first size records.
func Root(size int64, read HashReader) (Hash, error) {
	h, err := tlog.TreeHash(size, tlog.HashReaderFunc(read))
	if err != nil {
		return Hash{}, fmt.Errorf("audit: root at %d: %w", size, err)
	}
	return h, nil
}

// Recomputation builds the tree from the records alone, so that its root can be
// compared with the stored one. It keeps 64 bytes for each record.
type Recomputation struct {
	size int64
	kept []Hash
}

// NewRecomputation starts with the empty tree.
func NewRecomputation() *Recomputation { return &Recomputation{} }

// Add takes the next record.
func (c *Recomputation) Add(record []byte) error {
	hashes, err := Append(c.size, record, c.read)
	if err != nil {
		return err
	}
	for _, h := range hashes {
		c.kept = append(c.kept, h.Hash)
	}
	c.size++
	return nil
}

// Root is the number of records taken and the root over them.
func (c *Recomputation) Root() (size int64, root Hash, err error) {
	root, err = Root(c.size, c.read)
	return c.size, root, err
}

func (c *Recomputation) read(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, ix := range indexes {
		if ix >= int64(len(c.kept)) {
			return nil, fmt.Errorf("audit: hash %d is not there yet", ix)
		}
		out[i] = c.kept[ix]
	}
	return out, nil
}
