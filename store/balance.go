package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"plexydash/distribution"
)

// Balance is a figure that Plexy told for the agent's account.
type Balance struct {
	Amount    distribution.Amount // tiyn
	Currency  string
	Reserved  *distribution.Amount
	PlexyAt   time.Time // Plexy's clock; zero when it told none
	At        time.Time // first read of this figure
	CheckedAt time.Time // last read of it
	// DistributionID is the one whose answer told the figure; empty when it was read.
	DistributionID string
}

// Balance is the newest figure, read or told by an answer to a POST; false means that none was ever read, which is
// not zero.
func (db *DB) Balance(ctx context.Context) (Balance, bool, error) {
	b, _, err := newestBalance(ctx, db.read)
	if errors.Is(err, sql.ErrNoRows) {
		return Balance{}, false, nil
	}
	return b, err == nil, err
}

func newestBalance(ctx context.Context, q querier) (b Balance, id int64, err error) {
	var at, checked int64
	var plexyAt, reserved sql.NullInt64
	err = q.QueryRowContext(ctx, `SELECT id, at, checked_at, plexy_at, amount, currency, reserved, coalesce(distribution_id, '')
		FROM balance_readings ORDER BY id DESC LIMIT 1`).
		Scan(&id, &at, &checked, &plexyAt, &b.Amount, &b.Currency, &reserved, &b.DistributionID)
	if err != nil {
		return b, 0, fmt.Errorf("store: balance: %w", err)
	}
	b.At, b.CheckedAt = time.UnixMicro(at).UTC(), time.UnixMicro(checked).UTC()
	b.PlexyAt, b.Reserved = moment(plexyAt), amountOrNil(reserved)
	return b, id, nil
}

// KeepBalance writes a reading: a new row when the figure moved, else only when
// it was checked.
func (db *DB) KeepBalance(ctx context.Context, by distribution.Actor, b Balance, a RawAnswer) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		last, id, err := newestBalance(ctx, tx)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err == nil && last.Amount == b.Amount && last.Currency == b.Currency && nullAmount(last.Reserved) == nullAmount(b.Reserved) {
			_, err = tx.ExecContext(ctx, "UPDATE balance_readings SET checked_at = $1, plexy_at = $2 WHERE id = $3",
				tx.now.UnixMicro(), micros(b.PlexyAt), id)
			return err
		}
		answerID, err := tx.saveAnswer(ctx, a)
		if err != nil {
			return err
		}
		if err := tx.countDay(ctx, distribution.Figure{At: tx.now, Amount: b.Amount}, distribution.Currency(b.Currency)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO balance_readings (at, checked_at, plexy_at, amount, currency, reserved, answer_id)
			VALUES ($1, $1, $2, $3, $4, $5, $6)`,
			tx.now.UnixMicro(), micros(b.PlexyAt), int64(b.Amount), b.Currency, nullAmount(b.Reserved), answerID)
		if err != nil {
			return fmt.Errorf("store: balance: %w", err)
		}
		if last.DistributionID != "" && distribution.UnitOff(b.Amount, last.Amount) {
			err := tx.stop(ctx, by, StopUnit, fmt.Sprintf(unitRead, b.Amount, last.Amount), last.DistributionID)
			if err != nil {
				return err
			}
		}
		_, err = tx.audit(ctx, by, entry{
			action: "balance.moved", object: "balance", id: b.Currency,
			details: map[string]string{"amount": strconv.FormatInt(int64(b.Amount), 10)},
		})
		if err != nil {
			return err
		}
		return tx.watchBalance(ctx, by, distribution.Currency(b.Currency), b.Amount)
	})
}

// chainAnswer makes the balance that an answer told a link of the chain of
// readings. When what was debited is a hundred times the amount or a hundredth
// of it, the unit of amounts is wrong and everything stops.
func (tx *Tx) chainAnswer(ctx context.Context, by distribution.Actor, d *distribution.Distribution, answerID int64) error {
	if d.BalanceAfter == nil {
		return nil
	}
	if err := tx.countDay(ctx, distribution.Figure{At: tx.now, Amount: *d.BalanceAfter, Before: d.BalanceBefore}, d.Currency); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO balance_readings (at, checked_at, plexy_at, amount, currency, answer_id, distribution_id, before)
		VALUES ($1, $1, $2, $3, $4, $5, $6, $7)`,
		tx.now.UnixMicro(), micros(d.PlexyCreatedAt), int64(*d.BalanceAfter), string(d.Currency),
		sql.NullInt64{Int64: answerID, Valid: answerID != 0}, d.ID, nullAmount(d.BalanceBefore))
	if err != nil {
		return fmt.Errorf("store: balance: %w", err)
	}
	if err := tx.watchBalance(ctx, by, d.Currency, *d.BalanceAfter); err != nil {
		return err
	}
	if d.BalanceBefore == nil || !distribution.UnitOff(*d.BalanceBefore-*d.BalanceAfter, d.Amount) {
		return nil
	}
	return tx.stop(ctx, by, StopUnit, fmt.Sprintf(unitDebited, *d.BalanceBefore-*d.BalanceAfter, d.Amount), d.ID)
}

// What a unit alarm found: what Plexy told, and what it should have been.
const (
	unitDebited = "debited %s for %s"
	unitRead    = "balance read as %s after an answer told %s"
)

// UnitFigures are those of a unit alarm; false for any other stop.
func (s Stop) UnitFigures() (told, want distribution.Amount, ok bool) {
	for _, format := range []string{unitDebited, unitRead} {
		var first, second string
		if _, err := fmt.Sscanf(s.Reason, format, &first, &second); err != nil {
			continue
		}
		told, errTold := distribution.ParseAmount(first)
		want, errWant := distribution.ParseAmount(second)
		if errTold == nil && errWant == nil {
			return told, want, s.Kind == StopUnit
		}
	}
	return 0, 0, false
}
