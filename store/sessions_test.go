package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func startSession(t *testing.T, db *store.DB, u store.User, token []byte) {
	t.Helper()
	require.NoError(t, db.StartSession(t.Context(), u.Actor(), store.NewSession{
		TokenHash: token, User: u, UserAgent: "test", Lifetime: 12 * time.Hour,
	}))
}

func TestSessionLivesUntilItIsIdleOrOld(t *testing.T) {
	const idle = 15 * time.Minute
	cases := map[string]struct {
		seenEvery time.Duration // 0: never again
		after     time.Duration
		alive     bool
	}{
		"just signed in":                 {0, 0, true},
		"idle, almost too long":          {0, idle - time.Second, true},
		"idle too long":                  {0, idle, false},
		"busy, almost the whole life":    {10 * time.Minute, 12*time.Hour - time.Second, true},
		"busy, but the life is over":     {10 * time.Minute, 12 * time.Hour, false},
		"busy, then idle before the end": {10 * time.Minute, 11*time.Hour + 59*time.Minute, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			clock := storetest.NewClock()
			db := storetest.NewAt(t, clock.Now)
			u := addUser(t, db, aigul())
			startSession(t, db, u, []byte("token"))
			left := c.after
			for ; c.seenEvery > 0 && left > c.seenEvery; left -= c.seenEvery {
				clock.Advance(c.seenEvery)
				require.NoError(t, db.SeeSession(t.Context(), []byte("token")))
			}
			clock.Advance(left)
			s, err := db.Session(t.Context(), []byte("token"))
			if !c.alive {
				require.ErrorIs(t, err, distribution.ErrNotFound)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, u, s.User)
		})
	}
}

func TestANewSessionReplacesTheOldOne(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	startSession(t, db, u, []byte("old"))
	require.NoError(t, db.StartSession(t.Context(), u.Actor(), store.NewSession{
		TokenHash: []byte("new"), User: u, Lifetime: time.Hour, Replaces: []byte("old"),
	}))
	_, err := db.Session(t.Context(), []byte("old"))
	require.ErrorIs(t, err, distribution.ErrNotFound)
	_, err = db.Session(t.Context(), []byte("new"))
	require.NoError(t, err)
}

// Between comparing the password and opening the session the account may change.
func TestNoSessionForAnAccountThatChangedMeanwhile(t *testing.T) {
	by := distribution.CLI("root")
	cases := map[string]func(*testing.T, *store.DB, string){
		"disabled": func(t *testing.T, db *store.DB, id string) { require.NoError(t, db.DisableUser(t.Context(), by, id)) },
		"password": func(t *testing.T, db *store.DB, id string) {
			require.NoError(t, db.SetPassword(t.Context(), by, id, "other"))
		},
		"role": func(t *testing.T, db *store.DB, id string) {
			_, err := db.SetRole(t.Context(), by, id, distribution.Auditor)
			require.NoError(t, err)
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t)
			u := addUser(t, db, aigul())
			change(t, db, u.ID)
			err := db.StartSession(t.Context(), u.Actor(), store.NewSession{TokenHash: []byte("token"), User: u, Lifetime: time.Hour})
			require.ErrorIs(t, err, distribution.ErrNotFound)
			_, err = db.Session(t.Context(), []byte("token"))
			require.ErrorIs(t, err, distribution.ErrNotFound)
		})
	}
}

func TestSigningOutIsRecordedOnce(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	startSession(t, db, u, []byte("token"))
	assert.Equal(t, "user.signed_in", lastRecord(t, db).Action)
	require.NoError(t, db.EndSession(t.Context(), u.Actor(), []byte("token")))
	require.NoError(t, db.EndSession(t.Context(), u.Actor(), []byte("token")))
	assert.Equal(t, "user.signed_out", lastRecord(t, db).Action)
	assert.Len(t, auditRecords(t, db), 3, "created, in, out")
	_, err := db.Session(t.Context(), []byte("token"))
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

func TestSessionData(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	startSession(t, db, u, []byte("token"))
	require.NoError(t, db.SetSessionData(t.Context(), []byte("token"), []byte("values")))
	require.NoError(t, db.SetSessionData(t.Context(), []byte("ended"), []byte("values")))
	s, err := db.Session(t.Context(), []byte("token"))
	require.NoError(t, err)
	assert.Equal(t, []byte("values"), s.Data)
	_, err = db.Session(t.Context(), []byte("ended"))
	require.ErrorIs(t, err, distribution.ErrNotFound)
}
