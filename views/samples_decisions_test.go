package views_test

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/proposals"
	"plexydash/views/unknown"
)

// doubt is one with evidence of every kind, seen by somebody who may propose.
func doubt() *distributions.Doubt {
	before, after := distribution.Amount(511_050_000), distribution.Amount(386_050_000)
	fits, other := in(distribution.Paid), in(distribution.Accepted)
	fits.OrderReference, fits.PlexyID, other.OrderReference = "SETTLE-1", "plx-7", "SETTLE-2"
	seen := func(reference string, age time.Duration) distribution.Control {
		return distribution.Control{Reference: reference, At: now().Add(-age)}
	}
	older, newer := seen("DIST-S2GSAQ", 3*time.Hour), seen("DIST-B7SDMH", time.Hour)
	sweep := func(n int, v distribution.SweepVerdict, why string, inTime bool, older, newer distribution.Control) distributions.Sweep {
		return distributions.Sweep{
			N: n, StartedAt: now().Add(time.Duration(n-8) * time.Hour), Pages: 13, Items: 1284, Verdict: v, Why: why, AfterWindow: inTime, Older: older, Newer: newer,
		}
	}
	failed := sweep(2, distribution.SweepInconclusive, distribution.SweepNoEnd, false, older, distribution.Control{})
	failed.Error = "server_error"
	attempt := distributions.Attempt{N: 1, Outcome: "unknown", Reason: "timeout", StartedAt: now().Add(-90 * time.Minute), EndedAt: now().Add(-89 * time.Minute)}
	return &distributions.Doubt{
		Attempts: []distributions.DoubtAttempt{
			{Attempt: attempt, Bytes: 1206, Answer: &distributions.Answer{At: now().Add(-89 * time.Minute), Status: 502, Body: "<html>bad gateway"}, BalanceBefore: &before, BalanceAfter: &after},
			{Attempt: attempt, BalanceBefore: &before, BalanceAfter: &before},
			{Attempt: attempt, BalanceBefore: &after, BalanceAfter: &before},
			{Attempt: attempt},
		},
		Sweeps: []distributions.Sweep{
			sweep(7, distribution.SweepMissed, "", true, older, newer),
			sweep(6, distribution.SweepMissed, "", false, older, newer),
			sweep(5, distribution.SweepInconclusive, distribution.SweepNoNewer, true, older, distribution.Control{}),
			sweep(4, distribution.SweepInconclusive, distribution.SweepNoOlder, true, distribution.Control{}, newer),
			sweep(3, distribution.SweepInconclusive, distribution.SweepNoEnd, true, older, newer),
			failed,
			sweep(1, distribution.SweepFound, "", false, older, newer),
		},
		MoreSweeps: 4, Missing: 1, NothingNewer: true,
		Similar: []distributions.Similar{{D: fits, Linkable: true}, {D: other}},
		Offers: []distributions.Offer{
			{Kind: distribution.DecideLink},
			{Kind: distribution.DecideTicket, Wait: distributions.WaitTicket, From: now().Add(time.Hour)},
			{Kind: distribution.DecideClose, Wait: distributions.WaitWindow, From: now().Add(time.Hour)},
			{Kind: distribution.DecideResend, Wait: distributions.WaitSweeps, Have: 1},
		},
	}
}

func kinds() []distribution.DecisionKind {
	return []distribution.DecisionKind{
		distribution.DecideResend, distribution.DecideLink, distribution.DecideClose, distribution.DecideTicket, distribution.DecideOurs,
		distribution.DecideNotOurs, distribution.DecideOverride, distribution.DecideUnit, distribution.DecidePolicy,
	}
}

func decision(k distribution.DecisionKind, s distribution.DecisionStatus) distribution.Decision {
	dec := distribution.Decision{
		ID: string(k) + "-" + string(s), Kind: k, Subject: "0195a1c2", Reason: "Plexy ответил письмом: запроса не было", PlexyID: "plx-7", Ticket: "TT-4711", Status: s,
		ProposedBy: maker(), ProposedRole: distribution.Accountant, ProposedAt: now().Add(-20 * time.Minute),
	}
	if s != distribution.DecisionOpen {
		dec.SettledBy, dec.SettledAt, dec.SettledNote = distribution.Person{ID: "u2", Name: "Динара Мұратова"}, now(), "подождём до утра"
	}
	return dec
}

// card is an open proposal as somebody sees it who may settle it.
func card(k distribution.DecisionKind) proposals.Card {
	c := proposals.Card{Decision: decision(k, distribution.DecisionOpen), Now: now(), CanSettle: true}
	d := in(distribution.NotFound)
	switch {
	case k.AboutOne():
		c.D = &d
	case k == distribution.DecideUnit:
		spent := d.Amount * 100
		c.Stop = &proposals.Stop{At: now().Add(-time.Hour), D: &d, Spent: &spent}
	default:
		c.Changes = []proposals.Change{{Name: "Лимит на день", Was: "без лимита", Becomes: "1 000 000,00 ₸"}, {Name: "Согласования", Was: "не нужны", Becomes: "не нужны"}}
	}
	if k == distribution.DecideLink {
		row := in(distribution.Paid)
		row.OrderReference, row.PlexyCreatedAt = "SETTLE-1", now().Add(-time.Hour)
		c.Row = &row
	}
	return c
}

