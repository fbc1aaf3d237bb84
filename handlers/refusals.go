package handlers

import (
	"context"

	"plexydash/distribution"
	"plexydash/store"
)

// Refused is an action that did not happen, for the audit log.
type Refused = store.Refused

// RecordRefused writes it into the log.
func (h *Handlers) RecordRefused(ctx context.Context, by distribution.Actor, r Refused) error {
	return h.DB.RecordRefused(ctx, by, r)
}
