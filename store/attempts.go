package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Outcome of an attempt.
type Outcome string

// Outcomes; an open attempt has none.
const (
	OutcomeOK      Outcome = "ok"
	OutcomeDiffers Outcome = "differs"
	OutcomeRefused Outcome = "refused"
	OutcomeNotSent Outcome = "not_sent"
	OutcomeUnknown Outcome = "unknown"
)

// Attempt is one try to send a distribution: opened before the POST, closed
// once, never used again.
type Attempt struct {
	ID             string
	DistributionID string
	N              int // from one
	Boot           string
	StartedAt      time.Time
	FinishedAt     time.Time // zero while open
	Outcome        Outcome
	Reason         string
	BodyHash       []byte // SHA-256 of the bytes on the wire
	AnswerID       int64
}

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
// goes back to its maker. Nothing to do is (nil, nil).
func (db *DB) Claim(ctx context.Context, by distribution.Actor, p distribution.Policy, wire Wire) (*Claimed, error) {
	for conflicted := ""; ; {
		id, err := db.nextQueued(ctx)
		if err != nil || id == "" {
			return nil, err
		}
		c, err := db.claim(ctx, by, p, id, wire)
		switch {
		case errors.Is(err, distribution.ErrConflict) && id != conflicted: // cancelled meanwhile
			conflicted = id
		case err != nil:
			return nil, err
		case c.Attempt.ID != "":
			return c, nil
		}
	}
}

func (db *DB) nextQueued(ctx context.Context) (id string, err error) {
	now := db.Now()
	err = db.write.QueryRowContext(ctx, `SELECT id FROM distributions
		WHERE status = 'queued' AND queued_at > $1 AND (next_try_at IS NULL OR next_try_at <= $2)
		ORDER BY queued_at, id LIMIT 1`, now.Add(-distribution.StaleAfter).UnixMicro(), now.UnixMicro()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: queue: %w", err)
	}
	return id, nil
}

// claim returns a Claimed without an attempt when it gave the distribution back.
func (db *DB) claim(ctx context.Context, by distribution.Actor, p distribution.Policy, id string, wire Wire) (*Claimed, error) {
	c := &Claimed{}
	attempt := Attempt{ID: db.newID(), DistributionID: id, Boot: db.boot}
	err := db.txBy(ctx, by, func(tx *Tx) error {
		d, err := getDistribution(ctx, tx, "id = $1", id)
		if err != nil {
			return err
		}
		why, err := tx.whyNot(ctx, &d, p)
		if err != nil {
			return err
		}
		if why != "" {
			_, err = tx.change(ctx, by, id, 0, func(d *distribution.Distribution) (distribution.Event, error) { return d.Bounce(why) })
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
	if err != nil {
		return nil, errors.Join(err, db.unclaim(context.WithoutCancel(ctx), by, attempt.ID))
	}
	if c.Body != nil {
		c.Attempt = attempt
	}
	return c, nil
}

// whyNot is the code of what no longer holds, or empty.
func (tx *Tx) whyNot(ctx context.Context, d *distribution.Distribution, p distribution.Policy) (string, error) {
	var role distribution.Role
	var disabled, taken bool
	err := tx.QueryRowContext(ctx, `SELECT role, disabled_at IS NOT NULL,
		EXISTS (SELECT 1 FROM distributions WHERE order_reference = $2 AND id <> $1)
		FROM users WHERE id = $3`, d.ID, d.OrderReference, d.CreatedBy.ID).Scan(&role, &disabled, &taken)
	switch {
	case err != nil:
		return "", fmt.Errorf("store: claim: %w", err)
	case disabled || !distribution.Allows(role, distribution.Create):
		return "right", nil
	case len(d.ApprovedBy) < p.Approvals(d.Amount):
		return "policy", nil
	case string(distribution.Hash(d)) != string(d.SubmittedHash):
		return "content", nil
	case taken:
		return "reference", nil
	}
	return "", nil
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

// unclaim repairs a claim whose commit failed but may have happened: nothing
// was posted, so an attempt that is there after all goes back into the queue.
func (db *DB) unclaim(ctx context.Context, by distribution.Actor, attemptID string) error {
	var open bool
	err := db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM attempts WHERE id = $1 AND outcome IS NULL)", attemptID).Scan(&open)
	if err != nil || !open {
		return err
	}
	return db.Finish(ctx, by, attemptID, OutcomeNotSent, "claim_failed", func(d *distribution.Distribution) (distribution.Event, error) {
		return d.NotSent(db.Now())
	})
}

// KeepAnswer stores what came back, before anybody judges it.
func (db *DB) KeepAnswer(ctx context.Context, by distribution.Actor, attemptID string, a RawAnswer) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		answerID, err := tx.saveAnswer(ctx, a)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, "UPDATE attempts SET answer_id = $1 WHERE id = $2 RETURNING id", answerID, attemptID).Scan(&attemptID)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("store: attempt %s: %w", attemptID, distribution.ErrNotFound)
		}
		if err != nil {
			return fmt.Errorf("store: attempt: %w", err)
		}
		_, err = tx.audit(ctx, by, entry{
			action: "attempt.answered", object: "attempt", id: attemptID,
			details: map[string]string{"httpStatus": fmt.Sprint(a.Status), "body.sha256": sha256Hex(a.Body), "error": a.Error},
		})
		return err
	})
}

