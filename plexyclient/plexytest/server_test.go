package plexytest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
)

const million = 1_000_000_00 // tiyn

// start serves a stand-in over a pipe; call it inside a synctest bubble.
func start(t *testing.T, opt plexytest.Options) (*plexytest.Server, *plexyclient.Client) {
	t.Helper()
	s, err := plexytest.New(opt)
	require.NoError(t, err)
	c, err := plexyclient.New(plexyclient.Config{
		BaseURL: plexytest.BaseURL, Key: "pr_demo", DialContext: s.Listen().DialContext,
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Close()
		require.NoError(t, s.Close())
	})
	return s, c
}

func request(ref string, tiyn int64) plexyclient.CreateRequest {
	return plexyclient.CreateRequest{
		OrderReference: ref,
		Amount:         plexyclient.DecimalFromMinor(tiyn, 2),
		Currency:       "KZT",
		Recipient: plexyclient.Recipient{
			Name: "TOO Credit Partner", BIN: "123456789012", IBAN: "KZ86125KZT5004100100", BIC: "KCJBKZKX", KBE: "17", KNP: "119",
		},
		PaymentPurpose: "Распределение средств по договору 123",
	}
}

// call speaks to the handler without the client, for what the client would not send.
func call(t *testing.T, s *plexytest.Server, method, path, key, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", key)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	var answer map[string]any
	if raw := w.Body.Bytes(); len(raw) > 0 && raw[0] == '{' {
		require.NoError(t, json.Unmarshal(raw, &answer))
	}
	return w.Code, answer
}

func newServer(t *testing.T, opt plexytest.Options) *plexytest.Server {
	t.Helper()
	s, err := plexytest.New(opt)
	require.NoError(t, err)
	return s
}

func TestDocumentedExampleVerbatim(t *testing.T) {
	raw, err := os.ReadFile("../testdata/plexy-example.json")
	require.NoError(t, err)
	var example struct {
		Request  struct{ Body json.RawMessage }
		Response struct{ Body map[string]any }
	}
	require.NoError(t, json.Unmarshal(raw, &example))
	s := newServer(t, plexytest.Options{
		Balance: 500_000_00,
		Now:     func() time.Time { return time.Date(2026, 5, 18, 9, 0, 0, 123, time.UTC) },
	})
	status, got := call(t, s, "POST", "/v1/distributions", "pr_demo", string(example.Request.Body))
	assert.Equal(t, http.StatusCreated, status)
	assert.NotEmpty(t, got["id"])
	got["id"] = example.Response.Body["id"] // the only value of its own
	assert.Equal(t, example.Response.Body, got)
}

func TestWrongKey(t *testing.T) {
	body, err := request("R1", 1_00).Body()
	require.NoError(t, err)
	for _, key := range []string{"", "pr_other", "Bearer pr_demo", "pr_demo2"} {
		s := newServer(t, plexytest.Options{Balance: million})
		for _, r := range [][2]string{
			{"POST", "/v1/distributions"}, {"GET", "/v1/distributions"}, {"GET", "/v1/distributions/x"}, {"GET", "/v1/distributions/balance"},
		} {
			status, answer := call(t, s, r[0], r[1], key, string(body))
			assert.Equal(t, 401, status, "%s %s with key %q", r[0], r[1], key)
			assert.NotEmpty(t, answer["message"])
		}
		require.Len(t, s.Posts(), 1, "refused POSTs are logged too")
		assert.False(t, s.Posts()[0].Executed)
		assert.NotContains(t, s.Posts()[0].Header, "Authorization")
		assert.Zero(t, s.Count())
		assert.Equal(t, plexytest.Requests{Create: 1, List: 1, Detail: 1, Balance: 1}, s.Requests())
	}
}

