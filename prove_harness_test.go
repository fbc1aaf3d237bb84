package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"flag"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store/storetest"
)

var (
	proveSeed          = flag.Uint64("prove.seed", 0, "repeat the storms of this seed; 0: a new one")
	proveDistributions = flag.Int("prove.distributions", 60, "distributions of the storm of kills")
	proveKills         = flag.Int("prove.kills", 8, "kills in it")
	proveLost          = flag.Int("prove.lost", 30, "distributions sent after the backup that is restored")
	proveStride        = flag.Int("prove.stride", 9, "of the calls by which something comes to the disk, every so many is struck")
	proveCuts          = flag.Int("prove.cuts", 60, "images of a power cut")
	proveTogether      = flag.Duration("prove.together", 6*time.Second, "how long two programs share a database")
)

// TestProgramUnderFire uses the program as it is shipped, in live mode, on a real
// file and over real sockets. It is built with its crash points; Plexy is a
// stand-in in this process, whose log of POSTs says what was paid.
func TestProgramUnderFire(t *testing.T) {
	f := &fire{bin: filepath.Join(t.TempDir(), "plexydash"), folder: t.TempDir(), seed: *proveSeed}
	if f.seed == 0 {
		f.seed = rand.Uint64()
	}
	t.Logf("-prove.seed=%d", f.seed)
	f.build(t)
	f.people(t)
	for _, part := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"kills at any moment", f.killsAtAnyMoment},
		{"crash points", f.crashPoints},
		{"fifty identical clicks", f.identicalClicks},
		{"stop under load", f.stopUnderLoad},
		{"end during a slow answer", f.endDuringASlowAnswer},
		{"second program on the folder", f.secondProgram},
		{"two programs on one database", f.twoPrograms},
		{"restored backup", f.restoredBackup},
		{"copied folder", f.copiedFolder},
		{"struck calls", f.struckCalls},
		{"struck migration", f.struckMigration},
		{"power cuts", f.powerCuts},
		{"full disk", f.fullDisk},
		{"answer without room", f.answerWithoutRoom},
		{"locked database", f.lockedDatabase},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t)
		})
	}
}

// fire is what all parts share.
type fire struct {
	bin    string // the program
	folder string // data with people; only to be copied
	seed   uint64
}

func (f *fire) build(t *testing.T) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-tags=crashpoints", "-o", f.bin, ".").CombinedOutput()
	require.NoErrorf(t, err, "%s", out)
}

const (
	accountantEmail = "g@example.kz"
	managerEmail    = "m@example.kz"
	secondEmail     = "m2@example.kz" // a manager too
)

func (f *fire) people(t *testing.T) {
	t.Helper()
	for email, role := range map[string]string{accountantEmail: "accountant", managerEmail: "manager", secondEmail: "manager"} {
		_, err := userCommandLine(t, f.folder, livePassword+"\n", "add", "--email="+email, "--name="+email, "--role="+role)
		require.NoError(t, err)
	}
}

// command runs the program to its good end.
func (f *fire) command(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), f.bin, args...).CombinedOutput()
	require.NoErrorf(t, err, "%s\n%s", args, out)
}

// process is one run of the program.
type process struct {
	cmd  *exec.Cmd
	url  chan string   // its address, once
	done chan struct{} // closed when it ended
}

// spawn starts the program without waiting for it.
func (f *fire) spawn(t *testing.T, data, plexy string, env ...string) *process {
	t.Helper()
	errors, err := os.OpenFile(data+".log", os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	p := &process{
		cmd: exec.CommandContext(t.Context(), f.bin, "serve", "--listen=127.0.0.1:0", "--data="+data),
		url: make(chan string, 1), done: make(chan struct{}),
	}
	for name, value := range live(plexy, "pr_demo") {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Env = append(p.cmd.Env, env...)
	p.cmd.Stderr = errors
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.done)
		p.listen(stdout)
		_ = p.cmd.Wait() // how it ended is in ProcessState
		_ = errors.Close()
	}()
	t.Cleanup(func() { p.end(syscall.SIGKILL) })
	return p
}

// listen reads to the end what the program prints.
func (p *process) listen(stdout io.Reader) {
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), ": open "); ok {
			p.url <- strings.Replace(address, "localhost", "127.0.0.1", 1)
		}
	}
}

// end sends the signal and waits for the end; a program that has ended stays so.
func (p *process) end(signal syscall.Signal) {
	_ = p.cmd.Process.Signal(signal)
	<-p.done
}

