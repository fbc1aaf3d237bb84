package audit

import (
	"crypto/sha256"
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

// Tree is the tree over the records that were added, built from nothing else.
// It keeps the roots of the whole subtrees at its right edge only: a few dozen
// hashes, however long the log. The zero value is the empty tree.
type Tree struct {
	size int64
	edge []Hash // largest subtree first
}

// Add takes the next record and returns the hashes that Append stores with it.
func (t *Tree) Add(record []byte) []Hash {
	h := tlog.RecordHash(record)
	made := []Hash{h}
	for n := t.size; n&1 == 1; n >>= 1 { // a whole subtree of the same size stands to the left
		last := len(t.edge) - 1
		h = tlog.NodeHash(t.edge[last], h)
		t.edge = t.edge[:last]
		made = append(made, h)
	}
	t.edge = append(t.edge, h)
	t.size++
	return made
}

// Size is the number of records taken.
func (t *Tree) Size() int64 { return t.size }

// Root is the root hash over them.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	root := t.edge[len(t.edge)-1]
	for i := len(t.edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(t.edge[i], root)
	}
	return root
}
