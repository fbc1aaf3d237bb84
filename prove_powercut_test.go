package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// step is one system call of a trace that changed a file.
type step struct {
	call, file string
	to         string // of a rename
	offset     int64  // of a write; length of a truncation
	data       []byte
}

// powerCuts records what the program writes in one whole send and rebuilds what a
// disk may hold when the power goes at any moment of it: what was synced, and of
// everything later any sectors or none. Each image must be whole and have every
// record of the log that was acknowledged by then. The note beside the database
// says how many those are: it is written after a commit.
func (f *fire) powerCuts(t *testing.T) {
	before, steps := f.recordedSend(t)
	dice := rand.New(rand.NewPCG(f.seed, 21))
	for name, c := range map[string]struct {
		lazy bool // the log is synced only before it is moved into the database
		cuts int
	}{
		"FULL":        {cuts: *proveCuts},
		"like NORMAL": {lazy: true, cuts: max(60, *proveCuts/10)},
	} {
		broken, lost := 0, 0
		for range c.cuts {
			cut := 1 + dice.IntN(len(steps))
			d := newDisk(before)
			for _, s := range steps[:cut] {
				d.apply(s, c.lazy)
			}
			records, err := recordsOf(t, d.image(dice))
			if err != nil {
				broken++
				t.Logf("%s, cut after call %d: %s", name, cut, err)
			} else if records < acknowledged(t, steps[:cut]) {
				lost++
			}
		}
		t.Logf("%s: %d images of %d calls: %d broken, %d without an acknowledged record", name, c.cuts, len(steps), broken, lost)
		assert.Zero(t, broken, name)
		if c.lazy {
			assert.Positive(t, lost, "the method would not see a loss")
			continue
		}
		assert.Zero(t, lost, name)
	}
}

// recordedSend is the database before, and the calls of a program that starts,
// sends one payment and ends.
func (f *fire) recordedSend(t *testing.T) (before map[string][]byte, steps []step) {
	t.Helper()
	plexy, base := standIn(t, func(next http.Handler) http.Handler { return next })
	s := f.scene(t, base)
	before = filesOf(t, s.data)
	trace := filepath.Join(t.TempDir(), "trace")
	watched := &fire{bin: filepath.Join(t.TempDir(), "plexydash"), folder: f.folder}
	script := fmt.Sprintf("#!/bin/sh\nexec %q -f -y -xx -s 1000000 -e signal=none -e trace=pwrite64,write,fsync,fdatasync,ftruncate,renameat,renameat2,rename,unlink,unlinkat -o %q %q \"$@\"\n",
		strace(t), trace, f.bin)
	require.NoError(t, os.WriteFile(watched.bin, []byte(script), 0o700))
	s.f = watched
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	s.start()
	accountant := newClerk(t, s.where)
	require.NoError(t, accountant.signIn(ctx, accountantEmail))
	id, err := accountant.pay(ctx, payment("CUT", 1))
	require.NoError(t, err)
	require.NoError(t, accountant.becomes(ctx, id, "accepted", "processing", "paid"))
	endTraced(t, s.now)
	require.Len(t, plexy.Posts(), 1)
	steps = readTrace(t, trace, s.data)
	require.Positive(t, acknowledged(t, steps))
	return before, steps
}

// endTraced ends the program below strace as an operator does: strace itself
// ignores the signal.
func endTraced(t *testing.T, p *process) {
	t.Helper()
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", p.cmd.Process.Pid, p.cmd.Process.Pid))
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.Fields(string(children))[0])
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGTERM))
	<-p.done
}

func filesOf(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	found, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, f := range found {
		if f.Type().IsRegular() {
			files[f.Name()], err = os.ReadFile(filepath.Join(folder, f.Name()))
			require.NoError(t, err)
		}
	}
	return files
}

// readTrace takes from strace's output what happened to files of the folder. A
// call that others interrupt in the output is where it ended.
func readTrace(t *testing.T, trace, folder string) (steps []step) {
	t.Helper()
	file, err := os.Open(trace)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	begun, lines := map[string]string{}, bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		thread, text, _ := strings.Cut(lines.Text(), " ")
		text = strings.TrimSpace(text)
		if head, unfinished := strings.CutSuffix(text, " <unfinished ...>"); unfinished {
			begun[thread] = head
			continue
		}
		if m := regexp.MustCompile(`^<\.\.\. \w+ resumed>`).FindString(text); m != "" {
			text = begun[thread] + text[len(m):]
		}
		if s, ok := readStep(text, folder); ok {
			steps = append(steps, s)
		}
	}
	require.NoError(t, lines.Err())
	return steps
}

