package handlers

import (
	"context"
	"slices"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/distributions"
	"plexydash/web/session"
)

// mostSweeps is how many walks through Plexy's list a page shows.
const mostSweeps = 20

// doubt is what is known of an outcome that nobody knows, and what people may
// do about it; nil when the outcome is known.
func (h *Handlers) doubt(ctx context.Context, d *distribution.Distribution, decided bool) (*distributions.Doubt, error) {
	if !d.Status.Uncertain() {
		return nil, nil //nolint:nilnil // there is no doubt
	}
	doubt := &distributions.Doubt{}
	if err := h.doubtAttempts(ctx, d, doubt); err != nil {
		return nil, err
	}
	if d.Status != distribution.Mismatch {
		if err := h.doubtSweeps(ctx, d, doubt); err != nil {
			return nil, err
		}
		var err error
		if doubt.Similar, err = h.similar(ctx, d); err != nil {
			return nil, err
		}
	}
	if !decided {
		doubt.Offers = h.offers(session.Actor(ctx), d, doubt)
	}
	return doubt, nil
}

func (h *Handlers) doubtAttempts(ctx context.Context, d *distribution.Distribution, doubt *distributions.Doubt) error {
	attempts, err := h.DB.Attempts(ctx, d.ID)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		shown := distributions.DoubtAttempt{Attempt: attemptOf(a)}
		if a.AnswerID != 0 {
			answer, err := h.DB.Answer(ctx, a.AnswerID)
			if err != nil {
				return err
			}
			shown.Bytes = len(answer.Body)
			shown.Answer = &distributions.Answer{At: answer.At, Call: answer.Call, Status: answer.Status, Body: readable(answer.Body, beginning)}
		}
		if !a.FinishedAt.IsZero() {
			shown.BalanceBefore, shown.BalanceAfter, err = h.DB.BalanceAround(ctx, d.Currency, a.StartedAt, a.FinishedAt)
			if err != nil {
				return err
			}
		}
		doubt.Attempts = append(doubt.Attempts, shown)
	}
	return nil
}

func attemptOf(a store.Attempt) distributions.Attempt {
	return distributions.Attempt{ID: a.ID, N: a.N, Outcome: string(a.Outcome), Reason: a.Reason, StartedAt: a.StartedAt, EndedAt: a.FinishedAt}
}

func (h *Handlers) doubtSweeps(ctx context.Context, d *distribution.Distribution, doubt *distributions.Doubt) error {
	evidence, err := h.DB.EvidenceOf(ctx, d.ID)
	if err != nil {
		return err
	}
	for i, e := range evidence[:min(mostSweeps, len(evidence))] {
		doubt.Sweeps = append(doubt.Sweeps, distributions.Sweep{
			N: len(evidence) - i, StartedAt: e.Sweep.StartedAt, Pages: e.Sweep.Pages, Items: e.Sweep.Items, Error: e.Sweep.Error,
			Verdict: e.Verdict, Why: e.Why, AfterWindow: e.AfterWindow, Older: e.Older, Newer: e.Newer,
		})
	}
	doubt.MoreSweeps = len(evidence) - len(doubt.Sweeps)
	doubt.Missing = missing(d, evidence)
	doubt.NothingNewer = len(evidence) > 0 && evidence[0].Why == distribution.SweepNoNewer
	return nil
}

// similar are rows of Plexy that may be the payment under another reference.
func (h *Handlers) similar(ctx context.Context, d *distribution.Distribution) ([]distributions.Similar, error) {
	rows, err := h.DB.Similar(ctx, *d)
	if err != nil {
		return nil, err
	}
	var all []distributions.Similar
	for _, row := range rows {
		all = append(all, distributions.Similar{D: row, Linkable: d.Linkable(row.Remote())})
	}
	return all, nil
}

// offers are the decisions that the person may propose about a doubt now, and
// those that have to wait. Who may propose nothing is offered nothing.
func (h *Handlers) offers(by distribution.Actor, d *distribution.Distribution, doubt *distributions.Doubt) []distributions.Offer {
	var all []distributions.Offer
	until := d.UnknownSince.Add(h.SettleWindow)
	over := d.Settled(h.DB.Now(), h.SettleWindow)
	for _, kind := range decisionsIn(d.Status) {
		o := distributions.Offer{Kind: kind, From: until, Have: doubt.Missing}
		err := distribution.CanPropose(by, kind, d, over)
		code := refusalCode(err)
		switch {
		case code == "role":
			return nil
		case kind == distribution.DecideLink && !slices.ContainsFunc(doubt.Similar, func(s distributions.Similar) bool { return s.Linkable }):
			o.Wait = distributions.WaitSimilar
		case err == nil:
		case code == "settle_window":
			o.Wait = distributions.WaitTicket
		case over:
			o.Wait = distributions.WaitSweeps
		default:
			o.Wait = distributions.WaitWindow
		}
		all = append(all, o)
	}
	return all
}

// decisionsIn are those that can end the doubt, the gentlest first; some of
// them only later.
func decisionsIn(s distribution.Status) []distribution.DecisionKind {
	switch s {
	case distribution.Unknown:
		return []distribution.DecisionKind{
			distribution.DecideLink, distribution.DecideTicket, distribution.DecideClose, distribution.DecideResend,
		}
	case distribution.NotFound:
		return []distribution.DecisionKind{distribution.DecideLink, distribution.DecideClose, distribution.DecideResend}
	case distribution.Mismatch:
		return []distribution.DecisionKind{distribution.DecideOurs, distribution.DecideNotOurs}
	case distribution.Draft, distribution.AwaitingApproval, distribution.Declined, distribution.Queued, distribution.Sending,
		distribution.Accepted, distribution.Processing, distribution.Paid, distribution.Failed, distribution.Returned,
		distribution.Refused, distribution.Cancelled, distribution.Abandoned:
	}
	return nil
}
