package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"plexydash/distribution"
)

// What is wrong with a person to be added.
var (
	ErrEmail      = errors.New("not an e-mail address")
	ErrEmailTaken = fmt.Errorf("this e-mail address has an account: %w", distribution.ErrConflict)
	ErrName       = errors.New("a person needs a name of at most 100 characters")
	ErrRole       = errors.New("role must be accountant, manager, auditor or admin")
)

// User is a person with an account. Times are UTC; DisabledAt is zero while the
// account works.
type User struct {
	ID, Email, Name string
	Role            distribution.Role
	PasswordHash    string // argon2id in PHC form; empty: no password opens the account
	Factor          bool   // a second factor is asked for after the password
	DisabledAt      time.Time
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// Disabled reports that the account is shut.
func (u User) Disabled() bool { return !u.DisabledAt.IsZero() }

// Actor is the person as the one who acts, without the request's address.
func (u User) Actor() distribution.Actor {
	return distribution.Actor{Person: distribution.Person{ID: u.ID, Email: u.Email, Name: u.Name}, Role: u.Role}
}

// NewUser is a person to be added.
type NewUser struct {
	Email, Name  string
	Role         distribution.Role
	PasswordHash string // as in User
}

// ParseEmail lowers and checks an address: one bare addr-spec of RFC 5322, at
// most 254 bytes (RFC 5321, 4.5.3.1.3). The error is ErrEmail.
func ParseEmail(text string) (string, error) {
	email := strings.ToLower(strings.TrimSpace(text))
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return "", ErrEmail
	}
	return email, nil
}

func (n NewUser) parse() (NewUser, error) {
	email, err := ParseEmail(n.Email)
	if err != nil {
		return n, err
	}
	n.Email, n.Name = email, strings.TrimSpace(n.Name)
	if n.Name == "" || len([]rune(n.Name)) > 100 {
		return n, ErrName
	}
	if _, ok := distribution.ParseRole(string(n.Role)); !ok {
		return n, ErrRole
	}
	return n, nil
}

// CreateUser adds a person. Errors: ErrEmail, ErrEmailTaken, ErrName, ErrRole.
func (db *DB) CreateUser(ctx context.Context, by distribution.Actor, n NewUser) (User, error) {
	n, err := n.parse()
	if err != nil {
		return User{}, fmt.Errorf("store: new user: %w", err)
	}
	var u User
	err = db.txBy(ctx, by, func(tx *Tx) error {
		if err := tx.mayManagePeople(ctx, by); err != nil {
			return err
		}
		u = User{
			ID: db.newID(), Email: n.Email, Name: n.Name, Role: n.Role,
			PasswordHash: n.PasswordHash, CreatedAt: tx.now, UpdatedAt: tx.now,
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO users
			(id, email, name, role, password_hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
			u.ID, u.Email, u.Name, string(u.Role), u.PasswordHash, tx.now.UnixMicro())
		if unique(err) {
			return ErrEmailTaken
		}
		if err != nil {
			return fmt.Errorf("store: new user: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "user.created", object: "user", id: u.ID, details: map[string]string{
			"email": u.Email, "name": u.Name, "role": string(u.Role),
		}})
		return err
	})
	return u, err
}

const userColumns = `u.id, u.email, u.name, u.role, u.password_hash, u.disabled_at, u.created_at, u.updated_at,
	EXISTS (SELECT 1 FROM factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)`

// scanUser reads userColumns, and after them whatever more is asked for.
func scanUser(scan func(...any) error, more ...any) (User, error) {
	var u User
	var disabled, created, updated sql.NullInt64
	into := []any{&u.ID, &u.Email, &u.Name, &u.Role, &u.PasswordHash, &disabled, &created, &updated, &u.Factor}
	err := scan(append(into, more...)...)
	u.DisabledAt, u.CreatedAt, u.UpdatedAt = moment(disabled), moment(created), moment(updated)
	return u, err
}

func readUser(ctx context.Context, q querier, where, value string) (User, error) {
	u, err := scanUser(q.QueryRowContext(ctx, "SELECT "+userColumns+" FROM users u WHERE "+where, value).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fmt.Errorf("store: user: %w", distribution.ErrNotFound)
	}
	if err != nil {
		return User{}, fmt.Errorf("store: user: %w", err)
	}
	return u, nil
}

// User finds a person by id, or fails with distribution.ErrNotFound.
func (db *DB) User(ctx context.Context, id string) (User, error) {
	return readUser(ctx, db.read, "u.id = $1", id)
}

