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

// HoldReason says why a database is not taken for the one it was.
type HoldReason string

// Reasons of a HOLD.
const (
	HoldMissing HoldReason = "missing" // there is no note of an earlier run
	HoldBehind  HoldReason = "behind"  // the note knows more records
	HoldForked  HoldReason = "forked"  // the note knows other records
	HoldMoved   HoldReason = "moved"   // another file stands in its place
	HoldMachine HoldReason = "machine" // another machine
)

// Hold is one time that the database turned out to be an older copy of itself, or
// a second one: what was sent since the copy was made is not in it. Times are UTC.
type Hold struct {
	ID        int64
	Why       HoldReason
	At        time.Time
	KnownSize int64     // records that the note knew of; 0: nothing was known
	KnownAt   time.Time // zero: there was no note
	Size      int64     // records there were
	NewestAt  time.Time // when the last of them was written; zero: there was none
	// Queued, Sending and NotFound count those that became unknown.
	Queued, Sending, NotFound int
	ImportedAt                time.Time // when all that Plexy has had been read anew; zero: not yet
	ProvenAt                  time.Time // when a sweep had proven that this was all; zero: not yet
	LiftedAt                  time.Time // zero while it holds
	LiftedBy                  distribution.Person
}

// Moved is how many became unknown.
func (h Hold) Moved() int { return h.Queued + h.Sending + h.NotFound }

func holdActor() distribution.Actor { return distribution.System("guard") }

