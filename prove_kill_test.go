package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
)

// weather is what Plexy does wrong, drawn from a seed.
type weather struct {
	plexy *plexytest.Server
	fair  atomic.Bool // nothing goes wrong any more
	mu    sync.Mutex
	dice  *rand.Rand
}

// hangs is how long an answer hangs before the connection breaks: the client
// would wait 30 s.
const hangs = 1500 * time.Millisecond

func (f *fire) weather(t *testing.T) (*weather, string) {
	t.Helper()
	plexy, err := plexytest.New(plexytest.Options{
		Balance: demoBalance, Steps: []plexytest.Step{{After: time.Second, Status: "processing"}, {After: 2 * time.Second, Status: "paid"}},
	})
	require.NoError(t, err)
	w := &weather{plexy: plexy, dice: rand.New(rand.NewPCG(f.seed, 1))}
	server := httptest.NewServer(w.around(plexy.Handler()))
	t.Cleanup(server.Close)
	return w, server.URL
}

func (w *weather) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), hangs)
		defer cancel()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // it never arrived whole
		}
		r = r.WithContext(ctx)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !w.fair.Load() {
			w.spoil(r.Method)
		}
		next.ServeHTTP(&hasty{rw}, r)
	})
}

// spoil scripts a fault for some requests: a third of the POSTs, a tenth of the reads.
func (w *weather) spoil(method string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	prefix, one := "read-", 10
	if method == http.MethodPost {
		prefix, one = "create-", 3
	}
	if w.dice.IntN(one) > 0 {
		return
	}
	for all := plexytest.Faults(); ; {
		// A key that may not create holds the sender back for minutes: that is another test's.
		if fault := all[w.dice.IntN(len(all))]; strings.HasPrefix(string(fault), prefix) && fault != plexytest.CreateUnauthorized {
			delay := time.Duration(1+w.dice.IntN(3000)) * time.Millisecond // of a slow answer, or of a late execution
			_ = w.plexy.FailAfter(fault, 1, delay)                         // there is such a fault
			return
		}
	}
}

// hasty asks for a second of patience where the stand-in asks for thirty.
type hasty struct{ http.ResponseWriter }

func (h *hasty) WriteHeader(status int) {
	if h.Header().Get("Retry-After") != "" {
		h.Header().Set("Retry-After", "1")
	}
	h.ResponseWriter.WriteHeader(status)
}

// killsAtAnyMoment kills the program again and again while people use it and
// Plexy does everything that it may do.
func (f *fire) killsAtAnyMoment(t *testing.T) {
	w, base := f.weather(t)
	s := f.scene(t, base)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(*proveKills)*5*time.Second+3*time.Minute)
	defer cancel()
	k := &killing{scene: s, dice: rand.New(rand.NewPCG(f.seed, 2))}
	var people sync.WaitGroup
	for i := range 3 {
		accountant := newClerk(t, s.where)
		pace := rand.New(rand.NewPCG(f.seed, 3+uint64(i)))
		people.Go(func() { assert.NoError(t, k.work(ctx, accountant, pace)) })
	}
	began := time.Now()
	k.kill()
	s.start()
	people.Wait()
	w.fair.Store(true)
	w.plexy.Heal()
	s.settles(ctx, w.plexy)
	s.now.quit(t)

	rows := f.judge(t, s.data, w.plexy)
	assert.Len(t, rows, *proveDistributions, "none is lost, none is there twice")
	t.Logf("%d distributions, %d kills (%d while it started), %d POSTs in %s: %v; attempts %v", len(rows), *proveKills, k.early,
		len(w.plexy.Posts()), time.Since(began).Round(time.Second), states(rows), attempts(t, s.data))
}

func states(rows map[string]row) map[string]int {
	counts := map[string]int{}
	for _, r := range rows {
		counts[r.status]++
	}
	return counts
}

type killing struct {
	*scene
	dice  *rand.Rand
	early int          // kills before the program served
	open  atomic.Int64 // distributions that people may have begun by now
	next  atomic.Int64
}

// kill starts the program and kills it, over and over. People get their share of
// work with each start.
func (k *killing) kill() {
	k.Helper()
	for n := range *proveKills {
		k.open.Store(int64(*proveDistributions * (n + 1) / *proveKills))
		k.now = k.f.spawn(k.T, k.data, k.base)
		if k.dice.IntN(6) == 0 {
			time.Sleep(time.Duration(k.dice.IntN(200)) * time.Millisecond)
			k.now.end(syscall.SIGKILL)
			k.early++
			continue
		}
		k.address.Store(k.now.serves())
		select {
		case <-time.After(time.Duration(100+k.dice.IntN(1500)) * time.Millisecond):
		case <-k.now.done:
			k.f.tail(k.T, k.data)
			require.FailNow(k, "the program ended by itself", "%v", k.now.cmd.ProcessState)
		}
		k.now.end(syscall.SIGKILL)
	}
}

// work makes distributions until all are made.
func (k *killing) work(ctx context.Context, c *clerk, pace *rand.Rand) error {
	if err := c.signIn(ctx, accountantEmail); err != nil {
		return err
	}
	for {
		n := k.next.Add(1)
		if n > int64(*proveDistributions) {
			return nil
		}
		if err := insist(ctx, func() error {
			if n > k.open.Load() {
				return fmt.Errorf("%d is not begun", n)
			}
			return nil
		}); err != nil {
			return err
		}
		if _, err := c.pay(ctx, payment("KILL", int(n))); err != nil {
			return err
		}
		time.Sleep(time.Duration(pace.IntN(200)) * time.Millisecond)
	}
}

// settles waits until nothing is under way any more.
func (s *scene) settles(ctx context.Context, plexy *plexytest.Server) {
	s.Helper()
	if err := insist(ctx, func() error { return s.nothingWaits(plexy) }); err != nil {
		s.f.tail(s.T, s.data)
		require.NoError(s, err, "%v; attempts %v", states(rowsByReference(s.T, s.data)), attempts(s.T, s.data))
	}
}

// nothingWaits is nil when nothing is queued or open, and everything that Plexy
// executed is known here.
func (s *scene) nothingWaits(plexy *plexytest.Server) error {
	rows := rowsByReference(s.T, s.data)
	for reference, r := range rows {
		if r.status == "queued" || r.status == "sending" || r.status == "draft" {
			return fmt.Errorf("%s is %s (%s)", reference, r.status, r.reason)
		}
	}
	for _, p := range plexy.Posts() {
		if r := rows[p.OrderReference]; p.Executed && (r.status == "unknown" || r.status == "refused") {
			return fmt.Errorf("%s was executed and is %s", p.OrderReference, r.status)
		}
	}
	return nil
}
