package audit

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func sample(seq int64) Record {
	return Record{
		Seq: seq, At: time.Date(2026, 11, 22, 16, 5, 0, 123_456_789, time.FixedZone("Almaty", 5*3600)),
		Actor: Actor{ID: "u1", Name: "А. Ким"}, Action: "distribution.submitted", Object: "distribution", ObjectID: "d1",
		Details: map[string]string{"to": "queued", "from": "draft"}, Result: Done,
	}
}

func TestEncodingIsFixed(t *testing.T) {
	b, err := sample(7).Encode()
	require.NoError(t, err)
	require.Equal(t, `{"v":1,"seq":7,"at":"2026-11-22T11:05:00.123456Z","boot":"","actor":{"id":"u1","name":"А. Ким"},`+
		`"action":"distribution.submitted","object":"distribution","objectId":"d1",`+
		`"details":{"from":"draft","to":"queued"},"result":"done"}`, string(b))

	back, err := Decode(b)
	require.NoError(t, err)
	again, err := back.Encode()
	require.NoError(t, err)
	require.Equal(t, b, again)
}

func TestRecordWithoutActorIsRefused(t *testing.T) {
	r := sample(0)
	r.Actor = Actor{}
	_, err := r.Encode()
	require.ErrorContains(t, err, "without an actor")
}

func TestDecodeRefusesGarbage(t *testing.T) {
	_, err := Decode([]byte("{"))
	require.Error(t, err)
}

// log is a tree kept the way a store keeps it: hashes by index.
type log struct {
	records [][]byte
	hashes  map[int64]Hash
}

func (l *log) read(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, ix := range indexes {
		h, ok := l.hashes[ix]
		if !ok {
			return nil, fmt.Errorf("hash %d missing", ix)
		}
		out[i] = h
	}
	return out, nil
}

func build(t *testing.T, n int) *log {
	l := &log{hashes: map[int64]Hash{}}
	for seq := range int64(n) {
		b, err := sample(seq).Encode()
		require.NoError(t, err)
		stored, err := Append(seq, b, l.read)
		require.NoError(t, err)
		for _, s := range stored {
			_, taken := l.hashes[s.Index]
			require.False(t, taken, "index %d written twice", s.Index)
			l.hashes[s.Index] = s.Hash
		}
		l.records = append(l.records, b)
	}
	return l
}

func (l *log) recompute() Hash {
	var tree Tree
	for _, r := range l.records {
		tree.Add(r)
	}
	return tree.Root()
}

func TestRootFollowsFromTheRecordsAlone(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 8, 100} {
		l := build(t, n)
		stored, err := Root(int64(n), l.read)
		require.NoError(t, err)
		require.Equal(t, stored, l.recompute(), "size %d", n)
	}
}

func TestTreeMakesTheHashesThatAreStored(t *testing.T) {
	l := build(t, 70)
	var tree Tree
	for ix := int64(0); tree.Size() < 70; {
		for _, h := range tree.Add(l.records[tree.Size()]) {
			require.Equal(t, l.hashes[ix], h, "hash %d", ix)
			ix++
		}
	}
}

func TestAnyChangedByteChangesTheRoot(t *testing.T) {
	l := build(t, 20)
	want := l.recompute()
	for i := range l.records {
		l.records[i][len(l.records[i])/2] ^= 1
		require.NotEqual(t, want, l.recompute(), "record %d", i)
		l.records[i][len(l.records[i])/2] ^= 1
	}
	require.Equal(t, want, l.recompute())
}

func TestMissingHashIsAnError(t *testing.T) {
	l := build(t, 5)
	delete(l.hashes, 7) // the fifth record, which no higher node covers
	_, err := Root(5, l.read)
	require.Error(t, err)
}
