package distribution

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// maxTable is far more than any of our tables needs, in bytes.
const maxTable = 4 << 20

// table is a CSV file: a first line "# as of 2026-11-01", the names of the
// columns, rows. Excel's semicolons and byte order mark are welcome.
type table struct {
	name string
	asOf string
	rows []tableRow
}

type tableRow struct {
	table string
	line  int
	cells []string
}

// errorf says what is wrong and where, for the person who wrote the file.
func (r tableRow) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: line %d: %w", r.table, r.line, fmt.Errorf(format, args...))
}

func readTable(name string, r io.Reader, columns ...string) (table, error) {
	t := table{name: name}
	text, err := io.ReadAll(io.LimitReader(r, maxTable+1))
	switch {
	case err != nil:
		return t, fmt.Errorf("%s: %w", name, err)
	case len(text) > maxTable:
		return t, fmt.Errorf("%s: larger than %d MiB", name, maxTable>>20)
	case !utf8.Valid(text):
		return t, fmt.Errorf("%s: not UTF-8; in Excel save it as “CSV UTF-8”", name)
	}
	first, rest, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\n"))
	if t.asOf, err = readAsOf(string(first)); err != nil {
		return t, tableRow{name, 1, nil}.errorf("%w", err)
	}
	t.rows, err = readRows(name, rest, columns)
	return t, err
}

func readAsOf(line string) (string, error) {
	asOf, ok := strings.CutPrefix(strings.Trim(strings.TrimSpace(line), `";,`), "# as of ")
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		if _, err := time.Parse(layout, asOf); err == nil && ok {
			return asOf, nil
		}
	}
	return "", errors.New("the first line has to say how old the table is, as in “# as of 2026-11-01”")
}

// readRows reads what is below the first line.
func readRows(name string, text []byte, columns []string) ([]tableRow, error) {
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord = -1
	if header, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(header, []byte(";")) > bytes.Count(header, []byte(",")) {
		in.Comma = ';'
	}
	var rows []tableRow
	for header := true; ; header = false {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			if header {
				return nil, tableRow{name, 2, nil}.errorf("the columns have to be %s", strings.Join(columns, ", "))
			}
			return rows, nil
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, tableRow{name, bad.Line + 1, nil}.errorf("%w", bad.Err)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		line, _ := in.FieldPos(0)
		row := tableRow{name, line + 1, cells} // the first line of the file was cut before
		switch {
		case header && !slices.Equal(cells, columns):
			return nil, row.errorf("the columns have to be %s", strings.Join(columns, ", "))
		case len(cells) != len(columns):
			return nil, row.errorf("%d cells, want %d", len(cells), len(columns))
		case !header:
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, row)
		}
	}
}
