package distribution

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sight is one thing that Plexy may say of a distribution standing in a state.
type sight struct {
	state Status
	tried bool // an attempt was made; a queued one is then a resent one
	word  string
	pays  string // "same", "other" or "unsaid"
	byID  bool
}

// lost reports that it is looked for: nobody knows, or it is to go out once more.
func (s sight) lost() bool {
	return s.state == Unknown || s.state == NotFound || s.state == Queued && s.tried
}

// closed reports that it counts as not sent.
func (s sight) closed() bool { return s.state == Refused || s.state == Abandoned }

// outcome is what Observe makes of it.
type outcome struct {
	kind EventKind // empty: nothing changed
	to   Status
	err  error
	code string
}

// wordsOfPlexy: nil is a word we do not know, or none.
func wordsOfPlexy() map[string]Status {
	return map[string]Status{
		"created": Accepted, "processing": Processing, "paid": Paid, "failed": Failed, "returned": Returned,
		"DISTRIBUTION_STATUS_ACCEPTED": Accepted, "DISTRIBUTION_STATUS_IN_PROGRESS": Processing,
		"DISTRIBUTION_STATUS_PAID": Paid, "DISTRIBUTION_STATUS_CANCELLED": Failed, "DISTRIBUTION_STATUS_REVERSED": Returned,
		"frozen": "", "": "",
	}
}

// rules is the specification of Observe. Exactly one fits every sight.
func rules() []struct {
	name string
	fits func(s sight) bool
	want func(s sight) outcome
} {
	in := func(s sight, set ...Status) bool { return slices.Contains(set, s.state) }
	word := func(s sight) Status { return wordsOfPlexy()[s.word] }
	asPlexySays := func(s sight) outcome {
		if word(s) == "" {
			return outcome{kind: EventFound, to: Accepted}
		}
		return outcome{kind: EventFound, to: word(s)}
	}
	becomes := func(o outcome) func(sight) outcome { return func(sight) outcome { return o } }
	noted := func(s sight) outcome {
		if s.word == "" {
			return outcome{}
		}
		return outcome{kind: EventNoted, to: s.state}
	}
	return []struct {
		name string
		fits func(s sight) bool
		want func(s sight) outcome
	}{
		{
			"a lost one is found, as Plexy says",
			func(s sight) bool { return s.lost() && s.pays == "same" }, asPlexySays,
		},
		{
			"a lost one is found but pays something else",
			func(s sight) bool { return s.lost() && s.pays == "other" && s.byID },
			becomes(outcome{kind: EventFoundDiffers, to: Mismatch}),
		},
		{
			"a closed one is found after all",
			func(s sight) bool { return s.closed() && s.pays == "same" }, asPlexySays,
		},
		{
			"a closed one is not the other payment",
			func(s sight) bool { return s.closed() && s.pays == "other" && s.byID },
			becomes(outcome{err: ErrConflict, code: "differs"}),
		},
		{
			"nothing is concluded while it is unsaid what the payment pays",
			func(s sight) bool { return (s.lost() || s.closed()) && s.pays == "unsaid" },
			becomes(outcome{err: ErrUnconfirmed}),
		},
		{
			"a list alone does not say that it pays something else",
			func(s sight) bool { return (s.lost() || s.closed()) && s.pays == "other" && !s.byID },
			becomes(outcome{err: ErrUnconfirmed}),
		},

		{
			"a word that moves nothing is kept",
			func(s sight) bool { return s.state.AtPlexy() && (word(s) == "" || word(s) == s.state) }, noted,
		},
		{
			"a list cannot move it",
			func(s sight) bool { return s.state.AtPlexy() && word(s) != "" && word(s) != s.state && !s.byID },
			becomes(outcome{err: ErrUnconfirmed}),
		},
		{
			"a read by id moves it",
			func(s sight) bool { return s.state.AtPlexy() && word(s) != "" && word(s) != s.state && s.byID },
			func(s sight) outcome { return outcome{kind: EventReported, to: word(s)} },
		},

		{
			"a mismatch is frozen",
			func(s sight) bool { return s.state == Mismatch }, noted,
		},
		{
			"what is not at Plexy does not listen, and a sending one waits for its own answer",
			func(s sight) bool {
				return in(s, Draft, AwaitingApproval, Declined, Sending, Cancelled) || s.state == Queued && !s.tried
			},
			becomes(outcome{}),
		},
	}
}

func TestObserve(t *testing.T) {
	met := map[string]int{}
	for _, s := range sights(t) {
		var fitting []string
		var want outcome
		for _, rule := range rules() {
			if rule.fits(s) {
				fitting = append(fitting, rule.name)
				want = rule.want(s)
			}
		}
		require.Len(t, fitting, 1, "%+v", s)
		met[fitting[0]]++
		check(t, s, want)
	}
	assert.Len(t, met, len(rules()), "a rule that nothing meets")
}

func sights(t *testing.T) []sight {
	t.Helper()
	var all []sight
	for _, state := range Statuses() {
		for word := range wordsOfPlexy() {
			for _, pays := range []string{"same", "other", "unsaid"} {
				tried := standing(t, state).Attempts > 0
				all = append(all, sight{state, tried, word, pays, true}, sight{state, tried, word, pays, false})
				if state == Queued {
					all = append(all, sight{state, true, word, pays, true}, sight{state, true, word, pays, false})
				}
			}
		}
	}
	return all
}