// readStep reads one finished call; paths and data are all in hexadecimal.
func readStep(text, folder string) (s step, ok bool) {
	call, rest, _ := strings.Cut(text, "(")
	ended := regexp.MustCompile(`\) += (-?\d+)`).FindAllStringSubmatchIndex(rest, -1)
	if len(ended) == 0 || rest[ended[len(ended)-1][2]] == '-' {
		return s, false
	}
	rest = rest[:ended[len(ended)-1][0]]
	s.call = call
	var texts []string
	for _, m := range regexp.MustCompile(`<([^>]*)>|"([^"]*)"`).FindAllStringSubmatch(rest, -1) {
		texts = append(texts, string(unhex(m[1]+m[2])))
	}
	if len(texts) == 0 {
		return s, false
	}
	numbers := regexp.MustCompile(`-?\d+$`).FindString(rest)
	switch call {
	case "pwrite64", "ftruncate":
		s.offset, _ = strconv.ParseInt(numbers, 10, 64)
		s.data = []byte(texts[len(texts)-1])
		s.file = texts[0]
	case "write":
		s.file, s.data = texts[0], []byte(texts[len(texts)-1])
	case "fsync", "fdatasync":
		s.file = texts[0]
	default: // renames and removals; -y tells of the folder's descriptor too
		paths := slices.DeleteFunc(texts, func(text string) bool { return filepath.Ext(text) == "" })
		if len(paths) == 0 {
			return s, false
		}
		s.file, s.to = paths[0], paths[len(paths)-1]
	}
	if filepath.Dir(s.file) != folder {
		return s, false
	}
	s.file, s.to = filepath.Base(s.file), filepath.Base(s.to)
	return s, true
}

func unhex(text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	if err != nil {
		return []byte(text)
	}
	return b
}

// acknowledged is how many records of the log the newest note knows of.
func acknowledged(t *testing.T, steps []step) (n int) {
	t.Helper()
	for _, s := range steps {
		if s.call != "write" || !strings.Contains(s.file, "instance") {
			continue
		}
		var note struct{ Size int }
		require.NoError(t, json.Unmarshal(s.data, &note), "%s", s.data)
		n = max(n, note.Size)
	}
	return n
}

// disk is what a disk holds for sure, and what it may hold.
type disk struct {
	sure  map[string][]byte
	maybe map[string][]step
}

func newDisk(before map[string][]byte) *disk {
	d := &disk{sure: map[string][]byte{}, maybe: map[string][]step{}}
	for name, content := range before {
		d.sure[name] = slices.Clone(content)
	}
	return d
}

const (
	mainFile = "live.db"
	walFile  = "live.db-wal"
	sector   = 512
)

// apply does one step. A lazy one is synced before it is moved into the
// database, and else not: PRAGMA synchronous = NORMAL.
func (d *disk) apply(s step, lazy bool) {
	switch {
	case s.file != mainFile && s.file != walFile:
	case s.call == "pwrite64" || s.call == "ftruncate":
		if lazy && s.file == mainFile {
			d.settle(walFile)
		}
		d.maybe[s.file] = append(d.maybe[s.file], s)
	case strings.HasSuffix(s.call, "sync") && (!lazy || s.file != walFile):
		d.settle(s.file)
	case strings.HasPrefix(s.call, "unlink"):
		d.settle(s.file)
		delete(d.sure, s.file)
	}
}

func (d *disk) settle(file string) {
	for _, s := range d.maybe[file] {
		d.sure[file] = written(d.sure[file], s)
	}
	d.maybe[file] = nil
}

func written(content []byte, s step) []byte {
	if s.call == "ftruncate" {
		return append(content[:min(int64(len(content)), s.offset):min(int64(len(content)), s.offset)], make([]byte, max(0, s.offset-int64(len(content))))...)
	}
	if grow := s.offset + int64(len(s.data)) - int64(len(content)); grow > 0 {
		content = append(content, make([]byte, grow)...)
	}
	copy(content[s.offset:], s.data)
	return content
}

// image draws what is there after the cut: of what was not synced nothing, all of
// it, or any sectors, each as it was written first or last.
func (d *disk) image(dice *rand.Rand) map[string][]byte {
	files := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(d.sure)) {
		files[name] = slices.Clone(d.sure[name])
	}
	for _, name := range []string{mainFile, walFile} {
		var parts []step
		for _, s := range d.maybe[name] {
			if s.call == "ftruncate" {
				parts = append(parts, s)
				continue
			}
			for at := 0; at < len(s.data); at += sector {
				parts = append(parts, step{call: s.call, offset: s.offset + int64(at), data: s.data[at:min(at+sector, len(s.data))]})
			}
		}
		percent := []int{0, 100, dice.IntN(101)}[dice.IntN(3)]
		for _, p := range parts {
			if dice.IntN(100) < percent {
				files[name] = written(files[name], p)
			}
		}
	}
	return files
}

// recordsOf counts the records of the audit log of an image that is whole.
func recordsOf(t *testing.T, files map[string][]byte) (n int, err error) {
	t.Helper()
	data, err := os.MkdirTemp(t.TempDir(), "cut")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(data)) }()
	for _, name := range []string{mainFile, walFile} {
		if content, there := files[name]; there {
			require.NoError(t, os.WriteFile(filepath.Join(data, name), content, 0o600))
		}
	}
	return soundRecords(data)
}

func soundRecords(data string) (n int, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, mainFile))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	err = db.QueryRow("SELECT (SELECT group_concat(integrity_check) FROM pragma_integrity_check), count(*) FROM audit").Scan(&verdict, &n)
	if err == nil && verdict != "ok" {
		err = errors.New(verdict)
	}
	return n, err
}
