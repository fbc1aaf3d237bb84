package plexyclient

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestErrorBodies(t *testing.T) {
	for _, row := range []struct{ name, body, code, message, source, kind string }{
		{"documented", `{"code":1,"message":"service unavailable","source":"keys","type":"apiError"}`, "1", "service unavailable", "keys", "apiError"},
		{"code as text", `{"code":"1","message":"m"}`, "1", "m", "", ""},
		{"message only", `{"message":"m"}`, "", "m", "", ""},
		{"nested", `{"error":{"type":"t","code":"c","message":"m"}}`, "c", "m", "", "t"},
		{"error as text", `{"error":"m"}`, "", "m", "", ""},
		{"error beside message", `{"error":"Bad Request","message":"m"}`, "", "m", "", ""},
		{"empty", ``, "", "", "", ""},
		{"HTML", `<html>502</html>`, "", "", "", ""},
		{"array", `[1]`, "", "", "", ""},
		{"cut", `{"code":1,"mess`, "", "", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := serve(t, 500, row.body, nil)
			_, answer, err := c.Get(t.Context(), "x")
			var apiErr *APIError
			require.ErrorAs(t, err, &apiErr)
			assert.Equal(t, []any{500, row.code, row.message, row.source, row.kind},
				[]any{apiErr.Status, apiErr.Code, apiErr.Message, apiErr.Source, apiErr.Type})
			assert.Equal(t, row.body, string(apiErr.Answer.Body))
			assert.Equal(t, row.body, string(answer.Body))
			assert.Contains(t, err.Error(), "500")
			assert.Contains(t, err.Error(), row.message)
		})
	}
}

func TestReadStatuses(t *testing.T) {
	for status, unauthorized := range map[int]bool{300: false, 304: false, 400: false, 401: true, 403: true, 404: false, 429: false, 500: false, 503: false} {
		c, _ := serve(t, status, "", nil)
		_, err := c.List(t.Context(), 1, 50)
		var apiErr *APIError
		require.ErrorAs(t, err, &apiErr, "%d", status)
		assert.Equal(t, status, apiErr.Status)
		assert.Equal(t, unauthorized, Unauthorized(err), "%d", status)
	}
	c, _ := serve(t, 204, "", nil)
	_, err := c.List(t.Context(), 1, 50)
	var decodeErr *DecodeError
	require.ErrorAs(t, err, &decodeErr)
}

func TestReadCutShort(t *testing.T) {
	for answer, cause := range map[string]error{
		"": io.EOF,
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]": io.ErrUnexpectedEOF,
	} {
		_, err := newRawServer(t, answer).client(t).List(t.Context(), 1, 50)
		var transportErr *TransportError
		require.ErrorAs(t, err, &transportErr)
		assert.ErrorIs(t, err, cause)
	}
	cut503 := "HTTP/1.1 503 X\r\nRetry-After: 9\r\nContent-Length: 100\r\n\r\n{"
	_, err := newRawServer(t, cut503).client(t).List(t.Context(), 1, 50)
	assert.Equal(t, 9*time.Second, RetryAfter(err), "a cut refusal still says when to come back")
}

func TestRetryAfter(t *testing.T) {
	for _, row := range []struct {
		name, value, date string
		want              time.Duration
	}{
		{"absent", "", "", 0},
		{"seconds", "120", "", 2 * time.Minute},
		{"zero", "0", "", 0},
		{"negative", "-5", "", 0},
		{"words", "soon", "", 0},
		{"a week", "604800", "", 24 * time.Hour},
		{"beyond int64", "99999999999999999999999", "", 24 * time.Hour},
		{"date by the server's clock", "Mon, 18 May 2026 09:00:30 GMT", "Mon, 18 May 2026 09:00:00 GMT", 30 * time.Second},
		{"date gone by", "Mon, 18 May 2026 08:00:00 GMT", "Mon, 18 May 2026 09:00:00 GMT", 0},
		{"date years ahead", "Mon, 18 May 2099 08:00:00 GMT", "Mon, 18 May 2026 09:00:00 GMT", 24 * time.Hour},
	} {
		t.Run(row.name, func(t *testing.T) {
			head := "HTTP/1.1 429 X\r\nContent-Length: 0\r\n"
			if row.value != "" {
				head += "Retry-After: " + row.value + "\r\n"
			}
			if row.date != "" {
				head += "Date: " + row.date + "\r\n"
			}
			_, err := newRawServer(t, head+"\r\n").client(t).Balance(t.Context())
			assert.Equal(t, row.want, RetryAfter(err))
		})
	}
	assert.Zero(t, RetryAfter(nil))
	assert.Zero(t, RetryAfter(io.EOF))
	assert.False(t, Unauthorized(nil))

	noDate := Answer{Header: http.Header{"Retry-After": {"Mon, 18 May 2026 09:00:30 GMT"}}, At: time.Date(2026, 5, 18, 9, 0, 0, 0, time.UTC), Duration: 10 * time.Second}
	assert.Equal(t, 20*time.Second, noDate.retryAfter(), "without Date, from when the answer was here")
}
