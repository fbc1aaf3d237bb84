package web_test

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/web"
)

// A real server, for what only it can refuse.
func TestServerLimits(t *testing.T) {
	s := newSite(t)
	server, err := web.NewServer(s.deps)
	require.NoError(t, err)
	assert.Equal(t, 5*time.Second, server.ReadHeaderTimeout)
	assert.Equal(t, 15*time.Second, server.ReadTimeout)
	assert.Equal(t, 30*time.Second, server.WriteTimeout)
	assert.Equal(t, 60*time.Second, server.IdleTimeout)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	for name, c := range map[string]struct {
		raw  string
		want int
	}{
		"a page":            {"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200},
		"64 KiB of headers": {"GET /login HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 431},
		"two lengths":       {"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
		"two hosts":         {"GET /login HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
		"chunked, too large": {"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
			"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n11000\r\n" + strings.Repeat("a", 0x11000) + "\r\n0\r\n\r\n", 413},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", listener.Addr().String())
			require.NoError(t, err)
			defer func() { _ = conn.Close() }()
			go func() { _, _ = conn.Write([]byte(c.raw)) }() // the server may hang up before it has read all
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			defer func() { _ = answer.Body.Close() }()
			assert.Equal(t, c.want, answer.StatusCode)
		})
	}
}
