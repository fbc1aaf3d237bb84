package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Session is one signed-in browser. Its token is known to the browser alone;
// here it is named by the token's SHA-256.
type Session struct {
	ID         string // names it on pages; the token never leaves the browser
	User       User
	Data       []byte    // values of the web layer
	SignedInAt time.Time // UTC
	LastSeen   time.Time // UTC, exact to a minute
	ExpiresAt  time.Time // UTC, whatever is done meanwhile
	ProvedAt   time.Time // UTC, when the person last proved who they are
}

// IdleAfter is how long an unused session of the role lives: not as long where
// money can be moved.
func IdleAfter(role distribution.Role) time.Duration {
	if distribution.Allows(role, distribution.Create) || distribution.Allows(role, distribution.Approve) {
		return 15 * time.Minute
	}
	return 30 * time.Minute
}

// NewSession is a sign-in that succeeded.
type NewSession struct {
	TokenHash []byte
	User      User // as it was when the password was compared
	UserAgent string
	Lifetime  time.Duration
	Data      []byte
	Replaces  []byte // token hash of the browser's session until now, or nil
}

// StartSession keeps a sign-in and ends the session that the browser had before.
// It fails with distribution.ErrNotFound if the account was shut or got another
// password or role since it was read.
func (db *DB) StartSession(ctx context.Context, by distribution.Actor, n NewSession) error {
	return db.tx(ctx, func(tx *Tx) error {
		u, err := readUser(ctx, tx, "u.id = $1", n.User.ID)
		if err != nil {
			return err
		}
		if u.PasswordHash != n.User.PasswordHash || u.Role != n.User.Role || u.Disabled() {
			return fmt.Errorf("store: session: the account changed: %w", distribution.ErrNotFound)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE token_hash = $1 OR expires_at <= $2",
			n.Replaces, tx.now.UnixMicro()); err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO sessions
			(token_hash, id, user_id, data, user_agent, address, created_at, signed_in_at, last_seen, proved_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $7, $8)`,
			n.TokenHash, db.newID(), u.ID, notNil(n.Data), n.UserAgent, by.Address, tx.now.UnixMicro(),
			tx.now.Add(n.Lifetime).UnixMicro()); err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "user.signed_in", object: "user", id: u.ID})
		return err
	})
}

// notNil makes the empty value of a NOT NULL column.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Session finds a live session: not past its end, not idle for too long, of an
// account that works. Otherwise the error is distribution.ErrNotFound.
func (db *DB) Session(ctx context.Context, tokenHash []byte) (Session, error) {
	var s Session
	var signedIn, seen, expires, proved sql.NullInt64
	now := db.Now()
	row := db.read.QueryRowContext(ctx, "SELECT "+userColumns+`, s.id, s.data, s.signed_in_at, s.last_seen, s.expires_at, s.proved_at
		FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL`,
		tokenHash, now.UnixMicro())
	u, err := scanUser(row.Scan, &s.ID, &s.Data, &signedIn, &seen, &expires, &proved)
	if errors.Is(err, sql.ErrNoRows) || err == nil && now.Sub(moment(seen)) >= IdleAfter(u.Role) {
		return Session{}, fmt.Errorf("store: session: %w", distribution.ErrNotFound)
	}
	if err != nil {
		return Session{}, fmt.Errorf("store: session: %w", err)
	}
	s.User, s.SignedInAt, s.LastSeen, s.ExpiresAt, s.ProvedAt = u, moment(signedIn), moment(seen), moment(expires), moment(proved)
	return s, nil
}

// SeeSession puts off the idle end of a session.
func (db *DB) SeeSession(ctx context.Context, tokenHash []byte) error {
	return db.tx(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE sessions SET last_seen = $1 WHERE token_hash = $2", tx.now.UnixMicro(), tokenHash); err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		return nil
	})
}

// SetSessionData replaces the values of a session; one that ended stays ended.
func (db *DB) SetSessionData(ctx context.Context, tokenHash, data []byte) error {
	return db.tx(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE sessions SET data = $1 WHERE token_hash = $2", notNil(data), tokenHash); err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		return nil
	})
}

// EndSession signs out. A session that ended already is no error and is not
// recorded twice.
func (db *DB) EndSession(ctx context.Context, by distribution.Actor, tokenHash []byte) error {
	return db.tx(ctx, func(tx *Tx) error {
		var userID string
		err := tx.QueryRowContext(ctx, "DELETE FROM sessions WHERE token_hash = $1 RETURNING user_id", tokenHash).Scan(&userID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "user.signed_out", object: "user", id: userID})
		return err
	})
}

// ProveSession keeps that the person of a session proved again who they are.
func (db *DB) ProveSession(ctx context.Context, by distribution.Actor, tokenHash []byte) error {
	return db.tx(ctx, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE sessions SET proved_at = $1 WHERE token_hash = $2", tx.now.UnixMicro(), tokenHash); err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		_, err := tx.audit(ctx, by, entry{action: "user.proved", object: "user", id: by.ID})
		return err
	})
}
