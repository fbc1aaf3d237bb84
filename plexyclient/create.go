package plexyclient

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"
)

// CreateRequest is one distribution to create. Amount is in the unit of the wire.
type CreateRequest struct {
	OrderReference string    `json:"orderReference"`
	Amount         Decimal   `json:"amount"`
	Currency       string    `json:"currency"`
	Recipient      Recipient `json:"recipient"`
	PaymentPurpose string    `json:"paymentPurpose"`
}

// Body is the exact body of the POST, the same bytes for the same request.
// It is an error when the amount is not positive or has more than 2 decimals,
// when the reference is empty (nothing could be looked up), or when a text is not UTF-8.
func (r CreateRequest) Body() ([]byte, error) {
	minor, err := r.Amount.Minor(2)
	switch {
	case err != nil:
		return nil, fmt.Errorf("plexyclient: amount: %w", err)
	case minor <= 0:
		return nil, errors.New("plexyclient: the amount is not positive")
	case r.OrderReference == "":
		return nil, errors.New("plexyclient: the order reference is empty")
	}
	to := r.Recipient
	for _, s := range []string{r.OrderReference, r.Currency, r.PaymentPurpose, to.Name, to.BIN, to.IBAN, to.BIC, to.KBE, to.KNP} {
		if !utf8.ValidString(s) {
			// encoding/json would send another text in its place without a word.
			return nil, fmt.Errorf("plexyclient: not UTF-8: %q", s)
		}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Outcome is what an attempt to create came to. The zero value is OutcomeUnknown, the safe one.
type Outcome int

const (
	// OutcomeUnknown means it may have been executed; look it up, never send it again by itself.
	OutcomeUnknown Outcome = iota
	// OutcomeOK means created, and the answer repeats reference, amount, currency and IBAN.
	OutcomeOK
	// OutcomeDiffers means created under our reference, with another amount, currency or IBAN.
	OutcomeDiffers
	// OutcomeRefused means a definite no of Plexy, if this was the first attempt.
	// On a later attempt the refusal may be about the earlier one: the caller takes it for unknown.
	OutcomeRefused
	// OutcomeNotSent means no connection was ever obtained, so nothing can have been executed.
	OutcomeNotSent
)

func (o Outcome) String() string {
	switch o {
	case OutcomeOK:
		return "ok"
	case OutcomeDiffers:
		return "differs"
	case OutcomeRefused:
		return "refused"
	case OutcomeNotSent:
		return "not_sent"
	case OutcomeUnknown:
	}
	return "unknown"
}

// CreateResult is one attempt with its answer and its judgement.
type CreateResult struct {
	Outcome      Outcome
	Sent         []byte            // body of the POST; nil when it could not be made
	SentSHA256   [sha256.Size]byte // of Sent
	Answer       Answer
	Distribution Distribution  // with OutcomeOK and OutcomeDiffers
	Err          error         // why it is not OutcomeOK; nil when it is
	LookNow      bool          // unknown, but likely at Plexy already
	PauseSending bool          // the key is not accepted: the next attempt would fare the same
	RetryAfter   time.Duration // wait that the server asked for, at most 24 h
}

// Create sends exactly one POST on a fresh connection and never repeats it.
//
// A cancelled ctx cuts the attempt and leaves it unknown, so it must not be the context of a page.
// No Idempotency-Key goes along: Plexy documents none for distributions,
// and with it net/http would consider the POST safe to send again.
func (c *Client) Create(ctx context.Context, req CreateRequest) CreateResult {
	body, err := req.Body()
	if err != nil {
		return CreateResult{Outcome: OutcomeNotSent, Err: err}
	}
	ex := c.send(ctx, c.creates, "create", http.MethodPost, c.base.JoinPath("distributions"), body)
	result := classify(req, ex)
	result.Sent = body
	result.SentSHA256 = sha256.Sum256(body)
	return result
}
