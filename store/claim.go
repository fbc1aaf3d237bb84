package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Claimed is the right to POST Body once.
type Claimed struct {
	Attempt      Attempt
	Distribution distribution.Distribution
	Body         []byte
}

// Wire makes the bytes of the request.
type Wire func(*distribution.Distribution) (body []byte, hash []byte, err error)

// Claim takes the oldest queued distribution that may go now, opens an attempt
// and commits both, so that a crash from here on is seen. Everything that made
// it ready is looked at again in the same transaction; one that no longer holds
// goes back to its maker. Nothing to do is (nil, nil), and so is a stop. An
// *UnsettledClaimError must be settled before anything else is claimed.
func (db *DB) Claim(ctx context.Context, by distribution.Actor, wire Wire) (*Claimed, error) {
	for conflicted := ""; ; {
		id, err := db.nextQueued(ctx)
		if err != nil || id == "" {
			return nil, err
		}
		c, err := db.claim(ctx, by, id, wire)
		switch {
		case errors.Is(err, errStopped):
			return nil, nil //nolint:nilnil // nothing may go
		case errors.Is(err, errUnreadable):
			if err := db.setAside(ctx, by, id, err); err != nil {
				return nil, err
			}
		case errors.Is(err, distribution.ErrConflict) && id != conflicted: // cancelled meanwhile
			conflicted = id
		case err != nil:
			return nil, err
		case c.Attempt.ID != "":
			return c, nil
		}
	}
}

var (
	errStopped    = errors.New("store: sending is stopped")
	errUnreadable = errors.New("store: the row cannot be read")
)

func (db *DB) nextQueued(ctx context.Context) (id string, err error) {
	now := db.Now()
	err = db.write.QueryRowContext(ctx, nextQueuedQuery, now.Add(-distribution.StaleAfter).UnixMicro(), now.UnixMicro()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: queue: %w", err)
	}
	return id, nil
}

// nextQueuedQuery passes over one whose reference a list may have shown at Plexy,
// until a read by id tells.
const nextQueuedQuery = `SELECT id FROM distributions
	WHERE status = 'queued' AND queued_at > $1 AND (next_try_at IS NULL OR next_try_at <= $2) AND unconfirmed = 0
	ORDER BY queued_at, id LIMIT 1`

// UnsettledClaimError says that a claim failed in such a way that it is not known
// whether it was written. Nothing was posted.
type UnsettledClaimError struct {
	AttemptID string
	Err       error
}

func (e *UnsettledClaimError) Error() string { return "store: claim: " + e.Err.Error() }
func (e *UnsettledClaimError) Unwrap() error { return e.Err }

// claim returns a Claimed without an attempt when it did not take it but wrote
// down why.
func (db *DB) claim(ctx context.Context, by distribution.Actor, id string, wire Wire) (*Claimed, error) {
	c := &Claimed{}
	attempt := Attempt{ID: db.newID(), DistributionID: id, Boot: db.boot}
	var claiming *Tx
	err := db.txBy(ctx, by, func(tx *Tx) error {
		claiming, tx.point = tx, pointClaimCommitted
		if err := tx.notStopped(ctx); err != nil {
			return err
		}
		d, err := getDistribution(ctx, tx, "id = $1", id)
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
		refused, err := tx.refuseClaim(ctx, by, &d)
		if err != nil || refused {
			return err
		}
		if c.Distribution, err = tx.change(ctx, by, id, 0, (*distribution.Distribution).Claim); err != nil {
			return err
		}
		if c.Body, attempt.BodyHash, err = wire(&c.Distribution); err != nil {
			return fmt.Errorf("store: wire body: %w", err)
		}
		attempt.StartedAt = tx.now
		attempt.N, err = tx.openAttempt(ctx, attempt, c.Distribution.SubmittedHash)
		return err
	})
	if err == nil {
		err = claiming.commitErr // an intent that a power cut may still undo is not acted upon
	}
	if err != nil {
		if repair := db.Unclaim(context.WithoutCancel(ctx), by, attempt.ID); repair != nil {
			return nil, &UnsettledClaimError{AttemptID: attempt.ID, Err: errors.Join(err, repair)}
		}
		return nil, err
	}
	if c.Body != nil {
		c.Attempt = attempt
	}
	return c, nil
}

func (tx *Tx) notStopped(ctx context.Context) error {
	stops, err := openStops(ctx, tx)
	if err == nil && len(stops) > 0 {
		err = errStopped
	}
	return err
}