// UserByEmail finds a person by address in any letter case, or fails with
// distribution.ErrNotFound.
func (db *DB) UserByEmail(ctx context.Context, email string) (User, error) {
	return readUser(ctx, db.read, "u.email = $1", strings.ToLower(strings.TrimSpace(email)))
}

// Users lists everybody, the disabled too, by address.
func (db *DB) Users(ctx context.Context) ([]User, error) {
	rows, err := db.read.QueryContext(ctx, "SELECT "+userColumns+" FROM users u ORDER BY u.email")
	users, err := collect(rows, err, func(r *sql.Rows) (User, error) { return scanUser(r.Scan) })
	if err != nil {
		return nil, fmt.Errorf("store: users: %w", err)
	}
	return users, nil
}

// changeUser changes one person and ends all their sessions: a right that was
// taken away must not live on in an open browser. Nothing happens when set
// reports no change.
func (db *DB) changeUser(ctx context.Context, by distribution.Actor, id, action string, set func(*User, time.Time) (details map[string]string, changed bool)) (User, error) {
	var u User
	err := db.tx(ctx, func(tx *Tx) (err error) {
		u, err = tx.changeUser(ctx, by, id, action, set)
		return err
	})
	return u, err
}

func (tx *Tx) changeUser(ctx context.Context, by distribution.Actor, id, action string, set func(*User, time.Time) (details map[string]string, changed bool)) (User, error) {
	u, err := readUser(ctx, tx, "u.id = $1", id)
	if err != nil {
		return u, err
	}
	was := u
	details, changed := set(&u, tx.now)
	if !changed {
		return u, nil
	}
	if err := tx.mayChangePerson(ctx, by, was, u); err != nil {
		return was, err
	}
	u.UpdatedAt = tx.now
	if _, err := tx.ExecContext(ctx, `UPDATE users SET role = $1, password_hash = $2, disabled_at = $3, updated_at = $4 WHERE id = $5`,
		string(u.Role), u.PasswordHash, micros(u.DisabledAt), tx.now.UnixMicro(), id); err != nil {
		return u, fmt.Errorf("store: user: %w", err)
	}
	if err := tx.endAll(ctx, id); err != nil {
		return u, err
	}
	_, err = tx.audit(ctx, by, entry{action: action, object: "user", id: id, details: details})
	return u, err
}

// endAll ends the sessions of a person, and the sign-ins that are half done.
func (tx *Tx) endAll(ctx context.Context, userID string) error {
	for _, table := range []string{"sessions", "signin_steps"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE user_id = $1", userID); err != nil { //nolint:gosec // names above
			return fmt.Errorf("store: user: end sessions: %w", err)
		}
	}
	return nil
}

// SetRole gives a person another role and signs them out. Errors: ErrRole,
// distribution.ErrNotFound, or a Refusal.
func (db *DB) SetRole(ctx context.Context, by distribution.Actor, id string, role distribution.Role) (User, error) {
	if _, ok := distribution.ParseRole(string(role)); !ok {
		return User{}, ErrRole
	}
	return db.changeUser(ctx, by, id, "user.role_changed", func(u *User, _ time.Time) (map[string]string, bool) {
		was := u.Role
		u.Role = role
		return map[string]string{"from": string(was), "to": string(role)}, was != role
	})
}

// SetPassword replaces the password hash (see User) and signs the person out.
func (db *DB) SetPassword(ctx context.Context, by distribution.Actor, id, passwordHash string) error {
	_, err := db.changeUser(ctx, by, id, "user.password_changed", func(u *User, _ time.Time) (map[string]string, bool) {
		u.PasswordHash = passwordHash
		return nil, true
	})
	return err
}

// DisableUser shuts an account and signs the person out. Nothing is deleted:
// their name stays on what they did.
func (db *DB) DisableUser(ctx context.Context, by distribution.Actor, id string) error {
	_, err := db.changeUser(ctx, by, id, "user.disabled", func(u *User, now time.Time) (map[string]string, bool) {
		if u.Disabled() {
			return nil, false
		}
		u.DisabledAt = now
		return nil, true
	})
	return err
}

// EnableUser opens an account again; the password is the one it had.
func (db *DB) EnableUser(ctx context.Context, by distribution.Actor, id string) error {
	_, err := db.changeUser(ctx, by, id, "user.enabled", func(u *User, _ time.Time) (map[string]string, bool) {
		was := u.Disabled()
		u.DisabledAt = time.Time{}
		return nil, was
	})
	return err
}
