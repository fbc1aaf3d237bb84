package plexytest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
)

func TestStateSurvivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "plexy.json")
		opt := plexytest.Options{Balance: million, StateFile: file}
		first, c := start(t, opt)
		made := c.Create(t.Context(), request("R1", 100_00))
		require.NoError(t, made.Err)
		require.NoError(t, first.Fail(plexytest.CreateHangAfter, 1))
		require.Equal(t, plexyclient.OutcomeUnknown, c.Create(t.Context(), request("R2", 100_00)).Outcome)
		require.NoError(t, first.FailAfter(plexytest.CreateLate, 1, time.Hour))
		require.Equal(t, plexyclient.OutcomeUnknown, c.Create(t.Context(), request("R3", 100_00)).Outcome)
		require.NoError(t, first.Close())

		opt.Balance = 1
		second, c := start(t, opt)
		assert.EqualValues(t, million-200_00, second.Balance(), "the file wins over the option")
		assert.Equal(t, first.Posts(), second.Posts())
		assert.Equal(t, 1, second.Executed("R2"), "executed before its lost answer")
		d, _, err := c.Get(t.Context(), made.Distribution.ID)
		require.NoError(t, err)
		assert.Equal(t, "paid", d.Status, "time went on")
		time.Sleep(time.Hour)
		assert.Equal(t, 1, second.Executed("R3"), "late executions are not forgotten")
		late := second.Distributions()[2].ID
		_, err = c.List(t.Context(), 1, 50)
		require.NoError(t, err)
		require.NoError(t, second.Close())

		third, _ := start(t, opt)
		assert.Equal(t, late, third.Distributions()[2].ID)
		assert.Equal(t, 3, third.Count())
		entries, err := os.ReadDir(filepath.Dir(file))
		require.NoError(t, err)
		assert.Len(t, entries, 1, "no temporary file stays")
	})
}

func TestStateIsOnDiskBeforeTheAnswer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plexy.json")
	s := newServer(t, plexytest.Options{Balance: million, StateFile: file})
	body, err := request("R1", 100_00).Body()
	require.NoError(t, err)
	w := &watchedWriter{ResponseRecorder: httptest.NewRecorder(), onHeader: func() {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Contains(t, string(raw), `"R1"`)
	}}
	r := httptest.NewRequest("POST", "/v1/distributions", strings.NewReader(string(body)))
	r.Header.Set("Authorization", "pr_demo")
	s.Handler().ServeHTTP(w, r)
	assert.Equal(t, 201, w.Code)
	assert.True(t, w.called)
}

type watchedWriter struct {
	*httptest.ResponseRecorder
	onHeader func()
	called   bool
}

func (w *watchedWriter) WriteHeader(status int) {
	w.called = true
	w.onHeader()
	w.ResponseRecorder.WriteHeader(status)
}

func TestBadStateFiles(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"empty": "", "cut": `{"version":1,`, "other version": `{"version":99}`} {
		file := filepath.Join(dir, "state.json")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		_, err := plexytest.New(plexytest.Options{StateFile: file})
		assert.Error(t, err, name)
	}
	s := newServer(t, plexytest.Options{StateFile: filepath.Join(dir, "no such folder", "state.json")})
	assert.Error(t, s.SetBalance(5))
	body, err := request("R1", 1).Body()
	require.NoError(t, err)
	status, _ := call(t, s, "POST", "/v1/distributions", "pr_demo", string(body))
	assert.Equal(t, 500, status, "what is not kept is not answered with 201")
}

func TestAddIsMadeElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million})
		added, err := s.Add(
			plexytest.Distribution{OrderReference: "A", Amount: 5_00},
			plexytest.Distribution{ID: "mine", OrderReference: "B", Amount: 5_00, Status: "odd word", CreatedAt: time.Now().Add(-time.Hour)},
			plexytest.Distribution{OrderReference: "C", Amount: 5_00, CreatedAt: time.Now().Add(-3 * time.Second)},
		)
		require.NoError(t, err)
		assert.Equal(t, []string{"created", "odd word", "processing"}, []string{added[0].Status, added[1].Status, added[2].Status})
		assert.EqualValues(t, million, s.Balance(), "the balance is left alone")
		assert.Empty(t, s.Posts())
		assert.Zero(t, s.Executed("A"))
		assert.Equal(t, 3, s.Count())
		time.Sleep(time.Hour)
		for id, want := range map[string]string{added[0].ID: "paid", "mine": "odd word", added[2].ID: "paid"} {
			d, _, err := c.Get(t.Context(), id)
			require.NoError(t, err)
			assert.Equal(t, want, d.Status)
			assert.Equal(t, "KZT", d.Currency)
		}
	})
}

