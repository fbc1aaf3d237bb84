package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"plexydash/distribution"
)

// MaxFormDrafts is how many forms one person may leave unfinished.
const MaxFormDrafts = 50

// maxFormDraft bounds the text of one, in bytes of JSON.
const maxFormDraft = 64 << 10

// FormDraft is a form of a distribution as its owner left it. It is no
// distribution: nothing of it was checked.
type FormDraft struct {
	Token   string     // of the form
	Fields  url.Values // as typed, by the names of the form
	Editing string     // id of the distribution that it would change; empty: a new one
	CopyOf  string     // id of the one that it corrects, or empty
	About   string     // reference of that one, for reading
	KeptAt  time.Time  // UTC
}

// KeepFormDraft keeps the form as it is now, and tells when it did. The log gets
// one record for each form, not one for each key that was pressed.
func (db *DB) KeepFormDraft(ctx context.Context, by distribution.Actor, d FormDraft) (at time.Time, err error) {
	if err := distribution.May(by, distribution.Create); err != nil {
		return at, err
	}
	fields, err := json.Marshal(d.Fields)
	if err != nil || len(fields) > maxFormDraft {
		return at, refuse("draft_large")
	}
	err = db.txBy(ctx, by, func(tx *Tx) error {
		known, err := tx.formDraftKnown(ctx, by, d.Token)
		if err != nil {
			return err
		}
		if !known {
			if err := tx.beginFormDraft(ctx, by, d); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO drafts (token, user_id, fields, edits, copy_of, created_at, kept_at)
			VALUES ($1, $2, $3, nullif($4, ''), nullif($5, ''), $6, $6)
			ON CONFLICT (token) DO UPDATE SET fields = excluded.fields, kept_at = excluded.kept_at`,
			d.Token, by.ID, string(fields), d.Editing, d.CopyOf, tx.now.UnixMicro())
		if err != nil {
			return fmt.Errorf("store: form draft: %w", err)
		}
		at = tx.now
		return nil
	})
	return at, err
}

// formDraftKnown reports that the form is kept already. One that became a
// distribution is not kept again, and the form of another is not there.
func (tx *Tx) formDraftKnown(ctx context.Context, by distribution.Actor, token string) (bool, error) {
	var owner, spentOn string
	err := tx.QueryRowContext(ctx, `SELECT coalesce((SELECT user_id FROM drafts WHERE token = $1), ''),
		coalesce((SELECT distribution_id FROM form_tokens WHERE token = $1), '')`, token).Scan(&owner, &spentOn)
	switch {
	case err != nil:
		return false, fmt.Errorf("store: form draft: %w", err)
	case owner != "" && owner != by.ID:
		return false, distribution.ErrNotFound
	case spentOn != "":
		return false, &ErrFormSpent{ID: spentOn}
	}
	return owner != "", nil
}

func (tx *Tx) beginFormDraft(ctx context.Context, by distribution.Actor, d FormDraft) error {
	for _, id := range []string{d.Editing, d.CopyOf} {
		if id == "" {
			continue
		}
		if _, err := getDistribution(ctx, tx, "id = $1", id); err != nil {
			return err
		}
	}
	var kept int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM drafts WHERE user_id = $1", by.ID).Scan(&kept); err != nil {
		return fmt.Errorf("store: form draft: %w", err)
	}
	if kept >= MaxFormDrafts {
		return refuse("drafts_full")
	}
	_, err := tx.audit(ctx, by, entry{action: "draft.kept", object: "draft", id: d.Token})
	return err
}

const formDraftRows = `SELECT f.token, f.fields, coalesce(f.edits, ''), coalesce(f.copy_of, ''), coalesce(d.order_reference, ''), f.kept_at
	FROM drafts f LEFT JOIN distributions d ON d.id = coalesce(f.edits, f.copy_of)`

// FormDraft is the one of this person, or distribution.ErrNotFound.
func (db *DB) FormDraft(ctx context.Context, ownerID, token string) (FormDraft, error) {
	rows, err := db.read.QueryContext(ctx, formDraftRows+" WHERE f.token = $1 AND f.user_id = $2", token, ownerID)
	found, err := collect(rows, err, scanFormDraft)
	switch {
	case err != nil:
		return FormDraft{}, fmt.Errorf("store: form draft: %w", err)
	case len(found) == 0:
		return FormDraft{}, distribution.ErrNotFound
	}
	return found[0], nil
}

const formDraftsQuery = formDraftRows + " WHERE f.user_id = $1 ORDER BY f.kept_at DESC"

// FormDrafts lists what the person left unfinished, the newest first.
func (db *DB) FormDrafts(ctx context.Context, ownerID string) ([]FormDraft, error) {
	rows, err := db.read.QueryContext(ctx, formDraftsQuery, ownerID)
	all, err := collect(rows, err, scanFormDraft)
	if err != nil {
		return nil, fmt.Errorf("store: form drafts: %w", err)
	}
	return all, nil
}

func scanFormDraft(rows *sql.Rows) (d FormDraft, err error) {
	var fields string
	var kept int64
	if err := rows.Scan(&d.Token, &fields, &d.Editing, &d.CopyOf, &d.About, &kept); err != nil {
		return d, err
	}
	d.KeptAt = time.UnixMicro(kept).UTC()
	return d, json.Unmarshal([]byte(fields), &d.Fields)
}

// CountFormDrafts counts them.
func (db *DB) CountFormDrafts(ctx context.Context, ownerID string) (n int, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM drafts WHERE user_id = $1", ownerID).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: form drafts: %w", err)
	}
	return n, nil
}

// DropFormDraft throws it away, or is distribution.ErrNotFound.
func (db *DB) DropFormDraft(ctx context.Context, by distribution.Actor, token string) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		var dropped string
		err := tx.QueryRowContext(ctx, "DELETE FROM drafts WHERE token = $1 AND user_id = $2 RETURNING token", token, by.ID).Scan(&dropped)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return distribution.ErrNotFound
		case err != nil:
			return fmt.Errorf("store: form draft: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{action: "draft.dropped", object: "draft", id: token})
		return err
	})
}
