package store

import (
	"context"
	"fmt"
	"time"

	"plexydash/audit"
	"plexydash/distribution"
)

// Refused is an action that did not happen.
type Refused struct {
	Action, Object, ID string
	Failed             bool   // the program could not; else a rule said no
	Reason             string // code of the rule, or what was wrong
	Details            map[string]string
}

// RecordRefused writes that somebody wanted what a rule forbids, or what the
// program could not do. It is written after the transaction that failed.
func (db *DB) RecordRefused(ctx context.Context, by distribution.Actor, r Refused) error {
	result := audit.Denied
	if r.Failed {
		result = audit.Failed
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		_, err := tx.audit(ctx, by, entry{
			action: r.Action, object: r.Object, id: r.ID, result: result, reason: r.Reason, details: nonEmpty(r.Details),
		})
		return err
	})
}

// readOnce is how long one record stands for all reading of the same by the
// same person.
const readOnce = 5 * time.Minute

// RecordReading writes that somebody read the audit log through the filter, an
// address without paging; again only after readOnce.
func (db *DB) RecordReading(ctx context.Context, by distribution.Actor, filter string) error {
	if by.IsZero() {
		return ErrNoActor
	}
	known, err := readLately(ctx, db.read, by, filter, db.Now())
	if err != nil || known {
		return err
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		known, err := readLately(ctx, tx, by, filter, tx.now)
		if err != nil || known {
			return err
		}
		_, err = tx.audit(ctx, by, entry{action: "audit.read", object: "audit", details: nonEmpty(map[string]string{"filter": filter})})
		return err
	})
}

// lately looks only at the records of the last minutes, whoever wrote them: the
// plus signs keep the other indexes out.
const lately = `SELECT EXISTS (SELECT 1 FROM audit WHERE at > $1 AND +action = 'audit.read' AND +actor = $2
	AND coalesce(json_extract(CAST(record AS TEXT), '$.details.filter'), '') = $3)`

func readLately(ctx context.Context, q querier, by distribution.Actor, filter string, now time.Time) (known bool, err error) {
	since := now.Add(-readOnce).UTC().Format(auditMoment)
	if err := q.QueryRowContext(ctx, lately, since, by.ID, filter).Scan(&known); err != nil {
		return false, fmt.Errorf("store: audit log: %w", err)
	}
	return known, nil
}
