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
