package worker

import (
	"context"
	"errors"
	"math"
	"net/http"

	"plexydash/plexyclient"
	"plexydash/store"
)

// importPages is how many pages of an import one round reads.
const importPages = 20

// importing is a batch of an import.
type importing struct {
	*walk
	imp      store.Import
	began    bool
	position int // rows from the top of the list to the end of the last page read
}

// importBatch continues the walk through the whole list, however long it is.
// Each page is committed together with the place it stands at; a later batch, or
// a later run of the program, begins one page before that place, because rows
// that came meanwhile push others onto the next page. more says that the import
// is still open.
func (s *Syncer) importBatch(ctx context.Context, w *walk) (more bool, note string, err error) {
	imp, err := s.mirror.db.OpenImport(ctx, w.size)
	if err != nil {
		return false, "", err
	}
	w.size = imp.Size
	i := &importing{walk: w, imp: imp}
	first := max(1, imp.NextPage-1)
	for number := first; number < first+importPages; number++ {
		how, err := s.importPage(ctx, i, number)
		if err != nil {
			return false, "", err
		}
		if how != goesOn {
			return false, s.noteEnd(how), s.closeImport(ctx, i)
		}
	}
	return true, "", nil
}

func (s *Syncer) importPage(ctx context.Context, i *importing, number int) (end, error) {
	l, err := s.mirror.page(ctx, i.walk, number, func(l leaf) *store.Mark { return i.place(l, number) })
	if i.pastTheEnd(err) {
		return ended, nil
	}
	if err != nil {
		return goesOn, err
	}
	if err := s.mirror.confirm(ctx, i.walk, l); err != nil {
		return goesOn, err
	}
	return i.endAt(l, i.position), nil
}

// place is where the import stands after the page.
func (i *importing) place(l leaf, number int) *store.Mark {
	if !i.began { // the first page was counted by an earlier batch
		i.began, i.position = true, max(0, i.imp.Items-l.rows)
	}
	i.position += l.rows
	return &store.Mark{
		ImportID: i.imp.ID, NextPage: number + 1, Items: i.position, Total: l.total, HasTotal: l.hasTotal,
		Order: i.orderSoFar(),
	}
}

func (i *importing) orderSoFar() store.Order { return together(i.imp.Order, i.order.order()) }

// noSuchPage reports that Plexy refuses a page behind the last one.
func noSuchPage(err error) bool {
	e, ok := errors.AsType[*plexyclient.APIError](err)
	return ok && (e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound || e.Status == http.StatusUnprocessableEntity)
}

// closeImport reads what was added on top since the import began, and closes it.
// In a list of another order, new rows are not on top and every round reads all.
func (s *Syncer) closeImport(ctx context.Context, i *importing) error {
	if i.orderSoFar() == store.NewestFirst {
		top := newWalk(i.actor, i.size)
		_, err := s.readBack(ctx, top, i.imp.StartedAt, store.NewestFirst, math.MaxInt)
		i.pages, i.rows, i.changed = i.pages+top.pages, i.rows+top.rows, i.changed+top.changed
		if err != nil {
			return err
		}
	}
	return s.mirror.db.FinishImport(ctx, i.actor, i.imp.ID)
}
