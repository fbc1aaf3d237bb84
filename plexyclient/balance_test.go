package plexyclient

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBalanceReadsEveryShape(t *testing.T) {
	for _, row := range []struct{ name, body, amount, currency, reserved string }{
		{"documented guess", `{"balance":350000,"currency":"KZT","updatedAt":"2026-05-18T09:00:00Z"}`, "350000", "KZT", ""},
		{"text", `{"balance":"350000.50","currency":"KZT"}`, "350000.5", "KZT", ""},
		{"under data", `{"data":{"balance":1,"currency":"KZT"}}`, "1", "KZT", ""},
		{"wrapped", `{"balance":{"Value":1},"currency":"KZT"}`, "1", "KZT", ""},
		{"available", `{"available":1,"currencyCode":"KZT"}`, "1", "KZT", ""},
		{"availableBalance", `{"availableBalance":1,"currency_code":"KZT"}`, "1", "KZT", ""},
		{"available_balance", `{"available_balance":1}`, "1", "", ""},
		{"amount", `{"amount":1}`, "1", "", ""},
		{"balance before available", `{"available":1,"balance":2}`, "2", "", ""},
		{"reserved", `{"balance":2,"reserved":1}`, "2", "", "1"},
		{"blocked", `{"balance":2,"blocked":"1"}`, "2", "", "1"},
		{"hold", `{"balance":2,"hold":1}`, "2", "", "1"},
		{"negative", `{"balance":-5}`, "-5", "", ""},
		{"zero", `{"balance":0}`, "0", "", ""},
		{"array", `[{"balance":1,"currency":"KZT"}]`, "1", "KZT", ""},
		{"items of Gate", `{"items":[{"currency_code":"USD","available":"87.50"},{"currency_code":"KZT","available":"1"}]}`, "1", "KZT", ""},
		{"data array", `{"data":[{"currency":"kzt","balance":1}]}`, "1", "kzt", ""},
		{"balances array under data", `{"data":{"balances":[{"currency":"KZT","balance":1}]}}`, "1", "KZT", ""},
		{"no KZT", `[{"currency":"USD","balance":1}]`, "1", "USD", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := serve(t, 200, row.body, nil)
			b, err := c.Balance(t.Context())
			require.NoError(t, err)
			assert.Equal(t, row.amount, b.Amount.String())
			assert.Equal(t, row.currency, b.Currency)
			if row.reserved == "" {
				assert.Nil(t, b.Reserved)
			} else {
				require.NotNil(t, b.Reserved)
				assert.Equal(t, row.reserved, b.Reserved.String())
			}
			assert.Equal(t, row.body, string(b.Answer.Body))
		})
	}
	c, _ := serve(t, 200, `[{"currency":"USD","balance":1},{"currency":"KZT","balance":2},{"currency":"EUR","balance":3}]`, nil)
	b, err := c.Balance(t.Context())
	require.NoError(t, err)
	require.Len(t, b.Others, 2)
	assert.Equal(t, []string{"KZT", "USD", "EUR"}, []string{b.Currency, b.Others[0].Currency, b.Others[1].Currency})
}

func TestBalanceIsNeverZeroByMistake(t *testing.T) {
	for _, row := range []struct {
		name        string
		status      int
		body        string
		unavailable bool
	}{
		{"404", 404, `{"code":4,"message":"not found"}`, true},
		{"400, taken for an id", 400, `{"code":3,"message":"invalid request params"}`, true},
		{"no entry", 200, `{"items":[]}`, true},
		{"500", 500, ``, false},
		{"401", 401, ``, false},
		{"empty object", 200, `{}`, false},
		{"null", 200, `null`, false},
		{"balance null", 200, `{"balance":null}`, false},
		{"empty text", 200, `{"balance":""}`, false},
		{"error under 200", 200, plexyError, false},
		{"a distribution", 200, `{"id":"balance","orderReference":"R","amount":5}`, false},
		{"a list of distributions", 200, `{"data":[{"id":"a","orderReference":"R","amount":5,"currency":"KZT"}]}`, false},
		{"one entry unreadable", 200, `[{"currency":"KZT","balance":1},{"currency":"USD"}]`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := serve(t, row.status, row.body, nil)
			_, err := c.Balance(t.Context())
			require.Error(t, err)
			_, unavailable := errors.AsType[*BalanceUnavailableError](err)
			assert.Equal(t, row.unavailable, unavailable, "%v", err)
			assert.Equal(t, row.status == 401, Unauthorized(err))
		})
	}
}
