package plexytest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"plexydash/plexyclient"
)

const stateVersion = 1

// Distribution as the stand-in keeps it. Amounts are tiyn, times UTC.
type Distribution struct {
	ID             string                `json:"id"`
	OrderReference string                `json:"orderReference"`
	Amount         int64                 `json:"amountTiyn"`
	Currency       string                `json:"currency"`
	Status         string                `json:"status"`
	Recipient      plexyclient.Recipient `json:"recipient"`
	PaymentPurpose string                `json:"paymentPurpose"`
	FailureReason  string                `json:"failureReason,omitempty"`
	BalanceBefore  *int64                `json:"balanceBeforeTiyn,omitempty"`
	BalanceAfter   *int64                `json:"balanceAfterTiyn,omitempty"`
	CreatedAt      time.Time             `json:"createdAt,omitzero"`
	UpdatedAt      time.Time             `json:"updatedAt,omitzero"`
	PaidAt         time.Time             `json:"paidAt,omitzero"`
}

// Post is one POST to the create endpoint that reached the stand-in, whatever became of it.
type Post struct {
	At             time.Time   `json:"at"`
	Header         http.Header `json:"header"` // without Authorization
	Body           string      `json:"body"`
	OrderReference string      `json:"orderReference"` // empty when the body cannot be read
	Executed       bool        `json:"executed"`       // money was debited because of this POST, perhaps later
	DistributionID string      `json:"distributionId,omitempty"`
	Status         int         `json:"status"` // answered; 0 when no answer left
	Answer         string      `json:"answer,omitempty"`
}

// record is a distribution with what moves it on.
type record struct {
	Distribution
	Automatic bool `json:"automatic"` // follows the steps
	NextStep  int  `json:"nextStep"`
	Debited   bool `json:"debited"`          // its amount is out of the balance
	Hidden    bool `json:"hidden,omitempty"` // the list leaves it out
}

// lateCreate is a POST that was not answered and is executed when due.
type lateCreate struct {
	Due  time.Time `json:"due"`
	Post int       `json:"post"` // index in Posts
}

type state struct {
	Version       int          `json:"version"`
	Balance       int64        `json:"balanceTiyn"`
	BalanceAt     time.Time    `json:"balanceAt"`
	Distributions []*record    `json:"distributions"` // in the order of arrival
	Late          []lateCreate `json:"late"`
	Posts         []*Post      `json:"posts"`
}

// advance brings the state to the present and returns it: everything timed is worked out from the clock when somebody looks,
// so it needs no goroutine and survives a restart.
func (s *Server) advance() time.Time {
	now := s.opt.Now().UTC()
	s.executeLate(now)
	for _, r := range s.state.Distributions {
		for _, step := range s.dueSteps(r, now) {
			s.setStatus(r, step.Status, r.CreatedAt.Add(step.After))
			r.NextStep++
		}
	}
	return now
}

func (s *Server) executeLate(now time.Time) {
	slices.SortStableFunc(s.state.Late, func(a, b lateCreate) int { return a.Due.Compare(b.Due) })
	for len(s.state.Late) > 0 && !s.state.Late[0].Due.After(now) {
		late := s.state.Late[0]
		s.state.Late = s.state.Late[1:]
		s.dirty = true
		s.create(s.state.Posts[late.Post], late.Due)
	}
}

func (s *Server) dueSteps(r *record, now time.Time) []Step {
	if !r.Automatic {
		return nil
	}
	steps := s.opt.Steps
	if r.Amount == MagicFail {
		if len(steps) == 0 {
			steps = defaultSteps()
		}
		steps = slices.Clone(steps)
		steps[len(steps)-1].Status = "failed"
	}
	from := min(r.NextStep, len(steps))
	to := from
	for to < len(steps) && !r.CreatedAt.Add(steps[to].After).After(now) {
		to++
	}
	return steps[from:to]
}

// setStatus moves the money too: back when the word means that it did not arrive, out again otherwise.
func (s *Server) setStatus(r *record, word string, at time.Time) {
	r.Status, r.UpdatedAt, r.FailureReason = word, at, ""
	if isOneOf(word, "paid", "success", "succeeded", "completed", "executed", "settled") {
		r.PaidAt = at
	}
	back := returnsMoney(word)
	if back {
		r.FailureReason = "Счёт получателя закрыт"
	}
	if back == r.Debited {
		s.debit(r, !back, at)
	}
	s.dirty = true
}

// debit takes the amount out of the balance, or puts it back when out is false.
func (s *Server) debit(r *record, out bool, at time.Time) {
	change := r.Amount
	if out {
		change = -change
	}
	s.state.Balance += change
	s.state.BalanceAt = at
	r.Debited = out
	s.dirty = true
}

// execute debits and adds a distribution whose request is valid and affordable.
func (s *Server) execute(d Distribution, at time.Time) *record {
	before := s.state.Balance
	after := before - d.Amount
	d.ID = newID()
	d.Status = "created"
	d.BalanceBefore, d.BalanceAfter = &before, &after
	d.CreatedAt, d.UpdatedAt = at, at
	r := &record{Distribution: d, Automatic: true}
	s.debit(r, true, at)
	s.state.Distributions = append(s.state.Distributions, r)
	return r
}

func (s *Server) find(match func(*record) bool) *record {
	if i := slices.IndexFunc(s.state.Distributions, match); i >= 0 {
		return s.state.Distributions[i]
	}
	return nil
}

func returnsMoney(word string) bool {
	return isOneOf(word, "failed", "rejected", "declined", "error", "cancelled", "canceled", "reversed", "returned", "refunded")
}

func isOneOf(word string, words ...string) bool { return slices.Contains(words, strings.ToLower(word)) }

// newID is a random UUID (RFC 9562 version 4), as Plexy's ids are.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
