package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spoken is a table as assistive technology gets it.
type spoken struct {
	Role, Name string
	Columns    []string // roles of the headers
	Rows       []struct {
		Role  string
		Cells []string // roles
		Name  string   // of the row's header
	}
}

// Tables are tables for who hears them, on a phone, too, where rows are drawn as
// grids.
func (e *e2e) tables(t *testing.T) {
	p := e.demo(t)
	b := e.open(t, p)
	for _, table := range []struct{ path, email string }{
		{"/distributions?size=25", "accountant@demo.kz"},
		{"/approvals", "manager@demo.kz"},
		{"/audit?size=25", "auditor@demo.kz"},
		{"/users", "admin@demo.kz"},
		{"/balance", "manager@demo.kz"},
	} {
		b.carry(visit(t, p).signIn(table.email))
		for _, width := range []int64{1440, 390} {
			b.resize(width)
			t.Run(fmt.Sprintf("%s/%d", table.path, width), func(t *testing.T) {
				b := b.of(t)
				b.visit(table.path)
				b.tabular(t)
			})
		}
	}
}

func (b *tab) tabular(t *testing.T) {
	t.Helper()
	b.until(`[...document.querySelectorAll("main table")].some((t) => t.checkVisibility())`)
	all := eval[[]spoken](b, `[...document.querySelectorAll("main table")].filter((t) => t.checkVisibility()).map((table) => ({
		Role: table.computedRole, Name: e2e.plain(table.computedName),
		Columns: [...table.querySelectorAll("thead th")].filter((th) => th.checkVisibility()).map((th) => th.computedRole),
		Rows: [...table.querySelectorAll("tbody tr")].filter((tr) => tr.checkVisibility()).slice(0, 6).map((tr) => { // rows are alike, and each role is slow to tell
			const cells = [...tr.cells].filter((cell) => cell.checkVisibility());
			return { Role: tr.computedRole, Cells: cells.map((cell) => cell.computedRole),
				Name: e2e.plain(cells.find((cell) => cell.computedRole === "rowheader")?.computedName ?? "") };
		}) }))`)
	require.NotEmpty(t, all)
	for _, table := range all {
		assert.Equal(t, "table", table.Role)
		assert.NotEmpty(t, table.Name, "a table without a name")
		for _, column := range table.Columns {
			assert.Equal(t, "columnheader", column, table.Name)
		}
		require.NotEmpty(t, table.Rows, table.Name)
		for _, row := range table.Rows {
			assert.Equal(t, "row", row.Role, table.Name)
			for _, cell := range row.Cells {
				assert.Contains(t, []string{"cell", "rowheader"}, cell, table.Name)
			}
			assert.Contains(t, row.Cells, "rowheader", table.Name)
			assert.NotEmpty(t, row.Name, table.Name)
		}
	}
}
