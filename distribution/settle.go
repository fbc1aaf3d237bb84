package distribution

import "time"

// This file holds what ends a doubt when Plexy's own word did not: complete
// sweeps that missed it, and acts of two people.

// Miss says that the settle window is over and two complete sweeps missed it.
func (d *Distribution) Miss() (Event, error) { return d.move(EventMissed, NotFound) }

// MissByTicket says the same on the word of Plexy's support, where sweeps cannot
// prove it; two people decided so.
func (d *Distribution) MissByTicket(note string) (Event, error) {
	return d.moveWhy(EventMissed, NotFound, "ticket", note)
}

// Resend queues it once more under the same reference; two people decided so.
func (d *Distribution) Resend(note string, at time.Time) (Event, error) {
	e, err := d.moveWhy(EventResent, Queued, "", note)
	if err == nil {
		d.queue(at)
	}
	return e, err
}

// Abandon closes it as not sent; two people decided so.
func (d *Distribution) Abandon(note string) (Event, error) {
	return d.moveWhy(EventAbandoned, Abandoned, "", note)
}

// Link settles an unknown outcome by the row of Plexy that two people picked.
// It must pay the same amount and currency, and the same account where Plexy
// tells one.
func (d *Distribution) Link(r Remote, note string) (Event, error) {
	if !d.Linkable(r) {
		return Event{}, conflict("differs")
	}
	e, err := d.moveWhy(EventLinked, statusAtPlexy(r.Word), "", note)
	if err == nil {
		d.UnknownSince = time.Time{}
		d.observe(r, &e)
	}
	return e, err
}

// Linkable reports that the row may be this payment under another reference. One
// that Plexy had before this was made here is an earlier payment of the same.
func (d *Distribution) Linkable(r Remote) bool {
	account := compact(r.Recipient.IBAN)
	earlier := !r.CreatedAt.IsZero() && r.CreatedAt.Before(d.CreatedAt.Add(-clocksApart))
	return r.PlexyID != "" && !earlier && d.Amount == r.Amount && d.Currency == r.Currency &&
		(account == "" || account == d.Recipient.IBAN.String())
}

// clocksApart is how far Plexy's clock and ours may differ at most.
const clocksApart = time.Hour

// Remote is a mirrored row as Plexy's word of it.
func (d *Distribution) Remote() Remote {
	return Remote{
		PlexyID: d.PlexyID, OrderReference: d.OrderReference, Amount: d.Amount, Currency: d.Currency,
		Recipient: d.RecipientText(), PaymentPurpose: d.PaymentPurpose, Word: d.PlexyStatus,
		FailureReason: d.StatusNote, BalanceBefore: d.BalanceBefore, BalanceAfter: d.BalanceAfter,
		CreatedAt: d.PlexyCreatedAt, UpdatedAt: d.PlexyUpdatedAt,
	}
}

// JoinTo makes a mirrored row the other half of one of ours: the payment is that
// one's from now on, and this row no longer counts.
func (d *Distribution) JoinTo(ours string) (Event, error) {
	if d.Origin != FromPlexy || d.LinkedTo != "" {
		return Event{}, conflict("state")
	}
	d.LinkedTo, d.PlexyID = ours, "linked:"+d.ID
	return Event{Kind: EventNoted, From: d.Status, To: d.Status, Reason: "linked"}, nil
}

// TakeAsOurs settles a mismatch as the payment that was meant; two people decided so.
func (d *Distribution) TakeAsOurs(note string) (Event, error) {
	e, err := d.moveWhy(EventOurs, statusAtPlexy(d.PlexyStatus), "", note)
	if err == nil {
		d.UnknownSince = time.Time{}
	}
	return e, err
}

// Disown settles a mismatch as somebody else's payment: ours is still unknown.
func (d *Distribution) Disown(note string, at time.Time) (Event, error) {
	e, err := d.moveWhy(EventNotOurs, Unknown, "not_ours", note)
	if err == nil {
		d.PlexyID, d.PlexyStatus = "", ""
		d.PlexyCreatedAt, d.PlexyUpdatedAt = time.Time{}, time.Time{}
		d.BalanceBefore, d.BalanceAfter = nil, nil
		d.Shown = nil
		d.GoneAt = time.Time{}
		d.UnknownSince = at
	}
	return e, err
}

// Override lets a draft be the same payment once more; two people decided so.
// dupNo is the next free number among those that pay the same.
func (d *Distribution) Override(dupNo int, note string) (Event, error) {
	e, err := d.move(EventOverridden, Draft)
	if err == nil {
		d.DupNo = dupNo
		e.Note = note
	}
	return e, err
}

// Acknowledged notes that a person saw its alarms.
func (d *Distribution) Acknowledged(note string) Event {
	return Event{Kind: EventAcknowledged, From: d.Status, To: d.Status, Note: note}
}

// Gone notes that Plexy no longer returns what it had, by id either.
func (d *Distribution) Gone(at time.Time) (Event, bool) {
	if !d.GoneAt.IsZero() || d.PlexyID == "" || d.LinkedTo != "" {
		return Event{}, false
	}
	d.GoneAt = at
	return Event{Kind: EventNoted, From: d.Status, To: d.Status, Reason: "gone", Alarm: AlarmVanished}, true
}

// BackAgain notes that Plexy returns one that was gone.
func (d *Distribution) BackAgain() (Event, bool) {
	if d.GoneAt.IsZero() {
		return Event{}, false
	}
	d.GoneAt = time.Time{}
	return Event{Kind: EventNoted, From: d.Status, To: d.Status, Reason: "back_again"}, true
}
