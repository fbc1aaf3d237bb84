package session

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"plexydash/distribution"
	"plexydash/store"
)

// Password lengths, in characters. Of what a password is made is not asked, and
// it never gets too old (NIST SP 800-63B-4, 3.1.1.2).
const (
	MinPassword           = 15 // alone
	MinPasswordWithFactor = 8  // beside a second factor
	MaxPassword           = 256
)

// WeakPassword refuses a new password. Why is short, long, common (others chose
// it too) or own (it says the account's own name).
type WeakPassword struct {
	Why string
	Min int // characters that this account needs
}

func (w *WeakPassword) Error() string {
	switch w.Why {
	case "common":
		return "many people use this password: choose another one"
	case "own":
		return "the password repeats the person's name, the e-mail address or the program's name: choose another one"
	}
	return fmt.Sprintf("a password has %d to %d characters", w.Min, MaxPassword)
}

// ErrWrong is the one answer to every pair that does not open an account:
// unknown address, wrong password, shut account; and to every wrong code.
var ErrWrong = errors.New("wrong e-mail address or password")

// Throttled says how long to wait before the next attempt.
type Throttled struct{ Wait time.Duration }

func (t *Throttled) Error() string { return "too many failures: wait " + t.Wait.String() }

// Seconds is Wait in whole seconds, at least one.
func (t *Throttled) Seconds() int { return max(1, int((t.Wait+time.Second-1)/time.Second)) }

// RetryAfter is Wait as the header of that name wants it.
func (t *Throttled) RetryAfter() string { return strconv.Itoa(t.Seconds()) }

// Minutes is Wait as people are told.
func (t *Throttled) Minutes() int { return (t.Seconds() + 59) / 60 }

// hashesAtOnce times 19 MiB is what a flood of sign-ins can make us take: two,
// but never all processors, or the pages of everybody else would wait.
func hashesAtOnce() int { return max(1, min(2, runtime.GOMAXPROCS(0)-1)) }

// parameters are the least that OWASP asks of argon2id: 19 MiB, two passes, one
// lane, whatever machine the program runs on.
func parameters() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// nobodys is a hash of the same cost that no password has: an unknown address
// must take as long as a known one.
const nobodys = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// same makes one text of the ways in which a keyboard may compose a letter: й
// typed on one machine is й on another (NFC, as NIST SP 800-63B-4 advises).
func same(password string) string { return norm.NFC.String(password) }

// HashPassword makes the hash of a new password of the account, for store.User.
// It fails with *WeakPassword. In demo mode the accounts' known password is as
// good as any.
func HashPassword(password string, of store.User, demo bool) (string, error) {
	password = same(password)
	least, why := LeastFor(of), ""
	switch n := utf8.RuneCountInString(password); {
	case n < least:
		why = "short"
	case n > MaxPassword:
		why = "long"
	case demo && password == DemoPassword:
	case common(password):
		why = "common"
	case own(password, of):
		why = "own"
	}
	if why != "" {
		return "", &WeakPassword{Why: why, Min: least}
	}
	return argon2id.CreateHash(password, parameters())
}

// LeastFor is how many characters a password of the account needs.
func LeastFor(u store.User) int {
	if u.Factor {
		return MinPasswordWithFactor
	}
	return MinPassword
}

// Long reports that a password is long enough to stand alone.
func Long(password string) bool { return utf8.RuneCountInString(same(password)) >= MinPassword }

// guess runs one try to prove who somebody is. Failures count for the account
// and for the address; who failed too often waits before the try is made.
func (s *Store) guess(ctx context.Context, visitor distribution.Actor, email string, try func() (by distribution.Actor, reason string, err error)) error {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	// Asked while holding a place, so that a crowd cannot slip past the limit
	// before its first failure is counted.
	wait, err := s.db.SignInWait(ctx, email, visitor.Address)
	if err != nil {
		return err
	}
	if wait > 0 {
		return &Throttled{Wait: wait}
	}
	by, reason, err := try()
	if err != nil || reason == "" {
		return err
	}
	if err := s.db.SignInFailed(ctx, by, email, reason); err != nil {
		return err
	}
	return ErrWrong
}

// Check compares a typed pair with the accounts and counts a failure. The error
// is ErrWrong, *Throttled, or one of the database. It does not sign in.
func (s *Store) Check(ctx context.Context, visitor distribution.Actor, email, password string) (store.User, error) {
	var u store.User
	err := s.guess(ctx, visitor, email, func() (by distribution.Actor, reason string, err error) {
		u, err = s.db.UserByEmail(ctx, email)
		known := err == nil
		if err != nil && !errors.Is(err, distribution.ErrNotFound) {
			return by, "", err
		}
		matches, err := compare(same(password), u.PasswordHash)
		switch {
		case err != nil || matches && !u.Disabled():
			return by, "", err
		case !known:
			return visitor, "unknown", nil
		case matches:
			return From(u.Actor(), visitor), "disabled", nil
		}
		return From(u.Actor(), visitor), "password", nil
	})
	if err != nil {
		return store.User{}, err
	}
	return u, nil
}

// From is an actor who came by the visitor's way.
func From(by, visitor distribution.Actor) distribution.Actor {
	by.Address, by.RequestID = visitor.Address, visitor.RequestID
	return by
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
