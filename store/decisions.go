package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"plexydash/distribution"
)

// Proposal is what one person asks another to confirm.
type Proposal struct {
	Kind           distribution.DecisionKind
	DistributionID string // empty for a decision about sending or the policy
	Reason         string // required
	PlexyID        string // of a link: id at Plexy of a mirrored row
	Ticket         string // of a ticket: required
	Policy         *distribution.Policy
}

// proposalDetails is the part of a decision that is kept as JSON.
type proposalDetails struct {
	PlexyID string               `json:"plexyId,omitempty"`
	Ticket  string               `json:"ticket,omitempty"`
	Policy  *distribution.Policy `json:"policy,omitempty"`
}

func (p Proposal) subject() string {
	if p.Kind == distribution.DecideUnit {
		return distribution.SubjectSending
	}
	if p.Kind == distribution.DecidePolicy {
		return distribution.SubjectPolicy
	}
	if p.Kind == distribution.DecideHold {
		return distribution.SubjectHold
	}
	return p.DistributionID
}

func refuse(code string) error {
	return &distribution.Refusal{Code: code, Kind: distribution.ErrConflict}
}

// ErrProposalOpen says that another decision about the same is open already, and
// names it.
type ErrProposalOpen struct{ ID string } //nolint:errname // reads as a sentinel that names the proposal

func (e *ErrProposalOpen) Error() string { return "a decision about this is open: " + e.ID }
func (e *ErrProposalOpen) Unwrap() error { return distribution.ErrConflict }

// Propose opens a decision. settleWindow is how long an unknown outcome must
// have been searched for before a ticket may end it.
func (db *DB) Propose(ctx context.Context, by distribution.Actor, p Proposal, settleWindow time.Duration) (dec distribution.Decision, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		dec = distribution.Decision{
			ID: db.newID(), Kind: p.Kind, Subject: p.subject(), Reason: p.Reason, PlexyID: p.PlexyID, Ticket: p.Ticket, Policy: p.Policy,
			Status: distribution.DecisionOpen, ProposedBy: by.Person, ProposedRole: by.Role, ProposedAt: tx.now,
		}
		if err := tx.mayPropose(ctx, by, p, &dec, settleWindow); err != nil {
			return err
		}
		return tx.open(ctx, by, dec)
	})
	return dec, err
}

func (tx *Tx) mayPropose(ctx context.Context, by distribution.Actor, p Proposal, dec *distribution.Decision, window time.Duration) error {
	var d *distribution.Distribution
	over := false
	if p.Kind.AboutOne() {
		found, err := getDistribution(ctx, tx, "id = $1", p.DistributionID)
		if err != nil {
			return err
		}
		d, over = &found, found.Settled(tx.now, window)
	}
	var err error
	if dec.Version, err = tx.versionOf(ctx, p.Kind, d); err != nil {
		return err
	}
	if err := distribution.CanPropose(by, p.Kind, d, over); err != nil {
		return err
	}
	switch {
	case p.Reason == "":
		return refuse("reason")
	case p.Kind == distribution.DecideTicket && p.Ticket == "":
		return refuse("ticket")
	case p.Kind == distribution.DecidePolicy && (p.Policy == nil || !p.Policy.Valid()):
		return refuse("policy")
	case p.Kind == distribution.DecideUnit:
		stopped, err := tx.stopped(ctx, StopUnit)
		if err == nil && !stopped {
			err = refuse("not_stopped")
		}
		return err
	case p.Kind == distribution.DecideHold:
		return tx.mayLiftHold(ctx)
	case p.Kind == distribution.DecideLink:
		_, err := tx.linkable(ctx, d, p.PlexyID)
		return err
	}
	return nil
}

