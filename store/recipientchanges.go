package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"plexydash/distribution"
)

// RecipientEdit is what may be changed of a recipient. Number and account may not:
// another account is another recipient, and comes with its first payment.
type RecipientEdit struct {
	Name string
	BIC  distribution.BIC
	KBe  distribution.KBe
	KNP  distribution.KNP
}

// EditRecipient changes the version that the person saw; another one is a Refusal
// "recipient_changed".
func (db *DB) EditRecipient(ctx context.Context, by distribution.Actor, id string, version int64, e RecipientEdit) error {
	return db.changeRecipient(ctx, by, id, func(tx *Tx, was recipientText) error {
		if was.version != version {
			return refuse("recipient_changed")
		}
		now := was
		now.Name, now.BIC, now.KBe, now.KNP = e.Name, e.BIC.String(), e.KBe.String(), e.KNP.String()
		if now == was {
			return nil
		}
		_, err := tx.ExecContext(ctx, "UPDATE recipients SET name = $1, bic = $2, kbe = $3, knp = $4, search = $5, version = version + 1 WHERE id = $6",
			now.Name, now.BIC, now.KBe, now.KNP, now.search(), id)
		if err != nil {
			return fmt.Errorf("store: recipient: %w", err)
		}
		return tx.recordRecipient(ctx, by, id, "edited", was.to(now))
	})
}

// ArchiveRecipient puts one aside: it is offered no more, and what was paid to it
// still counts. Doing so again changes nothing.
func (db *DB) ArchiveRecipient(ctx context.Context, by distribution.Actor, id string) error {
	return db.setArchived(ctx, by, id, true)
}

// RestoreRecipient takes it back.
func (db *DB) RestoreRecipient(ctx context.Context, by distribution.Actor, id string) error {
	return db.setArchived(ctx, by, id, false)
}

func (db *DB) setArchived(ctx context.Context, by distribution.Actor, id string, aside bool) error {
	return db.changeRecipient(ctx, by, id, func(tx *Tx, was recipientText) error {
		if was.archived == aside {
			return nil
		}
		kind, at := "restored", sql.NullInt64{}
		if aside {
			kind, at = "archived", micros(tx.now)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE recipients SET archived_at = $1, version = version + 1 WHERE id = $2", at, id); err != nil {
			return fmt.Errorf("store: recipient: %w", err)
		}
		return tx.recordRecipient(ctx, by, id, kind, was.known())
	})
}

// recipientText is the row that a change looks at.
type recipientText struct {
	distribution.RecipientText
	version  int64
	archived bool
}

func (r recipientText) search() string { return Plain(r.Name + " | " + r.BIN + " | " + r.IBAN) }

// known names the recipient in a record.
func (r recipientText) known() map[string]string {
	return map[string]string{"recipient.name": r.Name, "recipient.bin": r.BIN, "recipient.iban": r.IBAN}
}

func (r recipientText) fields() map[string]string {
	return map[string]string{
		"recipient.name": r.Name, "recipient.bin": r.BIN, "recipient.iban": r.IBAN,
		"recipient.bic": r.BIC, "recipient.kbe": r.KBe, "recipient.knp": r.KNP,
	}
}

// to is what changed: the field with its new value, and with ".was" the old one.
func (r recipientText) to(now recipientText) map[string]string {
	before, diff := r.fields(), map[string]string{}
	for name, value := range now.fields() {
		if was := before[name]; was != value {
			diff[name], diff[name+".was"] = value, was
		}
	}
	return diff
}

func (db *DB) changeRecipient(ctx context.Context, by distribution.Actor, id string, do func(*Tx, recipientText) error) error {
	if !by.IsZero() {
		if err := distribution.May(by, distribution.Create); err != nil {
			return err
		}
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT name, bin, iban, bic, kbe, knp, version, archived_at IS NOT NULL FROM recipients WHERE id = $1", id)
		found, err := collect(rows, err, func(rows *sql.Rows) (r recipientText, err error) {
			err = rows.Scan(&r.Name, &r.BIN, &r.IBAN, &r.BIC, &r.KBe, &r.KNP, &r.version, &r.archived)
			return r, err
		})
		switch {
		case err != nil:
			return fmt.Errorf("store: recipient: %w", err)
		case len(found) == 0:
			return distribution.ErrNotFound
		}
		return do(tx, found[0])
	})
}

// saveRecipient puts whom a distribution went out to into the book, once, or notes
// that it was used again.
func (tx *Tx) saveRecipient(ctx context.Context, by distribution.Actor, d *distribution.Distribution, e distribution.Event) error {
	out := []distribution.Status{distribution.Accepted, distribution.Processing, distribution.Paid}
	if d.Origin != distribution.FromDashboard || !slices.Contains(out, e.To) || slices.Contains(out, e.From) {
		return nil
	}
	r := recipientText{RecipientText: d.RecipientText()}
	used, err := tx.ExecContext(ctx, "UPDATE recipients SET used_at = $1 WHERE bin = $2 AND iban = $3", tx.now.UnixMicro(), r.BIN, r.IBAN)
	if err != nil {
		return fmt.Errorf("store: recipient: %w", err)
	}
	if n, err := used.RowsAffected(); err != nil || n > 0 {
		return err
	}
	id := tx.db.newID()
	_, err = tx.ExecContext(ctx, `INSERT INTO recipients (id, bin, iban, name, bic, kbe, knp, search, saved_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`, id, r.BIN, r.IBAN, r.Name, r.BIC, r.KBe, r.KNP, r.search(), tx.now.UnixMicro())
	if err != nil {
		return fmt.Errorf("store: recipient: %w", err)
	}
	return tx.recordRecipient(ctx, by, id, "saved", r.fields())
}

// recordRecipient writes what was done into the audit log and the history.
func (tx *Tx) recordRecipient(ctx context.Context, by distribution.Actor, id, kind string, changes map[string]string) error {
	action := map[string]string{
		"saved": "recipient.saved", "edited": "recipient.edited", "archived": "recipient.archived", "restored": "recipient.restored",
	}[kind]
	seq, err := tx.audit(ctx, by, entry{action: action, object: "recipient", id: id, details: nonEmpty(changes)})
	if err != nil {
		return err
	}
	text, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("store: recipient: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO recipient_events (recipient_id, at, by_id, by_name, kind, changes, audit_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, tx.now.UnixMicro(), by.ID, by.Name, kind, string(text), seq)
	if err != nil {
		return fmt.Errorf("store: recipient: %w", err)
	}
	return nil
}
