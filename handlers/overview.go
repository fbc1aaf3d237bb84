package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/balance"
	"plexydash/views/layout"
	"plexydash/views/overview"
	"plexydash/web/session"
)

const (
	mostAttention = 4 // of each kind; the rest is counted
	mostMoves     = 5
	lossPeriod    = 7 * 24 * time.Hour
)

// Overview handles GET /.
func (h *Handlers) Overview(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{askedParam}); err != nil {
		return err
	}
	s, err := h.standing(r.Context())
	if err != nil {
		return err
	}
	p := overview.Props{Now: h.DB.Now()}
	for _, fill := range []func(*http.Request, standing, *overview.Props) error{h.overviewMoney, h.overviewFigures, h.overviewAttention, h.overviewTasks, h.overviewIntegrity} {
		if err := fill(r, s, &p); err != nil {
			return err
		}
	}
	if p.Chrome, err = h.chromeOf(w, r, layout.Overview, s); err != nil {
		return err
	}
	p.Chrome.Reload = reloadFor(p.Refresh)
	p.CanCreate = distribution.Allows(session.Actor(r.Context()).Role, distribution.Create)
	return Render(w, r, http.StatusOK, overview.Page(p), nil)
}

// overviewMoney fills in the balance and what it did.
func (h *Handlers) overviewMoney(r *http.Request, s standing, p *overview.Props) (err error) {
	ctx := r.Context()
	if p.Balance, err = h.balanceAt(ctx, s.sync); err != nil {
		return err
	}
	limit, err := h.DB.Threshold(ctx)
	if err != nil {
		return err
	}
	if p.Chart, err = h.balanceChart(ctx, p.Balance, limit.Amount); err != nil {
		return err
	}
	if distribution.Allows(session.Actor(ctx).Role, distribution.WatchBalance) {
		p.LimitHref = balancePath + "#limit"
	}
	residuals, err := h.DB.Residuals(ctx, p.Now.Add(-ledgerPeriod))
	if err != nil {
		return err
	}
	slices.Reverse(residuals)
	p.Residual, p.Runway = len(residuals), h.runway(p.Balance, p.Chart, residuals)
	for _, moved := range residuals {
		if moved.Amount < 0 && p.Now.Sub(moved.To) < lossPeriod && len(p.Losses) < mostAttention {
			p.Losses = append(p.Losses, moved)
		}
	}
	moves, err := h.DB.Readings(ctx, p.Now.Add(-ledgerPeriod), 0, 2*mostMoves)
	if err != nil {
		return err
	}
	p.Moves = newestMoves(readings(moves.Rows))
	p.Refresh, err = h.refreshed(r, p.Balance)
	return err
}

// newestMoves leaves out answers that repeat what was read already: the figure
// that was read is theirs.
func newestMoves(all []balance.Reading) []balance.Reading {
	var moves []balance.Reading
	for i := 0; i < len(all) && len(moves) < mostMoves; i++ {
		r := all[i]
		if repeats := r.Change != nil && *r.Change == 0; repeats && i+1 < len(all) {
			i++
			r.At, r.Change = all[i].At, all[i].Change
		}
		moves = append(moves, r)
	}
	return moves
}

// overviewFigures fills in the numbers that link to their lists.
func (h *Handlers) overviewFigures(r *http.Request, _ standing, p *overview.Props) error {
	ctx := r.Context()
	paid, err := h.DB.PaidToday(ctx)
	if err != nil {
		return err
	}
	p.Paid = figure(paid, listOf(url.Values{"sort": {"-updated"}}, distribution.Paid))
	underWay, err := h.DB.UnderWay(ctx)
	if err != nil {
		return err
	}
	p.UnderWay = figure(underWay, listOf(nil, distribution.Accepted, distribution.Processing))
	bad, since, ended, err := h.DB.NotPaid(ctx)
	p.NotPaid, p.Ended = figure(bad, listOf(url.Values{"from": {since.Format(time.DateOnly)}},
		distribution.Failed, distribution.Returned, distribution.Refused)), ended
	return err
}

func figure(p store.Pile, href string) overview.Figure {
	return overview.Figure{Count: p.Count, Sum: p.Sum, Oldest: p.Oldest, Href: href}
}

// listOf is the address of the list of all in these states.
func listOf(v url.Values, all ...distribution.Status) string {
	f, _ := store.ParseFilter(v) // ours, and therefore understood
	f.Statuses = all
	return withQuery(listPath, f.Values())
}

// overviewAttention fills in what nobody knows, whoever looks.
func (h *Handlers) overviewAttention(r *http.Request, _ standing, p *overview.Props) error {
	ctx := r.Context()
	doubts, err := h.DB.Doubts(ctx, mostAttention)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		p.Doubts = append(p.Doubts, overview.Doubt(d))
	}
	alarms, err := h.DB.OpenAlarms(ctx, mostAttention)
	if err != nil {
		return err
	}
	for _, a := range alarms {
		p.Alarms = append(p.Alarms, overview.Alarm{Kind: a.Kind, At: a.At, D: a.Distribution})
	}
	p.Swept, err = h.lastProvenSweep(ctx)
	return err
}

// lastProvenSweep is when all of Plexy's list was last held against ours.
func (h *Handlers) lastProvenSweep(ctx context.Context) (time.Time, error) {
	const enough = 10 // one a night, and what people ask for
	sweeps, err := h.DB.Sweeps(ctx, enough)
	for _, s := range sweeps {
		if s.Ended == store.SweepProven {
			return s.FinishedAt, err
		}
	}
	return time.Time{}, err
}

// overviewTasks fills in what waits for the person, by what they may do.
func (h *Handlers) overviewTasks(r *http.Request, s standing, p *overview.Props) error {
	ctx, actor := r.Context(), session.Actor(r.Context())
	p.More = overview.Rest{Doubts: s.notices.Uncertain - len(p.Doubts), Alarms: s.notices.Alarmed() - len(p.Alarms)}
	for _, tasks := range []func(context.Context, distribution.Actor, standing) ([]overview.Task, error){h.ownTasks, h.decisionTasks, h.watchTasks} {
		found, err := tasks(ctx, actor, s)
		if err != nil {
			return err
		}
		p.Tasks = append(p.Tasks, found...)
	}
	return nil
}
