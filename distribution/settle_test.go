package distribution

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLinkable(t *testing.T) {
	d := standing(t, NotFound)
	for name, row := range map[string]struct {
		alter func(r *Remote)
		want  bool
	}{
		"another reference":               {func(*Remote) {}, true},
		"no reference":                    {func(r *Remote) { r.OrderReference = "" }, true},
		"IBAN in fours, small":            {func(r *Remote) { r.Recipient.IBAN = "kz86 125k zt50 0410 0100" }, true},
		"Plexy does not tell the account": {func(r *Remote) { r.Recipient.IBAN = "" }, true},
		"Plexy does not tell when":        {func(r *Remote) { r.CreatedAt = time.Time{} }, true},
		"a word that we do not know":      {func(r *Remote) { r.Word = "frozen" }, true},
		"Plexy's clock is slow":           {func(r *Remote) { r.CreatedAt = d.CreatedAt.Add(-time.Hour) }, true},
		"an earlier payment":              {func(r *Remote) { r.CreatedAt = d.CreatedAt.Add(-time.Hour - 1) }, false},
		"no id":                           {func(r *Remote) { r.PlexyID = "" }, false},
		"one tiyn more":                   {func(r *Remote) { r.Amount++ }, false},
		"a hundred times":                 {func(r *Remote) { r.Amount *= 100 }, false},
		"other currency":                  {func(r *Remote) { r.Currency = "USD" }, false},
		"other account":                   {func(r *Remote) { r.Recipient.IBAN = "KZ47856TEST000000001" }, false},
	} {
		r := answered(d, "paid")
		r.OrderReference, r.CreatedAt = "ELSEWHERE-1", noon().Add(time.Minute)
		row.alter(&r)
		assert.Equal(t, row.want, d.Linkable(r), name)

		linked := *d
		_, err := linked.Link(r, "seen at Plexy")
		if row.want {
			require.NoError(t, err, name)
			continue
		}
		assert.Equal(t, "differs", codeOf(t, err), name)
		assert.Equal(t, *d, linked, name)
	}
}

func TestLinkFollowsPlexysWord(t *testing.T) {
	for _, from := range []Status{Unknown, NotFound} {
		for word, want := range wordsOfPlexy() {
			if want == "" {
				want = Accepted
			}
			d := standing(t, from)
			d.PlexyID, d.PlexyStatus = "", ""
			r := answered(d, word)
			r.PlexyID, r.OrderReference, r.BalanceAfter = "P-7", "ELSEWHERE-1", tiyn(1)
			e, err := d.Link(r, "seen at Plexy")
			require.NoError(t, err)
			assert.Equal(t, []any{want, "P-7", word, Amount(1)}, []any{d.Status, d.PlexyID, d.PlexyStatus, *d.BalanceAfter})
			assert.Equal(t, []any{word, "seen at Plexy"}, []any{e.PlexyWord, e.Note})
			assert.Equal(t, "DIST-100001", d.OrderReference, "what was asked stays as it was")
			assert.Zero(t, d.UnknownSince)
		}
	}
}

// A link moves the payment from the mirrored row to ours: what the row tells is
// what ours is told.
func TestMirroredRowTellsWhatPlexyTold(t *testing.T) {
	told := Remote{
		PlexyID: "P-7", OrderReference: "ELSEWHERE-1", Amount: 5, Currency: KZT,
		Recipient: RecipientText{Name: "X", IBAN: "KZ86125KZT5004100100"}, PaymentPurpose: "x",
		Word: "failed", FailureReason: "account closed", BalanceBefore: tiyn(7), BalanceAfter: tiyn(2),
		CreatedAt: noon(), UpdatedAt: noon().Add(time.Minute),
	}
	row, _ := Import("id-7", told, noon())
	assert.Equal(t, told, row.Remote())
}

func TestJoinedRowCountsNoMore(t *testing.T) {
	row, _ := Import("id-7", Remote{PlexyID: "P-7", Word: "paid"}, noon())
	e, err := row.JoinTo("ours")
	require.NoError(t, err)
	assert.Equal(t, Event{Kind: EventNoted, From: Paid, To: Paid, Reason: "linked"}, e)
	assert.Equal(t, []string{"ours", "linked:id-7"}, []string{row.LinkedTo, row.PlexyID}, "its id at Plexy is ours now")

	before := row
	_, err = row.JoinTo("another of ours")
	require.ErrorIs(t, err, ErrConflict, "once")
	assert.Equal(t, before, row)
	_, gone := row.Gone(noon())
	assert.False(t, gone, "ours watches it from now on")

	_, err = standing(t, Paid).JoinTo("ours")
	require.ErrorIs(t, err, ErrConflict, "only a row that was made elsewhere")
}

