package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Note is what a person wrote about a distribution for the others here. It is
// never changed and never sent to Plexy.
type Note struct {
	At   time.Time // UTC
	By   distribution.Person
	Text string
}

// AddNote writes one. The same text of the same person once more, with nothing
// written in between, is the second of two presses and changes nothing.
func (db *DB) AddNote(ctx context.Context, by distribution.Actor, id, text string) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		d, err := getDistribution(ctx, tx, "id = $1", id)
		if err != nil {
			return err
		}
		if err := distribution.CanAnnotate(by, &d); err != nil {
			return err
		}
		if text == "" {
			return refuse("reason")
		}
		repeated, err := tx.lastNoteIs(ctx, by, id, text)
		if err != nil || repeated {
			return err
		}
		seq, err := tx.audit(ctx, by, entry{
			action: "distribution.annotated", object: "distribution", id: id, details: map[string]string{"note": text},
		})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO notes (distribution_id, at, by_id, by_name, text, audit_seq) VALUES ($1, $2, $3, $4, $5, $6)",
			id, tx.now.UnixMicro(), by.ID, by.Name, text, seq)
		if err != nil {
			return fmt.Errorf("store: note: %w", err)
		}
		return nil
	})
}

func (tx *Tx) lastNoteIs(ctx context.Context, by distribution.Actor, id, text string) (same bool, err error) {
	err = tx.QueryRowContext(ctx, "SELECT by_id = $1 AND text = $2 FROM notes WHERE distribution_id = $3 ORDER BY id DESC LIMIT 1",
		by.ID, text, id).Scan(&same)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("store: note: %w", err)
	}
	return same, nil
}

const notesQuery = "SELECT at, by_id, by_name, text FROM notes WHERE distribution_id = $1 ORDER BY id DESC"

// Notes lists those of one distribution, newest first.
func (db *DB) Notes(ctx context.Context, id string) ([]Note, error) {
	rows, err := db.read.QueryContext(ctx, notesQuery, id)
	notes, err := collect(rows, err, func(r *sql.Rows) (Note, error) {
		var n Note
		var at int64
		err := r.Scan(&at, &n.By.ID, &n.By.Name, &n.Text)
		n.At = time.UnixMicro(at).UTC()
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: notes: %w", err)
	}
	return notes, nil
}
