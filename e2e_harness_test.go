package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"plexydash/plexyclient/plexytest"
	"plexydash/store/storetest"
)

// patience is how long a test waits for something that is sure to come: a
// payment takes 5 s in the stand-in, and a machine may be busy.
const patience = 45 * time.Second

// TestDemo uses a real run in demo mode as people do: in Chromium, in a browser
// without scripts, and on the command line.
func TestDemo(t *testing.T) {
	e := seedDemo(t)
	t.Run("same history every time", e.sameHistory)
	t.Run("history is worth a visit", e.historyIsWorthAVisit)
	t.Run("audit log", e.auditLog)
	t.Run("one program on a folder", e.oneProgram)
	t.Run("stops and leaves nothing behind", e.stops)
	t.Run("without scripts", e.withoutScripts)
	t.Run("browser", e.inBrowser)
	t.Run("history", e.history)
}

func (e *e2e) inBrowser(t *testing.T) {
	t.Parallel()
	e.browser = startBrowser(t)
	for _, journey := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"pages are accessible and keep to themselves", e.pages},
		{"pages of decisions and proofs, too", e.decisionPages},
		{"only keys find and approve a payment", e.onlyKeys},
		{"the focus walks through every page", e.walks},
		{"tables are tables", e.tables},
		{"keys tick rows, and only these are exported", e.tickedByKeys},
		{"back from a page finds the list as it was left", e.backToTheList},
		{"new rows are told of and move nothing", e.arrivals},
		{"columns and views are one's own", e.ownColumnsAndViews},
		{"pages are light", e.lightPages},
		{"pages hold still", e.stillPages},
		{"a copied folder is on HOLD until two people lift it", e.onHold},
		{"Plexy's example from sign-in to the register", e.example},
		{"keyboard alone makes and sends a payment", e.keyboard},
		{"Cyrillic letter in an IBAN", e.cyrillic},
		{"one pasted block makes a payment", e.pastedExample},
		{"pickers and templates by the keyboard", e.pickers},
		{"a killed server loses no form", e.killed},
		{"double click sends once", e.doubleClick},
		{"back after sending sends nothing again", e.backAndAgain},
		{"back after signing out shows nothing", e.backAfterSigningOut},
		{"session ends on an open page", e.sessionEnds},
		{"session ends under a form", e.signInOverAForm},
		{"a planted cookie opens nothing", e.plantedCookie},
		{"other sites cannot act", e.otherSites},
		{"amount that the bank fails", e.failedByTheBank},
		{"amount whose answer gets lost", e.answerLost},
	} {
		t.Run(journey.name, func(t *testing.T) {
			t.Parallel()
			journey.run(t)
		})
	}
}

// e2e is what the tests of the demo share.
type e2e struct {
	fresh   string          // the data folder after the first start, before anything is sent; only to be copied
	seeded  string          // the same without the one whose answer takes 20 s: its queue is empty; only to be copied
	browser context.Context //nolint:containedctx // chromedp keeps the browser in a context
}

// program is a plexydash that serves.
type program struct {
	URL  string // as it is printed
	Data string // folder
	stop func() error
}

// start serves on a free port until the test ends.
func start(t *testing.T, data string, env map[string]string, flags ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	printed, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		args := append([]string{"serve", "--listen=127.0.0.1:0", "--data=" + data}, flags...)
		err := run(ctx, args, func(name string) string { return env[name] }, stdout)
		_ = stdout.CloseWithError(err) // never fails
		ended <- err
	}()
	p := &program{Data: data, stop: sync.OnceValue(func() error { cancel(); return <-ended })}
	t.Cleanup(func() { require.NoError(t, p.stop()) })

	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), ": open "); ok {
			p.URL = address
			go func() { _, _ = io.Copy(io.Discard, printed) }()
			return p
		}
	}
	require.FailNow(t, "the program ended before it served", "%v", lines.Err())
	return nil
}

// seedDemo starts demo mode for the first time.
func seedDemo(t *testing.T) *e2e {
	t.Helper()
	e := &e2e{fresh: t.TempDir()}
	require.NoError(t, start(t, e.fresh, nil, "--submit=off").stop())
	e.seeded = copyOf(t, e.fresh)
	held := start(t, e.seeded, nil, "--submit=off")
	manager := visit(t, held).signIn("manager@demo.kz")
	manager.get(manager.detail("status=queued&min=15.15&max=15.15")).submit("Отменить распределение", nil)
	require.NoError(t, held.stop())
	return e
}

