package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
	"plexydash/store/storetest"
)

// volume is a file system of its own, of a known size, that lies over the data
// folder of a scene. Only the programs of that scene see it, and it is gone with
// the process that holds it.
type volume struct {
	t      *testing.T
	folder string // where this process sees it
}

// ownVolume puts the data folder on one.
func (s *scene) ownVolume(size string) *volume {
	s.Helper()
	enter := []string{"--mount"}
	private := []string{"--mount"}
	if os.Getuid() != 0 {
		private = append(private, "--map-root-user")
		enter = append(enter, "--user", "--preserve-credentials")
	}
	const script = `cd "$1" && mount -t tmpfs -o size=$0,mode=700 tmpfs "$1" && cp -a . "$1" && echo mounted && exec cat`
	holder := exec.CommandContext(s.Context(), "unshare", append(private, "sh", "-c", script, size, s.data)...)
	holder.Stderr = os.Stderr
	_, err := holder.StdinPipe() // open for as long as the test lives
	require.NoError(s, err)
	said, err := holder.StdoutPipe()
	require.NoError(s, err)
	if err := holder.Start(); err != nil {
		s.Skipf("a file system of its own cannot be made: %v", err)
	}
	s.Cleanup(func() { _ = holder.Process.Kill(); _ = holder.Wait() })
	if !bufio.NewScanner(said).Scan() {
		s.Skip("this machine does not let a test mount a file system")
	}
	root := fmt.Sprintf("/proc/%d/root", holder.Process.Pid)
	v := &volume{t: s.T, folder: filepath.Join(root, s.data)}
	adopt(s.T, filepath.Join(v.folder, "live-instance.json"))

	inside := *s.f
	inside.bin = filepath.Join(s.TempDir(), "inside")
	command := fmt.Sprintf("#!/bin/sh\nexec nsenter --target %d %s %q \"$@\"\n", holder.Process.Pid, strings.Join(enter, " "), s.f.bin)
	require.NoError(s, os.WriteFile(inside.bin, []byte(command), 0o700)) //nolint:gosec // it is to be run
	s.f = &inside
	return v
}

func (v *volume) filler() string { return filepath.Join(v.folder, "filler") }

// left is how many bytes can still be written.
func (v *volume) left() int64 {
	v.t.Helper()
	var stat syscall.Statfs_t
	require.NoError(v.t, syscall.Statfs(v.folder, &stat))
	return int64(stat.Bavail) * stat.Bsize //nolint:gosec // a small file system
}

