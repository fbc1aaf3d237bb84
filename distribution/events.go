package distribution

import (
	"bytes"
	"slices"
	"time"
)

// New makes a draft of the actor's own.
func New(by Actor, id string, c Content, confirmed []string, at time.Time) (Distribution, Event, error) {
	if err := May(by, Create); err != nil {
		return Distribution{}, Event{}, err
	}
	d := Distribution{
		ID: id, Content: c, Status: Draft, Origin: FromDashboard,
		CreatedBy: by.Person, CreatedAt: at, UpdatedAt: at,
	}
	d.confirm(by, confirmed, at)
	return d, Event{Kind: EventCreated, To: Draft}, nil
}

func (d *Distribution) confirm(by Actor, codes []string, at time.Time) {
	d.Confirmations = nil
	for _, code := range codes {
		d.Confirmations = append(d.Confirmations, Confirmation{Code: code, By: by.Person, At: at})
	}
}

// move follows an arrow or refuses.
func (d *Distribution) move(kind EventKind, to Status) (Event, error) {
	if !CanMove(d.Status, kind, to) {
		return Event{}, conflict("state")
	}
	e := Event{Kind: kind, From: d.Status, To: to}
	d.Status = to
	d.StatusReason, d.StatusNote = "", ""
	return e, nil
}

// moveWhy follows an arrow and keeps the reason with the state.
func (d *Distribution) moveWhy(kind EventKind, to Status, code, note string) (Event, error) {
	e, err := d.move(kind, to)
	if err != nil {
		return e, err
	}
	d.StatusReason, d.StatusNote = code, note
	e.Reason, e.Note = code, note
	return e, nil
}

// Edit replaces the content. An empty reference leaves the one it has. A leave to
// pay the same once more does not cover other content.
func (d *Distribution) Edit(by Actor, c Content, confirmed []string, at time.Time) (Event, error) {
	if err := CanEdit(by, d); err != nil {
		return Event{}, err
	}
	e, err := d.move(EventEdited, Draft)
	if err == nil {
		if c.OrderReference == "" {
			c.OrderReference = d.OrderReference
		}
		if BizKey(c) != BizKey(d.Content) {
			d.DupNo = 0
		}
		d.Content = c
		d.voidApprovals()
		d.confirm(by, confirmed, at)
	}
	return e, err
}

// Submit hands the content over, as it stands: to approvers if the policy asks,
// else to the sender.
func (d *Distribution) Submit(by Actor, p Policy, at time.Time) (Event, error) {
	if err := CanSubmit(by, d); err != nil {
		return Event{}, err
	}
	if !p.Within(d.Amount) {
		return Event{}, conflict("limit")
	}
	to := Queued
	if p.Approvals(d.Amount) > 0 {
		to = AwaitingApproval
	}
	e, err := d.move(EventSubmitted, to)
	if err == nil {
		d.SubmittedHash, d.SubmittedAt = Hash(d), at
		d.queue(at)
	}
	return e, err
}

// Approve counts one approval of exactly the submitted content.
func (d *Distribution) Approve(by Actor, p Policy, code string, at time.Time) (Event, error) {
	if err := CanDecide(by, d, p); err != nil {
		return Event{}, err
	}
	if code != Code(d.SubmittedHash) || !bytes.Equal(d.SubmittedHash, Hash(d)) {
		return Event{}, conflict("code")
	}
	to := AwaitingApproval
	if len(d.ApprovedBy)+1 >= p.Approvals(d.Amount) {
		to = Queued
	}
	e, err := d.move(EventApproved, to)
	if err == nil {
		d.ApprovedBy = append(slices.Clone(d.ApprovedBy), by.Person)
		d.queue(at)
	}
	return e, err
}

// queue notes when it began to wait for the sender, if it does. Why it waited
// before does not count any more.
func (d *Distribution) queue(at time.Time) {
	if d.Status == Queued {
		d.QueuedAt, d.NextTryAt = at, time.Time{}
	}
}

// Decline says no with a reason for the maker.
func (d *Distribution) Decline(by Actor, p Policy, code, note string) (Event, error) {
	if err := CanDecide(by, d, p); err != nil {
		return Event{}, err
	}
	switch {
	case code != Code(d.SubmittedHash):
		return Event{}, conflict("code")
	case note == "":
		return Event{}, conflict("reason")
	}
	d.voidApprovals()
	return d.moveWhy(EventDeclined, Declined, "declined", note)
}

func (d *Distribution) voidApprovals() { d.ApprovedBy, d.SubmittedHash = nil, nil }

// Withdraw takes it back to draft and voids approvals.
func (d *Distribution) Withdraw(by Actor) (Event, error) {
	if err := CanWithdraw(by, d); err != nil {
		return Event{}, err
	}
	return d.takeBack(EventWithdrawn, "", "")
}

// takeBack leads out of the queue. What was never sent is the maker's again; of
// one that was resent it is still true that nobody found it at Plexy, so neither
// is its content the maker's to change nor may it be called unsent.
func (d *Distribution) takeBack(kind EventKind, code, note string) (Event, error) {
	if d.resent() {
		return d.moveWhy(kind, NotFound, code, note)
	}
	e, err := d.moveWhy(kind, Draft, code, note)
	if err == nil {
		d.voidApprovals()
	}
	return e, err
}

// ExpireAfter is how long one may await approval.
const ExpireAfter = 7 * 24 * time.Hour

// Expire takes it back to draft after seven days without a decision.
func (d *Distribution) Expire(now time.Time) (Event, error) {
	if d.Status != AwaitingApproval || now.Sub(d.SubmittedAt) < ExpireAfter {
		return Event{}, conflict("state")
	}
	return d.takeBack(EventExpired, "expired", "")
}

// Cancel ends it before sending. One that was resent is only taken back: to end
// it takes two people, who close it as not sent.
func (d *Distribution) Cancel(by Actor, note string) (Event, error) {
	if err := CanCancel(by, d); err != nil {
		return Event{}, err
	}
	if d.resent() {
		return d.takeBack(EventWithdrawn, "", note)
	}
	return d.moveWhy(EventCancelled, Cancelled, "", note)
}

// Claim takes it for one attempt. Content that is not what was submitted is
// refused: bounce it instead.
func (d *Distribution) Claim() (Event, error) {
	if !bytes.Equal(d.SubmittedHash, Hash(d)) {
		return Event{}, conflict("content")
	}
	e, err := d.move(EventClaimed, Sending)
	if err == nil {
		d.Attempts++
		d.NextTryAt = time.Time{}
	}
	return e, err
}

// Bounce gives a queued one back, with the reason: to its maker, or to those who
// decided to send it again.
func (d *Distribution) Bounce(code string) (Event, error) { return d.takeBack(EventBounced, code, "") }

// Hold leaves it queued and says why.
func (d *Distribution) Hold(code string) (Event, error) {
	return d.moveWhy(EventHeld, Queued, code, "")
}

// HoldUntil is Hold with the time of its next turn.
func (d *Distribution) HoldUntil(code string, next time.Time) (Event, error) {
	e, err := d.Hold(code)
	if err == nil {
		d.NextTryAt = next
	}
	return e, err
}

// Release lets a stale one go after all.
func (d *Distribution) Release(by Actor, at time.Time) (Event, error) {
	if err := CanRelease(by, d, at); err != nil {
		return Event{}, err
	}
	e, err := d.moveWhy(EventHeld, Queued, "", "released")
	if err == nil {
		d.QueuedAt = at
	}
	return e, err
}
