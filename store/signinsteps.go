package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// SignInStepLife is how long a right password waits for the second factor.
const SignInStepLife = 5 * time.Minute

// StartSignInStep keeps that the password of a person was right. The step is
// named by the hash of a token that only the browser knows.
func (db *DB) StartSignInStep(ctx context.Context, tokenHash []byte, userID string) error {
	return db.tx(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM signin_steps WHERE expires_at <= $1", tx.now.UnixMicro()); err != nil {
			return fmt.Errorf("store: sign-in step: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO signin_steps (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
			tokenHash, userID, tx.now.Add(SignInStepLife).UnixMicro()); err != nil {
			return fmt.Errorf("store: sign-in step: %w", err)
		}
		return nil
	})
}

// SignInStep is whose password was right; distribution.ErrNotFound when it is
// too long ago, or their account changed since.
func (db *DB) SignInStep(ctx context.Context, tokenHash []byte) (User, error) {
	u, err := scanUser(db.read.QueryRowContext(ctx, "SELECT "+userColumns+` FROM signin_steps s JOIN users u ON u.id = s.user_id
		WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL`, tokenHash, db.Now().UnixMicro()).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fmt.Errorf("store: sign-in step: %w", distribution.ErrNotFound)
	}
	if err != nil {
		return User{}, fmt.Errorf("store: sign-in step: %w", err)
	}
	return u, nil
}

// EndSignInStep spends a step.
func (db *DB) EndSignInStep(ctx context.Context, tokenHash []byte) error {
	return db.tx(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM signin_steps WHERE token_hash = $1", tokenHash); err != nil {
			return fmt.Errorf("store: sign-in step: %w", err)
		}
		return nil
	})
}
