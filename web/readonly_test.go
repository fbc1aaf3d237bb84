package web_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store/storetest"
)

// state is everything but the log, which also tells of refusals and of who read
// it.
func (s *site) state() string { return s.dump("audit", "audit_hashes", "checkpoints") }

// dump is everything the database holds, except when sessions were last seen, and
// without some tables.
func (s *site) dump(without ...string) string {
	s.t.Helper()
	db := s.raw()
	var b strings.Builder
	for _, table := range s.query(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
		if slices.Contains(without, table) {
			continue
		}
		columns := s.query(db, fmt.Sprintf("SELECT group_concat('quote('||name||')', ',') FROM pragma_table_info('%s') WHERE name <> 'last_seen'", table))
		for _, row := range s.query(db, fmt.Sprintf("SELECT concat_ws('|', %s) FROM %s ORDER BY 1", columns[0], table)) {
			fmt.Fprintf(&b, "%s %s\n", table, row)
		}
	}
	return b.String()
}

// raw reads the database file past the store.
func (s *site) raw() *sql.DB {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: s.path}).EscapedPath()+"?_query_only=1&_pragma=busy_timeout(5000)")
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (s *site) query(db *sql.DB, query string) []string {
	s.t.Helper()
	rows, err := db.QueryContext(s.t.Context(), query)
	require.NoError(s.t, err, query)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		require.NoError(s.t, rows.Scan(&text))
		all = append(all, text)
	}
	require.NoError(s.t, rows.Err())
	return all
}

// No GET changes anything, whoever asks and however.
func TestReadingChangesNothing(t *testing.T) {
	s := newSite(t)
	maker := s.person(distribution.Accountant)
	things := []string{
		storetest.Draft(t, s.db, maker).ID, storetest.Unknown(t, s.db, maker).ID, s.readyExport(maker, "a.csv", "x"), exportOf(t, s, maker),
	}
	people := []distribution.Actor{{}, maker, s.person(distribution.Manager), s.person(distribution.Auditor), s.person(distribution.Admin)}
	for _, p := range people[1:] {
		s.cookieOf(p)
	}
	s.clock.Advance(2 * time.Minute) // last_seen is due
	before := s.state()
	require.Contains(t, before, "sessions ")
	pages := 0
	err := chi.Walk(s.Handler.(chi.Routes), func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method != http.MethodGet || strings.HasPrefix(path, "/static/") {
			return nil
		}
		for _, as := range people {
			for _, id := range things {
				for _, partial := range []bool{false, true} {
					a := s.do(request{as: as, url: strings.Replace(path, "{id}", id, 1), partial: partial})
					assert.Less(t, a.Code, 500, "%s %s", path, id)
					if a.Code == http.StatusOK {
						pages++
					}
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, pages, 50, "pages were really drawn")
	assert.Equal(t, before, s.state())
}

// What an auditor posts is refused and leaves no trace, except an export and the
// acknowledgement of an alarm, which are theirs, their own account, and signing
// in and out.
func TestAuditorChangesNothing(t *testing.T) {
	s := newSite(t)
	maker, auditor := s.person(distribution.Accountant), s.person(distribution.Auditor)
	s.cookieOf(auditor)
	id := storetest.Draft(t, s.db, maker).ID
	before := s.state()
	posts := 0
	for name, e := range matrix() {
		method, path, _ := strings.Cut(name, " ")
		if method != http.MethodPost || strings.HasPrefix(path, "/log") || path == "/exports" || strings.HasSuffix(path, "/acknowledgement") || strings.HasPrefix(path, "/me/") || strings.HasPrefix(path, "/invitations/") {
			continue
		}
		posts++
		a := s.do(request{as: auditor, method: method, url: strings.Replace(path, "{id}", id, 1), form: e.form})
		assert.Equal(t, http.StatusForbidden, a.Code, name)
	}
	assert.Greater(t, posts, 6)
	assert.Equal(t, before, s.state())
}
