package store

import (
	"context"
	"errors"
	"fmt"

	"plexydash/distribution"
)

// This file holds what decisions of two people lead to.

// carryOut does what two people decided.
func (tx *Tx) carryOut(ctx context.Context, by distribution.Actor, dec distribution.Decision, d *distribution.Distribution) error {
	switch dec.Kind {
	case distribution.DecideUnit:
		return tx.lift(ctx, by, StopUnit, dec.Reason)
	case distribution.DecideHold:
		return tx.liftHold(ctx, by, dec.Reason)
	case distribution.DecidePolicy:
		return tx.setPolicy(ctx, by, *dec.Policy, dec.ID)
	case distribution.DecideLink:
		return tx.link(ctx, by, dec, d)
	case distribution.DecideNotOurs:
		if _, err := tx.ExecContext(ctx, "INSERT INTO disowned (plexy_id, distribution_id, decision_id) VALUES ($1, $2, $3)",
			d.PlexyID, d.ID, dec.ID); err != nil {
			return fmt.Errorf("store: disowned: %w", err)
		}
	case distribution.DecideResend:
		if err := tx.stillAlone(ctx, d); err != nil {
			return err
		}
	case distribution.DecideClose, distribution.DecideTicket, distribution.DecideOurs, distribution.DecideOverride:
	}
	_, err := tx.change(ctx, by, d.ID, 0, func(d *distribution.Distribution) (distribution.Event, error) { return tx.act(ctx, dec, d) })
	if unique(err) {
		return tx.twin(ctx, *d, err)
	}
	return err
}

func (tx *Tx) act(ctx context.Context, dec distribution.Decision, d *distribution.Distribution) (distribution.Event, error) {
	switch dec.Kind {
	case distribution.DecideResend:
		return d.Resend(dec.Reason, tx.now)
	case distribution.DecideClose:
		return d.Abandon(dec.Reason)
	case distribution.DecideTicket:
		return d.MissByTicket(dec.Ticket + ": " + dec.Reason)
	case distribution.DecideOurs:
		return d.TakeAsOurs(dec.Reason)
	case distribution.DecideNotOurs:
		return d.Disown(dec.Reason, tx.now)
	case distribution.DecideOverride:
		next, err := tx.nextDupNo(ctx, d)
		if err != nil {
			return distribution.Event{}, err
		}
		return d.Override(next, dec.Reason)
	case distribution.DecideLink, distribution.DecideUnit, distribution.DecidePolicy, distribution.DecideHold:
	}
	return distribution.Event{}, refuse("kind")
}

// link gives ours the id of the mirrored row, which no longer counts.
func (tx *Tx) link(ctx context.Context, by distribution.Actor, dec distribution.Decision, d *distribution.Distribution) error {
	row, err := tx.linkable(ctx, d, dec.PlexyID)
	if err != nil {
		return err
	}
	seen := row.Remote()
	if _, err := tx.change(ctx, by, row.ID, 0, func(r *distribution.Distribution) (distribution.Event, error) { return r.JoinTo(d.ID) }); err != nil {
		return err
	}
	_, err = tx.change(ctx, by, d.ID, 0, func(d *distribution.Distribution) (distribution.Event, error) { return d.Link(seen, dec.Reason) })
	return err
}

// linkable is the mirrored row of a link, if it may be the payment of d.
func (tx *Tx) linkable(ctx context.Context, d *distribution.Distribution, plexyID string) (row distribution.Distribution, err error) {
	row, err = getDistribution(ctx, tx, "plexy_id = $1 AND origin = 'plexy' AND linked_to IS NULL", plexyID)
	switch {
	case errors.Is(err, distribution.ErrNotFound):
		return row, refuse("no_such_row")
	case err != nil:
		return row, err
	case !d.Linkable(row.Remote()), row.TwinOf != "" && row.TwinOf != d.ID: // the second payment of another one of ours
		return row, refuse("differs")
	}
	return row, nil
}
