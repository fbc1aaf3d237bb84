package plexyclient

import (
	"crypto/sha256"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBodyIsTheDocumentedExample(t *testing.T) {
	body, err := exampleRequest().Body()
	require.NoError(t, err)
	assert.JSONEq(t, string(readExample(t).Request.Body), string(body))
	assert.Contains(t, string(body), `"amount":150000,`, "a number, as documented, not a text")
}

func TestBodyIsWrittenPlainly(t *testing.T) {
	req := exampleRequest()
	req.Recipient.Name = `ТОО «Әлем» & <Sons>`
	req.PaymentPurpose = "Оплата 1 > 0"
	req.Amount = mustDecimal(t, "1.5e5")
	first, err := req.Body()
	require.NoError(t, err)
	assert.Contains(t, string(first), `"name":"ТОО «Әлем» & <Sons>"`)
	assert.Contains(t, string(first), `"paymentPurpose":"Оплата 1 > 0"`)
	assert.Contains(t, string(first), `"amount":150000,`)
	assert.NotContains(t, string(first), "\n")
	second, err := req.Body()
	require.NoError(t, err)
	assert.Equal(t, first, second, "same request, same bytes")

	req.Amount = DecimalFromMinor(1, 2)
	smallest, err := req.Body()
	require.NoError(t, err)
	assert.Contains(t, string(smallest), `"amount":0.01,`)
}

func TestBodyRefuses(t *testing.T) {
	for name, change := range map[string]func(*CreateRequest){
		"three decimals":      func(r *CreateRequest) { r.Amount = mustDecimal(t, "1.001") },
		"amount zero":         func(r *CreateRequest) { r.Amount = Decimal{} },
		"amount negative":     func(r *CreateRequest) { r.Amount = mustDecimal(t, "-5") },
		"amount beyond int64": func(r *CreateRequest) { r.Amount = mustDecimal(t, "1e30") },
		"no reference":        func(r *CreateRequest) { r.OrderReference = "" },
		"purpose not UTF-8":   func(r *CreateRequest) { r.PaymentPurpose = "\xcf\xeb" },
		"name not UTF-8":      func(r *CreateRequest) { r.Recipient.Name = "\xff" },
	} {
		t.Run(name, func(t *testing.T) {
			req := exampleRequest()
			change(&req)
			_, err := req.Body()
			require.Error(t, err)

			server := newRawServer(t, rawAnswer(201, "application/json", `{}`))
			result := server.client(t).Create(t.Context(), req)
			assert.Equal(t, OutcomeNotSent, result.Outcome)
			assert.Error(t, result.Err)
			assert.Zero(t, server.posts())
		})
	}
}

func TestCreateSendsTheBodyAndKeepsIt(t *testing.T) {
	server := newRawServer(t, rawAnswer(201, "application/json", string(readExample(t).Response.Body)))
	result := server.client(t).Create(t.Context(), exampleRequest())
	require.NoError(t, result.Err)
	assert.Equal(t, OutcomeOK, result.Outcome)

	sent := server.last()
	want, err := exampleRequest().Body()
	require.NoError(t, err)
	assert.Equal(t, string(want), sent.body)
	assert.Equal(t, want, result.Sent)
	assert.Equal(t, sha256.Sum256(want), result.SentSHA256)
	assert.Equal(t, "/v1/distributions", sent.path)
	assert.Equal(t, testKey, sent.header.Get("Authorization"), "raw, without Bearer")
	assert.Equal(t, "application/json", sent.header.Get("Content-Type"))
	assert.Equal(t, "application/json", sent.header.Get("Accept"))
	assert.Empty(t, sent.header.Get("Accept-Encoding"), "the stored answer is what came over the wire")
	assert.Empty(t, sent.header.Get("Idempotency-Key"))
	assert.Empty(t, sent.header.Get("X-Idempotency-Key"))

	d := result.Distribution
	assert.Equal(t, "2a7d4d5e-3c74-4c88-b83f-36cc9d1a3451", d.ID)
	assert.Equal(t, "created", d.Status)
	require.NotNil(t, d.BalanceBefore)
	require.NotNil(t, d.BalanceAfter)
	assert.Equal(t, "500000", d.BalanceBefore.String())
	assert.Equal(t, "350000", d.BalanceAfter.String())
	assert.Equal(t, exampleRequest().Recipient, d.Recipient)
	assert.True(t, json.Valid(d.Raw))
	assert.Equal(t, "POST", result.Answer.Method)
	assert.Equal(t, "/v1/distributions", result.Answer.Path)
	assert.Equal(t, 201, result.Answer.Status)
	assert.JSONEq(t, string(readExample(t).Response.Body), string(result.Answer.Body))
}

func TestOutcomeZeroValueIsTheSafeOne(t *testing.T) {
	var o Outcome
	assert.Equal(t, OutcomeUnknown, o)
	assert.Equal(t, "unknown", o.String())
}
