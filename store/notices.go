package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"plexydash/distribution"
)

// UnknownIsLate is how long an outcome may be unknown before people are told.
const UnknownIsLate = 5 * time.Minute

// Waiting is a number of things that want a person.
type Waiting struct {
	Count  int
	Sum    distribution.Amount // of approvals
	Oldest time.Time           // UTC; zero when there are none
}

// Notices is what wants attention. It is read for every page, so it costs a
// handful of searches in indexes that hold little else.
type Notices struct {
	Uncertain int                            // outcomes that nobody knows
	Late      Waiting                        // those of them that were not found quickly
	Alarms    map[distribution.AlarmKind]int // not acknowledged
	Proposals int                            // open, whoever may settle them
	Settle    Waiting                        // those of them that this person may settle
	Approvals Waiting                        // what this person may approve
	Dip       *Dip                           // nil: the balance is high enough
}

// Alarmed counts the alarms of every kind.
func (n Notices) Alarmed() (all int) {
	for _, count := range n.Alarms {
		all += count
	}
	return all
}

// Notices reads them for a person.
func (db *DB) Notices(ctx context.Context, by distribution.Actor) (n Notices, err error) {
	var oldest sql.NullInt64
	err = db.read.QueryRowContext(ctx, doubtsQuery, db.Now().Add(-UnknownIsLate).UnixMicro()).Scan(&n.Uncertain, &n.Late.Count, &oldest)
	if err != nil {
		return n, fmt.Errorf("store: notices: %w", err)
	}
	if n.Late.Count > 0 {
		n.Late.Oldest = moment(oldest)
	}
	if n.Alarms, err = db.CountOpenAlarms(ctx); err != nil {
		return n, err
	}
	if n.Proposals, n.Settle, err = db.settleable(ctx, by); err != nil {
		return n, err
	}
	if n.Approvals, err = db.awaitingMe(ctx, by); err != nil {
		return n, err
	}
	n.Dip, err = db.Dip(ctx)
	return n, err
}

const doubtsQuery = `SELECT count(*), count(*) FILTER (WHERE coalesce(unknown_since, updated_at) <= $1), min(coalesce(unknown_since, updated_at))
	FROM distributions WHERE ` + uncertain

// settleable counts open decisions, and those that the person may settle.
func (db *DB) settleable(ctx context.Context, by distribution.Actor) (all int, mine Waiting, err error) {
	open, err := db.OpenDecisions(ctx)
	if err != nil || len(open) == 0 {
		return 0, Waiting{}, err
	}
	var ids []string
	for _, dec := range open {
		if dec.Kind.AboutOne() {
			ids = append(ids, dec.Subject)
		}
	}
	about, err := distributionsByID(ctx, db.read, ids)
	if err != nil {
		return 0, Waiting{}, err
	}
	for _, dec := range open {
		d := about[dec.Subject]
		if distribution.CanSettle(by, dec, &d) != nil {
			continue
		}
		if mine.Count++; mine.Count == 1 { // they come oldest first
			mine.Oldest = dec.ProposedAt
		}
	}
	return len(open), mine, nil
}

const awaitingMeQuery = "SELECT count(*), coalesce(sum(amount), 0), min(submitted_at) FROM distributions INDEXED BY distributions_awaiting WHERE" + waitsFor

// awaitingMe counts what the person may approve: not their own, and once each.
func (db *DB) awaitingMe(ctx context.Context, by distribution.Actor) (w Waiting, err error) {
	p, err := db.Policy(ctx)
	if err != nil || !p.MayDecide(by.Role) {
		return w, err
	}
	var oldest sql.NullInt64
	if err := db.read.QueryRowContext(ctx, awaitingMeQuery, by.ID).Scan(&w.Count, &w.Sum, &oldest); err != nil {
		return w, fmt.Errorf("store: notices: %w", err)
	}
	w.Oldest = moment(oldest)
	return w, nil
}