func TestOverrideTakesTheNextNumber(t *testing.T) {
	d := standing(t, Draft)
	e, err := d.Override(3, "a second delivery")
	require.NoError(t, err)
	assert.Equal(t, 3, d.DupNo)
	assert.Equal(t, "a second delivery", e.Note)
	assert.Empty(t, d.StatusReason, "the twin that it was sent back for is answered")

	d = standing(t, Queued)
	_, err = d.Override(3, "a second delivery")
	require.ErrorIs(t, err, ErrConflict)
	assert.Zero(t, d.DupNo)
}

func TestAcknowledgedChangesNothing(t *testing.T) {
	for _, s := range Statuses() {
		d := standing(t, s)
		before := *d
		assert.Equal(t, Event{Kind: EventAcknowledged, From: s, To: s, Note: "seen"}, d.Acknowledged("seen"))
		assert.Equal(t, before, *d)
	}
}

func TestGoneAndBackAgain(t *testing.T) {
	for _, s := range Statuses() {
		d := standing(t, s)
		e, gone := d.Gone(noon())
		require.True(t, gone)
		assert.Equal(t, Event{Kind: EventNoted, From: s, To: s, Reason: "gone", Alarm: AlarmVanished}, e)
		assert.Equal(t, []any{noon(), s}, []any{d.GoneAt, d.Status}, "it says nothing of the money")

		e, gone = d.Gone(noon().Add(time.Hour))
		assert.False(t, gone, "told once")
		assert.Zero(t, e)
		assert.Equal(t, noon(), d.GoneAt)

		e, back := d.BackAgain()
		require.True(t, back)
		assert.Equal(t, Event{Kind: EventNoted, From: s, To: s, Reason: "back_again"}, e)
		assert.Zero(t, d.GoneAt)

		e, back = d.BackAgain()
		assert.False(t, back)
		assert.Zero(t, e)
	}
	d := standing(t, Unknown)
	d.PlexyID = ""
	_, gone := d.Gone(noon())
	assert.False(t, gone, "Plexy never had it")
}

func TestResendKeepsTheContentAndTheDoubt(t *testing.T) {
	d := standing(t, NotFound)
	before := *d
	_, err := d.Resend("ticket 7", noon().Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, before.Content, d.Content, "the same reference, byte for byte")
	assert.Equal(t, before.SubmittedHash, d.SubmittedHash)
	assert.Equal(t, before.UnknownSince, d.UnknownSince, "until its new attempt is answered")
	assert.Equal(t, noon().Add(time.Hour), d.QueuedAt)
	assert.Zero(t, d.NextTryAt)
	_, err = d.Claim()
	require.NoError(t, err)
	assert.Equal(t, 2, d.Attempts)
	_, err = d.Answer(answered(d, "created"))
	require.NoError(t, err)
	assert.Zero(t, d.UnknownSince)
}

// Who may withdraw and who may cancel is asked as ever.
func TestWhoTakesAResentOneBack(t *testing.T) {
	for _, row := range []struct {
		by               Actor
		withdraw, cancel string
	}{
		{maker(), "", ""},
		{boss(), "role", ""},
		{colleague(), "not_yours", "not_yours"},
		{auditor(), "role", "not_yours"},
		{admin(), "role", "not_yours"},
		{Actor{}, "role", "not_yours"},
	} {
		_, err := resent(t).Withdraw(row.by)
		assert.Equal(t, row.withdraw, codeOf(t, err), "%+v", row.by)
		_, err = resent(t).Cancel(row.by, "not needed")
		assert.Equal(t, row.cancel, codeOf(t, err), "%+v", row.by)
	}
}

func TestAlarmsOfLateWords(t *testing.T) {
	for from, want := range map[Status]AlarmKind{
		Unknown: "", NotFound: "", Refused: AlarmFoundLate, Abandoned: AlarmFoundLate, Returned: AlarmRegressed,
	} {
		d := standing(t, from)
		r := answered(d, "paid")
		r.ByID = true
		e, changed, err := d.Observe(r)
		require.NoError(t, err)
		require.True(t, changed)
		assert.Equal(t, want, e.Alarm, from)
	}
	r := answered(resent(t), "paid")
	e, _, err := resent(t).Observe(r)
	require.NoError(t, err)
	assert.Equal(t, []any{AlarmKind(""), EventFound, Queued, Paid}, []any{e.Alarm, e.Kind, e.From, e.To})
}
