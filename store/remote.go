package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"plexydash/distribution"
)

// Seen is what one answer of Plexy tells of distributions.
type Seen struct {
	Remotes []distribution.Remote
	Answer  RawAnswer // kept only when something changed
}

// Applied is what an answer changed here.
type Applied struct {
	New, Changed int
	// Unconfirmed lists the ids at Plexy of rows that the answer alone must not
	// change: read them by id and apply that.
	Unconfirmed []string
	// Nameless counts rows without an id, which cannot be kept.
	Nameless int
}

// ApplyRemote brings the mirror in line with an answer: rows are matched by
// Plexy's id; failing that by reference among ours that were tried and have no
// id yet; failing that they are new here. mark, if any, moves in the same
// transaction. Applying the same answer again changes nothing.
func (db *DB) ApplyRemote(ctx context.Context, by distribution.Actor, seen Seen, mark *Mark) (out Applied, err error) {
	err = db.txBy(ctx, by, func(tx *Tx) error {
		out = Applied{}
		a := &application{tx: tx, by: by, seen: seen, out: &out}
		if a.known, err = tx.knownAtPlexy(ctx, seen.Remotes); err != nil {
			return err
		}
		for _, r := range seen.Remotes {
			if err := a.apply(ctx, r); err != nil {
				return err
			}
		}
		if mark == nil {
			return nil
		}
		return tx.moveMark(ctx, *mark)
	})
	return out, err
}

// isDisowned reports that two people said of this row that it is not ours,
// whatever reference it carries.
func (tx *Tx) isDisowned(ctx context.Context, plexyID string) (not bool, err error) {
	err = tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM disowned WHERE plexy_id = $1)", plexyID).Scan(&not)
	if err != nil {
		return false, fmt.Errorf("store: disowned: %w", err)
	}
	return not, nil
}

// application is one answer being applied.
type application struct {
	tx       *Tx
	by       distribution.Actor
	seen     Seen
	answerID int64                                // of the kept answer; 0 until something changes
	known    map[string]distribution.Distribution // by id at Plexy, as they are until something changes
	out      *Applied
}

func (a *application) apply(ctx context.Context, r distribution.Remote) error {
	if r.PlexyID == "" {
		a.out.Nameless++
		return nil
	}
	known, err := a.row(ctx, r.PlexyID)
	if errors.Is(err, distribution.ErrNotFound) {
		return a.applyUnseen(ctx, r)
	}
	if err != nil {
		return err
	}
	if err := a.back(ctx, &known); err != nil {
		return err
	}
	if adopted, err := a.adopt(ctx, known, r); err != nil || adopted {
		return err
	}
	return a.observe(ctx, known, r)
}

// row is the one with this id at Plexy. What was read of all of them at once
// holds until the answer changes one.
func (a *application) row(ctx context.Context, plexyID string) (distribution.Distribution, error) {
	if a.answerID != 0 {
		return getDistribution(ctx, a.tx, "plexy_id = $1", plexyID)
	}
	d, found := a.known[plexyID]
	if !found {
		return d, distribution.ErrNotFound
	}
	return d, nil
}

