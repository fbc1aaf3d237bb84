package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
)

// Somebody stops sending while the queue is full: what was claimed before may
// still arrive, and nothing after it.
func (f *fire) stopUnderLoad(t *testing.T) {
	var mu sync.Mutex
	var arrived []time.Time
	plexy, base := standIn(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				mu.Lock()
				arrived = append(arrived, time.Now())
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	})
	since := func(moment time.Time) (n int) {
		mu.Lock()
		defer mu.Unlock()
		for _, at := range arrived {
			if at.After(moment) {
				n++
			}
		}
		return n
	}
	s := f.scene(t, base)
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accountant, manager := newClerk(t, s.where), newClerk(t, s.where)
	require.NoError(t, accountant.signIn(ctx, accountantEmail))
	require.NoError(t, manager.signIn(ctx, managerEmail))
	switchTo := func(state string) {
		_, err := manager.press(ctx, "/settings/sending", url.Values{"state": {state}, "reason": {"Проверка остановки"}})
		require.NoError(t, err)
	}
	const many, rounds = 150, 8
	switchTo("off")
	for n := range many {
		_, err := accountant.pay(ctx, payment("STOP", n))
		require.NoError(t, err)
	}
	dice, late := rand.New(rand.NewPCG(f.seed, 9)), 0
	for range rounds {
		switchTo("on")
		time.Sleep(time.Duration(20+dice.IntN(80)) * time.Millisecond)
		switchTo("off")
		stopped := time.Now()
		time.Sleep(300 * time.Millisecond)
		after := since(stopped)
		assert.LessOrEqual(t, after, 1, "POSTs after the answer to the press")
		late += after
	}
	sent := since(time.Time{})
	assert.Positive(t, sent)
	assert.Less(t, sent, many, "the queue was not full to the end")
	assert.Equal(t, many-sent, states(rowsByReference(t, s.data))["queued"])
	query(t, s.data, "SELECT count(*) FROM attempts a, stops s WHERE a.started_at BETWEEN s.at AND coalesce(s.lifted_at, 9e18)",
		func(scan func(...any) error) error {
			var claims int
			err := scan(&claims)
			assert.Zero(t, claims, "claims while it was stopped")
			return err
		})
	switchTo("on")
	s.settles(ctx, plexy)
	s.now.quit(t)
	require.Len(t, f.judge(t, s.data, plexy), many)
	t.Logf("stopped %d times: %d POSTs before, %d of them after the press was answered", rounds, sent, late)
}

// An operator ends the program while Plexy takes its time to answer.
func (f *fire) endDuringASlowAnswer(t *testing.T) {
	arrived := make(chan struct{}, 1)
	plexy, base := standIn(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				arrived <- struct{}{}
			}
			next.ServeHTTP(w, r)
		})
	})
	require.NoError(t, plexy.FailAfter(plexytest.CreateSlow, 1, 5*time.Second))
	s := f.scene(t, base)
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accountant := newClerk(t, s.where)
	require.NoError(t, accountant.signIn(ctx, accountantEmail))
	id, err := accountant.pay(ctx, payment("SLOW", 1))
	require.NoError(t, err)
	<-arrived
	asked := time.Now()
	s.now.quit(t)
	took := time.Since(asked)
	t.Logf("ended %s after it was asked", took.Round(time.Millisecond))
	assert.Greater(t, took, 3*time.Second, "it did not wait for the answer")
	assert.Less(t, took, 45*time.Second)
	assert.Equal(t, "accepted", f.judge(t, s.data, plexy)["SLOW-00001"].status)
	assert.NotContains(t, s.history(id), "unknown")
}
