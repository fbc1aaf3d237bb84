package store_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// openSession opens a session of the person and returns its name.
func openSession(t *testing.T, db *store.DB, userID string) string {
	t.Helper()
	u, err := db.User(t.Context(), userID)
	require.NoError(t, err)
	token := sha256.Sum256([]byte(store.NewID()))
	by := u.Actor()
	by.Address = "10.0.0.1"
	require.NoError(t, db.StartSession(t.Context(), by, store.NewSession{TokenHash: token[:], User: u, UserAgent: "test", Lifetime: 12 * time.Hour}))
	s, err := db.Session(t.Context(), token[:])
	require.NoError(t, err)
	return s.ID
}

func setFactor(t *testing.T, db *store.DB, who distribution.Actor, step int64, recovery ...[]byte) {
	t.Helper()
	require.NoError(t, db.OfferFactor(t.Context(), who, []byte("secret")))
	require.NoError(t, db.ConfirmFactor(t.Context(), who, step, recovery))
}

func TestSessionsOf(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	u, other := addUser(t, db, aigul()), storetest.User(t, db, distribution.Admin)
	idle := openSession(t, db, u.ID)
	clock.Advance(10 * time.Minute)
	first, second := openSession(t, db, u.ID), openSession(t, db, u.ID)
	openSession(t, db, other.ID)
	clock.Advance(5 * time.Minute)

	all, err := db.SessionsOf(t.Context(), u.ID)
	require.NoError(t, err)
	require.Len(t, all, 2, "not the idle one, not somebody else's")
	assert.ElementsMatch(t, []string{first, second}, []string{all[0].ID, all[1].ID})
	assert.NotContains(t, []string{first, second}, idle)
	opened := clock.Now().Add(-5 * time.Minute)
	assert.Equal(t, store.SessionInfo{
		ID: all[0].ID, UserAgent: "test", Address: "10.0.0.1", CreatedAt: opened, LastSeen: opened, ProvedAt: opened, ExpiresAt: opened.Add(12 * time.Hour),
	}, all[0])
}

func TestEndingSessions(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	stranger, admin := storetest.User(t, db, distribution.Manager), storetest.User(t, db, distribution.Admin)
	left := func() int {
		all, err := db.SessionsOf(t.Context(), u.ID)
		require.NoError(t, err)
		return len(all)
	}
	id := openSession(t, db, u.ID)
	startSession(t, db, u, []byte("mine"))
	openSession(t, db, u.ID)

	require.ErrorIs(t, db.EndOneSession(t.Context(), stranger, u.ID, id), distribution.ErrForbidden)
	require.ErrorIs(t, db.EndSessions(t.Context(), stranger, u.ID, nil), distribution.ErrForbidden)
	require.ErrorIs(t, db.EndOneSession(t.Context(), stranger, stranger.ID, id), distribution.ErrNotFound, "another's is not one's own")
	require.Equal(t, 3, left())

	require.NoError(t, db.EndOneSession(t.Context(), u.Actor(), u.ID, id))
	require.ErrorIs(t, db.EndOneSession(t.Context(), u.Actor(), u.ID, id), distribution.ErrNotFound)
	require.NoError(t, db.EndSessions(t.Context(), u.Actor(), u.ID, []byte("mine")))
	require.Equal(t, 1, left())
	_, err := db.Session(t.Context(), []byte("mine"))
	require.NoError(t, err, "this one stays")
	records := len(auditRecords(t, db))
	require.NoError(t, db.EndSessions(t.Context(), u.Actor(), u.ID, []byte("mine")))
	assert.Len(t, auditRecords(t, db), records, "nothing to end, nothing to record")
	require.NoError(t, db.EndSessions(t.Context(), admin, u.ID, nil))
	assert.Zero(t, left())
}

func TestLastSignIn(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	u := addUser(t, db, aigul())
	at, _, err := db.LastSignIn(t.Context(), u.ID, clock.Now())
	require.NoError(t, err)
	assert.Zero(t, at)
	openSession(t, db, u.ID)
	first := clock.Now()
	clock.Advance(time.Hour)
	openSession(t, db, u.ID)
	at, address, err := db.LastSignIn(t.Context(), u.ID, clock.Now())
	require.NoError(t, err)
	assert.Equal(t, first, at, "not the one that was just opened")
	assert.Equal(t, "10.0.0.1", address)
}