func (tx *Tx) open(ctx context.Context, by distribution.Actor, dec distribution.Decision) error {
	details, err := json.Marshal(proposalDetails{PlexyID: dec.PlexyID, Ticket: dec.Ticket, Policy: dec.Policy})
	if err != nil {
		return fmt.Errorf("store: decision: %w", err)
	}
	about := sql.NullString{String: dec.Subject, Valid: dec.Kind.AboutOne()}
	_, err = tx.ExecContext(ctx, `INSERT INTO decisions
		(id, kind, subject, distribution_id, version, reason, details, proposed_by, proposed_by_name, proposed_role, proposed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		dec.ID, string(dec.Kind), dec.Subject, about, dec.Version, dec.Reason, string(details),
		by.ID, by.Name, string(by.Role), tx.now.UnixMicro())
	if unique(err) {
		var other string
		if err := tx.QueryRowContext(ctx, "SELECT id FROM decisions WHERE subject = $1 AND status = 'open'", dec.Subject).Scan(&other); err != nil {
			return fmt.Errorf("store: decision: %w", err)
		}
		return &ErrProposalOpen{ID: other}
	}
	if err != nil {
		return fmt.Errorf("store: decision: %w", err)
	}
	return tx.auditDecision(ctx, by, "decision.proposed", dec, dec.Reason)
}

func (tx *Tx) auditDecision(ctx context.Context, by distribution.Actor, action string, dec distribution.Decision, reason string) error {
	_, err := tx.audit(ctx, by, entry{
		action: action, object: "decision", id: dec.ID, reason: reason,
		details: nonEmpty(map[string]string{
			"kind": string(dec.Kind), "subject": dec.Subject, "plexyId": dec.PlexyID, "ticket": dec.Ticket, "proposedBy": dec.ProposedBy.Name,
		}),
	})
	return err
}

// Confirm settles a decision as the second person, and does what was decided in
// the same transaction. It refuses when what it is about is not what the
// proposer saw, and when the proposer may not decide any more.
func (db *DB) Confirm(ctx context.Context, by distribution.Actor, id string) (dec distribution.Decision, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		var d *distribution.Distribution
		if dec, d, err = tx.maySettle(ctx, by, id); err != nil {
			return err
		}
		if err := tx.stillHolds(ctx, dec, d); err != nil {
			return err
		}
		if err := tx.settle(ctx, by, &dec, distribution.DecisionConfirmed, ""); err != nil {
			return err
		}
		return tx.carryOut(ctx, by, dec, d)
	})
	return dec, err
}

func (tx *Tx) maySettle(ctx context.Context, by distribution.Actor, id string) (dec distribution.Decision, d *distribution.Distribution, err error) {
	if dec, err = getDecision(ctx, tx, id); err != nil {
		return dec, nil, err
	}
	if dec.Kind.AboutOne() {
		found, err := getDistribution(ctx, tx, "id = $1", dec.Subject)
		if err != nil {
			return dec, nil, err
		}
		d = &found
	}
	return dec, d, distribution.CanSettle(by, dec, d)
}

// versionOf numbers what a decision is about: a distribution, or the policy, which
// is replaced as a whole.
func (tx *Tx) versionOf(ctx context.Context, k distribution.DecisionKind, d *distribution.Distribution) (n int64, err error) {
	switch {
	case d != nil:
		return d.Version, nil
	case k != distribution.DecidePolicy:
		return 0, nil
	}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM policies").Scan(&n); err != nil {
		return 0, fmt.Errorf("store: policy: %w", err)
	}
	return n, nil
}

// stillHolds refuses a decision about what changed since, or whose first half
// fell away: an account that was shut, or has another role by now.
func (tx *Tx) stillHolds(ctx context.Context, dec distribution.Decision, d *distribution.Distribution) error {
	now, err := tx.versionOf(ctx, dec.Kind, d)
	if err != nil {
		return err
	}
	stays, err := tx.hasRole(ctx, dec.ProposedBy.ID, dec.ProposedRole)
	switch {
	case err != nil:
		return err
	case now != dec.Version:
		return refuse("stale_proposal")
	case !stays:
		return refuse("proposer_gone")
	}
	return nil
}

// RefuseProposal settles an open decision as the second person, with a reason.
func (db *DB) RefuseProposal(ctx context.Context, by distribution.Actor, id, reason string) (dec distribution.Decision, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		if dec, _, err = tx.maySettle(ctx, by, id); err != nil {
			return err
		}
		if reason == "" {
			return refuse("reason")
		}
		return tx.settle(ctx, by, &dec, distribution.DecisionRefused, reason)
	})
	return dec, err
}

// WithdrawProposal takes an open decision back as its proposer.
func (db *DB) WithdrawProposal(ctx context.Context, by distribution.Actor, id string) (dec distribution.Decision, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		if dec, err = getDecision(ctx, tx, id); err != nil {
			return err
		}
		if err := distribution.CanTakeBack(by, dec); err != nil {
			return err
		}
		return tx.settle(ctx, by, &dec, distribution.DecisionWithdrawn, "")
	})
	return dec, err
}

func (tx *Tx) settle(ctx context.Context, by distribution.Actor, dec *distribution.Decision, to distribution.DecisionStatus, note string) error {
	dec.Status, dec.SettledBy, dec.SettledAt, dec.SettledNote = to, by.Person, tx.now, note
	_, err := tx.ExecContext(ctx, `UPDATE decisions SET status = $1, settled_by = $2, settled_by_name = $3, settled_at = $4, settled_note = $5
		WHERE id = $6 AND status = 'open'`, string(to), by.ID, by.Name, tx.now.UnixMicro(), note, dec.ID)
	if err != nil {
		return fmt.Errorf("store: decision: %w", err)
	}
	return tx.auditDecision(ctx, by, "decision."+string(to), *dec, note)
}

// voidProposals ends what was proposed about a state that is no longer so.
func (tx *Tx) voidProposals(ctx context.Context, by distribution.Actor, distributionID string) error {
	open, err := decisions(ctx, tx, "distribution_id = $1 AND status = 'open'", distributionID)
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

// Decision reads one.
func (db *DB) Decision(ctx context.Context, id string) (distribution.Decision, error) {
	return getDecision(ctx, db.read, id)
}

// OpenDecisions lists what waits for a second person, oldest first.
func (db *DB) OpenDecisions(ctx context.Context) ([]distribution.Decision, error) {
	return decisions(ctx, db.read, openDecisions)
}

// DecisionsOn lists the decisions about one distribution, oldest first.
func (db *DB) DecisionsOn(ctx context.Context, distributionID string) ([]distribution.Decision, error) {
	return decisions(ctx, db.read, decisionsOn, distributionID)
}

func getDecision(ctx context.Context, q querier, id string) (distribution.Decision, error) {
	found, err := decisions(ctx, q, "id = $1", id)
	switch {
	case err != nil:
		return distribution.Decision{}, err
	case len(found) == 0:
		return distribution.Decision{}, distribution.ErrNotFound
	}
	return found[0], nil
}

func decisions(ctx context.Context, q querier, where string, args ...any) ([]distribution.Decision, error) {
	rows, err := q.QueryContext(ctx, decisionsQuery(where), args...)
	found, err := collect(rows, err, scanDecision)
	if err != nil {
		return nil, fmt.Errorf("store: decisions: %w", err)
	}
	return found, nil
}

const (
	openDecisions    = "status = 'open' ORDER BY proposed_at, id"
	decisionsOn      = "distribution_id = $1 ORDER BY proposed_at, id"
	settledDecisions = "status <> 'open' ORDER BY settled_at DESC, id DESC LIMIT $1"
)

func decisionsQuery(where string) string {
	return `SELECT id, kind, subject, version, reason, details, status,
		proposed_by, proposed_by_name, proposed_role, proposed_at, settled_by, settled_by_name, settled_at, settled_note
		FROM decisions WHERE ` + where
}

func scanDecision(r *sql.Rows) (distribution.Decision, error) {
	var dec distribution.Decision
	var details []byte
	var proposed int64
	var settled sql.NullInt64
	err := r.Scan(&dec.ID, &dec.Kind, &dec.Subject, &dec.Version, &dec.Reason, &details, &dec.Status,
		&dec.ProposedBy.ID, &dec.ProposedBy.Name, &dec.ProposedRole, &proposed,
		&dec.SettledBy.ID, &dec.SettledBy.Name, &settled, &dec.SettledNote)
	if err != nil {
		return dec, err
	}
	dec.ProposedAt, dec.SettledAt = time.UnixMicro(proposed).UTC(), moment(settled)
	var more proposalDetails
	if err := json.Unmarshal(details, &more); err != nil {
		return dec, fmt.Errorf("decision %s: %w", dec.ID, err)
	}
	dec.PlexyID, dec.Ticket, dec.Policy = more.PlexyID, more.Ticket, more.Policy
	return dec, nil
}
