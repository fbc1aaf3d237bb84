package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
	"plexydash/store/storetest"
)

// Every point between the click and the money where a crash hurts: the program
// dies or fails there, starts again, and the person presses again.
func (f *fire) crashPoints(t *testing.T) {
	unnumbered := payment("", 1)
	unnumbered.Reference = "" // only the form's token tells that it is the same
	executed := []string{"accepted", "processing", "paid"}
	for _, row := range []struct {
		at     string // PLEXYDASH_CRASH
		ends   []string
		posts  int
		fault  plexytest.Fault
		passed bool // it must never have been unknown
	}{
		{at: "F1", ends: executed, posts: 1},
		{at: "F4", ends: executed, posts: 1},
		{at: "F6", ends: executed, posts: 1},
		{at: "F6:error", ends: executed, posts: 1},
		{at: "F7", ends: executed, posts: 1},
		{at: "F7:error", ends: executed, posts: 1},
		{at: "F8", ends: executed, posts: 1},
		{at: "F10", ends: []string{"unknown"}},
		{at: "F10:error", ends: executed, posts: 1, passed: true},
		{at: "F11", ends: []string{"unknown"}},
		{at: "F13", ends: []string{"unknown"}},
		{at: "F13:error", ends: []string{"unknown"}},
		{at: "F22", ends: executed, posts: 1},
		{at: "F23", ends: executed, posts: 1},
		{at: "F23:error", ends: executed, posts: 1, passed: true},
		{at: "F27", ends: executed, posts: 1, fault: plexytest.CreateSlow, passed: true},
	} {
		t.Run(row.at, func(t *testing.T) {
			t.Parallel()
			plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
			if row.fault != "" {
				require.NoError(t, plexy.FailAfter(row.fault, 1, 2*time.Second))
			}
			s := f.scene(t, base)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			s.start("PLEXYDASH_CRASH="+row.at, "PLEXYDASH_CRASH_LOG="+s.crashLog())
			first := s.now
			accountant := newClerk(t, s.where)
			var id string
			s.through(func() (err error) {
				if err := accountant.signIn(ctx, accountantEmail); err != nil {
					return err
				}
				if id, err = accountant.pay(ctx, unnumbered); err != nil {
					return err
				}
				if err := accountant.becomes(ctx, id, row.ends...); err != nil || row.posts > 0 {
					return err
				}
				return accountant.looksAgain(ctx, id, row.ends...)
			})
			s.reached(row.at, first)
			s.now.quit(t)

			rows := f.judge(t, s.data, plexy)
			assert.Len(t, rows, 1, "one form, one distribution")
			for _, r := range rows {
				assert.Equal(t, id, r.id)
			}
			assert.Len(t, plexy.Posts(), row.posts)
			if row.passed {
				assert.NotContains(t, s.history(id), "unknown")
			}
		})
	}
}

// looksAgain asks for a look, which must conclude nothing and send nothing.
func (c *clerk) looksAgain(ctx context.Context, id string, states ...string) error {
	err := insist(ctx, func() error {
		_, err := c.press(ctx, "/distributions/"+id+"/resolution", url.Values{"kind": {"check"}})
		return err
	})
	time.Sleep(time.Second)
	return errors.Join(err, c.becomes(ctx, id, states...))
}

// scene is a data folder and the program on it.
type scene struct {
	*testing.T
	f       *fire
	data    string
	base    string // of Plexy
	address atomic.Value
	now     *process
}

func (f *fire) scene(t *testing.T, base string) *scene {
	t.Helper()
	s := &scene{T: t, f: f, data: copyOf(t, f.folder), base: base}
	s.address.Store("http://127.0.0.1:1") // nobody is there yet
	return s
}

func (s *scene) where() string { return s.address.Load().(string) }

func (s *scene) crashLog() string { return filepath.Join(s.data, "..", "reached") }

// start starts the program and waits until it serves or has ended.
func (s *scene) start(env ...string) {
	s.Helper()
	s.now = s.f.spawn(s.T, s.data, s.base, env...)
	if url := s.now.serves(); url != "" {
		s.address.Store(url)
	}
}

// through starts the program again whenever it ends until the work is done.
func (s *scene) through(work func() error) {
	s.Helper()
	done := make(chan error, 1)
	go func() { done <- work() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				s.f.tail(s.T, s.data)
			}
			require.NoError(s, err)
			return
		case <-s.now.done:
			s.start()
		}
	}
}

// reached asserts that the point was reached and did what it does.
func (s *scene) reached(point string, first *process) {
	s.Helper()
	name, how, _ := bytes.Cut([]byte(point), []byte(":"))
	log, err := os.ReadFile(s.crashLog())
	require.NoError(s, err)
	require.Contains(s, string(log), string(name)+"\n")
	if len(how) > 0 { // an error: it lives on
		return
	}
	<-first.done
	if point == "F27" {
		require.True(s, first.cmd.ProcessState.Success(), "%v", first.cmd.ProcessState)
		return
	}
	require.True(s, first.killed(), "%v", first.cmd.ProcessState)
}

// history is the states that the distribution went through.
func (s *scene) history(id string) (states []string) {
	s.Helper()
	db := storetest.Open(s.T, liveFile(s.data), nil)
	events, err := db.Events(s.Context(), id)
	require.NoError(s, err)
	for _, e := range events {
		states = append(states, string(e.To))
	}
	return states
}

// What people run has no crash points.
func TestShippedProgramHasNoCrashPoints(t *testing.T) {
	for tags, has := range map[string]bool{"": false, "crashpoints": true} {
		bin := filepath.Join(t.TempDir(), "plexydash")
		out, err := exec.CommandContext(t.Context(), "go", "build", "-tags="+tags, "-o", bin, ".").CombinedOutput()
		require.NoErrorf(t, err, "%s", out)
		program, err := os.ReadFile(bin)
		require.NoError(t, err)
		assert.Equal(t, has, bytes.Contains(program, []byte("PLEXYDASH_CRASH")), "tags %q", tags)
	}
}
