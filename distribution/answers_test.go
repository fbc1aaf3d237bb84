package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnswerKeepsWhatPlexyTold(t *testing.T) {
	d := standing(t, Sending)
	d.PlexyID, d.PlexyStatus = "", ""
	r := answered(d, "created")
	r.PlexyID, r.BalanceBefore, r.BalanceAfter = "P-9", tiyn(50_000_000), tiyn(35_000_000)
	r.CreatedAt, r.UpdatedAt = noon(), noon().Add(time.Second)
	e, err := d.Answer(r)
	require.NoError(t, err)
	assert.Equal(t, []any{"P-9", "created", Amount(50_000_000), Amount(35_000_000), r.CreatedAt, r.UpdatedAt},
		[]any{d.PlexyID, d.PlexyStatus, *d.BalanceBefore, *d.BalanceAfter, d.PlexyCreatedAt, d.PlexyUpdatedAt})
	assert.Equal(t, []any{"created", r.UpdatedAt}, []any{e.PlexyWord, e.PlexyAt})
}

func TestSilenceErasesNothing(t *testing.T) {
	d := standing(t, Accepted)
	d.BalanceBefore, d.BalanceAfter = tiyn(2), tiyn(1)
	d.PlexyCreatedAt, d.PlexyUpdatedAt = noon(), noon()
	e, changed, err := d.Observe(Remote{Word: "failed", ByID: true})
	require.NoError(t, err)
	require.True(t, changed)
	assert.Equal(t, []any{"P-1", Amount(2), Amount(1), noon(), noon()},
		[]any{d.PlexyID, *d.BalanceBefore, *d.BalanceAfter, d.PlexyCreatedAt, d.PlexyUpdatedAt})
	assert.Zero(t, e.PlexyAt)
}

func TestEventTakesTheCreationTimeWhenPlexyToldNoOther(t *testing.T) {
	d := standing(t, Sending)
	r := answered(d, "created")
	r.CreatedAt = noon()
	e, err := d.Answer(r)
	require.NoError(t, err)
	assert.Equal(t, noon(), e.PlexyAt)
	assert.Zero(t, d.PlexyUpdatedAt)
}

func TestDifferingAnswerKeepsWhatPlexyTold(t *testing.T) {
	d := standing(t, Sending)
	d.PlexyID = ""
	r := answered(d, "created")
	r.Amount++
	_, err := d.Differ(r)
	require.NoError(t, err)
	assert.Equal(t, []string{"P-1", "created"}, []string{d.PlexyID, d.PlexyStatus})
	assert.NotEqual(t, r.Amount, d.Amount, "what was asked stays as it was")
	assert.Equal(t, &Shown{r.Amount, KZT, r.Recipient.IBAN, r.Recipient.Name}, d.Shown)
}

// A no to a later attempt may be Plexy's word for "I have it already".
func TestOnlyTheFirstAttemptCanBeRefused(t *testing.T) {
	for attempt, want := range map[int]Status{1: Refused, 2: Unknown, 3: Unknown} {
		d := standing(t, Sending)
		d.Attempts = attempt
		_, err := d.Refuse("duplicate", noon())
		require.NoError(t, err)
		assert.Equal(t, want, d.Status)
		if want == Unknown {
			assert.Equal(t, "refused_later", d.StatusReason)
			assert.Equal(t, noon(), d.UnknownSince)
		}
	}
	d := standing(t, Queued)
	d.Attempts = 2
	_, err := d.Refuse("duplicate", noon())
	require.ErrorIs(t, err, ErrConflict)
}

func TestAttemptsAreCountedWhenSomethingWasSent(t *testing.T) {
	d := standing(t, Queued)
	d.Attempts = 0
	_, err := d.Claim()
	require.NoError(t, err)
	assert.Equal(t, 1, d.Attempts)
	assert.Zero(t, d.NextTryAt)

	_, err = d.NotSent(noon().Add(time.Second))
	require.NoError(t, err)
	assert.Equal(t, 0, d.Attempts)
	assert.Equal(t, noon().Add(time.Second), d.NextTryAt)

	_, err = d.Claim()
	require.NoError(t, err)
	_, err = d.Refuse("bad iban", noon())
	require.NoError(t, err)
	assert.Equal(t, Refused, d.Status, "still the first attempt")
}

func TestWithheldIsQueuedAgainAsIfNothingWas(t *testing.T) {
	d := standing(t, Queued)
	d.Attempts = 0
	_, err := d.Claim()
	require.NoError(t, err)
	e, err := d.Withhold("paused")
	require.NoError(t, err)
	assert.Equal(t, Event{Kind: EventNotSent, From: Sending, To: Queued, Reason: "paused"}, e)
	assert.Equal(t, []any{Queued, "paused", 0, time.Time{}}, []any{d.Status, d.StatusReason, d.Attempts, d.NextTryAt})
	_, err = d.Withhold("paused")
	assert.ErrorIs(t, err, ErrConflict, "it is not being sent")
}

