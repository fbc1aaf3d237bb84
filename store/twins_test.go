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

const invoice = "Оплата по счету № 7"

func forInvoice(f *distribution.Form) { f.Purpose = invoice }

// paidInvoice is one for the invoice that Plexy answered with the word.
func paidInvoice(t *testing.T, w *world, plexyID, word string) distribution.Distribution {
	t.Helper()
	n := storetest.Filled(t, forInvoice)
	n.Confirmed, n.DuplicateReason = []string{"duplicate"}, "по актам"
	d, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	require.NoError(t, second(w.Submit(t.Context(), w.maker, d.ID)))
	c := storetest.Claim(t, w.DB)
	d = storetest.Finish(t, w.DB, c, store.OutcomeOK, answer(plexyID, 0)(w))
	if word != "created" {
		w.apply(t, "detail", storetest.Remote(&d, plexyID, word))
	}
	return w.read(t, d.ID)
}

// elsewhere is a row at Plexy that pays the invoice and was made elsewhere.
func elsewhere(t *testing.T, w *world, plexyID string, age time.Duration) distribution.Distribution {
	t.Helper()
	like := distribution.Distribution{Content: storetest.Filled(t, forInvoice).Content, Origin: distribution.FromDashboard}
	r := storetest.Remote(&like, plexyID, "paid")
	r.OrderReference, r.CreatedAt = "CABINET-"+plexyID, w.Now().Add(-age)
	r.Recipient.IBAN = "kz86 125k zt50 0410 0100" // as its cabinet writes it
	w.apply(t, "list", r)
	return w.byPlexyID(t, plexyID)
}

func TestAnsweredTwins(t *testing.T) {
	day := 24 * time.Hour
	for name, row := range map[string]struct {
		made func(*testing.T, *world) distribution.Distribution
		twin bool
	}{
		"accepted":   {func(t *testing.T, w *world) distribution.Distribution { return paidInvoice(t, w, "P-1", "created") }, true},
		"processing": {func(t *testing.T, w *world) distribution.Distribution { return paidInvoice(t, w, "P-1", "processing") }, true},
		"paid":       {func(t *testing.T, w *world) distribution.Distribution { return paidInvoice(t, w, "P-1", "paid") }, true},
		"failed":     {func(t *testing.T, w *world) distribution.Distribution { return paidInvoice(t, w, "P-1", "failed") }, false},
		"returned":   {func(t *testing.T, w *world) distribution.Distribution { return paidInvoice(t, w, "P-1", "returned") }, false},
		"draft": {func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Draft(t, w.DB, w.maker, forInvoice)
		}, false},
		"unknown, which holds it anyway": {func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Unknown(t, w.DB, w.maker, forInvoice)
		}, false},
		"made elsewhere": {func(t *testing.T, w *world) distribution.Distribution { return elsewhere(t, w, "P-1", time.Hour) }, true},
		"45 days old":    {func(t *testing.T, w *world) distribution.Distribution { return elsewhere(t, w, "P-1", 45*day) }, true},
		"older":          {func(t *testing.T, w *world) distribution.Distribution { return elsewhere(t, w, "P-1", 45*day+1000) }, false},
		"other purpose": {func(t *testing.T, w *world) distribution.Distribution {
			return storetest.Accepted(t, w.DB, w.maker, "P-1")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := row.made(t, w)
			content := storetest.Filled(t, func(f *distribution.Form) { f.Purpose = "оплата по счету №7" }).Content
			twins, err := w.AnsweredTwins(t.Context(), content, "")
			require.NoError(t, err)
			if !row.twin {
				assert.Empty(t, twins)
				return
			}
			assert.Equal(t, []distribution.Distribution{made}, twins)
			twins, err = w.AnsweredTwins(t.Context(), content, made.ID)
			require.NoError(t, err)
			assert.Empty(t, twins, "itself is left out")
		})
	}
}

