package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"plexydash/distribution"
)

// ErrFormSpent says that this form was already turned into a distribution with
// other content, or by somebody else.
type ErrFormSpent struct{ ID string } //nolint:errname // reads as a sentinel that names the page

func (e *ErrFormSpent) Error() string { return "the form was already used for " + e.ID }
func (e *ErrFormSpent) Unwrap() error { return distribution.ErrConflict }

// NewDraft is a filled form.
type NewDraft struct {
	FormToken string // minted when the form was drawn; spent once
	Content   distribution.Content
	Confirmed []string // warning codes that were ticked
	// DuplicateReason is why the same is paid again, asked for with the warning
	// "duplicate".
	DuplicateReason string
	CopyOf          string // id of the one it corrects, or empty
}

// hash is over the content as typed; ticks and what explains them are not part
// of it.
func (n NewDraft) hash() []byte {
	sum := sha256.Sum256(distribution.Canonical(&distribution.Distribution{Content: n.Content}))
	return sum[:]
}

// Create makes a draft, once for each form: the same form with the same content
// finds the same draft again.
func (db *DB) Create(ctx context.Context, by distribution.Actor, n NewDraft) (d distribution.Distribution, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		tx.point = pointDraftCommitted
		spent, err := tx.spentOn(ctx, by, n)
		if err != nil {
			return err
		}
		if spent != "" {
			d, err = getDistribution(ctx, tx, "id = $1", spent)
			return err
		}
		content := n.Content
		if content.OrderReference == "" {
			content.OrderReference = NewReference()
		}
		if err := tx.referenceFree(ctx, content.OrderReference, ""); err != nil {
			return err
		}
		var event distribution.Event
		if d, event, err = distribution.New(by, db.newID(), content, n.Confirmed, tx.now); err != nil {
			return err
		}
		if err := tx.copyAllowed(ctx, by, n.CopyOf); err != nil {
			return err
		}
		d.CopyOf, d.DuplicateReason = n.CopyOf, n.DuplicateReason
		if err := tx.commitChange(ctx, by, nil, &d, event, 0); err != nil {
			return err
		}
		if err := tx.spend(ctx, by, n, d.ID); err != nil {
			return err
		}
		return db.reached(pointDraft)
	})
	return d, err
}

func (tx *Tx) copyAllowed(ctx context.Context, by distribution.Actor, original string) error {
	if original == "" {
		return nil
	}
	d, err := getDistribution(ctx, tx, "id = $1", original)
	if err != nil {
		return err
	}
	return distribution.CanCopy(by, &d)
}

// CopiesOf lists the corrected copies of one.
func (db *DB) CopiesOf(ctx context.Context, id string) ([]distribution.Distribution, error) {
	return listDistributions(ctx, db.read, "copy_of = $1", id)
}

// Edit replaces the content of a draft, once for each form.
func (db *DB) Edit(ctx context.Context, by distribution.Actor, id string, n NewDraft) (d distribution.Distribution, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		spent, err := tx.spentOn(ctx, by, n)
		if err != nil {
			return err
		}
		if spent != "" && spent != id {
			return &ErrFormSpent{ID: spent}
		}
		if spent != "" {
			d, err = getDistribution(ctx, tx, "id = $1", id)
			return err
		}
		d, err = tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) {
			content := n.Content
			if content.OrderReference == "" {
				content.OrderReference = d.OrderReference
			}
			if err := tx.referenceFree(ctx, content.OrderReference, d.ID); err != nil {
				return distribution.Event{}, err
			}
			d.DuplicateReason = n.DuplicateReason
			return d.Edit(by, content, n.Confirmed, tx.now)
		})
		if err != nil {
			return err
		}
		return tx.spend(ctx, by, n, id)
	})
	return d, err
}

// FormSpent is the id of the distribution that the form became, whosever; empty:
// none.
func (db *DB) FormSpent(ctx context.Context, token string) (id string, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT coalesce(max(distribution_id), '') FROM form_tokens WHERE token = $1", token).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("store: form token: %w", err)
	}
	return id, nil
}

// spentOn is the distribution that the form already became, or empty.
func (tx *Tx) spentOn(ctx context.Context, by distribution.Actor, n NewDraft) (string, error) {
	var user, id string
	var hash []byte
	err := tx.QueryRowContext(ctx, "SELECT user_id, content_hash, distribution_id FROM form_tokens WHERE token = $1", n.FormToken).
		Scan(&user, &hash, &id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("store: form token: %w", err)
	case user != by.ID:
		return "", &distribution.Refusal{Code: "form_of_another", Kind: distribution.ErrConflict}
	case !bytes.Equal(hash, n.hash()):
		return "", &ErrFormSpent{ID: id}
	}
	return id, nil
}

// spend ends the form and what was kept of it: the record of the distribution
// tells both.
func (tx *Tx) spend(ctx context.Context, by distribution.Actor, n NewDraft, id string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO form_tokens (token, user_id, content_hash, distribution_id, spent_at)
		VALUES ($1, $2, $3, $4, $5)`, n.FormToken, by.ID, n.hash(), id, tx.now.UnixMicro())
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM drafts WHERE token = $1 AND user_id = $2", n.FormToken, by.ID)
	}
	if err != nil {
		return fmt.Errorf("store: form token: %w", err)
	}
	return nil
}

// referenceFree refuses a reference that any other distribution carries, made
// here or elsewhere.
func (tx *Tx) referenceFree(ctx context.Context, reference, but string) error {
	taken, err := referenceTaken(ctx, tx, reference, but)
	if err == nil && taken {
		err = distribution.FieldErrors{distribution.FieldReference: {Code: "reference.taken"}}
	}
	return err
}

// ReferenceTaken reports that another distribution than this one carries it.
func (db *DB) ReferenceTaken(ctx context.Context, reference, but string) (bool, error) {
	return referenceTaken(ctx, db.read, reference, but)
}

func referenceTaken(ctx context.Context, q querier, reference, but string) (taken bool, err error) {
	err = q.QueryRowContext(ctx,
		"SELECT EXISTS (SELECT 1 FROM distributions WHERE order_reference = $1 AND id <> $2)", reference, but).Scan(&taken)
	if err != nil {
		return false, fmt.Errorf("store: reference: %w", err)
	}
	return taken, nil
}
