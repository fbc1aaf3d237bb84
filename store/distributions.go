package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"plexydash/distribution"
)

// columns is the row of a distribution, in the order of scanDistribution and
// of values.
const columns = `id, origin, order_reference, amount, currency,
	recipient_name, recipient_bin, recipient_iban, recipient_bic, recipient_kbe, recipient_knp, payment_purpose,
	search, biz_key, dup_no, status, status_reason, status_note,
	plexy_id, plexy_status, balance_before, balance_after, plexy_created_at, plexy_updated_at, plexy_shows,
	created_by, created_by_email, created_by_name, approved_by, confirmations, submitted_hash,
	attempts, submitted_at, queued_at, next_try_at, unknown_since, regressed, twin_of, copy_of,
	linked_to, gone_at, duplicate_reason, created_at, updated_at, version`

// Distribution reads one by our id.
func (db *DB) Distribution(ctx context.Context, id string) (distribution.Distribution, error) {
	return getDistribution(ctx, db.read, "id = $1", id)
}

func getDistribution(ctx context.Context, q querier, where string, args ...any) (distribution.Distribution, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+columns+" FROM distributions WHERE "+where, args...)
	found, err := collect(rows, err, scanDistribution)
	switch {
	case err != nil:
		return distribution.Distribution{}, fmt.Errorf("store: distribution: %w", err)
	case len(found) == 0:
		return distribution.Distribution{}, distribution.ErrNotFound
	}
	return found[0], nil
}

func listDistributions(ctx context.Context, q querier, where string, args ...any) ([]distribution.Distribution, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+columns+" FROM distributions WHERE "+where+" ORDER BY created_at, id", args...)
	found, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: distributions: %w", err)
	}
	return found, nil
}

// distributionsByID reads many at once.
func distributionsByID(ctx context.Context, q querier, ids []string) (map[string]distribution.Distribution, error) {
	byID := map[string]distribution.Distribution{}
	if len(ids) == 0 {
		return byID, nil
	}
	cond, with := among("id", ids)
	found, err := listDistributions(ctx, q, cond, with...)
	for _, d := range found {
		byID[d.ID] = d
	}
	return byID, err
}

func scanDistribution(rows *sql.Rows) (distribution.Distribution, error) {
	var d distribution.Distribution
	var text distribution.RecipientText
	var search, bizKey string
	var plexyID, createdBy, twinOf, copyOf, linkedTo sql.NullString
	var before, after, plexyCreated, plexyUpdated, submitted, queued, nextTry, unknownSince, gone sql.NullInt64
	var created, updated int64
	var approved, confirmed, shown []byte
	err := rows.Scan(&d.ID, &d.Origin, &d.OrderReference, &d.Amount, &d.Currency,
		&text.Name, &text.BIN, &text.IBAN, &text.BIC, &text.KBe, &text.KNP, &d.PaymentPurpose,
		&search, &bizKey, &d.DupNo, &d.Status, &d.StatusReason, &d.StatusNote,
		&plexyID, &d.PlexyStatus, &before, &after, &plexyCreated, &plexyUpdated, &shown,
		&createdBy, &d.CreatedBy.Email, &d.CreatedBy.Name, &approved, &confirmed, &d.SubmittedHash,
		&d.Attempts, &submitted, &queued, &nextTry, &unknownSince, &d.Regressed, &twinOf, &copyOf,
		&linkedTo, &gone, &d.DuplicateReason, &created, &updated, &d.Version)
	if err != nil {
		return d, err
	}
	d.PlexyID, d.CreatedBy.ID = plexyID.String, createdBy.String
	d.TwinOf, d.CopyOf, d.LinkedTo = twinOf.String, copyOf.String, linkedTo.String
	d.BalanceBefore, d.BalanceAfter = amountOrNil(before), amountOrNil(after)
	d.PlexyCreatedAt, d.PlexyUpdatedAt = moment(plexyCreated), moment(plexyUpdated)
	d.SubmittedAt, d.QueuedAt, d.NextTryAt, d.UnknownSince, d.GoneAt = moment(submitted), moment(queued), moment(nextTry), moment(unknownSince), moment(gone)
	d.CreatedAt, d.UpdatedAt = moment(sql.NullInt64{Int64: created, Valid: true}), moment(sql.NullInt64{Int64: updated, Valid: true})
	err = errors.Join(json.Unmarshal(approved, &d.ApprovedBy), json.Unmarshal(confirmed, &d.Confirmations))
	if shown != nil {
		err = errors.Join(err, json.Unmarshal(shown, &d.Shown))
	}
	if err != nil {
		return d, fmt.Errorf("distribution %s: %w", d.ID, err)
	}
	if d.Origin == distribution.FromPlexy {
		d.Seen = text
		return d, nil
	}
	d.Recipient, err = parseRecipient(text)
	if err != nil {
		return d, fmt.Errorf("distribution %s holds requisites that were never parsed: %w", d.ID, err)
	}
	return d, nil
}

