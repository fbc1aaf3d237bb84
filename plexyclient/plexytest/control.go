package plexytest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Requests counts what reached each endpoint, refused requests included.
type Requests struct {
	Create, List, Detail, Balance int
	Other                         int // unknown paths and methods
}

func (n *Requests) count(e endpoint) {
	switch e {
	case list:
		n.List++
	case detail:
		n.Detail++
	case balance:
		n.Balance++
	}
}

// Requests returns the counters since the start of the process.
func (s *Server) Requests() Requests {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Add puts in distributions that were made elsewhere, and returns them as kept.
// It leaves the balance alone: say what it is with [Server.SetBalance].
// Empty fields are filled in: id, currency KZT, createdAt now. An empty status follows the
// steps from createdAt on; any other stays.
func (s *Server) Add(ds ...Distribution) ([]Distribution, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.advance()
	added := make([]*record, 0, len(ds))
	for _, d := range ds {
		added = append(added, s.add(d, now))
	}
	s.advance()
	kept := make([]Distribution, 0, len(added))
	for _, r := range added {
		kept = append(kept, r.Distribution)
	}
	return kept, s.save()
}

func (s *Server) add(d Distribution, now time.Time) *record {
	d.ID = cmp.Or(d.ID, newID())
	d.Currency = cmp.Or(d.Currency, "KZT")
	if d.CreatedAt.IsZero() {
		d.CreatedAt = now
	}
	if d.UpdatedAt.IsZero() {
		d.UpdatedAt = d.CreatedAt
	}
	r := &record{Distribution: d, Automatic: d.Status == ""}
	r.Status = cmp.Or(d.Status, "created")
	r.Debited = !returnsMoney(r.Status)
	s.state.Distributions = append(s.state.Distributions, r)
	s.dirty = true
	return r
}

// SetStatus gives a distribution any word as status and stops its automatic steps.
// A word like failed or returned brings the money back, leaving such a word takes it again.
func (s *Server) SetStatus(id, word string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.advance()
	r := s.find(func(r *record) bool { return r.ID == id })
	if r == nil {
		return fmt.Errorf("plexytest: no distribution %q", id)
	}
	r.Automatic = false
	s.setStatus(r, word, now)
	return s.save()
}

// Hide leaves a distribution out of the list, or shows it again; by its id it can
// be read all the same.
func (s *Server) Hide(id string, hidden bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.find(func(r *record) bool { return r.ID == id })
	if r == nil {
		return fmt.Errorf("plexytest: no distribution %q", id)
	}
	r.Hidden, s.dirty = hidden, true
	return s.save()
}

// Remove forgets a distribution, as if it had never been there. The log of POSTs
// keeps what it did.
func (s *Server) Remove(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.state.Distributions, func(r *record) bool { return r.ID == id })
	if i < 0 {
		return fmt.Errorf("plexytest: no distribution %q", id)
	}
	s.state.Distributions, s.dirty = slices.Delete(s.state.Distributions, i, i+1), true
	return s.save()
}

// SetBalance sets the balance in tiyn.
func (s *Server) SetBalance(tiyn int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.BalanceAt = s.advance()
	s.state.Balance = tiyn
	s.dirty = true
	return s.save()
}

// Balance is the balance in tiyn.
func (s *Server) Balance() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	return s.state.Balance
}

// Posts returns every POST to the create endpoint, oldest first.
func (s *Server) Posts() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	posts := make([]Post, 0, len(s.state.Posts))
	for _, p := range s.state.Posts {
		posts = append(posts, *p)
	}
	return posts
}

// Executed is how many times a reference was paid because of a POST. More than 1 is a double payment.
func (s *Server) Executed(ref string) int {
	n := 0
	for _, p := range s.Posts() {
		if p.Executed && p.OrderReference == ref {
			n++
		}
	}
	return n
}

// Distributions returns all distributions in the order of their arrival, made elsewhere or by POST.
func (s *Server) Distributions() []Distribution {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance()
	ds := make([]Distribution, 0, len(s.state.Distributions))
	for _, r := range s.state.Distributions {
		ds = append(ds, r.Distribution)
	}
	return ds
}

// Count is the number of distributions, made elsewhere or by POST.
func (s *Server) Count() int { return len(s.Distributions()) }
