package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// BalanceDays is the balance of the last n days in Almaty, today the last one.
func (db *DB) BalanceDays(ctx context.Context, n int) ([]distribution.BalanceDay, error) {
	first := distribution.AlmatyDay(db.Now()).AddDate(0, 0, 1-n)
	rows, err := db.read.QueryContext(ctx, balanceDaysQuery, first.Format(time.DateOnly))
	told, err := collect(rows, err, func(r *sql.Rows) (distribution.BalanceDay, error) {
		d := distribution.BalanceDay{Known: true}
		var day string
		if err := r.Scan(&day, &d.Opening, &d.In, &d.Out, &d.Closing); err != nil {
			return d, err
		}
		var err error
		d.Day, err = time.ParseInLocation(time.DateOnly, day, distribution.Almaty())
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: balance days: %w", err)
	}
	return distribution.FillDays(first, n, told), nil
}

// balanceDaysQuery reads one row more than the days, the one that opens them.
const balanceDaysQuery = `SELECT day, opening, came, went, closing FROM balance_days
	WHERE day >= coalesce((SELECT max(day) FROM balance_days WHERE day < $1), $1) ORDER BY day`

// countDay adds a figure to its day, before it is kept.
func (tx *Tx) countDay(ctx context.Context, f distribution.Figure, currency distribution.Currency) error {
	if currency != distribution.KZT {
		return nil
	}
	last, err := tx.lastFigures(ctx)
	if err != nil {
		return err
	}
	for _, m := range distribution.FigureMoves(last[1], last[0], f) {
		opening := f.Amount - m.In + m.Out // of the first day there is
		if _, err := tx.ExecContext(ctx, countDayStatement, m.Day.Format(time.DateOnly), int64(m.In), int64(m.Out), int64(opening)); err != nil {
			return fmt.Errorf("store: balance days: %w", err)
		}
	}
	return nil
}

const countDayStatement = `INSERT INTO balance_days (day, opening, came, went, closing)
	SELECT $1, opening, $2, $3, opening + $2 - $3 FROM
		(SELECT coalesce((SELECT closing FROM balance_days ORDER BY day DESC LIMIT 1), $4) AS opening) WHERE TRUE
	ON CONFLICT (day) DO UPDATE SET came = came + excluded.came, went = went + excluded.went, closing = closing + excluded.came - excluded.went`

// lastFigures are the newest one and the one before it; nil where there is none.
func (tx *Tx) lastFigures(ctx context.Context) (two [2]*distribution.Figure, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT at, amount, before FROM balance_readings WHERE currency = 'KZT' ORDER BY id DESC LIMIT 2`)
	found, err := collect(rows, err, func(r *sql.Rows) (f distribution.Figure, err error) {
		var at int64
		var before sql.NullInt64
		err = r.Scan(&at, &f.Amount, &before)
		f.At, f.Before = time.UnixMicro(at).UTC(), amountOrNil(before)
		return f, err
	})
	if err != nil {
		return two, fmt.Errorf("store: balance days: %w", err)
	}
	for i, f := range found {
		two[i] = &f
	}
	return two, nil
}
