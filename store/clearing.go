package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Clearing is how long a bank took, by our own history.
type Clearing struct {
	Median time.Duration // from Plexy's yes to the money's arrival, by Plexy's clock
	Count  int           // of payments looked at; 0: too few to say anything
}

const (
	clearingLast = 50 // the newest say how the bank works now
	clearingMin  = 5  // fewer are no habit
)

const clearingQuery = `SELECT plexy_updated_at - plexy_created_at FROM distributions
	WHERE status = 'paid' AND substr(recipient_iban, 5, 3) = $1 AND plexy_created_at > 0 AND plexy_updated_at >= plexy_created_at
	ORDER BY plexy_created_at DESC LIMIT $2`

// ClearingOf is what the last payments to the bank of that code took.
func (db *DB) ClearingOf(ctx context.Context, bankCode string) (Clearing, error) {
	rows, err := db.read.QueryContext(ctx, clearingQuery, bankCode, clearingLast)
	took, err := collect(rows, err, func(r *sql.Rows) (us int64, err error) {
		err = r.Scan(&us)
		return us, err
	})
	if err != nil {
		return Clearing{}, fmt.Errorf("store: clearing: %w", err)
	}
	if len(took) < clearingMin {
		return Clearing{}, nil
	}
	slices.Sort(took)
	return Clearing{Median: time.Duration(took[len(took)/2]) * time.Microsecond, Count: len(took)}, nil
}
