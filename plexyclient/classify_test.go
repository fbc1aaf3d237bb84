package plexyclient

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exampleAnswer is the documented 201 body with changes; a nil value removes the field.
func exampleAnswer(t testing.TB, changes map[string]any) string {
	t.Helper()
	var body map[string]any
	require.NoError(t, json.Unmarshal(readExample(t).Response.Body, &body))
	for field, value := range changes {
		target := body
		if inner, ok := strings.CutPrefix(field, "recipient."); ok {
			target, field = body["recipient"].(map[string]any), inner
		}
		if value == nil {
			delete(target, field)
		} else {
			target[field] = value
		}
	}
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	return string(raw)
}

const plexyError = `{"code":5,"message":"unprocessable entity","source":"distributions","type":"validationError"}`

type verdict struct {
	outcome Outcome
	lookNow bool
	pause   bool
}

func TestCreateOutcomes(t *testing.T) {
	ok := verdict{outcome: OutcomeOK}
	differs := verdict{outcome: OutcomeDiffers}
	refused := verdict{outcome: OutcomeRefused}
	unknown := verdict{outcome: OutcomeUnknown}
	look := verdict{outcome: OutcomeUnknown, lookNow: true}
	answer := func(changes map[string]any) string { return exampleAnswer(t, changes) }
	plain := func(status int, body string) string { return rawAnswer(status, "application/json", body) }
	html := func(status int) string { return rawAnswer(status, "text/html", "<html><body>hello</body></html>") }
	complete := answer(nil)

	type row struct {
		name string
		raw  string
		want verdict
	}
	rows := []row{
		{"201 as documented", plain(201, complete), ok},
		{"200 with the same body", plain(200, complete), ok},
		{"202 with the same body", plain(202, complete), ok},
		{"under data", plain(201, `{"data":`+complete+`}`), ok},
		{"optional wrappers", plain(201, answer(map[string]any{"id": map[string]any{"Value": "x1"}})), ok},
		{"amount as text", plain(201, answer(map[string]any{"amount": "150000.00"})), ok},
		{"amount with exponent", plain(201, strings.Replace(complete, "150000", "1.5e5", 1)), ok},
		{"unknown status word", plain(201, answer(map[string]any{"status": "BREWING"})), ok},
		{"without balances", plain(201, answer(map[string]any{"balanceBefore": nil, "balanceAfter": nil})), ok},
		{"unknown field", plain(201, answer(map[string]any{"fee": 12})), ok},

		{"other amount", plain(201, answer(map[string]any{"amount": 300000})), differs},
		{"amount a hundred times", plain(201, answer(map[string]any{"amount": 15000000})), differs},
		{"other currency", plain(201, answer(map[string]any{"currency": "USD"})), differs},
		{"other IBAN", plain(201, answer(map[string]any{"recipient.iban": "KZ1"})), differs},

		{"no id", plain(201, answer(map[string]any{"id": nil})), look},
		{"empty id", plain(201, answer(map[string]any{"id": " "})), look},
		{"other reference", plain(201, answer(map[string]any{"orderReference": "DIST-2"})), look},
		{"no reference", plain(201, answer(map[string]any{"orderReference": nil})), look},
		{"no amount", plain(201, answer(map[string]any{"amount": nil})), look},
		{"no currency", plain(201, answer(map[string]any{"currency": nil})), look},
		{"no recipient", plain(201, answer(map[string]any{"recipient": nil})), look},
		{"no IBAN", plain(201, answer(map[string]any{"recipient.iban": nil})), look},
		{"amount unreadable", plain(201, answer(map[string]any{"amount": "a lot"})), look},
		{"amount beyond bounds", plain(201, strings.Replace(complete, "150000", "1e999999", 1)), look},
		{"amount twice", plain(201, strings.Replace(complete, `"amount":150000`, `"amount":1,"amount":150000`, 1)), look},
		{"two documents", plain(201, complete+complete), look},
		{"empty 201", plain(201, ""), look},
		{"null", plain(201, "null"), look},
		{"array", plain(201, "["+complete+"]"), look},
		{"200 with an error body", plain(200, plexyError), look},
		{"200 with HTML", html(200), look},
		{"201 half of the JSON, whole for HTTP", plain(201, complete[:len(complete)/2]), look},

		{"201 cut under its Content-Length", plain(201, complete)[:len(plain(201, complete))-40], unknown},
		{"201 cut where the JSON ends", "HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n" + complete, unknown},
		{"201 chunked, no last chunk", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n", unknown},
		{"201 over 1 MiB", plain(201, complete+strings.Repeat(" ", 1<<20)), unknown},
		{"204", "HTTP/1.1 204 No Content\r\n\r\n", unknown},
		{"203 as documented else", plain(203, complete), unknown},
		{"206 as documented else", plain(206, complete), unknown},
		{"100 and the end", "HTTP/1.1 100 Continue\r\n\r\n", unknown},
		{"101", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", unknown},
		{"103 and then 201", "HTTP/1.1 103 Early Hints\r\n\r\n" + plain(201, complete), ok},
		{"no answer", "", unknown},
		{"half a status line", "HTTP/1.1 20", unknown},
		{"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", unknown},
		{"header over its limit", "HTTP/1.1 201 Created\r\nX-A: " + strings.Repeat("a", 128<<10) + "\r\n\r\n", unknown},

		{"409", plain(409, plexyError), look},
		{"409 with HTML", html(409), look},
		{"400 well formed", plain(400, plexyError), refused},
		{"404 well formed", plain(404, plexyError), refused},
		{"405 well formed", plain(405, plexyError), refused},
		{"422 well formed", plain(422, plexyError), refused},
		{"422 with a text code", plain(422, strings.Replace(plexyError, "5", `"5"`, 1)), refused},
		{"401 well formed", plain(401, plexyError), verdict{outcome: OutcomeRefused, pause: true}},
		{"403 well formed", plain(403, plexyError), verdict{outcome: OutcomeRefused, pause: true}},
		{"401 empty", plain(401, ""), verdict{pause: true}},
		{"403 with HTML", html(403), verdict{pause: true}},
		{"400 message only", plain(400, `{"message":"bad request"}`), unknown},
		{"400 message empty", plain(400, `{"code":3,"message":""}`), unknown},
		{"400 code only", plain(400, `{"code":3}`), unknown},
		{"400 code in words", plain(400, `{"code":"bad","message":"bad request"}`), unknown},
		{"400 of another API", plain(400, `{"error":{"code":3,"message":"bad request"}}`), unknown},
		{"422 empty", plain(422, ""), unknown},
		{"404 with HTML", html(404), unknown},
		{"402 well formed", plain(402, plexyError), unknown},
		{"406 well formed", plain(406, plexyError), unknown},
		{"418 well formed", plain(418, plexyError), unknown},
	}
	for _, message := range []string{"order already processed", "reference EXISTS", "Duplicate order", "duplicated", "заявка уже есть", "УЖЕ создано"} {
		body := `{"code":5,"message":"` + message + `","source":"x","type":"validationError"}`
		rows = append(rows,
			row{"400 " + message, plain(400, body), look},
			row{"422 " + message, plain(422, body), look},
			row{"404 " + message, plain(404, body), refused},
		)
	}
	rows = append(rows, row{"422 duplicate not of Plexy", plain(422, `duplicate key`), look})
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308, 408, 425, 429, 500, 501, 502, 503, 504, 599} {
		rows = append(rows,
			row{"well formed " + http.StatusText(status), plain(status, plexyError), unknown},
			row{"HTML " + http.StatusText(status), html(status), unknown},
		)
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			server := newRawServer(t, r.raw)
			result := server.client(t).Create(t.Context(), exampleRequest())
			assert.Equal(t, r.want, verdict{result.Outcome, result.LookNow, result.PauseSending}, "%v", result.Err)
			assert.Equal(t, 1, server.posts(), "POSTs")
			assert.Equal(t, r.want.outcome == OutcomeOK, result.Err == nil, "every outcome but ok says why")
			if r.want.outcome != OutcomeOK && r.want.outcome != OutcomeDiffers {
				assert.Empty(t, result.Distribution.ID)
			}
		})
	}
}

