package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"plexydash/distribution"
)

// Event is one line of a distribution's history.
type Event struct {
	distribution.Event
	At       time.Time // our clock, UTC
	Actor    distribution.Person
	AnswerID int64 // raw answer it rests on; 0: none
}

// Change is the only way to change a distribution: it reads the row, lets the
// rule do its work, and writes row, event and audit record in one transaction.
// The rule's error is returned as it is and nothing is written.
func (db *DB) Change(ctx context.Context, by distribution.Actor, id string,
	do func(*distribution.Distribution) (distribution.Event, error),
) (d distribution.Distribution, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		d, err = tx.change(ctx, by, id, 0, do)
		return err
	})
	return d, err
}

// change is Change within a transaction; answerID is the raw answer the event
// rests on, if any.
func (tx *Tx) change(ctx context.Context, by distribution.Actor, id string, answerID int64,
	do func(*distribution.Distribution) (distribution.Event, error),
) (distribution.Distribution, error) {
	d, err := getDistribution(ctx, tx, "id = $1", id)
	if err != nil {
		return d, err
	}
	before := d
	event, err := do(&d)
	if err != nil {
		return before, err
	}
	if err := tx.commitChange(ctx, by, &before, &d, event, answerID); err != nil {
		return before, err
	}
	return d, nil
}

// commitChange writes what a rule did. before is nil for a new row.
func (tx *Tx) commitChange(ctx context.Context, by distribution.Actor,
	before, d *distribution.Distribution, e distribution.Event, answerID int64,
) error {
	if by.IsZero() {
		return ErrNoActor
	}
	if err := tx.saveDistribution(ctx, d); err != nil {
		return err
	}
	audited := entry{
		action: "distribution." + string(e.Kind), object: "distribution", id: d.ID,
		after: fingerprint(d), details: details(before, d), reason: cmp.Or(e.Note, e.Reason),
	}
	if before != nil {
		audited.before = fingerprint(before)
	}
	seq, err := tx.audit(ctx, by, audited)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO distribution_events
		(distribution_id, at, plexy_at, actor_id, actor_name, kind, from_status, to_status, reason, note, plexy_word, regression, answer_id, audit_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		d.ID, tx.now.UnixMicro(), micros(e.PlexyAt), by.ID, by.Name, string(e.Kind), string(e.From), string(e.To),
		e.Reason, e.Note, e.PlexyWord, e.Regression, sql.NullInt64{Int64: answerID, Valid: answerID != 0}, seq)
	if err != nil {
		return fmt.Errorf("store: event: %w", err)
	}
	return tx.follow(ctx, by, d, e)
}

// follow does what an event entails: an alarm, the end of proposals about what
// is no longer so, the search for an outcome that became unknown, and a recipient
// that is known from now on.
func (tx *Tx) follow(ctx context.Context, by distribution.Actor, d *distribution.Distribution, e distribution.Event) error {
	if e.Alarm != "" {
		if err := tx.raise(ctx, e.Alarm, d.ID); err != nil {
			return err
		}
	}
	if e.From != e.To {
		if err := tx.voidProposals(ctx, by, d.ID); err != nil {
			return err
		}
	}
	if d.Status == distribution.Unknown && (e.From != distribution.Unknown || e.Kind == distribution.EventDoubted) {
		return tx.scheduleLooks(ctx, d)
	}
	return tx.saveRecipient(ctx, by, d, e)
}

// fingerprint is SHA-256 over the content and the state, in hex.
func fingerprint(d *distribution.Distribution) string {
	h := sha256.New()
	h.Write(distribution.Canonical(d))
	_, _ = fmt.Fprintf(h, "%q %q %q %q %d", d.Status, d.PlexyID, d.PlexyStatus, d.RecipientText(), d.Version)
	return hex.EncodeToString(h.Sum(nil))
}

// details says what changed: the field with its new value, and the same with
// ".was" for the old one.
func details(before, d *distribution.Distribution) map[string]string {
	now, was := fields(d), map[string]string{}
	if before != nil {
		was = fields(before)
	}
	diff := map[string]string{}
	for name, value := range now {
		if value != was[name] {
			diff[name] = value
		}
	}
	for name, value := range was {
		if value != now[name] && value != "" {
			diff[name], diff[name+".was"] = now[name], value
		}
	}
	return diff
}

func fields(d *distribution.Distribution) map[string]string {
	t := d.RecipientText()
	f := map[string]string{
		"status": string(d.Status), "plexyStatus": d.PlexyStatus, "plexyId": d.PlexyID, "origin": string(d.Origin),
		"orderReference": d.OrderReference, "amount": strconv.FormatInt(int64(d.Amount), 10), "currency": string(d.Currency),
		"recipient.name": t.Name, "recipient.bin": t.BIN, "recipient.iban": t.IBAN, "recipient.bic": t.BIC,
		"recipient.kbe": t.KBe, "recipient.knp": t.KNP, "paymentPurpose": d.PaymentPurpose, "twinOf": d.TwinOf, "linkedTo": d.LinkedTo, "duplicateReason": d.DuplicateReason,
	}
	if d.DupNo > 0 {
		f["dupNo"] = strconv.Itoa(d.DupNo)
	}
	for _, c := range d.Confirmations {
		f["confirmed."+c.Code] = c.By.Name
	}
	return f
}

// Submit hands a draft over. Pressing again changes nothing and is no error; a
// queued one that has waited longer than a day is released by its maker. One that
// pays the same as another under way is a *TwinError; the same as one that Plexy
// answered is a Refusal "duplicate", unless it is explained.
func (db *DB) Submit(ctx context.Context, by distribution.Actor, id string) (d distribution.Distribution, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		p, err := policy(ctx, tx)
		if err != nil {
			return err
		}
		if d, err = getDistribution(ctx, tx, "id = $1", id); err != nil {
			return err
		}
		if d.SubmittedHash != nil && d.CreatedBy.ID == by.ID {
			if !d.Stale(tx.now) {
				return nil
			}
			d, err = tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) {
				return d.Release(by, tx.now)
			})
			return err
		}
		d, err = tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) {
			e, err := d.Submit(by, p, tx.now)
			if err == nil {
				err = tx.twinExplained(ctx, d)
			}
			return e, err
		})
		switch {
		case unique(err):
			return tx.twin(ctx, d, err)
		case err != nil:
			return err
		}
		return tx.keepSubmission(ctx, &d)
	})
	return d, err
}

// Events is the history of one, newest first.
func (db *DB) Events(ctx context.Context, id string) ([]Event, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT at, plexy_at, actor_id, actor_name, kind, from_status, to_status,
		reason, note, plexy_word, regression, answer_id
		FROM distribution_events WHERE distribution_id = $1 ORDER BY id DESC`, id)
	events, err := collect(rows, err, func(r *sql.Rows) (Event, error) {
		var e Event
		var at int64
		var plexyAt, answer sql.NullInt64
		err := r.Scan(&at, &plexyAt, &e.Actor.ID, &e.Actor.Name, &e.Kind, &e.From, &e.To,
			&e.Reason, &e.Note, &e.PlexyWord, &e.Regression, &answer)
		e.At, e.PlexyAt, e.AnswerID = time.UnixMicro(at).UTC(), moment(plexyAt), answer.Int64
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: history: %w", err)
	}
	return events, nil
}