func (p *process) killed() bool {
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// serves waits for the address; empty when the program ended before.
func (p *process) serves() string {
	select {
	case url := <-p.url:
		return url
	case <-p.done:
		return ""
	}
}

// quit ends the program as an operator does, and it must end well.
func (p *process) quit(t *testing.T) {
	t.Helper()
	p.end(syscall.SIGTERM)
	require.Truef(t, p.cmd.ProcessState.Success(), "%v", p.cmd.ProcessState)
}

// row is a distribution as the database has it.
type row struct {
	id, origin, status, reason string
	attempts                   int
}

// rowsByReference finds every distribution.
func rowsByReference(t *testing.T, data string) map[string]row {
	t.Helper()
	rows := map[string]row{}
	query(t, data, `SELECT order_reference, id, origin, status, status_reason,
		(SELECT count(*) FROM attempts a WHERE a.distribution_id = d.id) FROM distributions d`, func(scan func(...any) error) error {
		var reference string
		var r row
		err := scan(&reference, &r.id, &r.origin, &r.status, &r.reason, &r.attempts)
		require.NotContains(t, rows, reference, "two rows under one reference")
		rows[reference] = r
		return err
	})
	return rows
}

// query reads the file on a connection of its own, while programs use it or not.
func query(t *testing.T, data, sqlText string, each func(scan func(...any) error) error) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: liveFile(data)}).EscapedPath()+"?_query_only=1&_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	rows, err := db.QueryContext(context.Background(), sqlText)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		require.NoError(t, each(rows.Scan))
	}
	require.NoError(t, rows.Err())
}

func liveFile(data string) string { return filepath.Join(data, "live.db") }

// attempts counts the POSTs that were begun, by outcome and reason.
func attempts(t *testing.T, data string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	query(t, data, "SELECT coalesce(outcome, 'open') || ' ' || reason, count(*) FROM attempts GROUP BY 1", func(scan func(...any) error) error {
		var what string
		var n int
		err := scan(&what, &n)
		counts[strings.TrimSpace(what)] = n
		return err
	})
	return counts
}

// judge compares the database of a program that has ended with what Plexy knows,
// and proves the invariants and the log.
func (f *fire) judge(t *testing.T, data string, plexy *plexytest.Server) (rows map[string]row) {
	t.Helper()
	rows = rowsByReference(t, data)
	posts, executed := map[string]int{}, map[string]int{}
	for _, p := range plexy.Posts() {
		posts[p.OrderReference]++
		if p.Executed {
			executed[p.OrderReference]++
		}
	}
	for reference, n := range posts {
		assert.LessOrEqualf(t, n, rows[reference].attempts, "%s: POSTs without an attempt", reference)
		assert.LessOrEqualf(t, n, 1, "%s was sent more than once", reference)
	}
	for reference, r := range rows {
		assert.Equalf(t, string(distribution.FromDashboard), r.origin, "%s was taken for another's", reference)
		truth := []distribution.Status{distribution.Refused, distribution.Unknown, distribution.NotFound}
		switch {
		case executed[reference] > 0 && r.reason == "differs":
			truth = []distribution.Status{distribution.Mismatch}
		case executed[reference] > 0:
			truth = []distribution.Status{distribution.Accepted, distribution.Processing, distribution.Paid}
		}
		assert.Containsf(t, truth, distribution.Status(r.status), "%s (%s), executed %d times", reference, r.reason, executed[reference])
	}
	storetest.CheckInvariants(t, liveFile(data))
	query(t, data, "SELECT why FROM holds", func(scan func(...any) error) error {
		var why string
		err := scan(&why)
		assert.Fail(t, "a HOLD although nothing was restored", why)
		return err
	})
	f.command(t, "audit", "verify", "--data="+data)
	if t.Failed() {
		f.tail(t, data)
	}
	return rows
}

// tail shows the end of what the program logged.
func (f *fire) tail(t *testing.T, data string) {
	t.Helper()
	log, err := os.ReadFile(data + ".log")
	require.NoError(t, err)
	lines := bytes.Split(log, []byte("\n"))
	lines = slices.DeleteFunc(lines, func(l []byte) bool { return bytes.Contains(l, []byte(`"msg":"request"`)) })
	t.Logf("%s", bytes.Join(lines[max(0, len(lines)-40):], []byte("\n")))
}