func check(t *testing.T, s sight, want outcome) {
	t.Helper()
	d := standing(t, s.state)
	if s.tried {
		d.Attempts = 1
	}
	d.PlexyStatus = "word before"
	before := *d
	r := answered(d, s.word)
	r.ByID = s.byID
	switch s.pays {
	case "other":
		r.Amount++
	case "unsaid":
		r.Recipient = RecipientText{}
	}

	e, changed, err := d.Observe(r)
	require.ErrorIs(t, err, want.err, "%+v", s)
	if want.code != "" {
		assert.Equal(t, want.code, codeOf(t, err))
	}
	assert.Equal(t, want.kind != "", changed, "%+v", s)
	if !changed {
		assert.Equal(t, before, *d, "%+v", s)
		assert.Zero(t, e, "%+v", s)
		return
	}
	assert.Equal(t, []any{want.kind, s.state, want.to, s.word}, []any{e.Kind, e.From, e.To, e.PlexyWord}, "%+v", s)
	assert.Equal(t, want.to, d.Status, "%+v", s)
	if s.word != "" {
		assert.Equal(t, s.word, d.PlexyStatus, "the raw word is kept")
	}
	assert.Equal(t, e.Kind == EventReported && Regression(s.state, want.to), e.Regression, "%+v", s)
	assert.Equal(t, e.Regression, d.Regressed)
	assert.Equal(t, before.Content, d.Content, "what was asked stays as it was")
}

func TestRegressionIsRememberedAfterTheNextStep(t *testing.T) {
	d := standing(t, Paid)
	for _, step := range []struct {
		word            string
		to              Status
		back, regressed bool
	}{
		{"returned", Returned, false, false},
		{"processing", Processing, true, true},
		{"paid", Paid, false, true},
	} {
		r := answered(d, step.word)
		r.ByID = true
		e, changed, err := d.Observe(r)
		require.NoError(t, err)
		require.True(t, changed)
		assert.Equal(t, []any{step.to, step.back, step.regressed}, []any{d.Status, e.Regression, d.Regressed})
	}
}

func TestListThatSpellsTheStateOtherwiseIsNoNews(t *testing.T) {
	d := standing(t, Paid)
	r := answered(d, "DISTRIBUTION_STATUS_PAID")
	_, changed, err := d.Observe(r)
	require.NoError(t, err)
	assert.False(t, changed)
	assert.Equal(t, "paid", d.PlexyStatus)

	r.ByID = true
	_, changed, err = d.Observe(r)
	require.NoError(t, err)
	assert.True(t, changed)
	assert.Equal(t, "DISTRIBUTION_STATUS_PAID", d.PlexyStatus)
}

func TestFoundEndsTheLookUp(t *testing.T) {
	d := standing(t, Unknown)
	r := answered(d, "failed")
	r.PlexyID, r.FailureReason = "P-2", "account closed"
	e, _, err := d.Observe(r)
	require.NoError(t, err)
	assert.Zero(t, d.UnknownSince)
	assert.Equal(t, "P-2", d.PlexyID)
	assert.Equal(t, []string{"", "account closed"}, []string{d.StatusReason, d.StatusNote})
	assert.Equal(t, "account closed", e.Note)
}

func TestFoundButDiffersSaysSo(t *testing.T) {
	d := standing(t, NotFound)
	r := answered(d, "paid")
	r.Currency, r.ByID = "USD", true
	e, _, err := d.Observe(r)
	require.NoError(t, err)
	assert.Equal(t, []string{"differs", "differs"}, []string{d.StatusReason, e.Reason})
}

func TestReportedFailureKeepsItsReason(t *testing.T) {
	d := standing(t, Processing)
	r := answered(d, "failed")
	r.ByID, r.FailureReason = true, "account closed"
	e, _, err := d.Observe(r)
	require.NoError(t, err)
	assert.Equal(t, []string{"account closed", "account closed"}, []string{d.StatusNote, e.Note})
}

// The list tells the word first; figures and the reason may come later.
func TestNewFactsAreNotedOnce(t *testing.T) {
	for name, tell := range map[string]func(r *Remote){
		"word":           func(r *Remote) { r.Word, r.ByID = "rejected", true },
		"id":             func(r *Remote) { r.PlexyID = "P-2" },
		"balance before": func(r *Remote) { r.BalanceBefore = tiyn(0) },
		"balance after":  func(r *Remote) { r.BalanceAfter = tiyn(0) },
		"reason":         func(r *Remote) { r.FailureReason = "account closed" },
	} {
		t.Run(name, func(t *testing.T) {
			d := standing(t, Failed)
			d.PlexyStatus, d.StatusNote = "failed", ""
			r := answered(d, "failed")
			r.UpdatedAt = noon().Add(time.Minute)
			before := *d
			_, changed, err := d.Observe(r)
			require.NoError(t, err)
			assert.False(t, changed, "only the clock is new")
			assert.Equal(t, before, *d)

			tell(&r)
			e, changed, err := d.Observe(r)
			require.NoError(t, err)
			assert.True(t, changed)
			assert.Equal(t, []any{EventNoted, Failed, Failed, r.FailureReason}, []any{e.Kind, e.From, e.To, e.Note})
			assert.NotEqual(t, before, *d)

			_, changed, err = d.Observe(r)
			require.NoError(t, err)
			assert.False(t, changed, "told already")
		})
	}
}

func TestComparable(t *testing.T) {
	d := standing(t, Unknown)
	assert.True(t, answered(d, "").Comparable())
	for name, drop := range map[string]func(r *Remote){
		"amount":   func(r *Remote) { r.Amount = 0 },
		"currency": func(r *Remote) { r.Currency = "" },
		"account":  func(r *Remote) { r.Recipient.IBAN = "" },
	} {
		r := answered(d, "")
		drop(&r)
		assert.False(t, r.Comparable(), name)
	}
}
