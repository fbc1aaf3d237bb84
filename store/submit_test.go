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

func TestSubmitGoesWhereThePolicySays(t *testing.T) {
	w := newWorld(t)
	queued := storetest.Queued(t, w.DB, w.maker)
	assert.Equal(t, distribution.Queued, queued.Status)
	assert.Equal(t, w.Now(), queued.QueuedAt)
	assert.Equal(t, distribution.Hash(&queued), queued.SubmittedHash)

	awaiting := storetest.Awaiting(t, w.DB, w.maker)
	assert.Equal(t, distribution.AwaitingApproval, awaiting.Status)
	assert.Zero(t, awaiting.QueuedAt)
}

func TestSubmitIsForTheMaker(t *testing.T) {
	w := newWorld(t)
	colleague := storetest.User(t, w.DB, distribution.Accountant)
	for _, id := range []string{storetest.Draft(t, w.DB, w.maker).ID, storetest.Queued(t, w.DB, w.maker).ID} {
		for _, by := range []distribution.Actor{colleague, w.manager} {
			state := w.dump(t)
			_, err := w.Submit(t.Context(), by, id)
			require.ErrorIs(t, err, distribution.ErrForbidden)
			assert.Equal(t, state, w.dump(t))
		}
	}
	_, err := w.Submit(t.Context(), w.maker, "nowhere")
	require.ErrorIs(t, err, distribution.ErrNotFound)
}

// Pressing again is no error, wherever the distribution has gone meanwhile.
func TestSubmitPressedAgainChangesNothing(t *testing.T) {
	for name, made := range map[string]func(*testing.T, *world) string{
		"awaiting": func(t *testing.T, w *world) string { return storetest.Awaiting(t, w.DB, w.maker).ID },
		"queued":   func(t *testing.T, w *world) string { return storetest.Queued(t, w.DB, w.maker).ID },
		"queued for almost a day": func(t *testing.T, w *world) string {
			id := storetest.Queued(t, w.DB, w.maker).ID
			w.clock.Advance(24*time.Hour - time.Microsecond)
			return id
		},
		"sending":  func(t *testing.T, w *world) string { return storetest.Sending(t, w.DB, w.maker).Distribution.ID },
		"unknown":  func(t *testing.T, w *world) string { return storetest.Unknown(t, w.DB, w.maker).ID },
		"accepted": func(t *testing.T, w *world) string { return storetest.Accepted(t, w.DB, w.maker, "P-1").ID },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := made(t, w)
			storetest.SetPolicy(t, w.DB, storetest.OneApproval())
			before, state := w.read(t, id), w.dump(t)
			again, err := w.Submit(t.Context(), w.maker, id)
			require.NoError(t, err)
			assert.Equal(t, before, again)
			assert.Equal(t, state, w.dump(t))
		})
	}
}

func TestWithdrawnOneIsSubmittedAnew(t *testing.T) {
	w := newWorld(t)
	id := storetest.Queued(t, w.DB, w.maker).ID
	_, err := w.Change(t.Context(), w.maker, id, func(d *distribution.Distribution) (distribution.Event, error) { return d.Withdraw(w.maker) })
	require.NoError(t, err)
	storetest.SetPolicy(t, w.DB, storetest.OneApproval())
	d, err := w.Submit(t.Context(), w.maker, id)
	require.NoError(t, err)
	assert.Equal(t, distribution.AwaitingApproval, d.Status)
}

// sameAs fills a form with the account, amount and purpose of another.
func sameAs(d distribution.Distribution) func(*distribution.Form) {
	return func(f *distribution.Form) { f.Amount, f.Purpose = d.Amount.String(), d.PaymentPurpose }
}

func TestTwinOfALiveOneIsRefused(t *testing.T) {
	for name, made := range map[string]func(*testing.T, *world) distribution.Distribution{
		"awaiting": func(t *testing.T, w *world) distribution.Distribution { return storetest.Awaiting(t, w.DB, w.maker) },
		"queued":   func(t *testing.T, w *world) distribution.Distribution { return storetest.Queued(t, w.DB, w.maker) },
		"sending": func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Sending(t, w.DB, w.maker).Distribution
		},
		"unknown": func(t *testing.T, w *world) distribution.Distribution { return storetest.Unknown(t, w.DB, w.maker) },
		"not found": func(t *testing.T, w *world) distribution.Distribution {
			return missed(t, w)
		},
		"mismatch": func(t *testing.T, w *world) distribution.Distribution {
			return differs(t, w)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first := made(t, w)
			colleague := storetest.User(t, w.DB, distribution.Accountant)
			twin := storetest.Draft(t, w.DB, colleague, sameAs(first))
			before, state := w.read(t, twin.ID), w.dump(t)

			got, err := w.Submit(t.Context(), colleague, twin.ID)

			assert.Equal(t, &store.TwinError{ID: first.ID}, err)
			require.ErrorIs(t, err, distribution.ErrConflict)
			assert.Equal(t, before, got)
			assert.Equal(t, state, w.dump(t))
		})
	}
}

