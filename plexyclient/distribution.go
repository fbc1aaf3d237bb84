package plexyclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Recipient is whom a distribution pays, as written on the wire. All are texts, for their leading zeros.
type Recipient struct {
	Name string `json:"name"`
	BIN  string `json:"bin"`
	IBAN string `json:"iban"`
	BIC  string `json:"bic"`
	KBE  string `json:"kbe"`
	KNP  string `json:"knp"`
}

// Distribution is what Plexy says of one distribution. Money is in the unit of the wire.
//
// Id, reference, amount, currency and recipient must be readable where they are present;
// any other field of an unexpected form counts as absent and is still in Raw.
type Distribution struct {
	ID             string
	OrderReference string
	Amount         Decimal
	HasAmount      bool
	Currency       string
	Status         string // Plexy's own word, unchanged; may be one never seen before
	Recipient      Recipient
	HasRecipient   bool // lists may leave the recipient out
	PaymentPurpose string
	BalanceBefore  *Decimal // nil when absent
	BalanceAfter   *Decimal // nil when absent
	FailureReason  string
	CreatedAt      time.Time // UTC, zero when absent; the same for the two below
	UpdatedAt      time.Time
	PaidAt         time.Time
	Raw            json.RawMessage // the object as received
}

// Get reads one distribution by Plexy's id. An unknown id is an *APIError with status 404.
// The answer is also inside the error when there is one.
func (c *Client) Get(ctx context.Context, id string) (Distribution, Answer, error) {
	if strings.Trim(id, ".") == "" { // "" and ".." would ask for another path
		return Distribution{}, Answer{}, fmt.Errorf("plexyclient: not an id: %q", id)
	}
	answer, err := c.read(ctx, "detail", c.base.JoinPath("distributions", url.PathEscape(id)))
	if err != nil {
		return Distribution{}, answer, err
	}
	d, err := decodeDistribution(answer.Body)
	switch {
	case err != nil:
		return Distribution{}, answer, &DecodeError{Reason: err.Error(), Answer: answer}
	case d.ID != id:
		return Distribution{}, answer, &DecodeError{Reason: "the answer is not about this id", Answer: answer}
	}
	return d, answer, nil
}

// read performs a GET; the answer is complete and 2xx when the error is nil.
func (c *Client) read(ctx context.Context, call string, target *url.URL) (Answer, error) {
	ex := c.send(ctx, c.reads, call, http.MethodGet, target, nil)
	switch status := ex.answer.Status; {
	case status != 0 && (status < 200 || status > 299):
		// A refusal that was cut still says its status and Retry-After.
		apiErr, _ := newAPIError(ex.answer)
		return ex.answer, apiErr
	case errors.Is(ex.err, errBodyTooLarge):
		return ex.answer, &DecodeError{Reason: ex.err.Error(), Answer: ex.answer}
	}
	return ex.answer, ex.err
}

// decodeDistribution reads one object, bare or under "data".
func decodeDistribution(raw []byte) (Distribution, error) {
	o, err := parseObject(unwrap(raw))
	if err != nil {
		return Distribution{}, err
	}
	if inner, ok := o.get("data"); ok && kind(inner) == '{' {
		if _, direct := o["id"]; !direct {
			raw = inner
			if o, err = parseObject(inner); err != nil {
				return Distribution{}, err
			}
		}
	}
	d := Distribution{
		Status:         o.optionalText("status"),
		PaymentPurpose: o.optionalText("paymentPurpose", "payment_purpose"),
		BalanceBefore:  o.optionalDecimal("balanceBefore", "balance_before"),
		BalanceAfter:   o.optionalDecimal("balanceAfter", "balance_after"),
		FailureReason:  o.optionalText("failureReason", "failure_reason", "errorMessage", "error_message"),
		CreatedAt:      o.instant("createdAt", "created_at"),
		UpdatedAt:      o.instant("updatedAt", "updated_at"),
		PaidAt:         o.instant("paidAt", "paid_at"),
		Raw:            json.RawMessage(raw),
	}
	err = d.decodeIdentity(o)
	return d, err
}

// decodeIdentity reads what says which money goes where: here an unexpected form is an error.
func (d *Distribution) decodeIdentity(o object) (err error) {
	if d.ID, err = o.text("id", "distributionId", "distribution_id"); err != nil {
		return err
	}
	if d.OrderReference, err = o.text("orderReference", "order_reference", "merchantReference", "merchant_reference"); err != nil {
		return err
	}
	if d.Currency, err = o.text("currency", "currencyCode", "currency_code"); err != nil {
		return err
	}
	amount, err := o.decimal("amount")
	if err != nil {
		return err
	}
	if amount != nil {
		d.Amount, d.HasAmount = *amount, true
	}
	raw, ok := o.get("recipient")
	if !ok {
		return nil
	}
	recipient, err := parseObject(raw)
	if err != nil {
		return fmt.Errorf("recipient: %w", err)
	}
	d.HasRecipient = true
	return d.Recipient.decode(recipient)
}

func (r *Recipient) decode(o object) error {
	var errs [6]error
	r.Name, errs[0] = o.text("name")
	r.BIN, errs[1] = o.text("bin")
	r.IBAN, errs[2] = o.text("iban")
	r.BIC, errs[3] = o.text("bic")
	r.KBE, errs[4] = o.text("kbe")
	r.KNP, errs[5] = o.text("knp")
	return errors.Join(errs[:]...)
}