func TestInvitation(t *testing.T) {
	root := distribution.CLI("root")
	use := func(t *testing.T, db *store.DB, u store.User, token string) error {
		t.Helper()
		_, err := db.Invited(t.Context(), token)
		_, accepted := db.AcceptInvitation(t.Context(), u.Actor(), token, "new")
		assert.Equal(t, err == nil, accepted == nil, "shown and accepted alike")
		return accepted
	}
	cases := map[string]struct {
		before func(*testing.T, *store.DB, *storetest.Clock, store.User, string)
		want   error
	}{
		"good": {func(*testing.T, *store.DB, *storetest.Clock, store.User, string) {}, nil},
		"almost too old": {func(_ *testing.T, _ *store.DB, c *storetest.Clock, _ store.User, _ string) {
			c.Advance(72*time.Hour - time.Second)
		}, nil},
		"too old": {func(_ *testing.T, _ *store.DB, c *storetest.Clock, _ store.User, _ string) { c.Advance(72 * time.Hour) }, store.ErrInvitationOver},
		"used": {func(t *testing.T, db *store.DB, _ *storetest.Clock, u store.User, token string) {
			require.NoError(t, use(t, db, u, token))
		}, store.ErrInvitationOver},
		"a newer one": {func(t *testing.T, db *store.DB, _ *storetest.Clock, u store.User, _ string) {
			_, err := db.Invite(t.Context(), root, u.ID)
			require.NoError(t, err)
		}, store.ErrInvitationOver},
		"shut account": {func(t *testing.T, db *store.DB, _ *storetest.Clock, u store.User, _ string) {
			require.NoError(t, db.DisableUser(t.Context(), root, u.ID))
		}, store.ErrInvitationOver},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			clock := storetest.NewClock()
			db := storetest.NewAt(t, clock.Now)
			u := addUser(t, db, aigul())
			startSession(t, db, u, []byte("token"))
			token, err := db.Invite(t.Context(), root, u.ID)
			require.NoError(t, err)
			assert.Len(t, token, 43)
			c.before(t, db, clock, u, token)
			require.ErrorIs(t, use(t, db, u, token), c.want)
			if c.want != nil {
				return
			}
			changed, err := db.User(t.Context(), u.ID)
			require.NoError(t, err)
			assert.Equal(t, "new", changed.PasswordHash)
			_, err = db.Session(t.Context(), []byte("token"))
			require.ErrorIs(t, err, distribution.ErrNotFound, "open sessions end")
		})
	}
}

func TestWhoInvites(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	for _, role := range distribution.Roles() {
		_, err := db.Invite(t.Context(), storetest.User(t, db, role), u.ID)
		assert.Equal(t, role == distribution.Admin, err == nil, role)
	}
	for _, token := range []string{"", "x", "\x00", "AAAA"} {
		_, err := db.Invited(t.Context(), token)
		require.ErrorIs(t, err, store.ErrInvitationOver)
	}
}

func TestACodeWorksOnce(t *testing.T) {
	db := storetest.New(t)
	u := storetest.User(t, db, distribution.Manager)
	require.ErrorIs(t, db.UseFactorStep(t.Context(), u.ID, 1), distribution.ErrConflict, "no factor")
	require.NoError(t, db.OfferFactor(t.Context(), u, []byte("first")))
	require.ErrorIs(t, db.UseFactorStep(t.Context(), u.ID, 1), distribution.ErrConflict, "not in force")
	require.NoError(t, db.OfferFactor(t.Context(), u, []byte("secret")), "offered again")
	require.NoError(t, db.ConfirmFactor(t.Context(), u, 10, [][]byte{[]byte("a"), []byte("b")}))
	require.ErrorIs(t, db.OfferFactor(t.Context(), u, []byte("third")), distribution.ErrConflict, "one in force is not replaced")
	require.ErrorIs(t, db.ConfirmFactor(t.Context(), u, 12, nil), distribution.ErrConflict)
	for _, c := range []struct {
		step int64
		ok   bool
	}{{10, false}, {9, false}, {12, true}, {12, false}, {11, false}, {13, true}} {
		assert.Equal(t, c.ok, db.UseFactorStep(t.Context(), u.ID, c.step) == nil, c.step)
	}
	left, err := db.UseRecoveryCode(t.Context(), u, []byte("a"))
	require.NoError(t, err)
	assert.Equal(t, 1, left)
	_, err = db.UseRecoveryCode(t.Context(), u, []byte("a"))
	require.ErrorIs(t, err, distribution.ErrConflict)
	f, err := db.Factor(t.Context(), u.ID)
	require.NoError(t, err)
	assert.Equal(t, []byte("secret"), f.Secret)
	assert.Equal(t, 1, f.CodesLeft)
}

func TestRemovingAFactor(t *testing.T) {
	db := storetest.New(t)
	u, stranger, admin := storetest.User(t, db, distribution.Accountant), storetest.User(t, db, distribution.Manager), storetest.User(t, db, distribution.Admin)
	setFactor(t, db, u, 7)
	openSession(t, db, u.ID)
	require.ErrorIs(t, db.RemoveFactor(t.Context(), stranger, u.ID), distribution.ErrForbidden)
	require.NoError(t, db.SetPolicy(t.Context(), distribution.CLI("root"), distribution.Policy{FactorRoles: []distribution.Role{distribution.Accountant}}))
	require.ErrorIs(t, db.RemoveFactor(t.Context(), u, u.ID), distribution.ErrConflict, "the policy asks for it")
	require.NoError(t, db.RemoveFactor(t.Context(), admin, u.ID), "it was lost")
	all, err := db.SessionsOf(t.Context(), u.ID)
	require.NoError(t, err)
	assert.Empty(t, all)
	_, err = db.Factor(t.Context(), u.ID)
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

func TestSignInStep(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.NewAt(t, clock.Now)
	u := addUser(t, db, aigul())
	require.NoError(t, db.StartSignInStep(t.Context(), []byte("a"), u.ID))
	clock.Advance(5*time.Minute - time.Second)
	found, err := db.SignInStep(t.Context(), []byte("a"))
	require.NoError(t, err)
	assert.Equal(t, u.ID, found.ID)
	clock.Advance(time.Second)
	_, err = db.SignInStep(t.Context(), []byte("a"))
	require.ErrorIs(t, err, distribution.ErrNotFound)

	require.NoError(t, db.StartSignInStep(t.Context(), []byte("b"), u.ID))
	require.NoError(t, db.SetPassword(t.Context(), distribution.CLI("root"), u.ID, "other"))
	_, err = db.SignInStep(t.Context(), []byte("b"))
	require.ErrorIs(t, err, distribution.ErrNotFound, "the password that was right is not any more")
}
