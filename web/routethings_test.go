package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func draftOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	return storetest.Draft(t, s.db, by).ID
}

func queuedOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	return storetest.Queued(t, s.db, by).ID
}

// awaitingOf waits for one approval, which only managers give.
func awaitingOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	id := storetest.Awaiting(t, s.db, by).ID
	storetest.SetPolicy(t, s.db, storetest.OneApproval())
	return id
}

func unknownOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	return storetest.Unknown(t, s.db, by).ID
}

func notFoundOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	d, err := s.db.Change(t.Context(), distribution.System("reconciler"), unknownOf(t, s, by), func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Miss()
	})
	require.NoError(t, err)
	return d.ID
}

// vanishedOf has an open alarm.
func vanishedOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	d := storetest.Accepted(t, s.db, by, store.NewID())
	_, err := s.db.Change(t.Context(), distribution.System("syncer"), d.ID, func(d *distribution.Distribution) (distribution.Event, error) {
		e, changed := d.Gone(s.clock.Now())
		require.True(t, changed)
		return e, nil
	})
	require.NoError(t, err)
	return d.ID
}

// proposalOf is the maker's own proposal to close one as not sent.
func proposalOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	return s.proposal(by, distribution.DecideClose, notFoundOf(t, s, by)).ID
}

func (s *site) proposal(by distribution.Actor, kind distribution.DecisionKind, id string) distribution.Decision {
	s.t.Helper()
	dec, err := s.db.Propose(s.t.Context(), by, store.Proposal{Kind: kind, DistributionID: id, Reason: "Plexy ответил письмом", Ticket: "TT-1"}, 24*time.Hour)
	require.NoError(s.t, err)
	return dec
}

// firstRecord of the log is there as soon as there are people.
func firstRecord(*testing.T, *site, distribution.Actor) string { return "0" }

func personOf(_ *testing.T, s *site, _ distribution.Actor) string {
	s.t.Helper()
	return s.person(distribution.Manager).ID
}

// sessionOf is another session of the person.
func sessionOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	s.cookieOf(by)
	before := s.sessionsOf(by)
	s.signIn(by.ID)
	for _, id := range s.sessionsOf(by) {
		if !slices.Contains(before, id) {
			return id
		}
	}
	require.Fail(t, "no session was opened")
	return ""
}

func (s *site) sessionsOf(by distribution.Actor) []string {
	s.t.Helper()
	open, err := s.db.SessionsOf(s.t.Context(), by.ID)
	require.NoError(s.t, err)
	var ids []string
	for _, o := range open {
		ids = append(ids, o.ID)
	}
	return ids
}

func formDraftOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	token := s.token(by)
	_, err := s.db.KeepFormDraft(t.Context(), by, store.FormDraft{Token: token, Fields: url.Values{"amount": {"1"}}})
	require.NoError(t, err)
	return token
}

// recipientOf is a new one of the book, which belongs to all accountants.
func recipientOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	d := storetest.Accepted(t, s.db, by, store.NewID(), func(f *distribution.Form) {
		f.BIN = fmt.Sprintf("%012d", 1+rand.Int64N(999_999_999_999))
	})
	r, err := s.db.RecipientOf(t.Context(), d.RecipientText().BIN, d.RecipientText().IBAN)
	require.NoError(t, err)
	return r.ID
}

func edited() url.Values {
	return url.Values{"seen": {"1"}, "recipient.name": {"TOO Credit Partner"}, "recipient.bic": {"ABCNKZKA"}, "recipient.kbe": {"17"}, "recipient.knp": {"859"}}
}

func exportOf(t *testing.T, s *site, by distribution.Actor) string {
	t.Helper()
	e, err := s.db.CreateExport(t.Context(), by, store.NewExport{Kind: store.ExportDistributions, Format: "csv", Dialect: "excel"})
	require.NoError(t, err)
	return e.ID
}
