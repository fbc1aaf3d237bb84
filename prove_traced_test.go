package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Calls by which something comes to the disk, and what may happen instead of one.
const (
	syncCall  = "sync"  // fsync or fdatasync
	writeCall = "write" // pwrite64, by which SQLite writes
	kills     = "SIGKILL"
)

func refusals() map[string]syscall.Errno {
	return map[string]syscall.Errno{"EIO": syscall.EIO, "ENOSPC": syscall.ENOSPC}
}

// strike names one call of a program, and what happens instead of it. A call is
// named by what it is, its file, and how many of them came before: "sync
// live.db-wal 3". That is the same in every run, while the order of all calls and
// the thread that makes one are not.
type strike struct{ how, call string }

// watched is a program whose calls are counted.
type watched struct {
	strike
	folder string
	report *os.File // gets a line for each call
	counts map[string]int
}

// see counts a call and reports whether it is the one to be struck.
func (w *watched) see(kind, path string) (struck bool, err error) {
	file, err := filepath.Rel(w.folder, path)
	if err != nil || strings.HasPrefix(file, "..") {
		return false, err
	}
	call := kind + " " + regexp.MustCompile(`[-.]\d+`).ReplaceAllString(file, "#") // names that carry a time or a process
	w.counts[call]++
	call = fmt.Sprint(call, " ", w.counts[call])
	line := call
	if struck = call == w.call; struck {
		line += " " + w.how
	}
	_, err = fmt.Fprintln(w.report, line)
	return struck, err
}

// The test is its own tracer: started under this name it runs the program.
const tracedEnv = "PROVE_TRACED"

func TestMain(m *testing.M) {
	order, traced := os.LookupEnv(tracedEnv)
	if !traced {
		os.Exit(m.Run())
	}
	status, err := traceAsTold(strings.Split(order, "\n"), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "tracer:", err)
		os.Exit(3)
	}
	if status.Signaled() {
		_ = syscall.Kill(os.Getpid(), status.Signal())
	}
	os.Exit(status.ExitStatus())
}

func traceAsTold(order, args []string) (status syscall.WaitStatus, err error) {
	report, err := os.OpenFile(order[2], os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	if err := os.Unsetenv(tracedEnv); err != nil {
		return 0, err
	}
	w := watched{strike: strike{order[3], order[4]}, folder: order[1], report: report, counts: map[string]int{}}
	return trace(w, slices.Concat(order[:1], args))
}

// traced is the program that takes the place of the real one to trace it.
func (s *scene) traced() string {
	s.Helper()
	if runtime.GOOS+runtime.GOARCH != "linuxamd64" && os.Getenv("CI") != "true" {
		s.Skip("the tracer knows the registers of amd64 only")
	}
	self, err := os.Executable()
	require.NoError(s, err)
	return self
}

// order tells it what to do.
func (s *scene) order(x strike) (env, report string) {
	s.Helper()
	report = filepath.Join(s.TempDir(), "calls")
	return tracedEnv + "=" + strings.Join([]string{s.f.bin, s.data, report, x.how, x.call}, "\n"), report
}

// startTraced starts the program under the tracer, which reports its calls.
func (s *scene) startTraced(x strike) (report string) {
	s.Helper()
	env, report := s.order(x)
	program := s.f
	s.f = &fire{bin: s.traced()}
	s.start(env)
	s.f = program
	return report
}

// callsIn lists the calls of a report in the order in which they were first made.
func callsIn(t *testing.T, report, kind string) (calls []string, struck bool) {
	t.Helper()
	text, err := os.ReadFile(report)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if words[0] == kind {
			calls = append(calls, strings.Join(words[:3], " "))
		}
		struck = struck || len(words) > 3
	}
	return calls, struck
}

// byFile counts calls for a line of the log.
func byFile(calls []string) string {
	counts := map[string]int{}
	for _, c := range calls {
		counts[strings.Fields(c)[1]]++
	}
	var parts []string
	for _, file := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprint(file, " ", counts[file]))
	}
	return strings.Join(parts, ", ")
}
