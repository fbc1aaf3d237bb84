package store

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// NewID makes a UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits.
func NewID() string { return idAt(time.Now()) }

func idAt(at time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(b[:6], ms[2:])
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isID reports whether the text has the shape of an identifier of ours.
func isID(text string) bool {
	return len(text) == len("01900000-0000-7000-8000-000000000000") && strings.Trim(text, "0123456789abcdef-") == ""
}

// NewReference makes an order reference with 80 random bits. It is never a
// counter: after an old backup is restored, new references must not meet lost ones.
func NewReference() string {
	var b [10]byte
	_, _ = rand.Read(b[:])
	const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	return "D-" + base32.NewEncoding(crockford).WithPadding(base32.NoPadding).EncodeToString(b[:])
}
