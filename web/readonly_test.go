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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// state is everything but the log, which also tells of refusals and of who read
// it, and without some tables.
func (s *site) state(without ...string) string {
	s.t.Helper()
	return s.dump(append(without, "audit", "audit_hashes", "checkpoints")...)
}

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

// No GET changes anything, whoever asks and however: neither the addresses of
// the router nor those that pages lead to.
func TestReadingChangesNothing(t *testing.T) {
	s, maker := busy(t)
	things := slices.Concat(s.query(s.raw(), "SELECT id FROM distributions"), s.query(s.raw(), "SELECT id FROM exports"))
	people := append(everyRole(s, maker), distribution.Actor{})
	for _, p := range people {
		if !p.IsZero() {
			s.cookieOf(p)
		}
	}
	s.clock.Advance(2 * time.Minute) // last_seen is due
	before := s.state()
	require.Contains(t, before, "sessions ")
	pages := 0
	for _, route := range routesOf(t, s) {
		path, isGet := strings.CutPrefix(route, http.MethodGet+" ")
		if !isGet {
			continue
		}
		ids := things
		if !strings.Contains(path, "{id}") {
			ids = []string{""}
		}
		for _, as := range people {
			for _, id := range ids {
				for _, partial := range []bool{false, true} {
					a := s.do(request{as: as, url: strings.Replace(path, "{id}", id, 1), partial: partial})
					assert.Less(t, a.Code, 500, "%s %s", path, id)
					if a.Code == http.StatusOK {
						pages++
					}
				}
			}
		}
	}
	for _, as := range people {
		s.crawl(as, func(string, *answer) { pages++ })
	}
	assert.Greater(t, pages, 300, "pages were really drawn")
	assert.Equal(t, before, s.state())
}

// What an auditor sends is refused and leaves no trace, except an export, the
// acknowledgement of an alarm and their own account, which are theirs, and
// signing out.
func TestAuditorChangesNothing(t *testing.T) {
	s, _ := busy(t)
	auditor := s.person(distribution.Auditor)
	s.cookieOf(auditor)
	id := s.query(s.raw(), "SELECT id FROM distributions LIMIT 1")[0]
	theirs := []string{"POST /login", "POST /login/factor", "POST /logout", "POST /exports", "POST /distributions/{id}/acknowledgement"}
	before := s.state()
	posts := 0
	for name, e := range matrix() {
		method, path, _ := strings.Cut(name, " ")
		address := strings.Replace(path, "{id}", id, 1)
		for _, odd := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
			if s.route(method, address) != "" && !strings.HasSuffix(path, "z") { // not those that programs ask
				assert.Equal(t, http.StatusMethodNotAllowed, s.do(request{as: auditor, method: odd, url: address, form: e.form}).Code, "%s %s", odd, path)
			}
		}
		if method != http.MethodPost || slices.Contains(theirs, name) || strings.HasPrefix(path, "/me/") || strings.HasPrefix(path, "/invitations/") {
			continue
		}
		posts++
		a := s.do(request{as: auditor, method: method, url: address, form: e.form})
		assert.Equal(t, http.StatusForbidden, a.Code, name)
	}
	assert.Greater(t, posts, 12)
	assert.Equal(t, before, s.state())

	// What is theirs touches nothing else.
	kept := []string{"sessions", "exports", "signin_failures"}
	before = s.state(kept...)
	for _, own := range []struct {
		address string
		form    url.Values
	}{
		{"/exports", url.Values{"kind": {"distributions"}, "format": {"csv"}}},
		{"/me/preferences", url.Values{"lang": {"kk"}}},
		{"/logout", url.Values{}},
	} {
		assert.Equal(t, http.StatusSeeOther, s.do(request{as: auditor, url: own.address, form: own.form}).Code, own.address)
	}
	assert.Equal(t, before, s.state(kept...))
}
