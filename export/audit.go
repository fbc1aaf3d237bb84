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

	"github.com/xuri/excelize/v2"
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

func auditCells(r *AuditRow) []cell {
	details := ""
	if len(r.Details) > 0 {
		b, _ := json.Marshal(r.Details) // texts cannot fail
		details = string(b)
	}
	return []cell{
		text(strconv.FormatInt(r.Seq, 10)), moment(r.At), text(r.ActorID), text(r.ActorName), text(r.ActorEmail), text(r.Role), text(r.Address), text(r.RequestID),
		text(r.Action), text(r.Object), text(r.ObjectID), text(r.Result), text(r.Reason), text(details), text(r.Before), text(r.After),
	}
}

// AuditCSV writes the log as CSV writes the register, in the order of rows, one
// row at a time. It has no line of totals: there is nothing to add up.
func AuditCSV(w io.Writer, d Dialect, rows iter.Seq2[AuditRow, error]) (Summary, error) {
	if d != Excel && d != Plain {
		return Summary{}, fmt.Errorf("export: unknown dialect %q", d)
	}
	out := &writer{Writer: bufio.NewWriter(w), dialect: d}
	if err := out.begin(AuditColumns()); err != nil {
		return Summary{}, err
	}
	sum, err := eachAuditRow(rows, func(_ int, r *AuditRow) error { return out.row(auditCells(r)) })
	if err != nil {
		return Summary{}, err
	}
	return sum, out.Flush()
}

// AuditXLSX writes the log as XLSX writes the register: times typed, everything
// else text.
func AuditXLSX(w io.Writer, rows iter.Seq2[AuditRow, error], passport func(Summary) Passport) (sum Summary, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	book := &workbook{File: f, columns: AuditColumns()}
	if err := book.begin(); err != nil {
		return Summary{}, fmt.Errorf("export: xlsx: %w", err)
	}
	sum, err = eachAuditRow(rows, func(n int, r *AuditRow) error {
		if n > MaxRowsXLSX {
			return ErrRows
		}
		return book.row(n+1, auditCells(r))
	})
	if err != nil {
		return Summary{}, err
	}
	if err := book.finish(sum.Rows, passport(sum)); err != nil {
		return Summary{}, fmt.Errorf("export: xlsx: %w", err)
	}
	if err := f.Write(w); err != nil {
		return Summary{}, fmt.Errorf("export: xlsx: %w", err)
	}
	return sum, nil
}

// AuditJSONL writes each record as it is hashed, one a line. The last line is
// none of them but {"checkpoint": …}: the signed note of the log as it was then,
// or null. note is asked after the last row.
func AuditJSONL(w io.Writer, rows iter.Seq2[AuditRow, error], note func() []byte) (Summary, error) {
	out := bufio.NewWriter(w)
	sum, err := eachAuditRow(rows, func(_ int, r *AuditRow) error {
		_, err := out.Write(append(r.Raw, '\n'))
		return err
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

// eachAuditRow counts rows from one.
func eachAuditRow(rows iter.Seq2[AuditRow, error], write func(n int, r *AuditRow) error) (Summary, error) {
	var sum Summary
	for row, err := range rows {
		if sum.Rows++; err == nil {
			err = write(sum.Rows, &row)
		}
		if err != nil {
			return Summary{}, fmt.Errorf("export: row %d: %w", sum.Rows, err)
		}
	}
	return sum, nil
}
