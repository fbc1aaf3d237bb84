package distribution

import (
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Approvals of other years hang on these bytes: they never change.
func TestCanonicalBytesOfTheDocumentedExample(t *testing.T) {
	d := standing(t, Draft)
	assert.Equal(t, `distribution/v1
id 36:01936f7e-0000-7000-8000-000000000001
orderReference 11:DIST-100001
amount 8:15000000
currency 3:KZT
recipient.name 18:TOO Credit Partner
recipient.bin 12:123456789012
recipient.iban 20:KZ86125KZT5004100100
recipient.bic 8:KCJBKZKX
recipient.kbe 2:17
recipient.knp 3:119
paymentPurpose 67:Распределение средств по договору 123
`, string(Canonical(d)))
	assert.Equal(t, "39bc2ffdd708ccca17d3758eeb96468cfb7460c375a50f1fa45b52740733f1d8", hex.EncodeToString(Hash(d)))
	assert.Equal(t, "76Y2ZZ", Code(Hash(d)))
}

func TestEveryFieldCountsInTheHash(t *testing.T) {
	seen := map[string]string{hex.EncodeToString(Hash(standing(t, Draft))): "as it was"}
	for name, alter := range map[string]func(d *Distribution){
		"id":        func(d *Distribution) { d.ID += "1" },
		"reference": func(d *Distribution) { d.OrderReference += "1" },
		"amount":    func(d *Distribution) { d.Amount++ },
		"negative":  func(d *Distribution) { d.Amount = -d.Amount },
		"currency":  func(d *Distribution) { d.Currency = "KZX" },
		"name":      func(d *Distribution) { d.Recipient.Name += " " },
		"bin":       func(d *Distribution) { d.Recipient.BIN = BIN{"090740019001"} },
		"iban":      func(d *Distribution) { d.Recipient.IBAN = IBAN{"KZ47856TEST000000001"} },
		"bic":       func(d *Distribution) { d.Recipient.BIC = BIC{"NBRKKZKX"} },
		"kbe":       func(d *Distribution) { d.Recipient.KBe = KBe{"19"} },
		"knp":       func(d *Distribution) { d.Recipient.KNP = KNP{"710"} },
		"purpose":   func(d *Distribution) { d.PaymentPurpose += "." },
	} {
		d := standing(t, Draft)
		alter(d)
		hash := hex.EncodeToString(Hash(d))
		assert.Empty(t, seen[hash], "%s is not told from %s", name, seen[hash])
		seen[hash] = name
	}
}

func TestOnlyContentCountsInTheHash(t *testing.T) {
	want := Hash(standing(t, Draft))
	d := standing(t, Queued)
	d.Attempts, d.Version, d.DupNo = 7, 8, 9
	d.ApprovedBy = []Person{boss().Person}
	d.Confirmations = nil
	d.PlexyID, d.StatusNote = "x", "y"
	assert.Equal(t, want, Hash(d))
}

// Without the lengths a name could play the fields that follow it: both of these
// would be one text.
func TestNoFieldPlaysAnother(t *testing.T) {
	const between = "\nrecipient.bin \nrecipient.iban \nrecipient.bic \nrecipient.kbe \nrecipient.knp \npaymentPurpose "
	honest := Distribution{Content: Content{Recipient: Recipient{Name: "A"}, PaymentPurpose: "B" + between + "C"}}
	forged := Distribution{Content: Content{Recipient: Recipient{Name: "A" + between + "B"}, PaymentPurpose: "C"}}
	assert.NotEqual(t, Canonical(&honest), Canonical(&forged))
}

// What can be read back exactly was written without confusion.
func TestCanonicalReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "\n", "3:KZT", "a\ncurrency 3:KZT\n"}))
		d := Distribution{ID: text.Draw(t, "id"), Content: Content{
			OrderReference: text.Draw(t, "reference"), Amount: drawAmount(t), Currency: Currency(text.Draw(t, "currency")),
			Recipient: Recipient{
				Name: text.Draw(t, "name"), BIN: BIN{text.Draw(t, "bin")}, IBAN: IBAN{text.Draw(t, "iban")},
				BIC: BIC{text.Draw(t, "bic")}, KBe: KBe{text.Draw(t, "kbe")}, KNP: KNP{text.Draw(t, "knp")},
			},
			PaymentPurpose: text.Draw(t, "purpose"),
		}}
		r := d.Recipient.Text()
		require.Equal(t, []string{
			d.ID, d.OrderReference, strconv.FormatInt(int64(d.Amount), 10), string(d.Currency),
			r.Name, r.BIN, r.IBAN, r.BIC, r.KBe, r.KNP, d.PaymentPurpose,
		}, readCanonical(t, string(Canonical(&d))))
	})
}

