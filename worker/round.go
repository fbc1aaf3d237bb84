package worker

import "context"

// Round reads Plexy once, as Run does again and again: an open import to its
// end, or what is new, then the open ones and the balance.
func (s *Syncer) Round(ctx context.Context) error {
	for {
		more, err := s.round(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// Look searches the newest pages for what is due, as Run does again and again.
func (r *Reconciler) Look(ctx context.Context) error { return r.look(ctx) }

// Sweep is Look after a search through the whole list, if one is due.
func (r *Reconciler) Sweep(ctx context.Context) error { return r.turn(ctx) }
