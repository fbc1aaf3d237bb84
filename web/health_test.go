package web_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// What only keeps payments from being sent is told and leaves the program ready:
// a balancer that took it away would take the pages that people need then.
func TestReadyzSaysWhy(t *testing.T) {
	const free = 1 << 40
	for name, c := range map[string]struct {
		given  func(*testing.T, *site)
		free   uint64
		submit bool
		ready  bool
		says   []string
	}{
		"all is well": {func(t *testing.T, s *site) {
			require.NoError(t, s.db.SyncSucceeded(t.Context(), distribution.System("syncer")))
		}, free, true, true, []string{
			"ok assets: loaded", "ok database: answers", "ok migrations: schema ", "ok outcomes: saved", "ok disk: has room", "ok plexy: last read 20", "ok hold: none", "ok sending: running",
		}},
		"before the first read": {func(*testing.T, *site) {}, free, true, true, []string{"warning plexy: never read", "warning sending: never_read"}},
		"Plexy is down": {func(t *testing.T, s *site) {
			require.NoError(t, s.db.SyncSucceeded(t.Context(), distribution.System("syncer")))
			require.NoError(t, s.db.SyncFailed(t.Context(), distribution.System("syncer"), store.Unreachable))
			s.clock.Advance(time.Hour)
		}, free, true, true, []string{"warning plexy: unreachable since 20", "warning sending: stale"}},
		"a wrong key": {func(t *testing.T, s *site) {
			require.NoError(t, s.db.SyncFailed(t.Context(), distribution.System("syncer"), store.Unauthorized))
		}, free, true, true, []string{"warning sending: unauthorized"}},
		"HOLD": {func(t *testing.T, s *site) {
			require.NoError(t, s.db.Stop(t.Context(), distribution.System("start"), store.StopHold, "missing", ""))
		}, free, true, true, []string{"warning hold: the database is an older copy", "warning sending: hold"}},
		"little room":  {func(*testing.T, *site) {}, store.MinFree - 1, true, true, []string{"warning disk: less than 256 MiB free", "warning sending: disk"}},
		"switched off": {func(*testing.T, *site) {}, free, false, true, []string{"warning sending: off"}},
		"another program's schema": {func(t *testing.T, s *site) {
			raw, err := sql.Open("sqlite", "file:"+s.path)
			require.NoError(t, err)
			_, err = raw.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)")
			require.NoError(t, errors.Join(err, raw.Close()))
		}, free, true, false, []string{"failed migrations: the database has schema 9999"}},
		"no database": {func(t *testing.T, s *site) { require.NoError(t, s.db.Close()) }, free, true, false, []string{"failed database: does not answer"}},
	} {
		t.Run(name, func(t *testing.T) {
			clock, path := storetest.NewClock(), filepath.Join(t.TempDir(), "roomy.db")
			db := storetest.Open(t, path, clock.Now, func(o *store.Options) { o.Free = func() (uint64, error) { return c.free, nil } })
			s := newSite(t, func(d *deps) { d.handlers.DB, d.handlers.Submit = db, c.submit })
			s.db, s.clock, s.path = db, clock, path
			c.given(t, s)
			a := s.do(request{url: "/readyz"})
			assert.Equal(t, c.ready, a.Code == http.StatusOK)
			assert.Equal(t, c.ready, strings.HasPrefix(a.Body.String(), "ready\n"), a.Body.String())
			for _, line := range c.says {
				assert.Contains(t, a.Body.String(), "\n"+line)
			}
		})
	}
}

func TestHealth(t *testing.T) {
	var trouble error
	s := newSite(t, func(d *deps) { d.handlers.Ready = func(context.Context) error { return trouble } })
	assert.Equal(t, http.StatusOK, s.do(request{url: "/readyz"}).Code)
	trouble = errors.New("MARKER: the disk is full")
	sick := s.do(request{url: "/readyz"})
	assert.Equal(t, http.StatusServiceUnavailable, sick.Code)
	assert.NotContains(t, sick.Body.String(), "MARKER")
	assert.Contains(t, sick.Body.String(), "failed outcomes: ")
	trouble = nil
	require.NoError(t, s.db.Close())
	assert.Equal(t, http.StatusServiceUnavailable, s.do(request{url: "/readyz"}).Code, "the database does not answer")
	assert.Equal(t, http.StatusOK, s.do(request{url: "/healthz"}).Code, "the process does")
	broken := s.do(request{url: "/distributions", cookies: []*http.Cookie{{Name: "plexydash", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}})
	assert.Equal(t, http.StatusInternalServerError, broken.Code, "a broken database signs nobody out")
	assert.NotContains(t, broken.Body.String(), "sql")
}
