package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

const (
	signInsAtOnce = 200
	mostMemory    = 400 << 20 // bytes, at the highest
)

// BenchmarkSignIns lets 200 people sign in to the real program at once, which
// costs 19 MiB each while a password is tried, and reads the list all the while.
// The memory is bounded; the times are told, as they depend on the machine.
func BenchmarkSignIns(b *testing.B) {
	for b.Loop() {
		p := startBinary(b)
		reader := p.newClient(b)
		p.signIn(b, reader, "manager@demo.kz")
		alone := make([]time.Duration, 100)
		for i := range alone {
			alone[i] = p.read(b, reader)
		}
		slices.Sort(alone)
		b.ReportMetric(milliseconds(alone[98]), "ms-list-p99-alone")

		done := make(chan struct{})
		var lists []time.Duration
		var reading sync.WaitGroup
		reading.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					lists = append(lists, p.read(b, reader))
				}
			}
		})
		var all sync.WaitGroup
		emails := []string{"accountant@demo.kz", "accountant2@demo.kz", "manager@demo.kz", "manager2@demo.kz", "auditor@demo.kz", "admin@demo.kz"}
		began := time.Now()
		for i := range signInsAtOnce {
			all.Go(func() { p.signIn(b, p.newClient(b), emails[i%len(emails)]) })
		}
		all.Wait()
		took := time.Since(began)
		close(done)
		reading.Wait()

		slices.Sort(lists)
		peak := p.peakMemory(b)
		b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
		b.ReportMetric(took.Seconds(), "s-all-signed-in")
		b.ReportMetric(float64(len(lists)), "lists")
		b.ReportMetric(milliseconds(lists[len(lists)/2]), "ms-list-p50")
		b.ReportMetric(milliseconds(lists[len(lists)*99/100]), "ms-list-p99")
		b.ReportMetric(milliseconds(lists[len(lists)-1]), "ms-list-max")
		if peak >= mostMemory {
			b.Errorf("the program took %d MiB", peak>>20)
		}
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// binary is the program as it is installed, in a process of its own.
type binary struct {
	url string
	pid int
}

// startBinary builds the program and serves the demo until the benchmark ends.
func startBinary(b *testing.B) *binary {
	b.Helper()
	path := filepath.Join(b.TempDir(), "plexydash")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, ".")
	build.Stderr = os.Stderr
	require.NoError(b, build.Run())

	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	serve := exec.CommandContext(ctx, path, "serve", "--listen=127.0.0.1:0", "--data="+b.TempDir())
	serve.Env = []string{"PLEXYDASH_MODE=demo"}
	serve.Cancel = func() error { return serve.Process.Signal(os.Interrupt) }
	var stderr strings.Builder
	serve.Stderr = &stderr
	stdout, err := serve.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, serve.Start())
	b.Cleanup(func() { cancel(); _ = serve.Wait() })
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), ": open "); ok {
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return &binary{url: address, pid: serve.Process.Pid}
		}
	}
	_ = serve.Wait()
	require.FailNow(b, "the program ended before it served", stderr.String())
	return nil
}

// newClient is a browser of its own.
func (p *binary) newClient(b *testing.B) *http.Client {
	jar, err := cookiejar.New(nil)
	require.NoError(b, err)
	return &http.Client{Jar: jar, Timeout: 5 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (p *binary) signIn(b *testing.B, c *http.Client, email string) {
	form := url.Values{"email": {email}, "password": {"plexy-demo-password"}}
	p.ask(b, c, http.MethodPost, "/login", form, http.StatusSeeOther)
}

// read draws the list once.
func (p *binary) read(b *testing.B, c *http.Client) time.Duration {
	began := time.Now()
	p.ask(b, c, http.MethodGet, "/distributions?status="+string(distribution.Paid), nil, http.StatusOK)
	return time.Since(began)
}

func (p *binary) ask(b *testing.B, c *http.Client, method, path string, form url.Values, want int) {
	r, err := http.NewRequestWithContext(b.Context(), method, p.url+path, strings.NewReader(form.Encode()))
	if err == nil {
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		var a *http.Response
		if a, err = c.Do(r); err == nil {
			_, err = io.Copy(io.Discard, a.Body)
			_ = a.Body.Close()
			if a.StatusCode != want {
				err = fmt.Errorf("%s %s: %s", method, path, a.Status)
			}
		}
	}
	if err != nil {
		b.Error(err)
	}
}

// peakMemory is the most that was resident, in bytes.
func (p *binary) peakMemory(b *testing.B) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	require.NoError(b, err)
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	require.NoError(b, err)
	return kib << 10
}
