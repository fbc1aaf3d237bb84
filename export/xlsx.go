package export

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"github.com/xuri/excelize/v2"

	"plexydash/distribution"
	"plexydash/i18n"
)

// MaxRowsXLSX is how many rows one sheet holds below its header: a
// sheet has 1,048,576 rows (ECMA-376, and every program that reads it).
const MaxRowsXLSX = excelize.TotalRows - 1

// ErrRows says that a register has more rows than a sheet.
var ErrRows = errors.New("export: more rows than a sheet holds")

// Line is one line of a passport: a text, or an amount that can be compared with
// the first sheet.
type Line struct {
	Name, Value string
	Amount      *distribution.Amount
}

// Passport is the second sheet: in words, what the register holds, from when the
// data are, and what its columns mean.
type Passport struct {
	Register string // name of the first sheet
	Sheet    string // name of this one
	Lines    []Line
}

// XLSX writes the register of rows to w as an Office Open XML workbook. Whatever
// is an identifier stays text; amounts are numbers with two decimals and moments
// are dates in Almaty, both typed. passport is asked once all rows are counted.
//
// Rows go through a temporary file, so memory does not grow with them. An error
// ends it as it does CSV; w has got nothing then.
func XLSX(w io.Writer, rows iter.Seq2[distribution.Distribution, error], passport func(Summary) Passport) (Summary, error) {
	return writeXLSX(w, Columns(), rows, registerLine, passport)
}

func writeXLSX[T any](w io.Writer, columns []string, rows iter.Seq2[T, error], line lineOf[T], passport func(Summary) Passport) (sum Summary, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	book := &workbook{File: f, columns: columns}
	if err := book.begin(); err != nil {
		return Summary{}, fmt.Errorf("export: xlsx: %w", err)
	}
	sum, err = everyRow(rows, func(sum *Summary, row *T) error {
		cells, err := line(sum, row)
		if err != nil {
			return err
		}
		return book.row(sum.Rows, cells)
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

const firstSheet = "Sheet1" // as excelize makes it

// workbook is a register being written.
type workbook struct {
	*excelize.File
	columns      []string
	sheet        *excelize.StreamWriter
	money, time  int // styles
	head, strong int
}

func (b *workbook) begin() (err error) {
	number, date := "#,##0.00", "dd.mm.yyyy hh:mm:ss"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.money, excelize.Style{CustomNumFmt: &number}},
		{&b.time, excelize.Style{CustomNumFmt: &date}},
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&b.strong, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
	} {
		if *s.id, err = b.NewStyle(&s.style); err != nil {
			return err
		}
	}
	if b.sheet, err = b.NewStreamWriter(firstSheet); err != nil {
		return err
	}
	for i, name := range b.columns {
		if err := b.setWidth(i+1, name); err != nil {
			return err
		}
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	var names []any
	for _, name := range b.columns {
		names = append(names, excelize.Cell{StyleID: b.head, Value: name})
	}
	return b.sheet.SetRow("A1", names)
}

// row writes line number n below the header, counted from one.
func (b *workbook) row(n int, cells []cell) error {
	if n > MaxRowsXLSX {
		return ErrRows
	}
	typed := make([]any, 0, len(cells))
	for _, c := range cells {
		typed = append(typed, b.cell(c))
	}
	return b.sheet.SetRow("A"+strconv.Itoa(n+1), typed)
}

// cell gives a value its type. A text is written as text, so a formula in it is
// never run and a leading zero never lost.
func (b *workbook) cell(c cell) excelize.Cell {
	switch {
	case c.amount != nil:
		return b.amount(*c.amount)
	case !c.at.IsZero():
		return excelize.Cell{StyleID: b.time, Value: c.at.In(i18n.Almaty())}
	}
	return excelize.Cell{Value: c.text}
}

// mostDigits is how many digits a number of a workbook keeps: it is an IEEE 754
// double (ECMA-376, 18.18.11).
const mostDigits = 15

// amount is a number where a workbook can hold it to the tiyn, else text.
func (b *workbook) amount(a distribution.Amount) excelize.Cell {
	text := a.String()
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || len(text) > mostDigits+1 { // the point
		return excelize.Cell{Value: text}
	}
	return excelize.Cell{StyleID: b.money, Value: number}
}

// finish closes the register and adds the passport. The register becomes a table
// with a filter over each column, which a table without rows cannot have.
func (b *workbook) finish(rows int, p Passport) error {
	if rows > 0 {
		last, err := excelize.CoordinatesToCellName(len(b.columns), rows+1)
		if err != nil {
			return err
		}
		if err := b.sheet.AddTable(&excelize.Table{Range: "A1:" + last, Name: "register", StyleName: "TableStyleLight1"}); err != nil {
			return err
		}
	}
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	if err := b.SetSheetName(firstSheet, p.Register); err != nil {
		return err
	}
	if _, err := b.NewSheet(p.Sheet); err != nil {
		return err
	}
	return b.passport(p)
}

func (b *workbook) passport(p Passport) error {
	out, err := b.NewStreamWriter(p.Sheet)
	if err != nil {
		return err
	}
	if err := errors.Join(out.SetColWidth(1, 1, 34), out.SetColWidth(2, 2, 90)); err != nil {
		return err
	}
	for i, line := range p.Lines {
		value := excelize.Cell{Value: line.Value}
		if line.Amount != nil {
			value = b.amount(*line.Amount)
		}
		if err := out.SetRow("A"+strconv.Itoa(i+1), []any{excelize.Cell{StyleID: b.strong, Value: line.Name}, value}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// setWidth makes room for what usually stands in the column.
func (b *workbook) setWidth(number int, name string) error {
	switch name {
	case "recipientName", "paymentPurpose", "id", "plexyId", "approvedBy", "objectId", "reason", "details":
		return b.sheet.SetColWidth(number, number, 38)
	case "recipientIban", "createdAt", "updatedAt", "orderReference", "createdBy", "at", "actorName", "actorEmail", "action", "requestId":
		return b.sheet.SetColWidth(number, number, 24)
	}
	return b.sheet.SetColWidth(number, number, 16)
}