// fill takes all room but so many bytes.
func (v *volume) fill(leave int64) {
	v.t.Helper()
	f, err := os.OpenFile(v.filler(), os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(v.t, err)
	for size := int64(0); v.left() > leave; {
		some := v.left() - leave
		if err = syscall.Fallocate(int(f.Fd()), 0, size, some); err == nil {
			size += some
		}
	}
	require.NoError(v.t, f.Close())
}

func (v *volume) makeRoom() {
	v.t.Helper()
	require.NoError(v.t, os.Remove(v.filler()))
}

// keep ends the program and goes on with a copy of what the disk holds.
func (s *scene) keep(v *volume) {
	s.Helper()
	s.now.quit(s.T)
	kept := merelyCopied(s.T, v.folder)
	require.NoError(s, os.Rename(s.data+".log", kept+".log"))
	s.data = kept
}

const noRoom = "На диске почти не осталось места"

// ready is what /readyz answers.
func (c *clerk) ready(ctx context.Context) (reply, error) {
	return c.send(ctx, http.MethodGet, "/readyz", nil)
}

// says waits until /readyz has the status and says that.
func (c *clerk) says(ctx context.Context, status int, line string) error {
	return insist(ctx, func() error {
		r, err := c.ready(ctx)
		if err == nil && (r.Status != status || !strings.Contains(r.Page.Text(), line)) {
			err = fmt.Errorf("GET /readyz: %d %s", r.Status, r.Page.Text())
		}
		return err
	})
}

// reads wants every page.
func (c *clerk) reads(ctx context.Context, t *testing.T, pages ...string) {
	t.Helper()
	for _, page := range pages {
		r, err := c.send(ctx, http.MethodGet, page, nil)
		if assert.NoError(t, err) {
			assert.Equalf(t, http.StatusOK, r.Status, "GET %s", page)
		}
	}
}

// refused presses and wants to be told to come again, with what was typed.
func (c *clerk) refused(ctx context.Context, t *testing.T, fields url.Values) {
	t.Helper()
	began := time.Now()
	r, err := c.send(ctx, http.MethodPost, "/distributions", fields)
	if !assert.NoError(t, err) {
		return
	}
	t.Logf("answered %d after %s", r.Status, time.Since(began).Round(time.Millisecond))
	assert.Equal(t, http.StatusServiceUnavailable, r.Status)
	assert.NotEmpty(t, r.Header.Get("Retry-After"))
	assert.Equal(t, fields, fieldsOf(r.Page.Find(`main form[action="/distributions"]`)))
}

// A disk of six megabytes: nothing is sent from the beginning, and when its last
// byte is taken, pages are read, and presses are told to come again. With room
// they work, in the same run.
func (f *fire) fullDisk(t *testing.T) {
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	v := s.ownVolume("6m")
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accountant, manager := s.clerk(ctx, accountantEmail), s.clerk(ctx, managerEmail)
	waiting, err := accountant.pay(ctx, payment("FULL", 1))
	require.NoError(t, err)
	require.NoError(t, accountant.says(ctx, http.StatusOK, "warning sending: disk"))
	page, err := accountant.send(ctx, http.MethodGet, "/distributions/"+waiting, nil)
	require.NoError(t, err)
	assert.Contains(t, plainSpaces(page.Page.Text()), noRoom)

	fields, err := accountant.filled(ctx, payment("FULL", 2))
	require.NoError(t, err)
	v.fill(0)
	for range 3 {
		accountant.refused(ctx, t, fields)
		accountant.reads(ctx, t, "/", "/distributions", "/distributions/"+waiting, "/distributions/new", "/balance", "/unknown", "/approvals",
			"/recipients", "/drafts", "/exports", "/me", "/hold", "/readyz", "/metrics")
		manager.reads(ctx, t, "/approvals", "/proposals", "/integrity")
	}
	unrecorded, err := manager.send(ctx, http.MethodGet, "/audit", nil)
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, unrecorded.Status, "nobody reads the log without a trace")
	signIn, err := newClerk(t, s.where).send(ctx, http.MethodPost, "/login", url.Values{"email": {managerEmail}, "password": {livePassword}})
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, signIn.Status)

	s.now.end(syscall.SIGKILL)
	s.start()
	accountant.reads(ctx, t, "/", "/distributions", "/distributions/"+waiting)
	accountant.refused(ctx, t, fields)

	v.makeRoom()
	made, err := accountant.create(ctx, fields)
	require.NoError(t, err)
	require.NoError(t, accountant.submit(ctx, made))
	s.clerk(ctx, secondEmail).reads(ctx, t, "/audit", "/distributions/"+made)
	assert.Empty(t, plexy.Posts(), "six megabytes are too little")

	s.keep(v)
	rows := rowsByReference(t, s.data)
	assert.Equal(t, map[string]int{"queued": 2}, states(rows))
	assert.Equal(t, made, rows["FULL-00002"].id)
	storetest.CheckInvariants(t, liveFile(s.data))
	f.command(t, "audit", "verify", "--data="+s.data)
}

// The disk has too little room for what waits; then enough, until the very moment
// when Plexy answers. That answer is kept in mind until it can be kept on the
// disk; when the program dies before, the outcome is unknown and looked up.
func (f *fire) answerWithoutRoom(t *testing.T) {
	for name, killed := range map[string]bool{"room again": false, "killed before": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v *volume
			var fills atomic.Bool
			plexy, base := standIn(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPost && fills.CompareAndSwap(true, false) {
						v.fill(0)
					}
					next.ServeHTTP(w, r)
				})
			})
			s := f.scene(t, base)
			v = s.ownVolume("300m")
			f.answersAreKept(t, s, v, plexy, &fills, killed)
		})
	}
}

func (f *fire) answersAreKept(t *testing.T, s *scene, v *volume, plexy *plexytest.Server, fills *atomic.Bool, killed bool) {
	t.Helper()
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accountant := s.clerk(ctx, accountantEmail)
	require.NoError(t, accountant.says(ctx, http.StatusOK, "ok sending: running"))
	v.fill(200 << 20)
	id, err := accountant.pay(ctx, payment("ROOM", 1))
	require.NoError(t, err)
	require.NoError(t, accountant.says(ctx, http.StatusOK, "warning disk: less than 256 MiB free; nothing is sent"))
	require.NoError(t, accountant.becomes(ctx, id, "queued"))
	require.Empty(t, plexy.Posts())

	fills.Store(true)
	v.makeRoom()
	require.NoError(t, accountant.says(ctx, http.StatusServiceUnavailable, "failed outcomes: what Plexy answered cannot be saved"))
	require.NoError(t, accountant.becomes(ctx, id, "sending"))
	accountant.reads(ctx, t, "/", "/distributions", "/distributions/"+id)
	if killed {
		s.now.end(syscall.SIGKILL)
	}
	v.makeRoom()
	if killed {
		s.start()
	}
	require.NoError(t, accountant.becomes(ctx, id, "accepted", "processing", "paid"))
	require.NoError(t, accountant.says(ctx, http.StatusOK, "ok outcomes: saved"))
	s.keep(v)
	require.Len(t, f.judge(t, s.data, plexy), 1)
	require.Len(t, plexy.Posts(), 1)
	if killed {
		assert.Contains(t, s.history(id), "unknown")
	} else {
		assert.NotContains(t, s.history(id), "unknown")
	}
}
