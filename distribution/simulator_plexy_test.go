package distribution

import (
	"slices"
	"strconv"
	"time"
)

// plexyModel is Plexy: its books, and its answers to a POST.
type plexyModel struct {
	l      *life
	dedups bool        // it executes a reference once
	rows   []*plexyRow // with our reference, or of our POSTs
	others []*plexyRow // drawn when the list is first read
	list   listModel
	lied   bool // it refused what it executed; nobody makes a copy then
}

// plexyRow is one payment in Plexy's books. at may lie ahead: it is under way.
type plexyRow struct {
	id, reference string
	amount        Amount
	iban          string
	ours          bool // our POST made it
	at            time.Time
	shown         time.Time // in the list, and to a read by id, from then on
	words         []string  // what it says of it, one after another
	each          time.Duration
	place         uint64 // in a list without an order
}

func newPlexy(l *life) *plexyModel {
	p := &plexyModel{l: l, dedups: l.chance(300), list: newList(l)}
	if l.chance(5) {
		l.note("somebody uses our reference at Plexy")
		foreign := p.add(l.row.OrderReference, l.row.Amount, l.now.Add(l.upTo(12*time.Hour)-time.Hour))
		foreign.ours = false
		foreign.pays(l.row.Amount + 1)
	}
	return p
}

// traffic is the payments of others, the controls of sweeps. Some accounts are
// new and some are quiet, until the storm is over.
func (p *plexyModel) traffic() []*plexyRow {
	l := p.l
	var rows []*plexyRow
	young, quiet := l.chance(50), l.chance(50)
	every := time.Hour + l.upTo(40*time.Hour)
	calm, end := l.born.Add(storm), l.born.Add(horizon)
	for at := l.born.Add(-5 * 24 * time.Hour); at.Before(end); at = at.Add(l.upTo(2*every) + time.Minute) {
		early := at.Before(l.born)
		if young && early || quiet && !early && at.Before(calm) {
			continue
		}
		if at.After(calm) {
			every = 4 * 24 * time.Hour
		}
		r := &plexyRow{id: "OTHER-" + strconv.Itoa(len(rows)), iban: "KZ47856TEST000000001", amount: 77, at: at, words: []string{"paid"}, each: time.Hour}
		r.reference = r.id
		switch {
		case early && at.Before(l.born.Add(-2*time.Hour)) && l.chance(200): // the same payment, the time before
			r.amount, r.iban = l.row.Amount, l.row.Recipient.IBAN.String()
		case l.chance(100): // the same amount to somebody else
			r.amount = l.row.Amount
		}
		r.shown, r.place = at.Add(l.upTo(lag)), l.rng.Uint64()
		rows = append(rows, r)
	}
	return rows
}

// add writes a payment into the books.
func (p *plexyModel) add(reference string, amount Amount, at time.Time) *plexyRow {
	r := &plexyRow{
		id: "P-" + strconv.Itoa(len(p.rows)+1), reference: reference, amount: amount, iban: p.l.row.Recipient.IBAN.String(),
		ours: true, at: at, shown: at.Add(p.l.upTo(lag)), words: p.l.words(), each: time.Hour + p.l.upTo(12*time.Hour),
		place: p.l.rng.Uint64(),
	}
	p.rows = append(p.rows, r)
	return r
}

// pays makes it something else than was asked: in amount or in account.
func (r *plexyRow) pays(amount Amount) {
	if r.place%2 == 0 {
		r.amount = amount
	} else {
		r.iban = "KZ47856TEST000000001"
	}
}

// words is the life of a payment at Plexy, with its steps back.
func (l *life) words() []string {
	switch n := l.rng.IntN(100); {
	case n < 70:
		return []string{"created", "processing", "paid"}
	case n < 80:
		return []string{"created", "DISTRIBUTION_STATUS_FAILED"}
	case n < 85:
		return []string{"created", "frozen", "paid"}
	case n < 90:
		return []string{"created", "processing", "paid", "returned"}
	}
	l.note("Plexy takes steps back")
	known := []string{"created", "processing", "paid", "failed", "returned"}
	var words []string
	for range 2 + l.rng.IntN(4) {
		words = append(words, known[l.rng.IntN(len(known))])
	}
	return words
}

// word is what Plexy says of it now.
func (r *plexyRow) word(now time.Time) string {
	n := int(now.Sub(r.at) / r.each)
	return r.words[min(max(n, 0), len(r.words)-1)]
}

// status is where it ends. The rules are not asked: this is what they must find out.
func (r *plexyRow) status() Status {
	return map[string]Status{
		"created": Accepted, "processing": Processing, "paid": Paid, "failed": Failed, "DISTRIBUTION_STATUS_FAILED": Failed, "returned": Returned,
	}[r.words[len(r.words)-1]]
}

func (r *plexyRow) settles() time.Time { return r.at.Add(time.Duration(len(r.words)) * r.each) }

func (r *plexyRow) remote(now time.Time) Remote {
	return Remote{
		PlexyID: r.id, OrderReference: r.reference, Amount: r.amount, Currency: KZT,
		Recipient: RecipientText{IBAN: r.iban}, Word: r.word(now), CreatedAt: r.at, UpdatedAt: now,
	}
}

// made is the payments of our POSTs: the truth.
func (p *plexyModel) made() (made []*plexyRow) {
	for _, r := range p.rows {
		if r.ours {
			made = append(made, r)
		}
	}
	return made
}

// paysAsAsked reports that the row that ours was taken for pays what was asked.
func (p *plexyModel) paysAsAsked(d *Distribution) bool {
	return slices.ContainsFunc(p.rows, func(r *plexyRow) bool {
		return r.id == d.PlexyID && r.amount == d.Amount && r.iban == d.Recipient.IBAN.String()
	})
}

// stirs reports that something of ours is under way or has more to say.
func (p *plexyModel) stirs(now time.Time) bool {
	return slices.ContainsFunc(p.made(), func(r *plexyRow) bool { return now.Before(r.shown) || now.Before(r.settles()) })
}

// nextWord is when one of ours says the next; zero: never.
func (p *plexyModel) nextWord(now time.Time) (next time.Time) {
	for _, r := range p.made() {
		for n := range r.words {
			at := r.at.Add(time.Duration(n+1) * r.each)
			if at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}

// reply is the client's judgement of an answer, before ours.
type reply struct {
	outcome string // yes, differs, refused, not sent or lost
	code    string // of a lost one
	remote  Remote
}

func lost(code string) reply { return reply{outcome: "lost", code: code} }

// post is one POST: Plexy executes it or not, and its answer arrives or not.
func (p *plexyModel) post(d *Distribution) reply {
	l, now := p.l, p.l.now
	if l.strikes(l.rough) {
		return p.badPost(d)
	}
	if l.chance(20) {
		l.note("refused by Plexy's check")
		return reply{outcome: "refused"}
	}
	if p.knows(d.OrderReference) {
		return p.repeated()
	}
	r := p.add(d.OrderReference, d.Amount, now)
	return reply{outcome: "yes", remote: r.remote(now)}
}

func (p *plexyModel) knows(reference string) bool {
	return p.dedups && slices.ContainsFunc(p.rows, func(r *plexyRow) bool {
		return r.reference == reference && (r.ours || !r.at.After(p.l.now))
	})
}

// repeated is the no to a reference that Plexy has. Its words may be any.
func (p *plexyModel) repeated() reply {
	if p.l.chance(500) {
		p.l.note("refused: exists already")
		return lost("exists")
	}
	p.l.note("refused as a repetition, in other words")
	return reply{outcome: "refused"}
}

// badPost is a POST in the storm. One that Plexy holds back for longer than the
// settle window exists only at a Plexy that knows repetitions.
func (p *plexyModel) badPost(d *Distribution) reply {
	l := p.l
	execute := func(after time.Duration) *plexyRow {
		if p.knows(d.OrderReference) {
			return &plexyRow{}
		}
		return p.add(d.OrderReference, d.Amount, l.now.Add(after))
	}
	faults := []struct {
		name string
		do   func() reply
	}{
		{"no connection", func() reply { return reply{outcome: "not sent"} }},
		{"connection lost before the execution", func() reply { return lost("connection_lost") }},
		{"connection lost after the execution", func() reply { execute(0); return lost("connection_lost") }},
		{"5xx, not executed", func() reply { return lost("server_error") }},
		{"5xx, executed", func() reply { execute(0); return lost("server_error") }},
		{"no answer, never executed", func() reply { return lost("timeout") }},
		{"no answer, executed late", func() reply { execute(l.upTo(slowest)); return lost("timeout") }},
		{"throttled", func() reply { return lost("throttled") }},
		{"redirected", func() reply { return lost("redirect") }},
		{"truncated 201", func() reply { execute(0); return lost("bad_answer") }},
		{"executed, then refused: exists already", func() reply { execute(0); return lost("exists") }},
		{"refused though executed, and nobody copies it", func() reply {
			execute(0)
			p.lied = true
			return reply{outcome: "refused"}
		}},
		{"executed without our reference", func() reply { execute(0).reference = ""; return lost("timeout") }},
		{"executed with another amount or account", p.differing(d)},
		{"held back for days, executed at last", p.heldBack(d)},
	}
	f := faults[l.rng.IntN(len(faults))]
	l.note(f.name)
	return f.do()
}

func (p *plexyModel) differing(d *Distribution) func() reply {
	return func() reply {
		if p.knows(d.OrderReference) {
			return lost("exists")
		}
		r := p.add(d.OrderReference, d.Amount, p.l.now)
		r.pays(d.Amount * 100)
		return reply{outcome: "differs", remote: r.remote(p.l.now)}
	}
}

func (p *plexyModel) heldBack(d *Distribution) func() reply {
	return func() reply {
		if p.dedups && !p.knows(d.OrderReference) {
			p.add(d.OrderReference, d.Amount, p.l.now.Add(24*time.Hour+p.l.upTo(8*24*time.Hour)))
		}
		return lost("timeout")
	}
}
