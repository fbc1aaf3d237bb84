package main

import (
	"context"
	"database/sql"
	"flag"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var proveLocked = flag.Duration("prove.locked", 7*time.Second, "how long another program holds the database")

// Another program holds the database: pages are read all the while, each press is
// told to come again while it still does, and afterwards all goes on.
func (f *fire) lockedDatabase(t *testing.T) {
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), *proveLocked+patience)
	defer cancel()
	accountant := s.clerk(ctx, accountantEmail)
	fields, err := accountant.filled(ctx, payment("LOCKED", 1))
	require.NoError(t, err)

	other, err := sql.Open("sqlite", "file:"+liveFile(s.data)+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	held, err := other.BeginTx(ctx, nil)
	require.NoError(t, err)
	until := time.Now().Add(*proveLocked)
	var people sync.WaitGroup
	for range 3 { // they wait for each other too
		people.Go(func() { accountant.refused(ctx, t, fields) })
	}
	reading := 0
	for ; time.Now().Before(until); reading++ {
		accountant.reads(ctx, t, "/", "/distributions", "/distributions/new", "/balance", "/readyz")
	}
	people.Wait()
	require.NoError(t, held.Rollback())

	id, err := accountant.create(ctx, fields)
	require.NoError(t, err)
	require.NoError(t, accountant.submit(ctx, id))
	require.NoError(t, accountant.becomes(ctx, id, "accepted", "processing", "paid"))
	s.now.quit(t)
	require.Len(t, f.judge(t, s.data, plexy), 1)
	assert.Positive(t, reading)
	t.Logf("held for %s: pages were read %d times", *proveLocked, reading)
}
