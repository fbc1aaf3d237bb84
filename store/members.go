package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Member is a person with what an administrator wants to know of the account.
// Times are UTC.
type Member struct {
	User
	LastSignIn   time.Time // zero: never
	Sessions     int       // open now
	InvitedUntil time.Time // an invitation can be used until then; zero: there is none
}

// Members lists everybody, the disabled too, by name.
func (db *DB) Members(ctx context.Context) ([]Member, error) {
	return db.members(ctx, "TRUE")
}

// Member finds one person, or fails with distribution.ErrNotFound.
func (db *DB) Member(ctx context.Context, id string) (Member, error) {
	found, err := db.members(ctx, "u.id = $2", id)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("store: people: %w", distribution.ErrNotFound)
	}
	if err != nil {
		return Member{}, err
	}
	return found[0], nil
}

const membersQuery = `SELECT ` + userColumns + `,
	(SELECT max(i.expires_at) FROM invitations i WHERE i.user_id = u.id AND i.used_at IS NULL AND i.expires_at > $1),
	(SELECT a.at FROM audit a INDEXED BY audit_by_object
		WHERE a.object_id = u.id AND a.action = 'user.signed_in' ORDER BY a.seq DESC LIMIT 1)
	FROM users u WHERE `

func (db *DB) members(ctx context.Context, where string, args ...any) ([]Member, error) {
	rows, err := db.read.QueryContext(ctx, membersQuery+where+" ORDER BY u.name, u.id", append([]any{db.Now().UnixMicro()}, args...)...)
	found, err := collect(rows, err, func(r *sql.Rows) (Member, error) {
		var m Member
		var invited sql.NullInt64
		var signedIn sql.NullString
		u, err := scanUser(r.Scan, &invited, &signedIn)
		if err != nil {
			return m, err
		}
		m.User, m.InvitedUntil = u, moment(invited)
		m.LastSignIn, err = recorded(signedIn)
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: people: %w", err)
	}
	seen, err := db.lastSeen(ctx)
	for i, m := range found {
		for _, at := range seen[m.ID] {
			if db.Now().Sub(at) < IdleAfter(m.Role) {
				found[i].Sessions++
			}
		}
	}
	return found, err
}

// lastSeen is when each session that is not past its end was used last, by
// person.
func (db *DB) lastSeen(ctx context.Context) (map[string][]time.Time, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT user_id, last_seen FROM sessions WHERE expires_at > $1 AND user_id IS NOT NULL", db.Now().UnixMicro())
	seen := map[string][]time.Time{}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id string
		var at sql.NullInt64
		err := r.Scan(&id, &at)
		seen[id] = append(seen[id], moment(at))
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: sessions: %w", err)
	}
	return seen, nil
}

// recorded is a time as the audit log writes it.
func recorded(text sql.NullString) (time.Time, error) {
	if !text.Valid {
		return time.Time{}, nil
	}
	return parseTime(text.String)
}

// FailedSignIn is a sign-in under somebody's address that did not succeed.
type FailedSignIn struct {
	At      time.Time // UTC
	Address string    // of the network
	Reason  string    // password, factor, or disabled
}

// failedSignInsKept is how far back a person is shown them.
const failedSignInsKept = 90 * 24 * time.Hour

const failedSignInsQuery = `SELECT at, coalesce(json_extract(CAST(record AS TEXT), '$.actor.address'), ''),
		coalesce(json_extract(CAST(record AS TEXT), '$.reason'), '')
	FROM audit INDEXED BY audit_by_object WHERE object_id = $1 AND action = 'user.sign_in_failed'
		AND seq >= (SELECT seq FROM audit WHERE at >= $2 ORDER BY at, seq LIMIT 1)
	ORDER BY seq DESC LIMIT $3`

// FailedSignIns lists the newest on an account, the last first.
func (db *DB) FailedSignIns(ctx context.Context, userID string, limit int) ([]FailedSignIn, error) {
	since := db.Now().Add(-failedSignInsKept)
	rows, err := db.read.QueryContext(ctx, failedSignInsQuery, userID, timeText(since), limit)
	found, err := collect(rows, err, func(r *sql.Rows) (f FailedSignIn, err error) {
		var at sql.NullString
		if err := r.Scan(&at, &f.Address, &f.Reason); err != nil {
			return f, err
		}
		f.At, err = recorded(at)
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: sign-in failures: %w", err)
	}
	return found, nil
}

// RoleCounts is how many accounts that work have each role.
func (db *DB) RoleCounts(ctx context.Context) (map[distribution.Role]int, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT role, count(*) FROM users WHERE disabled_at IS NULL GROUP BY role")
	counts := map[distribution.Role]int{}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var role distribution.Role
		var n int
		err := r.Scan(&role, &n)
		counts[role] = n
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: people: %w", err)
	}
	return counts, nil
}

// mayManagePeople is for administrators, as they are now and not as they were
// when the request began, and for the owner of the machine.
func (tx *Tx) mayManagePeople(ctx context.Context, by distribution.Actor) error {
	if by.Role == "" {
		return nil
	}
	now, err := readUser(ctx, tx, "u.id = $1", by.ID)
	switch {
	case errors.Is(err, distribution.ErrNotFound), err == nil && now.Disabled():
		return &distribution.Refusal{Code: "role", Kind: distribution.ErrForbidden}
	case err != nil:
		return err
	}
	return distribution.May(now.Actor(), distribution.ChangeSettings)
}

// mayChangePerson keeps people from raising themselves, and the program from
// losing its last administrator. A password is the person's own business.
func (tx *Tx) mayChangePerson(ctx context.Context, by distribution.Actor, was, becomes User) error {
	if was.Role == becomes.Role && was.Disabled() == becomes.Disabled() {
		return nil
	}
	if err := tx.mayManagePeople(ctx, by); err != nil {
		return err
	}
	if by.ID == was.ID {
		return &distribution.Refusal{Code: "self", Kind: distribution.ErrForbidden}
	}
	admin := func(u User) bool { return u.Role == distribution.Admin && !u.Disabled() }
	if !admin(was) || admin(becomes) {
		return nil
	}
	var others bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1)", was.ID).Scan(&others)
	switch {
	case err != nil:
		return fmt.Errorf("store: people: %w", err)
	case !others:
		return refuse("last_admin")
	}
	return nil
}