// readCanonical is the values in their order.
func readCanonical(t *rapid.T, text string) (values []string) {
	rest, ok := strings.CutPrefix(text, "distribution/v1\n")
	require.True(t, ok)
	for rest != "" {
		head, tail, ok := strings.Cut(rest, ":")
		require.True(t, ok)
		_, length, ok := strings.Cut(head, " ")
		require.True(t, ok)
		n, err := strconv.Atoi(length)
		require.NoError(t, err)
		require.Greater(t, len(tail), n)
		require.Equal(t, byte('\n'), tail[n])
		values, rest = append(values, tail[:n]), tail[n+1:]
	}
	return values
}

func TestCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hash := rapid.SliceOfN(rapid.Byte(), 4, 32).Draw(t, "hash")
		require.Regexp(t, "^[0-9A-HJKMNP-TV-Z]{6}$", Code(hash))
	})
	assert.Equal(t, "000000", Code(make([]byte, 32)))
	assert.Equal(t, "ZZZZZZ", Code([]byte{255, 255, 255, 255}))
	assert.NotEqual(t, Code([]byte{0, 0, 0, 4}), Code([]byte{0, 0, 0, 0}), "thirty bits count")
	for _, short := range [][]byte{nil, {}, {1, 2, 3}} {
		assert.Empty(t, Code(short))
	}
}

func TestBizKeyIsWhatIsPaid(t *testing.T) {
	base := documentedContent(t)
	base.PaymentPurpose = "Оплата по договору № 123, за ещё один заём"
	assert.Equal(t, "KZ86125KZT5004100100|15000000|оплата по договору 123 за еще один заем", BizKey(base))
	for _, same := range []string{
		"ОПЛАТА ПО ДОГОВОРУ №123 за еще один заем", " оплата  по договору - 123 (за ещё один заём).",
	} {
		c := base
		c.PaymentPurpose, c.OrderReference, c.Recipient.Name = same, "other", "other"
		assert.Equal(t, BizKey(base), BizKey(c), same)
	}
	for name, alter := range map[string]func(c *Content){
		"amount":  func(c *Content) { c.Amount++ },
		"account": func(c *Content) { c.Recipient.IBAN = IBAN{"KZ47856TEST000000001"} },
		"number": func(c *Content) {
			c.PaymentPurpose = "Оплата по договору № 124, за ещё один заём"
		},
		"words": func(c *Content) {
			c.PaymentPurpose = "Оплата по договору № 12 3, за ещё один заём"
		},
	} {
		c := base
		alter(&c)
		assert.NotEqual(t, BizKey(base), BizKey(c), name)
	}
}

// What Plexy wrote in its own way is still the same payment.
func TestBizKeyOfOneMadeElsewhere(t *testing.T) {
	ours := Distribution{Origin: FromDashboard, Content: documentedContent(t)}
	assert.Equal(t, BizKey(ours.Content), ours.BizKey())

	theirs := Distribution{Origin: FromPlexy, Content: Content{Amount: ours.Amount, PaymentPurpose: ours.PaymentPurpose}}
	theirs.Seen.IBAN = "kz86 125k zt50 0410 0100"
	assert.Equal(t, ours.BizKey(), theirs.BizKey())
	theirs.Seen.IBAN = ""
	assert.NotEqual(t, ours.BizKey(), theirs.BizKey())
}

func TestTwinIsExplainedByTickAndReasonOrByTwoPeople(t *testing.T) {
	tick := []Confirmation{{Code: "bin.check"}, {Code: "duplicate"}}
	for _, row := range []struct {
		d    Distribution
		want bool
	}{
		{Distribution{}, false},
		{Distribution{Confirmations: tick}, false},
		{Distribution{DuplicateReason: "again"}, false},
		{Distribution{Confirmations: tick[:1], DuplicateReason: "again"}, false},
		{Distribution{Confirmations: tick, DuplicateReason: "again"}, true},
		{Distribution{DupNo: 1}, true},
	} {
		assert.Equal(t, row.want, row.d.ExplainsTwin(), "%+v", row.d)
	}
}
