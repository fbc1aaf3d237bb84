package plexytest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// BaseURL is a base URL for clients that dial through a [PipeListener]; its host exists nowhere.
const BaseURL = "http://plexy.invalid/v1"

// PipeListener accepts connections made by its own DialContext, without a network.
// Inside a testing/synctest bubble time passes while its connections wait, which it does not for
// sockets; and unlike with a fake http.RoundTripper the real http.Transport is at work.
type PipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// NewPipeListener makes a listener for any server.
func NewPipeListener() *PipeListener {
	return &PipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

// Listen serves the stand-in on a new PipeListener until [Server.Close].
func (s *Server) Listen() *PipeListener {
	l := NewPipeListener()
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	s.mu.Lock()
	s.servers = append(s.servers, server)
	s.mu.Unlock()
	go func() { _ = server.Serve(l) }() // always http.ErrServerClosed
	return l
}

// DialContext has the form that plexyclient.Config and http.Transport take; network and addr do not matter.
// Once the listener is closed it fails like a closed port.
func (l *PipeListener) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	select {
	case <-l.done:
		return nil, refused()
	default:
	}
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.done:
		return nil, refused()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func refused() error {
	return &net.OpError{Op: "dial", Net: "pipe", Err: syscall.ECONNREFUSED}
}

// Accept is part of net.Listener.
func (l *PipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close refuses new connections; open ones stay.
func (l *PipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr is part of net.Listener.
func (l *PipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }
