package web_test

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// struggle is one maker and those who decide, all at once.
type struggle struct {
	*site
	maker  distribution.Actor
	others []distribution.Actor
	ids    []string
	roles  sync.RWMutex // nobody signs in while a role changes: that is refused
}

// as sends a request as somebody signed in anew: a change of role ends sessions.
func (s *struggle) as(who distribution.Actor, r request) *answer {
	s.roles.RLock()
	r.cookies = []*http.Cookie{s.signIn(who.ID)}
	s.roles.RUnlock()
	return s.do(r)
}

// approve decides on what is there now, one by one or several at once.
func (s *struggle) approve(who distribution.Actor, id string) {
	code := distribution.Code(s.distribution(id).SubmittedHash)
	if rand.IntN(2) == 0 {
		s.as(who, request{url: "/approvals", form: url.Values{"item": {id + " " + code}}})
		return
	}
	s.as(who, request{url: "/distributions/" + id + "/approval", form: url.Values{"code": {code}}})
}

// rework takes one back, changes what it pays and hands it over again.
func (s *struggle) rework(id string) {
	at := "/distributions/" + id
	s.as(s.maker, request{url: at + "/withdrawal", form: url.Values{}})
	form := s.as(s.maker, request{url: at + "/edit"})
	if form.Code != http.StatusOK {
		return // it went on meanwhile
	}
	v := filled(form.field("formToken"))
	v = with(with(v, "orderReference", ""), "paymentPurpose", "Оплата по договору "+store.NewReference())
	s.as(s.maker, request{url: at + "/edit", form: v})
	s.as(s.maker, request{url: at + "/submission", form: url.Values{}})
}

// promote makes the maker a manager, who then tries to approve their own.
func (s *struggle) promote(id string) {
	for _, role := range []distribution.Role{distribution.Manager, distribution.Accountant} {
		s.roles.Lock()
		_, err := s.db.SetRole(s.t.Context(), distribution.CLI("root"), s.maker.ID, role)
		s.roles.Unlock()
		assert.NoError(s.t, err)
		s.approve(s.maker, id)
	}
}

// send claims what may go, and holds it to what was approved.
func (s *struggle) send() {
	c, err := s.db.Claim(s.t.Context(), distribution.System("sender"), storetest.Wire)
	if !assert.NoError(s.t, err) || c == nil {
		return
	}
	d := c.Distribution
	approvers := map[string]bool{}
	for _, p := range d.ApprovedBy {
		approvers[p.ID] = true
	}
	assert.Len(s.t, approvers, 2, "two people, each once")
	assert.NotContains(s.t, approvers, s.maker.ID)
	assert.Equal(s.t, d.SubmittedHash, distribution.Hash(&d), "what was approved is what is sent")
}

// A hundred people and programs at once: the maker approves by every road and
// becomes a manager in between, peers and managers approve, what it pays changes,
// and the sender takes what it may.
func TestTheMakerNeverApprovesWhateverHappensAtOnce(t *testing.T) {
	quiet := func(d *deps) { d.handlers.Wake = func() {} }
	s := &struggle{site: newSite(t, quiet)}
	s.maker = s.person(distribution.Accountant)
	for _, role := range []distribution.Role{distribution.Accountant, distribution.Accountant, distribution.Manager, distribution.Manager} {
		s.others = append(s.others, s.person(role))
	}
	policy := distribution.Policy{Steps: []distribution.PolicyStep{{From: 1, Approvals: 2}}, Peers: true}
	storetest.SetPolicy(t, s.db, policy)
	for range 8 {
		d, err := s.db.Submit(t.Context(), s.maker, storetest.Draft(t, s.db, s.maker).ID)
		require.NoError(t, err)
		s.ids = append(s.ids, d.ID)
	}
	var all sync.WaitGroup
	for i := range 100 {
		id := s.ids[i%len(s.ids)]
		all.Go(func() {
			switch i % 5 {
			case 0:
				s.approve(s.maker, id)
			case 1:
				s.rework(id)
			case 2:
				s.send()
			case 3:
				s.approve(s.others[i%len(s.others)], id)
				s.approve(s.others[(i+1)%len(s.others)], id)
			case 4:
				if i%20 == 4 {
					s.promote(id)
				} else {
					s.approve(s.others[i%len(s.others)], id)
				}
			}
		})
	}
	all.Wait()
	for range s.ids {
		s.send()
	}
	approvals := s.query(s.raw(), "SELECT actor_id FROM distribution_events WHERE kind = 'approved'")
	assert.NotEmpty(t, approvals)
	assert.NotEmpty(t, s.query(s.raw(), "SELECT distribution_id FROM attempts"), "some were sent")
	assert.NotContains(t, approvals, s.maker.ID)
	for _, id := range s.ids {
		d := s.distribution(id)
		if d.Status == distribution.Queued || d.Status == distribution.Sending {
			assert.Len(t, d.ApprovedBy, 2)
		}
	}
}
