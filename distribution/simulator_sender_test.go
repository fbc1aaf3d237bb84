package distribution

import "time"

// The sender as reliability demands it: claim, one POST, judgement, and a save
// that is insisted on. The worker turns answers into calls of Answer, Differ,
// Refuse, NotSent and Lose, and so does this model of it.

func (l *life) send() {
	d := l.row
	if d.Status != Queued || d.Stale(l.now) || d.NextTryAt.After(l.now) || l.bounced() {
		return
	}
	if l.strikes(l.rough / 10) {
		l.note("crash before the claim is written")
		return
	}
	l.must((*Distribution).Claim)
	l.open = true
	if l.firstAttempt.IsZero() {
		l.firstAttempt = l.now
	}
	switch {
	case l.strikes(l.rough / 10):
		l.note("claim fails though it is written")
		l.finish(func(d *Distribution) (Event, error) { return d.NotSent(l.now) })
		return
	case l.strikes(l.rough / 10):
		l.note("crash between claim and POST")
		l.restart()
		return
	}
	answer := l.plexy.post(l.row)
	for range 3 {
		if l.policy != retriesOn5xx || answer.code != "server_error" {
			break
		}
		answer = l.plexy.post(l.row)
	}
	if l.strikes(100) {
		l.note("list read while the attempt is open")
		l.look()
	}
	if l.strikes(l.rough / 5) {
		l.note("crash between answer and save")
		l.restart()
		return
	}
	l.save(answer)
}

// bounced is what a claim looks at again; it models the store's check of the
// policy and of references that Plexy shows.
func (l *life) bounced() bool {
	switch {
	case l.referenceTaken():
		l.note("claim refused: the reference is at Plexy")
		l.must(func(d *Distribution) (Event, error) { return d.Bounce("reference") })
		return true
	case l.strikes(10):
		l.note("claim refused: policy")
		l.must(func(d *Distribution) (Event, error) { return d.Bounce("policy") })
		return true
	case l.strikes(10), l.row.Attempts > 0 && l.chance(200):
		l.note("claim held: limit of the day")
		l.must(func(d *Distribution) (Event, error) { return d.HoldUntil("limit", l.now.Add(l.upTo(30*time.Hour))) })
		return true
	}
	return false
}

func (l *life) referenceTaken() bool {
	for id, r := range l.mirror {
		if r.OrderReference == l.row.OrderReference && !l.disowned[id] {
			return true
		}
	}
	return false
}

// save closes the attempt by its verdict, as often as it takes.
func (l *life) save(answer reply) {
	for l.strikes(l.rough / 5) {
		l.note("save fails and is tried again")
		l.now = l.now.Add(time.Second)
		if l.strikes(100) {
			l.note("crash while the save is tried again")
			l.restart()
			return
		}
	}
	l.finish(func(d *Distribution) (Event, error) { return l.judge(d, answer) })
	if l.strikes(l.rough / 5) {
		l.note("save fails though it is written")
		if l.open { // the second try looks whether the attempt is closed
			panic("the attempt is open after its save")
		}
	}
}

func (l *life) judge(d *Distribution, answer reply) (Event, error) {
	switch answer.outcome {
	case "yes":
		return d.Answer(answer.remote)
	case "differs":
		return d.Differ(answer.remote)
	case "refused":
		if l.policy == believesLaterNo {
			d.Attempts = 1
		}
		return d.Refuse("no", l.now)
	case "not sent":
		l.note("not sent, waits")
		return d.NotSent(l.now.Add(l.upTo(5 * time.Minute)))
	}
	return d.Lose(answer.code, l.now)
}

// finish closes the attempt in the transaction of its judgement.
func (l *life) finish(judge func(d *Distribution) (Event, error)) {
	l.must(judge)
	l.open, l.lastEnd = false, l.now
}

// restart is the next start of the program, which finds the attempt open.
func (l *life) restart() {
	l.now = l.now.Add(time.Minute)
	l.finish(func(d *Distribution) (Event, error) {
		if l.policy == startsOver {
			return d.NotSent(l.now)
		}
		return d.Lose("crash", l.now)
	})
}
