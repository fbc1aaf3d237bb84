package worker

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/store"
)

// This file is the one place where words and money of the wire become ours.

// Unit is what an amount counts on the wire. Plexy does not document it, so the
// operator says it; there is no default.
type Unit string

// Units.
const (
	Major Unit = "major" // tenge
	Minor Unit = "minor" // tiyn
)

// ParseUnit accepts exactly "major" and "minor".
func ParseUnit(text string) (Unit, bool) {
	u := Unit(text)
	_, err := u.scale()
	return u, err == nil
}

// scale is the number of decimals between the wire and tiyn.
func (u Unit) scale() (int, error) {
	switch u {
	case Major:
		return 2, nil
	case Minor:
		return 0, nil
	}
	return 0, fmt.Errorf("unit of amounts %q is neither major nor minor", string(u))
}

// amount is an error where the figure is not a whole number of tiyn: it is never
// rounded.
func (u Unit) amount(d plexyclient.Decimal) (distribution.Amount, error) {
	scale, err := u.scale()
	if err != nil {
		return 0, err
	}
	tiyn, err := d.Minor(scale)
	return distribution.Amount(tiyn), err
}

// optional leaves out what does not fit: it only informs, and the raw answer
// keeps it.
func (u Unit) optional(d *plexyclient.Decimal) *distribution.Amount {
	if d == nil {
		return nil
	}
	a, err := u.amount(*d)
	if err != nil {
		return nil
	}
	return &a
}

func (u Unit) request(d *distribution.Distribution) (plexyclient.CreateRequest, error) {
	scale, err := u.scale()
	if err != nil {
		return plexyclient.CreateRequest{}, err
	}
	t := d.Recipient.Text()
	return plexyclient.CreateRequest{
		OrderReference: d.OrderReference,
		Amount:         plexyclient.DecimalFromMinor(int64(d.Amount), scale),
		Currency:       string(d.Currency),
		Recipient:      plexyclient.Recipient{Name: t.Name, BIN: t.BIN, IBAN: t.IBAN, BIC: t.BIC, KBE: t.KBe, KNP: t.KNP},
		PaymentPurpose: d.PaymentPurpose,
	}, nil
}

// wire is a store.Wire.
func (u Unit) wire(d *distribution.Distribution) (body, hash []byte, err error) {
	req, err := u.request(d)
	if err != nil {
		return nil, nil, err
	}
	if body, err = req.Body(); err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(body)
	return body, sum[:], nil
}

var errNegative = errors.New("the amount is negative")

// oddAmountError says that a distribution at Plexy has an amount that ours
// cannot have.
type oddAmountError struct {
	plexyID string
	err     error
}

func (e *oddAmountError) Error() string {
	return "distribution " + e.plexyID + " at Plexy: " + e.err.Error()
}
func (e *oddAmountError) Unwrap() error { return e.err }

// remote fails with an *oddAmountError where the amount is not a whole number of
// tiyn or is negative.
func (u Unit) remote(p plexyclient.Distribution, byID bool) (distribution.Remote, error) {
	r := distribution.Remote{
		PlexyID:        p.ID,
		OrderReference: p.OrderReference,
		Currency:       distribution.Currency(p.Currency),
		Recipient: distribution.RecipientText{
			Name: p.Recipient.Name, BIN: p.Recipient.BIN, IBAN: p.Recipient.IBAN,
			BIC: p.Recipient.BIC, KBe: p.Recipient.KBE, KNP: p.Recipient.KNP,
		},
		PaymentPurpose: p.PaymentPurpose,
		Word:           p.Status,
		FailureReason:  p.FailureReason,
		BalanceBefore:  u.optional(p.BalanceBefore),
		BalanceAfter:   u.optional(p.BalanceAfter),
		CreatedAt:      p.CreatedAt,
		UpdatedAt:      p.UpdatedAt,
		ByID:           byID,
	}
	if !p.HasAmount {
		return r, nil
	}
	var err error
	if r.Amount, err = u.amount(p.Amount); err == nil && r.Amount < 0 {
		err = errNegative
	}
	if err != nil {
		return r, &oddAmountError{p.ID, err}
	}
	return r, nil
}

// balance refuses a figure that is not in tenge: it would be shown as tenge.
func (u Unit) balance(p plexyclient.Balance) (store.Balance, error) {
	currency := distribution.KZT // of an answer that names none
	if p.Currency != "" {
		currency = distribution.Currency(strings.ToUpper(p.Currency))
	}
	if currency != distribution.KZT {
		return store.Balance{}, fmt.Errorf("balance is in %s, not in %s", currency, distribution.KZT)
	}
	amount, err := u.amount(p.Amount)
	if err != nil {
		return store.Balance{}, fmt.Errorf("balance: %w", err)
	}
	return store.Balance{Amount: amount, Currency: string(currency), Reserved: u.optional(p.Reserved), PlexyAt: p.UpdatedAt}, nil
}

// rawAnswer keeps an exchange as it was; call is create, list, detail or balance.
func rawAnswer(call string, a plexyclient.Answer, err error) store.RawAnswer {
	raw := store.RawAnswer{
		At: a.At, Call: call, Status: a.Status, Duration: a.Duration, ServerDate: a.Date,
		Headers: headers(a.Header), Body: a.Body,
	}
	if err != nil {
		raw.Error = err.Error()
	}
	return raw
}

func headers(h http.Header) map[string]string {
	flat := make(map[string]string, len(h))
	for name := range h {
		flat[name] = h.Get(name)
	}
	return flat
}
