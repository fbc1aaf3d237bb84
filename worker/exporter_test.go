package worker

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"regexp"
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
)

func (w *world) order(n store.NewExport) store.Export {
	w.Helper()
	e, err := w.db.CreateExport(w.Context(), w.maker, n)
	require.NoError(w, err)
	return e
}

func (w *world) export(id string) store.Export {
	w.Helper()
	e, err := w.db.Export(w.Context(), w.maker, id)
	require.NoError(w, err)
	return e
}

func (w *world) exportDir() string { return filepath.Join(filepath.Dir(w.path), "exports") }

func register(filter string) store.NewExport {
	return store.NewExport{Kind: store.ExportDistributions, Format: "csv", Dialect: "plain", Filter: filter}
}

func TestExportIsMade(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(700)
		w.startOnly(w.Exporter.Run, w.Syncer.Run)
		w.pass(time.Second)
		synced := w.state().LastSuccess
		e := w.order(register("max=100.00&sort=amount"))
		w.Wake()
		w.pass(time.Millisecond)

		got := w.export(e.ID)
		assert.Equal(t, store.ExportReady, got.Status)
		assert.Equal(t, "distributions-"+e.CreatedAt.Add(5*time.Hour).Format("2006-01-02-150405")+".csv", got.FileName)
		assert.Equal(t, 100, got.Rows)
		assert.Equal(t, distribution.Amount(100*101/2*100), got.Sum)
		assert.Equal(t, synced, got.AsOf)
		assert.True(t, got.Complete)

		file := filepath.Join(w.exportDir(), e.ID+".csv")
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.EqualValues(t, len(content), got.Bytes)
		sum := sha256.Sum256(content)
		assert.Equal(t, sum[:], got.SHA256)
		lines := strings.Split(strings.TrimSpace(string(content)), "\r\n")
		assert.Len(t, lines, 101)
		assert.Equal(t, strings.Join(export.Columns(), ","), lines[0])
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.EqualValues(t, 0o600, info.Mode().Perm())
		assert.Len(t, w.files(), 1)
	})
}

func TestWorkbookCarriesItsPassport(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		w.history(30)
		w.startOnly(w.Exporter.Run, w.Syncer.Run)
		w.pass(time.Second)
		for lang, words := range map[string][]string{
			"ru": {"Паспорт", "Фильтр: Сумма", "до 10,00\u00a0₸", "Строк"},
			"kk": {"Паспорт", "Сүзгі: Сомасы", "10,00\u00a0₸ дейін", "Жол саны"},
			"en": {"Passport", "Filter: Amount", "up to 10,00\u00a0₸", "Rows"},
		} {
			e := w.order(store.NewExport{Kind: store.ExportDistributions, Format: "xlsx", Dialect: "excel", Filter: "max=10.00", Lang: lang})
			w.Wake()
			w.pass(time.Second)
			got := w.export(e.ID)
			require.Equal(t, store.ExportReady, got.Status)
			assert.Equal(t, 10, got.Rows)
			assert.True(t, strings.HasSuffix(got.FileName, ".xlsx"))
			book, err := excelize.OpenFile(filepath.Join(w.exportDir(), e.ID+".xlsx"))
			require.NoError(t, err)
			rows, err := book.GetRows(words[0])
			require.NoError(t, err)
			told := map[string]string{}
			for _, row := range rows {
				told[row[0]] = strings.Join(row[1:], "")
			}
			assert.Equal(t, words[2], told[words[1]], lang)
			assert.Equal(t, "10", told[words[3]], lang)
			assert.Len(t, rows, 8+len(export.Columns()), lang)
			require.NoError(t, book.Close())
		}
	})
}

func (w *world) files() []string {
	w.Helper()
	entries, err := os.ReadDir(w.exportDir())
	require.NoError(w, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestExportsWaitInLine(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		var all []store.Export
		for range 3 {
			all = append(all, w.order(register("")))
			w.pass(time.Second)
		}
		w.startOnly(w.Exporter.Run)
		w.pass(time.Millisecond)
		for _, e := range all {
			assert.Equal(t, store.ExportReady, w.export(e.ID).Status)
		}
		assert.Len(t, w.files(), 3)
	})
}

func TestExportBeforeTheHistoryIsWhole(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		e := w.order(register(""))
		w.startOnly(w.Exporter.Run)
		w.pass(time.Millisecond)
		got := w.export(e.ID)
		assert.Equal(t, store.ExportReady, got.Status)
		assert.False(t, got.Complete)
		assert.True(t, got.AsOf.IsZero())
	})
}

func TestExportThatCannotBeMade(t *testing.T) {
	for name, n := range map[string]store.NewExport{
		"format":  {Kind: store.ExportDistributions, Format: "pdf", Dialect: "plain"},
		"dialect": {Kind: store.ExportDistributions, Format: "csv", Dialect: "runic"},
		"filter":  register("sort=colour"),
		"query":   register("%zz"),
	} {
		inWorldOf(t, name, plexytest.Options{}, func(t *testing.T, w *world) {
			e := w.order(n)
			w.startOnly(w.Exporter.Run)
			w.pass(time.Minute)
			got := w.export(e.ID)
			assert.Equal(t, store.ExportFailed, got.Status)
			assert.Regexp(t, regexp.MustCompile(`^[0-9A-Z]{6}$`), got.ErrorID)
			assert.Contains(t, w.log.String(), got.ErrorID, "the log has the number too")
			assert.Equal(t, 1, strings.Count(w.log.String(), "export failed"), "it is not tried again")
			assert.Empty(t, w.files())
		})
	}
}

// What cannot be put into its place leaves nothing behind.
func TestExportThatCannotBeWritten(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		e := w.order(register(""))
		require.NoError(t, os.MkdirAll(filepath.Join(w.exportDir(), e.ID+".csv"), 0o700)) // a folder in the file's place
		w.startOnly(w.Exporter.Run)
		w.pass(time.Second)
		assert.Equal(t, store.ExportFailed, w.export(e.ID).Status)
		assert.Equal(t, []string{e.ID + ".csv"}, w.files())
	})
}

func TestExportAfterAKill(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		e := w.order(register(""))
		require.NoError(t, os.MkdirAll(w.exportDir(), 0o700))
		for _, name := range []string{e.ID + ".csv" + unfinished, "gone.csv" + unfinished, "kept.csv"} {
			require.NoError(t, os.WriteFile(filepath.Join(w.exportDir(), name), []byte("half"), 0o600))
		}
		w.startOnly(w.Exporter.Run)
		w.pass(time.Second)
		assert.Equal(t, store.ExportReady, w.export(e.ID).Status)
		assert.ElementsMatch(t, []string{e.ID + ".csv", "kept.csv"}, w.files())
	})
}

func TestFolderOfExportsMustBeUsable(t *testing.T) {
	inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
		require.NoError(t, os.WriteFile(w.exportDir(), nil, 0o600))
		assert.ErrorContains(t, w.Exporter.Run(t.Context()), "exporter")
	})
}
