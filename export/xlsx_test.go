package export

import (
	"bytes"
	"errors"
	"iter"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"plexydash/distribution"
	"plexydash/i18n"
)

func testPassport(s Summary) Passport {
	return Passport{Register: "Реестр", Sheet: "Паспорт", Lines: []Line{
		{Name: "Строк", Value: strconv.Itoa(s.Rows)}, {Name: "Сумма", Amount: &s.Sum},
	}}
}

func workbookOf(t require.TestingT, rows ...distribution.Distribution) (*excelize.File, Summary) {
	var b bytes.Buffer
	sum, err := XLSX(&b, each(rows...), testPassport)
	require.NoError(t, err)
	f, err := excelize.OpenReader(&b)
	require.NoError(t, err)
	return f, sum
}

func each(rows ...distribution.Distribution) iter.Seq2[distribution.Distribution, error] {
	return func(yield func(distribution.Distribution, error) bool) {
		for _, d := range rows {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// What a spreadsheet damages in a CSV: leading zeros, long numbers, formulas.
func TestWorkbookTypesItsCells(t *testing.T) {
	before := distribution.Amount(-5_00)
	f, sum := workbookOf(t, distribution.Distribution{
		ID: "0001", Origin: distribution.FromPlexy, Status: distribution.Paid, PlexyID: "=1+1",
		Content:       distribution.Content{OrderReference: "00123", Amount: 150_000_05, Currency: "KZT", PaymentPurpose: "@SUM(A1)"},
		Seen:          distribution.RecipientText{Name: "ТОО «Әлем»", BIN: "012345678901", IBAN: "KZ86125KZT5004100100", KBe: "07", KNP: "009"},
		BalanceBefore: &before, CreatedAt: time.Date(2026, 11, 22, 19, 5, 7, 0, time.UTC),
	})
	assert.Equal(t, Summary{Rows: 1, Sum: 150_000_05}, sum)
	for cell, want := range map[string]struct {
		kind      excelize.CellType
		raw, seen string
	}{
		"A2": {excelize.CellTypeInlineString, "0001", "0001"},
		"B2": {excelize.CellTypeInlineString, "00123", "00123"},
		"C2": {excelize.CellTypeInlineString, "=1+1", "=1+1"},
		"D2": {excelize.CellTypeNumber, "46349.00355324074", "23.11.2026 00:05:07"}, // Almaty
		"G2": {excelize.CellTypeNumber, "150000.05", "150,000.05"},
		"J2": {excelize.CellTypeInlineString, "012345678901", "012345678901"},
		"M2": {excelize.CellTypeInlineString, "07", "07"},
		"N2": {excelize.CellTypeInlineString, "009", "009"},
		"O2": {excelize.CellTypeInlineString, "@SUM(A1)", "@SUM(A1)"},
		"P2": {excelize.CellTypeNumber, "-5", "-5.00"},
	} {
		kind, err := f.GetCellType("Реестр", cell)
		require.NoError(t, err)
		if want.kind == excelize.CellTypeNumber && kind == excelize.CellTypeUnset {
			kind = excelize.CellTypeNumber // the type of a cell without a word of it
		}
		assert.Equal(t, want.kind, kind, cell)
		raw, err := f.GetCellValue("Реестр", cell, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		assert.Equal(t, want.raw, raw, cell)
		seen, err := f.GetCellValue("Реестр", cell)
		require.NoError(t, err)
		assert.Equal(t, want.seen, seen, cell)
		formula, err := f.GetCellFormula("Реестр", cell)
		require.NoError(t, err)
		assert.Empty(t, formula, cell)
	}
}

func TestWorkbookHasAFrozenHeaderAFilterAndAPassport(t *testing.T) {
	f, _ := workbookOf(t, distribution.Distribution{Content: distribution.Content{Amount: 100}}, distribution.Distribution{Content: distribution.Content{Amount: 250}})
	assert.Equal(t, []string{"Реестр", "Паспорт"}, f.GetSheetList())
	rows, err := f.GetRows("Реестр")
	require.NoError(t, err)
	assert.Equal(t, Columns(), rows[0])
	panes, err := f.GetPanes("Реестр")
	require.NoError(t, err)
	assert.True(t, panes.Freeze)
	assert.Equal(t, 1, panes.YSplit)
	tables, err := f.GetTables("Реестр")
	require.NoError(t, err)
	require.Len(t, tables, 1)
	assert.Equal(t, "A1:U3", tables[0].Range)
	passport, err := f.GetRows("Паспорт")
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"Строк", "2"}, {"Сумма", "3.50"}}, passport)
}

func TestEmptyRegisterIsAWorkbookToo(t *testing.T) {
	f, sum := workbookOf(t)
	assert.Zero(t, sum)
	rows, err := f.GetRows("Реестр")
	require.NoError(t, err)
	assert.Equal(t, [][]string{Columns()}, rows)
}

// A number of a workbook keeps 15 digits: what needs more is text, to the tiyn.
func TestAmountsAreNeverRounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := distribution.Amount(rapid.Int64Range(-int64(distribution.MaxAmount), int64(distribution.MaxAmount)).Draw(t, "tiyn"))
		f, _ := workbookOf(t, distribution.Distribution{Content: distribution.Content{Amount: a}})
		raw, err := f.GetCellValue("Реестр", "G2", excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		got, err := distribution.ParseAmount(raw)
		if a > 0 {
			require.NoError(t, err)
			assert.Equal(t, a, got)
		}
	})
}

func TestFailedReadEndsTheWorkbook(t *testing.T) {
	broken := errors.New("the disk is gone")
	var b bytes.Buffer
	_, err := XLSX(&b, func(yield func(distribution.Distribution, error) bool) {
		_ = yield(distribution.Distribution{}, nil) && yield(distribution.Distribution{}, broken)
	}, testPassport)
	require.ErrorIs(t, err, broken)
	assert.Zero(t, b.Len())
	_, err = XLSX(&b, each(distribution.Distribution{Content: distribution.Content{Amount: 1 << 62}}, distribution.Distribution{Content: distribution.Content{Amount: 1 << 62}}), testPassport)
	require.ErrorIs(t, err, ErrSum)
	assert.Zero(t, b.Len())
}

func TestColumnsHaveTheSameTimesInBothKindsOfFile(t *testing.T) {
	at := time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC)
	f, _ := workbookOf(t, distribution.Distribution{CreatedAt: at, UpdatedAt: at})
	seen, err := f.GetCellValue("Реестр", "U2")
	require.NoError(t, err)
	assert.Equal(t, at.In(i18n.Almaty()).Format("02.01.2006 15:04:05"), seen)
}
