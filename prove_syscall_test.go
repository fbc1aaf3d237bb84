package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// strace is the program that writes down system calls. Where there is none the
// proof is skipped, but never in CI.
func strace(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no strace")
	}
	require.NoError(t, err)
	return path
}

// oneSend starts the program, makes one payment and ends it, through as many
// starts as that takes, and compares what Plexy did with what is known here. The
// first start is struck. It returns the calls of that, and whether it was reached.
func (f *fire) oneSend(t *testing.T, x strike) (report string) {
	t.Helper()
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	report = s.startTraced(x)
	first, accountant := s.now, newClerk(t, s.where)
	var id string
	s.through(func() (err error) {
		if err := accountant.signIn(ctx, accountantEmail); err != nil {
			return err
		}
		if id, err = accountant.pay(ctx, payment("CALL", 1)); err != nil {
			return err
		}
		return accountant.becomes(ctx, id, "accepted", "processing", "paid", "unknown")
	})
	s.settles(ctx, plexy)
	s.now.end(syscall.SIGTERM)
	if !s.now.cmd.ProcessState.Success() { // struck at its end
		s.start()
		s.now.quit(t)
	}
	rows := f.judge(t, s.data, plexy)
	assert.Len(t, rows, 1, "one form, one distribution")
	assert.Equal(t, id, rows["CALL-00001"].id, "what was answered for is there")
	if ended := first.cmd.ProcessState; !ended.Success() && !first.killed() || x.how != kills && strings.Contains(x.call, "instance") {
		log, err := os.ReadFile(s.data + ".log")
		require.NoError(t, err)
		says := regexp.MustCompile("disk I/O error|input/output error|no space left|disk is full").Match(log)
		assert.Truef(t, says, "%v without a word of what failed", ended)
	}
	return report
}

// struckAtEach strikes every one of the calls, every so many of them, and proves
// that each was reached. A call that one run did not come to is tried again.
func struckAtEach(t *testing.T, calls []string, step int, how string, run func(t *testing.T, x strike) (report string)) {
	t.Helper()
	var chosen, reached []string
	for n := 0; n < len(calls); n += step {
		call := calls[n]
		chosen = append(chosen, call)
		for range 3 {
			struck := false
			t.Run(how+" "+call, func(t *testing.T) { _, struck = callsIn(t, run(t, strike{how, call}), "") })
			if struck {
				reached = append(reached, call)
				break
			}
		}
	}
	require.NotEmpty(t, chosen)
	assert.Equal(t, chosen, reached, "calls that were struck")
	t.Logf("%s at %d of %d calls (%s)", how, len(reached), len(calls), byFile(calls))
}

// struckCalls is one whole send, from the start of the program to its end, over
// and over: killed at every fsync and every seventh pwrite, and with a disk that
// refuses each fsync once, as a device that is broken and as one that is full.
func (f *fire) struckCalls(t *testing.T) {
	whole := f.oneSend(t, strike{})
	syncs, _ := callsIn(t, whole, syncCall)
	writes, _ := callsIn(t, whole, writeCall)
	struckAtEach(t, syncs, *proveStride, kills, f.oneSend)
	struckAtEach(t, writes, 7**proveStride, kills, f.oneSend)
	for how := range refusals() {
		struckAtEach(t, syncs, *proveStride, how, f.oneSend)
	}
}
