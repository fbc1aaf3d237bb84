package plexyclient

import (
	"net/http"
	"strings"
)

// classify judges the answer to a create. First match wins, and whatever no rule names is unknown:
// an unknown costs a look-up, any wrong certainty costs a payment.
func classify(req CreateRequest, ex exchange) CreateResult {
	status := ex.answer.Status
	base := CreateResult{
		Answer:       ex.answer,
		Err:          ex.err,
		PauseSending: isUnauthorized(status),
		RetryAfter:   ex.answer.retryAfter(),
	}
	switch {
	case ex.err != nil && !ex.gotConn:
		base.Outcome = OutcomeNotSent
		return base
	case ex.err != nil:
		return base
	}
	switch status {
	case http.StatusOK, http.StatusCreated, http.StatusAccepted:
		return classifySuccess(req, base)
	case http.StatusConflict,
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
		http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusUnprocessableEntity:
		return classifyRefusal(base)
	}
	base.Err, _ = newAPIError(ex.answer)
	return base
}

// classifySuccess believes an answer only when it repeats everything that was asked,
// as the documented example does.
func classifySuccess(req CreateRequest, result CreateResult) CreateResult {
	unknown := func(reason string) CreateResult {
		result.LookNow = true
		result.Err = &DecodeError{Reason: reason, Answer: result.Answer}
		return result
	}
	d, err := decodeDistribution(result.Answer.Body)
	switch {
	case err != nil:
		return unknown(err.Error())
	case strings.TrimSpace(d.ID) == "":
		return unknown("no id in the answer")
	case d.OrderReference != req.OrderReference:
		return unknown("the answer is not about this order reference")
	case !d.HasAmount || d.Currency == "" || d.Recipient.IBAN == "":
		return unknown("amount, currency or IBAN is missing in the answer")
	}
	result.Distribution = d
	if fields := differences(req, d); len(fields) > 0 {
		result.Outcome = OutcomeDiffers
		result.Err = &MismatchError{Fields: fields}
		return result
	}
	result.Outcome = OutcomeOK
	return result
}

func differences(req CreateRequest, d Distribution) (fields []string) {
	if !d.Amount.Equal(req.Amount) {
		fields = append(fields, "amount")
	}
	if d.Currency != req.Currency {
		fields = append(fields, "currency")
	}
	if d.Recipient.IBAN != req.Recipient.IBAN {
		fields = append(fields, "recipient.iban")
	}
	return fields
}

// classifyRefusal believes a refusal only in Plexy's own words, and not when it may mean
// that the distribution is there already.
func classifyRefusal(result CreateResult) CreateResult {
	apiErr, plexy := newAPIError(result.Answer)
	result.Err = apiErr
	switch apiErr.Status {
	case http.StatusConflict:
		result.LookNow = true
		return result
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		if speaksOfDuplicate(apiErr) {
			result.LookNow = true
			return result
		}
	}
	if plexy {
		result.Outcome = OutcomeRefused
	}
	return result
}

// speaksOfDuplicate looks at the message, or at the whole body when it has none.
func speaksOfDuplicate(e *APIError) bool {
	text := e.Message
	if text == "" {
		text = string(e.Answer.Body)
	}
	text = strings.ToLower(text)
	for _, word := range []string{"exist", "duplicat", "already", "уже"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
