package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
)

// live is the environment of live mode against a stand-in.
func live(base, key string) map[string]string {
	return map[string]string{
		"PLEXY_BASE_URL": base + "/v1", "PLEXY_API_KEY": key, "PLEXY_AMOUNT_UNIT": "major", "PLEXYDASH_SYNC_EVERY": "1s",
	}
}

const livePassword = "a password of the live mode"

// liveFolder is a data folder with one accountant.
func liveFolder(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	_, err := userCommandLine(t, data, livePassword+"\n", "add", "--email=g@example.kz", "--name=Г. Сулейменова", "--role=accountant")
	require.NoError(t, err)
	return data
}

// submit writes and sends a payment without warnings, and returns its page.
func (v *visitor) submit(x example) *answer {
	v.t.Helper()
	return v.draft(x).submit("Отправить в Plexy: "+x.Amount+" ₸", nil)
}

// reaches waits until the distribution is in the state.
func (v *visitor) reaches(path, state string) {
	v.t.Helper()
	require.Eventually(v.t, func() bool {
		return v.get(path).first("#status .badge").AttrOr("data-state", "") == state
	}, patience, patience/500, "%s never becomes %s", path, state)
}

// says waits until the page contains all the texts.
func (v *visitor) says(path string, texts ...string) {
	v.t.Helper()
	var text string
	said := assert.Eventually(v.t, func() bool {
		text = v.get(path).text("body")
		return !slices.ContainsFunc(texts, func(part string) bool { return !strings.Contains(text, part) })
	}, patience, patience/500)
	if !said {
		require.FailNow(v.t, "the page never says it", "%s: %q\n%s", path, texts, text)
	}
}

// sandboxAddress runs the sandbox command until the test ends.
func sandboxAddress(t *testing.T) string {
	t.Helper()
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"sandbox", "--listen=" + address}, nothing, io.Discard) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-ended) })
	require.Eventually(t, func() bool {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		return err == nil && connection.Close() == nil
	}, patience, patience/1000)
	return "http://" + address
}

func sandboxPosts(t *testing.T, base string) []plexytest.Post {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/_admin/posts", http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	var posts []plexytest.Post
	require.NoError(t, json.NewDecoder(response.Body).Decode(&posts))
	require.NoError(t, response.Body.Close())
	return posts
}

func TestLiveModeWithAWrongKeyWaitsForTheRightOne(t *testing.T) {
	base, data := sandboxAddress(t), liveFolder(t)
	wrong := start(t, data, live(base, "pr_wrong"))
	v := visit(t, wrong)
	signin := v.get("/login")
	require.NotContains(t, signin.Body, demoPassword)
	require.NotContains(t, signin.text("body"), "УЧЕБНЫЙ")
	require.Equal(t, http.StatusUnauthorized, v.signInWith("g@example.kz", demoPassword).Status)
	require.Equal(t, http.StatusOK, v.signInWith("g@example.kz", livePassword).Status)

	v.says("/distributions", "ОТПРАВКА ОСТАНОВЛЕНА", "Plexy не принимает наш ключ.", "БОЕВОЙ")
	queued := v.submit(ordinary("LIVE-1", "1 000,00"))
	v.reaches(queued.Path, "queued")
	v.says(queued.Path, "Отправка остановлена")
	require.NoError(t, wrong.stop())
	require.Empty(t, sandboxPosts(t, base))

	v = visit(t, start(t, data, live(base, "pr_demo")))
	v.signInWith("g@example.kz", livePassword)
	v.reaches(queued.Path, "paid")
	require.NotContains(t, v.get("/distributions").text("body"), "ОТПРАВКА ОСТАНОВЛЕНА")
	posts := sandboxPosts(t, base)
	require.Len(t, posts, 1)
	var sent struct{ Amount json.Number }
	require.NoError(t, json.Unmarshal([]byte(posts[0].Body), &sent))
	require.Equal(t, "1000", sent.Amount.String(), "tenge on the wire")
}

