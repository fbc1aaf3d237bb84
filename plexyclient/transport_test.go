package plexyclient

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// silentDial connects to a server that reads everything, writes the answer and then nothing;
// with answer "-" it never connects.
func silentDial(server *net.Conn, answer string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) {
		if answer == "-" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		client, other := net.Pipe()
		*server = other
		go func() {
			req, err := http.ReadRequest(bufio.NewReader(other))
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, req.Body)
			_, _ = io.WriteString(other, answer)
		}()
		return client, nil
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			elsewhere := newRawServer(t, rawAnswer(201, "application/json", exampleAnswer(t, nil)))
			redirect := fmt.Sprintf("HTTP/1.1 %d X\r\nLocation: %s/distributions\r\nContent-Length: 0\r\n\r\n", status, elsewhere.url())
			server := newRawServer(t, redirect)
			c := server.client(t)

			result := c.Create(t.Context(), exampleRequest())
			assert.Equal(t, OutcomeUnknown, result.Outcome)
			assert.Equal(t, status, result.Answer.Status)
			assert.Equal(t, 1, server.posts())

			_, err := c.List(t.Context(), 1, 50)
			var apiErr *APIError
			require.ErrorAs(t, err, &apiErr)
			assert.Equal(t, status, apiErr.Status)
			assert.Zero(t, elsewhere.connections(), "so the key did not travel either")
		})
	}
}

func TestHTTP2IsNotSpokenThoughOffered(t *testing.T) {
	var posts, newer atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			newer.Add(1)
		}
		if r.Method == http.MethodPost {
			posts.Add(1)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, exampleAnswer(t, nil))
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()

	// The server does speak it to whoever asks.
	resp, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	resp.Body.Close()
	require.EqualValues(t, 1, newer.Load())

	c, err := New(Config{BaseURL: server.URL + "/v1", Key: testKey})
	require.NoError(t, err)
	trusted := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	c.creates.Transport.(*http.Transport).TLSClientConfig.RootCAs = trusted
	result := c.Create(t.Context(), exampleRequest())
	assert.Equal(t, OutcomeOK, result.Outcome, "%v", result.Err)
	assert.EqualValues(t, 1, posts.Load())
	assert.EqualValues(t, 1, newer.Load(), "no request of the client came over HTTP/2")
}

// A server that keeps connections open answers the first POST and loses the answer to the second:
// net/http would send a replayable request again on another connection.
func TestLostAnswerIsNotSentAgain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var (
		posts, conns atomic.Int64
		serving      sync.WaitGroup
	)
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns.Add(1)
			serving.Go(func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					req, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, req.Body)
					if posts.Add(1) != 1 {
						return // the answer is lost
					}
					_, _ = io.WriteString(conn, rawAnswer(201, "application/json", exampleAnswer(t, nil)))
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	c, err := New(Config{BaseURL: "http://" + listener.Addr().String() + "/v1", Key: testKey})
	require.NoError(t, err)
	require.Equal(t, OutcomeOK, c.Create(t.Context(), exampleRequest()).Outcome)
	assert.Equal(t, OutcomeUnknown, c.Create(t.Context(), exampleRequest()).Outcome)
	assert.EqualValues(t, 2, posts.Load(), "one POST a call")
	assert.EqualValues(t, 2, conns.Load(), "a fresh connection a call")
}

// roundTripper sees a request as net/http would send it.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheBodyCannotBeReadAgain(t *testing.T) {
	c, err := New(Config{BaseURL: "https://plexy.invalid/v1", Key: testKey})
	require.NoError(t, err)
	calls := 0
	c.creates.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		calls++
		assert.Nil(t, r.GetBody)
		assert.Positive(t, r.ContentLength)
		return nil, io.EOF
	})
	c.Create(t.Context(), exampleRequest())
	assert.Equal(t, 1, calls)
}

func TestTheKeyIsNowhere(t *testing.T) {
	echo := `{"code":3,"message":"bad key ` + testKey + `","source":"` + testKey + `","type":"x"}`
	answers := map[string]string{
		"echoed in an error body":   rawAnswer(401, "application/json", echo),
		"echoed in a 2xx body":      rawAnswer(200, "application/json", `{"data":[{"id":"a","note":"`+testKey+`"}]}`),
		"echoed in a header":        "HTTP/1.1 500 X\r\nX-Request-Id: " + testKey + "\r\nContent-Length: 0\r\n\r\n",
		"echoed instead of HTTP":    testKey + " is wrong\r\n\r\n",
		"echoed in a broken header": "HTTP/1.1 200 OK\r\n" + testKey + "\r\n\r\n",
		"connection lost":           "",
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			server := newRawServer(t, answer)
			c := server.client(t)
			result := c.Create(t.Context(), exampleRequest())
			page, err := c.List(t.Context(), 1, 50)
			_, err2 := c.Balance(t.Context())
			d, got, err3 := c.Get(t.Context(), "a")
			for _, v := range []any{result, result.Err, result.Answer, page, err, err2, d, got, err3, c} {
				assertNoKey(t, v)
			}
			for _, err := range []error{result.Err, err, err2, err3} {
				for ; err != nil; err = errors.Unwrap(err) {
					assertNoKey(t, err)
				}
			}
		})
	}
	cfg := Config{BaseURL: "https://api.plexypay.com/v1", Key: testKey}
	assertNoKey(t, cfg)
	assertNoKey(t, &cfg)
	for _, bad := range []Config{
		{BaseURL: "https://u:" + testKey + "@h/v1", Key: testKey},
		{BaseURL: "https://h\x00/" + testKey, Key: testKey},
		{BaseURL: "https://h/v1", Key: "Bearer " + testKey},
	} {
		_, err := New(bad)
		require.Error(t, err)
		assertNoKey(t, err)
	}
}

func assertNoKey(t *testing.T, v any) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		assert.NotContains(t, fmt.Sprintf(verb, v), testKey, "%T with %s", v, verb)
	}
	if raw, err := json.Marshal(v); err == nil {
		assert.NotContains(t, string(raw), testKey, "%T as JSON", v)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
	assert.NotContains(t, log.String(), testKey, "%T in a log", v)
}

func TestNewRefuses(t *testing.T) {
	good := Config{BaseURL: "https://api.plexypay.com/v1", Key: testKey}
	_, err := New(good)
	require.NoError(t, err)
	for name, change := range map[string]func(*Config){
		"no base URL":               func(c *Config) { c.BaseURL = "" },
		"relative base URL":         func(c *Config) { c.BaseURL = "/v1" },
		"another scheme":            func(c *Config) { c.BaseURL = "ftp://h/v1" },
		"user in base URL":          func(c *Config) { c.BaseURL = "https://u@h/v1" },
		"query in base URL":         func(c *Config) { c.BaseURL = "https://h/v1?a=b" },
		"no key":                    func(c *Config) { c.Key = "" },
		"short key":                 func(c *Config) { c.Key = "abc" },
		"key with Bearer":           func(c *Config) { c.Key = "Bearer " + testKey },
		"key with line end":         func(c *Config) { c.Key = testKey + "\n" },
		"balance path on a host":    func(c *Config) { c.BalancePath = "//evil.example/balance" },
		"balance path with scheme":  func(c *Config) { c.BalancePath = "https://evil.example/balance" },
		"negative timeout":          func(c *Config) { c.Timeout = -1 },
		"base URL cannot be parsed": func(c *Config) { c.BaseURL = "https://h:port/v1" },
	} {
		cfg := good
		change(&cfg)
		_, err := New(cfg)
		assert.Error(t, err, name)
	}
}
