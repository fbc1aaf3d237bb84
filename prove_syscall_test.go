package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
)

// strace is the program that watches system calls and makes them fail. Where
// there is none the proof is skipped, but never in CI.
func strace(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no strace")
	}
	require.NoError(t, err)
	return path
}

// Calls by which something comes to the disk. SQLite is asked for fsync; its
// build may choose fdatasync.
const (
	syncs  = "fsync,fdatasync"
	writes = "pwrite64"
)

// tracing is strace at a running program. Its lines are counted as they come.
type tracing struct {
	seen   atomic.Int64
	failed atomic.Int64 // those that strace made fail
	done   chan struct{}
	cmd    *exec.Cmd
}

// stop lets the program go on without being watched.
func (tr *tracing) stop() {
	_ = tr.cmd.Process.Signal(syscall.SIGINT)
	<-tr.done
}

// trace attaches to the program and returns when it watches. nth is called
// with the number of each call, while the caller of it still waits.
func (s *scene) trace(calls, inject string, nth func(n int64)) *tracing {
	s.Helper()
	cmd := exec.CommandContext(s.Context(), strace(s.T), "-f", "-e", "trace="+calls, "-e", "signal=none",
		"-e", "inject="+calls+":"+inject, "-p", fmt.Sprint(s.now.cmd.Process.Pid))
	lines, err := cmd.StderrPipe()
	require.NoError(s, err)
	require.NoError(s, cmd.Start())
	tr, attached := &tracing{done: make(chan struct{}), cmd: cmd}, make(chan struct{})
	go func() {
		defer close(tr.done)
		tr.read(lines, attached, nth)
		_ = cmd.Wait()
	}()
	s.Cleanup(func() { _ = cmd.Process.Kill(); <-tr.done })
	<-attached
	return tr
}

func (tr *tracing) read(lines io.Reader, attached chan struct{}, nth func(n int64)) {
	all := bufio.NewScanner(lines)
	for all.Scan() {
		line := all.Text()
		if strings.Contains(line, "INJECTED") {
			tr.failed.Add(1)
		}
		switch {
		case strings.Contains(line, "attached"):
			if attached != nil {
				close(attached)
				attached = nil
			}
		case strings.Contains(line, "sync(") || strings.Contains(line, "pwrite64("):
			nth(tr.seen.Add(1))
		}
	}
	if attached != nil {
		close(attached)
	}
}

// oneSend makes one payment while the program is traced, through as many starts
// as it takes, and compares what Plexy did with what is known here.
func (f *fire) oneSend(t *testing.T, calls, inject string, nth func(s *scene) func(n int64)) (tr *tracing, plexy *plexytest.Server) {
	t.Helper()
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	s.start()
	accountant := newClerk(t, s.where)
	require.NoError(t, accountant.signIn(ctx, accountantEmail))
	tr = s.trace(calls, inject, nth(s))
	var id string
	s.through(func() (err error) {
		if id, err = accountant.pay(ctx, payment("CALL", 1)); err != nil {
			return err
		}
		return accountant.becomes(ctx, id, "accepted", "processing", "paid", "unknown")
	})
	tr.stop()
	select {
	case <-s.now.done: // killed when all was done
		s.start()
	default:
	}
	s.settles(ctx, plexy)
	s.now.quit(t)
	rows := f.judge(t, s.data, plexy)
	assert.Len(t, rows, 1, "one form, one distribution")
	assert.Equal(t, id, rows["CALL-00001"].id, "what was answered for is there")
	return tr, plexy
}

// killedAtSystemCalls kills the program at every fsync, and at every seventh
// pwrite, of one whole send. The call is held for a moment, so that the kill finds
// the program in it.
func (f *fire) killedAtSystemCalls(t *testing.T) {
	strace(t)
	for calls, step := range map[string]int{syncs: max(1, *proveStride/4), writes: 7 * *proveStride} {
		t.Run(calls, func(t *testing.T) {
			const hold = "delay_exit=8ms"
			whole, _ := f.oneSend(t, calls, hold, func(*scene) func(int64) { return func(int64) {} })
			all := int(whole.seen.Load())
			require.Positive(t, all)
			kills := 0
			for n := 1; n <= all; n += step {
				t.Run(fmt.Sprint(n), func(t *testing.T) {
					var killed *process
					f.oneSend(t, calls, hold, func(s *scene) func(int64) {
						killed = s.now
						return func(seen int64) {
							if seen == int64(n) {
								killed.end(syscall.SIGKILL)
							}
						}
					})
					if killed.killed() {
						kills++
					}
				})
			}
			assert.Positive(t, kills)
			t.Logf("%d calls of %s in one send, killed at %d of them", all, calls, kills)
		})
	}
}

// failingSystemCalls lets the disk refuse: the nth fsync of each thread of the
// program, with an error of the device and with one of a full disk.
func (f *fire) failingSystemCalls(t *testing.T) {
	strace(t)
	for _, errno := range []string{"EIO", "ENOSPC"} {
		failed, n := 0, 1
		for ; n <= *proveErrors; n++ {
			t.Run(fmt.Sprint(errno, n), func(t *testing.T) {
				tr, _ := f.oneSend(t, syncs, fmt.Sprintf("error=%s:when=%d", errno, n), func(*scene) func(int64) { return func(int64) {} })
				failed += int(tr.failed.Load())
			})
		}
		assert.Positive(t, failed)
		t.Logf("%s: %d calls of fsync failed in %d sends", errno, failed, n-1)
	}
}
