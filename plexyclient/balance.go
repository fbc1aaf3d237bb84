package plexyclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Balance is the money at Plexy in one currency, in the unit of the wire.
type Balance struct {
	Amount    Decimal
	Currency  string    // as the answer says; empty when it names none
	Reserved  *Decimal  // nil when absent
	UpdatedAt time.Time // UTC, zero when absent
	Others    []Balance // further entries of the same answer
	Answer    Answer
}

// Balance reads the balance; the KZT entry comes first when there are several.
// A *BalanceUnavailableError means that Plexy does not tell it.
func (c *Client) Balance(ctx context.Context) (Balance, error) {
	answer, err := c.read(ctx, "balance", c.balance)
	if apiErr, ok := errors.AsType[*APIError](err); ok {
		if apiErr.Status == http.StatusBadRequest || apiErr.Status == http.StatusNotFound {
			err = &BalanceUnavailableError{Err: err}
		}
	}
	if err != nil {
		return Balance{Answer: answer}, err
	}
	all, err := decodeBalances(answer.Body)
	if err != nil {
		return Balance{Answer: answer}, &DecodeError{Reason: err.Error(), Answer: answer}
	}
	if len(all) == 0 {
		return Balance{Answer: answer}, &BalanceUnavailableError{Err: &DecodeError{Reason: "the answer lists no balance", Answer: answer}}
	}
	if i := slices.IndexFunc(all, isKZT); i > 0 {
		all[0], all[i] = all[i], all[0]
	}
	first := all[0]
	first.Others = all[1:]
	first.Answer = answer
	return first, nil
}

func isKZT(b Balance) bool { return strings.EqualFold(b.Currency, "KZT") }

// decodeBalances reads an array, an object, or either one level below "data", "items" or "balances".
func decodeBalances(raw json.RawMessage) ([]Balance, error) {
	if !json.Valid(raw) {
		return nil, errors.New("not JSON")
	}
	if raw = unwrap(raw); kind(raw) == '[' {
		return decodeBalanceRows(raw)
	}
	o, err := parseObject(raw)
	if err != nil {
		return nil, err
	}
	if inner, ok := o.get("data"); ok && kind(inner) == '{' {
		if o, err = parseObject(inner); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"data", "items", "balances"} {
		if inner, ok := o.get(name); ok && kind(inner) == '[' {
			return decodeBalanceRows(inner)
		}
	}
	b, err := decodeBalance(o)
	return []Balance{b}, err
}

func decodeBalanceRows(raw []byte) ([]Balance, error) {
	rows, err := parseArray(raw)
	if err != nil {
		return nil, err
	}
	all := make([]Balance, 0, len(rows))
	for i, row := range rows {
		o, err := parseObject(row)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		b, err := decodeBalance(o)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		all = append(all, b)
	}
	return all, nil
}

func decodeBalance(o object) (Balance, error) {
	// A wrong path may answer with distributions, whose "amount" must not pass for a balance.
	if _, ok := o.get("orderReference", "recipient"); ok {
		return Balance{}, errors.New("a distribution, not a balance")
	}
	amount, err := o.decimal("balance", "available", "availableBalance", "available_balance", "amount")
	switch {
	case err != nil:
		return Balance{}, err
	case amount == nil:
		return Balance{}, errors.New("no balance in the answer")
	}
	currency, err := o.text("currency", "currencyCode", "currency_code")
	if err != nil {
		return Balance{}, err
	}
	return Balance{
		Amount:    *amount,
		Currency:  currency,
		Reserved:  o.optionalDecimal("reserved", "blocked", "hold"),
		UpdatedAt: o.instant("updatedAt", "updated_at"),
	}, nil
}
