package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"plexydash/distribution"
)

// RecentTo lists what was paid, or is being paid, to the account in the last 45
// days, the newest first, at most fifty. exceptID is left out.
func (db *DB) RecentTo(ctx context.Context, iban distribution.IBAN, exceptID string) ([]distribution.Distribution, error) {
	rows, err := db.read.QueryContext(ctx, recentToQuery, iban.String(), db.Now().Add(-twinsFor).UnixMicro(), exceptID)
	recent, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: recent payments: %w", err)
	}
	return recent, nil
}

const recentToQuery = "SELECT " + columns + ` FROM distributions
	WHERE recipient_iban = $1 AND created_at >= $2 AND id <> $3
	AND status NOT IN ('draft', 'declined', 'cancelled', 'abandoned', 'refused', 'failed', 'returned')
	ORDER BY created_at DESC LIMIT 50`

// RecentCodes are the KBe and KNP that the person used last, at most five of each,
// the newest first. Only the last five hundred payments of all are looked at.
func (db *DB) RecentCodes(ctx context.Context, personID string) (kbes, knps []string, err error) {
	rows, err := db.read.QueryContext(ctx, recentCodesQuery, personID)
	used, err := collect(rows, err, func(s *sql.Rows) (pair [2]string, err error) {
		err = s.Scan(&pair[0], &pair[1])
		return pair, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("store: recent codes: %w", err)
	}
	const most = 5
	add := func(codes []string, code string) []string {
		if code == "" || len(codes) == most || slices.Contains(codes, code) {
			return codes
		}
		return append(codes, code)
	}
	for _, pair := range used {
		kbes, knps = add(kbes, pair[0]), add(knps, pair[1])
	}
	return kbes, knps, nil
}

const recentCodesQuery = `SELECT recipient_kbe, recipient_knp
	FROM (SELECT recipient_kbe, recipient_knp, created_by FROM distributions ORDER BY created_at DESC, id DESC LIMIT 500)
	WHERE created_by = $1`
