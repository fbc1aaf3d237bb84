package distribution

// The people: what two of them together may do is asked of the rules each time.
// They follow the desk: first the rows that may be ours, then the evidence.

func crowd() []Actor {
	promoted := person("maker", Manager)
	return []Actor{maker(), promoted, colleague(), boss(), boss2(), auditor(), admin(), System("sender")}
}

func (l *life) somebody() Actor {
	all := crowd()
	return all[l.rng.IntN(len(all))]
}

func (l *life) people() {
	if l.decision != nil {
		l.confirm()
		return
	}
	switch d := l.row; {
	case d.Status == Draft:
		l.handOver()
	case d.Status == Queued:
		l.mind()
	case d.Status == Refused && !l.copied && !l.plexy.lied && l.looks > 3:
		l.note("a refused one is copied, corrected and paid")
		l.copied = true
	case d.Status == Unknown || d.Status == NotFound || d.Status == Mismatch:
		if kind := l.advised(); kind != "" {
			l.propose(kind)
		}
	}
}

// handOver submits again what came back, under another reference if that was why.
func (l *life) handOver() {
	c := l.row.Content
	if l.row.StatusReason == "reference" {
		c.OrderReference += "-NEW"
	}
	l.must(func(d *Distribution) (Event, error) { return d.Edit(maker(), c, nil, l.now) })
	l.must(func(d *Distribution) (Event, error) { return d.Submit(maker(), noApproval(), l.now) })
}

// mind looks after one in the queue.
func (l *life) mind() {
	switch {
	case l.row.Stale(l.now):
		l.note("its maker lets a stale one go")
		l.must(func(d *Distribution) (Event, error) { return d.Release(maker(), l.now) })
	case l.strikes(20):
		l.note("withdrawn from the queue")
		l.must(func(d *Distribution) (Event, error) { return d.Withdraw(maker()) })
	case l.strikes(10):
		l.note("cancelled in the queue")
		l.must(func(d *Distribution) (Event, error) { return d.Cancel(boss(), "not now") })
	}
}

// advised is what the desk leads people to; empty: wait.
func (l *life) advised() DecisionKind {
	d := l.row
	switch {
	case d.Status == Mismatch && l.plexy.isOurs(d.PlexyID):
		return DecideOurs
	case d.Status == Mismatch:
		return DecideNotOurs
	case len(l.similar()) > 0, len(l.mirror) > 0 && l.chance(300):
		return DecideLink
	case d.Status == Unknown && l.inconclusive() && !l.supportHasIt() && l.chance(300):
		return DecideTicket
	case d.Status == Unknown:
		return ""
	case d.Attempts > 3 || l.referenceTaken() || l.chance(250):
		return DecideClose
	case l.chance(500):
		return DecideResend
	}
	return ""
}

// inconclusive reports that sweeps can say nothing, as on a quiet account.
func (l *life) inconclusive() bool {
	n := len(l.sweeps)
	return n > 1 && l.sweeps[n-1].verdict == SweepInconclusive && l.sweeps[n-1].why != SweepNoEnd
}

func (p *plexyModel) isOurs(id string) bool {
	for _, r := range p.made() {
		if r.id == id {
			return true
		}
	}
	return false
}

// supportHasIt is what Plexy's people see in their books by now.
func (l *life) supportHasIt() bool {
	for _, r := range l.plexy.made() {
		if !r.at.After(l.now) {
			return true
		}
	}
	return false
}

// similar is the mirrored rows that may be ours under another reference.
func (l *life) similar() (ids []string) {
	for _, r := range l.plexy.rows {
		if m := l.mirror[r.id]; m != nil && l.row.Linkable(m.Remote()) {
			ids = append(ids, r.id)
		}
	}
	return ids
}

func (l *life) propose(kind DecisionKind) {
	by := l.somebody()
	dec := Decision{Kind: kind, Version: l.row.Version, Status: DecisionOpen, ProposedBy: by.Person, ProposedRole: by.Role, ProposedAt: l.now}
	if err := CanPropose(by, kind, l.row, l.row.Settled(l.now, l.window())); err != nil {
		l.note("a proposal is refused")
		return
	}
	if kind == DecideLink {
		row := l.picked()
		if row == nil {
			return
		}
		if !l.row.Linkable(row.Remote()) {
			l.note("a link with a wrong row is refused")
			return
		}
		dec.PlexyID = row.PlexyID
	}
	l.note("proposed: " + string(kind))
	l.decision = &dec
}

// picked is a row that people take for ours. They err, and the rules refuse what
// pays something else or stood at Plexy before.
func (l *life) picked() *Distribution {
	if n := len(l.plexy.others); n > 0 && l.chance(300) {
		return l.mirror[l.plexy.others[l.rng.IntN(n)].id]
	}
	if ids := l.similar(); len(ids) > 0 {
		return l.mirror[ids[0]]
	}
	return nil
}

func (l *life) confirm() {
	by, dec := l.somebody(), *l.decision
	switch {
	case CanSettle(by, dec, l.row) != nil:
		l.note("a settlement is refused")
		return
	case dec.Version != l.row.Version:
		l.note("a proposal is stale")
		l.decision = nil
		return
	case l.chance(100):
		l.note("the second person says no")
		l.decision = nil
		return
	}
	l.note("confirmed: " + string(dec.Kind))
	if by.ID == dec.ProposedBy.ID || by.ID == l.row.CreatedBy.ID {
		l.breaks("one person decided alone")
	}
	l.decision = nil
	l.carryOut(dec)
}

func (l *life) carryOut(dec Decision) {
	l.must(func(d *Distribution) (Event, error) {
		switch dec.Kind {
		case DecideResend:
			if l.policy == changesReference {
				d.OrderReference += "-2"
				d.SubmittedHash = Hash(d)
			}
			return d.Resend("not there", l.now)
		case DecideClose:
			return d.Abandon("not there")
		case DecideTicket:
			return d.MissByTicket("ticket 7")
		case DecideOurs:
			return d.TakeAsOurs("ours")
		case DecideNotOurs:
			l.disowned[d.PlexyID] = true
			return d.Disown("not ours", l.now)
		case DecideLink:
			return l.link(d, dec.PlexyID)
		case DecideOverride, DecideUnit, DecidePolicy, DecideHold:
		}
		panic("nobody proposed " + dec.Kind)
	})
}

func (l *life) link(d *Distribution, id string) (Event, error) {
	row := l.mirror[id]
	seen := row.Remote()
	if _, err := row.JoinTo(d.ID); err != nil {
		return Event{}, err
	}
	delete(l.mirror, id)
	return d.Link(seen, "seen at Plexy")
}