func parseRecipient(t distribution.RecipientText) (r distribution.Recipient, err error) {
	var errs [5]error
	r.Name = t.Name
	r.BIN, errs[0] = distribution.ParseBIN(t.BIN)
	r.IBAN, errs[1] = distribution.ParseIBAN(t.IBAN)
	r.BIC, errs[2] = distribution.ParseBIC(t.BIC)
	r.KBe, errs[3] = distribution.ParseKBe(t.KBe)
	r.KNP, errs[4] = distribution.ParseKNP(t.KNP)
	return r, errors.Join(errs[:]...)
}

func amountOrNil(n sql.NullInt64) *distribution.Amount {
	if !n.Valid {
		return nil
	}
	return new(distribution.Amount(n.Int64))
}

func nullAmount(a *distribution.Amount) sql.NullInt64 {
	if a == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: int64(*a), Valid: true}
}

func nullText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// values is the row in the order of columns.
func values(d *distribution.Distribution) ([]any, error) {
	approved, err := json.Marshal(append([]distribution.Person{}, d.ApprovedBy...))
	if err != nil {
		return nil, err
	}
	confirmed, err := json.Marshal(append([]distribution.Confirmation{}, d.Confirmations...))
	if err != nil {
		return nil, err
	}
	var shown sql.NullString
	if d.Shown != nil {
		b, err := json.Marshal(d.Shown)
		if err != nil {
			return nil, err
		}
		shown = sql.NullString{String: string(b), Valid: true}
	}
	t := d.RecipientText()
	return []any{
		d.ID, string(d.Origin), d.OrderReference, int64(d.Amount), string(d.Currency),
		t.Name, t.BIN, t.IBAN, t.BIC, t.KBe, t.KNP, d.PaymentPurpose,
		searchText(d), d.BizKey(), d.DupNo, string(d.Status), d.StatusReason, d.StatusNote,
		nullText(d.PlexyID), d.PlexyStatus, nullAmount(d.BalanceBefore), nullAmount(d.BalanceAfter),
		micros(d.PlexyCreatedAt), micros(d.PlexyUpdatedAt), shown,
		nullText(d.CreatedBy.ID), d.CreatedBy.Email, d.CreatedBy.Name, string(approved), string(confirmed), d.SubmittedHash,
		d.Attempts, micros(d.SubmittedAt), micros(d.QueuedAt), micros(d.NextTryAt), micros(d.UnknownSince), d.Regressed,
		nullText(d.TwinOf), nullText(d.CopyOf),
		nullText(d.LinkedTo), micros(d.GoneAt), d.DuplicateReason, d.CreatedAt.UnixMicro(), d.UpdatedAt.UnixMicro(), d.Version,
	}, nil
}

// Fold makes text comparable without case; SQLite itself does not fold Cyrillic.
func Fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Join(strings.Fields(s), " ")), "ё", "е")
}

func searchText(d *distribution.Distribution) string {
	t := d.RecipientText()
	return Plain(strings.Join([]string{d.OrderReference, d.PlexyID, t.Name, t.BIN, t.IBAN, d.Amount.String()}, " | "))
}

// saveDistribution writes the whole row, as a new one when its version is zero.
func (tx *Tx) saveDistribution(ctx context.Context, d *distribution.Distribution) error {
	d.Version++
	d.UpdatedAt = tx.now
	v, err := values(d)
	if err != nil {
		return fmt.Errorf("store: save: %w", err)
	}
	if d.Version == 1 {
		_, err = tx.ExecContext(ctx, insertDistribution(len(v)), v...)
	} else {
		_, err = tx.ExecContext(ctx, updateDistribution(), v...)
	}
	if err != nil {
		return fmt.Errorf("store: save: %w", err)
	}
	return nil
}

func insertDistribution(n int) string {
	return "INSERT INTO distributions (" + columns + ") VALUES (?" + strings.Repeat(",?", n-1) + ")"
}

// updateDistribution numbers its parameters like columns, so that id is $1.
func updateDistribution() string {
	var set []string
	for i, name := range strings.Split(columns, ",") {
		set = append(set, fmt.Sprintf("%s = $%d", strings.TrimSpace(name), i+1))
	}
	return "UPDATE distributions SET " + strings.Join(set[1:], ", ") + " WHERE id = $1"
}
