package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// changes are all ways to change what a person may do.
func changes(w *world) map[string]func(t *testing.T, by distribution.Actor, id string) error {
	return map[string]func(*testing.T, distribution.Actor, string) error{
		"role": func(t *testing.T, by distribution.Actor, id string) error {
			t.Helper()
			return second(w.SetRole(t.Context(), by, id, distribution.Auditor))
		},
		"disable": func(t *testing.T, by distribution.Actor, id string) error {
			t.Helper()
			return w.DisableUser(t.Context(), by, id)
		},
	}
}

func TestOnlyAdministratorsChangePeople(t *testing.T) {
	for name := range changes(newWorld(t)) {
		for _, role := range distribution.Roles() {
			t.Run(name+" by "+string(role), func(t *testing.T) {
				w := newWorld(t)
				err := changes(w)[name](t, storetest.User(t, w.DB, role), w.maker.ID)
				if role == distribution.Admin {
					assert.NoError(t, err)
				} else {
					assert.ErrorIs(t, err, distribution.ErrForbidden)
				}
			})
		}
	}
	w := newWorld(t)
	_, err := w.CreateUser(t.Context(), w.manager, aigul())
	require.ErrorIs(t, err, distribution.ErrForbidden)
	_, err = w.CreateUser(t.Context(), distribution.Actor{}, aigul())
	require.ErrorIs(t, err, store.ErrNoActor)
	require.NoError(t, w.DisableUser(t.Context(), distribution.CLI("root"), w.maker.ID))
	require.ErrorIs(t, w.EnableUser(t.Context(), w.manager, w.maker.ID), distribution.ErrForbidden)
}

// What counts is who the administrator is now, whatever the request began as.
func TestRightsThatWereTakenAwayMeanwhile(t *testing.T) {
	w := newWorld(t)
	storetest.User(t, w.DB, distribution.Admin)
	root := distribution.CLI("root")
	was, shut := storetest.User(t, w.DB, distribution.Admin), storetest.User(t, w.DB, distribution.Admin)
	_, err := w.SetRole(t.Context(), root, was.ID, distribution.Manager)
	require.NoError(t, err)
	require.NoError(t, w.DisableUser(t.Context(), root, shut.ID))
	for name, change := range changes(w) {
		require.ErrorIs(t, change(t, was, w.maker.ID), distribution.ErrForbidden, name)
		require.ErrorIs(t, change(t, shut, w.maker.ID), distribution.ErrForbidden, name)
	}
	_, err = w.CreateUser(t.Context(), was, aigul())
	require.ErrorIs(t, err, distribution.ErrForbidden)
}

