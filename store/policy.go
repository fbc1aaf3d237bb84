package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"plexydash/distribution"
)

// Policy is the one that holds now; nothing set means that nobody must approve
// and nothing is limited.
func (db *DB) Policy(ctx context.Context) (distribution.Policy, error) { return policy(ctx, db.read) }

func policy(ctx context.Context, q querier) (p distribution.Policy, err error) {
	var body []byte
	err = q.QueryRowContext(ctx, "SELECT body FROM policies ORDER BY id DESC LIMIT 1").Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	if err != nil {
		return p, fmt.Errorf("store: policy: %w", err)
	}
	return p, nil
}

// EnsurePolicy sets the policy of a database that never had one.
func (db *DB) EnsurePolicy(ctx context.Context, by distribution.Actor, p distribution.Policy) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		var set bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM policies)").Scan(&set); err != nil {
			return fmt.Errorf("store: policy: %w", err)
		}
		if set {
			return nil
		}
		return tx.setPolicy(ctx, by, p, "")
	})
}

// SetPolicy replaces the policy by order of the machine's owner, who needs
// nobody's leave. On the pages it takes two people: see Propose.
func (db *DB) SetPolicy(ctx context.Context, by distribution.Actor, p distribution.Policy) error {
	if by.Role != "" {
		return &distribution.Refusal{Code: "role", Kind: distribution.ErrForbidden}
	}
	return db.txBy(ctx, by, func(tx *Tx) error { return tx.setPolicy(ctx, by, p, "") })
}

func (tx *Tx) setPolicy(ctx context.Context, by distribution.Actor, p distribution.Policy, decisionID string) error {
	was, err := policy(ctx, tx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("store: policy: %w", err)
	}
	before, err := json.Marshal(was)
	if err != nil {
		return fmt.Errorf("store: policy: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO policies (at, by_id, by_name, decision_id, body) VALUES ($1, $2, $3, $4, $5)",
		tx.now.UnixMicro(), by.ID, by.Name, nullText(decisionID), string(body)); err != nil {
		return fmt.Errorf("store: policy: %w", err)
	}
	// What waits for the next day may fit into a larger limit today.
	if _, err := tx.ExecContext(ctx, "UPDATE distributions SET next_try_at = NULL WHERE status = 'queued' AND status_reason = 'limit'"); err != nil {
		return fmt.Errorf("store: policy: %w", err)
	}
	_, err = tx.audit(ctx, by, entry{
		action: "policy.changed", object: "policy", id: decisionID,
		details: map[string]string{"policy": string(body), "policy.was": string(before)},
	})
	return err
}
