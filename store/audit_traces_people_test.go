package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

func tracesOfPeople() []trace {
	token := []byte("token")
	return []trace{
		{"CreateUser", []string{"user.created"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return second(w.CreateUser(t.Context(), by, aigul())) }
		}, byCLI},
		{"SetRole", []string{"user.role_changed"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return second(w.SetRole(t.Context(), by, w.maker.ID, distribution.Auditor))
			}
		}, byCLI},
		{"SetPassword", []string{"user.password_changed"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SetPassword(t.Context(), by, w.maker.ID, "$argon2id$") }
		}, byCLI},
		{"DisableUser", []string{"user.disabled"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.DisableUser(t.Context(), by, w.maker.ID) }
		}, byCLI},
		{"EnableUser", []string{"user.enabled"}, func(t *testing.T, w *world) call {
			require.NoError(t, w.DisableUser(t.Context(), distribution.CLI("root"), w.maker.ID))
			return func(by distribution.Actor) error { return w.EnableUser(t.Context(), by, w.maker.ID) }
		}, byCLI},
		{"StartSession", []string{"user.signed_in"}, func(t *testing.T, w *world) call {
			u, err := w.User(t.Context(), w.maker.ID)
			require.NoError(t, err)
			return func(by distribution.Actor) error {
				return w.StartSession(t.Context(), by, store.NewSession{TokenHash: token, User: u, Lifetime: time.Hour})
			}
		}, byMaker},
		{"SeeSession", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return w.SeeSession(t.Context(), token) }
		}, nil},
		{"SetSessionData", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return w.SetSessionData(t.Context(), token, []byte("flash")) }
		}, nil},
		{"EndSession", []string{"user.signed_out"}, func(t *testing.T, w *world) call {
			u, err := w.User(t.Context(), w.maker.ID)
			require.NoError(t, err)
			startSession(t, w.DB, u, token)
			return func(by distribution.Actor) error { return w.EndSession(t.Context(), by, token) }
		}, byMaker},
		{"ProveSession", []string{"user.proved"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.ProveSession(t.Context(), by, token) }
		}, byMaker},
		{"EndOneSession", []string{"user.session_ended"}, func(t *testing.T, w *world) call {
			id := openSession(t, w.DB, w.maker.ID)
			return func(by distribution.Actor) error { return w.EndOneSession(t.Context(), by, w.maker.ID, id) }
		}, byMaker},
		{"EndSessions", []string{"user.sessions_ended"}, func(t *testing.T, w *world) call {
			openSession(t, w.DB, w.maker.ID)
			return func(by distribution.Actor) error { return w.EndSessions(t.Context(), by, w.maker.ID, nil) }
		}, byMaker},
		{"Invite", []string{"user.invited"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return second(w.Invite(t.Context(), by, w.maker.ID)) }
		}, byCLI},
		{"AcceptInvitation", []string{"user.invitation_accepted"}, func(t *testing.T, w *world) call {
			link, err := w.Invite(t.Context(), distribution.CLI("root"), w.maker.ID)
			require.NoError(t, err)
			return func(by distribution.Actor) error {
				return second(w.AcceptInvitation(t.Context(), by, link, "$argon2id$"))
			}
		}, byMaker},
		{"OfferFactor", []string{"user.factor_offered"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.OfferFactor(t.Context(), by, []byte("secret")) }
		}, byMaker},
		{"ConfirmFactor", []string{"user.factor_set"}, func(t *testing.T, w *world) call {
			require.NoError(t, w.OfferFactor(t.Context(), w.maker, []byte("secret")))
			return func(by distribution.Actor) error { return w.ConfirmFactor(t.Context(), by, 7, [][]byte{token}) }
		}, byMaker},
		{"UseFactorStep", nil, func(t *testing.T, w *world) call {
			setFactor(t, w.DB, w.maker, 7)
			return func(distribution.Actor) error { return w.UseFactorStep(t.Context(), w.maker.ID, 8) }
		}, nil},
		{"UseRecoveryCode", []string{"user.recovery_code_used"}, func(t *testing.T, w *world) call {
			setFactor(t, w.DB, w.maker, 7, token)
			return func(by distribution.Actor) error { return second(w.UseRecoveryCode(t.Context(), by, token)) }
		}, byMaker},
		{"RemoveFactor", []string{"user.factor_removed"}, func(t *testing.T, w *world) call {
			setFactor(t, w.DB, w.maker, 7)
			return func(by distribution.Actor) error { return w.RemoveFactor(t.Context(), by, w.maker.ID) }
		}, byMaker},
		{"RemoveFactor of another", []string{"user.factor_reset"}, func(t *testing.T, w *world) call {
			setFactor(t, w.DB, w.maker, 7)
			return func(by distribution.Actor) error { return w.RemoveFactor(t.Context(), by, w.maker.ID) }
		}, byCLI},
		{"StartSignInStep", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return w.StartSignInStep(t.Context(), token, w.maker.ID) }
		}, nil},
		{"EndSignInStep", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return w.EndSignInStep(t.Context(), token) }
		}, nil},
		{"SignInFailed", []string{"user.sign_in_failed"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SignInFailed(t.Context(), by, "a@example.kz", "password") }
		}, byMaker},
	}
}
