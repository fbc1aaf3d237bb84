package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"plexydash/distribution"
)

// StopKind says what stopped sending.
type StopKind string

// Stops. While any is open nothing is claimed.
const (
	StopPerson    StopKind = "person"    // somebody pressed
	StopUnit      StopKind = "unit"      // an answer speaks of a hundred times the amount, or a hundredth
	StopClock     StopKind = "clock"     // this machine's clock jumped, or is not Plexy's
	StopInvariant StopKind = "invariant" // the database contradicts itself
	StopHold      StopKind = "hold"      // the database is an older copy of itself, or a second one
)

// StopKinds lists them.
func StopKinds() []StopKind {
	return []StopKind{StopPerson, StopUnit, StopClock, StopInvariant, StopHold}
}

// Stop is a reason why nothing is sent. Times are UTC.
type Stop struct {
	ID             int64
	Kind           StopKind
	Reason         string // a person's words, or what was found
	DistributionID string // whose answer raised it; may be empty
	By             distribution.Person
	At             time.Time
	LiftedBy       distribution.Person // zero while it holds
	LiftedAt       time.Time
	LiftedNote     string
}

const stopColumns = `id, kind, reason, coalesce(distribution_id, ''), by_id, by_name, at, lifted_by, lifted_by_name, lifted_at, lifted_note`

func scanStop(r *sql.Rows) (Stop, error) {
	var s Stop
	var at int64
	var lifted sql.NullInt64
	err := r.Scan(&s.ID, &s.Kind, &s.Reason, &s.DistributionID, &s.By.ID, &s.By.Name, &at,
		&s.LiftedBy.ID, &s.LiftedBy.Name, &lifted, &s.LiftedNote)
	s.At, s.LiftedAt = time.UnixMicro(at).UTC(), moment(lifted)
	return s, err
}

// Stops lists what keeps everything from being sent now, oldest first.
func (db *DB) Stops(ctx context.Context) ([]Stop, error) { return openStops(ctx, db.read) }

func openStops(ctx context.Context, q querier) ([]Stop, error) {
	return listStops(ctx, q, "WHERE lifted_at IS NULL ORDER BY at, id")
}

// stopped reports that a stop of the kind holds.
func (tx *Tx) stopped(ctx context.Context, kind StopKind) (bool, error) {
	stops, err := openStops(ctx, tx)
	return slices.ContainsFunc(stops, func(s Stop) bool { return s.Kind == kind }), err
}

// PastStops lists stops, lifted ones included, the newest first.
func (db *DB) PastStops(ctx context.Context, limit int) ([]Stop, error) {
	return listStops(ctx, db.read, "ORDER BY id DESC LIMIT $1", limit)
}

func listStops(ctx context.Context, q querier, which string, args ...any) ([]Stop, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+stopColumns+" FROM stops "+which, args...)
	stops, err := collect(rows, err, scanStop)
	if err != nil {
		return nil, fmt.Errorf("store: stops: %w", err)
	}
	return stops, nil
}

// StopSending keeps everything from being sent from the next claim on; one that
// holds already stays as it is. A reason is required.
func (db *DB) StopSending(ctx context.Context, by distribution.Actor, reason string) error {
	if err := distribution.May(by, distribution.StopSending); err != nil {
		return err
	}
	if reason == "" {
		return refuse("reason")
	}
	return db.txBy(ctx, by, func(tx *Tx) error { return tx.stop(ctx, by, StopPerson, reason, "") })
}

// StartSending lifts what a person may lift alone: a person's stop, and that of
// a clock. The others end when their cause does, or by two people.
func (db *DB) StartSending(ctx context.Context, by distribution.Actor, note string) error {
	if err := distribution.May(by, distribution.StartSending); err != nil {
		return err
	}
	return db.txBy(ctx, by, func(tx *Tx) error {
		for _, kind := range []StopKind{StopPerson, StopClock} {
			if err := tx.lift(ctx, by, kind, note); err != nil {
				return err
			}
		}
		return nil
	})
}

// Stop is for the program's own reasons. It changes nothing when a stop of the
// kind holds already.
func (db *DB) Stop(ctx context.Context, by distribution.Actor, kind StopKind, found, distributionID string) error {
	return db.txBy(ctx, by, func(tx *Tx) error { return tx.stop(ctx, by, kind, found, distributionID) })
}

// Lift ends a stop whose cause the program saw end. What people stopped, or must
// judge, it never starts again by itself.
func (db *DB) Lift(ctx context.Context, by distribution.Actor, kind StopKind, note string) error {
	if kind == StopPerson || kind == StopUnit || kind == StopHold {
		return &distribution.Refusal{Code: "role", Kind: distribution.ErrForbidden}
	}
	return db.txBy(ctx, by, func(tx *Tx) error { return tx.lift(ctx, by, kind, note) })
}

func (tx *Tx) stop(ctx context.Context, by distribution.Actor, kind StopKind, reason, distributionID string) error {
	res, err := tx.ExecContext(ctx, `INSERT INTO stops (kind, reason, distribution_id, by_id, by_name, at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind) WHERE lifted_at IS NULL DO NOTHING`,
		string(kind), reason, nullText(distributionID), by.ID, by.Name, tx.now.UnixMicro())
	if err != nil {
		return fmt.Errorf("store: stop: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.audit(ctx, by, entry{
		action: "sending.stopped", object: "sending", id: string(kind), reason: reason,
		details: nonEmpty(map[string]string{"distribution": distributionID}),
	})
	return err
}

func (tx *Tx) lift(ctx context.Context, by distribution.Actor, kind StopKind, note string) error {
	var reason string
	err := tx.QueryRowContext(ctx, `UPDATE stops SET lifted_by = $1, lifted_by_name = $2, lifted_at = $3, lifted_note = $4
		WHERE kind = $5 AND lifted_at IS NULL RETURNING reason`,
		by.ID, by.Name, tx.now.UnixMicro(), note, string(kind)).Scan(&reason)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: stop: %w", err)
	}
	_, err = tx.audit(ctx, by, entry{
		action: "sending.started", object: "sending", id: string(kind), reason: note,
		details: map[string]string{"stopped.because": reason},
	})
	return err
}

func nonEmpty(m map[string]string) map[string]string {
	for name, value := range m {
		if value == "" {
			delete(m, name)
		}
	}
	return m
}
