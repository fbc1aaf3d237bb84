package plexyclient

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzCreateAnswer holds that no body of a 201 passes for a success unless id, reference, amount,
// currency and IBAN are in it. It reads the body a second time in another way.
func FuzzCreateAnswer(f *testing.F) {
	complete := exampleAnswer(f, nil)
	f.Add(complete)
	f.Add(`{"data":` + complete + `}`)
	f.Add(`{"Value":` + complete + `}`)
	f.Add(complete[:len(complete)/2])
	f.Add(strings.Replace(complete, "150000", `"150000.00"`, 1))
	f.Add(strings.Replace(complete, "150000", "1.5e5", 1))
	f.Add(strings.Replace(complete, "150000", "1e999999", 1))
	f.Add(strings.Replace(complete, "150000", "15000000", 1))
	f.Add(strings.Replace(complete, `"id"`, `"ID"`, 1))
	for _, field := range []string{"id", "orderReference", "amount", "currency", "recipient", "recipient.iban"} {
		f.Add(exampleAnswer(f, map[string]any{field: nil}))
		f.Add(exampleAnswer(f, map[string]any{field: map[string]any{"Value": "x"}}))
	}
	for _, s := range []string{"", "null", "[]", "{}", `{"Value":{}}`, `{"data":{}}`, `{"id":{"Value":{"Value":1}}}`, "\xff", strings.Repeat("[", 20000)} {
		f.Add(s)
	}
	req := exampleRequest()
	want, _ := new(big.Rat).SetString(req.Amount.String())
	f.Fuzz(func(t *testing.T, body string) {
		result := classify(req, exchange{gotConn: true, answer: Answer{Status: 201, Body: []byte(body)}})
		if result.Outcome != OutcomeOK {
			require.Error(t, result.Err)
			return
		}
		var texts []string
		var numbers []*big.Rat
		leaves(t, []byte(body), &texts, &numbers)
		require.Contains(t, texts, req.OrderReference)
		require.Contains(t, texts, req.Currency)
		require.Contains(t, texts, req.Recipient.IBAN)
		require.Contains(t, texts, result.Distribution.ID)
		require.NotEmpty(t, strings.TrimSpace(result.Distribution.ID))
		found := false
		for _, n := range numbers {
			found = found || n.Cmp(want) == 0
		}
		require.True(t, found, "the amount is nowhere in %s", body)
	})
}

// leaves collects every text and number of a document.
func leaves(t *testing.T, raw []byte, texts *[]string, numbers *[]*big.Rat) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var doc any
	require.NoError(t, dec.Decode(&doc))
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case json.Number:
			walk(v.String())
		case string:
			*texts = append(*texts, v)
			if d, err := ParseDecimal(v); err == nil {
				n, _ := new(big.Rat).SetString(d.String())
				*numbers = append(*numbers, n)
			}
		}
	}
	walk(doc)
}

// FuzzRefusal holds that nothing but Plexy's own error form is a refusal.
func FuzzRefusal(f *testing.F) {
	for _, s := range []string{plexyError, `{"code":"5","message":"x"}`, `{"message":"x"}`, `{"error":{"code":5,"message":"x"}}`, `{"code":5,"message":"already"}`, "", "<html>", "null"} {
		f.Add(422, s)
		f.Add(401, s)
		f.Add(500, s)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		result := classify(exampleRequest(), exchange{gotConn: true, answer: Answer{Status: status, Body: []byte(body)}})
		if result.Outcome != OutcomeRefused {
			return
		}
		require.Contains(t, []int{400, 401, 403, 404, 405, 422}, status)
		var shape map[string]any
		require.NoError(t, json.Unmarshal([]byte(body), &shape))
		require.Contains(t, shape, "code")
		require.Contains(t, shape, "message")
	})
}

func FuzzDecodeReads(f *testing.F) {
	for _, s := range []string{`{"data":[{"id":"a"}]}`, `[{"id":1}]`, "null", `{"data":null}`, `{"data":{"items":[]}}`, `{"balance":1}`, `[{"balance":"1","currency":"KZT"}]`, `{"items":[{"available":1}]}`, `{"Value":[]}`, `{"code":1}`, "\x00", strings.Repeat(`{"data":`, 9000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if p, err := decodePage([]byte(body)); err == nil {
			require.True(t, json.Valid([]byte(body)))
			require.GreaterOrEqual(t, p.Total, 0)
			for _, d := range p.Items {
				require.NotEmpty(t, d.ID)
				require.True(t, json.Valid(d.Raw))
			}
		}
		if all, err := decodeBalances([]byte(body)); err == nil && len(all) > 0 {
			require.True(t, strings.ContainsAny(body, "0123456789"), "a balance out of nothing: %s", body)
		}
	})
}
