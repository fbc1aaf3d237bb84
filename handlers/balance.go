package handlers

import (
	"context"
	"net/http"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Balance handles GET /balance.
func (h *Handlers) Balance(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	p := balance.Props{}
	var err error
	if p.Balance, err = h.balanceTile(r.Context()); err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Balance); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, balance.Page(p), nil)
}

// balanceTile is the money that may still be committed: what Plexy told, less
// what is spoken for here.
func (h *Handlers) balanceTile(ctx context.Context) (components.Balance, error) {
	read, ok, err := h.DB.Balance(ctx)
	if err != nil {
		return components.Balance{}, err
	}
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return components.Balance{}, err
	}
	now := h.DB.Now()
	fresh := h.freshness(sync, now)
	b := components.Balance{State: fresh.State, Since: fresh.Since, Now: now}
	if !ok {
		b.State = components.Never
		return b, nil
	}
	totals, err := h.DB.Totals(ctx, store.Filter{Origin: distribution.FromDashboard})
	if err != nil {
		return components.Balance{}, err
	}
	if b.State == components.Never { // a balance was read, the list not yet
		b.State = components.Ageing
	}
	b.Available, b.At, b.Free = read.Amount, read.CheckedAt, read.Amount
	for _, part := range []struct {
		kind     components.HeldKind
		statuses []distribution.Status
	}{
		{components.HeldAwaiting, []distribution.Status{distribution.AwaitingApproval}},
		{components.HeldQueued, []distribution.Status{distribution.Queued, distribution.Sending}},
		{components.HeldUncertain, []distribution.Status{distribution.Unknown, distribution.NotFound, distribution.Mismatch}},
	} {
		held := components.Held{Kind: part.kind}
		for _, s := range part.statuses {
			held.Count += totals.ByStatus[s].Count
			held.Amount += totals.ByStatus[s].Sum
		}
		if held.Count > 0 {
			b.Held = append(b.Held, held)
			b.Free -= held.Amount
		}
	}
	return b, nil
}
