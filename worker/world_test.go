package worker

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/plexyclient"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	million = 1_000_000_00 // tiyn
	every   = 30 * time.Second
	window  = 24 * time.Hour
)

// world is a stand-in of Plexy, a database, and the workers between them, in a
// bubble where time passes only while everybody waits.
type world struct {
	*testing.T
	srv   *plexytest.Server
	plexy *plexyclient.Client
	path  string
	db    *store.DB
	maker distribution.Actor
	log   *logBook
	unit  Unit
	*Workers

	signer *audit.Signer // of a database with a note beside it; nil: there is none

	at   func(point string) error
	free atomic.Int64 // bytes of the disk; 0: as many as there are
	skew atomic.Int64 // of this machine's clock against Plexy's and true time
	mute atomic.Bool  // Plexy tells no Date

	mu   sync.Mutex
	pipe *plexytest.PipeListener
	stop func()
}

// now is this machine's clock.
func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.skew.Load())) }

// inWorld runs a test in a world of its own, beside others.
func inWorld(t *testing.T, opt plexytest.Options, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, newWorld(t, opt)) })
}

// inWorldOf is inWorld as a subtest.
func inWorldOf(t *testing.T, name string, opt plexytest.Options, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { inWorld(t, opt, test) })
}

func newWorld(t *testing.T, opt plexytest.Options) *world {
	t.Helper()
	if opt.Balance == 0 {
		opt.Balance = 100 * million
	}
	srv, err := plexytest.New(opt)
	require.NoError(t, err)
	w := &world{T: t, srv: srv, path: filepath.Join(t.TempDir(), "test.db"), log: &logBook{}, unit: Major, stop: func() {}}
	if opt.Unit == plexytest.UnitMinor {
		w.unit = Minor
	}
	w.up()
	t.Cleanup(w.down)
	w.plexy, err = plexyclient.New(plexyclient.Config{BaseURL: plexytest.BaseURL, Key: "pr_demo", DialContext: w.dial})
	require.NoError(t, err)
	t.Cleanup(w.plexy.Close)
	w.open()
	w.maker = storetest.User(t, w.db, distribution.Accountant)
	t.Cleanup(func() { w.stop() })
	return w
}

func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	pipe := w.pipe
	w.mu.Unlock()
	conn, err := pipe.DialContext(ctx, network, address)
	if err == nil && w.mute.Load() {
		conn = dateless{conn}
	}
	return conn, err
}

// dateless is a connection on which no answer has a Date.
type dateless struct{ net.Conn }

func (c dateless) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	copy(p, bytes.ReplaceAll(p[:n], []byte("\r\nDate:"), []byte("\r\nXate:")))
	return n, err
}

// down closes Plexy's port and cuts all connections; up opens it again.
func (w *world) down() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.pipe.Close()
	_ = w.srv.Close()
}

func (w *world) up() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pipe = w.srv.Listen()
}

// open opens the database as a new run of the program does.
func (w *world) open() {
	w.Helper()
	w.db = storetest.Open(w.T, w.path, w.now, func(o *store.Options) {
		o.Free, o.Signer, o.Instance = w.freeBytes, w.signer, w.signer != nil
	})
	w.Workers = w.workersOn(w.db)
}

func (w *world) freeBytes() (uint64, error) {
	if n := w.free.Load(); n != 0 {
		return uint64(n), nil //nolint:gosec // never negative
	}
	return 1 << 40, nil
}

func (w *world) workersOn(db *store.DB) *Workers {
	w.Helper()
	workers, err := New(Config{
		DB: db, Plexy: w.plexy, Unit: w.unit, Submit: true, SyncEvery: every, SettleWindow: window,
		ExportDir: filepath.Join(filepath.Dir(w.path), "exports"), Log: slog.New(slog.NewTextHandler(w.log, nil)), At: w.reach,
	})
	require.NoError(w, err)
	return workers
}

// reach is where the test fails or kills the program.
func (w *world) reach(point string) error {
	if w.at == nil {
		return nil
	}
	return w.at(point)
}

// start lets the workers work until stop.
func (w *world) start() { w.startOnly(w.Sender.Run, w.Syncer.Run, w.Reconciler.Run, w.Exporter.Run) }

func (w *world) startOnly(runs ...func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, run := range runs {
		all.Go(func() { assert.NoError(w, run(ctx)) })
	}
	w.stop = func() {
		cancel()
		all.Wait()
		w.stop = func() {}
	}
}

// restart is a new run of the program on the same database. Workers that run
// are stopped first.
func (w *world) restart() {
	w.Helper()
	w.stop()
	require.NoError(w, w.db.Close())
	w.open()
}

// pass lets time pass.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *world) queue(n int, fill ...func(*distribution.Form)) []distribution.Distribution {
	w.Helper()
	var all []distribution.Distribution
	for range n {
		all = append(all, storetest.Queued(w.T, w.db, w.maker, fill...))
		time.Sleep(time.Millisecond) // the queue is in the order of time
	}
	return all
}

// sync makes one round that must succeed.
func (w *world) sync() {
	w.Helper()
	_, err := w.Syncer.round(w.Context())
	require.NoError(w, err)
}

// syncWhole makes rounds until no import is open.
func (w *world) syncWhole() {
	w.Helper()
	for more := true; more; {
		var err error
		more, err = w.Syncer.round(w.Context())
		require.NoError(w, err)
	}
}

func (w *world) sendOne() {
	w.Helper()
	worked, err := w.Sender.SendOne(w.Context())
	require.NoError(w, err)
	require.True(w, worked, "nothing is queued")
}

func (w *world) get(d distribution.Distribution) distribution.Distribution {
	w.Helper()
	now, err := w.db.Distribution(w.Context(), d.ID)
	require.NoError(w, err)
	return now
}

func (w *world) state() store.SyncState {
	w.Helper()
	s, err := w.db.SyncState(w.Context())
	require.NoError(w, err)
	return s
}

// count is how many rows of ours have the status; of all origins.
func (w *world) count(s distribution.Status) int {
	w.Helper()
	t, err := w.db.Totals(w.Context(), store.Filter{Statuses: []distribution.Status{s}, Sort: "created"})
	require.NoError(w, err)
	return t.Count
}

func (w *world) fail(f plexytest.Fault, times int) {
	w.Helper()
	require.NoError(w, w.srv.Fail(f, times))
}

// runs reads the kept runs straight from the file.
func (w *world) runs() (kinds, errs []string) {
	w.Helper()
	rows, err := rawDB(w).QueryContext(w.Context(), "SELECT kind, error FROM sync_runs ORDER BY id")
	require.NoError(w, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var kind, code string
		require.NoError(w, rows.Scan(&kind, &code))
		kinds, errs = append(kinds, kind), append(errs, code)
	}
	require.NoError(w, rows.Err())
	return kinds, errs
}

// actions are the audited actions on the object, oldest first.
func (w *world) actions(object string) []string {
	w.Helper()
	rows, err := rawDB(w).QueryContext(w.Context(),
		"SELECT json_extract(record, '$.action') FROM audit WHERE json_extract(record, '$.object') = $1 ORDER BY seq", object)
	require.NoError(w, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var action string
		require.NoError(w, rows.Scan(&action))
		all = append(all, action)
	}
	require.NoError(w, rows.Err())
	return all
}

// logBook keeps what was logged.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
