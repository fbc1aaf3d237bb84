package store

import (
	"context"
	"fmt"
	"time"

	"plexydash/distribution"
)

const mirroredAfter = `SELECT plexy_id FROM distributions
	WHERE plexy_id > $1 AND linked_to IS NULL AND gone_at IS NULL AND coalesce(plexy_created_at, created_at) < $2
	ORDER BY plexy_id LIMIT $3`

// Mirrored lists ids that Plexy once showed, of rows created before a moment, in
// the order of the ids after one of them; at most limit. What is known to be
// gone is not among them.
func (db *DB) Mirrored(ctx context.Context, after string, before time.Time, limit int) ([]string, error) {
	rows, err := db.read.QueryContext(ctx, mirroredAfter, after, before.UnixMicro(), limit)
	ids, err := collect(rows, err, scanText)
	if err != nil {
		return nil, fmt.Errorf("store: mirrored: %w", err)
	}
	return ids, nil
}

// Compared is the id at Plexy up to which the last comparison came that could
// not read all that it wanted to; empty: it begins from the first.
func (db *DB) Compared(ctx context.Context) (id string, err error) {
	return stateText(ctx, db.read, keyCompared)
}

// KeepCompared notes it.
func (db *DB) KeepCompared(ctx context.Context, id string) error {
	return db.tx(ctx, func(tx *Tx) error { return tx.setState(ctx, keyCompared, id) })
}

// Vanished notes that Plexy does not return one any more by its id, either, and
// the answer that said so.
func (db *DB) Vanished(ctx context.Context, by distribution.Actor, plexyID string, a RawAnswer) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		before, err := getDistribution(ctx, tx, "plexy_id = $1", plexyID)
		if err != nil {
			return err
		}
		d := before
		event, gone := d.Gone(tx.now)
		if !gone {
			return nil
		}
		answerID, err := tx.saveAnswer(ctx, a)
		if err != nil {
			return err
		}
		return tx.commitChange(ctx, by, &before, &d, event, answerID)
	})
}
