package export

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"
)

// AuditRow is one record of the audit log.
type AuditRow struct {
	Seq int64
	At  time.Time

	ActorID, ActorName, ActorEmail, Role, Address, RequestID string

	Action, Object, ObjectID, Result, Reason string

	Details       map[string]string // field to value, and with ".was" to the value before
	Before, After string            // SHA-256 of the object, hex
	Raw           []byte            // the record as it is hashed
}

// AuditColumns returns the headings of the log in their order. Names and order
// are relied on by whoever reads the files: a new column goes to the end.
func AuditColumns() []string {
	return []string{
		"seq", "at", "actorId", "actorName", "actorEmail", "role", "address", "requestId",
		"action", "object", "objectId", "result", "reason", "details", "before", "after",
	}
}

func auditLine(_ *Summary, r *AuditRow) ([]cell, error) {
	details := ""
	if len(r.Details) > 0 {
		b, err := json.Marshal(r.Details)
		if err != nil {
			return nil, err
		}
		details = string(b)
	}
	return []cell{
		text(strconv.FormatInt(r.Seq, 10)), moment(r.At), text(r.ActorID), text(r.ActorName), text(r.ActorEmail), text(r.Role), text(r.Address), text(r.RequestID),
		text(r.Action), text(r.Object), text(r.ObjectID), text(r.Result), text(r.Reason), text(details), text(r.Before), text(r.After),
	}, nil
}

// AuditCSV writes the log as CSV writes the register, in the order of rows, one
// row at a time. It has no line of totals: there is nothing to add up.
func AuditCSV(w io.Writer, d Dialect, rows iter.Seq2[AuditRow, error]) (Summary, error) {
	return writeCSV(w, d, AuditColumns(), rows, auditLine, func(*writer, Summary) error { return nil })
}

// AuditXLSX writes the log as XLSX writes the register: times typed, everything
// else text.
func AuditXLSX(w io.Writer, rows iter.Seq2[AuditRow, error], passport func(Summary) Passport) (Summary, error) {
	return writeXLSX(w, AuditColumns(), rows, auditLine, passport)
}

// AuditJSONL writes each record as it is hashed, one a line. The last line is
// none of them but {"checkpoint": …}: the signed note of the log as it was then,
// or null. note is asked after the last row.
func AuditJSONL(w io.Writer, rows iter.Seq2[AuditRow, error], note func() []byte) (Summary, error) {
	out := bufio.NewWriter(w)
	sum, err := everyRow(rows, func(_ *Summary, r *AuditRow) error {
		_, err := out.Write(r.Raw)
		return errors.Join(err, out.WriteByte('\n'))
	})
	if err != nil {
		return Summary{}, err
	}
	last := struct {
		Checkpoint *string `json:"checkpoint"`
	}{}
	if signed := note(); len(signed) > 0 {
		last.Checkpoint = new(string(signed))
	}
	if err := json.NewEncoder(out).Encode(last); err != nil {
		return Summary{}, fmt.Errorf("export: %w", err)
	}
	return sum, out.Flush()
}