// standIn is Plexy in this process; around may get in the way of a request.
func standIn(t *testing.T, around func(next http.Handler) http.Handler) (*plexytest.Server, string) {
	t.Helper()
	plexy, err := plexytest.New(plexytest.Options{Balance: demoBalance})
	require.NoError(t, err)
	server := httptest.NewServer(around(plexy.Handler()))
	t.Cleanup(server.Close)
	return plexy, server.URL
}

// elsewhere adds paid distributions that were not made by this program.
func elsewhere(t *testing.T, plexy *plexytest.Server, n int) (references []string) {
	t.Helper()
	all := make([]plexytest.Distribution, 0, n)
	for i := range n {
		at := time.Now().Add(-time.Duration(n-i) * time.Minute)
		references = append(references, fmt.Sprintf("OLD-%05d", i))
		all = append(all, plexytest.Distribution{OrderReference: references[i], Amount: 1_000_00, Status: "paid", CreatedAt: at, UpdatedAt: at})
	}
	_, err := plexy.Add(all...)
	require.NoError(t, err)
	return references
}

func TestPagesWorkWhilePlexyIsDown(t *testing.T) {
	var down atomic.Bool
	plexy, base := standIn(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if down.Load() {
				panic(http.ErrAbortHandler) // the connection breaks
			}
			next.ServeHTTP(w, r)
		})
	})
	elsewhere(t, plexy, 3)
	down.Store(true)
	v := visit(t, start(t, liveFolder(t), live(base, "pr_demo")))
	v.signInWith("g@example.kz", livePassword)
	v.says("/distributions", "Plexy не отвечает с", "Сохранённых данных ещё нет")
	queued := v.submit(ordinary("DOWN-1", "1 000,00"))
	v.reaches(queued.Path, "queued")
	v.says(queued.Path, "Plexy сейчас не отвечает")
	require.Empty(t, plexy.Posts())

	down.Store(false)
	v.reaches(queued.Path, "paid")
	v.says("/distributions", "Найдено 4", "Данные Plexy на")
	require.Len(t, plexy.Posts(), 1)

	down.Store(true)
	v.says("/distributions", "Найдено 4", "Plexy не отвечает с", "Показаны сохранённые данные на")
}

// The program ends in the middle of its first reading of a long history, and
// the next start reads the rest.
func TestFirstImportGoesOnAfterAStop(t *testing.T) {
	const many, cutAt = 1234, "7" // rows, page
	reached := make(chan struct{})
	once := sync.OnceFunc(func() { close(reached) })
	var cut atomic.Bool
	cut.Store(true)
	plexy, base := standIn(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if cut.Load() && r.URL.Path == "/v1/distributions" && r.URL.Query().Get("page") == cutAt {
				once()
				<-r.Context().Done() // no answer as long as the program lives
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	references := elsewhere(t, plexy, many)
	data := liveFolder(t)
	first := start(t, data, live(base, "pr_demo"))
	v := visit(t, first)
	v.signInWith("g@example.kz", livePassword)
	<-reached
	v.says("/distributions", "История ещё загружается из Plexy", "итоги неполные", "Найдено 600")
	require.NoError(t, first.stop())

	cut.Store(false)
	v = visit(t, start(t, data, live(base, "pr_demo")))
	v.signInWith("g@example.kz", livePassword)
	v.says("/distributions", "Найдено 1 234")
	require.Eventually(t, func() bool {
		return !strings.Contains(v.get("/distributions").text("body"), "История ещё загружается")
	},
		patience, patience/500)
	ordered := v.get("/distributions").submit("CSV для программ", url.Values{})
	var file *answer
	require.Eventually(t, func() bool {
		file = v.get(ordered.Path + "/file")
		return file.Status == http.StatusOK
	}, patience, patience/500)
	var read []string
	for i, row := range rowsOf(t, file.Body, ',') {
		if i > 0 {
			read = append(read, row[1])
		}
	}
	require.ElementsMatch(t, references, read)
}
