package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"plexydash/distribution"
)

// AuditObject is what an id in a record stands for, as it is called now.
type AuditObject struct {
	ID           string
	Kind         string // distribution, attempt, decision, user, export
	Name         string // reference of the distribution, name of the person, file name
	Distribution string // its id; empty: it is about none
	Amount       distribution.Amount
	Recipient    string
}

// auditObjects finds all that are named on a page at once. An attempt and a
// decision go by the distribution they are about.
const auditObjects = `WITH wanted (id) AS (SELECT value FROM json_each($1))
	SELECT d.id, 'distribution', d.order_reference, d.id, d.amount, d.recipient_name FROM wanted JOIN distributions d ON d.id = wanted.id
	UNION ALL SELECT a.id, 'attempt', d.order_reference, d.id, d.amount, d.recipient_name
		FROM wanted JOIN attempts a ON a.id = wanted.id JOIN distributions d ON d.id = a.distribution_id
	UNION ALL SELECT c.id, 'decision', coalesce(d.order_reference, ''), coalesce(d.id, ''), coalesce(d.amount, 0), coalesce(d.recipient_name, '')
		FROM wanted JOIN decisions c ON c.id = wanted.id LEFT JOIN distributions d ON d.id = c.distribution_id
	UNION ALL SELECT u.id, 'user', u.name, '', 0, '' FROM wanted JOIN users u ON u.id = wanted.id
	UNION ALL SELECT e.id, 'export', e.file_name, '', 0, '' FROM wanted JOIN exports e ON e.id = wanted.id`

// AuditObjects finds what ids stand for; what is not there any more is left out.
func (db *DB) AuditObjects(ctx context.Context, ids []string) (map[string]AuditObject, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("store: audit log: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, auditObjects, string(list))
	found := map[string]AuditObject{}
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var o AuditObject
		err := r.Scan(&o.ID, &o.Kind, &o.Name, &o.Distribution, &o.Amount, &o.Recipient)
		found[o.ID] = o
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: audit log: %w", err)
	}
	return found, nil
}

func (db *DB) auditQuery(ctx context.Context, f AuditFilter) (*auditQuery, error) {
	q, err := prepareAudit(ctx, db.read, f)
	if err != nil {
		return nil, fmt.Errorf("store: audit log: %w", err)
	}
	return q, nil
}

// prepareAudit finds out whom and what the filter means: people type addresses
// and references, the log has ids.
func prepareAudit(ctx context.Context, from querier, f AuditFilter) (*auditQuery, error) {
	q := &auditQuery{AuditFilter: f}
	if q.actor = f.Person; f.Person != "" {
		ids, err := texts(ctx, from, "SELECT id FROM users WHERE email = $1", strings.ToLower(f.Person))
		if err != nil {
			return nil, err
		}
		if len(ids) == 1 {
			q.actor = ids[0]
		}
	}
	if f.ID != "" {
		ids, err := meant(ctx, from, f.ID)
		if err != nil {
			return nil, err
		}
		if q.objects = ids; len(ids) == 0 {
			q.objects = []string{f.ID}
		}
	}
	if f.Q != "" {
		ids, err := meant(ctx, from, f.Q)
		if err != nil {
			return nil, err
		}
		q.words = []string{written(f.Q)}
		for _, id := range ids {
			q.words = append(q.words, Plain(id))
		}
		if amount, err := distribution.ParseAmount(f.Q); err == nil {
			q.words = append(q.words, fmt.Sprintf(`"amount":"%d"`, amount))
		}
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		if err := q.bound(ctx, from); err != nil {
			return nil, err
		}
	}
	q.drive()
	return q, nil
}

// auditPeriod reads the index by time and nothing else. The clock may have gone
// back once, so the records of a period need not stand side by side.
const auditPeriod = "SELECT coalesce(min(seq), 0), coalesce(max(seq), -1) FROM audit WHERE at >= $1 AND at < $2"

func (q *auditQuery) bound(ctx context.Context, from querier) error {
	until := "~" // after every digit
	if !q.To.IsZero() {
		until = q.To.Format(auditMoment)
	}
	return from.QueryRowContext(ctx, auditPeriod, q.From.Format(auditMoment), until).Scan(&q.first, &q.last)
}

// auditMoment is a bound for the times of records, which have fractions of
// different length: without the zone it stands before all of its second.
const auditMoment = "2006-01-02T15:04:05"

// meant are the ids that a reference, an id at Plexy or an address stands for.
func meant(ctx context.Context, from querier, text string) ([]string, error) {
	return texts(ctx, from, auditMeant, text, strings.ToLower(text))
}

const auditMeant = `SELECT id FROM distributions WHERE order_reference = $1
	UNION SELECT id FROM distributions WHERE plexy_id = $1
	UNION SELECT id FROM users WHERE email = $2`

func texts(ctx context.Context, from querier, query string, args ...any) ([]string, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	return collect(rows, err, scanText)
}
