package worker

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
)

// The balance endpoint is the least certain one of the API.
func TestBalanceThatIsNotTold(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"404":            func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusNotFound) },
		"400":            func(out http.ResponseWriter, _ *http.Request) { out.WriteHeader(http.StatusBadRequest) },
		"no figure":      reply(`{"hello":1}`),
		"other currency": reply(`{"balance":5,"currency":"USD"}`),
		"half a tiyn":    reply(`{"balance":5.005,"currency":"KZT"}`),
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, plexytest.Options{}, func(t *testing.T, w *world) {
				w.sync()
				old, known, err := w.db.Balance(t.Context())
				require.NoError(t, err)
				require.True(t, known)
				inner := w.srv.Handler()
				w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
					if in.URL.Path == "/v1/distributions/balance" {
						answer(out, in)
						return
					}
					inner.ServeHTTP(out, in)
				}))
				for range 3 {
					w.pass(time.Minute)
					w.sync()
				}
				now, _, err := w.db.Balance(t.Context())
				require.NoError(t, err)
				assert.Equal(t, old, now, "the old figure with its age")
				assert.Empty(t, w.state().LastError)
				assert.Equal(t, w.db.Now(), w.state().LastSuccess)
				assert.Equal(t, 1, strings.Count(w.log.String(), "key=balance"), "told once")
			})
		})
	}
}

func reply(body string) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) { _, _ = out.Write([]byte(body)) }
}

func TestBalanceIsKept(t *testing.T) {
	inWorld(t, plexytest.Options{Balance: 5_00}, func(t *testing.T, w *world) {
		w.sync()
		b, known, err := w.db.Balance(t.Context())
		require.NoError(t, err)
		assert.True(t, known)
		assert.Equal(t, distribution.Amount(5_00), b.Amount)
		assert.Equal(t, "KZT", b.Currency)
		require.NoError(t, w.srv.SetBalance(7_00))
		w.sync()
		b, _, err = w.db.Balance(t.Context())
		require.NoError(t, err)
		assert.Equal(t, distribution.Amount(7_00), b.Amount)
	})
}

// A failure in the last part of each round is one failure, not a new one after
// each good read before it.
func TestLastingFailureOfTheBalanceIsToldOnce(t *testing.T) {
	inWorld(t, plexytest.Options{Steps: []plexytest.Step{}}, func(t *testing.T, w *world) {
		w.queue(5)
		for range 5 {
			w.sendOne()
		}
		inner := w.srv.Handler()
		w.serve(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			if in.URL.Path == "/v1/distributions/balance" {
				http.Error(out, "oops", http.StatusInternalServerError)
				return
			}
			time.Sleep(4 * time.Second)
			inner.ServeHTTP(out, in)
		}))
		w.startOnly(w.Syncer.Run)
		w.pass(10 * time.Minute)
		assert.Equal(t, []string{"plexy.failing"}, w.actions("plexy"))
	})
}
