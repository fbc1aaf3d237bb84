package web_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

func TestExportIsAskedForWithTheFiltersOfTheList(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	a := s.do(request{as: auditor, url: "/exports", form: url.Values{
		"kind": {"distributions"}, "format": {"csv"}, "dialect": {"plain"}, "status": {"paid", "failed"}, "q": {"ТОО"},
		"from": {"2026-11-01"}, "sort": {"amount"}, "size": {"25"}, "cursor": {""},
	}})
	require.Equal(t, http.StatusSeeOther, a.Code)
	id := strings.TrimPrefix(a.location(), "/exports/")
	e, err := s.db.Export(t.Context(), auditor, id)
	require.NoError(t, err)
	got, err := url.ParseQuery(e.Filter)
	require.NoError(t, err)
	assert.Equal(t, url.Values{"status": {"failed", "paid"}, "q": {"ТОО"}, "from": {"2026-11-01"}, "sort": {"amount"}}, got)
	assert.Equal(t, "plain", e.Dialect)
	assert.Equal(t, 1, s.woken)

	next, err := s.db.NextExport(t.Context())
	require.NoError(t, err)
	assert.Equal(t, id, next.ID)
	assert.Equal(t, 1, s.do(request{as: auditor, url: "/exports"}).html().Find(`main a[href="/exports/`+id+`"]`).Length())
}

func TestExportFile(t *testing.T) {
	s := newSite(t)
	auditor := s.person(distribution.Auditor)
	waiting := s.do(request{as: auditor, url: "/exports/" + exportOf(t, s, auditor) + "/file"})
	assert.Equal(t, http.StatusAccepted, waiting.Code)
	assert.Equal(t, "2", waiting.Header().Get("Retry-After"))

	content := "\ufeffid;amount\r\n1;150000,00\r\n"
	id := s.readyExport(auditor, "Реестр 22.11.2026.csv", content)
	a := s.do(request{as: auditor, url: "/exports/" + id + "/file"})
	require.Equal(t, http.StatusOK, a.Code)
	assert.Equal(t, content, a.Body.String())
	assert.Equal(t, "text/csv; charset=utf-8", a.Header().Get("Content-Type"))
	assert.Equal(t, "attachment; filename*=utf-8''%D0%A0%D0%B5%D0%B5%D1%81%D1%82%D1%80%2022.11.2026.csv", a.Header().Get("Content-Disposition"))
	assert.Contains(t, a.Header().Get("Content-Security-Policy"), "sandbox")

	workbook := s.readyExportAs("xlsx", auditor, "Реестр.xlsx", "PK")
	assert.Equal(t, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		s.do(request{as: auditor, url: "/exports/" + workbook + "/file"}).Header().Get("Content-Type"))

	require.NoError(t, os.Remove(filepath.Join(s.exportDir, id+".csv")))
	gone := s.do(request{as: auditor, url: "/exports/" + id + "/file"})
	assert.Equal(t, http.StatusGone, gone.Code)
	assert.Equal(t, 1, gone.html().Find(`main a[href="/exports/`+id+`"]`).Length())

	failed := exportOf(t, s, auditor)
	require.NoError(t, s.db.FailExport(t.Context(), distribution.System("exporter"), failed, "7F3KQ2XA"))
	assert.Equal(t, http.StatusConflict, s.do(request{as: auditor, url: "/exports/" + failed + "/file"}).Code)
	assert.Contains(t, s.do(request{as: auditor, url: "/exports/" + failed}).html().Text(), "7F3KQ2XA")
}
