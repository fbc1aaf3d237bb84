package worker

import (
	"context"
	"errors"

	"plexydash/plexyclient"
)

// readsBySweep is how many rows that a sweep did not show it reads by id.
const readsBySweep = 200

// compare reads by id what the mirror holds and the sweep did not meet. What
// Plexy does not return then, either, has vanished; the rest was only missing in
// the list. New rows may come into the list late and are left alone.
func (r *Reconciler) compare(ctx context.Context, s *sweep) error {
	db := r.mirror.db
	ids, place, err := r.unmet(ctx, s)
	if err != nil {
		return err
	}
	_, err = r.mirror.byIDs(ctx, reconcilerActor(), ids, func(id string, err error) error {
		if !missing(err) {
			return nil
		}
		e, _ := errors.AsType[*plexyclient.APIError](err)
		return db.Vanished(ctx, reconcilerActor(), id, rawAnswer("detail", e.Answer, nil))
	})
	if err != nil {
		return err
	}
	return db.KeepCompared(ctx, place)
}

// unmet lists ids of the mirror that the sweep did not meet, from the place
// where the last comparison had to stop and once around. place is where this one
// stops; empty when it comes around.
func (r *Reconciler) unmet(ctx context.Context, s *sweep) (ids []string, place string, err error) {
	const chunk = 1000
	from, err := r.mirror.db.Compared(ctx)
	if err != nil {
		return nil, "", err
	}
	for at, around := from, from == ""; ; {
		some, err := r.mirror.db.Mirrored(ctx, at, s.StartedAt.Add(-margin), chunk)
		if err != nil {
			return nil, "", err
		}
		for _, id := range some {
			if around && from != "" && id > from {
				return ids, "", nil
			}
			if !s.seen.has(id) {
				ids = append(ids, id)
			}
			if at = id; len(ids) == readsBySweep {
				return ids, at, nil
			}
		}
		if len(some) == chunk {
			continue
		}
		if around {
			return ids, "", nil
		}
		at, around = "", true
	}
}
