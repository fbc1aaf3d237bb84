package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// InvitationLife is how long a link to set a password can be used.
const InvitationLife = 72 * time.Hour

// ErrInvitationOver says that a link to set a password was used, was replaced by
// a newer one, is too old, or never was.
var ErrInvitationOver = fmt.Errorf("the invitation is over: %w", distribution.ErrNotFound)

const invitationBytes = 32

// Invite makes the token of a link by which a person sets a password, once.
// Earlier links to the same person end. Only the token's hash is kept.
func (db *DB) Invite(ctx context.Context, by distribution.Actor, userID string) (token string, err error) {
	secret := make([]byte, invitationBytes)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the program instead
	hash := sha256.Sum256(secret)
	err = db.txBy(ctx, by, func(tx *Tx) error {
		if err := tx.mayManagePeople(ctx, by); err != nil {
			return err
		}
		u, err := readUser(ctx, tx, "u.id = $1", userID)
		if err != nil {
			return err
		}
		if u.Disabled() {
			return refuse("disabled")
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM invitations WHERE user_id = $1 AND used_at IS NULL", userID); err != nil {
			return fmt.Errorf("store: invitation: %w", err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO invitations (token_hash, user_id, by_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
			hash[:], userID, by.ID, tx.now.UnixMicro(), tx.now.Add(InvitationLife).UnixMicro()); err != nil {
			return fmt.Errorf("store: invitation: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "user.invited", object: "user", id: userID})
		return err
	})
	return base64.RawURLEncoding.EncodeToString(secret), err
}

// Invited is whom a link is for. The error is ErrInvitationOver where it cannot
// be used.
func (db *DB) Invited(ctx context.Context, token string) (User, error) {
	return db.invited(ctx, db.read, token)
}

func (db *DB) invited(ctx context.Context, q querier, token string) (User, error) {
	u, err := scanUser(q.QueryRowContext(ctx, "SELECT "+userColumns+` FROM invitations i JOIN users u ON u.id = i.user_id
		WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND u.disabled_at IS NULL`,
		invitationHash(token), db.Now().UnixMicro()).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, ErrInvitationOver
	}
	if err != nil {
		return User{}, fmt.Errorf("store: invitation: %w", err)
	}
	return u, nil
}

// invitationHash of what is no token of ours is the hash of nothing, which no
// row has.
func invitationHash(token string) []byte {
	secret, _ := base64.RawURLEncoding.DecodeString(token)
	hash := sha256.Sum256(secret)
	return hash[:]
}

// AcceptInvitation sets the password (see User) of whom the link is for and
// spends the link. The person's sessions end. By is that person.
func (db *DB) AcceptInvitation(ctx context.Context, by distribution.Actor, token, passwordHash string) (u User, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		if u, err = db.invited(ctx, tx, token); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE invitations SET used_at = $1 WHERE token_hash = $2", tx.now.UnixMicro(), invitationHash(token)); err != nil {
			return fmt.Errorf("store: invitation: %w", err)
		}
		u, err = tx.changeUser(ctx, by, u.ID, "user.invitation_accepted", func(u *User, _ time.Time) (map[string]string, bool) {
			u.PasswordHash = passwordHash
			return nil, true
		})
		return err
	})
	return u, err
}