func TestMismatchTakenAsOursFollowsPlexysWord(t *testing.T) {
	for word, want := range map[string]Status{
		"created": Accepted, "SENT": Processing, "paid": Paid, "error": Failed, "DISTRIBUTION_STATUS_RETURNED": Returned,
		"frozen": Accepted, "": Accepted,
	} {
		d := standing(t, Mismatch)
		d.PlexyStatus = word
		_, err := d.TakeAsOurs("checked by phone")
		require.NoError(t, err)
		assert.Equal(t, want, d.Status, word)
		assert.Zero(t, d.UnknownSince)
		assert.Equal(t, word, d.PlexyStatus)
	}
}

func TestDisownForgetsTheOtherPayment(t *testing.T) {
	d := standing(t, Mismatch)
	d.BalanceBefore, d.BalanceAfter = tiyn(2), tiyn(1)
	d.PlexyCreatedAt, d.PlexyUpdatedAt = noon(), noon()
	d.Shown = &Shown{Amount: 1}
	d.GoneAt = noon()
	_, err := d.Disown("other contract", noon())
	require.NoError(t, err)
	assert.Empty(t, d.PlexyID)
	assert.Empty(t, d.PlexyStatus)
	assert.Nil(t, d.BalanceBefore)
	assert.Nil(t, d.BalanceAfter)
	assert.Zero(t, d.PlexyCreatedAt)
	assert.Zero(t, d.PlexyUpdatedAt)
	assert.Nil(t, d.Shown)
	assert.Zero(t, d.GoneAt, "what Plexy no longer returns was not ours")
	assert.Equal(t, noon(), d.UnknownSince, "the settle window begins anew")
}

func TestImport(t *testing.T) {
	seen := RecipientText{Name: "X", BIN: "1", IBAN: "kz00", BIC: "?", KBe: "99", KNP: "-"}
	r := Remote{
		PlexyID: "P-7", OrderReference: "elsewhere", Amount: 5, Currency: "USD", Recipient: seen, PaymentPurpose: "x",
		Word: "failed", FailureReason: "account closed", CreatedAt: noon(), BalanceAfter: tiyn(1),
	}
	later := noon().Add(time.Hour)
	d, e := Import("id-7", r, later)
	assert.Equal(t, Distribution{
		ID: "id-7", Origin: FromPlexy, Status: Failed, StatusNote: "account closed", Seen: seen,
		Content: Content{OrderReference: "elsewhere", Amount: 5, Currency: "USD", PaymentPurpose: "x"},
		PlexyID: "P-7", PlexyStatus: "failed", BalanceAfter: tiyn(1), PlexyCreatedAt: noon(),
		CreatedAt: noon(), UpdatedAt: later,
	}, d)
	assert.Equal(t, Event{Kind: EventFound, To: Failed, Note: "account closed", PlexyAt: noon(), PlexyWord: "failed"}, e)
	assert.Equal(t, seen, d.RecipientText())

	d, _ = Import("id-8", Remote{Word: "frozen"}, later)
	assert.Equal(t, []any{Accepted, "frozen", later}, []any{d.Status, d.PlexyStatus, d.CreatedAt})
}

func TestMatches(t *testing.T) {
	d := standing(t, Unknown)
	for name, row := range map[string]struct {
		alter func(r *Remote)
		want  bool
	}{
		"the same":                 {func(*Remote) {}, true},
		"IBAN in fours, small":     {func(r *Remote) { r.Recipient.IBAN = "kz86 125k zt50 0410 0100" }, true},
		"other name":               {func(r *Remote) { r.Recipient.Name = "X" }, true},
		"one tiyn more":            {func(r *Remote) { r.Amount++ }, false},
		"a hundred times":          {func(r *Remote) { r.Amount *= 100 }, false},
		"other currency":           {func(r *Remote) { r.Currency = "USD" }, false},
		"other account":            {func(r *Remote) { r.Recipient.IBAN = "KZ47856TEST000000001" }, false},
		"an account without words": {func(r *Remote) { r.Recipient.IBAN = "" }, false},
	} {
		r := answered(d, "created")
		row.alter(&r)
		assert.Equal(t, row.want, d.Matches(r), name)
	}
}

func TestRecipientTextOfOurs(t *testing.T) {
	d := standing(t, Draft)
	d.Seen = RecipientText{Name: "not this"}
	assert.Equal(t, RecipientText{
		Name: "TOO Credit Partner", BIN: "123456789012", IBAN: "KZ86125KZT5004100100", BIC: "KCJBKZKX", KBe: "17", KNP: "119",
	}, d.RecipientText())
}
