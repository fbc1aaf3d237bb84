package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"plexydash/distribution"
	"plexydash/store"
)

// The first start of demo mode shows every state there is.
func (e *e2e) history(t *testing.T) {
	t.Parallel() // it ends with an attempt that is open for 20 s
	p := start(t, copyOf(t, e.fresh), nil)
	v := visit(t, p).signIn("auditor@demo.kz")
	require.Contains(t, v.get("/distributions").text("h1 + .head-note"), "2 000")
	var states []string
	for _, s := range distribution.Statuses() {
		states = append(states, string(s))
	}
	slices.Sort(states)
	require.Eventually(t, func() bool { // "sending" begins after the start, and lasts 20 s
		list := v.get("/distributions?size=250&sort=-updated")
		shown := list.Find("tbody [data-state]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("data-state", "") })
		slices.Sort(shown)
		return slices.Equal(states, slices.Compact(shown))
	}, patience, patience/1000, "not every state: %v", states)
}

// told is what a distribution of the history tells; references and ids differ
// from run to run.
type told struct {
	Status                   distribution.Status
	Amount                   distribution.Amount
	Name, IBAN, Purpose, By  string
	Origin                   distribution.Origin
	Regressed, Tried, Ticked bool
}

func toldIn(t *testing.T, data string) []told {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Path: filepath.Join(data, "demo.db")})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	everything, err := store.ParseFilter(nil)
	require.NoError(t, err)
	var all []told
	for d, err := range db.Register(t.Context(), everything) {
		require.NoError(t, err)
		all = append(all, told{
			Status: d.Status, Amount: d.Amount, Name: d.RecipientText().Name, IBAN: d.RecipientText().IBAN, Purpose: d.PaymentPurpose,
			By: d.CreatedBy.Name, Origin: d.Origin, Regressed: d.Regressed, Tried: d.PlexyID != "", Ticked: len(d.Confirmations) > 0,
		})
	}
	return all
}

func (e *e2e) sameHistory(t *testing.T) {
	t.Parallel()
	another := t.TempDir()
	require.NoError(t, start(t, another, nil, "--submit=off").stop())
	first := toldIn(t, copyOf(t, e.fresh))
	require.Len(t, first, demoTotal)
	require.ElementsMatch(t, first, toldIn(t, another))
}

func (e *e2e) auditLog(t *testing.T) {
	verify := func(data string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), []string{"audit", "verify", "--mode=demo", "--data=" + data}, nothing, &out)
		return out.String(), err
	}
	printed, err := verify(copyOf(t, e.fresh))
	require.NoError(t, err)
	require.Regexp(t, `^audit log: \d{3,} records, root \S+, no gap\ncheckpoints: \d+, the newest at \d{3,} records, signed by plexydash/demo/\S+/1\n$`, printed)

	for name, tampering := range map[string]string{
		"a record is rewritten": `DROP TRIGGER audit_no_update;
			UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), 'manager@demo.kz', 'auditor@demo.kz') AS BLOB)
			WHERE instr(CAST(record AS TEXT), 'manager@demo.kz') > 0`,
		"the last record is removed": `DROP TRIGGER audit_no_delete;
			DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)`,
		"two records change places": `DROP TRIGGER audit_no_update;
			UPDATE audit SET record = (SELECT other.record FROM audit other WHERE other.seq = 11 - audit.seq) WHERE seq IN (5, 6)`,
		"the stored tree is rewritten": `DROP TRIGGER audit_hashes_no_update;
			UPDATE audit_hashes SET hash = randomblob(32)`,
	} {
		t.Run(name, func(t *testing.T) {
			data := copyOf(t, e.fresh)
			db, err := sql.Open("sqlite", filepath.Join(data, "demo.db"))
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), tampering)
			require.NoError(t, err)
			require.NoError(t, db.Close())
			printed, err := verify(data)
			require.ErrorContains(t, err, "audit")
			require.Empty(t, printed)
		})
	}
}

func (e *e2e) oneProgram(t *testing.T) {
	p := e.demo(t)
	args := []string{"serve", "--listen=127.0.0.1:0", "--data=" + p.Data}
	require.EqualError(t, run(t.Context(), args, nothing, io.Discard), "another plexydash serves this data folder")

	list := []string{"user", "list", "--mode=demo", "--data=" + p.Data}
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), list, nothing, &out), "other commands work meanwhile")
	require.Contains(t, out.String(), "auditor@demo.kz")
}

func (e *e2e) stops(t *testing.T) {
	before := goleak.IgnoreCurrent()
	p := e.demo(t)
	v := visit(t, p).signIn("auditor@demo.kz")
	require.Equal(t, 200, v.get("/readyz").Status)
	v.client.CloseIdleConnections()
	require.NoError(t, p.stop())
	goleak.VerifyNone(t, before)

	left, err := os.ReadDir(p.Data)
	require.NoError(t, err)
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{"backups", "demo-audit.key", "demo-audit.pub", "demo-exports", "demo-instance.json", "demo-plexy.json", "demo.db", "demo.db.lock"}, names, fmt.Sprintf("%d files", len(left)))
}
