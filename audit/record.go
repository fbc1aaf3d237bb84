// Package audit encodes the records of the audit log and the hash tree over
// them (RFC 6962, the construction of golang.org/x/mod/sumdb/tlog), signs its
// checkpoints and verifies a whole log. A record is encoded once and never
// re-serialised: its bytes are what the tree proves.
package audit

import (
	"encoding/json"
	"fmt"
	"time"
)

// Result of an action.
type Result string

// Results.
const (
	Done   Result = "done"
	Denied Result = "denied" // a rule said no
	Failed Result = "failed" // the program could not
)

// Record is one line of the log.
type Record struct {
	Version int       `json:"v"`
	Seq     int64     `json:"seq"` // from zero, without gaps
	At      time.Time `json:"at"`  // UTC, microseconds
	Boot    string    `json:"boot"`
	Actor   Actor     `json:"actor"`

	Action   string            `json:"action"` // object.verb, such as "distribution.submitted"
	Object   string            `json:"object,omitempty"`
	ObjectID string            `json:"objectId,omitempty"`
	Before   string            `json:"before,omitempty"` // SHA-256 of the object, hex
	After    string            `json:"after,omitempty"`
	Details  map[string]string `json:"details,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Result   Result            `json:"result"`
}

// Actor is who did it, as they were called then.
type Actor struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Email     string `json:"email,omitempty"`
	Role      string `json:"role,omitempty"`
	Address   string `json:"address,omitempty"`
	RequestID string `json:"requestId,omitempty"`
}

// Encode makes the bytes that are stored and hashed. Keys have a fixed order
// and map keys are sorted, so equal records have equal bytes.
func (r Record) Encode() ([]byte, error) {
	if r.Actor.ID == "" {
		return nil, fmt.Errorf("audit: %s without an actor", r.Action)
	}
	if r.Action == "" || r.Result == "" {
		return nil, fmt.Errorf("audit: record %d without action or result", r.Seq)
	}
	r.Version = 1
	r.At = r.At.UTC().Truncate(time.Microsecond)
	return json.Marshal(r)
}

// Decode reads a stored record.
func Decode(b []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(b, &r); err != nil {
		return Record{}, fmt.Errorf("audit: record is not readable: %w", err)
	}
	return r, nil
}
