package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"plexydash/distribution"
)

// Reading is a line of the balance's history.
type Reading struct {
	ID int64
	Balance
	Before    *distribution.Amount // what the same answer told of the balance before it
	Reference string               // of the one whose answer told it
	Payee     string               // of that one
	Change    *distribution.Amount // against the figure before; nil for the first one
}

// ReadingPage is one page of readings, newest first. Next is the cursor of the
// following page, 0 on the last one.
type ReadingPage struct {
	Rows []Reading
	Next int64
}

// Readings reads a page of the figures seen since then. before is the cursor, 0
// for the first page.
func (db *DB) Readings(ctx context.Context, since time.Time, before int64, size int) (ReadingPage, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := db.read.QueryContext(ctx, `SELECT b.id, b.at, b.checked_at, b.plexy_at, b.amount, b.currency, b.reserved,
			coalesce(b.distribution_id, ''), b.before, coalesce(d.order_reference, ''), coalesce(d.recipient_name, ''),
			(SELECT p.amount FROM balance_readings p WHERE p.id < b.id ORDER BY p.id DESC LIMIT 1)
		FROM balance_readings b LEFT JOIN distributions d ON d.id = b.distribution_id
		WHERE b.id < $1 ORDER BY b.id DESC LIMIT $2`, before, size+1)
	found, err := collect(rows, err, scanReading)
	if err != nil {
		return ReadingPage{}, fmt.Errorf("store: readings: %w", err)
	}
	if i := slices.IndexFunc(found, func(r Reading) bool { return r.CheckedAt.Before(since) }); i >= 0 {
		found = found[:i]
	}
	p := ReadingPage{Rows: found}
	if len(found) > size {
		p.Rows, p.Next = found[:size], found[size-1].ID
	}
	return p, nil
}

func scanReading(r *sql.Rows) (Reading, error) {
	var b Reading
	var at, checked int64
	var plexyAt, reserved, before, earlier sql.NullInt64
	err := r.Scan(&b.ID, &at, &checked, &plexyAt, &b.Amount, &b.Currency, &reserved, &b.DistributionID, &before, &b.Reference, &b.Payee, &earlier)
	b.At, b.CheckedAt, b.PlexyAt = time.UnixMicro(at).UTC(), time.UnixMicro(checked).UTC(), moment(plexyAt)
	b.Reserved, b.Before = amountOrNil(reserved), amountOrNil(before)
	if earlier.Valid {
		b.Change = new(b.Amount - distribution.Amount(earlier.Int64))
	}
	return b, err
}

// atPlexy is what a row moves: what Plexy shows where that is something else.
const atPlexy = `coalesce(nullif(json_extract(d.plexy_shows, '$.Amount'), 0), d.amount)`

// countsAtPlexy holds for rows that Plexy executed in tenge, each once.
const countsAtPlexy = `d.plexy_id IS NOT NULL AND d.linked_to IS NULL AND
	coalesce(nullif(json_extract(d.plexy_shows, '$.Currency'), ''), d.currency) = 'KZT'`

// paidQuery tells when each was paid: by Plexy's clock, and by ours not before
// the first attempt and not after it was known.
const paidQuery = `SELECT d.id, -` + atPlexy + `, d.plexy_created_at,
		coalesce((SELECT min(a.started_at) FROM attempts a WHERE a.distribution_id = d.id), d.created_at - 86400000000),
		coalesce((SELECT min(e.at) FROM distribution_events e WHERE e.distribution_id = d.id AND e.to_status IN
			('mismatch', 'accepted', 'processing', 'paid', 'failed', 'returned')), d.created_at)
	FROM distributions d WHERE ` + countsAtPlexy

// debitsQuery finds what was paid since then.
const debitsQuery = paidQuery + ` AND d.plexy_created_at >= $1
	UNION ALL ` + paidQuery + ` AND d.plexy_created_at IS NULL AND d.updated_at >= $1`

// creditsQuery finds what failed or was returned since then, and the debits of
// what stepped back from there.
const creditsQuery = `SELECT d.id, CASE WHEN e.to_status IN ('failed', 'returned') THEN 1 ELSE -1 END * ` + atPlexy + `,
		nullif(e.plexy_at, d.plexy_created_at),
		coalesce((SELECT max(p.at) FROM distribution_events p WHERE p.distribution_id = e.distribution_id AND p.id < e.id), d.created_at), e.at
	FROM distribution_events e JOIN distributions d ON d.id = e.distribution_id
	WHERE e.at >= $1 AND (e.to_status IN ('failed', 'returned')) <> (e.from_status IN ('failed', 'returned')) AND ` + countsAtPlexy
