package plexyclient

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

const testKey = "pr_0123456789abcdef"

// documented is the example of https://developer.plexy.money/create-distribution-35927239e0.
type documented struct {
	Request struct {
		Body json.RawMessage `json:"body"`
	} `json:"request"`
	Response struct {
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	} `json:"response"`
}

func readExample(t testing.TB) documented {
	t.Helper()
	raw, err := os.ReadFile("testdata/plexy-example.json")
	require.NoError(t, err)
	var d documented
	require.NoError(t, json.Unmarshal(raw, &d))
	return d
}

// exampleRequest is the request of the documented example.
func exampleRequest() CreateRequest {
	return CreateRequest{
		OrderReference: "DIST-100001",
		Amount:         DecimalFromMinor(150_000_00, 2),
		Currency:       "KZT",
		Recipient: Recipient{
			Name: "TOO Credit Partner", BIN: "123456789012", IBAN: "KZ86125KZT5004100100",
			BIC: "KCJBKZKX", KBE: "17", KNP: "119",
		},
		PaymentPurpose: "Распределение средств по договору 123",
	}
}

func mustDecimal(t testing.TB, s string) Decimal {
	t.Helper()
	d, err := ParseDecimal(s)
	require.NoError(t, err)
	return d
}