func TestNewestFiveTwinsAreNamed(t *testing.T) {
	w := newWorld(t)
	var want []string
	for n := range 7 {
		d := elsewhere(t, w, "P-"+string(rune('1'+n)), time.Duration(n+1)*time.Hour)
		want = append(want, d.ID)
	}
	twins, err := w.AnsweredTwins(t.Context(), storetest.Filled(t, forInvoice).Content, "")
	require.NoError(t, err)
	var got []string
	for _, d := range twins {
		got = append(got, d.ID)
	}
	assert.Equal(t, want[:5], got)
}

// Paying the same again needs the tick and the reason, or a decision of two.
func TestAnsweredTwinIsExplainedAtSubmission(t *testing.T) {
	for name, row := range map[string]struct {
		ticked []string
		reason string
		dupNo  int
		goes   bool
	}{
		"not seen":                      {nil, "", 0, false},
		"ticked without a reason":       {[]string{"duplicate"}, "", 0, false},
		"a reason without the tick":     {[]string{"bin.check"}, "второй акт", 0, false},
		"ticked with a reason":          {[]string{"bin.check", "duplicate"}, "второй акт", 0, true},
		"allowed by two people":         {nil, "", 1, true},
		"ticked and allowed by the two": {[]string{"duplicate"}, "второй акт", 1, true},
	} {
		for at, made := range map[string]func(*world, store.NewDraft) (distribution.Distribution, error){
			"created so": func(w *world, n store.NewDraft) (distribution.Distribution, error) {
				return w.Create(t.Context(), w.maker, n)
			},
			"edited so": func(w *world, n store.NewDraft) (distribution.Distribution, error) {
				return w.Edit(t.Context(), w.maker, storetest.Draft(t, w.DB, w.maker).ID, n)
			},
		} {
			t.Run(name+", "+at, func(t *testing.T) {
				w := newWorld(t)
				elsewhere(t, w, "P-1", time.Hour)
				n := storetest.Filled(t, forInvoice)
				n.Confirmed, n.DuplicateReason = row.ticked, row.reason
				d, err := made(w, n)
				require.NoError(t, err)
				assert.Equal(t, row.reason, w.read(t, d.ID).DuplicateReason)
				w.sql(t, "UPDATE distributions SET dup_no = $1 WHERE id = $2", row.dupNo, d.ID)
				state := w.dump(t)

				_, err = w.Submit(t.Context(), w.maker, d.ID)

				if row.goes {
					require.NoError(t, err)
					assert.Equal(t, d.ID, storetest.Claim(t, w.DB).Distribution.ID, "and it is sent")
					return
				}
				requireRefused(t, err, "duplicate")
				assert.Equal(t, state, w.dump(t))
			})
		}
	}
}

// requireRefused fails when err is not a conflict of the code.
func requireRefused(t testing.TB, err error, code string) {
	t.Helper()
	var no *distribution.Refusal
	require.ErrorAs(t, err, &no)
	require.Equal(t, code, no.Code)
	require.ErrorIs(t, err, distribution.ErrConflict)
}

// The reason is no part of what is compared when a form comes twice.
func TestFormWithAnotherReasonIsTheSameForm(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	first, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	n.Confirmed, n.DuplicateReason = []string{"duplicate"}, "другими словами"
	again, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	assert.Equal(t, first.ID, again.ID)
	assert.Equal(t, distribution.Hash(&first), distribution.Hash(&again))
}

func TestReasonGoesWithTheEditThatGaveIt(t *testing.T) {
	w := newWorld(t)
	n := storetest.Filled(t)
	n.DuplicateReason = "второй акт"
	d, err := w.Create(t.Context(), w.maker, n)
	require.NoError(t, err)
	d, err = w.Edit(t.Context(), w.maker, d.ID, storetest.Filled(t))
	require.NoError(t, err)
	assert.Empty(t, d.DuplicateReason)
}