// Finish closes an open attempt and lets judge move the distribution, in one
// transaction. It fails with distribution.ErrConflict when the attempt is closed
// already, when judge does, and when Plexy's id is another distribution's.
func (db *DB) Finish(ctx context.Context, by distribution.Actor, attemptID string, o Outcome, why string,
	judge func(*distribution.Distribution) (distribution.Event, error),
) error {
	return db.txBy(ctx, by, func(tx *Tx) error { return tx.finish(ctx, by, attemptID, o, why, judge) })
}

func (tx *Tx) finish(ctx context.Context, by distribution.Actor, attemptID string, o Outcome, why string,
	judge func(*distribution.Distribution) (distribution.Event, error),
) error {
	var id string
	var answer sql.NullInt64
	err := tx.QueryRowContext(ctx, `UPDATE attempts SET outcome = $1, reason = $2, finished_at = $3
		WHERE id = $4 AND outcome IS NULL RETURNING distribution_id, answer_id`,
		string(o), why, tx.now.UnixMicro(), attemptID).Scan(&id, &answer)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("store: attempt %s is not open: %w", attemptID, distribution.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("store: attempt: %w", err)
	}
	_, err = tx.change(ctx, by, id, answer.Int64, judge)
	if unique(err) { // the answer names an id of Plexy that another row holds
		return fmt.Errorf("%w: %w", distribution.ErrConflict, err)
	}
	return err
}

// Recover closes what an earlier run of the program left open: nobody knows
// whether those were executed. It returns how many there were.
func (db *DB) Recover(ctx context.Context, by distribution.Actor) (n int, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM attempts WHERE outcome IS NULL AND boot <> $1", db.boot)
		open, err := collect(rows, err, scanText)
		if err != nil {
			return fmt.Errorf("store: recover: %w", err)
		}
		for _, id := range open {
			err := tx.finish(ctx, by, id, OutcomeUnknown, "crash", func(d *distribution.Distribution) (distribution.Event, error) {
				return d.Lose("crash", tx.now)
			})
			if err != nil {
				return err
			}
		}
		n = len(open)
		return nil
	})
	return n, err
}

// Attempts lists the tries to send one, newest first.
func (db *DB) Attempts(ctx context.Context, id string) ([]Attempt, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, distribution_id, n, boot, started_at, finished_at, coalesce(outcome, ''), reason, body_hash, answer_id
		FROM attempts WHERE distribution_id = $1 ORDER BY n DESC`, id)
	attempts, err := collect(rows, err, func(r *sql.Rows) (Attempt, error) {
		var a Attempt
		var started int64
		var finished, answer sql.NullInt64
		err := r.Scan(&a.ID, &a.DistributionID, &a.N, &a.Boot, &started, &finished, &a.Outcome, &a.Reason, &a.BodyHash, &answer)
		a.StartedAt, a.FinishedAt, a.AnswerID = time.UnixMicro(started).UTC(), moment(finished), answer.Int64
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("store: attempts: %w", err)
	}
	return attempts, nil
}
