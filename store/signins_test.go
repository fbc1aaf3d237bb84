package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func stranger(address string) distribution.Actor {
	return distribution.Actor{Person: distribution.Person{ID: "anonymous", Name: "anonymous"}, Address: address}
}

func failSignIn(t *testing.T, db *store.DB, times int, email, address string) {
	t.Helper()
	for range times {
		require.NoError(t, db.SignInFailed(t.Context(), stranger(address), email, "unknown"))
	}
}

func waitFor(t *testing.T, db *store.DB, email, address string) time.Duration {
	t.Helper()
	wait, err := db.SignInWait(t.Context(), email, address)
	require.NoError(t, err)
	return wait
}

func TestWaitGrowsWithFailuresOfOneAccount(t *testing.T) {
	for failures, want := range map[int]time.Duration{
		0: 0, 9: 0, 10: 30 * time.Second, 11: time.Minute, 12: 2 * time.Minute, 13: 4 * time.Minute,
		14: 8 * time.Minute, 15: 15 * time.Minute, 40: 15 * time.Minute,
	} {
		t.Run(fmt.Sprint(failures), func(t *testing.T) {
			clock := storetest.NewClock()
			db := storetest.NewAt(t, clock.Now)
			failSignIn(t, db, failures, "a@demo.kz", "10.0.0.1")
			assert.Equal(t, want, waitFor(t, db, " A@demo.kz ", "10.0.0.2"), "by account, from any address")
			assert.Zero(t, waitFor(t, db, "b@demo.kz", "10.0.0.1"), "others are not held up")
		})
	}
}

func TestWaitPassesAndFailuresAreForgotten(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	failSignIn(t, db, 11, "a@demo.kz", "10.0.0.1")
	clock.Advance(time.Minute - time.Second)
	assert.Equal(t, time.Second, waitFor(t, db, "a@demo.kz", "10.0.0.1"))
	clock.Advance(time.Second)
	assert.Zero(t, waitFor(t, db, "a@demo.kz", "10.0.0.1"))
	failSignIn(t, db, 4, "a@demo.kz", "10.0.0.1")
	assert.Equal(t, 15*time.Minute, waitFor(t, db, "a@demo.kz", "10.0.0.1"))
	clock.Advance(15 * time.Minute)
	assert.Zero(t, waitFor(t, db, "a@demo.kz", "10.0.0.1"), "never for ever")
	failSignIn(t, db, 9, "a@demo.kz", "10.0.0.1")
	assert.Zero(t, waitFor(t, db, "a@demo.kz", "10.0.0.1"), "the old ones do not count")
}

func TestOneAddressTryingManyAccounts(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	for i := range 99 {
		failSignIn(t, db, 1, fmt.Sprintf("%d@demo.kz", i), "10.0.0.1")
	}
	assert.Zero(t, waitFor(t, db, "new@demo.kz", "10.0.0.1"))
	failSignIn(t, db, 1, "99@demo.kz", "10.0.0.1")
	assert.Equal(t, 30*time.Second, waitFor(t, db, "new@demo.kz", "10.0.0.1"))
	assert.Zero(t, waitFor(t, db, "new@demo.kz", "10.0.0.2"))
}

func TestAFailureIsRecordedWithoutWhatWasTyped(t *testing.T) {
	db := storetest.New(t)
	failSignIn(t, db, 1, "my-secret-password", "10.0.0.1")
	r := lastRecord(t, db)
	assert.Equal(t, "user.sign_in_failed", r.Action)
	assert.Equal(t, audit.Denied, r.Result)
	assert.Equal(t, "10.0.0.1", r.Actor.Address)
	assert.Equal(t, "unknown", r.Reason)
	assert.Empty(t, r.ObjectID)
	assert.NotContains(t, strings.Join(column(t, db, "SELECT record FROM audit"), "\n"), "my-secret-password")

	u := addUser(t, db, aigul())
	require.NoError(t, db.SignInFailed(t.Context(), u.Actor(), u.Email, "password"))
	assert.Equal(t, u.ID, lastRecord(t, db).ObjectID)
	assert.Equal(t, u.Email, lastRecord(t, db).Actor.Email)
}
