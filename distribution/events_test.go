package distribution

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// change is an event method, with the states it is allowed in and the state it
// leads to from there. In any other state it is a conflict.
type change struct {
	do   func(d *Distribution) (Event, error)
	kind EventKind
	to   states
}

type states map[Status]Status

func changes(t *testing.T) map[string]change {
	t.Helper()
	content := documentedContent(t)
	code := func(d *Distribution) string { return Code(d.SubmittedHash) }
	return map[string]change{
		"edit": {
			func(d *Distribution) (Event, error) { return d.Edit(maker(), content, nil, noon()) },
			EventEdited,
			states{Draft: Draft, Declined: Draft},
		},
		"submit, no approval asked": {
			func(d *Distribution) (Event, error) { return d.Submit(maker(), noApproval(), noon()) },
			EventSubmitted,
			states{Draft: Queued},
		},
		"submit, approval asked": {
			func(d *Distribution) (Event, error) { return d.Submit(maker(), oneApproval(), noon()) },
			EventSubmitted,
			states{Draft: AwaitingApproval},
		},
		"approve, the last one": {
			func(d *Distribution) (Event, error) { return d.Approve(boss(), oneApproval(), code(d), noon()) },
			EventApproved,
			states{AwaitingApproval: Queued},
		},
		"approve, more needed": {
			func(d *Distribution) (Event, error) { return d.Approve(boss(), twoApprovals(), code(d), noon()) },
			EventApproved,
			states{AwaitingApproval: AwaitingApproval},
		},
		"decline": {
			func(d *Distribution) (Event, error) { return d.Decline(boss(), oneApproval(), code(d), "no contract") },
			EventDeclined,
			states{AwaitingApproval: Declined},
		},
		"withdraw": {
			func(d *Distribution) (Event, error) { return d.Withdraw(maker()) },
			EventWithdrawn,
			states{AwaitingApproval: Draft, Queued: Draft},
		},
		"expire": {
			func(d *Distribution) (Event, error) { return d.Expire(noon().Add(ExpireAfter)) },
			EventExpired,
			states{AwaitingApproval: Draft},
		},
		"cancel, maker": {
			func(d *Distribution) (Event, error) { return d.Cancel(maker(), "not needed") },
			EventCancelled,
			states{Draft: Cancelled, AwaitingApproval: Cancelled, Declined: Cancelled, Queued: Cancelled},
		},
		"cancel, manager": {
			func(d *Distribution) (Event, error) { return d.Cancel(boss(), "not needed") },
			EventCancelled,
			states{Draft: Cancelled, AwaitingApproval: Cancelled, Declined: Cancelled, Queued: Cancelled},
		},
		"claim":  {func(d *Distribution) (Event, error) { return d.Claim() }, EventClaimed, states{Queued: Sending}},
		"bounce": {func(d *Distribution) (Event, error) { return d.Bounce("twin") }, EventBounced, states{Queued: Draft}},
		"hold":   {func(d *Distribution) (Event, error) { return d.Hold("paused") }, EventHeld, states{Queued: Queued}},
		"hold until": {
			func(d *Distribution) (Event, error) { return d.HoldUntil("limit", noon()) },
			EventHeld,
			states{Queued: Queued},
		},
		"release": {
			func(d *Distribution) (Event, error) { return d.Release(maker(), noon()) },
			EventHeld,
			states{Queued: Queued},
		},
		"answer": {
			func(d *Distribution) (Event, error) { return d.Answer(answered(d, "created")) },
			EventAnswered,
			states{Sending: Accepted},
		},
		"answer that differs": {
			func(d *Distribution) (Event, error) { return d.Differ(answered(d, "created")) },
			EventDiffered,
			states{Sending: Mismatch},
		},
		"refusal of attempt 1": {
			func(d *Distribution) (Event, error) { return d.Refuse("bad iban", noon()) },
			EventRefused,
			states{Sending: Refused},
		},
		"not sent": {func(d *Distribution) (Event, error) { return d.NotSent(noon()) }, EventNotSent, states{Sending: Queued}},
		"lose":     {func(d *Distribution) (Event, error) { return d.Lose("timeout", noon()) }, EventLost, states{Sending: Unknown}},
		"doubt": {
			func(d *Distribution) (Event, error) { return d.Doubt("restored", noon()) },
			EventDoubted,
			states{Queued: Unknown, NotFound: Unknown, Unknown: Unknown},
		},
		"miss": {func(d *Distribution) (Event, error) { return d.Miss() }, EventMissed, states{Unknown: NotFound}},
		"miss by ticket": {
			func(d *Distribution) (Event, error) { return d.MissByTicket("ticket 7") },
			EventMissed,
			states{Unknown: NotFound},
		},
		"link": {
			func(d *Distribution) (Event, error) { return d.Link(answered(d, "paid"), "seen at Plexy") },
			EventLinked,
			states{Unknown: Paid, NotFound: Paid},
		},
		"override": {
			func(d *Distribution) (Event, error) { return d.Override(1, "a second delivery") },
			EventOverridden,
			states{Draft: Draft},
		},
		"resend": {func(d *Distribution) (Event, error) { return d.Resend("ticket 7", noon()) }, EventResent, states{NotFound: Queued}},
		"abandon": {
			func(d *Distribution) (Event, error) { return d.Abandon("ticket 17") },
			EventAbandoned,
			states{NotFound: Abandoned},
		},
		"take as ours": {
			func(d *Distribution) (Event, error) { return d.TakeAsOurs("same contract") },
			EventOurs,
			states{Mismatch: Paid},
		},
		"not ours": {
			func(d *Distribution) (Event, error) { return d.Disown("another contract", noon()) },
			EventNotOurs,
			states{Mismatch: Unknown},
		},
	}
}

