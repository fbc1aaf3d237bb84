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

// Threshold is the figure below which the balance is low; the zero value is
// none.
type Threshold struct {
	Amount distribution.Amount
	By     distribution.Person
	At     time.Time // UTC
}

// Threshold is the one that holds now.
func (db *DB) Threshold(ctx context.Context) (Threshold, error) { return threshold(ctx, db.read) }

func threshold(ctx context.Context, q querier) (t Threshold, err error) {
	var at int64
	err = q.QueryRowContext(ctx, "SELECT at, amount, by_id, by_name FROM balance_thresholds ORDER BY id DESC LIMIT 1").
		Scan(&at, &t.Amount, &t.By.ID, &t.By.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return Threshold{}, nil
	}
	if err != nil {
		return t, fmt.Errorf("store: threshold: %w", err)
	}
	t.At = time.UnixMicro(at).UTC()
	return t, nil
}

// Dip is one time that the balance went below the threshold. Times are UTC.
type Dip struct {
	ID             int64
	At             time.Time
	Amount         distribution.Amount // of the balance when it crossed
	Threshold      distribution.Amount // as it was then
	AcknowledgedBy distribution.Person // zero: nobody yet
	AcknowledgedAt time.Time
}

// Dip is the one that lasts; nil while the balance is high enough.
func (db *DB) Dip(ctx context.Context) (*Dip, error) { return openDip(ctx, db.read) }

const openDipQuery = `SELECT id, at, amount, threshold, acknowledged_by, acknowledged_by_name, acknowledged_at
	FROM balance_dips WHERE ended_at IS NULL`

func openDip(ctx context.Context, q querier) (*Dip, error) {
	var d Dip
	var at int64
	var seen sql.NullInt64
	err := q.QueryRowContext(ctx, openDipQuery).
		Scan(&d.ID, &at, &d.Amount, &d.Threshold, &d.AcknowledgedBy.ID, &d.AcknowledgedBy.Name, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // the balance is not low
	}
	if err != nil {
		return nil, fmt.Errorf("store: balance dip: %w", err)
	}
	d.At, d.AcknowledgedAt = time.UnixMicro(at).UTC(), moment(seen)
	return &d, nil
}

// SetThreshold replaces the threshold; 0 means none. What was read last is held
// against it at once.
func (db *DB) SetThreshold(ctx context.Context, by distribution.Actor, amount distribution.Amount) error {
	if err := distribution.May(by, distribution.WatchBalance); err != nil {
		return err
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		was, err := threshold(ctx, tx)
		if err != nil || was.Amount == amount {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO balance_thresholds (at, amount, by_id, by_name) VALUES ($1, $2, $3, $4)",
			tx.now.UnixMicro(), int64(amount), by.ID, by.Name); err != nil {
			return fmt.Errorf("store: threshold: %w", err)
		}
		if err := tx.auditBalance(ctx, by, "balance.threshold_changed", map[string]distribution.Amount{"threshold": amount, "threshold.was": was.Amount}); err != nil {
			return err
		}
		last, _, err := newestBalance(ctx, tx)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.watchBalance(ctx, by, distribution.Currency(last.Currency), last.Amount)
	})
}

// watchBalance begins a dip when the balance is below the threshold, and ends it
// when it is not. By is who brought the news.
func (tx *Tx) watchBalance(ctx context.Context, by distribution.Actor, c distribution.Currency, amount distribution.Amount) error {
	if c != distribution.KZT {
		return nil
	}
	limit, err := threshold(ctx, tx)
	if err != nil {
		return err
	}
	dip, err := openDip(ctx, tx)
	if err != nil {
		return err
	}
	low := limit.Amount > 0 && amount < limit.Amount
	switch {
	case low && dip == nil:
		if _, err := tx.ExecContext(ctx, "INSERT INTO balance_dips (at, amount, threshold) VALUES ($1, $2, $3)",
			tx.now.UnixMicro(), int64(amount), int64(limit.Amount)); err != nil {
			return fmt.Errorf("store: balance dip: %w", err)
		}
		return tx.auditBalance(ctx, by, "balance.low", map[string]distribution.Amount{"amount": amount, "threshold": limit.Amount})
	case !low && dip != nil:
		if _, err := tx.ExecContext(ctx, "UPDATE balance_dips SET ended_at = $1 WHERE id = $2", tx.now.UnixMicro(), dip.ID); err != nil {
			return fmt.Errorf("store: balance dip: %w", err)
		}
		return tx.auditBalance(ctx, by, "balance.recovered", map[string]distribution.Amount{"amount": amount, "threshold": limit.Amount})
	}
	return nil
}

// AcknowledgeDip says that somebody has seen that the balance is low. Pressing
// again changes nothing; without a dip it is a conflict.
func (db *DB) AcknowledgeDip(ctx context.Context, by distribution.Actor) error {
	if err := distribution.May(by, distribution.WatchBalance); err != nil {
		return err
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		dip, err := openDip(ctx, tx)
		switch {
		case err != nil:
			return err
		case dip == nil:
			return refuse("no_dip")
		case !dip.AcknowledgedAt.IsZero():
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE balance_dips SET acknowledged_by = $1, acknowledged_by_name = $2, acknowledged_at = $3
			WHERE id = $4`, by.ID, by.Name, tx.now.UnixMicro(), dip.ID); err != nil {
			return fmt.Errorf("store: balance dip: %w", err)
		}
		return tx.auditBalance(ctx, by, "balance.acknowledged", map[string]distribution.Amount{"amount": dip.Amount, "threshold": dip.Threshold})
	})
}

func (tx *Tx) auditBalance(ctx context.Context, by distribution.Actor, action string, figures map[string]distribution.Amount) error {
	details := map[string]string{}
	for name, a := range figures {
		details[name] = strconv.FormatInt(int64(a), 10)
	}
	_, err := tx.audit(ctx, by, entry{action: action, object: "balance", id: string(distribution.KZT), details: details})
	return err
}
