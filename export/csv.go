// Package export writes registers of distributions, and of the audit log, as
// files.
package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
)

// Dialect is the kind of CSV.
type Dialect string

const (
	// Excel is for people: UTF-8 with a byte order mark, semicolons, decimal
	// comma, times of Almaty as 22.11.2026 21:05:00, a line of totals at the end.
	// Text that a spreadsheet would take for a formula gets an apostrophe in front.
	Excel Dialect = "excel"
	// Plain is for machines: RFC 4180, commas, decimal point, times in UTC by
	// RFC 3339, texts exactly as they are, header and rows only.
	Plain Dialect = "plain"
)

// ErrSum says that the amounts of a register add up to more than int64 tiyn hold.
var ErrSum = errors.New("export: the sum of the register is too large")

// ParseDialect returns the dialect of that name, Excel for "", and false for
// any other text.
func ParseDialect(text string) (Dialect, bool) {
	switch d := Dialect(text); d {
	case "":
		return Excel, true
	case Excel, Plain:
		return d, true
	default:
		return "", false
	}
}

// Summary is what a written register holds.
type Summary struct {
	Rows int                 // without header and totals
	Sum  distribution.Amount // of their amounts, whatever their status
}

// lineOf makes the cells of a row, and adds to the sum what it holds.
type lineOf[T any] func(sum *Summary, row *T) ([]cell, error)

// everyRow counts rows and writes them one after another.
func everyRow[T any](rows iter.Seq2[T, error], write func(sum *Summary, row *T) error) (sum Summary, err error) {
	for row, err := range rows {
		if sum.Rows++; err == nil {
			err = write(&sum, &row)
		}
		if err != nil {
			return Summary{}, fmt.Errorf("export: row %d: %w", sum.Rows, err)
		}
	}
	return sum, nil
}

// CSV writes the register of rows to w, in their order, holding one row at a
// time. Status and plexyStatus are codes and are never translated.
//
// An error of rows or w ends it and comes back wrapped, as does ErrSum: what w
// has got by then is not a register and must be discarded.
func CSV(w io.Writer, d Dialect, rows iter.Seq2[distribution.Distribution, error]) (Summary, error) {
	return writeCSV(w, d, Columns(), rows, registerLine, (*writer).totals)
}

// writeCSV writes a heading, a line for each row, and what the end asks for.
func writeCSV[T any](w io.Writer, d Dialect, columns []string, rows iter.Seq2[T, error], line lineOf[T], end func(*writer, Summary) error) (Summary, error) {
	if d != Excel && d != Plain {
		return Summary{}, fmt.Errorf("export: unknown dialect %q", d)
	}
	out := &writer{Writer: bufio.NewWriter(w), dialect: d}
	if err := out.begin(columns); err != nil {
		return Summary{}, err
	}
	sum, err := everyRow(rows, func(sum *Summary, row *T) error {
		cells, err := line(sum, row)
		if err != nil {
			return err
		}
		return out.row(cells)
	})
	if err != nil {
		return Summary{}, err
	}
	return sum, errors.Join(end(out, sum), out.Flush())
}

// writer writes lines of CSV in one dialect.
type writer struct {
	*bufio.Writer
	dialect Dialect
}

func (w *writer) begin(names []string) error {
	if w.dialect == Excel {
		if _, err := w.WriteString("\ufeff"); err != nil {
			return err
		}
	}
	return w.line(names)
}

func (w *writer) row(cells []cell) error {
	fields := make([]string, 0, len(cells))
	for _, c := range cells {
		fields = append(fields, w.format(c))
	}
	return w.line(fields)
}

// totals writes the last line of the Excel dialect.
func (w *writer) totals(s Summary) error {
	if w.dialect != Excel {
		return nil
	}
	known := map[string]string{
		"id":            "ИТОГО",
		"createdAt":     "UTC+05:00",
		"amount":        w.format(money(&s.Sum)),
		"recipientName": strconv.Itoa(s.Rows),
	}
	var fields []string
	for _, name := range Columns() {
		fields = append(fields, known[name])
	}
	return w.line(fields)
}

// line ends with CRLF, as RFC 4180 has it and as Excel writes.
//
// encoding/csv is not used: with CRLF it drops every CR inside a field and turns
// LF into CRLF, and texts that came from Plexy are to be given as they are.
func (w *writer) line(fields []string) error {
	separator := ","
	if w.dialect == Excel {
		separator = ";"
	}
	for i, f := range fields {
		if strings.ContainsAny(f, separator+"\"\r\n") {
			fields[i] = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
	}
	_, err := w.WriteString(strings.Join(fields, separator) + "\r\n")
	return err
}

// format writes a cell as its dialect has it. Only text is guarded: a negative
// number is a number, not a formula.
func (w *writer) format(c cell) string {
	switch {
	case c.amount != nil && w.dialect == Excel:
		return strings.Replace(c.amount.String(), ".", ",", 1)
	case c.amount != nil:
		return c.amount.String()
	case !c.at.IsZero() && w.dialect == Excel:
		return c.at.In(i18n.Almaty()).Format("02.01.2006 15:04:05")
	case !c.at.IsZero():
		return c.at.UTC().Format(time.RFC3339)
	case w.dialect == Excel:
		return guard(c.text)
	default:
		return c.text
	}
}

// guard keeps a spreadsheet from running text as a formula (OWASP, CSV
// injection): an apostrophe before = + - @ TAB CR.
func guard(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
