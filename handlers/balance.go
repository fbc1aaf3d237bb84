package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// ledgerPeriod is how far back the balance page explains the balance.
const ledgerPeriod = 30 * 24 * time.Hour

const (
	chartDays    = 30
	readingsPage = 50
)

// Balance handles GET /balance.
func (h *Handlers) Balance(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"cursor", askedParam}); err != nil {
		return err
	}
	cursor, err := strconv.ParseInt(cmp.Or(r.URL.Query().Get("cursor"), "0"), 10, 64)
	if err != nil || cursor < 0 {
		return &BadRequest{Reason: "unknown cursor"}
	}
	return h.showBalance(w, r, http.StatusOK, cursor, func(*balance.Props) {})
}

// showBalance draws the page; add puts in what was typed and refused.
func (h *Handlers) showBalance(w http.ResponseWriter, r *http.Request, status int, cursor int64, add func(*balance.Props)) (err error) {
	ctx := r.Context()
	p := balance.Props{Later: cursor > 0}
	if p.Balance, err = h.balanceTile(ctx); err != nil {
		return err
	}
	if err := h.ledger(ctx, &p, cursor); err != nil {
		return err
	}
	if err := h.watch(r, &p); err != nil {
		return err
	}
	if p.Chart, err = h.balanceChart(ctx, p.Balance, p.Threshold.Amount); err != nil {
		return err
	}
	p.Runway = h.runway(p.Balance, p.Chart, p.Residuals)
	if p.Refresh, err = h.refreshed(r, p.Balance); err != nil {
		return err
	}
	add(&p)
	if p.Chrome, err = h.Chrome(w, r, layout.Balance); err != nil {
		return err
	}
	if r.Method != http.MethodGet {
		p.Chrome.Path = balancePath
	}
	p.Chrome.Reload = reloadFor(p.Refresh)
	return Render(w, r, status, balance.Page(p), nil)
}

// ledger fills in the history of the balance.
func (h *Handlers) ledger(ctx context.Context, p *balance.Props, cursor int64) (err error) {
	since := h.DB.Now().Add(-ledgerPeriod)
	if p.Residuals, err = h.DB.Residuals(ctx, since); err != nil {
		return err
	}
	slices.Reverse(p.Residuals)
	page, err := h.DB.Readings(ctx, since, cursor, readingsPage)
	if err != nil {
		return err
	}
	p.Readings = readings(page.Rows)
	if page.Next > 0 {
		p.Next = balancePath + "?cursor=" + strconv.FormatInt(page.Next, 10)
	}
	return nil
}

func readings(rows []store.Reading) []balance.Reading {
	var all []balance.Reading
	for _, r := range rows {
		all = append(all, balance.Reading{
			At: r.At, CheckedAt: r.CheckedAt, Amount: r.Amount, Change: r.Change,
			OfID: r.DistributionID, Reference: r.Reference, Payee: r.Payee,
		})
	}
	return all
}

// balanceChart is the balance of the last thirty days.
func (h *Handlers) balanceChart(ctx context.Context, b components.Balance, threshold distribution.Amount) (components.BalanceChart, error) {
	days, err := h.DB.BalanceDays(ctx, chartDays)
	return components.BalanceChart{Days: days, Threshold: threshold, At: b.At, Now: b.Now}, err
}

// runway is how long the balance lasts when as much is spent as lately.
func (h *Handlers) runway(b components.Balance, c components.BalanceChart, residuals []distribution.Residual) components.Runway {
	today := distribution.AlmatyDay(b.Now)
	r := components.Runway{Spending: distribution.SpendingBefore(today, c.Days, h.Days.Working), Threshold: c.Threshold}
	if b.State != components.Never {
		r.Available, r.Known = r.Spending.Lasts(b.Available, today, h.Days.Working)
		r.Free, _ = r.Spending.Lasts(b.Free, today, h.Days.Working)
	}
	for _, moved := range residuals { // newest first
		if moved.Amount > 0 {
			r.TopUp = &components.TopUp{Amount: moved.Amount, At: moved.To}
			break
		}
	}
	return r
}

// balanceTile is the money that may still be committed: what Plexy told, less
// what is spoken for here.
func (h *Handlers) balanceTile(ctx context.Context) (components.Balance, error) {
	sync, err := h.DB.SyncState(ctx)
	if err != nil {
		return components.Balance{}, err
	}
	return h.balanceAt(ctx, sync)
}

func (h *Handlers) balanceAt(ctx context.Context, sync store.SyncState) (components.Balance, error) {
	read, ok, err := h.DB.Balance(ctx)
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
	if b.Held, err = h.spokenFor(ctx); err != nil {
		return components.Balance{}, err
	}
	if b.State == components.Never { // a balance was read, the list not yet
		b.State = components.Ageing
	}
	b.Available, b.At, b.PlexyAt, b.Free = read.Amount, read.CheckedAt, read.PlexyAt, read.Amount
	if read.DistributionID != "" && !read.CheckedAt.After(read.At) { // no reading since then
		of, err := h.DB.Distribution(ctx, read.DistributionID)
		if err != nil {
			return components.Balance{}, err
		}
		b.OfID, b.Reference = of.ID, of.OrderReference
	}
	for _, held := range b.Held {
		b.Free -= held.Amount
	}
	return b, nil
}

// spokenFor is the money that has not gone but may not be promised again. Only
// what is under way is summed up, never all that was ever paid.
func (h *Handlers) spokenFor(ctx context.Context) ([]components.Held, error) {
	all := []components.Held{
		{Kind: components.HeldAwaiting, Statuses: []distribution.Status{distribution.AwaitingApproval}},
		{Kind: components.HeldQueued, Statuses: []distribution.Status{distribution.Queued, distribution.Sending}},
		{Kind: components.HeldUncertain, Statuses: []distribution.Status{distribution.Unknown, distribution.NotFound, distribution.Mismatch}},
	}
	underWay := store.Filter{Origin: distribution.FromDashboard}
	for _, held := range all {
		underWay.Statuses = append(underWay.Statuses, held.Statuses...)
	}
	totals, err := h.DB.Totals(ctx, underWay)
	if err != nil {
		return nil, err
	}
	for i := range all {
		for _, s := range all[i].Statuses {
			all[i].Count += totals.ByStatus[s].Count
			all[i].Amount += totals.ByStatus[s].Sum
		}
	}
	return slices.DeleteFunc(all, func(held components.Held) bool { return held.Count == 0 }), nil
}
