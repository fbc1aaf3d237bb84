package handlers

import (
	"context"
	"net/http"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/layout"
	"plexydash/views/unknown"
	"plexydash/web/session"
)

// How much the desk lists at once; the rest is counted.
const (
	mostDoubts = 50
	mostAlarms = 50
)

// Unknown handles GET /unknown: the desk of unknown outcomes.
func (h *Handlers) Unknown(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	ctx := r.Context()
	p := unknown.Props{Now: h.DB.Now()}
	for _, fill := range []func(context.Context, *unknown.Props) error{h.deskDoubts, h.deskAlarms, h.deskSweep} {
		if err := fill(ctx, &p); err != nil {
			return err
		}
	}
	var err error
	if p.Chrome, err = h.Chrome(w, r, layout.Unknown); err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, unknown.Page(p), nil)
}

func (h *Handlers) deskDoubts(ctx context.Context, p *unknown.Props) error {
	all, err := h.DB.CountUncertain(ctx)
	if err != nil {
		return err
	}
	found, err := h.DB.Uncertain(ctx, mostDoubts)
	if err != nil {
		return err
	}
	open, err := h.DB.OpenDecisions(ctx)
	if err != nil {
		return err
	}
	for _, d := range found {
		doubt, err := h.deskDoubt(ctx, d, open)
		if err != nil {
			return err
		}
		p.Doubts = append(p.Doubts, doubt)
	}
	p.More = max(0, all-len(found))
	return nil
}

func (h *Handlers) deskDoubt(ctx context.Context, d distribution.Distribution, open []distribution.Decision) (unknown.Doubt, error) {
	row := unknown.Doubt{D: d, Since: d.UnknownSince, Proposal: openOf(open, d.ID)}
	if row.Since.IsZero() {
		row.Since = d.UpdatedAt
	}
	if d.Status == distribution.Mismatch { // it was found: nothing is looked for
		return row, nil
	}
	checks, err := h.DB.Checks(ctx, d.ID)
	if err != nil {
		return row, err
	}
	evidence, err := h.DB.EvidenceOf(ctx, d.ID)
	if err != nil {
		return row, err
	}
	row.Looks, row.Next, row.Until = checks.Looks, checks.NextLookAt, d.UnknownSince.Add(h.SettleWindow)
	row.Missing = missing(&d, evidence)
	return row, nil
}

// missing counts the sweeps that count towards not found.
func missing(d *distribution.Distribution, evidence []store.Evidence) (n int) {
	for _, e := range evidence {
		if e.Verdict == distribution.SweepMissed && e.AfterWindow && !e.Sweep.StartedAt.Before(d.UnknownSince) {
			n++
		}
	}
	return n
}

func (h *Handlers) deskAlarms(ctx context.Context, p *unknown.Props) error {
	counts, err := h.DB.CountOpenAlarms(ctx)
	if err != nil {
		return err
	}
	for _, n := range counts {
		p.MoreAlarms += n
	}
	alarms, err := h.DB.OpenAlarms(ctx, mostAlarms)
	if err != nil {
		return err
	}
	may := distribution.Allows(session.Actor(ctx).Role, distribution.Acknowledge)
	for _, a := range alarms {
		p.Alarms = append(p.Alarms, unknown.Alarm{Kind: a.Kind, At: a.At, D: a.Distribution, MayAcknowledge: may})
	}
	p.MoreAlarms = max(0, p.MoreAlarms-len(alarms))
	return nil
}

func (h *Handlers) deskSweep(ctx context.Context, p *unknown.Props) error {
	const enough = 50 // a proven one is among the last few, or it is no news
	sweeps, err := h.DB.Sweeps(ctx, enough)
	if err != nil {
		return err
	}
	for i, s := range sweeps {
		if i == 0 && s.FinishedAt.IsZero() {
			p.Sweeping, p.Pages = true, s.Pages
		}
		if s.Ended == store.SweepProven {
			p.LastSweep = s.FinishedAt
			break
		}
	}
	return nil
}
