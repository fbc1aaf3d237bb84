package main

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const clicks = 50

// together does the same fifty times at once.
func together(t *testing.T, do func() (string, error)) (answers map[string]int) {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	answers = map[string]int{}
	begin := make(chan struct{})
	for range clicks {
		all.Go(func() {
			<-begin
			answer, err := do()
			if !assert.NoError(t, err) {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			answers[answer]++
		})
	}
	close(begin)
	all.Wait()
	return answers
}

func (f *fire) identicalClicks(t *testing.T) {
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accountant := newClerk(t, s.where)
	require.NoError(t, accountant.signIn(ctx, accountantEmail))
	fields, err := accountant.filled(ctx, payment("CLICK", 1))
	require.NoError(t, err)
	fields.Set("orderReference", "") // only the form's token tells that it is the same

	reviews := together(t, func() (string, error) { return accountant.press(ctx, "/distributions", fields) })
	require.Len(t, reviews, 1, "one form, one page")
	id, err := accountant.create(ctx, fields)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"/distributions/" + id + "/review": clicks}, reviews)

	pages := together(t, func() (string, error) {
		return accountant.press(ctx, "/distributions/"+id+"/submission", nil)
	})
	require.Equal(t, map[string]int{"/distributions/" + id: clicks}, pages)
	require.NoError(t, accountant.becomes(ctx, id, "accepted", "processing", "paid"))
	s.now.quit(t)
	require.Len(t, f.judge(t, s.data, plexy), 1)
	require.Len(t, plexy.Posts(), 1)
}