func TestRefusedRequests(t *testing.T) {
	good, err := request("R1", 100_00).Body()
	require.NoError(t, err)
	for _, row := range []struct {
		name, from, to string
		status, code   int
	}{
		{"no JSON", `{`, ``, 400, 3},
		{"no reference", `"orderReference":"R1",`, ``, 400, 3},
		{"no amount", `"amount":100,`, ``, 400, 3},
		{"no currency", `"currency":"KZT",`, ``, 400, 3},
		{"no name", `"name":"TOO Credit Partner",`, ``, 400, 3},
		{"no iban", `"iban":"KZ86125KZT5004100100",`, ``, 400, 3},
		{"empty knp", `"119"`, `""`, 400, 3},
		{"kbe a number", `"17"`, `17`, 400, 3},
		{"amount a text", `100`, `"100"`, 422, 5},
		{"amount zero", `:100,`, `:0,`, 422, 5},
		{"amount negative", `:100,`, `:-1,`, 422, 5},
		{"three decimals", `:100,`, `:100.001,`, 422, 5},
		{"another currency", `"KZT"`, `"USD"`, 422, 5},
		{"bin too short", `"123456789012"`, `"12345678901"`, 422, 5},
		{"iban of another country", `KZ86125KZT5004100100`, `DE86125KZT5004100100`, 422, 5},
		{"iban check digits", `KZ86125`, `KZ87125`, 422, 5},
		{"bic of nine", `KCJBKZKX`, `KCJBKZKXX`, 422, 5},
		{"kbe of three", `"17"`, `"170"`, 422, 5},
		{"knp letters", `"119"`, `"11a"`, 422, 5},
		{"more than the balance", `:100,`, `:1000000.01,`, 422, 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Contains(t, string(good), row.from)
			body := strings.Replace(string(good), row.from, row.to, 1)
			s := newServer(t, plexytest.Options{Balance: million})
			status, answer := call(t, s, "POST", "/v1/distributions", "pr_demo", body)
			assert.Equal(t, row.status, status)
			assert.EqualValues(t, row.code, answer["code"])
			assert.EqualValues(t, million, s.Balance())
			assert.Zero(t, s.Count())
			require.Len(t, s.Posts(), 1)
			assert.Equal(t, row.status, s.Posts()[0].Status)
		})
	}
}

func TestDuplicateReference(t *testing.T) {
	for name, row := range map[string]struct {
		policy   plexytest.DuplicatePolicy
		outcome  plexyclient.Outcome
		status   int
		executed int
	}{
		"refuse": {plexytest.DuplicateRefuse, plexyclient.OutcomeUnknown, 422, 1},
		"return": {plexytest.DuplicateReturn, plexyclient.OutcomeOK, 200, 1},
		"create": {plexytest.DuplicateCreate, plexyclient.OutcomeOK, 201, 2},
		"error":  {plexytest.DuplicateError, plexyclient.OutcomeUnknown, 500, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, c := start(t, plexytest.Options{Balance: million, Duplicates: row.policy})
				first := c.Create(t.Context(), request("R1", 100_00))
				require.Equal(t, plexyclient.OutcomeOK, first.Outcome, "%v", first.Err)
				second := c.Create(t.Context(), request("R1", 100_00))
				assert.Equal(t, row.outcome, second.Outcome)
				assert.Equal(t, row.status, second.Answer.Status)
				assert.Equal(t, row.policy == plexytest.DuplicateRefuse, second.LookNow)
				assert.Equal(t, row.executed, s.Executed("R1"))
				assert.Equal(t, row.executed, s.Count())
				assert.EqualValues(t, million-int64(row.executed)*100_00, s.Balance())
			})
		})
	}
}

func TestLifeOfADistribution(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: 500_000_00})
		made := c.Create(t.Context(), request("R1", 150_000_00))
		require.NoError(t, made.Err)
		assert.Equal(t, "500000", made.Distribution.BalanceBefore.String())
		assert.Equal(t, "350000", made.Distribution.BalanceAfter.String())
		created := time.Now()
		for _, step := range []struct {
			after time.Duration
			want  string
		}{{0, "created"}, {1999 * time.Millisecond, "created"}, {2 * time.Second, "processing"}, {4999 * time.Millisecond, "processing"}, {5 * time.Second, "paid"}, {time.Hour, "paid"}} {
			time.Sleep(time.Until(created.Add(step.after)))
			d, _, err := c.Get(t.Context(), made.Distribution.ID)
			require.NoError(t, err)
			assert.Equal(t, step.want, d.Status, "%s", step.after)
			if step.want == "paid" {
				assert.Equal(t, created.Add(5*time.Second).UTC(), d.PaidAt)
				assert.Equal(t, d.PaidAt, d.UpdatedAt)
			}
		}
		b, err := c.Balance(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "350000", b.Amount.String())

		require.NoError(t, s.SetStatus(made.Distribution.ID, "returned"))
		d, _, err := c.Get(t.Context(), made.Distribution.ID)
		require.NoError(t, err)
		assert.Equal(t, "returned", d.Status)
		assert.NotEmpty(t, d.FailureReason)
		assert.EqualValues(t, 500_000_00, s.Balance(), "the money is back")
		require.NoError(t, s.SetStatus(made.Distribution.ID, "paid"))
		assert.EqualValues(t, 350_000_00, s.Balance(), "and out again")
		assert.Error(t, s.SetStatus("nobody", "paid"))
	})
}

func TestStepsCanBeChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, still := start(t, plexytest.Options{Balance: million, Steps: []plexytest.Step{}})
		s, quick := start(t, plexytest.Options{Balance: million, PrefixedStatus: true, Steps: []plexytest.Step{{After: time.Second, Status: "rejected"}}})
		stays := still.Create(t.Context(), request("R1", 1_00)).Distribution.ID
		fails := quick.Create(t.Context(), request("R1", 1_00)).Distribution
		assert.Equal(t, "DISTRIBUTION_STATUS_CREATED", fails.Status)
		time.Sleep(24 * time.Hour)
		d, _, err := still.Get(t.Context(), stays)
		require.NoError(t, err)
		assert.Equal(t, "created", d.Status)
		d, _, err = quick.Get(t.Context(), fails.ID)
		require.NoError(t, err)
		assert.Equal(t, "DISTRIBUTION_STATUS_REJECTED", d.Status)
		assert.EqualValues(t, million, s.Balance())
	})
}

func TestMagicAmounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million})
		failing := c.Create(t.Context(), request("R1", plexytest.MagicFail))
		require.NoError(t, failing.Err)
		assert.EqualValues(t, million-plexytest.MagicFail, s.Balance())
		time.Sleep(5 * time.Second)
		d, _, err := c.Get(t.Context(), failing.Distribution.ID)
		require.NoError(t, err)
		assert.Equal(t, "failed", d.Status)
		assert.NotEmpty(t, d.FailureReason)
		assert.EqualValues(t, million, s.Balance())

		begin := time.Now()
		silent := c.Create(t.Context(), request("R2", plexytest.MagicNoAnswer))
		assert.Equal(t, plexyclient.OutcomeUnknown, silent.Outcome)
		assert.Equal(t, 3*time.Second, time.Since(begin))
		assert.Equal(t, 1, s.Executed("R2"))

		begin = time.Now()
		slow := c.Create(t.Context(), request("R3", plexytest.MagicSlow))
		assert.Equal(t, plexyclient.OutcomeOK, slow.Outcome)
		assert.Equal(t, 20*time.Second, time.Since(begin))
		assert.Equal(t, 1, s.Executed("R3"))
	})
}

func TestUnitOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million, Unit: plexytest.UnitMinor})
		req := request("R1", 0)
		req.Amount = plexyclient.DecimalFromMinor(150_50, 0)
		made := c.Create(t.Context(), req)
		require.NoError(t, made.Err)
		assert.EqualValues(t, million-150_50, s.Balance())
		b, err := c.Balance(t.Context())
		require.NoError(t, err)
		tiyn, err := b.Amount.Minor(0)
		require.NoError(t, err)
		assert.EqualValues(t, million-150_50, tiyn)

		req.OrderReference, req.Amount = "R2", plexyclient.DecimalFromMinor(150_50, 2)
		assert.Equal(t, plexyclient.OutcomeRefused, c.Create(t.Context(), req).Outcome, "half a tiyn does not exist")
	})
}

func TestUnknownAddresses(t *testing.T) {
	s := newServer(t, plexytest.Options{})
	for _, r := range [][2]string{{"GET", "/v1/other"}, {"DELETE", "/v1/distributions/x"}, {"GET", "/"}} {
		status, answer := call(t, s, r[0], r[1], "pr_demo", "")
		assert.Equal(t, 404, status)
		assert.EqualValues(t, 4, answer["code"])
	}
	status, answer := call(t, s, "GET", "/v1/distributions/nobody", "pr_demo", "")
	assert.Equal(t, 404, status)
	assert.EqualValues(t, 4, answer["code"])
	assert.Equal(t, plexytest.Requests{Other: 3, Detail: 1}, s.Requests())
}

func TestPipeRefusesAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := start(t, plexytest.Options{Balance: million})
		require.NoError(t, c.Create(t.Context(), request("R1", 1_00)).Err)
		require.NoError(t, s.Close())
		result := c.Create(t.Context(), request("R2", 1_00))
		assert.Equal(t, plexyclient.OutcomeNotSent, result.Outcome)
		assert.Zero(t, s.Executed("R2"))
		_, err := c.List(t.Context(), 1, 50)
		assert.Error(t, err)
	})
}