func TestAdmin(t *testing.T) {
	s := newServer(t, plexytest.Options{Balance: million})
	admin := func(method, path, body string) int {
		status, _ := call(t, s, method, "/_admin/"+path, "", body)
		return status
	}
	require.Equal(t, 200, admin("POST", "distributions", `{"id":"x","orderReference":"A","amountTiyn":500,"status":"paid"}`))
	require.Equal(t, 200, admin("POST", "status", `{"id":"x","status":"returned"}`))
	assert.Equal(t, "returned", s.Distributions()[0].Status)
	require.Equal(t, 200, admin("POST", "balance", `{"balanceTiyn":12345}`))
	assert.EqualValues(t, 12345, s.Balance())

	require.Equal(t, 200, admin("POST", "fault", `{"fault":"create-500-after"}`))
	body, err := request("R1", 100).Body()
	require.NoError(t, err)
	status, _ := call(t, s, "POST", "/v1/distributions", "pr_demo", string(body))
	assert.Equal(t, 500, status)
	require.Equal(t, 200, admin("POST", "fault", `{"fault":"read-500","times":-1}`))
	require.Equal(t, 200, admin("POST", "fault", `{"fault":""}`))
	status, _ = call(t, s, "GET", "/v1/distributions", "pr_demo", "")
	assert.Equal(t, 200, status, "healed")

	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/_admin/posts", nil))
	var posts []plexytest.Post
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &posts))
	require.Len(t, posts, 1)
	assert.True(t, posts[0].Executed)
	assert.Equal(t, string(body), posts[0].Body)
	w = httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/_admin/distributions", nil))
	var ds []plexytest.Distribution
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &ds))
	assert.Len(t, ds, 2)

	for path, body := range map[string]string{
		"fault": `{"fault":"x"}`, "status": `{"id":"nobody","status":"paid"}`, "balance": `{"balance":5}`, "distributions": `[`,
	} {
		assert.Equal(t, 400, admin("POST", path, body), path)
	}
	assert.Equal(t, 400, admin("POST", "fault", `{"fault":"read-500","time":3}`), "a mistyped field is no default")
	assert.Equal(t, 400, admin("POST", "balance", `{}`), "a missing balance is not zero")

	foreign := httptest.NewRequest("POST", "/_admin/balance", strings.NewReader(`{"balanceTiyn":1}`))
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	w = httptest.NewRecorder()
	s.Handler().ServeHTTP(w, foreign)
	assert.Equal(t, http.StatusForbidden, w.Code, "a page of another site has no say")
}

func TestManyAtOnce(t *testing.T) {
	s := newServer(t, plexytest.Options{Balance: 10_00})
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	c, err := plexyclient.New(plexyclient.Config{BaseURL: server.URL + "/v1", Key: "pr_demo"})
	require.NoError(t, err)
	defer c.Close()
	var (
		wg sync.WaitGroup
		mu sync.Mutex
	)
	outcomes := map[plexyclient.Outcome]int{}
	for i := range 20 {
		wg.Go(func() {
			result := c.Create(t.Context(), request("R"+string(rune('A'+i)), 1_00))
			_, _ = c.List(t.Context(), 1, 5)
			_ = s.Posts()
			mu.Lock()
			defer mu.Unlock()
			outcomes[result.Outcome]++
		})
	}
	wg.Wait()
	assert.Equal(t, map[plexyclient.Outcome]int{plexyclient.OutcomeOK: 10, plexyclient.OutcomeRefused: 10}, outcomes)
	assert.Zero(t, s.Balance())
	assert.Len(t, s.Posts(), 20)
}
