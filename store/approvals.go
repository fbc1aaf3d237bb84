package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"plexydash/distribution"
)

// This file holds what approvers do; approvalqueue.go holds what they read.

// StaleCodeError says that an approver came with the code of other content than
// what waits now. Changes is empty when that code was never one of it.
type StaleCodeError struct {
	Changes []ContentChange
	Err     error // the rule's refusal
}

func (e *StaleCodeError) Error() string { return e.Err.Error() }
func (e *StaleCodeError) Unwrap() error { return e.Err }

// ContentChange is a field that is not what it was.
type ContentChange struct {
	Field    distribution.Field
	Was, Now string
}

// Approve counts the person's approval of exactly the content under the code.
// Pressing again changes nothing and is no error. A code of other content is a
// *StaleCodeError.
func (db *DB) Approve(ctx context.Context, by distribution.Actor, id, code string) (distribution.Distribution, error) {
	return db.decide(ctx, by, id, code, approvedAlready, func(d *distribution.Distribution, p distribution.Policy, now time.Time) (distribution.Event, error) {
		return d.Approve(by, p, code, now)
	})
}

// Decline says no to the content under the code, with a reason for its maker.
// Otherwise it is as Approve.
func (db *DB) Decline(ctx context.Context, by distribution.Actor, id, code, reason string) (distribution.Distribution, error) {
	return db.decide(ctx, by, id, code, declinedAlready, func(d *distribution.Distribution, p distribution.Policy, _ time.Time) (distribution.Event, error) {
		return d.Decline(by, p, code, reason)
	})
}

// decide applies a rule under the policy of its moment, unless the person has
// done the same already.
func (db *DB) decide(ctx context.Context, by distribution.Actor, id, code string,
	already func(context.Context, *Tx, distribution.Actor, *distribution.Distribution, string) (bool, error),
	rule func(*distribution.Distribution, distribution.Policy, time.Time) (distribution.Event, error),
) (d distribution.Distribution, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		p, err := policy(ctx, tx)
		if err != nil {
			return err
		}
		if d, err = getDistribution(ctx, tx, "id = $1", id); err != nil {
			return err
		}
		if done, err := already(ctx, tx, by, &d, code); err != nil || done {
			return err
		}
		if err := tx.stillHasRole(ctx, by); err != nil {
			return err
		}
		d, err = tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) { return rule(d, p, tx.now) })
		if refusal, ok := errors.AsType[*distribution.Refusal](err); ok && refusal.Code == "code" {
			return tx.stale(ctx, &d, code, err)
		}
		return err
	})
	return d, err
}

func approvedAlready(_ context.Context, _ *Tx, by distribution.Actor, d *distribution.Distribution, code string) (bool, error) {
	mine := slices.ContainsFunc(d.ApprovedBy, func(p distribution.Person) bool { return p.ID == by.ID })
	return mine && code == distribution.Code(d.SubmittedHash), nil
}

func declinedAlready(ctx context.Context, tx *Tx, by distribution.Actor, d *distribution.Distribution, _ string) (bool, error) {
	if d.Status != distribution.Declined {
		return false, nil
	}
	var who string
	err := tx.QueryRowContext(ctx, "SELECT actor_id FROM distribution_events WHERE distribution_id = $1 AND kind = 'declined' ORDER BY id DESC LIMIT 1", d.ID).Scan(&who)
	if err != nil {
		return false, fmt.Errorf("store: decline: %w", err)
	}
	return who == by.ID, nil
}

// stillHasRole refuses a person whose role changed, or whose account was shut,
// since the request began.
func (tx *Tx) stillHasRole(ctx context.Context, by distribution.Actor) error {
	holds, err := tx.hasRole(ctx, by.ID, by.Role)
	if err == nil && !holds {
		err = &distribution.Refusal{Code: "role", Kind: distribution.ErrForbidden}
	}
	return err
}

// hasRole reports that the account works and has this role now.
func (tx *Tx) hasRole(ctx context.Context, id string, role distribution.Role) (has bool, err error) {
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND role = $2 AND disabled_at IS NULL)", id, string(role)).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("store: role: %w", err)
	}
	return has, nil
}

// keepSubmission remembers what was handed over, as approvers see it.
func (tx *Tx) keepSubmission(ctx context.Context, d *distribution.Distribution) error {
	content, err := json.Marshal(contentOf(d))
	if err != nil {
		return fmt.Errorf("store: submission: %w", err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO submissions (distribution_id, at, hash, content) VALUES ($1, $2, $3, $4)",
		d.ID, tx.now.UnixMicro(), d.SubmittedHash, string(content))
	if err != nil {
		return fmt.Errorf("store: submission: %w", err)
	}
	return nil
}

func contentOf(d *distribution.Distribution) map[distribution.Field]string {
	t := d.RecipientText()
	return map[distribution.Field]string{
		distribution.FieldName: t.Name, distribution.FieldBIN: t.BIN, distribution.FieldKBe: t.KBe, distribution.FieldIBAN: t.IBAN,
		distribution.FieldBIC: t.BIC, distribution.FieldAmount: d.Amount.String(), distribution.FieldCurrency: string(d.Currency),
		distribution.FieldKNP: t.KNP, distribution.FieldPurpose: d.PaymentPurpose, distribution.FieldReference: d.OrderReference,
	}
}

// stale adds to the refusal what changed since the content under the code.
func (tx *Tx) stale(ctx context.Context, d *distribution.Distribution, code string, refused error) error {
	rows, err := tx.QueryContext(ctx, "SELECT hash, content FROM submissions WHERE distribution_id = $1 ORDER BY id DESC", d.ID)
	type submission struct{ hash, content []byte }
	all, err := collect(rows, err, func(r *sql.Rows) (s submission, err error) {
		err = r.Scan(&s.hash, &s.content)
		return s, err
	})
	if err != nil {
		return fmt.Errorf("store: submissions: %w", err)
	}
	e := &StaleCodeError{Err: refused}
	i := slices.IndexFunc(all, func(s submission) bool { return distribution.Code(s.hash) == code })
	if i < 0 {
		return e
	}
	var was map[distribution.Field]string
	if err := json.Unmarshal(all[i].content, &was); err != nil {
		return fmt.Errorf("store: submission of %s: %w", d.ID, err)
	}
	now := contentOf(d)
	for _, f := range distribution.Fields() {
		if was[f] != now[f] {
			e.Changes = append(e.Changes, ContentChange{Field: f, Was: was[f], Now: now[f]})
		}
	}
	return e
}

// ExpireApprovals gives back to their makers those that nobody decided on for
// seven days.
func (db *DB) ExpireApprovals(ctx context.Context, by distribution.Actor) error {
	if by.IsZero() {
		return ErrNoActor
	}
	rows, err := db.read.QueryContext(ctx, "SELECT id FROM distributions WHERE status = 'awaiting_approval' AND submitted_at <= $1",
		db.Now().Add(-distribution.ExpireAfter).UnixMicro())
	ids, err := collect(rows, err, scanText)
	if err != nil {
		return fmt.Errorf("store: expired approvals: %w", err)
	}
	for _, id := range ids {
		_, err := db.Change(ctx, by, id, func(d *distribution.Distribution) (distribution.Event, error) { return d.Expire(db.Now()) })
		if err != nil && !errors.Is(err, distribution.ErrConflict) { // decided meanwhile
			return err
		}
	}
	return nil
}
