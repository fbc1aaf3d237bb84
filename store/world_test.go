package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// world is a database with people and a clock that is moved by hand.
type world struct {
	*store.DB
	path    string
	clock   *storetest.Clock
	maker   distribution.Actor
	manager distribution.Actor
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{path: filepath.Join(t.TempDir(), "test.db"), clock: storetest.NewClock()}
	w.DB = storetest.Open(t, w.path, w.clock.Now)
	w.maker, w.manager = storetest.User(t, w.DB, distribution.Accountant), storetest.User(t, w.DB, distribution.Manager)
	return w
}

// restart opens the same file again, as the next run of the program does.
func (w *world) restart(t testing.TB) {
	t.Helper()
	require.NoError(t, w.Close())
	w.DB = storetest.Open(t, w.path, w.clock.Now)
}

// sql runs a statement past all rules.
func (w *world) sql(t testing.TB, statement string, args ...any) {
	t.Helper()
	_, err := store.WritePool(w.DB).ExecContext(t.Context(), statement, args...)
	require.NoError(t, err)
}

func (w *world) read(t testing.TB, id string) distribution.Distribution {
	t.Helper()
	d, err := w.Distribution(t.Context(), id)
	require.NoError(t, err)
	return d
}

func (w *world) status(t testing.TB, id string) distribution.Status {
	t.Helper()
	return w.read(t, id).Status
}

// event is the newest of a distribution's history.
func (w *world) event(t testing.TB, id string) store.Event {
	t.Helper()
	all, err := w.Events(t.Context(), id)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all[0]
}

// dump is the whole content of the database as text.
func (w *world) dump(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range column(t, w.DB, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		w.dumpTable(t, &b, table)
	}
	return b.String()
}

func (w *world) dumpTable(t testing.TB, b *strings.Builder, table string) {
	t.Helper()
	rows, err := store.ReadPool(w.DB).QueryContext(t.Context(), "SELECT * FROM "+table)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		require.NoError(t, rows.Scan(into...))
		fmt.Fprintf(b, "%s %v\n", table, row)
	}
	require.NoError(t, rows.Err())
}

// column runs a query of one text column.
func column(t testing.TB, db *store.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := store.ReadPool(db).QueryContext(t.Context(), query, args...)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		all = append(all, text)
	}
	require.NoError(t, rows.Err())
	return all
}

func sender() distribution.Actor { return distribution.System("sender") }
func syncer() distribution.Actor { return distribution.System("syncer") }

// seen is an answer to the call list or detail with these rows.
func (w *world) seen(call string, remotes ...distribution.Remote) store.Seen {
	for i := range remotes {
		remotes[i].ByID = call == "detail"
	}
	return store.Seen{Remotes: remotes, Answer: storetest.Answer(call, w.Now())}
}

// apply brings an answer into the mirror.
func (w *world) apply(t testing.TB, call string, remotes ...distribution.Remote) store.Applied {
	t.Helper()
	applied, err := w.ApplyRemote(t.Context(), syncer(), w.seen(call, remotes...), nil)
	require.NoError(t, err)
	return applied
}

// foreign is a row at Plexy that was made elsewhere, on the day of the clock.
func (w *world) foreign(plexyID, word string) distribution.Remote {
	return distribution.Remote{
		PlexyID: plexyID, OrderReference: "ELSEWHERE-" + plexyID, Amount: 12_345_00, Currency: distribution.KZT,
		Recipient: distribution.RecipientText{Name: "ИП Ахметов", BIN: "900101300123", IBAN: "KZ86125KZT5004100100", BIC: "KCJBKZKX", KBe: "19", KNP: "859"},
		Word:      word, CreatedAt: w.Now().Add(-time.Hour),
	}
}

// byPlexyID reads the mirror row of an id at Plexy.
func (w *world) byPlexyID(t testing.TB, plexyID string) distribution.Distribution {
	t.Helper()
	ids := column(t, w.DB, "SELECT id FROM distributions WHERE plexy_id = $1", plexyID)
	require.Len(t, ids, 1, "rows with the id %s", plexyID)
	return w.read(t, ids[0])
}

// window is how long an unknown outcome is searched for.
const window = 24 * time.Hour

// proposal is one about the distribution with everything that its kind asks for.
func proposal(kind distribution.DecisionKind, id string) store.Proposal {
	p := store.Proposal{Kind: kind, DistributionID: id, Reason: "проверено по выписке"}
	switch kind {
	case distribution.DecideTicket:
		p.Ticket = "PLX-77"
	case distribution.DecideLink:
		p.PlexyID = "P-1"
	case distribution.DecidePolicy:
		p.Policy = &distribution.Policy{LimitDay: 1_000_000_00}
	case distribution.DecideResend, distribution.DecideClose, distribution.DecideOurs, distribution.DecideNotOurs,
		distribution.DecideOverride, distribution.DecideUnit, distribution.DecideHold:
	}
	return p
}

// propose opens a decision as the maker.
func (w *world) propose(t testing.TB, kind distribution.DecisionKind, id string) distribution.Decision {
	t.Helper()
	dec, err := w.Propose(t.Context(), w.maker, proposal(kind, id), window)
	require.NoError(t, err)
	return dec
}

// decide lets the maker propose and the manager confirm.
func (w *world) decide(t testing.TB, kind distribution.DecisionKind, id string) distribution.Distribution {
	t.Helper()
	_, err := w.Confirm(t.Context(), w.manager, w.propose(t, kind, id).ID)
	require.NoError(t, err)
	return w.read(t, id)
}

// resent is queued once more after two people decided so.
func resent(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	return w.decide(t, distribution.DecideResend, missed(t, w).ID)
}

// closed is taken for not sent, as two people decided.
func closed(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	return w.decide(t, distribution.DecideClose, missed(t, w).ID)
}

// differs is one that Plexy shows under P-1 with another amount.
func differs(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	d := storetest.Unknown(t, w.DB, w.maker)
	r := storetest.Remote(&d, "P-1", "created")
	r.Amount++
	w.apply(t, "detail", r)
	require.Equal(t, distribution.Mismatch, w.status(t, d.ID))
	return w.read(t, d.ID)
}

// other is the payment of d that Plexy shows under P-1 and another reference.
func other(t *testing.T, w *world, d distribution.Distribution) distribution.Distribution {
	t.Helper()
	r := storetest.Remote(&d, "P-1", "paid")
	r.OrderReference, r.CreatedAt = "OTHER-1", w.Now()
	w.apply(t, "list", r)
	return w.byPlexyID(t, "P-1")
}
