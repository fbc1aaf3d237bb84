package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"plexydash/distribution"
)

// InvariantCheck is one look at everything that must hold whatever happened.
type InvariantCheck struct {
	At      time.Time // UTC; zero: never looked
	Took    time.Duration
	Results []Invariant
}

// Invariant is what one look found about one rule.
type Invariant struct {
	Code     string // of InvariantCodes
	Stops    bool   // nothing is claimed while it is broken
	Breaches int
	Examples []string // of what breaks it, at most five: ids, references, numbers of records
}

// InvariantCodes lists the rules in their order:
//
//	I1  one order reference for one distribution of ours
//	I2  at most one open attempt of a distribution
//	I3  sending means an open attempt, and the reverse
//	I5  refused only at the first attempt
//	I6  one row for one id at Plexy; what Plexy took from us has its id, was tried, and rests on an answer
//	I7  nobody confirms their own; what was sent is what was approved
//	I8  every change of state has one audit record of its own
//	I9  states change along the arrows only
//	I11 alarms that nobody has acknowledged; they stop nothing
//	I12 the log is whole, and its newest checkpoint is its tree's
func InvariantCodes() []string {
	return []string{"I1", "I2", "I3", "I5", "I6", "I7", "I8", "I9", "I11", "I12"}
}

// Invariants looks at all of them in one snapshot.
func (db *DB) Invariants(ctx context.Context) ([]Invariant, error) {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("store: invariants: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	queries := breaches()
	var results []Invariant
	for _, code := range InvariantCodes() {
		i := Invariant{Code: code, Stops: code != "I11"}
		for _, query := range queries[code] {
			if err := i.count(ctx, tx, query); err != nil {
				return nil, fmt.Errorf("store: invariant %s: %w", code, err)
			}
		}
		switch code {
		case "I9":
			err = i.countStrayMoves(ctx, tx)
		case "I12":
			err = i.countLog(ctx, tx)
		}
		if err != nil {
			return nil, fmt.Errorf("store: invariant %s: %w", code, err)
		}
		results = append(results, i)
	}
	return results, nil
}

const maxExamples = 5

func (i *Invariant) breach(example string) {
	i.Breaches++
	if len(i.Examples) < maxExamples {
		i.Examples = append(i.Examples, example)
	}
}

func (i *Invariant) count(ctx context.Context, q querier, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		id, err := scanText(r)
		i.breach(id)
		return struct{}{}, err
	})
	return err
}

// breaches has queries that find what breaks a rule.
func breaches() map[string][]string {
	return map[string][]string{
		"I1": {`SELECT order_reference FROM distributions WHERE origin = 'dashboard' GROUP BY order_reference HAVING count(*) > 1`},
		"I2": {`SELECT distribution_id FROM attempts WHERE outcome IS NULL GROUP BY distribution_id HAVING count(*) > 1`},
		"I3": {
			`SELECT id FROM distributions d WHERE status = 'sending'
				AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.distribution_id = d.id AND a.outcome IS NULL)`,
			`SELECT distribution_id FROM attempts a WHERE outcome IS NULL
				AND NOT EXISTS (SELECT 1 FROM distributions d WHERE d.id = a.distribution_id AND d.status = 'sending')`,
		},
		"I5": {`SELECT id FROM distributions WHERE status = 'refused' AND attempts <> 1`},
		"I6": {
			`SELECT plexy_id FROM distributions WHERE plexy_id IS NOT NULL GROUP BY plexy_id HAVING count(*) > 1`,
			`SELECT id FROM distributions d WHERE origin = 'dashboard' AND status IN ('accepted', 'processing', 'paid', 'failed', 'returned')
				AND (plexy_id IS NULL OR NOT EXISTS (SELECT 1 FROM attempts a WHERE a.distribution_id = d.id) OR NOT (
					EXISTS (SELECT 1 FROM attempts a WHERE a.distribution_id = d.id AND a.answer_id IS NOT NULL) OR
					EXISTS (SELECT 1 FROM distribution_events e WHERE e.distribution_id = d.id AND e.answer_id IS NOT NULL) OR
					EXISTS (SELECT 1 FROM distributions row WHERE row.linked_to = d.id)))`, // then the answer is that of the row
		},
		"I7": {
			`SELECT d.id FROM distributions d, json_each(d.approved_by) a
				WHERE d.approved_by <> '[]' AND json_extract(a.value, '$.ID') = d.created_by`,
			`SELECT c.id FROM decisions c LEFT JOIN distributions d ON d.id = c.distribution_id
				WHERE c.status = 'confirmed' AND c.settled_by IN (c.proposed_by, d.created_by)`,
			`SELECT d.id FROM attempts a CROSS JOIN distributions d ON d.id = a.distribution_id
				WHERE a.outcome IS NOT 'not_sent' AND a.request_hash IS NOT d.submitted_hash`,
		},
		"I8": {
			`SELECT audit_seq FROM distribution_events GROUP BY audit_seq HAVING count(*) > 1`,
			`SELECT id FROM distributions d WHERE status IS NOT
				(SELECT to_status FROM distribution_events e WHERE e.distribution_id = d.id ORDER BY e.id DESC LIMIT 1)`,
			`SELECT distribution_id FROM (SELECT distribution_id, from_status,
				lag(to_status, 1, '') OVER (PARTITION BY distribution_id ORDER BY id) AS before FROM distribution_events)
				WHERE from_status <> before`,
			`SELECT id FROM distributions d WHERE version <>
				(SELECT count(*) FROM distribution_events e WHERE e.distribution_id = d.id)`,
		},
		"I11": {`SELECT distribution_id FROM alarms WHERE acknowledged_at IS NULL ORDER BY id DESC`},
	}
}

// countStrayMoves holds every kind of step that ever happened against the
// arrows.
func (i *Invariant) countStrayMoves(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, `SELECT from_status, kind, to_status FROM distribution_events
		WHERE from_status NOT IN ('', to_status) GROUP BY from_status, kind, to_status`)
	steps, err := collect(rows, err, func(r *sql.Rows) (e distribution.Event, err error) {
		err = r.Scan(&e.From, &e.Kind, &e.To)
		return e, err
	})
	for _, e := range steps {
		if err == nil && !distribution.CanMove(e.From, e.Kind, e.To) {
			err = i.count(ctx, q, "SELECT distribution_id FROM distribution_events WHERE from_status = $1 AND kind = $2 AND to_status = $3",
				string(e.From), string(e.Kind), string(e.To))
		}
	}
	return err
}

const keyInvariants = "invariants"

// KeepInvariantCheck remembers what a look found, for LastInvariantCheck.
func (db *DB) KeepInvariantCheck(ctx context.Context, c InvariantCheck) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("store: invariants: %w", err)
	}
	return db.tx(ctx, func(tx *Tx) error { return tx.setState(ctx, keyInvariants, string(text)) })
}

// LastInvariantCheck is the newest one that was kept; its At is zero when
// nobody has looked yet.
func (db *DB) LastInvariantCheck(ctx context.Context) (c InvariantCheck, err error) {
	text, err := stateText(ctx, db.read, keyInvariants)
	if err != nil || text == "" {
		return c, err
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("store: invariants: %w", err)
	}
	return c, nil
}
