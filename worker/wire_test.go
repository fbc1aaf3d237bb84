package worker

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
	"plexydash/store/storetest"
)

// socket is a server of raw bytes. It counts what reaches it, and keeps reading
// after its answer: a second request on the same connection would be seen.
type socket struct {
	net.Listener
	mu     sync.Mutex
	answer func(conn net.Conn, body map[string]any)
	seen   []*http.Request
	conns  int
}

func listen(t *testing.T) *socket {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &socket{Listener: l}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
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
		_ = l.Close()
		serving.Wait()
	})
	return s
}

func (s *socket) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	for in := bufio.NewReader(conn); ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		var body map[string]any
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(raw, &body)
		}
		if err != nil {
			return
		}
		s.mu.Lock()
		s.seen = append(s.seen, r)
		answer := s.answer
		s.mu.Unlock()
		answer(conn, body)
	}
}

// expect forgets what was seen and answers otherwise from now on.
func (s *socket) expect(answer func(net.Conn, map[string]any)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer, s.seen, s.conns = answer, nil, 0
}

func (s *socket) counts() (requests, conns int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen), s.conns
}

func (s *socket) url() string { return "http://" + s.Addr().String() + "/v1" }

// wire is a database and a sender before a socket.
type wire struct {
	*testing.T
	db     *store.DB
	maker  distribution.Actor
	sender *Sender
	plexy  *socket
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{T: t, db: storetest.New(t), plexy: listen(t)}
	w.maker = storetest.User(t, w.db, distribution.Accountant)
	client, err := plexyclient.New(plexyclient.Config{BaseURL: w.plexy.url(), Key: "pr_demo", Timeout: 500 * time.Millisecond})
	require.NoError(t, err)
	workers, err := New(Config{
		DB: w.db, Plexy: client, Unit: Major, Submit: true, SyncEvery: every, SettleWindow: window, ExportDir: t.TempDir(), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	w.sender = workers.Sender
	return w
}

// send makes one attempt, which the server answers so.
func (w *wire) send(answer func(net.Conn, map[string]any)) {
	w.Helper()
	w.plexy.expect(answer)
	worked, err := w.sender.SendOne(w.Context())
	require.NoError(w, err)
	require.True(w, worked)
}

func (w *wire) get(id string) distribution.Distribution {
	w.Helper()
	d, err := w.db.Distribution(w.Context(), id)
	require.NoError(w, err)
	return d
}

// resend is what two people decide when the first attempt was not found.
func (w *wire) resend(id string) {
	w.Helper()
	for _, do := range []func(*distribution.Distribution) (distribution.Event, error){
		(*distribution.Distribution).Miss,
		func(d *distribution.Distribution) (distribution.Event, error) { return d.Resend("", w.db.Now()) },
	} {
		_, err := w.db.Change(w.Context(), w.maker, id, do)
		require.NoError(w, err)
	}
}

// The bytes of answers.

func says(text string) func(net.Conn, map[string]any) {
	return func(conn net.Conn, _ map[string]any) { _, _ = io.WriteString(conn, text) }
}

func closes(text string) func(net.Conn, map[string]any) {
	return func(conn net.Conn, _ map[string]any) {
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

func resets(text string) func(net.Conn, map[string]any) {
	return func(conn net.Conn, _ map[string]any) {
		_, _ = io.WriteString(conn, text)
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	}
}

func plain(status int, contentType, body string, headers ...string) string {
	head := strings.Join(append(headers, ""), "\r\n")
	return fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s", status, contentType, head, len(body), body)
}

func page(status int) string { return plain(status, "text/html", "<html><body>hello</body></html>") }

func plexyNo(status int, message string, headers ...string) string {
	return plain(status, "application/json", `{"code":5,"message":"`+message+`","source":"distributions","type":"validationError"}`, headers...)
}

// created is a 2xx answer in Plexy's form to what was asked, changed; nil removes
// a field.
func created(asked map[string]any, changes map[string]any) string {
	body := map[string]any{"id": "P-" + asked["orderReference"].(string), "status": "created", "createdAt": "2026-11-23T07:00:00Z"}
	for name, value := range asked {
		body[name] = value
	}
	for name, value := range changes {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	raw, _ := json.Marshal(body) // a map of plain values
	return string(raw)
}

func yes(status int, changes map[string]any) func(net.Conn, map[string]any) {
	return func(conn net.Conn, asked map[string]any) {
		_, _ = io.WriteString(conn, plain(status, "application/json", created(asked, changes)))
	}
}

// cut is a 201 that ends before its end.
func cut(conn net.Conn, asked map[string]any) {
	whole := plain(201, "application/json", created(asked, nil))
	closes(whole[:len(whole)-40])(conn, asked)
}

// inTwo is a 201 in two packets.
func inTwo(conn net.Conn, asked map[string]any) {
	whole := plain(201, "application/json", created(asked, nil))
	_, _ = io.WriteString(conn, whole[:len(whole)/2])
	time.Sleep(20 * time.Millisecond)
	_, _ = io.WriteString(conn, whole[len(whole)/2:])
}