func proposalSamples() []sample {
	p := proposals.Props{Chrome: chrome(components.Fresh), Now: now()}
	for _, k := range kinds() {
		p.Open = append(p.Open, card(k))
	}
	p.Open[0].Stale = true
	p.Open[1].CanSettle, p.Open[1].WhyNot, p.Open[1].Own, p.Open[1].Row = false, "own_proposal", true, nil
	p.Open[2].Problem, p.Open[2].Refusal = "error.required", "   "
	for _, s := range []distribution.DecisionStatus{distribution.DecisionConfirmed, distribution.DecisionRefused, distribution.DecisionWithdrawn, distribution.DecisionVoid} {
		p.Settled = append(p.Settled, decision(distribution.DecideResend, s), decision(distribution.DecideUnit, s))
	}
	return []sample{
		{"proposals", proposals.Page(p), false},
		{"proposals-none", proposals.Page(proposals.Props{Chrome: chrome(components.Failed), Now: now()}), false},
	}
}

func resolutionSamples() []sample {
	var all []sample
	for _, k := range kinds()[:7] {
		p := distributions.ResolutionProps{Chrome: chrome(components.Fresh), D: in(distribution.NotFound), Kind: k, Similar: doubt().Similar[:1]}
		if k == distribution.DecideOurs {
			p.Mismatch = statusProps(distribution.Mismatch).Mismatch
		}
		if k == distribution.DecideOverride {
			p.Twin = &distributions.Ref{ID: "0195a1c3", Reference: "DIST-2", Status: distribution.Queued}
		}
		all = append(all, sample{"resolution-" + string(k), distributions.Resolution(p), false})
		p.ReasonProblem, p.TicketProblem, p.RowProblem, p.PlexyID, p.Reason = "resolution.too_long", "error.required", "refusal.no_such_row", "plx-9", "длинно"
		all = append(all, sample{"resolution-wrong-" + string(k), distributions.Resolution(p), false})
	}
	return all
}

func alarmKinds() []distribution.AlarmKind {
	return []distribution.AlarmKind{
		distribution.AlarmTwice, distribution.AlarmFoundLate, distribution.AlarmRegressed, distribution.AlarmVanished, distribution.AlarmOutside,
	}
}

func deskSamples() []sample {
	p := unknown.Props{Chrome: chrome(components.Fresh), Now: now(), MoreAlarms: 3, More: 21, LastSweep: now().Add(-9 * time.Hour)}
	ack := distributions.AcknowledgementProps{Chrome: chrome(components.Fresh), D: in(distribution.Paid)}
	loud := statusProps(distribution.Paid)
	loud.MayAcknowledge, loud.Decisions = true, []distribution.Decision{
		decision(distribution.DecideClose, distribution.DecisionRefused), decision(distribution.DecideResend, distribution.DecisionConfirmed),
	}
	for i, kind := range alarmKinds() {
		p.Alarms = append(p.Alarms, unknown.Alarm{Kind: kind, At: now().Add(-time.Hour), D: in(distribution.Paid), MayAcknowledge: i%2 == 0})
		a := distributions.Alarm{Kind: kind, At: now()}
		ack.Alarms = append(ack.Alarms, a)
		loud.Alarms = append(loud.Alarms, a, distributions.Alarm{Kind: kind, At: now(), Seen: "Айгерим Ким", SeenAt: now(), Note: "звонили в Plexy"})
	}
	proposed := decision(distribution.DecideClose, distribution.DecisionOpen)
	for _, d := range []unknown.Doubt{
		{D: in(distribution.Unknown), Until: now().Add(time.Hour), Next: now().Add(time.Minute), Looks: 3},
		{D: in(distribution.Unknown), Until: now().Add(-time.Hour), Looks: 31, Missing: 1},
		{D: in(distribution.NotFound), Until: now().Add(-time.Hour), Looks: 40, Missing: 2},
		{D: in(distribution.NotFound), Until: now().Add(-time.Hour), Missing: 2, Proposal: &proposed},
		{D: in(distribution.Mismatch)},
	} {
		d.Since, d.D.StatusReason = now().Add(-26*time.Hour), "timeout"
		p.Doubts = append(p.Doubts, d)
	}
	wrong := ack
	wrong.Problem = "error.required"
	sweeping := unknown.Props{Chrome: chrome(components.Never), Now: now(), Sweeping: true, Pages: 37}
	waiting := statusProps(distribution.NotFound)
	open := card(distribution.DecideResend)
	waiting.Proposal, waiting.Doubt.Offers = &open, nil
	waiting.Search.Sweeping, waiting.Search.NextSweep = false, now() // somebody asked for it
	quiet := distributions.DetailProps{Chrome: chrome(components.Fresh), Bank: kaspi(), Status: waiting}
	return []sample{
		{"unknown", unknown.Page(p), false},
		{"unknown-none", unknown.Page(unknown.Props{Chrome: chrome(components.Fresh), Now: now(), LastSweep: now()}), false},
		{"unknown-sweeping", unknown.Page(sweeping), false},
		{"acknowledgement", distributions.Acknowledgement(ack), false},
		{"acknowledgement-wrong", distributions.Acknowledgement(wrong), false},
		{"detail-loud", distributions.Detail(distributions.DetailProps{Chrome: chrome(components.Fresh), Status: loud, Bank: kaspi()}), false},
		{"detail-proposed", distributions.Detail(quiet), false},
	}
}
