package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func aigul() store.NewUser {
	return store.NewUser{Email: "Aigul@Demo.KZ", Name: " Айгүл Сәрсенова ", Role: distribution.Accountant, PasswordHash: "hash"}
}

func addUser(t *testing.T, db *store.DB, n store.NewUser) store.User {
	t.Helper()
	u, err := db.CreateUser(t.Context(), distribution.CLI("root"), n)
	require.NoError(t, err)
	return u
}

// auditRecords decodes the audit log.
func auditRecords(t *testing.T, db *store.DB) []audit.Record {
	t.Helper()
	var all []audit.Record
	for _, text := range column(t, db, "SELECT record FROM audit ORDER BY seq") {
		r, err := audit.Decode([]byte(text))
		require.NoError(t, err)
		all = append(all, r)
	}
	return all
}

// lastRecord is the newest audit record.
func lastRecord(t *testing.T, db *store.DB) audit.Record {
	t.Helper()
	all := auditRecords(t, db)
	require.NotEmpty(t, all)
	return all[len(all)-1]
}

func TestCreateUser(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	assert.Equal(t, "aigul@demo.kz", u.Email)
	assert.Equal(t, "Айгүл Сәрсенова", u.Name)

	for _, find := range []func() (store.User, error){
		func() (store.User, error) { return db.User(t.Context(), u.ID) },
		func() (store.User, error) { return db.UserByEmail(t.Context(), " AIGUL@demo.kz ") },
	} {
		found, err := find()
		require.NoError(t, err)
		assert.Equal(t, u, found)
	}
	r := lastRecord(t, db)
	assert.Equal(t, "user.created", r.Action)
	assert.Equal(t, u.ID, r.ObjectID)
	assert.Equal(t, "cli:root", r.Actor.ID)
	assert.NotContains(t, r.Details, "password")
}

func TestCreateUserRefuses(t *testing.T) {
	db := storetest.New(t)
	addUser(t, db, aigul())
	cases := map[string]struct {
		spoil func(*store.NewUser)
		want  error
	}{
		"address taken in another case": {func(n *store.NewUser) { n.Email = "AIGUL@DEMO.kz" }, store.ErrEmailTaken},
		"no address":                    {func(n *store.NewUser) { n.Email = "" }, store.ErrEmail},
		"no at sign":                    {func(n *store.NewUser) { n.Email = "aigul.demo.kz" }, store.ErrEmail},
		"a name around the address":     {func(n *store.NewUser) { n.Email = "Aigul <a@demo.kz>" }, store.ErrEmail},
		"two addresses":                 {func(n *store.NewUser) { n.Email = "a@demo.kz, b@demo.kz" }, store.ErrEmail},
		"an endless address":            {func(n *store.NewUser) { n.Email = strings.Repeat("a", 250) + "@demo.kz" }, store.ErrEmail},
		"no name":                       {func(n *store.NewUser) { n.Email, n.Name = "b@demo.kz", " " }, store.ErrName},
		"an endless name":               {func(n *store.NewUser) { n.Email, n.Name = "b@demo.kz", strings.Repeat("ы", 101) }, store.ErrName},
		"unknown role":                  {func(n *store.NewUser) { n.Email, n.Role = "b@demo.kz", "boss" }, store.ErrRole},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			n := aigul()
			c.spoil(&n)
			_, err := db.CreateUser(t.Context(), distribution.CLI("root"), n)
			require.ErrorIs(t, err, c.want)
		})
	}
	assert.Len(t, auditRecords(t, db), 1, "a refused person leaves no record")
	_, err := db.CreateUser(t.Context(), distribution.Actor{}, store.NewUser{Email: "c@demo.kz", Name: "C", Role: distribution.Admin})
	require.ErrorIs(t, err, store.ErrNoActor)
	_, err = db.UserByEmail(t.Context(), "c@demo.kz")
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

func TestUsersAreListedByAddress(t *testing.T) {
	db := storetest.New(t)
	b := addUser(t, db, store.NewUser{Email: "b@demo.kz", Name: "B", Role: distribution.Auditor})
	a := addUser(t, db, aigul())
	require.NoError(t, db.DisableUser(t.Context(), distribution.CLI("root"), b.ID))
	users, err := db.Users(t.Context())
	require.NoError(t, err)
	require.Len(t, users, 2)
	assert.Equal(t, a.ID, users[0].ID)
	assert.True(t, users[1].Disabled())
}

// What takes a right away also ends every open session, and is on record.
func TestChangesOfAPersonEndTheirSessions(t *testing.T) {
	by := distribution.CLI("root")
	cases := map[string]struct {
		change func(context.Context, *store.DB, string) error
		action string
		check  func(*testing.T, store.User)
	}{
		"role": {
			func(ctx context.Context, db *store.DB, id string) error {
				_, err := db.SetRole(ctx, by, id, distribution.Manager)
				return err
			},
			"user.role_changed", func(t *testing.T, u store.User) { assert.Equal(t, distribution.Manager, u.Role) },
		},
		"password": {
			func(ctx context.Context, db *store.DB, id string) error { return db.SetPassword(ctx, by, id, "other") },
			"user.password_changed", func(t *testing.T, u store.User) { assert.Equal(t, "other", u.PasswordHash) },
		},
		"disabled": {
			func(ctx context.Context, db *store.DB, id string) error { return db.DisableUser(ctx, by, id) },
			"user.disabled", func(t *testing.T, u store.User) { assert.True(t, u.Disabled()) },
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t)
			u := addUser(t, db, aigul())
			startSession(t, db, u, []byte("token"))
			require.NoError(t, c.change(t.Context(), db, u.ID))
			_, err := db.Session(t.Context(), []byte("token"))
			require.ErrorIs(t, err, distribution.ErrNotFound)
			changed, err := db.User(t.Context(), u.ID)
			require.NoError(t, err)
			c.check(t, changed)
			r := lastRecord(t, db)
			assert.Equal(t, c.action, r.Action)
			for _, text := range r.Details {
				assert.NotContains(t, text, "other", "a hash is a secret")
			}
			require.ErrorIs(t, c.change(t.Context(), db, "nobody"), distribution.ErrNotFound)
		})
	}
}

func TestAChangeThatChangesNothingIsNoChange(t *testing.T) {
	db := storetest.New(t)
	u := addUser(t, db, aigul())
	startSession(t, db, u, []byte("token"))
	before := len(auditRecords(t, db))
	_, err := db.SetRole(t.Context(), distribution.CLI("root"), u.ID, distribution.Accountant)
	require.NoError(t, err)
	assert.Len(t, auditRecords(t, db), before)
	_, err = db.Session(t.Context(), []byte("token"))
	require.NoError(t, err)
	_, err = db.SetRole(t.Context(), distribution.CLI("root"), u.ID, "boss")
	require.ErrorIs(t, err, store.ErrRole)
}