func TestNobodyChangesThemself(t *testing.T) {
	w := newWorld(t)
	admin, _ := storetest.User(t, w.DB, distribution.Admin), storetest.User(t, w.DB, distribution.Admin)
	for name, change := range changes(w) {
		err := change(t, admin, admin.ID)
		require.ErrorIs(t, err, distribution.ErrForbidden, name)
		assert.ErrorContains(t, err, "self", name)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	w := newWorld(t)
	admin, other := storetest.User(t, w.DB, distribution.Admin), storetest.User(t, w.DB, distribution.Admin)
	require.NoError(t, w.DisableUser(t.Context(), admin, other.ID))
	for name, change := range changes(w) {
		err := change(t, distribution.CLI("root"), admin.ID)
		require.ErrorIs(t, err, distribution.ErrConflict, name)
		assert.ErrorContains(t, err, "last_admin", name)
	}
	require.NoError(t, w.EnableUser(t.Context(), admin, other.ID))
	require.NoError(t, w.DisableUser(t.Context(), distribution.CLI("root"), admin.ID))
}

// Rights count as they are in the transaction: of two administrators who take
// each other's role at once, one comes first and the other has none any more.
func TestAdministratorsWhoRemoveEachOther(t *testing.T) {
	for range 10 {
		w := newWorld(t)
		a, b := storetest.User(t, w.DB, distribution.Admin), storetest.User(t, w.DB, distribution.Admin)
		var group sync.WaitGroup
		errs := make([]error, 40)
		for i := range errs {
			by, of := a, b
			if i%2 == 1 {
				by, of = b, a
			}
			group.Go(func() {
				if i%4 < 2 {
					_, errs[i] = w.SetRole(t.Context(), by, of.ID, distribution.Auditor)
				} else {
					errs[i] = w.DisableUser(t.Context(), by, of.ID)
				}
			})
		}
		group.Wait()
		counts, err := w.RoleCounts(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1, counts[distribution.Admin], "one is left, whoever came first")
	}
}

func TestAnAccountIsOpenedAgain(t *testing.T) {
	w := newWorld(t)
	admin := storetest.User(t, w.DB, distribution.Admin)
	require.NoError(t, w.EnableUser(t.Context(), admin, w.maker.ID), "one that works stays as it is")
	require.NoError(t, w.DisableUser(t.Context(), admin, w.maker.ID))
	require.NoError(t, w.EnableUser(t.Context(), admin, w.maker.ID))
	m, err := w.Member(t.Context(), w.maker.ID)
	require.NoError(t, err)
	assert.False(t, m.Disabled())
	_, err = w.Member(t.Context(), "nobody")
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

func TestMembers(t *testing.T) {
	w := newWorld(t)
	all, err := w.Members(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Zero(t, all[0].LastSignIn)
	assert.False(t, all[0].Factor)

	u, err := w.User(t.Context(), w.maker.ID)
	require.NoError(t, err)
	startSession(t, w.DB, u, []byte("token"))
	signedIn := w.Now()
	w.sql(t, "INSERT INTO factors (user_id, secret, confirmed_at, created_at) VALUES ($1, x'00', 1, 1)", u.ID)
	w.sql(t, "INSERT INTO invitations (token_hash, user_id, by_id, created_at, expires_at) VALUES (x'01', $1, 'x', 1, $2)",
		w.manager.ID, w.Now().Add(time.Hour).UnixMicro())
	w.clock.Advance(14 * time.Minute)
	maker, err := w.Member(t.Context(), w.maker.ID)
	require.NoError(t, err)
	assert.Equal(t, signedIn, maker.LastSignIn)
	assert.True(t, maker.Factor)
	assert.Zero(t, maker.InvitedUntil)
	assert.Equal(t, 1, maker.Sessions)
	manager, err := w.Member(t.Context(), w.manager.ID)
	require.NoError(t, err)
	assert.False(t, manager.InvitedUntil.IsZero())
	w.clock.Advance(time.Hour)
	manager, err = w.Member(t.Context(), w.manager.ID)
	require.NoError(t, err)
	assert.Zero(t, manager.InvitedUntil, "it has run out")
	maker, err = w.Member(t.Context(), w.maker.ID)
	require.NoError(t, err)
	assert.Zero(t, maker.Sessions, "nobody used it for too long")
}

func TestFailedSignInsOfAnAccount(t *testing.T) {
	w := newWorld(t)
	fail := func(by distribution.Actor, reason string) {
		by.Address = "10.0.0.7"
		require.NoError(t, w.SignInFailed(t.Context(), by, by.Email, reason))
	}
	fail(w.maker, "password")
	w.clock.Advance(91 * 24 * time.Hour)
	fail(w.maker, "password")
	fail(w.manager, "password")
	w.clock.Advance(time.Minute)
	fail(w.maker, "disabled")
	got, err := w.FailedSignIns(t.Context(), w.maker.ID, 10)
	require.NoError(t, err)
	assert.Equal(t, []store.FailedSignIn{
		{At: w.Now(), Address: "10.0.0.7", Reason: "disabled"}, {At: w.Now().Add(-time.Minute), Address: "10.0.0.7", Reason: "password"},
	}, got)
}
