package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"plexydash/distribution"
	"plexydash/store"
)

// What every authenticator app does when it is not told otherwise: SHA-1, six
// digits, a new code every 30 seconds (RFC 6238).
const (
	stepLength    = 30 * time.Second
	secretBytes   = 20
	recoveryCodes = 10
	recoveryBytes = 10 // 80 random bits: hashed without salt they still cannot be guessed
	// RecoveryAbsent is how many recovery codes CheckCode says are left when none
	// was used.
	RecoveryAbsent = -1
)

// NewSecret makes the secret of a second factor.
func NewSecret() []byte {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the program instead
	return secret
}

// SecretText is a secret as apps want it typed.
func SecretText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// KeyURL is what a QR code tells the app.
func KeyURL(secret []byte, email string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/plexydash:" + email}
	u.RawQuery = url.Values{"secret": {SecretText(secret)}, "issuer": {"plexydash"}}.Encode()
	return u.String()
}

// StepOf finds the time step that a code belongs to: the one now, or the one
// beside it, for clocks that differ.
func StepOf(secret []byte, code string, now time.Time) (step int64, found bool, err error) {
	current := now.Unix() / int64(stepLength/time.Second)
	for _, at := range []int64{current - 1, current, current + 1} {
		want, err := codeAt(secret, at)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, found = at, true
		}
	}
	return step, found, nil
}

func codeAt(secret []byte, step int64) (string, error) {
	code, err := hotp.GenerateCodeCustom(SecretText(secret), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // time is not negative
	if err != nil {
		return "", fmt.Errorf("session: code: %w", err)
	}
	return code, nil
}

// NewRecoveryCodes makes the codes that stand in for a lost device, and their
// hashes. They are shown once.
func NewRecoveryCodes() (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		secret := make([]byte, recoveryBytes)
		_, _ = rand.Read(secret) // never fails
		text, sum := SecretText(secret), sha256.Sum256(secret)
		codes = append(codes, strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-"))
		hashes = append(hashes, sum[:])
	}
	return codes, hashes
}

// PlainCode is a code without what people put between its characters.
func PlainCode(text string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "\t", "").Replace(strings.TrimSpace(text)))
}

// CheckCode spends a one-time code, or a recovery code, and counts a failure as
// Check does. It says how many recovery codes are left if one was used.
func (s *Store) CheckCode(ctx context.Context, visitor distribution.Actor, u store.User, code string) (left int, err error) {
	by := From(u.Actor(), visitor)
	err = s.guess(ctx, visitor, u.Email, func() (distribution.Actor, string, error) {
		var err error
		left, err = s.spend(ctx, by, PlainCode(code))
		if errors.Is(err, ErrWrong) || errors.Is(err, distribution.ErrConflict) || errors.Is(err, distribution.ErrNotFound) {
			return by, "factor", nil
		}
		return by, "", err
	})
	return left, err
}

func (s *Store) spend(ctx context.Context, by distribution.Actor, code string) (left int, err error) {
	if secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(code); err == nil && len(secret) == recoveryBytes {
		sum := sha256.Sum256(secret)
		return s.db.UseRecoveryCode(ctx, by, sum[:])
	}
	f, err := s.db.Factor(ctx, by.ID)
	if err != nil {
		return 0, err
	}
	step, found, err := StepOf(f.Secret, code, s.db.Now())
	if err == nil && !found {
		err = ErrWrong
	}
	if err != nil {
		return 0, err
	}
	return RecoveryAbsent, s.db.UseFactorStep(ctx, by.ID, step)
}
