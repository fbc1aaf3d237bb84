package plexyclient

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve answers everything below the base path /api/v1 with one body, and records the requests.
func serve(t *testing.T, status int, body string, change func(*Config)) (*Client, *[]*http.Request) {
	t.Helper()
	var seen []*http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("X-Request-Id", "req-1")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	cfg := Config{BaseURL: server.URL + "/api/v1/", Key: testKey}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c, &seen
}

func TestPathsAreBelowTheBasePath(t *testing.T) {
	for _, row := range []struct {
		name string
		cfg  func(*Config)
		call func(*Client) error
		path string
	}{
		{"list", nil, func(c *Client) error { _, err := c.List(t.Context(), 2, 50); return err }, "/api/v1/distributions?page=2&size=50"},
		{"list by pageSize", params("page,pageSize"), func(c *Client) error { _, err := c.List(t.Context(), 3, 20); return err }, "/api/v1/distributions?page=3&pageSize=20"},
		{"list by offset", params("offset,limit"), func(c *Client) error { _, err := c.List(t.Context(), 3, 20); return err }, "/api/v1/distributions?limit=20&offset=40"},
		{"get", nil, func(c *Client) error { _, _, err := c.Get(t.Context(), "a-1"); return err }, "/api/v1/distributions/a-1"},
		{"get an odd id", nil, func(c *Client) error { _, _, err := c.Get(t.Context(), "a/../b?c d"); return err }, "/api/v1/distributions/a%2F..%2Fb%3Fc%20d"},
		{"balance", nil, func(c *Client) error { _, err := c.Balance(t.Context()); return err }, "/api/v1/distributions/balance"},
		{"balance elsewhere", func(c *Config) { c.BalancePath = "/balances?currency=KZT" }, func(c *Client) error { _, err := c.Balance(t.Context()); return err }, "/api/v1/balances?currency=KZT"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, seen := serve(t, 500, "", row.cfg)
			require.Error(t, row.call(c))
			require.Len(t, *seen, 1, "one request, no retry")
			assert.Equal(t, row.path, (*seen)[0].RequestURI)
			assert.Equal(t, http.MethodGet, (*seen)[0].Method)
			assert.Equal(t, testKey, (*seen)[0].Header.Get("Authorization"))
		})
	}
	c, seen := serve(t, 200, "{}", nil)
	for _, id := range []string{"", ".", ".."} {
		_, _, err := c.Get(t.Context(), id)
		assert.Error(t, err, "%q would be another path", id)
	}
	for _, page := range [][2]int{{0, 50}, {1, 0}, {-1, 50}, {1 << 30, 1 << 30}} {
		_, err := c.List(t.Context(), page[0], page[1])
		assert.Error(t, err, page)
	}
	assert.Empty(t, *seen)
}

func params(s string) func(*Config) {
	return func(c *Config) {
		parsed, err := ParseListParams(s)
		if err != nil {
			panic(err)
		}
		c.ListParams = parsed
	}
}

