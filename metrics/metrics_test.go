package metrics_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/metrics"
	"plexydash/store"
	"plexydash/store/storetest"
)

// world is a database with a clock that stands still, and its numbers.
type world struct {
	*testing.T
	db      *store.DB
	clock   *storetest.Clock
	metrics *metrics.Metrics
	backups store.Backups
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, clock: storetest.NewClock(), backups: store.Backups{Folder: filepath.Join(t.TempDir(), "backups"), Name: "live", Keep: 3}}
	w.db = storetest.Open(t, filepath.Join(t.TempDir(), "test.db"), w.clock.Now)
	w.metrics = metrics.New(metrics.Options{DB: w.db, Backups: w.backups, MaxAge: time.Minute, Submit: true, Version: "test"})
	return w
}

func (w *world) scrape() string {
	w.Helper()
	answer := httptest.NewRecorder()
	w.metrics.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(w.Context(), http.MethodGet, "/metrics", nil))
	require.Equal(w, http.StatusOK, answer.Code)
	return answer.Body.String()
}

func (w *world) says(lines ...string) {
	w.Helper()
	told := strings.Split(w.scrape(), "\n")
	for _, line := range lines {
		assert.Contains(w, told, "plexydash_"+line)
	}
}

func TestNumbersOfTheDatabase(t *testing.T) {
	w := newWorld(t)
	w.says(`sending_state{state="never_read"} 1`, `sending_state{state="running"} 0`, `plexy_read_timestamp_seconds 0`,
		`distributions_waiting{status="queued"} 0`, `distributions_waiting_oldest_age_seconds{status="queued"} 0`, `backup_timestamp_seconds 0`)
	maker := storetest.User(t, w.db, distribution.Accountant)
	storetest.Unknown(t, w.db, maker)
	storetest.Queued(t, w.db, maker)
	w.clock.Advance(time.Hour)
	storetest.Queued(t, w.db, maker)
	require.NoError(t, w.db.SyncSucceeded(t.Context(), distribution.System("syncer")))
	made, err := w.backups.Make(t.Context(), w.db)
	require.NoError(t, err)
	w.clock.Advance(30 * time.Second)
	w.says(`vitals_readable 1`, `sending_state{state="running"} 1`, `sending_state{state="never_read"} 0`, `sending_stops{kind="unit"} 0`, `plexy_key_refused 0`,
		`distributions_waiting{status="queued"} 2`, `distributions_waiting_oldest_age_seconds{status="queued"} 3630`,
		`distributions_waiting{status="unknown"} 1`, `distributions_waiting_oldest_age_seconds{status="unknown"} 3630`,
		`distributions_waiting{status="not_found"} 0`, `distributions_waiting{status="mismatch"} 0`,
		`proposals_open 0`, `alarms_open{kind="executed_twice"} 0`, `sessions 0`, `backup_age_seconds 30`, fmt.Sprintf(`backup_bytes %.0f`, float64(made.Bytes)))
	w.clock.Advance(time.Minute)
	w.says(`sending_state{state="stale"} 1`, `sending_state{state="running"} 0`)

	manager := storetest.User(t, w.db, distribution.Manager)
	require.NoError(t, w.db.Stop(t.Context(), manager, store.StopPerson, "сверка", ""))
	w.says(`sending_state{state="person"} 1`, `sending_stops{kind="person"} 1`)
	require.NoError(t, w.db.Stop(t.Context(), distribution.System("start"), store.StopHold, "missing", ""))
	w.says(`sending_state{state="hold"} 1`, `sending_state{state="person"} 0`, `sending_stops{kind="person"} 1`, `sending_stops{kind="hold"} 1`)
	require.NoError(t, w.db.SyncFailed(t.Context(), distribution.System("syncer"), store.Unauthorized))
	w.says(`sending_state{state="unauthorized"} 0`, `plexy_key_refused 1`)
}

func TestNumbersOfWhatPassesBy(t *testing.T) {
	w := newWorld(t)
	w.metrics.Request("GET", "/distributions/{id}", 200, 20*time.Millisecond)
	w.metrics.Request("GET", "/distributions/{id}", 303, time.Second)
	w.metrics.Request("GET", "none", 0, time.Second)
	for _, status := range []int{0, 200, 401, 403, 404, 429, 500} {
		w.metrics.Call("create", status, time.Second)
	}
	w.says(`http_request_duration_seconds_bucket{method="GET",route="/distributions/{id}",status="2xx",le="0.025"} 1`,
		`http_request_duration_seconds_count{method="GET",route="/distributions/{id}",status="3xx"} 1`,
		`http_request_duration_seconds_count{method="GET",route="none",status="other"} 1`,
		`plexy_call_duration_seconds_count{call="create",outcome="no_answer"} 1`, `plexy_call_duration_seconds_count{call="create",outcome="2xx"} 1`,
		`plexy_call_duration_seconds_count{call="create",outcome="unauthorized"} 2`, `plexy_call_duration_seconds_count{call="create",outcome="4xx"} 1`,
		`plexy_call_duration_seconds_count{call="create",outcome="throttled"} 1`, `plexy_call_duration_seconds_count{call="create",outcome="5xx"} 1`)
}

// Whoever watches learns that the database cannot be read.
func TestScrapeOfADatabaseThatIsGone(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.db.Close())
	w.says("vitals_readable 0")
}

func TestNamesFollowTheRulesOfPrometheus(t *testing.T) {
	w := newWorld(t)
	w.metrics.Request("GET", "/", 200, time.Second)
	w.metrics.Call("list", 200, time.Second)
	problems, err := promlint.New(strings.NewReader(w.scrape())).Lint()
	require.NoError(t, err)
	assert.Empty(t, problems)
}

// names are all metrics of a scrape after everything has happened once.
func names(t *testing.T) []string {
	t.Helper()
	w := newWorld(t)
	w.metrics.Request("GET", "/", 200, time.Second)
	w.metrics.Call("list", 200, time.Second)
	var all []string
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\w+) (\w+)$`).FindAllStringSubmatch(w.scrape(), -1) {
		all = append(all, m[1])
		if m[2] == "histogram" {
			all = append(all, m[1]+"_bucket", m[1]+"_count", m[1]+"_sum")
		}
	}
	return all
}

func TestReadmeListsEveryNumber(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	var told []string
	for _, line := range regexp.MustCompile("(?m)^\\| `plexydash_[^|]+\\|").FindAllString(string(text), -1) {
		told = append(told, regexp.MustCompile(`plexydash_\w+`).FindAllString(line, -1)...)
	}
	have := slices.DeleteFunc(names(t), func(name string) bool {
		return !strings.HasPrefix(name, "plexydash_") || regexp.MustCompile(`_seconds_(bucket|count|sum)$`).MatchString(name)
	})
	assert.ElementsMatch(t, have, told)
}
