package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestUncertainComesLongestInDoubtFirst(t *testing.T) {
	w := newWorld(t)
	empty, err := w.Uncertain(t.Context(), 10)
	require.NoError(t, err)
	assert.Empty(t, empty)

	first := storetest.Unknown(t, w.DB, w.maker)
	w.clock.Advance(time.Hour)
	c := storetest.Sending(t, w.DB, w.maker)
	differs := storetest.Finish(t, w.DB, c, store.OutcomeDiffers, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, "plexy-1", "created")
		r.Amount++
		return d.Differ(r)
	})
	w.clock.Advance(time.Hour)
	last := storetest.Unknown(t, w.DB, w.maker)
	storetest.Accepted(t, w.DB, w.maker, "plexy-2")

	all, err := w.Uncertain(t.Context(), 10)
	require.NoError(t, err)
	assert.Equal(t, []string{first.ID, differs.ID, last.ID}, ids(all))
	few, err := w.Uncertain(t.Context(), 2)
	require.NoError(t, err)
	assert.Len(t, few, 2)
	n, err := w.CountUncertain(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 3, n)
}

func ids(all []distribution.Distribution) (out []string) {
	for _, d := range all {
		out = append(out, d.ID)
	}
	return out
}

func TestSettledDecisionsComeLastFirst(t *testing.T) {
	w := newWorld(t)
	draft := storetest.Draft(t, w.DB, w.maker)
	propose := func() distribution.Decision {
		dec, err := w.Propose(t.Context(), w.maker, store.Proposal{Kind: distribution.DecideOverride, DistributionID: draft.ID, Reason: "две поставки"}, time.Hour)
		require.NoError(t, err)
		w.clock.Advance(time.Minute)
		return dec
	}
	withdrawn := propose()
	_, err := w.WithdrawProposal(t.Context(), w.maker, withdrawn.ID)
	require.NoError(t, err)
	refused := propose()
	_, err = w.RefuseProposal(t.Context(), w.manager, refused.ID, "поставка одна")
	require.NoError(t, err)
	open := propose()

	n, err := w.Notices(t.Context(), w.manager)
	require.NoError(t, err)
	assert.Equal(t, 1, n.Proposals, open.ID)
	settled, err := w.SettledDecisions(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, settled, 2)
	assert.Equal(t, []string{refused.ID, withdrawn.ID}, []string{settled[0].ID, settled[1].ID})
}

func TestLiveTwinIsOneUnderWay(t *testing.T) {
	w := newWorld(t)
	same := func(f *distribution.Form) { f.Purpose = "Оплата по договору 7" }
	draft := storetest.Draft(t, w.DB, w.maker, same)
	twin := func() string {
		id, err := w.LiveTwin(t.Context(), &draft)
		require.NoError(t, err)
		return id
	}
	storetest.Draft(t, w.DB, w.maker, same)
	assert.Empty(t, twin(), "a draft is not under way")
	queued := storetest.Queued(t, w.DB, w.maker, same)
	assert.Equal(t, queued.ID, twin())
}

// The span is an attempt from 12:01 to 12:02.
func TestBalanceAround(t *testing.T) {
	type reading struct {
		after  time.Duration // since 12:00
		amount distribution.Amount
	}
	const none = distribution.Amount(-1)
	for name, c := range map[string]struct {
		readings      []reading
		before, after distribution.Amount
	}{
		"never read":                  {nil, none, none},
		"only before":                 {[]reading{{0, 100}}, 100, none},
		"only after":                  {[]reading{{3 * time.Minute, 40}}, none, 40},
		"moved":                       {[]reading{{0, 100}, {3 * time.Minute, 40}}, 100, 40},
		"unchanged, checked again":    {[]reading{{0, 100}, {3 * time.Minute, 100}}, 100, 100},
		"read during the attempt too": {[]reading{{0, 100}, {90 * time.Second, 70}, {3 * time.Minute, 40}}, 100, 40},
		"the nearest ones count":      {[]reading{{0, 500}, {30 * time.Second, 100}, {3 * time.Minute, 40}, {4 * time.Minute, 7}}, 100, 40},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			start := w.Now()
			for _, r := range c.readings {
				w.clock.Advance(start.Add(r.after).Sub(w.Now()))
				require.NoError(t, w.KeepBalance(t.Context(), syncer(), store.Balance{Amount: r.amount, Currency: "KZT"}, storetest.Answer("balance", w.Now())))
			}
			before, after, err := w.BalanceAround(t.Context(), distribution.KZT, start.Add(time.Minute), start.Add(2*time.Minute))
			require.NoError(t, err)
			orNone := func(a *distribution.Amount) distribution.Amount {
				if a == nil {
					return none
				}
				return *a
			}
			assert.Equal(t, [2]distribution.Amount{c.before, c.after}, [2]distribution.Amount{orNone(before), orNone(after)})
		})
	}
}