// hold stops sending until two people lift it. Whatever may have been sent by a
// run that this database does not know of becomes unknown, Plexy's whole list is
// read anew, and everybody signs in again: who was shut out since the copy was
// made would be let in.
func (db *DB) hold(ctx context.Context, h Hold) error {
	by := holdActor()
	return db.txBy(ctx, by, func(tx *Tx) error {
		h.NewestAt = newestRecordAt(ctx, tx)
		for _, step := range []func() error{
			func() error { return tx.doubtAll(ctx, by, &h) },
			func() error { return tx.importAnew(ctx) },
			func() error { return tx.endAllSessions(ctx) },
			func() error { return tx.voidAbout(ctx, by, distribution.SubjectHold) },
			func() error { return tx.stop(ctx, by, StopHold, string(h.Why), "") },
			func() error { return tx.keepHold(ctx, by, h) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// doubtAll makes everything unknown that may have been sent since the copy was
// made. What is unknown already is unknown anew: its settle window counts from now.
func (tx *Tx) doubtAll(ctx context.Context, by distribution.Actor, h *Hold) error {
	rows, err := tx.QueryContext(ctx, "SELECT id, status FROM distributions WHERE origin = 'dashboard' AND status IN ('queued', 'sending', 'not_found', 'unknown')")
	type one struct {
		id     string
		status distribution.Status
	}
	open, err := collect(rows, err, func(r *sql.Rows) (o one, err error) {
		err = r.Scan(&o.id, &o.status)
		return o, err
	})
	if err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	for _, o := range open {
		switch o.status { //nolint:exhaustive // the query has no others
		case distribution.Queued:
			h.Queued++
		case distribution.Sending:
			h.Sending++
		case distribution.NotFound:
			h.NotFound++
		}
		if err := tx.doubt(ctx, by, o.id, o.status, h.NewestAt); err != nil {
			return err
		}
	}
	return nil
}

// restored is the reason of an attempt that this database does not know whether
// it was made.
const restored = "restored"

// doubt writes down the attempt that may have been made since the copy was.
func (tx *Tx) doubt(ctx context.Context, by distribution.Actor, id string, was distribution.Status, since time.Time) error {
	if was == distribution.Sending {
		var attempt string
		if err := tx.QueryRowContext(ctx, "SELECT id FROM attempts WHERE distribution_id = $1 AND outcome IS NULL", id).Scan(&attempt); err != nil {
			return fmt.Errorf("store: hold: %w", err)
		}
		return tx.finish(ctx, by, attempt, OutcomeUnknown, restored, func(d *distribution.Distribution) (distribution.Event, error) {
			return d.Lose(restored, tx.now)
		})
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO attempts (id, distribution_id, n, boot, started_at, request_hash, outcome, reason, finished_at)
		SELECT $1, d.id, 1 + (SELECT coalesce(max(n), 0) FROM attempts WHERE distribution_id = d.id), $2, $3, d.submitted_hash, 'unknown', $2, $4
		FROM distributions d WHERE d.id = $5`,
		tx.db.newID(), restored, since.UnixMicro(), tx.now.UnixMicro(), id)
	if err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	_, err = tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) { return d.Doubt(restored, tx.now) })
	return err
}

// importAnew begins an import that was open from the top; the syncer opens one
// when there is none.
func (tx *Tx) importAnew(ctx context.Context) error {
	_, err := tx.ExecContext(ctx, `UPDATE imports SET started_at = $1, next_page = 1, items = 0, total = NULL, list_order = ''
		WHERE finished_at IS NULL`, tx.now.UnixMicro())
	if err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	return nil
}

func (tx *Tx) endAllSessions(ctx context.Context) error {
	for _, table := range []string{"signin_steps", "sessions"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return fmt.Errorf("store: hold: %w", err)
		}
	}
	return nil
}

// voidAbout ends what was proposed about a subject that is no distribution.
func (tx *Tx) voidAbout(ctx context.Context, by distribution.Actor, subject string) error {
	open, err := decisions(ctx, tx, "subject = $1 AND status = 'open'", subject)
	if err != nil {
		return err
	}
	for _, dec := range open {
		if err := tx.settle(ctx, by, &dec, distribution.DecisionVoid, ""); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) keepHold(ctx context.Context, by distribution.Actor, h Hold) error {
	res, err := tx.ExecContext(ctx, `INSERT INTO holds (stop_id, why, at, known_size, known_at, size, newest_at, queued, sending, not_found)
		SELECT id, $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM stops WHERE kind = $10 AND lifted_at IS NULL`,
		string(h.Why), tx.now.UnixMicro(), h.KnownSize, micros(h.KnownAt), h.Size, micros(h.NewestAt), h.Queued, h.Sending, h.NotFound, string(StopHold))
	if err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	id, err := res.LastInsertId()
	if err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	_, err = tx.audit(ctx, by, entry{
		action: "hold.began", object: "hold", id: strconv.FormatInt(id, 10), reason: string(h.Why),
		details: map[string]string{
			"knownSize": strconv.FormatInt(h.KnownSize, 10), "size": strconv.FormatInt(h.Size, 10),
			"queued": strconv.Itoa(h.Queued), "sending": strconv.Itoa(h.Sending), "notFound": strconv.Itoa(h.NotFound),
		},
	})
	return err
}

// LastHold is the newest one, lifted or not; nil when there never was one.
func (db *DB) LastHold(ctx context.Context) (*Hold, error) { return lastHold(ctx, db.read) }

func lastHold(ctx context.Context, q querier) (*Hold, error) {
	var h Hold
	var at int64
	var known, newest, imported, proven, lifted sql.NullInt64
	err := q.QueryRowContext(ctx, `SELECT h.id, h.why, h.at, h.known_size, h.known_at, h.size, h.newest_at,
		h.queued, h.sending, h.not_found, h.imported_at,
		(SELECT min(w.finished_at) `+provenSince+`),
		s.lifted_at, s.lifted_by, s.lifted_by_name
		FROM holds h JOIN stops s ON s.id = h.stop_id ORDER BY h.id DESC LIMIT 1`).
		Scan(&h.ID, &h.Why, &at, &h.KnownSize, &known, &h.Size, &newest,
			&h.Queued, &h.Sending, &h.NotFound, &imported, &proven, &lifted, &h.LiftedBy.ID, &h.LiftedBy.Name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil //nolint:nilnil // there never was one
	case err != nil:
		return nil, fmt.Errorf("store: hold: %w", err)
	}
	h.At, h.KnownAt, h.NewestAt = time.UnixMicro(at).UTC(), moment(known), moment(newest)
	h.ImportedAt, h.ProvenAt, h.LiftedAt = moment(imported), moment(proven), moment(lifted)
	return &h, nil
}

// mayLiftHold refuses before all that Plexy has was read anew, and a sweep has
// proven that it was all: the import takes the end of a list for what it is.
func (tx *Tx) mayLiftHold(ctx context.Context) error {
	h, err := lastHold(ctx, tx)
	switch {
	case err != nil:
		return err
	case h == nil || !h.LiftedAt.IsZero():
		return refuse("not_stopped")
	case h.ImportedAt.IsZero():
		return refuse("hold_import")
	case h.ProvenAt.IsZero():
		return refuse("hold_proof")
	}
	return nil
}

// liftHold looks once more at what waits to be sent, and lets sending go on.
func (tx *Tx) liftHold(ctx context.Context, by distribution.Actor, note string) error {
	if err := tx.mayLiftHold(ctx); err != nil {
		return err
	}
	if err := tx.bounceKnown(ctx, by); err != nil {
		return err
	}
	return tx.lift(ctx, by, StopHold, note)
}

// bounceKnown gives back what is queued and stands at Plexy by now, under the
// same reference or as the same payment. A claim would do the same; here people see
// it before anything is sent.
func (tx *Tx) bounceKnown(ctx context.Context, by distribution.Actor) error {
	queued, err := listDistributions(ctx, tx, "status = 'queued' AND origin = 'dashboard'")
	if err != nil {
		return err
	}
	for _, d := range queued {
		why, err := tx.twinOrReference(ctx, &d)
		if err != nil {
			return err
		}
		if why == "" || why == hinted {
			continue
		}
		if _, err := tx.change(ctx, by, d.ID, 0, func(d *distribution.Distribution) (distribution.Event, error) { return d.Bounce(why) }); err != nil {
			return err
		}
	}
	return nil
}

// holdImported notes that an import which began since the HOLD is complete.
func (tx *Tx) holdImported(ctx context.Context, importID int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE holds SET imported_at = $1 WHERE imported_at IS NULL
		AND at <= (SELECT started_at FROM imports WHERE id = $2)`, tx.now.UnixMicro(), importID)
	if err != nil {
		return fmt.Errorf("store: hold: %w", err)
	}
	return nil
}

// newestRecordAt is when the last record of the log was written; zero when there
// is none that can be read.
func newestRecordAt(ctx context.Context, q querier) time.Time {
	var text string
	if err := q.QueryRowContext(ctx, "SELECT at FROM audit ORDER BY seq DESC LIMIT 1").Scan(&text); err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// knownAtPlexy holds for what was not sent from here and stands at Plexy under
// its reference all the same: sent by a run that this database does not know.
const knownAtPlexy = `status IN ('draft', 'awaiting_approval', 'declined', 'queued') AND origin = 'dashboard'
	AND EXISTS (SELECT 1 FROM distributions r WHERE r.order_reference = distributions.order_reference AND r.id <> distributions.id)`

// KnownAtPlexy lists them, at most limit, and counts all.
func (db *DB) KnownAtPlexy(ctx context.Context, limit int) (first []distribution.Distribution, all int, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM distributions WHERE "+knownAtPlexy).Scan(&all); err != nil {
		return nil, 0, fmt.Errorf("store: hold: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, "SELECT "+columns+" FROM distributions WHERE "+knownAtPlexy+" ORDER BY created_at DESC, id LIMIT $1", limit)
	if first, err = collect(rows, err, scanDistribution); err != nil {
		return nil, 0, fmt.Errorf("store: hold: %w", err)
	}
	return first, all, nil
}
