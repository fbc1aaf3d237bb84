package plexyclient

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	maxBodyBytes  = 1 << 20
	maxRetryAfter = 24 * time.Hour
)

var errBodyTooLarge = errors.New("the answer is larger than 1 MiB")

// Answer is one exchange with Plexy as it is stored: what was asked and what came back.
// The API key is in no field of it; where an answer repeats the key, it is replaced by ***.
type Answer struct {
	Method   string
	Path     string        // with the query, without the host
	Status   int           // HTTP status, 0 when no answer came
	Header   http.Header   // only Date, Content-Type, Retry-After and request ids
	Body     []byte        // at most 1 MiB; cut when the answer was cut or longer
	At       time.Time     // when the call began, UTC
	Date     time.Time     // clock of the server by its Date header, UTC; zero when absent
	Duration time.Duration // from the call to the last byte or the error
}

// retryAfter is the wait that the server asks for: RFC 9110 §10.2.3, seconds or a date,
// the date counted from the server's own clock. Between 0 and 24 h, 0 when absent or unreadable.
func (a Answer) retryAfter() time.Duration {
	value := strings.TrimSpace(a.Header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if isDigits(value) {
		seconds, err := strconv.Atoi(value)
		if err != nil || seconds > int(maxRetryAfter/time.Second) {
			return maxRetryAfter
		}
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now := a.Date
	if now.IsZero() {
		now = a.At.Add(a.Duration)
	}
	return min(max(until.Sub(now), 0), maxRetryAfter)
}

// exchange is an answer together with how it ended.
type exchange struct {
	answer  Answer
	gotConn bool  // a connection was obtained: from here on the server may have acted
	err     error // *TransportError, or errBodyTooLarge
}

// send performs one request; call is its name for Seen. body nil means GET.
func (c *Client) send(ctx context.Context, client *http.Client, call, method string, target *url.URL, body []byte) exchange {
	start := time.Now()
	ex := exchange{answer: Answer{Method: method, Path: target.RequestURI(), At: start.UTC()}}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var gotConn atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { gotConn.Store(true) },
	})
	err := c.perform(ctx, client, target, body, &ex.answer)
	ex.answer.Duration = time.Since(start)
	ex.gotConn = gotConn.Load()
	c.seen(call, ex.answer.Status, ex.answer.Duration)
	switch {
	case errors.Is(err, errBodyTooLarge):
		ex.err = errBodyTooLarge
	case err != nil:
		ex.err = newTransportError(ex.answer, err, c.redact)
	}
	return ex
}

func (c *Client) perform(ctx context.Context, client *http.Client, target *url.URL, body []byte, answer *Answer) error {
	req, err := http.NewRequestWithContext(ctx, answer.Method, target.String(), bodyReader(body))
	if err != nil {
		return err
	}
	// net/http sends a request again only when it can read its body again.
	req.GetBody = nil
	c.authorize(req.Header)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "plexydash")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer.Status = resp.StatusCode
	answer.Header = c.safeHeader(resp.Header)
	answer.Date = parseDate(resp.Header.Get("Date"))
	if resp.StatusCode < http.StatusOK {
		return nil // 101: what follows is another protocol, not a body
	}
	read, err := io.ReadAll(io.LimitReader(resp.Body, maxBodyBytes+1))
	if len(read) > maxBodyBytes {
		read, err = read[:maxBodyBytes], errBodyTooLarge
	}
	answer.Body = c.redact(read)
	return err
}

func bodyReader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

func (c *Client) safeHeader(h http.Header) http.Header {
	safe := http.Header{}
	for _, name := range []string{"Date", "Content-Type", "Retry-After", "Request-Id", "X-Request-Id", "X-Correlation-Id", "Cf-Ray"} {
		if value := h.Get(name); value != "" {
			safe.Set(name, string(c.redact([]byte(value))))
		}
	}
	return safe
}

func parseDate(s string) time.Time {
	t, err := http.ParseTime(s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

func redactor(key string) func([]byte) []byte {
	return func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(key), []byte("***")) }
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
