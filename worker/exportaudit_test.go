package worker

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"plexydash/distribution"
	"plexydash/export"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/store/storetest"
)

// logFile makes a file of the audit log for a manager and returns its content.
func (w *world) logFile(format, dialect, filter string) (store.Export, []byte) {
	w.Helper()
	manager := storetest.User(w.T, w.db, distribution.Manager)
	e, err := w.db.CreateExport(w.Context(), manager, store.NewExport{Kind: store.ExportAudit, Format: format, Dialect: dialect, Filter: filter, Lang: "ru"})
	require.NoError(w, err)
	w.Wake()
	w.pass(time.Second)
	e, err = w.db.Export(w.Context(), manager, e.ID)
	require.NoError(w, err)
	require.Equal(w, store.ExportReady, e.Status)
	content, err := os.ReadFile(filepath.Join(w.exportDir(), e.ID+"."+format))
	require.NoError(w, err)
	return e, content
}

func (w *world) rawLog() []string {
	w.Helper()
	var all []string
	for {
		raw, err := w.db.AuditRecord(w.Context(), int64(len(all)))
		if errors.Is(err, distribution.ErrNotFound) {
			return all
		}
		require.NoError(w, err)
		all = append(all, string(raw))
	}
}

func TestTheLogIsWrittenByteForByte(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.startOnly(w.Exporter.Run)
		e, content := w.logFile("jsonl", "excel", "")
		lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
		log := w.rawLog()
		assert.Equal(t, log[:len(lines)-1], lines[:len(lines)-1], "the records as they are hashed, in their order")
		assert.Equal(t, len(lines)-1, e.Rows)
		assert.True(t, strings.HasPrefix(e.FileName, "audit-"), e.FileName)
		assert.True(t, e.Complete)
		var last struct {
			Checkpoint *string `json:"checkpoint"`
		}
		require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
		assert.Nil(t, last.Checkpoint, "a log without a key")

		_, some := w.logFile("jsonl", "excel", "action=user.created")
		assert.Equal(t, strings.Count(string(content), `"user.created"`)+1, strings.Count(string(some), "\n")-1, "and the manager who asked for this file")
	})
}

func TestTheLogIsATableToo(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.startOnly(w.Exporter.Run)
		_, plain := w.logFile("csv", "plain", "action=user.created")
		lines := strings.Split(strings.TrimSpace(string(plain)), "\r\n")
		assert.Equal(t, strings.Join(export.AuditColumns(), ","), lines[0])
		assert.Equal(t, strings.Count(strings.Join(w.rawLog(), ""), `"user.created"`), len(lines)-1)
		assert.Contains(t, lines[1], `,user.created,user,`)
		_, excel := w.logFile("csv", "excel", "action=user.created")
		assert.True(t, strings.HasPrefix(string(excel), "\ufeffseq;at;"))

		e, book := w.logFile("xlsx", "excel", "action=user.created&from=1999-01-01")
		f, err := excelize.OpenReader(strings.NewReader(string(book)))
		require.NoError(t, err)
		rows, err := f.GetRows("Журнал")
		require.NoError(t, err)
		assert.Equal(t, export.AuditColumns(), rows[0])
		assert.Len(t, rows, e.Rows+1)
		kind, err := f.GetCellType("Журнал", "A2")
		require.NoError(t, err)
		assert.Equal(t, excelize.CellTypeInlineString, kind, "a number that is a name")
		passport, err := f.GetRows("Паспорт")
		require.NoError(t, err)
		assert.Contains(t, passport, []string{"Фильтр: Период", "от 01.01.1999"})
		assert.Contains(t, passport, []string{"Фильтр: Код действия", "user.created"})
	})
}
