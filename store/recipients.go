package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Recipient is one of the book: whom a distribution of the dashboard went to. Its
// number and account are what it is known by, and never change.
type Recipient struct {
	ID string
	distribution.RecipientText
	SavedAt    time.Time // UTC
	UsedAt     time.Time // UTC; when one went out to it last
	ArchivedAt time.Time // UTC; zero: it is offered
	Version    int64

	Count int                        // payments that Plexy took and that did not come back
	Sum   distribution.Amount        // of these
	Last  *distribution.Distribution // the newest that reached Plexy, whatever became of it; nil: none
}

// RecipientEvent is what somebody did with a recipient.
type RecipientEvent struct {
	At      time.Time // UTC
	By      distribution.Person
	Kind    string            // saved, edited, archived or restored
	Changes map[string]string // field to value, field.was to the one before
}

// RecipientFilter is what a list of recipients asks for.
type RecipientFilter struct {
	Q        string // in name, number and account
	Archived bool   // those put aside, and no others
	Cursor   string
	Size     int
}

// toPlexy is what the indexes of payments by number and by account hold, and sent
// the part of it that counts as paid.
const (
	toPlexy = "linked_to IS NULL AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned')"
	sent    = toPlexy + " AND status IN ('accepted', 'processing', 'paid')"

	paidTo = "FROM distributions WHERE recipient_bin = r.bin AND recipient_iban = r.iban AND "
)

const recipientRows = `SELECT r.id, r.bin, r.iban, r.name, r.bic, r.kbe, r.knp, r.saved_at, r.used_at, r.archived_at, r.version,
	(SELECT count(*) ` + paidTo + sent + `), (SELECT coalesce(sum(amount), 0) ` + paidTo + sent + `),
	coalesce((SELECT id ` + paidTo + toPlexy + ` ORDER BY created_at DESC, id DESC LIMIT 1), '')
	FROM recipients r WHERE `

// Recipients is one page of the book, the last used first; next is empty at its end.
func (db *DB) Recipients(ctx context.Context, f RecipientFilter) (all []Recipient, next string, err error) {
	query, args := f.query()
	all, err = db.recipients(ctx, query, args...)
	if err != nil {
		return nil, "", err
	}
	if len(all) > f.Size {
		all = all[:f.Size]
		last := all[f.Size-1]
		next = cursor{Num: last.UsedAt.UnixMicro(), ID: last.ID}.encode()
	}
	return all, next, nil
}

func (f RecipientFilter) query() (query string, args []any) {
	query = recipientRows + "r.archived_at IS NULL"
	if f.Archived {
		query = recipientRows + "r.archived_at IS NOT NULL"
	}
	if q := Plain(f.Q); q != "" {
		query += ` AND (r.search LIKE ? ESCAPE '\' OR r.search LIKE ? ESCAPE '\')`
		args = append(args, like(q), like(closed(q)))
	}
	if c, ok := decodeCursor(f.Cursor); ok {
		query += " AND (r.used_at, r.id) < (?, ?)"
		args = append(args, c.Num, c.ID)
	}
	return query + " ORDER BY r.used_at DESC, r.id DESC LIMIT ?", append(args, f.Size+1)
}

// Recipient is the one with this id, or distribution.ErrNotFound.
func (db *DB) Recipient(ctx context.Context, id string) (Recipient, error) {
	return db.oneRecipient(ctx, "r.id = $1", id)
}

// RecipientOf is the one with this number and account, or distribution.ErrNotFound.
func (db *DB) RecipientOf(ctx context.Context, bin, iban string) (Recipient, error) {
	return db.oneRecipient(ctx, "r.bin = $1 AND r.iban = $2", bin, iban)
}

func (db *DB) oneRecipient(ctx context.Context, where string, args ...any) (Recipient, error) {
	found, err := db.recipients(ctx, recipientRows+where, args...)
	if err != nil {
		return Recipient{}, err
	}
	if len(found) == 0 {
		return Recipient{}, distribution.ErrNotFound
	}
	return found[0], nil
}

func (db *DB) recipients(ctx context.Context, query string, args ...any) ([]Recipient, error) {
	rows, err := db.read.QueryContext(ctx, query, args...)
	var ids []string
	all, err := collect(rows, err, func(rows *sql.Rows) (r Recipient, err error) {
		var saved, used int64
		var archived sql.NullInt64
		var last string
		err = rows.Scan(&r.ID, &r.BIN, &r.IBAN, &r.Name, &r.BIC, &r.KBe, &r.KNP, &saved, &used, &archived, &r.Version, &r.Count, &r.Sum, &last)
		r.SavedAt, r.UsedAt, r.ArchivedAt = time.UnixMicro(saved).UTC(), time.UnixMicro(used).UTC(), moment(archived)
		ids = append(ids, last)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: recipients: %w", err)
	}
	byID, err := distributionsByID(ctx, db.read, ids)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if last, ok := byID[id]; ok {
			all[i].Last = &last
		}
	}
	return all, nil
}

const recipientEventsQuery = `SELECT at, by_id, by_name, kind, changes FROM recipient_events WHERE recipient_id = $1 ORDER BY id DESC LIMIT 100`

// RecipientEvents is the newest of what was done with a recipient.
func (db *DB) RecipientEvents(ctx context.Context, id string) ([]RecipientEvent, error) {
	rows, err := db.read.QueryContext(ctx, recipientEventsQuery, id)
	all, err := collect(rows, err, func(rows *sql.Rows) (e RecipientEvent, err error) {
		var at int64
		var changes string
		if err := rows.Scan(&at, &e.By.ID, &e.By.Name, &e.Kind, &changes); err != nil {
			return e, err
		}
		e.At = time.UnixMicro(at).UTC()
		return e, json.Unmarshal([]byte(changes), &e.Changes)
	})
	if err != nil {
		return nil, fmt.Errorf("store: recipient: %w", err)
	}
	return all, nil
}