func TestCreateDiffersNamesTheFields(t *testing.T) {
	body := exampleAnswer(t, map[string]any{"amount": 1, "currency": "USD", "recipient.iban": "KZ1"})
	result := newRawServer(t, rawAnswer(201, "application/json", body)).client(t).Create(t.Context(), exampleRequest())
	var mismatch *MismatchError
	require.ErrorAs(t, result.Err, &mismatch)
	assert.Equal(t, []string{"amount", "currency", "recipient.iban"}, mismatch.Fields)
	assert.NotEmpty(t, result.Distribution.ID)
}

func TestCreateResetAfterTheRequestIsUnknown(t *testing.T) {
	server := newRawServer(t, "HTTP/1.1 201 Created\r\nContent-Le")
	server.reset = true
	result := server.client(t).Create(t.Context(), exampleRequest())
	assert.Equal(t, OutcomeUnknown, result.Outcome)
	assert.Equal(t, 1, server.posts())
}

func TestCreateWithoutConnectionIsNotSent(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := closed.Addr().String()
	require.NoError(t, closed.Close())

	// A plain server is no TLS server: the handshake fails before any request.
	notTLS := newRawServer(t, rawAnswer(400, "text/plain", "this is http"))
	for name, base := range map[string]string{
		"port closed":         "http://" + port + "/v1",
		"TLS handshake fails": strings.Replace(notTLS.url(), "http://", "https://", 1),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(Config{BaseURL: base, Key: testKey})
			require.NoError(t, err)
			result := c.Create(t.Context(), exampleRequest())
			assert.Equal(t, OutcomeNotSent, result.Outcome)
			assert.Error(t, result.Err)
			assert.Zero(t, result.Answer.Status)
			assert.Zero(t, notTLS.posts())
		})
	}
}

func TestCreateTimesOut(t *testing.T) {
	for name, row := range map[string]struct {
		answer string // before the silence
		want   Outcome
		after  time.Duration
	}{
		"no byte":          {"", OutcomeUnknown, 30 * time.Second},
		"half a body":      {"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{", OutcomeUnknown, 30 * time.Second},
		"another protocol": {"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", OutcomeUnknown, 0},
		"never connected":  {"-", OutcomeNotSent, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var server net.Conn
				c, err := New(Config{BaseURL: "http://plexy.invalid/v1", Key: testKey, DialContext: silentDial(&server, row.answer)})
				require.NoError(t, err)
				result := c.Create(t.Context(), exampleRequest())
				assert.Equal(t, row.want, result.Outcome)
				assert.Equal(t, row.after > 0, errors.Is(result.Err, context.DeadlineExceeded), "%v", result.Err)
				assert.Equal(t, row.after, time.Since(start))
				if server != nil {
					_ = server.Close()
				}
			})
		})
	}
}

func TestRetryAfterOfACreateIsSurfaced(t *testing.T) {
	for _, status := range []string{"429 Too Many Requests", "503 Service Unavailable"} {
		server := newRawServer(t, "HTTP/1.1 "+status+"\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n")
		result := server.client(t).Create(t.Context(), exampleRequest())
		assert.Equal(t, OutcomeUnknown, result.Outcome)
		assert.Equal(t, 17*time.Second, result.RetryAfter)
		assert.Equal(t, 17*time.Second, RetryAfter(result.Err))
	}
}
