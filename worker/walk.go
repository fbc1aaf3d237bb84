package worker

import (
	"time"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

const (
	// pageSize is what is asked for; Plexy may give less.
	pageSize = 100
	// margin is how far the clocks of Plexy and of this machine, and the order of
	// its list, may be off without our missing anything.
	margin = time.Hour
)

// walk is one way through the pages of Plexy's list.
type walk struct {
	actor distribution.Actor
	began time.Time // by time that passes
	size  int       // of a page, as asked for
	order orderWatch
	seen  seenIDs
	each  func(r row, fresh, first bool) // what else is done with a row; may be nil
	// Counters of this walk.
	pages, rows, changed int
	largest              int // rows of the fullest page
	totalReached         bool
}

func newWalk(by distribution.Actor, size int) *walk {
	return &walk{actor: by, began: time.Now(), size: size, seen: newSeenIDs()}
}

// leaf is one page of a walk.
type leaf struct {
	rows, fresh    int // fresh: ids that this reading had not met before
	oldest, newest time.Time
	total          int // of the whole list, as Plexy told it with this page
	hasTotal       bool
	answer         plexyclient.Answer
	applied        store.Applied
}

// take counts a page in.
func (w *walk) take(p plexyclient.Page) leaf {
	l := leaf{rows: len(p.Items) + len(p.Odd), total: p.Total, hasTotal: p.HasTotal, answer: p.Answer}
	for i, d := range p.Items {
		if i == 0 || d.CreatedAt.Before(l.oldest) {
			l.oldest = d.CreatedAt
		}
		if d.CreatedAt.After(l.newest) {
			l.newest = d.CreatedAt
		}
		if w.meet(&l, row{d.ID, d.OrderReference, d.CreatedAt}) {
			w.order.see(d.CreatedAt)
		}
	}
	for _, odd := range p.Odd {
		w.meet(&l, row{odd.ID, odd.OrderReference, odd.CreatedAt})
	}
	w.pages++
	w.rows += l.rows
	w.largest = max(w.largest, l.rows)
	return l
}

// row is what a walk notes of each row, readable or not.
type row struct {
	id, reference string // empty when they cannot be read
	createdAt     time.Time
}

// meet reports whether the walk meets the row for the first time.
func (w *walk) meet(l *leaf, r row) (first bool) {
	fresh := false
	if r.id != "" {
		fresh, first = w.seen.meet(r.id)
	}
	if fresh {
		l.fresh++
	}
	if w.each != nil {
		w.each(r, fresh, first)
	}
	return first
}

// quiet reports that the page brought nothing that the mirror did not hold.
func (l leaf) quiet() bool {
	return l.applied.New == 0 && l.applied.Changed == 0 && len(l.applied.Unconfirmed) == 0
}

// goesBefore reports that the page holds something older than t: in a list with
// the newest first, so is everything after it.
func (l leaf) goesBefore(t time.Time) bool { return l.rows > 0 && l.oldest.Before(t) }

// whollyBefore reports that everything on the page is older than t.
func (l leaf) whollyBefore(t time.Time) bool { return l.rows > 0 && l.newest.Before(t) }

// end says how a list ended.
type end int

const (
	goesOn       end = iota
	ended            // an empty page, or as many rows as Plexy says there are
	inconclusive     // a page without a new row, or an empty one too early
)

// endAt judges the page. position is how many rows stand up to its end,
// counting from the top of the list.
func (l leaf) endAt(position int) end {
	switch {
	case l.rows == 0 && l.hasTotal && position < l.total:
		return inconclusive
	case l.rows == 0:
		return ended
	case l.fresh == 0:
		return inconclusive
	case l.hasTotal && position >= l.total:
		return ended
	}
	return goesOn
}

// endAt judges the page with the walk in mind. A total alone is not the end
// while pages are full: it may count the rows of a page only, so the page behind
// it is asked for.
func (w *walk) endAt(l leaf, position int) end {
	how := l.endAt(position)
	switch {
	case how == ended && l.rows > 0 && l.rows == w.largest:
		w.totalReached = true
		return goesOn
	case how == inconclusive && w.totalReached:
		return ended
	}
	return how
}

// pastTheEnd reports that Plexy refused the page behind the last one.
func (w *walk) pastTheEnd(err error) bool { return w.totalReached && noSuchPage(err) }

// newestFirst reports that the list is in this order, as far as the walk and the
// first import have seen. Without proof it is not.
func (w *walk) newestFirst(known store.Order) bool {
	seen := w.order.order()
	return seen == store.NewestFirst || seen == store.OrderUnseen && known == store.NewestFirst
}

// orderWatch finds out how a list is sorted by the creation of its rows.
type orderWatch struct {
	oldest, newest time.Time
	up, down       bool
	untimed        bool // a row did not say when it was created
}

// orderSlack is by how much neighbours may be the wrong way round: a list sorted
// by another clock of Plexy's than createdAt is still good enough.
const orderSlack = time.Minute

func (o *orderWatch) see(at time.Time) {
	if at.IsZero() {
		o.untimed = true
		return
	}
	if o.oldest.IsZero() {
		o.oldest, o.newest = at, at
		return
	}
	o.up = o.up || at.Sub(o.oldest) > orderSlack
	o.down = o.down || o.newest.Sub(at) > orderSlack
	if at.Before(o.oldest) {
		o.oldest = at
	}
	if at.After(o.newest) {
		o.newest = at
	}
}

func (o *orderWatch) order() store.Order {
	switch {
	case o.untimed, o.up && o.down:
		return store.Unordered
	case o.down:
		return store.NewestFirst
	case o.up:
		return store.OldestFirst
	}
	return store.OrderUnseen
}

// together is the order of a list of which two parts were seen.
func together(a, b store.Order) store.Order {
	switch {
	case a == store.OrderUnseen:
		return b
	case b == store.OrderUnseen, a == b:
		return a
	}
	return store.Unordered
}