// copyOf copies a data folder and lets the program take the copy for the
// original: a copy that is only copied is on HOLD.
func copyOf(t *testing.T, folder string) string {
	t.Helper()
	data := merelyCopied(t, folder)
	notes, err := filepath.Glob(filepath.Join(data, "*-instance.json"))
	require.NoError(t, err)
	for _, note := range notes {
		adopt(t, note)
	}
	return data
}

// adopt writes into the note which file the database is now.
func adopt(t *testing.T, note string) {
	t.Helper()
	text, err := os.ReadFile(note)
	require.NoError(t, err)
	var known map[string]any
	require.NoError(t, json.Unmarshal(text, &known))
	info, err := os.Stat(strings.TrimSuffix(note, "-instance.json") + ".db")
	require.NoError(t, err)
	known["inode"] = info.Sys().(*syscall.Stat_t).Ino
	text, err = json.Marshal(known)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(note, text, 0o600))
}

func merelyCopied(t *testing.T, folder string) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.CopyFS(data, os.DirFS(folder))) // which makes every file readable for all
	keys, err := filepath.Glob(filepath.Join(data, "*.key"))
	require.NoError(t, err)
	for _, key := range keys {
		require.NoError(t, os.Chmod(key, 0o600))
	}
	return data
}

// demo starts the program on its own copy of the seeded data. Whatever is done
// then, the rules of the database hold in the end.
func (e *e2e) demo(t *testing.T) *program {
	t.Helper()
	data := copyOf(t, e.seeded)
	t.Cleanup(func() { storetest.CheckInvariants(t, filepath.Join(data, "demo.db")) })
	return start(t, data, nil)
}

// posts is what reached the stand-in of Plexy under the reference.
func (p *program) posts(t *testing.T, reference string) []plexytest.Post {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.Data, "demo-plexy.json"))
	require.NoError(t, err)
	var state struct{ Posts []plexytest.Post }
	require.NoError(t, json.Unmarshal(raw, &state))
	var found []plexytest.Post
	for _, post := range state.Posts {
		if post.OrderReference == reference {
			found = append(found, post)
		}
	}
	return found
}

// example is Plexy's documented distribution, as a person types it.
type example struct {
	Reference, Amount, Name, BIN, IBAN, BIC, KBe, KNP, Purpose string
	body                                                       string // JSON that Plexy must get
}

func plexyExample(t *testing.T) example {
	t.Helper()
	raw, err := os.ReadFile("plexyclient/testdata/plexy-example.json")
	require.NoError(t, err)
	var file struct {
		Request struct{ Body json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(raw, &file))
	var body struct {
		OrderReference, PaymentPurpose string
		Amount                         json.Number
		Recipient                      struct{ Name, BIN, IBAN, BIC, KBe, KNP string }
	}
	require.NoError(t, json.Unmarshal(file.Request.Body, &body))
	require.Equal(t, "150000", body.Amount.String(), "the amount that is typed below")
	r := body.Recipient
	return example{
		Reference: body.OrderReference, Amount: "150 000,00", Name: r.Name, BIN: r.BIN, IBAN: inFours(r.IBAN), BIC: r.BIC,
		KBe: r.KBe, KNP: r.KNP, Purpose: body.PaymentPurpose, body: string(file.Request.Body),
	}
}

func inFours(iban string) string {
	var parts []string
	for ; len(iban) > 4; iban = iban[4:] {
		parts = append(parts, iban[:4])
	}
	return strings.Join(append(parts, iban), " ")
}

// missingTool skips the test, but not where everything must run.
func missingTool(t *testing.T, what, command string) {
	t.Helper()
	message := fmt.Sprintf("%s is not installed: run %s", what, command)
	if os.Getenv("CI") == "true" {
		require.FailNow(t, message)
	}
	t.Skip(message)
}

// startBrowser starts one Chromium; its tabs are opened by open.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		missingTool(t, "Chromium", "make chromium")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium), chromedp.Headless, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1440, 900),
		// The browser's own opinion of names and roles, for finding things as people do.
		chromedp.Flag("enable-blink-features", "ComputedAccessibilityInfo"),
	}
	for _, flag := range []string{
		"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-dev-shm-usage", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows",
		"disable-renderer-backgrounding", "hide-scrollbars",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, closeAllocator := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(closeAllocator)
	browser, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(closeBrowser)
	require.NoError(t, chromedp.Do(browser), "start Chromium")
	return browser
}
