package distribution

import "time"

// This file holds what Plexy's words do to a distribution.

// Answer records a clean yes to the open attempt.
func (d *Distribution) Answer(r Remote) (Event, error) {
	e, err := d.move(EventAnswered, Accepted)
	if err != nil {
		return e, err
	}
	d.UnknownSince = time.Time{} // of an earlier attempt
	d.observe(r, &e)
	return e, nil
}

// Differ records a yes that names another amount, currency or account.
func (d *Distribution) Differ(r Remote) (Event, error) {
	return d.freeze(EventDiffered, r)
}

// Refuse records a definite no. Only the first attempt can be refused: a later
// no may be Plexy's word for "I have it already".
func (d *Distribution) Refuse(note string, at time.Time) (Event, error) {
	if d.Attempts > 1 {
		return d.Lose("refused_later", at)
	}
	return d.moveWhy(EventRefused, Refused, "refused", note)
}

// NotSent puts it back into the queue: no connection was ever obtained.
func (d *Distribution) NotSent(next time.Time) (Event, error) {
	e, err := d.Withhold("no_connection")
	if err == nil {
		d.NextTryAt = next
	}
	return e, err
}

// Withhold puts a claimed one back into the queue: nothing was sent, and code
// says why.
func (d *Distribution) Withhold(code string) (Event, error) {
	e, err := d.moveWhy(EventNotSent, Queued, code, "")
	if err == nil {
		d.Attempts--
	}
	return e, err
}

// Lose says that nobody knows whether Plexy executed it.
func (d *Distribution) Lose(code string, at time.Time) (Event, error) {
	e, err := d.moveWhy(EventLost, Unknown, code, "")
	if err == nil {
		d.UnknownSince = at
	}
	return e, err
}

// Doubt says that it may have been sent without this database knowing: it is an
// older copy, or a second one. Any answer to it from now on is that of a later
// attempt.
func (d *Distribution) Doubt(code string, at time.Time) (Event, error) {
	e, err := d.moveWhy(EventDoubted, Unknown, code, "")
	if err == nil {
		d.Attempts++
		d.UnknownSince, d.NextTryAt = at, time.Time{}
	}
	return e, err
}

// Observe records what a list or a read by id says of this distribution.
// changed is false when it says nothing new. A Remote that was not read by id
// cannot move it between the states at Plexy; it fails with ErrUnconfirmed.
func (d *Distribution) Observe(r Remote) (e Event, changed bool, err error) {
	switch d.Status {
	case Unknown, NotFound:
		return d.find(r)
	case Queued:
		if d.Sought() {
			return d.find(r)
		}
	case Refused, Abandoned:
		if r.ByID && r.Comparable() && !d.Matches(r) {
			return Event{}, false, conflict("differs")
		}
		return d.find(r)
	case Accepted, Processing, Paid, Failed, Returned:
		return d.report(r)
	case Mismatch:
		return d.note(r)
	case Draft, AwaitingApproval, Declined, Sending, Cancelled:
		// Not at Plexy by our knowledge: a sending one waits for its own answer.
	}
	return Event{}, false, nil
}

// freeze keeps what Plexy shows instead of what was asked, for people to decide.
func (d *Distribution) freeze(kind EventKind, r Remote) (Event, error) {
	e, err := d.moveWhy(kind, Mismatch, "differs", "")
	if err == nil {
		d.Shown = &Shown{Amount: r.Amount, Currency: r.Currency, IBAN: r.Recipient.IBAN, Name: r.Recipient.Name}
		d.observe(r, &e)
	}
	return e, err
}

func (d *Distribution) find(r Remote) (Event, bool, error) {
	if !r.Comparable() {
		return Event{}, false, ErrUnconfirmed
	}
	if !d.Matches(r) {
		if !r.ByID { // a list may tell less exactly than a read
			return Event{}, false, ErrUnconfirmed
		}
		e, err := d.freeze(EventFoundDiffers, r)
		return e, err == nil, err
	}
	late := d.Status == Refused || d.Status == Abandoned
	e, err := d.moveWhy(EventFound, statusAtPlexy(r.Word), "", r.FailureReason)
	if err == nil {
		if late {
			e.Alarm = AlarmFoundLate
		}
		d.UnknownSince = time.Time{}
		d.observe(r, &e)
	}
	return e, err == nil, err
}

