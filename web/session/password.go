package session

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"plexydash/distribution"
	"plexydash/store"
)

// Password lengths, in characters. Nothing else is asked of a password: no
// composition, no expiry (NIST SP 800-63B, 3.1.1.2).
const (
	MinPassword = 15
	MaxPassword = 256
)

// ErrPasswordLength refuses a new password.
var ErrPasswordLength = fmt.Errorf("a password has %d to %d characters", MinPassword, MaxPassword)

// ErrWrong is the one answer to every pair that does not open an account:
// unknown address, wrong password, shut account.
var ErrWrong = errors.New("wrong e-mail address or password")

// Throttled says how long to wait before the next attempt.
type Throttled struct{ Wait time.Duration }

func (t *Throttled) Error() string { return "too many failures: wait " + t.Wait.String() }

// hashesAtOnce times 19 MiB is what a flood of sign-ins can make us take.
const hashesAtOnce = 2

// parameters are the least that OWASP asks of argon2id: 19 MiB, two passes, one
// lane, whatever machine the program runs on.
func parameters() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// nobodys is a hash of the same cost that no password has: an unknown address
// must take as long as a known one.
const nobodys = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// HashPassword makes the hash of a new password for store.User. It fails with
// ErrPasswordLength.
func HashPassword(password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < MinPassword || n > MaxPassword {
		return "", ErrPasswordLength
	}
	return argon2id.CreateHash(password, parameters())
}

// Check compares a typed pair with the accounts and counts a failure. The error
// is ErrWrong, *Throttled, or one of the database. It does not sign in.
func (s *Store) Check(ctx context.Context, visitor distribution.Actor, email, password string) (store.User, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return store.User{}, ctx.Err()
	}
	// Asked while holding a place, so that a crowd cannot slip past the limit
	// before its first failure is counted.
	wait, err := s.db.SignInWait(ctx, email, visitor.Address)
	if err != nil {
		return store.User{}, err
	}
	if wait > 0 {
		return store.User{}, &Throttled{Wait: wait}
	}
	u, err := s.db.UserByEmail(ctx, email)
	known := err == nil
	if err != nil && !errors.Is(err, distribution.ErrNotFound) {
		return store.User{}, err
	}
	matches, err := compare(password, u.PasswordHash)
	if err != nil {
		return store.User{}, err
	}
	if matches && !u.Disabled() {
		return u, nil
	}
	by, reason := visitor, "unknown"
	if known {
		by, reason = u.Actor(), "password"
		by.Address, by.RequestID = visitor.Address, visitor.RequestID
	}
	if matches {
		reason = "disabled"
	}
	if err := s.db.SignInFailed(ctx, by, email, reason); err != nil {
		return store.User{}, err
	}
	return store.User{}, ErrWrong
}

// compare takes the same time whether there is a hash or not.
func compare(password, hash string) (bool, error) {
	absent := hash == ""
	if absent {
		hash = nobodys
	}
	matches, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("session: password: %w", err)
	}
	return matches && !absent, nil
}
