package handlers

import (
	"context"
	"net/http"
	"time"

	"plexydash/store"
	"plexydash/views/integrity"
	"plexydash/views/layout"
)

// Integrity handles GET /integrity.
func (h *Handlers) Integrity(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	p, err := h.integrityProps(r.Context())
	if err != nil {
		return err
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Integrity); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, integrity.Page(p), nil)
}

func (h *Handlers) integrityProps(ctx context.Context) (integrity.Props, error) {
	p := integrity.Props{Now: h.DB.Now()}
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return p, err
	}
	p.LastRead, p.Waits = sync.LastSuccess, sync.Paused(p.Now, h.maxAge(), h.Submit)
	backlog, err := h.DB.Backlog(ctx)
	if err != nil {
		return p, err
	}
	p.Queued, p.QueuedSince, p.Uncertain, p.UncertainSince = backlog.Queued, backlog.QueuedSince, backlog.Uncertain, backlog.UncertainSince
	checkpoint, err := h.DB.CheckpointState(ctx)
	if err != nil {
		return p, err
	}
	p.Signed, p.SignedSize, p.LogSize = checkpoint.At, checkpoint.Size, checkpoint.AuditSize
	residuals, err := h.DB.Residuals(ctx, p.Now.Add(-ledgerPeriod))
	if err != nil {
		return p, err
	}
	p.Residuals = len(residuals)
	if p.Sweep, err = h.lastSweep(ctx); err != nil {
		return p, err
	}
	if p.Alarms, err = h.openAlarms(ctx); err != nil {
		return p, err
	}
	p.Rules, p.Checked, p.Took, err = h.rules(ctx)
	return p, err
}

func (h *Handlers) lastSweep(ctx context.Context) (*integrity.Sweep, error) {
	sweeps, err := h.DB.Sweeps(ctx, 1)
	if err != nil || len(sweeps) == 0 {
		return nil, err
	}
	s := sweeps[0]
	return &integrity.Sweep{StartedAt: s.StartedAt, FinishedAt: s.FinishedAt, Ended: string(s.Ended), Pages: s.Pages, Items: s.Items}, nil
}

func (h *Handlers) openAlarms(ctx context.Context) ([]integrity.Alarm, error) {
	counts, err := h.DB.CountOpenAlarms(ctx)
	if err != nil {
		return nil, err
	}
	var all []integrity.Alarm
	for _, kind := range loudestFirst() {
		if counts[kind] > 0 {
			all = append(all, integrity.Alarm{Kind: kind, Count: counts[kind]})
		}
	}
	return all, nil
}

// rules are all that must hold, with what the newest look found.
func (h *Handlers) rules(ctx context.Context) (all []integrity.Rule, at time.Time, took time.Duration, err error) {
	check, err := h.DB.LastInvariantCheck(ctx)
	if err != nil {
		return nil, at, took, err
	}
	for _, code := range store.InvariantCodes() {
		rule := integrity.Rule{Code: code}
		for _, found := range check.Results {
			if found.Code == code {
				rule = integrity.Rule{Code: code, Looked: true, Stops: found.Stops, Breaches: found.Breaches, Examples: found.Examples}
			}
		}
		all = append(all, rule)
	}
	return all, check.At, check.Took, nil
}
