package plexyclient

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
	"unicode/utf8"
)

// APIError is an answer with a status other than 2xx.
// Code, Message, Source and Type are those of https://developer.plexy.money/api-errors-1614748m0,
// each empty when the body does not have it (a gateway answers with HTML or nothing).
type APIError struct {
	Status     int
	Code       string // "1" to "5" are published; number or text on the wire
	Message    string // verbatim
	Source     string
	Type       string
	RetryAfter time.Duration
	Answer     Answer
}

func (e *APIError) Error() string {
	text := fmt.Sprintf("plexy: %s %s: %d %s", e.Answer.Method, e.Answer.Path, e.Status, http.StatusText(e.Status))
	if e.Message != "" {
		text += fmt.Sprintf(": %q", shorten(e.Message))
	}
	return text
}

// TransportError is a call that ended without a whole answer: no connection, cut, or out of time.
// errors.Is finds context.DeadlineExceeded and context.Canceled in it.
type TransportError struct {
	Answer Answer // Status is set when the answer was cut after its header
	text   string
	cause  error
}

func (e *TransportError) Error() string {
	return fmt.Sprintf("plexy: %s %s: %s", e.Answer.Method, e.Answer.Path, e.text)
}

func (e *TransportError) Unwrap() error { return e.cause }

func newTransportError(answer Answer, err error, redact func([]byte) []byte) *TransportError {
	// The outer error repeats the whole URL, of which Error gives the path already.
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	text := string(redact([]byte(err.Error())))
	if text != err.Error() {
		err = nil // net/http quotes malformed answers, and this one repeated the key
	}
	return &TransportError{Answer: answer, text: shorten(text), cause: err}
}

// DecodeError is a 2xx answer that does not say what it should.
type DecodeError struct {
	Reason string
	Answer Answer
}

func (e *DecodeError) Error() string {
	return fmt.Sprintf("plexy: %s %s: %d: %s", e.Answer.Method, e.Answer.Path, e.Answer.Status, e.Reason)
}

// BalanceUnavailableError means that Plexy does not tell the balance: the path may not exist
// (a 400 or 404 can be the detail endpoint taking "balance" for an id) or the answer lists none.
// It never stands for a balance of zero.
type BalanceUnavailableError struct{ Err error }

func (e *BalanceUnavailableError) Error() string { return "balance unavailable: " + e.Err.Error() }

func (e *BalanceUnavailableError) Unwrap() error { return e.Err }

// MismatchError names the fields in which the answer to a create differs from what was sent:
// "amount", "currency", "recipient.iban".
type MismatchError struct{ Fields []string }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("plexy: the answer differs in %q", e.Fields)
}

// RetryAfter is the wait that the server asked for, at most 24 h; 0 when it asked for none.
// The caller waits: nothing in this package does.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*APIError](err); ok {
		return e.RetryAfter
	}
	return 0
}

// Unauthorized says that the key was not accepted: 401 or 403.
func Unauthorized(err error) bool {
	e, ok := errors.AsType[*APIError](err)
	return ok && isUnauthorized(e.Status)
}

func isUnauthorized(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// newAPIError reads {code,message,source,type}, {"message":...}, {"error":{...}} and {"error":"..."}.
// plexy is true only for the documented form: a numeric code and a message at the top.
func newAPIError(answer Answer) (e *APIError, plexy bool) {
	e = &APIError{Status: answer.Status, RetryAfter: answer.retryAfter(), Answer: answer}
	body, err := parseObject(answer.Body)
	if err != nil {
		return e, false
	}
	_, documented := body["message"]
	if inner, ok := body.get("error"); ok && !documented {
		if nested, err := parseObject(inner); err == nil {
			body = nested
		} else {
			body = object{"message": inner}
		}
	}
	e.Code = body.optionalText("code")
	e.Message = body.optionalText("message")
	e.Source = body.optionalText("source")
	e.Type = body.optionalText("type")
	return e, documented && e.Message != "" && isDigits(e.Code)
}

// shorten keeps a foreign text from flooding a log line.
func shorten(s string) string {
	const limit = 300
	if len(s) <= limit {
		return s
	}
	end := limit
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
