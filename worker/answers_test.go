package worker

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// answerRow is one kind of answer, and what it leaves in the database after the
// first attempt and after a second one.
type answerRow struct {
	name   string
	answer func(net.Conn, map[string]any)
	first  string // outcome, reason
	second string // the same as first when empty
}

const (
	isOK      = "ok "
	isDiffers = "differs differs"
	isRefused = "refused refused"
	isLater   = "unknown refused_later"
)

func answerRows(elsewhere string) []answerRow {
	rows := []answerRow{
		{"200", yes(200, nil), isOK, ""},
		{"201", yes(201, nil), isOK, ""},
		{"202", yes(202, nil), isOK, ""},
		{"201 in two packets", inTwo, isOK, ""},
		{"103 and then 201", func(conn net.Conn, asked map[string]any) {
			says("HTTP/1.1 103 Early Hints\r\n\r\n")(conn, asked)
			yes(201, nil)(conn, asked)
		}, isOK, ""},
		{"201, and the server closes", func(conn net.Conn, asked map[string]any) {
			closes("HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n"+created(asked, nil))(conn, asked)
		}, isOK, ""},

		{"201 with another amount", yes(201, map[string]any{"amount": 1}), isDiffers, ""},
		{"201 with another currency", yes(201, map[string]any{"currency": "USD"}), isDiffers, ""},
		{"201 with another IBAN", yes(201, map[string]any{"recipient": map[string]any{"iban": "KZ1"}}), isDiffers, ""},

		{"201 with another reference", yes(201, map[string]any{"orderReference": "X-1"}), "unknown bad_answer", ""},
		{"201 without id", yes(201, map[string]any{"id": nil}), "unknown bad_answer", ""},
		{"201 without amount", yes(201, map[string]any{"amount": nil}), "unknown bad_answer", ""},
		{"201 with half a tiyn", yes(201, map[string]any{"amount": 0.005}), "unknown bad_answer", ""},
		{"201 empty", says(plain(201, "application/json", "")), "unknown bad_answer", ""},
		{"200 HTML", says(page(200)), "unknown bad_answer", ""},
		{"200 with an error of Plexy's", says(plexyNo(200, "no")), "unknown bad_answer", ""},
		{"201 over 1 MiB", func(conn net.Conn, asked map[string]any) {
			says(plain(201, "application/json", created(asked, nil)+strings.Repeat(" ", 1<<20)))(conn, asked)
		}, "unknown bad_answer", ""},
		{"204", says("HTTP/1.1 204 No Content\r\n\r\n"), "unknown other_answer", ""},
		{"203", yes(203, nil), "unknown other_answer", ""},
		{"101", says("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"), "unknown other_answer", ""},
		{"100 and the end", closes("HTTP/1.1 100 Continue\r\n\r\n"), "unknown connection_lost", ""},

		{"201 cut under its Content-Length", cut, "unknown connection_lost", ""},
		{"201 chunked without its end", closes("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n"), "unknown connection_lost", ""},
		{"closed without an answer", closes(""), "unknown connection_lost", ""},
		{"reset without an answer", resets(""), "unknown connection_lost", ""},
		{"reset in the head", resets("HTTP/1.1 201 Created\r\nContent-Le"), "unknown connection_lost", ""},
		{"not HTTP", closes("SSH-2.0-OpenSSH_9.2\r\n\r\n"), "unknown connection_lost", ""},
		{"HTTP/2 frames: SETTINGS, GOAWAY", closes("\x00\x00\x00\x04\x00\x00\x00\x00\x00" +
			"\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "unknown connection_lost", ""},
		{"silence", says(""), "unknown timeout", ""},
		{"silence after the head", says("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{"), "unknown timeout", ""},

		{"409 duplicate", says(plexyNo(409, "duplicate")), "unknown exists", ""},
		{"409 HTML", says(page(409)), "unknown exists", ""},
		{"422 HTML", says(page(422)), "unknown other_answer", ""},
		{"402", says(plexyNo(402, "no")), "unknown other_answer", ""},
		{"408", says(plexyNo(408, "no")), "unknown other_answer", ""},
		{"425", says(plexyNo(425, "no")), "unknown other_answer", ""},
		{"429 with Retry-After", says(plexyNo(429, "slow down", "Retry-After: 17")), "unknown throttled", ""},
		{"503 with Retry-After", says(plexyNo(503, "slow down", "Retry-After: 17")), "unknown server_error", ""},
		{"502 HTML", says(page(502)), "unknown server_error", ""},
	}
	for _, status := range []int{400, 401, 403, 404, 405, 422} {
		rows = append(rows,
			answerRow{fmt.Sprint(status, " in Plexy's words"), says(plexyNo(status, "bad request")), isRefused, isLater},
			answerRow{fmt.Sprint(status, " in nobody's words"), says(plain(status, "application/json", "{}")), "unknown other_answer", ""},
		)
	}
	for _, status := range []int{400, 422} {
		for _, word := range []string{"orderReference exists", "Duplicate order", "already processed", "заявка уже есть"} {
			rows = append(rows, answerRow{fmt.Sprint(status, " ", word), says(plexyNo(status, word)), "unknown exists", ""})
		}
	}
	for _, status := range []int{500, 502, 503, 504} {
		rows = append(rows, answerRow{fmt.Sprint(status, " in Plexy's words"), says(plexyNo(status, "no")), "unknown server_error", ""})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		rows = append(rows, answerRow{
			fmt.Sprint(status, " to another host"),
			says(plain(status, "text/html", "", "Location: "+elsewhere+"/distributions")), "unknown redirect", "",
		})
	}
	return rows
}

// Every kind of answer over a real socket, to a first and to a second attempt:
// one POST, and the outcome of the table.
func TestEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
	w, elsewhere := newWire(t), listen(t)
	elsewhere.expect(yes(201, nil))
	for _, row := range answerRows(elsewhere.url()) {
		for attempt, want := range []string{row.first, row.second} {
			if want == "" {
				want = row.first
			}
			t.Run(fmt.Sprint(row.name, ", attempt ", attempt+1), func(t *testing.T) {
				id := storetest.Queued(t, w.db, w.maker).ID
				if attempt > 0 {
					w.send(closes(""))
					w.resend(id)
				}
				w.send(row.answer)
				w.judged(t, id, want)
			})
		}
	}
	_, conns := elsewhere.counts()
	assert.Zero(t, conns, "nothing was sent to another host, and the key was not")
}

// judged holds what the last attempt left against the outcome and reason.
func (w *wire) judged(t *testing.T, id, want string) {
	t.Helper()
	posts, conns := w.plexy.counts()
	assert.Equal(t, []int{1, 1}, []int{posts, conns}, "one POST on one connection")
	attempts, err := w.db.Attempts(t.Context(), id)
	require.NoError(t, err)
	last := attempts[0]
	assert.Equal(t, want, string(last.Outcome)+" "+last.Reason)
	d := w.get(id)
	assert.Equal(t, map[store.Outcome]distribution.Status{
		store.OutcomeOK: distribution.Accepted, store.OutcomeDiffers: distribution.Mismatch,
		store.OutcomeRefused: distribution.Refused, store.OutcomeUnknown: distribution.Unknown,
	}[last.Outcome], d.Status)
	answer, err := w.db.Answer(t.Context(), last.AnswerID)
	require.NoError(t, err)
	assert.Equal(t, last.Outcome != store.OutcomeOK, answer.Error != "", "the raw answer is kept, with what is wrong with it")
	if last.Outcome == store.OutcomeOK {
		assert.Equal(t, "P-"+d.OrderReference, d.PlexyID)
	}
}

// What the one POST looks like, and that nothing in it lets net/http send it
// again by itself.
func TestThePost(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	storetest.Queued(t, w.db, w.maker)
	w.send(yes(201, nil))
	r := w.plexy.seen[0]
	assert.Equal(t, []string{http.MethodPost, "/v1/distributions", "HTTP/1.1"}, []string{r.Method, r.RequestURI, r.Proto})
	assert.Equal(t, "pr_demo", r.Header.Get("Authorization"))
	assert.True(t, r.Close, "the connection is for this one")
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key", "Upgrade", "HTTP2-Settings", "Expect"} {
		assert.Empty(t, r.Header.Values(name), name)
	}
}

// A wait that an answer asks for is kept, whatever the outcome.
func TestWaitThatAnAnswerAsksForIsKept(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for _, status := range []int{408, 429, 500, 503, 422, 307} {
		storetest.Queued(t, w.db, w.maker)
		began := w.db.Now()
		w.send(says(plexyNo(status, "no", "Retry-After: 300")))
		state, err := w.db.SyncState(t.Context())
		require.NoError(t, err)
		assert.WithinDuration(t, began.Add(5*time.Minute), state.SendAfter, 10*time.Second, "%d", status)
	}
}

// Nobody listens.
func TestNoConnectionIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	require.NoError(t, w.plexy.Close())
	id := storetest.Queued(t, w.db, w.maker).ID
	w.send(nil)
	d := w.get(id)
	assert.Equal(t, []any{distribution.Queued, "no_connection", 0}, []any{d.Status, d.StatusReason, d.Attempts})
}
