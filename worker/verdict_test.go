package worker

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"plexydash/plexyclient"
	"plexydash/store"
)

func api(status int) error { return &plexyclient.APIError{Status: status, Message: "words"} }

func TestLostCode(t *testing.T) {
	for _, row := range []struct {
		err     error
		lookNow bool
		want    string
	}{
		{&plexyclient.TransportError{}, false, "connection_lost"},
		{&plexyclient.DecodeError{}, true, "bad_answer"},
		{errors.New("the answer is larger than 1 MiB"), false, "bad_answer"},
		{api(409), true, "exists"},
		{api(422), true, "exists"},
		{api(301), false, "redirect"},
		{api(308), false, "redirect"},
		{api(429), false, "throttled"},
		{api(500), false, "server_error"},
		{api(599), false, "server_error"},
		{api(408), false, "other_answer"},
		{api(204), false, "other_answer"},
		{api(425), false, "other_answer"},
		{api(400), false, "other_answer"}, // not in Plexy's own form
	} {
		t.Run(fmt.Sprint(row.err), func(t *testing.T) {
			r := plexyclient.CreateResult{Err: row.err, LookNow: row.lookNow}
			assert.Equal(t, verdict{outcome: store.OutcomeUnknown, reason: row.want}, judge(r, Major, 1))
		})
	}
}

func TestJudge(t *testing.T) {
	odd := plexyclient.Distribution{ID: "p1", Amount: decimal(t, "0.001"), HasAmount: true}
	for name, row := range map[string]struct {
		r        plexyclient.CreateResult
		attempts int
		want     verdict
	}{
		"refused at first":         {plexyclient.CreateResult{Outcome: plexyclient.OutcomeRefused, Err: api(422)}, 1, verdict{outcome: store.OutcomeRefused, reason: "refused", note: "words"}},
		"refused later":            {plexyclient.CreateResult{Outcome: plexyclient.OutcomeRefused, Err: api(422)}, 2, verdict{outcome: store.OutcomeUnknown, reason: "refused_later"}},
		"not sent":                 {plexyclient.CreateResult{Outcome: plexyclient.OutcomeNotSent}, 1, verdict{outcome: store.OutcomeNotSent, reason: "no_connection"}},
		"differs by half a tiyn":   {plexyclient.CreateResult{Outcome: plexyclient.OutcomeDiffers, Distribution: odd}, 1, verdict{outcome: store.OutcomeUnknown, reason: "bad_answer"}},
		"the zero result is no ok": {plexyclient.CreateResult{}, 1, verdict{outcome: store.OutcomeUnknown, reason: "bad_answer"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, row.want, judge(row.r, Major, row.attempts)) })
	}
}

func TestFailureCode(t *testing.T) {
	for _, row := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("disk full"), ""},
		{context.Canceled, ""},
		{&plexyclient.TransportError{}, "unreachable"},
		{&plexyclient.DecodeError{}, "unreadable"},
		{api(401), "unauthorized"},
		{api(403), "unauthorized"},
		{api(429), "throttled"},
		{api(500), "server_error"},
		{api(503), "server_error"},
		{api(302), "unreadable"},
		{api(404), "unreadable"},
		{fmt.Errorf("wrapped: %w", api(401)), "unauthorized"},
	} {
		assert.Equal(t, row.want, failureCode(row.err), "%v", row.err)
	}
	assert.Equal(t, "internal", runError(errors.New("disk full")))
	assert.Empty(t, runError(nil))
}

func TestDoubled(t *testing.T) {
	var waits []time.Duration
	for n := range 9 {
		waits = append(waits, doubled(n, time.Second, time.Minute)/time.Second)
	}
	assert.Equal(t, []time.Duration{0, 1, 2, 4, 8, 16, 32, 60, 60}, waits)
	assert.Equal(t, 0*time.Second, doubled(-1, time.Second, time.Minute))
	assert.Equal(t, time.Minute, doubled(1_000_000, time.Second, time.Minute))
	assert.Equal(t, time.Second, doubled(1, time.Minute, time.Second))
}

func TestPace(t *testing.T) {
	const (
		ok, unknown, notSent = store.OutcomeOK, store.OutcomeUnknown, store.OutcomeNotSent
		s                    = time.Second
	)
	for name, row := range map[string]struct {
		outcomes []store.Outcome
		asked    time.Duration // Retry-After of the last one
		want     time.Duration
	}{
		"all is well":                       {[]store.Outcome{ok, ok}, 0, 0},
		"two unknown":                       {[]store.Outcome{unknown, unknown}, 0, 0},
		"three":                             {[]store.Outcome{unknown, unknown, unknown}, 0, 1 * s},
		"five":                              {[]store.Outcome{unknown, unknown, unknown, unknown, unknown}, 0, 4 * s},
		"a clear answer begins again":       {[]store.Outcome{unknown, unknown, unknown, ok, unknown}, 0, 0},
		"a refusal is a clear answer":       {[]store.Outcome{unknown, unknown, unknown, store.OutcomeRefused, unknown}, 0, 0},
		"a mismatch is a clear answer":      {[]store.Outcome{unknown, unknown, unknown, store.OutcomeDiffers, unknown}, 0, 0},
		"not sent":                          {[]store.Outcome{notSent}, 0, 1 * s},
		"not sent three times":              {[]store.Outcome{notSent, notSent, notSent}, 0, 4 * s},
		"something went through":            {[]store.Outcome{notSent, notSent, unknown, notSent}, 0, 1 * s},
		"Plexy asks for more":               {[]store.Outcome{unknown}, 90 * s, 90 * s},
		"Plexy asks for less than the wait": {[]store.Outcome{unknown, unknown, unknown, unknown}, 1 * s, 2 * s},
	} {
		t.Run(name, func(t *testing.T) {
			var p pace
			now := time.Unix(0, 0)
			for i, o := range row.outcomes {
				var asked time.Duration
				if i == len(row.outcomes)-1 {
					asked = row.asked
				}
				p.note(now, o, false, asked)
			}
			if row.want == 0 {
				assert.Zero(t, p.SendAfter)
				return
			}
			assert.Equal(t, row.want, p.SendAfter.Sub(now))
		})
	}
}
