package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"plexydash/distribution"
)

// Known is whom was paid by this number or into this account, here or elsewhere,
// the newest payment first: for each number and account the newest. Only what
// Plexy took and what did not come back counts. However long the history, it asks
// the index once for each account of the number and each number of the account,
// for at most knownMost of both.
func (db *DB) Known(ctx context.Context, bin, iban string) ([]distribution.Known, error) {
	if bin == "" || iban == "" {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, knownQuery, bin, iban)
	all, err := collect(rows, err, func(rows *sql.Rows) (k distribution.Known, err error) {
		err = rows.Scan(&k.Name, &k.BIN, &k.IBAN)
		k.IBAN = strings.ToUpper(closed(k.IBAN)) // one made elsewhere is as Plexy shows it
		return k, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: known recipients: %w", err)
	}
	return all, nil
}

const knownMost = "32"

const knownQuery = `WITH RECURSIVE
	accounts (iban, n) AS (
		SELECT (SELECT recipient_iban FROM distributions WHERE recipient_bin = $1 AND ` + sent + ` ORDER BY recipient_iban LIMIT 1), 1
		UNION ALL
		SELECT (SELECT recipient_iban FROM distributions WHERE recipient_bin = $1 AND recipient_iban > a.iban AND ` + sent + ` ORDER BY recipient_iban LIMIT 1), n + 1
		FROM accounts a WHERE a.iban IS NOT NULL AND n < ` + knownMost + `),
	numbers (bin, n) AS (
		SELECT (SELECT recipient_bin FROM distributions WHERE recipient_iban = $2 AND ` + sent + ` ORDER BY recipient_bin LIMIT 1), 1
		UNION ALL
		SELECT (SELECT recipient_bin FROM distributions WHERE recipient_iban = $2 AND recipient_bin > b.bin AND ` + sent + ` ORDER BY recipient_bin LIMIT 1), n + 1
		FROM numbers b WHERE b.bin IS NOT NULL AND n < ` + knownMost + `),
	pairs (bin, iban) AS (
		SELECT $1, $2 UNION SELECT $1, iban FROM accounts WHERE iban IS NOT NULL UNION SELECT bin, $2 FROM numbers WHERE bin IS NOT NULL)
	SELECT d.recipient_name, d.recipient_bin, d.recipient_iban FROM pairs p JOIN distributions d ON d.id = (
		SELECT id FROM distributions WHERE recipient_bin = p.bin AND recipient_iban = p.iban AND ` + sent + ` ORDER BY created_at DESC, id DESC LIMIT 1)
	ORDER BY d.created_at DESC, d.id DESC`
