package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
	"plexydash/store/storetest"
)

// executions counts what Plexy paid under each reference.
func executions(plexy *plexytest.Server) map[string]int {
	times := map[string]int{}
	for _, p := range plexy.Posts() {
		if p.Executed {
			times[p.OrderReference]++
		}
	}
	return times
}

// The worst fault of all: a backup is brought back, and much was sent since.
// Nothing is sent again, and what the backup does not know is known in the end.
func (f *fire) restoredBackup(t *testing.T) {
	const waiting, fresh = 5, 5
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	s.start()
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience)
	defer cancel()
	accountant, manager := s.clerk(ctx, accountantEmail), s.clerk(ctx, managerEmail)
	sending := func(state string) {
		_, err := manager.press(ctx, "/settings/sending", url.Values{"state": {state}, "reason": {"Проверка копии"}})
		require.NoError(t, err)
	}
	paid := 0
	pay := func(name string, many int) {
		for range many {
			_, err := accountant.pay(ctx, payment(name, paid)) // each another amount
			require.NoError(t, err)
			paid++
		}
	}
	sending("off")
	pay("WAITING", waiting)
	copied := filepath.Join(t.TempDir(), "backup.db")
	f.command(t, "backup", "--data="+s.data, "--to="+copied) // while it is served
	sending("on")
	pay("LOST", *proveLost)
	sent := waiting + *proveLost
	require.Eventually(t, func() bool { return len(executions(plexy)) == sent }, 2*patience, patience/1000)
	s.now.end(syscall.SIGKILL)
	f.command(t, "restore", "--data="+s.data, "--from="+copied)
	f.command(t, "restore", "--drill", "--data="+s.data, "--from="+copied)

	s.start()
	accountant, manager = s.clerk(ctx, accountantEmail), s.clerk(ctx, managerEmail)
	sending("on") // the backup was made while it was off
	require.NoError(t, insist(ctx, func() error { return manager.mayLift(ctx) }))
	time.Sleep(2 * time.Second)
	require.Len(t, plexy.Posts(), sent, "nothing is sent on HOLD")
	_, err := manager.press(ctx, "/hold/proposal", url.Values{"reason": {"Сверено с выпиской"}})
	require.NoError(t, err)
	require.NoError(t, s.clerk(ctx, secondEmail).confirmAll(ctx))
	pay("FRESH", fresh)
	require.Eventually(t, func() bool { return len(executions(plexy)) == sent+fresh }, patience, patience/1000)
	s.now.quit(t)

	rows := rowsByReference(t, s.data)
	assert.Len(t, rows, sent+fresh)
	for reference, times := range executions(plexy) {
		assert.Equal(t, 1, times, reference)
		assert.Contains(t, rows, reference, "Plexy paid it and nobody here knows")
	}
	assert.Len(t, plexy.Posts(), sent+fresh)
	storetest.CheckInvariants(t, liveFile(s.data))
	f.command(t, "audit", "verify", "--data="+s.data)
}

// Two folders, one Plexy: the copy refuses to send what the original sends.
func (f *fire) copiedFolder(t *testing.T) {
	const waiting = 3
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	s.start("PLEXYDASH_SUBMIT=off")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accountant := s.clerk(ctx, accountantEmail)
	for n := range waiting {
		_, err := accountant.pay(ctx, payment("COPIED", n))
		require.NoError(t, err)
	}
	s.now.quit(t)
	second := &scene{T: t, f: f, data: merelyCopied(t, s.data), base: base}
	second.start()
	require.NoError(t, insist(ctx, func() error { return second.clerk(ctx, managerEmail).mayLift(ctx) }))
	assert.Empty(t, plexy.Posts(), "the copy sends nothing")
	s.start()
	require.Eventually(t, func() bool { return len(executions(plexy)) == waiting }, patience, patience/1000)
	time.Sleep(2 * time.Second)
	assert.Len(t, plexy.Posts(), waiting)
	second.now.quit(t)
	s.now.quit(t)
	for reference, r := range rowsByReference(t, second.data) {
		assert.NotEqual(t, "queued", r.status, reference)
		assert.Equal(t, "dashboard", r.origin, reference)
	}
}

// clerk is somebody who has signed in.
func (s *scene) clerk(ctx context.Context, email string) *clerk {
	s.Helper()
	c := newClerk(s.T, s.where)
	require.NoError(s, c.signIn(ctx, email))
	return c
}

// mayLift is nil when the HOLD can be lifted: all that Plexy has was read anew.
func (c *clerk) mayLift(ctx context.Context) error {
	r, err := c.send(ctx, http.MethodGet, "/hold", nil)
	if err == nil && r.Page.Find(`form[action="/hold/proposal"]`).Length() == 0 {
		err = fmt.Errorf("GET /hold: %d %s", r.Status, plainSpaces(r.Page.Find("main").Text()))
	}
	return err
}

// confirmAll confirms every proposal that the person may.
func (c *clerk) confirmAll(ctx context.Context) error {
	r, err := c.send(ctx, http.MethodGet, "/proposals", nil)
	if err != nil {
		return err
	}
	for _, form := range r.Page.Find(`form[action$="/confirmation"]`).EachIter() {
		if _, err := c.press(ctx, form.AttrOr("action", ""), nil); err != nil {
			return err
		}
	}
	return nil
}
