package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"plexydash/distribution"
)

// SessionInfo is one open session as its owner is shown it. Times are UTC.
type SessionInfo struct {
	ID        string
	UserAgent string // as the browser says
	Address   string // where it was opened
	CreatedAt time.Time
	LastSeen  time.Time // exact to a minute
	ProvedAt  time.Time
	ExpiresAt time.Time
}

// SessionsOf lists the live sessions of a person, the newest first.
func (db *DB) SessionsOf(ctx context.Context, userID string) ([]SessionInfo, error) {
	u, err := db.User(ctx, userID)
	if err != nil {
		return nil, err
	}
	now := db.Now()
	rows, err := db.read.QueryContext(ctx, `SELECT id, user_agent, address, created_at, last_seen, proved_at, expires_at FROM sessions
		WHERE user_id = $1 AND expires_at > $2 AND last_seen > $3 ORDER BY created_at DESC, id`,
		userID, now.UnixMicro(), now.Add(-IdleAfter(u.Role)).UnixMicro())
	all, err := collect(rows, err, func(r *sql.Rows) (SessionInfo, error) {
		var s SessionInfo
		var created, seen, proved, expires sql.NullInt64
		err := r.Scan(&s.ID, &s.UserAgent, &s.Address, &created, &seen, &proved, &expires)
		s.CreatedAt, s.LastSeen, s.ProvedAt, s.ExpiresAt = moment(created), moment(seen), moment(proved), moment(expires)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: sessions: %w", err)
	}
	return all, nil
}

// maySignOut is for the person themself, and for who administers accounts.
func maySignOut(by distribution.Actor, userID string) error {
	if by.ID == userID || by.Role == "" {
		return nil
	}
	return distribution.May(by, distribution.ChangeSettings)
}

// EndOneSession ends the session of a person that SessionsOf calls id. One that
// is not there is distribution.ErrNotFound.
func (db *DB) EndOneSession(ctx context.Context, by distribution.Actor, userID, id string) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		if err := maySignOut(by, userID); err != nil {
			return err
		}
		var ended string
		err := tx.QueryRowContext(ctx, "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING id", userID, id).Scan(&ended)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("store: session: %w", distribution.ErrNotFound)
		}
		if err != nil {
			return fmt.Errorf("store: session: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "user.session_ended", object: "user", id: userID, details: map[string]string{"session": ended}})
		return err
	})
}

// EndSessions ends every session of a person but the one whose token has this
// hash; nil spares none. When there is none to end nothing is recorded.
func (db *DB) EndSessions(ctx context.Context, by distribution.Actor, userID string, exceptTokenHash []byte) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		if err := maySignOut(by, userID); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, "DELETE FROM sessions WHERE user_id = $1 AND token_hash IS NOT $2", userID, exceptTokenHash)
		if err != nil {
			return fmt.Errorf("store: sessions: %w", err)
		}
		n, err := done.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.audit(ctx, by, entry{action: "user.sessions_ended", object: "user", id: userID, details: map[string]string{"count": strconv.FormatInt(n, 10)}})
		return err
	})
}

// LastSignIn is when and from where a person signed in before the session that
// is open now; the zero time for the first.
func (db *DB) LastSignIn(ctx context.Context, userID string, before time.Time) (at time.Time, address string, err error) {
	var text string
	err = db.read.QueryRowContext(ctx, `SELECT at, coalesce(json_extract(CAST(record AS TEXT), '$.actor.address'), '') FROM audit
		WHERE actor = $1 AND action = 'user.signed_in' AND at < $2 ORDER BY seq DESC LIMIT 1`,
		userID, timeText(before.UTC())).Scan(&text, &address)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, "", nil
	}
	if err == nil {
		at, err = parseTime(text)
	}
	if err != nil {
		return time.Time{}, "", fmt.Errorf("store: last sign-in: %w", err)
	}
	return at, address, nil
}
