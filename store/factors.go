package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"plexydash/distribution"
)

// Factor is a person's second factor: one-time passwords by the clock (RFC 6238).
type Factor struct {
	Secret      []byte
	ConfirmedAt time.Time // UTC; zero: offered, and not in force yet
	CodesLeft   int       // recovery codes that were not used
}

// Factor reads a person's second factor; distribution.ErrNotFound for none.
func (db *DB) Factor(ctx context.Context, userID string) (Factor, error) {
	var f Factor
	var confirmed sql.NullInt64
	err := db.read.QueryRowContext(ctx, `SELECT secret, confirmed_at,
		(SELECT count(*) FROM recovery_codes c WHERE c.user_id = f.user_id AND c.used_at IS NULL)
		FROM factors f WHERE user_id = $1`, userID).Scan(&f.Secret, &confirmed, &f.CodesLeft)
	if errors.Is(err, sql.ErrNoRows) {
		return Factor{}, fmt.Errorf("store: factor: %w", distribution.ErrNotFound)
	}
	if err != nil {
		return Factor{}, fmt.Errorf("store: factor: %w", err)
	}
	f.ConfirmedAt = moment(confirmed)
	return f, nil
}

// OfferFactor keeps the secret that by is shown, until a code made with it is
// confirmed. A factor that is in force is not replaced: it is removed first.
func (db *DB) OfferFactor(ctx context.Context, by distribution.Actor, secret []byte) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO factors (user_id, secret, created_at) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at WHERE confirmed_at IS NULL`,
			by.ID, secret, tx.now.UnixMicro())
		if err := one(done, err, "factor_set"); err != nil {
			return err
		}
		_, err = tx.audit(ctx, by, entry{action: "user.factor_offered", object: "user", id: by.ID})
		return err
	})
}

// one refuses what changed no row: somebody was faster, or it was done before.
func one(done sql.Result, err error, code string) error {
	if err != nil {
		return fmt.Errorf("store: factor: %w", err)
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		return refuse(code)
	}
	return err
}

// ConfirmFactor puts the offered factor in force. Step is that of the code which
// proved it; recovery are the hashes of the codes for a lost device.
func (db *DB) ConfirmFactor(ctx context.Context, by distribution.Actor, step int64, recovery [][]byte) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		done, err := tx.ExecContext(ctx, "UPDATE factors SET confirmed_at = $1, last_step = $2 WHERE user_id = $3 AND confirmed_at IS NULL",
			tx.now.UnixMicro(), step, by.ID)
		if err := one(done, err, "factor_set"); err != nil {
			return err
		}
		for _, hash := range recovery {
			if _, err := tx.ExecContext(ctx, "INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)", by.ID, hash); err != nil {
				return fmt.Errorf("store: factor: %w", err)
			}
		}
		_, err = tx.audit(ctx, by, entry{action: "user.factor_set", object: "user", id: by.ID})
		return err
	})
}

// UseFactorStep spends a code: each works once, and none that is older than one
// already used. Otherwise it is refused.
func (db *DB) UseFactorStep(ctx context.Context, userID string, step int64) error {
	return db.tx(ctx, func(tx *Tx) error {
		done, err := tx.ExecContext(ctx, "UPDATE factors SET last_step = $1 WHERE user_id = $2 AND confirmed_at IS NOT NULL AND last_step < $1", step, userID)
		return one(done, err, "code_used")
	})
}

// UseRecoveryCode spends one of the codes for a lost device and says how many
// are left. Otherwise it is refused.
func (db *DB) UseRecoveryCode(ctx context.Context, by distribution.Actor, hash []byte) (left int, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		done, err := tx.ExecContext(ctx, "UPDATE recovery_codes SET used_at = $1 WHERE user_id = $2 AND hash = $3 AND used_at IS NULL",
			tx.now.UnixMicro(), by.ID, hash)
		if err := one(done, err, "code_used"); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL", by.ID).Scan(&left); err != nil {
			return fmt.Errorf("store: factor: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "user.recovery_code_used", object: "user", id: by.ID, details: map[string]string{"left": strconv.Itoa(left)}})
		return err
	})
	return left, err
}

// RemoveFactor takes a factor away: one's own where the policy does not ask for
// it, or somebody's who lost it. In the second case their sessions end.
func (db *DB) RemoveFactor(ctx context.Context, by distribution.Actor, userID string) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		own, action := by.ID == userID, "user.factor_reset"
		if own {
			action = "user.factor_removed"
			p, err := policy(ctx, tx)
			if err != nil {
				return err
			}
			if slices.Contains(p.FactorRoles, by.Role) {
				return refuse("factor_required")
			}
		}
		if err := maySignOut(by, userID); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, "DELETE FROM factors WHERE user_id = $1", userID)
		if err := one(done, err, "factor_none"); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM recovery_codes WHERE user_id = $1", userID); err != nil {
			return fmt.Errorf("store: factor: %w", err)
		}
		if !own {
			if err := tx.endAll(ctx, userID); err != nil {
				return err
			}
		}
		_, err = tx.audit(ctx, by, entry{action: action, object: "user", id: userID})
		return err
	})
}
