package handlers

import (
	"context"
	"slices"

	"plexydash/store"
	"plexydash/views/layout"
)

// pauses tells why nothing is sent. A Plexy that does not answer is told by the
// freshness instead.
func (h *Handlers) pauses(ctx context.Context, s store.SyncState) ([]layout.Pause, error) {
	var all []layout.Pause
	if !h.Submit {
		all = append(all, layout.Pause{Reason: store.PausedOff})
	}
	for _, stop := range s.Stops {
		p, err := h.pauseOf(ctx, stop)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	if s.LowDisk {
		all = append(all, layout.Pause{Reason: store.PausedDisk})
	}
	if s.LastError == store.Unauthorized {
		all = append(all, layout.Pause{Reason: store.PausedUnauthorized, At: s.FailingSince})
	}
	return all, nil
}

func (h *Handlers) pauseOf(ctx context.Context, s store.Stop) (layout.Pause, error) {
	p := layout.Pause{Reason: string(s.Kind), By: s.By.Name, Note: s.Reason, At: s.At}
	p.Told, p.Want, _ = s.UnitFigures()
	if s.DistributionID == "" {
		return p, nil
	}
	d, err := h.DB.Distribution(ctx, s.DistributionID)
	p.ID, p.Reference = d.ID, d.OrderReference
	return p, err
}

// stopped reports that a stop of the kind holds.
func stopped(s store.SyncState, kind store.StopKind) bool {
	return slices.ContainsFunc(s.Stops, func(stop store.Stop) bool { return stop.Kind == kind })
}