func (tx *Tx) knownAtPlexy(ctx context.Context, all []distribution.Remote) (map[string]distribution.Distribution, error) {
	ids := make([]string, 0, len(all))
	for _, r := range all {
		ids = append(ids, r.PlexyID)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("store: ids: %w", err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM distributions WHERE plexy_id IN (SELECT value FROM json_each($1))", string(list))
	found, err := collect(rows, err, scanDistribution)
	if err != nil {
		return nil, fmt.Errorf("store: known at Plexy: %w", err)
	}
	known := make(map[string]distribution.Distribution, len(found))
	for _, d := range found {
		known[d.PlexyID] = d
	}
	return known, nil
}

// adopt takes a row that repeats one of ours for ours, once two people have said
// that the row ours had been taken for is somebody else's.
func (a *application) adopt(ctx context.Context, row distribution.Distribution, r distribution.Remote) (adopted bool, err error) {
	if row.TwinOf == "" || row.LinkedTo != "" {
		return false, nil
	}
	ours, err := getDistribution(ctx, a.tx, "id = $1", row.TwinOf)
	if err != nil || ours.PlexyID != "" || !ours.Sought() {
		return false, err
	}
	if not, err := a.tx.isDisowned(ctx, r.PlexyID); err != nil || not {
		return false, err
	}
	trial := ours
	_, changed, err := trial.Observe(r)
	switch {
	case errors.Is(err, distribution.ErrConflict), ours.Status == distribution.Abandoned && !ours.Matches(r):
		return false, nil // what differs is not one that was closed
	case err != nil || !changed: // a read by id must tell
		return true, a.observe(ctx, ours, r)
	}
	if err := a.keep(ctx); err != nil {
		return false, err
	}
	if _, err := a.tx.change(ctx, a.by, row.ID, a.answerID, func(row *distribution.Distribution) (distribution.Event, error) {
		return row.JoinTo(ours.ID)
	}); err != nil {
		return false, err
	}
	return true, a.observe(ctx, ours, r)
}

// back notes that Plexy returns one again that was gone.
func (a *application) back(ctx context.Context, d *distribution.Distribution) error {
	before := *d
	event, was := d.BackAgain()
	if !was {
		return nil
	}
	if err := a.keep(ctx); err != nil {
		return err
	}
	a.out.Changed++
	return a.tx.commitChange(ctx, a.by, &before, d, event, a.answerID)
}

// applyUnseen handles an id that the mirror does not hold yet.
func (a *application) applyUnseen(ctx context.Context, r distribution.Remote) error {
	if not, err := a.tx.isDisowned(ctx, r.PlexyID); err != nil || not {
		if err == nil {
			err = a.insert(ctx, r, nil)
		}
		return err
	}
	ours, err := getDistribution(ctx, a.tx, "origin = 'dashboard' AND order_reference = $1", r.OrderReference)
	switch {
	case r.OrderReference == "" || errors.Is(err, distribution.ErrNotFound):
		return a.insert(ctx, r, nil)
	case err != nil:
		return err
	case ours.Status == distribution.Sending:
		return nil // its own answer is on the way
	case ours.PlexyID == "" && ours.Sought():
		err := a.observe(ctx, ours, r)
		if errors.Is(err, distribution.ErrConflict) {
			return a.insert(ctx, r, &ours)
		}
		return err
	}
	return a.insert(ctx, r, &ours)
}

func (a *application) observe(ctx context.Context, d distribution.Distribution, r distribution.Remote) error {
	before := d
	event, changed, err := d.Observe(r)
	if errors.Is(err, distribution.ErrUnconfirmed) {
		a.out.Unconfirmed = append(a.out.Unconfirmed, r.PlexyID)
		return a.tx.remember(ctx, d.ID, true)
	}
	if r.ByID && err == nil {
		err = a.tx.remember(ctx, d.ID, false)
	}
	if err != nil || !changed {
		return err
	}
	if err := a.keep(ctx); err != nil {
		return err
	}
	a.out.Changed++
	return a.tx.commitChange(ctx, a.by, &before, &d, event, a.answerID)
}

// remember keeps that a hint of a list waits for a read by id, or no longer does.
func (tx *Tx) remember(ctx context.Context, id string, waits bool) error {
	_, err := tx.ExecContext(ctx, "UPDATE distributions SET unconfirmed = $1 WHERE id = $2 AND unconfirmed <> $1", waits, id)
	if err != nil {
		return fmt.Errorf("store: unconfirmed: %w", err)
	}
	return nil
}

// insert mirrors a distribution that was made elsewhere. ours is the one of
// this dashboard that carries the same reference, if there is one: if it was
// tried, the same payment stands twice at Plexy.
func (a *application) insert(ctx context.Context, r distribution.Remote, ours *distribution.Distribution) error {
	if err := a.keep(ctx); err != nil {
		return err
	}
	d, event := distribution.Import(a.tx.db.newID(), r, a.tx.now)
	baseline, err := stateText(ctx, a.tx, keyBaseline)
	if err != nil {
		return err
	}
	if made, err := parseTime(baseline); err == nil && d.CreatedAt.After(made) {
		event.Alarm = distribution.AlarmOutside
	}
	if ours != nil && ours.Attempts > 0 {
		code, alarm := "executed_twice", distribution.AlarmTwice
		if ours.PlexyID == "" { // it may be the only one, but not one that ours can be taken for
			code, alarm = "found_late", distribution.AlarmFoundLate
		}
		d.TwinOf = ours.ID
		event.Reason, event.Alarm = code, "" // the alarm is on ours
		_, err := a.tx.change(ctx, a.by, ours.ID, a.answerID, func(o *distribution.Distribution) (distribution.Event, error) {
			return distribution.Event{Kind: distribution.EventNoted, From: o.Status, To: o.Status, Reason: code, Note: r.PlexyID, Alarm: alarm}, nil
		})
		if err != nil {
			return err
		}
	}
	a.out.New++
	return a.tx.commitChange(ctx, a.by, nil, &d, event, a.answerID)
}

func (a *application) keep(ctx context.Context) (err error) {
	if a.answerID == 0 {
		a.answerID, err = a.tx.saveAnswer(ctx, a.seen.Answer)
	}
	return err
}

// TwinsOf lists the rows at Plexy that repeat one of ours.
func (db *DB) TwinsOf(ctx context.Context, id string) ([]distribution.Distribution, error) {
	return listDistributions(ctx, db.read, "twin_of = $1", id)
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