// refuseClaim gives one back to its maker, or lets it wait for the next day,
// when something that made it ready no longer holds.
func (tx *Tx) refuseClaim(ctx context.Context, by distribution.Actor, d *distribution.Distribution) (refused bool, err error) {
	p, err := policy(ctx, tx)
	if err != nil {
		return false, err
	}
	why, err := tx.whyNot(ctx, d, p)
	if err != nil {
		return false, err
	}
	switch why {
	case "":
	case hinted:
		return true, nil
	default:
		_, err = tx.change(ctx, by, d.ID, 0, func(d *distribution.Distribution) (distribution.Event, error) { return d.Bounce(why) })
		return true, err
	}
	sent, err := sentToday(ctx, tx, tx.now)
	if err != nil || p.WithinDay(sent, d.Amount) {
		return false, err
	}
	_, err = tx.change(ctx, by, d.ID, 0, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.HoldUntil("limit", nextDay(tx.now))
	})
	return true, err
}

// whyNot is the code of what no longer holds, or empty.
func (tx *Tx) whyNot(ctx context.Context, d *distribution.Distribution, p distribution.Policy) (string, error) {
	var role distribution.Role
	var disabled, other bool
	err := tx.QueryRowContext(ctx, `SELECT role, disabled_at IS NOT NULL,
		EXISTS (SELECT 1 FROM attempts WHERE distribution_id = $2 AND outcome <> 'not_sent' AND request_hash <> $3)
		FROM users WHERE id = $1`, d.CreatedBy.ID, d.ID, d.SubmittedHash).Scan(&role, &disabled, &other)
	switch {
	case err != nil:
		return "", fmt.Errorf("store: claim: %w", err)
	case disabled || !distribution.Allows(role, distribution.Create):
		return "right", nil
	case len(d.ApprovedBy) < p.Approvals(d.Amount):
		return "policy", nil
	case !p.Within(d.Amount):
		return "limit_each", nil
	case other, string(distribution.Hash(d)) != string(d.SubmittedHash): // other than what may stand at Plexy under this reference
		return "content", nil
	}
	return tx.twinOrReference(ctx, d)
}

// sentToday is what left, or may have left, since midnight in Almaty.
func sentToday(ctx context.Context, q querier, now time.Time) (sum distribution.Amount, err error) {
	err = q.QueryRowContext(ctx, sentTodayQuery, nextDay(now).AddDate(0, 0, -1).UnixMicro()).Scan(&sum)
	if err != nil {
		return 0, fmt.Errorf("store: limit: %w", err)
	}
	return sum, nil
}

const sentTodayQuery = `SELECT coalesce(sum(d.amount), 0) FROM attempts a JOIN distributions d ON d.id = a.distribution_id
	WHERE a.started_at >= $1 AND coalesce(a.outcome, '') NOT IN ('not_sent', 'refused')`

// nextDay is the midnight in Almaty after t.
func nextDay(t time.Time) time.Time {
	return distribution.AlmatyDay(t).AddDate(0, 0, 1).UTC()
}

// asideFor is how long a row that cannot be read is left alone.
const asideFor = 5 * time.Minute

// setAside lets the rest of the queue pass one that cannot be read. The row
// itself stays as it is but for the time of its next turn.
func (db *DB) setAside(ctx context.Context, by distribution.Actor, id string, cause error) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE distributions SET next_try_at = $1 WHERE id = $2",
			tx.now.Add(asideFor).UnixMicro(), id); err != nil {
			return errors.Join(cause, fmt.Errorf("store: set aside: %w", err))
		}
		_, err := tx.audit(ctx, by, entry{action: "queue.unreadable", object: "queue", id: id, reason: cause.Error()})
		return err
	})
}

func (tx *Tx) openAttempt(ctx context.Context, a Attempt, requestHash []byte) (n int, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO attempts (id, distribution_id, n, boot, started_at, request_hash, body_hash)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6 FROM attempts WHERE distribution_id = $2 RETURNING n`,
		a.ID, a.DistributionID, a.Boot, tx.now.UnixMicro(), requestHash, a.BodyHash).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("store: attempt: %w", err)
	}
	return n, nil
}

// Unclaim gives a claim back that may have been written, before anything was
// posted: an attempt that is open goes back into the queue.
func (db *DB) Unclaim(ctx context.Context, by distribution.Actor, attemptID string) error {
	var open bool
	err := db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM attempts WHERE id = $1 AND outcome IS NULL)", attemptID).Scan(&open)
	if err != nil || !open {
		return err
	}
	return db.Finish(ctx, by, attemptID, OutcomeNotSent, "claim_failed", func(d *distribution.Distribution) (distribution.Event, error) {
		return d.NotSent(db.Now())
	})
}
