package worker

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/store"
)

// Guard looks at what must hold whatever happened, at the start of the program
// and once an hour. While something is broken nothing is claimed. In the same
// round it gives back to their makers what nobody decided on for seven days.
type Guard struct {
	db    *store.DB
	log   *slog.Logger
	first chan struct{} // closed after the first look
}

const (
	guardEvery = time.Hour
	guardAgain = time.Minute // after a look that failed
)

func guardActor() distribution.Actor { return distribution.System("guard") }

func newGuard(c Config) *Guard {
	return &Guard{db: c.DB, log: c.Log.With("worker", "guard"), first: make(chan struct{})}
}

// Run looks until ctx ends.
func (g *Guard) Run(ctx context.Context) error {
	looked := false
	for ctx.Err() == nil {
		wait := guardEvery
		switch err := g.look(ctx); {
		case ctx.Err() != nil:
		case err != nil:
			g.log.Error("cannot look at the invariants", "error", err)
			wait = guardAgain
		case !looked:
			looked = true
			close(g.first)
		}
		if err := g.db.ExpireApprovals(ctx, guardActor()); err != nil && ctx.Err() == nil {
			g.log.Error("cannot give back what nobody decided on", "error", err)
		}
		pause(ctx, wait)
	}
	return nil
}

// Before runs do once the first look is over; nothing may be claimed earlier.
func (g *Guard) Before(ctx context.Context, do func(context.Context) error) error {
	select {
	case <-g.first:
		return do(ctx)
	case <-ctx.Done():
		return nil
	}
}

// look checks once and stops or lifts accordingly.
func (g *Guard) look(ctx context.Context) error {
	began := time.Now()
	results, err := g.db.Invariants(ctx)
	if err != nil {
		return err
	}
	check := store.InvariantCheck{At: g.db.Now(), Took: time.Since(began), Results: results}
	var broken []string
	for _, i := range results {
		if i.Stops && i.Breaches > 0 {
			g.log.Error("invariant broken", "code", i.Code, "breaches", i.Breaches, "examples", i.Examples)
			broken = append(broken, i.Code)
		}
	}
	if len(broken) > 0 {
		err = g.db.Stop(ctx, guardActor(), store.StopInvariant, strings.Join(broken, ", "), "")
	} else {
		err = g.db.Lift(ctx, guardActor(), store.StopInvariant, "")
	}
	if err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	return g.db.KeepInvariantCheck(ctx, check)
}