// missed is a distribution that complete scans did not find.
func missed(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	d, err := w.Change(t.Context(), syncer(), storetest.Unknown(t, w.DB, w.maker).ID, (*distribution.Distribution).Miss)
	require.NoError(t, err)
	return d
}

func TestTwinMayGoWhenTheFirstIsSettledOrNotHandedOver(t *testing.T) {
	for name, made := range map[string]func(*testing.T, *world) distribution.Distribution{
		"draft": func(t *testing.T, w *world) distribution.Distribution { return storetest.Draft(t, w.DB, w.maker) },
		"cancelled": func(t *testing.T, w *world) distribution.Distribution {
			d, err := w.Change(t.Context(), w.maker, storetest.Queued(t, w.DB, w.maker).ID, cancel(w.maker, ""))
			require.NoError(t, err)
			return d
		},
		"failed": func(t *testing.T, w *world) distribution.Distribution {
			d := storetest.Accepted(t, w.DB, w.maker, "P-1")
			w.apply(t, "detail", storetest.Remote(&d, "P-1", "failed"))
			return d
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first := made(t, w)
			twin := storetest.Draft(t, w.DB, w.maker, sameAs(first))
			d, err := w.Submit(t.Context(), w.maker, twin.ID)
			require.NoError(t, err)
			assert.Equal(t, distribution.Queued, d.Status)
		})
	}
}

// What counts is the account, the amount, and the words of the purpose.
func TestTwinIsKnownByWhatItPays(t *testing.T) {
	for name, row := range map[string]struct {
		fill func(*distribution.Form)
		twin bool
	}{
		"other case, points and spaces": {func(f *distribution.Form) { f.Purpose = "  ОПЛАТА,по счёту №   7! " }, true},
		"other recipient's name":        {func(f *distribution.Form) { f.Name = "Another" }, true},
		"other amount":                  {func(f *distribution.Form) { f.Amount = "150 000,01" }, false},
		"other account":                 {func(f *distribution.Form) { f.IBAN = "KZ53601A861005417851" }, false},
		"other number in the purpose":   {func(f *distribution.Form) { f.Purpose = "оплата по счету 8" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			storetest.Queued(t, w.DB, w.maker, func(f *distribution.Form) { f.Purpose = "Оплата по счету № 7" })
			twin := storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.Purpose = "Оплата по счету № 7" }, row.fill)
			_, err := w.Submit(t.Context(), w.maker, twin.ID)
			if row.twin {
				require.ErrorAs(t, err, new(*store.TwinError))
			} else {
				require.NoError(t, err)
			}
		})
	}
}

func TestOneThatWaitedADayGoesAfterItsMakerPresses(t *testing.T) {
	w := newWorld(t)
	d := storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(24 * time.Hour)
	none, err := w.Claim(t.Context(), sender(), storetest.Wire)
	require.NoError(t, err)
	require.Nil(t, none, "it does not go by itself any more")

	_, err = w.Submit(t.Context(), storetest.User(t, w.DB, distribution.Accountant), d.ID)
	require.ErrorIs(t, err, distribution.ErrForbidden, "only its maker")

	released, err := w.Submit(t.Context(), w.maker, d.ID)
	require.NoError(t, err)
	assert.Equal(t, w.Now(), released.QueuedAt)
	assert.Equal(t, "released", w.event(t, d.ID).Note)
	assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID)
}

func TestMakerWhoLostTheRightReleasesNothing(t *testing.T) {
	w := newWorld(t)
	d := storetest.Queued(t, w.DB, w.maker)
	w.clock.Advance(25 * time.Hour)
	former := w.maker
	former.Role = distribution.Auditor
	_, err := w.Submit(t.Context(), former, d.ID)
	require.ErrorIs(t, err, distribution.ErrForbidden)
}