func TestParseListParams(t *testing.T) {
	for in, want := range map[string]ListParams{
		"page,size":      {Position: "page", Size: "size"},
		"page, pageSize": {Position: "page", Size: "pageSize"},
		"offset,limit":   {Position: "offset", Size: "limit", Offset: true},
		"limit,offset":   {Position: "offset", Size: "limit", Offset: true},
	} {
		got, err := ParseListParams(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
		again, err := ParseListParams(got.String())
		require.NoError(t, err)
		assert.Equal(t, got, again)
	}
	for _, in := range []string{"", "page", "page,", ",size", "page,page", "size,page", "a b,c", "page,size,x", "p=1,size", "1a,size"} {
		_, err := ParseListParams(in)
		assert.Error(t, err, in)
	}
}

func TestGetReadsEveryShape(t *testing.T) {
	const created = `"createdAt":"2026-05-18T09:00:00Z"`
	may18 := time.Date(2026, 5, 18, 9, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name, body string
		check      func(*testing.T, Distribution)
	}{
		{"bare", `{"id":"x","orderReference":"R","amount":150000,"currency":"KZT","status":"created"}`, func(t *testing.T, d Distribution) {
			assert.Equal(t, []any{"R", "150000", true, "KZT", "created", false}, []any{d.OrderReference, d.Amount.String(), d.HasAmount, d.Currency, d.Status, d.HasRecipient})
		}},
		{"under data", `{"data":{"id":"x","amount":1}}`, func(t *testing.T, d Distribution) { assert.Equal(t, "1", d.Amount.String()) }},
		{"data beside id is not a wrapper", `{"id":"x","data":{"id":"y"}}`, func(t *testing.T, d Distribution) { assert.Equal(t, "x", d.ID) }},
		{"optional wrappers", `{"id":{"Value":"x"},"amount":{"Value":"1.50"},"failureReason":{"Value":null}}`, func(t *testing.T, d Distribution) {
			assert.Equal(t, "1.5", d.Amount.String())
			assert.Empty(t, d.FailureReason)
		}},
		{"amount as text", `{"id":"x","amount":"150000.50"}`, func(t *testing.T, d Distribution) { assert.Equal(t, "150000.5", d.Amount.String()) }},
		{"amount absent", `{"id":"x"}`, func(t *testing.T, d Distribution) { assert.False(t, d.HasAmount) }},
		{"amount null", `{"id":"x","amount":null}`, func(t *testing.T, d Distribution) { assert.False(t, d.HasAmount) }},
		{"amount zero", `{"id":"x","amount":0}`, func(t *testing.T, d Distribution) { assert.True(t, d.HasAmount) }},
		{"snake case", `{"id":"x","order_reference":"R","payment_purpose":"P","balance_before":5,"balance_after":"4","failure_reason":"F","created_at":"2026-05-18T09:00:00Z","updated_at":"2026-05-18T09:00:00Z","paid_at":"2026-05-18T09:00:00Z"}`, func(t *testing.T, d Distribution) {
			assert.Equal(t, []any{"R", "P", "5", "4", "F"}, []any{d.OrderReference, d.PaymentPurpose, d.BalanceBefore.String(), d.BalanceAfter.String(), d.FailureReason})
			assert.Equal(t, []time.Time{may18, may18, may18}, []time.Time{d.CreatedAt, d.UpdatedAt, d.PaidAt})
		}},
		{"merchantReference", `{"id":"x","merchantReference":"R"}`, func(t *testing.T, d Distribution) { assert.Equal(t, "R", d.OrderReference) }},
		{"distributionId", `{"distributionId":"x"}`, func(t *testing.T, d Distribution) { assert.Equal(t, "x", d.ID) }},
		{"errorMessage", `{"id":"x","errorMessage":"closed"}`, func(t *testing.T, d Distribution) { assert.Equal(t, "closed", d.FailureReason) }},
		{"whole seconds", `{"id":"x",` + created + `}`, func(t *testing.T, d Distribution) { assert.Equal(t, may18, d.CreatedAt) }},
		{"microseconds", `{"id":"x","createdAt":"2026-05-18T09:00:00.123456Z"}`, func(t *testing.T, d Distribution) {
			assert.Equal(t, may18.Add(123456*time.Microsecond), d.CreatedAt)
		}},
		{"other zone", `{"id":"x","createdAt":"2026-05-18T14:00:00+05:00"}`, func(t *testing.T, d Distribution) {
			assert.Equal(t, may18, d.CreatedAt)
			assert.Equal(t, time.UTC, d.CreatedAt.Location())
		}},
		{"a time of another form is absent", `{"id":"x","createdAt":"18.05.2026"}`, func(t *testing.T, d Distribution) { assert.True(t, d.CreatedAt.IsZero()) }},
		{"a balance of another form is absent", `{"id":"x","balanceAfter":{"a":1}}`, func(t *testing.T, d Distribution) { assert.Nil(t, d.BalanceAfter) }},
		{"an unknown status stays as it is", `{"id":"x","status":"DISTRIBUTION_STATUS_Brewing"}`, func(t *testing.T, d Distribution) { assert.Equal(t, "DISTRIBUTION_STATUS_Brewing", d.Status) }},
		{"unknown fields stay in Raw", `{"id":"x","fee":{"amount":12}}`, func(t *testing.T, d Distribution) { assert.Contains(t, string(d.Raw), `"fee":{"amount":12}`) }},
		{"recipient", `{"id":"x","recipient":{"name":"N","bin":"000000000001","iban":"I","bic":"B","kbe":"07","knp":"010","city":"A"}}`, func(t *testing.T, d Distribution) {
			assert.True(t, d.HasRecipient)
			assert.Equal(t, Recipient{"N", "000000000001", "I", "B", "07", "010"}, d.Recipient)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := serve(t, 200, row.body, nil)
			d, answer, err := c.Get(t.Context(), "x")
			require.NoError(t, err)
			assert.Equal(t, "x", d.ID)
			assert.Equal(t, row.body, string(answer.Body))
			row.check(t, d)
		})
	}
}

func TestGetRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"another id": `{"id":"y"}`, "no id": `{"amount":1}`, "HTML": `<html>`, "empty": ``, "null": `null`, "array": `[{"id":"x"}]`,
		"cut": `{"id":"x","amount":1`, "amount unreadable": `{"id":"x","amount":"many"}`, "amount an object": `{"id":"x","amount":{"v":1}}`,
		"amount unbounded": `{"id":"x","amount":1e999999}`, "amount twice": `{"id":"x","amount":1,"amount":2}`,
		"currency a list": `{"id":"x","currency":[]}`, "recipient a text": `{"id":"x","recipient":"N"}`, "IBAN a flag": `{"id":"x","recipient":{"iban":true}}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := serve(t, 200, body, nil)
			_, answer, err := c.Get(t.Context(), "x")
			var decodeErr *DecodeError
			require.ErrorAs(t, err, &decodeErr)
			assert.Equal(t, body, string(answer.Body))
			assert.Equal(t, body, string(decodeErr.Answer.Body))
		})
	}
}

func TestListReadsEveryEnvelope(t *testing.T) {
	const rows = `[{"id":"a","amount":1},{"id":"b"}]`
	for _, row := range []struct {
		name, body string
		items      int
		want       Page
	}{
		{"v1", `{"data":` + rows + `,"page":1,"size":50,"total":7}`, 2, Page{Page: 1, Size: 50, Total: 7, HasTotal: true}},
		{"Gate", `{"items":` + rows + `,"page":2,"pageSize":50,"total":7}`, 2, Page{Page: 2, Size: 50, Total: 7, HasTotal: true}},
		{"distributions", `{"distributions":` + rows + `}`, 2, Page{}},
		{"content", `{"content":` + rows + `,"totalElements":7,"size":20}`, 2, Page{Size: 20, Total: 7, HasTotal: true}},
		{"results", `{"results":` + rows + `,"totalCount":7}`, 2, Page{Total: 7, HasTotal: true}},
		{"bare array", rows, 2, Page{}},
		{"nested once", `{"data":{"items":` + rows + `,"total":7}}`, 2, Page{Total: 7, HasTotal: true}},
		{"nested data in data", `{"data":{"data":` + rows + `},"total":7}`, 2, Page{Total: 7, HasTotal: true}},
		{"pagination", `{"data":` + rows + `,"pagination":{"total":7,"page":3,"limit":10}}`, 2, Page{Page: 3, Size: 10, Total: 7, HasTotal: true}},
		{"meta", `{"data":` + rows + `,"meta":{"total_count":"7"}}`, 2, Page{Total: 7, HasTotal: true}},
		{"meta nested", `{"data":{"items":` + rows + `,"meta":{"totalElements":7}}}`, 2, Page{Total: 7, HasTotal: true}},
		{"total zero is a total", `{"data":[],"total":0}`, 0, Page{HasTotal: true}},
		{"total unreadable is none", `{"data":[],"total":"many"}`, 0, Page{}},
		{"total negative is none", `{"data":[],"total":-1}`, 0, Page{}},
		{"null rows", `{"data":null,"total":0}`, 0, Page{HasTotal: true}},
		{"null beside rows", `{"data":null,"items":` + rows + `}`, 2, Page{}},
		{"bare null", `null`, 0, Page{}},
		{"empty array", `[]`, 0, Page{}},
		{"optional wrapper", `{"data":{"Value":` + rows + `}}`, 2, Page{}},
		{"unknown fields", `{"data":` + rows + `,"links":{}}`, 2, Page{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := serve(t, 200, row.body, nil)
			p, err := c.List(t.Context(), 1, 50)
			require.NoError(t, err)
			require.Len(t, p.Items, row.items)
			if row.items > 0 {
				assert.Equal(t, []string{"a", "b"}, []string{p.Items[0].ID, p.Items[1].ID})
				assert.Equal(t, `{"id":"a","amount":1}`, string(p.Items[0].Raw))
			}
			assert.Equal(t, 200, p.Answer.Status)
			p.Items, p.Answer = nil, Answer{}
			assert.Equal(t, row.want, p)
		})
	}
}

func TestListRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"empty": ``, "HTML": `<html>`, "no rows": `{}`, "an error": plexyError, "rows under an unknown name": `{"things":[]}`,
		"nested twice": `{"data":{"data":{"items":[]}}}`, "rows a text": `{"data":"x"}`, "cut": `{"data":[{"id":"a"}`,
		"rows without id": `{"data":[{"amount":2},{"amount":1}]}`, "row null": `{"data":[null]}`, "row a text": `{"data":["a"]}`,
		"row with unreadable amount": `{"data":[{"id":"a","amount":"x"}]}`, "over 1 MiB": `{"data":[]` + strings.Repeat(" ", 1<<20) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := serve(t, 200, body, nil)
			p, err := c.List(t.Context(), 1, 50)
			var decodeErr *DecodeError
			require.ErrorAs(t, err, &decodeErr)
			assert.Empty(t, p.Items)
			assert.LessOrEqual(t, len(p.Answer.Body), 1<<20)
		})
	}
}

// One row that somebody filled in oddly must not hide the others, or stop all sending.
func TestListLeavesOutOnlyTheUnreadableRow(t *testing.T) {
	for name, row := range map[string]struct{ row, id string }{
		"amount is no number": {`{"id":"odd","amount":"x"}`, "odd"},
		"amount is empty":     {`{"id":"odd","amount":""}`, "odd"},
		"recipient is a text": {`{"id":"odd","recipient":"ТОО"}`, "odd"},
		"no id":               {`{"orderReference":"R"}`, ""},
		"no object":           {`7`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := serve(t, 200, `{"data":[{"id":"a"},`+row.row+`,{"id":"b"}]}`, nil)
			p, err := c.List(t.Context(), 1, 50)
			require.NoError(t, err)
			require.Len(t, p.Items, 2)
			assert.Equal(t, []string{"a", "b"}, []string{p.Items[0].ID, p.Items[1].ID})
			require.Len(t, p.Odd, 1)
			assert.Equal(t, row.id, p.Odd[0].ID)
			assert.Contains(t, p.Odd[0].Reason, "row 2")
		})
	}
}

// What can be read of it says whether it may be one that somebody looks for.
func TestUnreadableRowTellsWhatItCan(t *testing.T) {
	c, _ := serve(t, 200, `{"data":[{"id":"a"},{"id":"odd","orderReference":"R-1","createdAt":"2026-11-23T07:00:00Z","amount":"x"}]}`, nil)
	p, err := c.List(t.Context(), 1, 50)
	require.NoError(t, err)
	assert.Equal(t, "R-1", p.Odd[0].OrderReference)
	assert.Equal(t, time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC), p.Odd[0].CreatedAt)
}

func TestListByOffsetNoticesSmallerPages(t *testing.T) {
	for _, row := range []struct {
		name, body string
		fails      bool
	}{
		{"says a smaller size", `{"data":[{"id":"a"}],"limit":1}`, true},
		{"fewer rows than asked, more exist", `{"data":[{"id":"a"}],"total":2}`, true},
		{"last page", `{"data":[{"id":"a"}],"total":1,"limit":2}`, false},
		{"full page", `{"data":[{"id":"a"},{"id":"b"}],"total":9}`, false},
		{"says nothing", `[{"id":"a"}]`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := serve(t, 200, row.body, params("offset,limit"))
			_, err := c.List(t.Context(), 1, 2)
			assert.Equal(t, row.fails, err != nil, "%v", err)

			byPage, _ := serve(t, 200, row.body, nil)
			_, err = byPage.List(t.Context(), 1, 2)
			assert.NoError(t, err, "pages of another size skip nothing")
		})
	}
}

func TestAnswerKeepsOnlySafeHeaders(t *testing.T) {
	c, _ := serve(t, 200, `[]`, nil)
	p, err := c.List(t.Context(), 1, 50)
	require.NoError(t, err)
	names := []string{}
	for name := range p.Answer.Header {
		names = append(names, name)
	}
	assert.ElementsMatch(t, []string{"Date", "Content-Type", "X-Request-Id"}, names)
	assert.False(t, p.Answer.Date.IsZero())
	assert.Equal(t, time.UTC, p.Answer.At.Location())
	assert.Positive(t, p.Answer.Duration)
	unescaped, err := url.QueryUnescape(p.Answer.Path)
	require.NoError(t, err)
	assert.Equal(t, "/api/v1/distributions?page=1&size=50", unescaped)
}