func (d *Distribution) report(r Remote) (Event, bool, error) {
	to, known := ParsePlexyStatus(r.Word)
	if !known || to == d.Status {
		return d.note(r)
	}
	if !r.ByID {
		return Event{}, false, ErrUnconfirmed
	}
	back := Regression(d.Status, to)
	e, err := d.moveWhy(EventReported, to, "", r.FailureReason)
	if err == nil {
		e.Regression = back
		if back {
			e.Alarm = AlarmRegressed
		}
		d.Regressed = d.Regressed || back
		d.observe(r, &e)
	}
	return e, err == nil, err
}

// note keeps a new word, a newly told figure or a newly told reason of failure
// without moving the state.
func (d *Distribution) note(r Remote) (Event, bool, error) {
	before := *d
	if d.spelled(r) {
		r.Word = ""
	}
	e := Event{Kind: EventNoted, From: d.Status, To: d.Status, Note: r.FailureReason}
	d.observe(r, &e)
	if d.StatusNote == "" {
		d.StatusNote = r.FailureReason
	}
	told := d.PlexyID != before.PlexyID || d.PlexyStatus != before.PlexyStatus || d.StatusNote != before.StatusNote ||
		(before.BalanceBefore == nil) != (d.BalanceBefore == nil) ||
		(before.BalanceAfter == nil) != (d.BalanceAfter == nil)
	if !told {
		*d = before
		return Event{}, false, nil
	}
	return e, true, nil
}

// spelled reports that a list only writes the state otherwise than the read by
// id did, which would be news at every turn.
func (d *Distribution) spelled(r Remote) bool {
	was, known := ParsePlexyStatus(d.PlexyStatus)
	is, same := ParsePlexyStatus(r.Word)
	return !r.ByID && known && same && was == is
}

// observe copies what Plexy told; silence never erases what it told before.
func (d *Distribution) observe(r Remote, e *Event) {
	e.PlexyWord, e.PlexyAt = r.Word, r.UpdatedAt
	if e.PlexyAt.IsZero() {
		e.PlexyAt = r.CreatedAt
	}
	if r.PlexyID != "" {
		d.PlexyID = r.PlexyID
	}
	if d.Origin == FromPlexy && d.Seen == (RecipientText{}) {
		d.Seen = r.Recipient // a list may tell less than a read by id
	}
	if r.Word != "" {
		d.PlexyStatus = r.Word
	}
	if r.BalanceBefore != nil {
		d.BalanceBefore = r.BalanceBefore
	}
	if r.BalanceAfter != nil {
		d.BalanceAfter = r.BalanceAfter
	}
	if !r.CreatedAt.IsZero() {
		d.PlexyCreatedAt = r.CreatedAt
	}
	if !r.UpdatedAt.IsZero() {
		d.PlexyUpdatedAt = r.UpdatedAt
	}
}

// statusAtPlexy is our state for a word of Plexy's: one that is new to us is the
// word of something that Plexy holds and works on.
func statusAtPlexy(word string) Status {
	if s, known := ParsePlexyStatus(word); known {
		return s
	}
	return Accepted
}

// Import makes the mirror row of a distribution that was made elsewhere.
func Import(id string, r Remote, at time.Time) (Distribution, Event) {
	status := statusAtPlexy(r.Word)
	d := Distribution{
		ID: id, Origin: FromPlexy, Status: status, StatusNote: r.FailureReason, Seen: r.Recipient,
		Content: Content{
			OrderReference: r.OrderReference, Amount: r.Amount, Currency: r.Currency,
			PaymentPurpose: r.PaymentPurpose,
		},
		CreatedAt: at, UpdatedAt: at,
	}
	if !r.CreatedAt.IsZero() {
		d.CreatedAt = r.CreatedAt
	}
	e := Event{Kind: EventFound, To: status, Note: r.FailureReason}
	d.observe(r, &e)
	return d, e
}
