package distributions

import (
	"context"
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
)

// PeekProps of GET /distributions/{id}/peek.
type PeekProps struct {
	D         distribution.Distribution
	Ties      distribution.Ties
	Related   []Related
	Bank      distribution.Bank
	Now       time.Time // UTC
	Events    []Event   // newest first
	Decisions []distribution.Decision
	CanCopy   bool
}

// history is the newest of what happened; the rest is on the page of the whole.
func (p PeekProps) history(ctx context.Context) []components.TimelineItem {
	const most = 6
	all := p.status().history(ctx)
	return all[:min(most, len(all))]
}

// status is what the page of the whole is drawn from.
func (p PeekProps) status() StatusProps {
	return StatusProps{D: p.D, Events: p.Events, Decisions: p.Decisions, Now: p.Now}
}
