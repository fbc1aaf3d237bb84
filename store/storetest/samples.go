package storetest

import (
	"crypto/sha256"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

// Example is the distribution of Plexy's own documentation.
func Example(t testing.TB) distribution.Content {
	t.Helper()
	return parse(t, ExampleForm())
}

// ExampleForm is the same as a person types it.
func ExampleForm() distribution.Form {
	return distribution.Form{
		OrderReference: "DIST-100001", Amount: "150 000,00", Currency: "KZT",
		Name: "TOO Credit Partner", BIN: "123456789012", IBAN: "KZ86 125K ZT50 0410 0100", BIC: "KCJBKZKX", KBe: "17", KNP: "119",
		Purpose: "Распределение средств по договору 123",
	}
}

func parse(t testing.TB, f distribution.Form) distribution.Content {
	t.Helper()
	c, errs := f.Parse()
	require.Empty(t, errs)
	return c
}

// Filled is a form as by typed it, ready for Create: the example with a
// reference and a purpose of its own, so that many do not meet as twins, and
// then what type changes.
func Filled(t testing.TB, fill ...func(*distribution.Form)) store.NewDraft {
	t.Helper()
	f := ExampleForm()
	f.OrderReference = store.NewReference()
	f.Purpose += " " + f.OrderReference
	for _, change := range fill {
		change(&f)
	}
	return store.NewDraft{FormToken: store.NewID(), Content: parse(t, f)}
}

// Draft is made by the accountant by from Filled.
func Draft(t testing.TB, db *store.DB, by distribution.Actor, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	d, err := db.Create(t.Context(), by, Filled(t, fill...))
	require.NoError(t, err)
	return d
}

// Awaiting is a Draft submitted under a policy that asks for one approval.
func Awaiting(t testing.TB, db *store.DB, by distribution.Actor, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	return submit(t, db, by, OneApproval(), fill...)
}

// Queued is a Draft submitted where nobody needs to approve.
func Queued(t testing.TB, db *store.DB, by distribution.Actor, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	return submit(t, db, by, distribution.Policy{}, fill...)
}

func submit(t testing.TB, db *store.DB, by distribution.Actor, p distribution.Policy, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	SetPolicy(t, db, p)
	d, err := db.Submit(t.Context(), by, Draft(t, db, by, fill...).ID)
	require.NoError(t, err)
	return d
}

// SetPolicy makes p the policy, if it is not already.
func SetPolicy(t testing.TB, db *store.DB, p distribution.Policy) {
	t.Helper()
	now, err := db.Policy(t.Context())
	require.NoError(t, err)
	if !reflect.DeepEqual(now, p) {
		require.NoError(t, db.SetPolicy(t.Context(), distribution.CLI("root"), p))
	}
}

// OneApproval asks for one approval of every amount.
func OneApproval() distribution.Policy {
	return distribution.Policy{Steps: []distribution.PolicyStep{{From: 1, Approvals: 1}}}
}

// Wire makes a body that shows what was sent, in no format of Plexy's.
func Wire(d *distribution.Distribution) (body, hash []byte, err error) {
	body = distribution.Canonical(d)
	sum := sha256.Sum256(body)
	return body, sum[:], nil
}

// Claim takes the next queued one, which must be there.
func Claim(t testing.TB, db *store.DB) *store.Claimed {
	t.Helper()
	c, err := db.Claim(t.Context(), distribution.System("sender"), Wire)
	require.NoError(t, err)
	require.NotNil(t, c, "nothing to claim")
	return c
}

// Sending is a Queued that was claimed. Nothing else may be queued before it.
func Sending(t testing.TB, db *store.DB, by distribution.Actor, fill ...func(*distribution.Form)) *store.Claimed {
	t.Helper()
	d := Queued(t, db, by, fill...)
	c := Claim(t, db)
	require.Equal(t, d.ID, c.Distribution.ID, "something else was queued before")
	return c
}

// Unknown is a Sending whose answer was lost.
func Unknown(t testing.TB, db *store.DB, by distribution.Actor, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	return Finish(t, db, Sending(t, db, by, fill...), store.OutcomeUnknown, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Lose("timeout", db.Now())
	})
}

// Accepted is a Sending to which Plexy said yes, under the id.
func Accepted(t testing.TB, db *store.DB, by distribution.Actor, plexyID string, fill ...func(*distribution.Form)) distribution.Distribution {
	t.Helper()
	c := Sending(t, db, by, fill...)
	return Finish(t, db, c, store.OutcomeOK, func(d *distribution.Distribution) (distribution.Event, error) {
		return d.Answer(Remote(d, plexyID, "created"))
	})
}

// Finish closes the attempt and reads the distribution again. A yes of Plexy has
// its answer kept first.
func Finish(t testing.TB, db *store.DB, c *store.Claimed, o store.Outcome,
	judge func(*distribution.Distribution) (distribution.Event, error),
) distribution.Distribution {
	t.Helper()
	if o == store.OutcomeOK || o == store.OutcomeDiffers {
		require.NoError(t, db.KeepAnswer(t.Context(), distribution.System("sender"), c.Attempt.ID, Answer("create", db.Now())))
	}
	require.NoError(t, db.Finish(t.Context(), distribution.System("sender"), c.Attempt.ID, o, "", judge))
	d, err := db.Distribution(t.Context(), c.Distribution.ID)
	require.NoError(t, err)
	return d
}

// Remote is what Plexy's list says of the same payment.
func Remote(d *distribution.Distribution, plexyID, word string) distribution.Remote {
	return distribution.Remote{
		PlexyID: plexyID, OrderReference: d.OrderReference, Amount: d.Amount, Currency: d.Currency,
		Recipient: d.RecipientText(), PaymentPurpose: d.PaymentPurpose, Word: word,
	}
}

// Answer is a raw answer to a call of the API: create, list, detail or balance.
func Answer(call string, at time.Time) store.RawAnswer {
	return store.RawAnswer{
		At: at, Call: call, Status: 200, Duration: 120 * time.Millisecond, ServerDate: at.Truncate(time.Second),
		Headers: map[string]string{"Content-Type": "application/json"}, Body: []byte(`{"call":"` + call + `"}`),
	}
}
