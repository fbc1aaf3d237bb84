package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Backlog is what waits here, and since when. Times are zero where nothing does.
type Backlog struct {
	Queued         int
	QueuedSince    time.Time
	Uncertain      int // unknown, not found and mismatch
	UncertainSince time.Time
	SentToday      distribution.Amount // left, or may have left, since midnight in Almaty
}

// Backlog reads it.
func (db *DB) Backlog(ctx context.Context) (b Backlog, err error) {
	var queued, since sql.NullInt64
	err = db.read.QueryRowContext(ctx, `SELECT q.n, q.since, u.n, u.since FROM
		(SELECT count(*) n, min(queued_at) since FROM distributions WHERE status = 'queued') q,
		(SELECT count(*) n, min(coalesce(unknown_since, updated_at)) since FROM distributions
			WHERE `+uncertain+`) u`).
		Scan(&b.Queued, &queued, &b.Uncertain, &since)
	if err != nil {
		return b, fmt.Errorf("store: backlog: %w", err)
	}
	b.QueuedSince, b.UncertainSince = moment(queued), moment(since)
	b.SentToday, err = sentToday(ctx, db.read, db.Now())
	return b, err
}
