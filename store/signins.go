package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"plexydash/audit"
	"plexydash/distribution"
)

// Limits on guessing passwords. Only failures count, so that a person who types
// well is never slowed down by their own work.
const (
	SignInWindow      = 15 * time.Minute // failures older than this are forgotten
	FailuresByAccount = 10               // in the window, before the account has to wait
	FailuresByAddress = 100              // in the window, before the network address has to wait
	firstSignInWait   = 30 * time.Second // doubles with each failure more
)

func accountKey(email string) []byte {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email))))
	return sum[:]
}

// SignInWait is how long the next attempt has to wait, zero for not at all: at
// most SignInWindow, and never for ever, so that nobody can lock others out.
func (db *DB) SignInWait(ctx context.Context, email, address string) (time.Duration, error) {
	now := db.Now()
	account, err := db.signInWait(ctx, now, "account", accountKey(email), FailuresByAccount)
	if err != nil {
		return 0, err
	}
	network, err := db.signInWait(ctx, now, "address", address, FailuresByAddress)
	if err != nil {
		return 0, err
	}
	return max(account, network), nil
}

func (db *DB) signInWait(ctx context.Context, now time.Time, column string, value any, limit int) (time.Duration, error) {
	var failures int
	var last sql.NullInt64
	err := db.read.QueryRowContext(ctx, "SELECT count(*), max(at) FROM signin_failures WHERE "+column+" = $1 AND at > $2",
		value, now.Add(-SignInWindow).UnixMicro()).Scan(&failures, &last)
	if err != nil {
		return 0, fmt.Errorf("store: sign-in failures: %w", err)
	}
	if failures < limit {
		return 0, nil
	}
	return max(0, moment(last).Add(waitAfter(failures-limit)).Sub(now)), nil
}

// waitAfter is 30 s, 1 min, 2 min, 4 min, 8 min, then always 15 min.
func waitAfter(over int) time.Duration {
	wait := firstSignInWait
	for range min(over, 10) {
		wait = min(2*wait, SignInWindow)
	}
	return wait
}

// SignInFailed counts and records a failure. By is the account's person when
// there is one; then reason says whether the password was wrong or the account
// shut. What was typed is kept only as a hash, so that a password typed into the
// wrong field is not.
func (db *DB) SignInFailed(ctx context.Context, by distribution.Actor, email, reason string) error {
	return db.tx(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM signin_failures WHERE at <= $1", tx.now.Add(-SignInWindow).UnixMicro()); err != nil {
			return fmt.Errorf("store: sign-in failures: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO signin_failures (account, address, at) VALUES ($1, $2, $3)",
			accountKey(email), by.Address, tx.now.UnixMicro()); err != nil {
			return fmt.Errorf("store: sign-in failures: %w", err)
		}
		e := entry{action: "user.sign_in_failed", object: "user", reason: reason, result: audit.Denied}
		if by.Role != "" {
			e.id = by.ID
		}
		_, err := tx.audit(ctx, by, e)
		return err
	})
}
