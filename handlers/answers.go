package handlers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"plexydash/store"
	"plexydash/views/distributions"
)

// answers are the newest few raw answers of Plexy that the attempts and the
// history of one distribution rest on.
func (h *Handlers) answers(ctx context.Context, attempts []store.Attempt, history []store.Event) ([]distributions.Answer, error) {
	const most = 3
	ids := answerIDs(attempts, history)
	var out []distributions.Answer
	for _, id := range ids[:min(most, len(ids))] {
		a, err := h.DB.Answer(ctx, id)
		if err != nil {
			return nil, err
		}
		shown := distributions.Answer{At: a.At, Call: a.Call, Status: a.Status, RequestID: requestIDOf(a)}
		if a.Call != "list" { // a page of the list is about others too
			shown.Body = readable(indented(a.Body), wholeAnswer)
		}
		out = append(out, shown)
	}
	return out, nil
}

// requestIDOf is the name by which Plexy finds the request in its own log; empty
// when it told none.
func requestIDOf(a store.RawAnswer) string {
	return cmp.Or(a.Headers["X-Request-Id"], a.Headers["Request-Id"], a.Headers["X-Correlation-Id"], a.Headers["Cf-Ray"])
}

// answerIDs are the raw answers that attempts and events rest on, newest first,
// each once.
func answerIDs(attempts []store.Attempt, events []store.Event) []int64 {
	var ids []int64
	for _, a := range attempts {
		ids = append(ids, a.AnswerID)
	}
	for _, e := range events {
		ids = append(ids, e.AnswerID)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	slices.Reverse(ids) // ids grow with time
	return slices.DeleteFunc(ids, func(id int64) bool { return id == 0 })
}

// indented is JSON with a line for each value, its texts untouched; anything
// else as it is.
func indented(body []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return body
	}
	return b.Bytes()
}

// How much of an answer is shown, in bytes: to those who ask for all of it, and
// beside an attempt.
const (
	wholeAnswer = 4096
	beginning   = 300
)

// readable is the beginning of a body, as text.
func readable(body []byte, most int) string {
	cut := body[:min(most, len(body))]
	text := strings.ToValidUTF8(string(cut), "�")
	if len(cut) < len(body) {
		text += "…"
	}
	return text
}
