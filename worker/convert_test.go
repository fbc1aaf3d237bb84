package worker

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
	"plexydash/store/storetest"
)

func decimal(t *testing.T, text string) plexyclient.Decimal {
	t.Helper()
	d, err := plexyclient.ParseDecimal(text)
	require.NoError(t, err)
	return d
}

func TestParseUnit(t *testing.T) {
	for text, want := range map[string]bool{"major": true, "minor": true, "": false, "Major": false, "tenge": false} {
		_, ok := ParseUnit(text)
		assert.Equal(t, want, ok, "%q", text)
	}
}

func TestAmountOnTheWire(t *testing.T) {
	for _, row := range []struct {
		unit Unit
		wire string
		want distribution.Amount // tiyn
		ok   bool
	}{
		{Major, "150000", 150_000_00, true},
		{Major, "150000.5", 150_000_50, true},
		{Major, "0.01", 1, true},
		{Major, "1.5e5", 150_000_00, true},
		{Major, "0", 0, true},
		{Major, "-3", -3_00, true},
		{Major, "0.001", 0, false},
		{Major, "99999999999999999999", 0, false},
		{Minor, "15000000", 150_000_00, true},
		{Minor, "15000000.5", 0, false},
		{"", "1", 0, false},
	} {
		t.Run(fmt.Sprintf("%s %s", row.unit, row.wire), func(t *testing.T) {
			got, err := row.unit.amount(decimal(t, row.wire))
			if row.ok {
				assert.NoError(t, err)
				assert.Equal(t, row.want, got)
			} else {
				assert.Error(t, err)
			}
		})
	}
}

func TestWireBody(t *testing.T) {
	for _, row := range []struct {
		unit   Unit
		amount distribution.Amount
		want   string
	}{
		{Major, 150_000_00, `"amount":150000,`},
		{Major, 150_000_05, `"amount":150000.05,`},
		{Minor, 150_000_05, `"amount":15000005,`},
	} {
		d := &distribution.Distribution{Content: storetest.Example(t)}
		d.Amount = row.amount
		body, hash, err := row.unit.wire(d)
		require.NoError(t, err)
		assert.Contains(t, string(body), row.want)
		assert.Len(t, hash, 32)
	}
	_, _, err := Unit("").wire(&distribution.Distribution{Content: storetest.Example(t)})
	assert.Error(t, err, "no unit, no body")
}

func TestRemote(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	p := plexyclient.Distribution{
		ID: "p1", OrderReference: "R1", Amount: decimal(t, "12.5"), HasAmount: true, Currency: "KZT", Status: "PAID",
		Recipient:      plexyclient.Recipient{Name: "N", BIN: "B", IBAN: "I", BIC: "C", KBE: "17", KNP: "119"},
		PaymentPurpose: "Z", BalanceBefore: new(decimal(t, "100")), BalanceAfter: new(decimal(t, "87.505")),
		FailureReason: "F", CreatedAt: at, UpdatedAt: at.Add(time.Second),
	}
	got, err := Major.remote(p, true)
	require.NoError(t, err)
	assert.Equal(t, distribution.Remote{
		PlexyID: "p1", OrderReference: "R1", Amount: 12_50, Currency: "KZT", Word: "PAID",
		Recipient:      distribution.RecipientText{Name: "N", BIN: "B", IBAN: "I", BIC: "C", KBe: "17", KNP: "119"},
		PaymentPurpose: "Z", BalanceBefore: new(distribution.Amount(100_00)), FailureReason: "F",
		CreatedAt: at, UpdatedAt: at.Add(time.Second), ByID: true,
	}, got, "a balance that is not whole tiyn is left out")

	for _, odd := range []string{"0.001", "-1"} {
		p.Amount = decimal(t, odd)
		_, err = Major.remote(p, false)
		assert.ErrorContains(t, err, "p1")
	}
	p.HasAmount = false
	got, err = Major.remote(p, false)
	require.NoError(t, err)
	assert.False(t, got.Comparable(), "nothing can be concluded without an amount")
}

func TestBalanceOfTheWire(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	got, err := Major.balance(plexyclient.Balance{Amount: decimal(t, "-7.01"), Currency: "kzt", Reserved: new(decimal(t, "3")), UpdatedAt: at})
	require.NoError(t, err)
	assert.Equal(t, store.Balance{Amount: -7_01, Currency: "KZT", Reserved: new(distribution.Amount(3_00)), PlexyAt: at}, got)

	got, err = Minor.balance(plexyclient.Balance{Amount: decimal(t, "7")})
	require.NoError(t, err)
	assert.Equal(t, store.Balance{Amount: 7, Currency: "KZT"}, got, "no currency is tenge")

	_, err = Major.balance(plexyclient.Balance{Amount: decimal(t, "7"), Currency: "USD"})
	assert.Error(t, err)
	_, err = Major.balance(plexyclient.Balance{Amount: decimal(t, "7.001"), Currency: "KZT"})
	assert.Error(t, err)
}
