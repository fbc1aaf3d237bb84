//go:build crashpoints

package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"plexydash/store"
)

// A build with the tag crashpoints, which only tests make, dies where it is told
// to between a click and the money:
//
//	PLEXYDASH_CRASH=F10         kill -9 when the point is reached
//	PLEXYDASH_CRASH=F10:3       when it is reached for the third time
//	PLEXYDASH_CRASH=F7:error    an error there instead, once
//	PLEXYDASH_CRASH_LOG=file    gets a line whenever a point is reached
//	PLEXYDASH_CRASH_NO_LOCK=1   serves beside another program on the same folder
//
// F6, F7 and F10 are in store, F11, F22 and F23 in worker, the rest here:
//
//	F1   the form was drawn
//	F4   the filled form arrived
//	F8   the draft is committed and the answer has not left
//	F13  half of the POST is written to Plexy
//	F27  all of it is; this point is a SIGTERM
type crash struct {
	point string
	left  atomic.Int64 // times until it strikes
	fails bool
	log   string
}

func newCrash() *crash {
	c := &crash{log: os.Getenv("PLEXYDASH_CRASH_LOG")}
	point, how, _ := strings.Cut(os.Getenv("PLEXYDASH_CRASH"), ":")
	c.point, c.fails = point, how == "error"
	c.left.Store(1)
	if nth, err := strconv.ParseInt(how, 10, 64); err == nil {
		c.left.Store(nth)
	}
	return c
}

func crashAt() func(point string) error { return newCrash().at }

func (c *crash) at(point string) error {
	if err := c.note(point); err != nil {
		return err
	}
	switch {
	case point != c.point || c.left.Add(-1) != 0:
		return nil
	case c.fails:
		return fmt.Errorf("crash point %s", point)
	case point == "F27":
		return syscall.Kill(os.Getpid(), syscall.SIGTERM)
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until the signal is there
}

func (c *crash) note(point string) error {
	if c.log == "" {
		return nil
	}
	f, err := os.OpenFile(c.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(f, point); err != nil {
		return err
	}
	return f.Close()
}

func crashHandler(next http.Handler) http.Handler {
	c := newCrash()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "GET /distributions/new":
			next.ServeHTTP(w, r)
			_ = http.NewResponseController(w).Flush()
			_ = c.at("F1")
		case "POST /distributions":
			_ = c.at("F4")
			next.ServeHTTP(&answering{w, c}, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// answering is an answer that has not left yet.
type answering struct {
	http.ResponseWriter
	crash *crash
}

func (a *answering) WriteHeader(status int) {
	if status == http.StatusSeeOther {
		_ = a.crash.at("F8")
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answering) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func crashDial() func(ctx context.Context, network, address string) (net.Conn, error) {
	c := newCrash()
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &sending{conn, c}, nil
	}
}

// sending is a connection to Plexy.
type sending struct {
	net.Conn
	crash *crash
}

func (s *sending) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(p, []byte("POST ")) {
		return s.Conn.Write(p)
	}
	half, err := s.Conn.Write(p[:len(p)/2])
	if err == nil {
		err = s.crash.at("F13")
	}
	if err != nil {
		return half, err
	}
	rest, err := s.Conn.Write(p[half:])
	if err == nil {
		err = s.crash.at("F27")
	}
	return half + rest, err
}

func lockSender(database string) (*store.Lock, error) {
	if os.Getenv("PLEXYDASH_CRASH_NO_LOCK") != "" {
		database = fmt.Sprintf("%s.%d", database, os.Getpid())
	}
	return store.LockSender(database)
}
