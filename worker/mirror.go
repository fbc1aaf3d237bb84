package worker

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

// mirror reads Plexy into the database, for the Syncer and the Reconciler.
type mirror struct {
	db    *store.DB
	plexy *plexyclient.Client
	unit  Unit
	clock *clock

	// One read and the writing of it at a time: an answer that was overtaken by a
	// newer one would look like a step back at Plexy.
	turn chan struct{}
	once oddities
}

func newMirror(c Config) *mirror {
	return &mirror{
		db: c.DB, plexy: c.Plexy, unit: c.Unit, clock: newClock(c), turn: make(chan struct{}, 1),
		once: oddities{log: c.Log, told: map[string]bool{}},
	}
}

var errOddRow = errors.New("it does not say in a known form which money goes where")

// begin waits for the turn; done gives it on.
func (m *mirror) begin(ctx context.Context) (done func(), err error) {
	select {
	case m.turn <- struct{}{}:
		return func() { <-m.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// page reads one page of the walk and applies it. place, if any, says where an
// import stands after it, and is committed together with the page.
func (m *mirror) page(ctx context.Context, w *walk, number int, place func(leaf) *store.Mark) (l leaf, err error) {
	done, err := m.begin(ctx)
	if err != nil {
		return l, err
	}
	defer done()
	p, err := m.plexy.List(ctx, number, w.size)
	m.clock.answered(p.Answer)
	if err != nil {
		return l, err
	}
	l = w.take(p)
	for _, row := range p.Odd {
		m.once.tell("row "+row.ID, "a row of Plexy's list cannot be read", errOddRow)
	}
	seen := store.Seen{Remotes: m.remotes(p.Items), Answer: rawAnswer("list", p.Answer, nil)}
	var mark *store.Mark
	if place != nil {
		mark = place(l)
	}
	l.applied, err = m.db.ApplyRemote(ctx, w.actor, seen, mark)
	w.changed += l.applied.New + l.applied.Changed
	return l, err
}

// remotes leaves out rows whose amount cannot be ours, and says so once.
func (m *mirror) remotes(items []plexyclient.Distribution) []distribution.Remote {
	all := make([]distribution.Remote, 0, len(items))
	for _, item := range items {
		r, err := m.unit.remote(item, false)
		if err != nil {
			m.once.tell(item.ID, "a row of Plexy's list is left out", err)
			continue
		}
		all = append(all, r)
	}
	return all
}

// byIDs reads distributions by their ids at Plexy and applies what it says; then,
// if not nil, is called after each with what came of it. An id on which Plexy
// fails does not keep the others from being read, unless three in a row fail:
// then it is not the id.
func (m *mirror) byIDs(ctx context.Context, by distribution.Actor, ids []string, then func(id string, err error) error) (changed int, err error) {
	const tooMany = 3
	failures := 0
	for _, id := range ids {
		n, err := m.byID(ctx, by, id)
		changed += n
		switch {
		case err == nil:
			failures = 0
		case !alone(err):
			return changed, err
		case missing(err) || odd(err):
		default:
			failures++
		}
		if failures == tooMany {
			return changed, err
		}
		if err != nil {
			m.once.tell(id, "cannot read a distribution by id", err)
		}
		if then == nil {
			continue
		}
		if err := then(id, err); err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// confirm reads by id what a page of the walk alone must not change.
func (m *mirror) confirm(ctx context.Context, w *walk, l leaf) error {
	changed, err := m.byIDs(ctx, w.actor, l.applied.Unconfirmed, nil)
	w.changed += changed
	return err
}

// alone reports that the failure may be about one distribution only.
func alone(err error) bool {
	if _, ok := errors.AsType[*plexyclient.DecodeError](err); ok {
		return true
	}
	e, ok := errors.AsType[*plexyclient.APIError](err)
	return missing(err) || odd(err) || ok && e.Status >= 500 && e.RetryAfter == 0
}

func odd(err error) bool {
	_, ok := errors.AsType[*oddAmountError](err)
	return ok
}

func missing(err error) bool {
	e, ok := errors.AsType[*plexyclient.APIError](err)
	return ok && e.Status == http.StatusNotFound
}

func (m *mirror) byID(ctx context.Context, by distribution.Actor, id string) (changed int, err error) {
	done, err := m.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	d, answer, err := m.plexy.Get(ctx, id)
	m.clock.answered(answer)
	if answer.Status != 0 { // whatever it said, the others come first next time
		if noteErr := m.db.ReadByID(ctx, id); noteErr != nil {
			return 0, errors.Join(err, noteErr)
		}
	}
	if err != nil {
		return 0, err
	}
	r, err := m.unit.remote(d, true)
	if err != nil {
		return 0, err
	}
	m.once.forget(id)
	out, err := m.db.ApplyRemote(ctx, by, store.Seen{
		Remotes: []distribution.Remote{r}, Answer: rawAnswer("detail", answer, nil),
	}, nil)
	return out.New + out.Changed, err
}

// balance reads the balance. Plexy's not telling it is no failure: the old
// figure stays, with its age.
func (m *mirror) balance(ctx context.Context, by distribution.Actor) error {
	done, err := m.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	const key = "balance"
	p, err := m.plexy.Balance(ctx)
	m.clock.answered(p.Answer)
	if untold(err) {
		m.once.tell(key, "Plexy does not tell the balance", err)
		return nil
	}
	if err != nil {
		return err
	}
	b, err := m.unit.balance(p)
	if err != nil {
		m.once.tell(key, "the balance cannot be kept", err)
		return nil
	}
	m.once.forget(key)
	return m.db.KeepBalance(ctx, by, b, rawAnswer("balance", p.Answer, nil))
}

func untold(err error) bool {
	_, unavailable := errors.AsType[*plexyclient.BalanceUnavailableError](err)
	_, unreadable := errors.AsType[*plexyclient.DecodeError](err)
	return unavailable || unreadable
}

// oddities tells the log once of what each read would tell it again.
type oddities struct {
	log  *slog.Logger
	mu   sync.Mutex
	told map[string]bool
}

func (o *oddities) tell(key, what string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.told[key] {
		o.told[key] = true
		o.log.Error(what, "key", key, "error", loggable(err))
	}
}

// forget makes the next time news again.
func (o *oddities) forget(key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.told, key)
}
