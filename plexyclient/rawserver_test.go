package plexyclient

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// rawServer answers every request with the bytes it was given and closes the connection,
// so that an answer may be cut, wrong or none at all.
type rawServer struct {
	listener net.Listener
	answer   string
	reset    bool // end with RST instead of FIN

	mu    sync.Mutex
	seen  []rawRequest
	conns int
}

type rawRequest struct {
	method, path, body string
	header             http.Header
}

func rawAnswer(status int, contentType, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), contentType, len(body), body)
}

func newRawServer(t *testing.T, answer string) *rawServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &rawServer{listener: listener, answer: answer}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
			serving.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	return s
}

func (s *rawServer) serve(conn net.Conn) {
	defer conn.Close()
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.seen = append(s.seen, rawRequest{req.Method, req.URL.RequestURI(), string(body), req.Header})
	s.mu.Unlock()
	_, _ = io.WriteString(conn, s.answer)
	if tcp, ok := conn.(*net.TCPConn); ok && s.reset {
		_ = tcp.SetLinger(0)
	}
}

func (s *rawServer) url() string { return "http://" + s.listener.Addr().String() + "/v1" }

func (s *rawServer) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(Config{BaseURL: s.url(), Key: testKey})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func (s *rawServer) posts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.seen {
		if r.method == http.MethodPost {
			n++
		}
	}
	return n
}

func (s *rawServer) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

func (s *rawServer) last() rawRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[len(s.seen)-1]
}