func TestEveryEventInEveryState(t *testing.T) {
	for name, change := range changes(t) {
		for _, from := range Statuses() {
			t.Run(name+"/"+string(from), func(t *testing.T) {
				d := standing(t, from)
				before := *d
				e, err := change.do(d)
				to, allowed := change.to[from]
				if !allowed {
					require.ErrorIs(t, err, ErrConflict)
					assert.Zero(t, e)
					assert.Equal(t, before, *d)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, to, d.Status)
				assert.Equal(t, []any{change.kind, from, to}, []any{e.Kind, e.From, e.To})
				assert.Equal(t, d.StatusReason, e.Reason)
				if e.Kind != EventOverridden { // whose reason is history's, not the draft's
					assert.Equal(t, d.StatusNote, e.Note)
				}
				assert.Equal(t, before.ID, d.ID)
				assert.Equal(t, before.OrderReference, d.OrderReference)
				assert.Equal(t, before.CreatedBy, d.CreatedBy)
			})
		}
	}
}

// One that was resent was sent before, and Plexy may have it: it is neither the
// maker's to change again nor cancelled before sending.
func TestEveryEventOnAResentOne(t *testing.T) {
	want := map[string]step{
		"claim":           {Queued, EventClaimed, Sending},
		"hold":            {Queued, EventHeld, Queued},
		"hold until":      {Queued, EventHeld, Queued},
		"release":         {Queued, EventHeld, Queued},
		"withdraw":        {Queued, EventWithdrawn, NotFound},
		"cancel, maker":   {Queued, EventWithdrawn, NotFound},
		"cancel, manager": {Queued, EventWithdrawn, NotFound},
		"bounce":          {Queued, EventBounced, NotFound},
		"doubt":           {Queued, EventDoubted, Unknown},
	}
	for name, change := range changes(t) {
		d := resent(t)
		before := *d
		e, err := change.do(d)
		if _, allowed := want[name]; !allowed {
			require.ErrorIs(t, err, ErrConflict, name)
			assert.Equal(t, before, *d, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, want[name], step{e.From, e.Kind, e.To}, name)
		assert.Equal(t, want[name].to, d.Status, name)
		if d.Status == NotFound {
			assert.Equal(t, before.SubmittedHash, d.SubmittedHash, "it may be resent once more as it is")
			assert.Equal(t, before.UnknownSince, d.UnknownSince)
			assert.Equal(t, 1, d.Attempts)
		}
	}
}

// The two tables above leave out no arrow except those of Plexy's words.
func TestEveryArrowHasAMethod(t *testing.T) {
	done := map[step]bool{}
	for _, change := range changes(t) {
		for from, to := range change.to {
			done[step{from, change.kind, to}] = true
		}
	}
	done[step{Queued, EventWithdrawn, NotFound}], done[step{Queued, EventBounced, NotFound}] = true, true // resent
	golden := readArrows(t)
	for s := range golden {
		if !slices.Contains([]EventKind{EventFound, EventFoundDiffers, EventReported, EventOurs, EventLinked}, s.event) {
			assert.True(t, done[s], "%v", s)
		}
	}
	for s := range done {
		assert.True(t, golden[s], "%v", s)
	}
}

func TestHoldUntilSaysWhenItsTurnIs(t *testing.T) {
	d := standing(t, Queued)
	_, err := d.HoldUntil("limit", noon().Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, noon().Add(time.Hour), d.NextTryAt)

	d = standing(t, Draft)
	_, err = d.HoldUntil("limit", noon().Add(time.Hour))
	require.ErrorIs(t, err, ErrConflict)
	assert.Equal(t, noon(), d.NextTryAt)
}

func TestHandingOverForgetsWhyItWaitedBefore(t *testing.T) {
	d := standing(t, Draft)
	d.NextTryAt = noon().Add(time.Hour)
	_, err := d.Submit(maker(), noApproval(), noon())
	require.NoError(t, err)
	assert.Zero(t, d.NextTryAt)
}

func TestMoreThanTheLimitIsNotHandedOver(t *testing.T) {
	p := Policy{LimitEach: documentedContent(t).Amount - 1}
	d := standing(t, Draft)
	before := *d
	_, err := d.Submit(maker(), p, noon())
	require.ErrorIs(t, err, ErrConflict)
	assert.Equal(t, "limit", codeOf(t, err))
	assert.Equal(t, before, *d)
}

func TestReleaseCountsTheWaitAnew(t *testing.T) {
	d := standing(t, Queued)
	d.QueuedAt = noon().Add(-25 * time.Hour)
	_, err := d.Release(maker(), noon())
	require.NoError(t, err)
	assert.Equal(t, noon(), d.QueuedAt)

	d.QueuedAt = time.Time{}
	_, err = d.Release(boss(), noon())
	require.ErrorIs(t, err, ErrForbidden, "only its maker")
	assert.Zero(t, d.QueuedAt)
}

func TestReasonsAreKeptWithTheState(t *testing.T) {
	for name, want := range map[string][2]string{
		"decline":              {"declined", "no contract"},
		"expire":               {"expired", ""},
		"cancel, manager":      {"", "not needed"},
		"bounce":               {"twin", ""},
		"release":              {"", "released"},
		"hold":                 {"paused", ""},
		"answer that differs":  {"differs", ""},
		"refusal of attempt 1": {"refused", "bad iban"},
		"not sent":             {"no_connection", ""},
		"lose":                 {"timeout", ""},
		"abandon":              {"", "ticket 17"},
		"take as ours":         {"", "same contract"},
		"not ours":             {"not_ours", "another contract"},
		"resend":               {"", "ticket 7"},
		"miss":                 {"", ""},
		"miss by ticket":       {"ticket", "ticket 7"},
		"link":                 {"", "seen at Plexy"},
		"hold until":           {"limit", ""},
		"answer":               {"", ""},
		"claim":                {"", ""},
	} {
		change := changes(t)[name]
		for from := range change.to {
			d := standing(t, from)
			_, err := change.do(d)
			require.NoError(t, err)
			assert.Equal(t, want, [2]string{d.StatusReason, d.StatusNote}, name)
		}
	}
}
