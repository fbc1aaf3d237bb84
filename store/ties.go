package store

import (
	"context"
	"database/sql"
	"fmt"

	"plexydash/distribution"
)

// TiesOf tells what other rows make of these, by id. A copy of one that was paid
// corrects nothing: it is the next payment.
func (db *DB) TiesOf(ctx context.Context, rows []distribution.Distribution) (map[string]distribution.Ties, error) {
	ties := map[string]distribution.Ties{}
	if len(rows) == 0 {
		return ties, nil
	}
	var ids, originals []string
	for i := range rows {
		ids, originals = append(ids, rows[i].ID), append(originals, rows[i].ID)
		if rows[i].CopyOf != "" {
			originals = append(originals, rows[i].CopyOf)
		}
		if rows[i].TwinOf != "" {
			ties[rows[i].ID] = distribution.Ties{Twice: true}
		}
	}
	query, args := tiesQuery(ids, originals)
	found, err := db.read.QueryContext(ctx, query, args...)
	_, err = collect(found, err, func(r *sql.Rows) (struct{}, error) {
		var original, other string
		var copied bool
		if err := r.Scan(&original, &other, &copied); err != nil {
			return struct{}{}, err
		}
		of, by := ties[original], ties[other]
		of.Twice, of.Corrected, by.Correction = of.Twice || !copied, of.Corrected || copied, by.Correction || copied
		ties[original], ties[other] = of, by
		return struct{}{}, nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: ties: %w", err)
	}
	return ties, nil
}

// tiesQuery finds the second payments of some, and the copies of others that
// came to nothing.
func tiesQuery(ids, originals []string) (query string, args []any) {
	twins, with := among("twin_of", ids)
	copies, and := among("c.copy_of", originals)
	ends, but := among("o.status", distribution.CameToNothing())
	query = "SELECT twin_of, id, 0 FROM distributions WHERE linked_to IS NULL AND " + twins +
		" UNION ALL SELECT o.id, c.id, 1 FROM distributions c JOIN distributions o ON o.id = c.copy_of WHERE " + copies + " AND " + ends
	return query, append(append(with, and...), but...)
}
