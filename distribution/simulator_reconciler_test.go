package distribution

import (
	"errors"
	"time"
)

// The reconciler: looks that can only find, sweeps that the rules judge. What a
// row of Plexy is matched with is the store's to say, and modelled here.

// sweptOnce is what one sweep said of ours.
type sweptOnce struct {
	verdict SweepVerdict
	why     string
	counts  bool // it began when the settle window was over
}

func (l *life) window() time.Duration {
	if l.policy == waitsTooShort {
		return slowest / 4
	}
	return 24 * time.Hour
}

func (l *life) reconcile() {
	if l.row.PlexyID != "" {
		l.readByID(l.row.PlexyID)
	}
	if l.row.Status.AtPlexy() && !l.chance(100) {
		return
	}
	if l.row.Status == Unknown && (l.looks > 0 && l.looks%8 == 0 || l.chance(150)) { // nightly, and "check now"
		l.sweep()
	} else {
		l.look()
	}
	l.looks++
}

func (l *life) look() {
	rows, _, ok := l.plexy.view()
	if ok {
		l.apply(rows)
	}
}

func (l *life) sweep() {
	began := l.now
	rows, whole, ok := l.plexy.view()
	if !ok {
		return
	}
	l.apply(rows)
	if l.row.Status != Unknown {
		return
	}
	p, seen := SweepProof{Whole: whole}, false
	for _, r := range rows {
		switch {
		case r.reference == l.row.OrderReference:
			seen = seen || !l.disowned[r.id] // though no read by id confirmed it yet
		case r.at.Before(l.firstAttempt):
			p.Older = Control{r.reference, r.at}
		case r.at.After(l.lastEnd) && (l.policy != harshListWithLateControl || r.at.After(l.row.UnknownSince.Add(l.window()))):
			p.Newer = Control{r.reference, r.at}
		}
	}
	l.loosen(&p)
	v, why := p.Verdict(seen)
	l.note("sweep: " + string(v) + " " + why)
	l.sweeps = append(l.sweeps, sweptOnce{v, why, l.row.Settled(began, l.window())})
	missed := 0
	for _, s := range l.sweeps {
		if s.verdict == SweepMissed && s.counts {
			missed++
		}
	}
	if missed >= SweepsToMiss {
		l.must((*Distribution).Miss)
	}
}

func (l *life) loosen(p *SweepProof) {
	any := Control{Reference: "any", At: l.now}
	switch l.policy {
	case wantsOlderOnly:
		p.Newer = any
	case wantsNewerOnly:
		p.Older = any
	case believesUnprovenEnds:
		p.Whole = true
	case asDecided, retriesOn5xx, waitsTooShort, believesLaterNo, changesReference, startsOver, harshList, harshListWithLateControl:
	}
}

func (l *life) apply(rows []*plexyRow) {
	for _, r := range rows {
		l.applyOne(r.remote(l.now))
	}
}

// applyOne matches by Plexy's id, then by reference if ours is sought, and else
// mirrors the row. A mirrored row that repeats ours becomes ours when the row that
// ours was taken for is disowned.
func (l *life) applyOne(r Remote) {
	twin := l.mirror[r.PlexyID]
	mayBeOurs := r.OrderReference == l.row.OrderReference && !l.disowned[r.PlexyID] && l.row.PlexyID == "" &&
		(twin == nil || twin.TwinOf != "")
	switch {
	case r.PlexyID == l.row.PlexyID:
	case mayBeOurs && l.row.Status == Sending:
		return // its own answer is on the way
	case mayBeOurs && l.row.Sought():
	default:
		l.mirrored(r)
		return
	}
	err := l.commit(func(d *Distribution) (Event, error) {
		e, changed, err := d.Observe(r)
		if err == nil && !changed {
			err = errNoNews
		}
		return e, err
	})
	switch {
	case errors.Is(err, ErrUnconfirmed) && !r.ByID:
		l.readByID(r.PlexyID)
	case errors.Is(err, ErrConflict):
		l.mirrored(r)
	case errors.Is(err, errNoNews):
	case err != nil:
		panic(err)
	case twin != nil:
		if _, err := twin.JoinTo(l.row.ID); err != nil {
			panic(err)
		}
		delete(l.mirror, r.PlexyID)
	}
}

var errNoNews = errors.New("no news")

func (l *life) mirrored(r Remote) {
	if l.mirror[r.PlexyID] == nil {
		d, _ := Import("mirror-"+r.PlexyID, r, l.now)
		if r.OrderReference == l.row.OrderReference && l.row.Attempts > 0 && !l.disowned[r.PlexyID] {
			d.TwinOf = l.row.ID
		}
		l.mirror[r.PlexyID] = &d
	}
}

func (l *life) readByID(id string) {
	if l.strikes(l.rough / 2) {
		l.note("a read by id fails")
		return
	}
	for _, r := range l.plexy.rows {
		if r.id == id && !l.now.Before(r.shown) {
			remote := r.remote(l.now)
			remote.ByID = true
			l.applyOne(remote)
		}
	}
}
