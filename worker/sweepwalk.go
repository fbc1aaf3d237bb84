package worker

import (
	"slices"
	"time"

	"plexydash/store"
)

// sweep is a walk through Plexy's whole list, in two readings.
//
// Rows come and go while pages are read. One that comes pushes its neighbours
// onto the next page, where they are only met again. One that goes pulls them
// onto the page that was read just before, and the reading never meets them. The
// second reading proves that none went: all that the first one met must be there
// still. In a list with the newest first only what is newer than the one that is
// looked for could pull it, so there the second reading stops behind that. It
// also meets what came on top meanwhile, or moved there.
type sweep struct {
	*walk
	store.Swept
	since time.Time // nothing that is looked for can be older at Plexy

	first, again tally // met by the first reading, and once more by the second
	nameless     int   // rows without an id
	needed       int   // total that the second reading began with; 0: not told
	listTotal    bool  // the total counts more than the rows of a page
	pageTotal    bool  // it counts less than the list
	dated        bool  // Plexy tells its clock
}

// tally counts ids: all, and those of rows created since then.
type tally struct{ all, young int }

func (t *tally) count(young bool) {
	t.all++
	if young {
		t.young++
	}
}

// look does with a row what a sweep needs of it.
func (s *sweep) look(r row, fresh, first bool) {
	young := !r.createdAt.Before(s.since)
	switch {
	case r.id == "":
		if s.seen.reading == 1 {
			s.nameless++
		}
	case first && s.seen.reading == 1:
		s.first.count(young)
	case fresh && !first:
		s.again.count(young)
	}
	ids, sought := s.Under[r.reference]
	switch {
	case r.reference == "": // without a time it may be as new as can be
		at := r.createdAt
		if at.IsZero() {
			at = s.StartedAt
		}
		if at.After(s.Unnamed) {
			s.Unnamed = at
		}
	case sought && !slices.Contains(ids, r.id):
		s.Under[r.reference] = append(ids, r.id)
	}
}

// page notes what a page says of the whole.
func (s *sweep) page(l leaf, number int) {
	s.Pages, s.Items = s.pages, len(s.seen.last)+s.nameless
	if l.hasTotal {
		s.listTotal = s.listTotal || l.total > l.rows
		s.pageTotal = s.pageTotal || l.rows > 0 && s.met() > l.total
		s.Total, s.HasTotal = l.total, !s.pageTotal
	}
	if number == 1 && s.seen.reading == 2 {
		s.needed = l.total
	}
	if date := l.answer.Date; !date.IsZero() {
		s.dated = true
		s.Ahead = max(s.Ahead, date.Sub(l.answer.At))
		s.Behind = max(s.Behind, l.answer.At.Add(l.answer.Duration).Sub(date))
	}
}

func (s *sweep) met() int { return s.seen.met + s.nameless }

// endOf judges a page more strictly than a walk that only copies: nothing but an
// empty page proves the end, or the total of all met, where it is surely one of
// the whole list.
func (s *sweep) endOf(l leaf) end {
	switch {
	case l.rows == 0:
		return ended // whether too early shows when all is read
	case l.fresh == 0:
		return inconclusive
	case l.hasTotal && s.listTotal && !s.pageTotal && s.met() == l.total:
		return ended
	}
	return goesOn
}

// pastTheEnd reports that Plexy refused the page behind the last one.
func (s *sweep) pastTheEnd(err error) bool {
	return noSuchPage(err) && s.HasTotal && s.met() == s.Total
}

// whole reports that the two readings together prove that nothing is missing.
func (s *sweep) whole(newestFirst bool) bool {
	switch {
	case !s.pageTotal && s.Items < s.needed:
		return false
	case newestFirst:
		return s.first.young == s.again.young
	}
	return s.first.all == s.again.all
}

// clocks says how far Plexy's clock may be off: what its answers showed and the
// second that they leave open, or as much as it may be by guess.
func (s *sweep) clocks() {
	const open, guess = 2 * time.Second, 5 * time.Minute
	if !s.dated {
		s.Ahead, s.Behind = guess, guess
		return
	}
	s.Ahead, s.Behind = s.Ahead+open, s.Behind+open
}
