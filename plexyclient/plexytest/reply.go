package plexytest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// reply is an answer and the way in which it leaves.
type reply struct {
	status int
	header map[string]string
	body   []byte
	delay  time.Duration // before anything else
	hang   bool          // no answer, until the client gives up
	cut    bool          // no answer, the connection is closed
	half   bool          // half of the body under the Content-Length of the whole
}

func (p reply) send(w http.ResponseWriter, r *http.Request) {
	if p.hang {
		<-r.Context().Done()
	}
	if p.hang || !wait(r.Context(), p.delay) || p.cut {
		panic(http.ErrAbortHandler) // net/http closes the connection on it, and logs nothing
	}
	w.Header().Set("Content-Type", "application/json")
	for name, value := range p.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(p.body)))
	w.WriteHeader(p.status)
	body := p.body
	if p.half {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body) // a client that has gone is its own affair
}

// answers says whether a whole answer leaves.
func (p reply) answers() bool { return !p.hang && !p.cut }

// wait is false when the client gave up first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func jsonReply(status int, v any) reply {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return errorReply(http.StatusInternalServerError, 2, err.Error())
	}
	return reply{status: status, body: out.Bytes()}
}

// errorReply has the documented form; only code 5 is a validationError
// (https://developer.plexy.money/api-errors-1614748m0).
func errorReply(status, code int, message string) reply {
	kind, source := "apiError", "distributions"
	if code == 5 {
		kind = "validationError"
	}
	if status == http.StatusUnauthorized {
		source = "keys"
	}
	return jsonReply(status, struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Source  string `json:"source"`
		Type    string `json:"type"`
	}{code, message, source, kind})
}

func badRequest(what string) reply {
	return errorReply(http.StatusBadRequest, 3, "invalid request params: "+what)
}

func unprocessable(what string) reply {
	return errorReply(http.StatusUnprocessableEntity, 5, "unprocessable entity: "+what)
}

func notFound() reply { return errorReply(http.StatusNotFound, 4, "not found") }

// unauthorized has code 1 because Plexy publishes none for a bad key.
func unauthorized() reply { return errorReply(http.StatusUnauthorized, 1, "invalid api key") }

func wrong() reply {
	return errorReply(http.StatusInternalServerError, 2, "something went wrong")
}

func busy(status int) reply {
	p := errorReply(status, 1, "service unavailable")
	p.header = map[string]string{"Retry-After": retryAfterSeconds}
	return p
}

func htmlReply(status int) reply {
	return reply{
		status: status,
		header: map[string]string{"Content-Type": "text/html"},
		body:   []byte("<html><head><title>" + http.StatusText(status) + "</title></head><body></body></html>\n"),
	}
}

func redirect(status int) reply {
	return reply{status: status, header: map[string]string{"Location": "/v1/distributions"}}
}
