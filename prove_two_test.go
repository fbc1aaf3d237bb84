package main

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (f *fire) secondProgram(t *testing.T) {
	_, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	s.start()
	second := f.spawn(t, s.data, base)
	require.Empty(t, second.serves())
	require.Equal(t, 1, second.cmd.ProcessState.ExitCode())
	answer, err := newClerk(t, s.where).send(t.Context(), http.MethodGet, "/healthz", nil)
	require.NoError(t, err, "the first goes on")
	require.Equal(t, http.StatusOK, answer.Status)
	s.now.quit(t)
}

// Two programs that send share a database: the lock is taken away, and what is
// left must do.
func (f *fire) twoPrograms(t *testing.T) {
	w, base := f.weather(t)
	s := f.scene(t, base)
	const unlocked = "PLEXYDASH_CRASH_NO_LOCK=1"
	s.start(unlocked)
	other := f.scene(t, base)
	other.data = s.data
	other.start(unlocked)
	require.NotEqual(t, s.where(), other.where())

	ctx, cancel := context.WithTimeout(t.Context(), 3**proveTogether+patience)
	defer cancel()
	until := time.Now().Add(*proveTogether)
	var made atomic.Int64
	var all sync.WaitGroup
	for _, where := range []func() string{s.where, other.where} {
		accountant := newClerk(t, where)
		require.NoError(t, accountant.signIn(ctx, accountantEmail))
		all.Go(func() {
			for time.Now().Before(until) {
				if _, err := accountant.pay(ctx, payment("PAIR", int(made.Add(1)))); !assert.NoError(t, err) {
					return
				}
				time.Sleep(50 * time.Millisecond) // or the queue grows faster than it is sent
			}
		})
	}
	all.Wait()
	w.fair.Store(true)
	w.plexy.Heal()
	s.settles(ctx, w.plexy)
	s.now.quit(t)
	other.now.quit(t)
	rows := f.judge(t, s.data, w.plexy)
	assert.Len(t, rows, int(made.Load()))
	query(t, s.data, "SELECT count(DISTINCT boot) FROM attempts", func(scan func(...any) error) error {
		var senders int
		err := scan(&senders)
		assert.Equal(t, 2, senders, "both sent")
		return err
	})
	t.Logf("%d distributions, %d POSTs of two programs: %v; attempts %v", len(rows), len(w.plexy.Posts()), states(rows), attempts(t, s.data))
}
