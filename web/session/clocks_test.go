package session

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// desk is a browser of one person in front of the real clock of a bubble.
type desk struct {
	*Store
	t       *testing.T
	user    store.User
	cookies []*http.Cookie
}

func atDesk(t *testing.T, role distribution.Role) *desk {
	t.Helper()
	db := storetest.Open(t, filepath.Join(t.TempDir(), "test.db"), time.Now)
	u, err := db.User(t.Context(), storetest.User(t, db, role).ID)
	require.NoError(t, err)
	return &desk{Store: New(db, Options{}), t: t, user: u}
}

func (d *desk) request() *http.Request {
	r := httptest.NewRequestWithContext(d.t.Context(), http.MethodGet, "/", nil)
	for _, c := range d.cookies {
		r.AddCookie(c)
	}
	return r
}

func (d *desk) do(act func(http.ResponseWriter, *http.Request) error) {
	d.t.Helper()
	rec := httptest.NewRecorder()
	require.NoError(d.t, act(rec, d.request()))
	d.cookies = append(d.cookies, rec.Result().Cookies()...)
}

func (d *desk) alive() bool {
	d.t.Helper()
	r, err := d.Load(d.request())
	require.NoError(d.t, err)
	return !Actor(r.Context()).IsZero()
}

func TestClocksOfASession(t *testing.T) {
	for role, idle := range map[distribution.Role]time.Duration{
		distribution.Accountant: 15 * time.Minute, distribution.Manager: 15 * time.Minute,
		distribution.Auditor: 30 * time.Minute, distribution.Admin: 30 * time.Minute,
	} {
		t.Run(string(role), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := atDesk(t, role)
				in := func(w http.ResponseWriter, r *http.Request) error { return d.SignIn(w, r, d.user, Opening{}) }
				d.do(in)
				time.Sleep(idle - time.Second)
				require.True(t, d.alive(), "looked at, but not used")
				time.Sleep(time.Second)
				require.False(t, d.alive(), "idle")

				d.cookies = nil
				d.do(in)
				for range 12*60/10 - 1 {
					time.Sleep(10 * time.Minute)
					require.True(t, d.alive())
					require.NoError(t, d.Seen(d.request()))
				}
				time.Sleep(10*time.Minute - time.Second)
				assert.True(t, d.alive(), "busy for almost twelve hours")
				time.Sleep(time.Second)
				assert.False(t, d.alive(), "twelve hours are over, however busy")
			})
		})
	}
}

func TestAProofIsFreshForFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := atDesk(t, distribution.Manager)
		hash, err := HashPassword("a password for the tests", d.user, false)
		require.NoError(t, err)
		require.NoError(t, d.db.SetPassword(t.Context(), distribution.CLI("root"), d.user.ID, hash))
		d.user.PasswordHash = hash
		assert.False(t, d.Fresh(d.request()), "nobody")
		d.do(func(w http.ResponseWriter, r *http.Request) error { return d.SignIn(w, r, d.user, Opening{}) })
		time.Sleep(FreshFor - time.Second)
		assert.True(t, d.Fresh(d.request()), "signing in counts")
		time.Sleep(time.Second)
		assert.False(t, d.Fresh(d.request()))
		require.ErrorIs(t, d.Prove(d.request(), "wrong", ""), ErrWrong)
		assert.False(t, d.Fresh(d.request()))
		require.NoError(t, d.Prove(d.request(), "a password for the tests", ""))
		assert.True(t, d.Fresh(d.request()))
		time.Sleep(FreshFor)
		assert.False(t, d.Fresh(d.request()))
	})
}

func TestARightPasswordWaitsFiveMinutesForItsCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := atDesk(t, distribution.Manager)
		d.do(func(w http.ResponseWriter, r *http.Request) error { return d.Await(w, r, d.user) })
		assert.False(t, d.alive(), "half signed in is not signed in")
		time.Sleep(store.SignInStepLife - time.Second)
		u, err := d.Awaited(d.request())
		require.NoError(t, err)
		assert.Equal(t, d.user.ID, u.ID)
		time.Sleep(time.Second)
		_, err = d.Awaited(d.request())
		require.ErrorIs(t, err, distribution.ErrNotFound)
	})
}
