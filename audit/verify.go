package audit

import (
	"fmt"
	"slices"
)

// Kind names what is wrong with a log. The names are final: auditors write them
// into their reports.
type Kind string

// Kinds.
const (
	Gap          Kind = "GAP"           // records are missing in between
	RootMismatch Kind = "ROOT MISMATCH" // the records are not those that were hashed or signed
	Truncated    Kind = "TRUNCATED"     // there were more records once
	SplitView    Kind = "SPLIT VIEW"    // somebody else was shown another log
	BadSignature Kind = "BAD SIGNATURE" // a checkpoint that none of the keys signed
	Unsigned     Kind = "UNSIGNED"      // records that no checkpoint covers
)

// Finding is the first thing that is wrong with a log.
type Finding struct {
	Kind Kind
	What string
}

func (f *Finding) Error() string { return string(f.Kind) + ": " + f.What }

func finding(k Kind, format string, args ...any) error {
	return &Finding{k, fmt.Sprintf(format, args...)}
}

// Verification goes through a log from its first record to its last, with each
// record's stored hashes and checkpoint, and stops at the first finding. Its
// memory does not grow with the log.
type Verification struct {
	Checkpoints int        // verified
	Newest      Checkpoint // of those
	Signed      []byte     // the note of the newest

	tree      Tree
	keys      Keys
	witnesses []Checkpoint
}

// NewVerification takes the public keys, which must not come from where the log
// does, and checkpoints that were kept elsewhere. Without keys no checkpoint is
// looked at.
func NewVerification(keys Keys, witnesses ...[]byte) (*Verification, error) {
	v := &Verification{keys: keys}
	for _, signed := range witnesses {
		c, err := keys.Open(signed)
		if err != nil {
			return nil, finding(BadSignature, "the checkpoint kept elsewhere: %v", err)
		}
		v.witnesses = append(v.witnesses, c)
	}
	return v, nil
}

// Size is the number of records seen.
func (v *Verification) Size() int64 { return v.tree.Size() }

// Root is the root over them.
func (v *Verification) Root() Hash { return v.tree.Root() }

// Record takes the next record, as it is numbered, with the hashes that were
// stored with it.
func (v *Verification) Record(seq int64, record []byte, stored []Hash) error {
	if seq != v.Size() {
		return finding(Gap, "after %d records comes the one numbered %d", v.Size(), seq)
	}
	if !slices.Equal(v.tree.Add(record), stored) {
		return finding(RootMismatch, "record %d, or its place in the tree, is not what was hashed", seq)
	}
	for _, c := range v.witnesses {
		if c.Size == v.Size() && c.Root != v.Root() {
			return finding(SplitView, "the first %d records are others than in the checkpoint kept elsewhere", c.Size)
		}
	}
	return nil
}

// Checkpoint takes the one that is stored for the records so far.
func (v *Verification) Checkpoint(signed []byte) error {
	if len(v.keys) == 0 {
		return nil
	}
	c, err := v.open(signed, v.Size())
	if err != nil {
		return err
	}
	if c.Root != v.Root() {
		return finding(RootMismatch, "the first %d records are not those of their signed checkpoint", c.Size)
	}
	v.Checkpoints++
	v.Newest, v.Signed = c, signed
	return nil
}

func (v *Verification) open(signed []byte, size int64) (Checkpoint, error) {
	c, err := v.keys.Open(signed)
	switch {
	case err != nil:
		return c, finding(BadSignature, "checkpoint at %d: %v", size, err)
	case c.Size != size:
		return c, finding(BadSignature, "the checkpoint stored for %d records is signed for %d", size, c.Size)
	}
	return c, nil
}

// Beyond takes a checkpoint that is stored for more records than there are.
func (v *Verification) Beyond(signed []byte, size int64) error {
	if len(v.keys) == 0 {
		return nil
	}
	c, err := v.open(signed, size)
	if err != nil {
		return err
	}
	return finding(Truncated, "%d records are left of the %d in the newest checkpoint", v.Size(), c.Size)
}

// End is called after the last record, with the number of stored hashes that
// belong to none.
func (v *Verification) End(hashesLeft int64) error {
	if hashesLeft > 0 {
		return finding(Truncated, "%d records are left of more, of which the tree still has %d hashes", v.Size(), hashesLeft)
	}
	for _, c := range v.witnesses {
		if c.Size > v.Size() {
			return finding(Truncated, "%d records are left of the %d in the checkpoint kept elsewhere", v.Size(), c.Size)
		}
	}
	if len(v.keys) > 0 && v.Newest.Size < v.Size() {
		return finding(Unsigned, "the newest checkpoint covers %d of %d records", v.Newest.Size, v.Size())
	}
	return nil
}
