package store_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/audit"
	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func auditFilter(t require.TestingT, query string) store.AuditFilter {
	v, err := url.ParseQuery(query)
	require.NoError(t, err)
	f, err := store.ParseAuditFilter(v)
	require.NoError(t, err)
	return f
}

// found are the numbers of the records on all pages of the filter.
func (w *world) found(t require.TestingT, query string) []int64 {
	f := auditFilter(t, query)
	var all []int64
	for {
		p, err := w.AuditLog(context.Background(), f)
		require.NoError(t, err)
		for _, l := range p.Lines {
			all = append(all, l.Seq)
		}
		if f.Cursor = p.Next; f.Cursor == "" {
			return all
		}
	}
}

// exported are the numbers of the records in a file of the filter.
func (w *world) exported(t require.TestingT, query string) []int64 {
	var all []int64
	var note []byte
	for l, err := range w.AuditRegister(context.Background(), auditFilter(t, query), &note) {
		require.NoError(t, err)
		all = append(all, l.Seq)
	}
	return all
}

// busy fills a log with a day's work of several people.
func busy(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.maker.Address, w.manager.Address = "10.0.3.9", "10.0.3.7"
	d := storetest.Draft(t, w.DB, w.maker)
	w.clock.Advance(30 * time.Hour)
	storetest.Unknown(t, w.DB, w.maker)
	require.NoError(t, w.RecordRefused(t.Context(), w.manager, store.Refused{Action: "distribution.approval", Object: "distribution", ID: d.ID, Reason: "own"}))
	require.NoError(t, w.RecordRefused(t.Context(), w.maker, store.Refused{Action: "distribution.edit", Object: "distribution", ID: d.ID, Failed: true, Reason: "failure"}))
	require.NoError(t, w.StopSending(t.Context(), w.manager, "Жду ответа банка <срочно>"))
	w.clock.Advance(-50 * time.Hour) // the clock was put right
	require.NoError(t, w.RecordReading(t.Context(), w.manager, "q=x"))
	require.NoError(t, w.StartSending(t.Context(), w.manager, "ёлка"))
	return w
}

// Every filter finds, on pages and in files, exactly the records that have it.
func TestAuditFilters(t *testing.T) {
	w := busy(t)
	all := auditRecords(t, w.DB)
	var first string
	for _, r := range all {
		if r.Action == "distribution.created" && first == "" {
			first = r.ObjectID
		}
	}
	reference := w.read(t, first).OrderReference
	day := func(r audit.Record) string { return r.At.Add(5 * time.Hour).Format(time.DateOnly) }
	for query, want := range map[string]func(audit.Record) bool{
		"":                            func(audit.Record) bool { return true },
		"person=" + w.maker.Email:     func(r audit.Record) bool { return r.Actor.ID == w.maker.ID },
		"person=system:sender":        func(r audit.Record) bool { return r.Actor.ID == "system:sender" },
		"person=nobody@example.kz":    func(audit.Record) bool { return false },
		"role=manager":                func(r audit.Record) bool { return r.Actor.Role == "manager" },
		"object=sending":              func(r audit.Record) bool { return r.Object == "sending" },
		"action=distribution.created": func(r audit.Record) bool { return r.Action == "distribution.created" },
		"id=" + first:                 func(r audit.Record) bool { return r.ObjectID == first },
		"id=" + reference:             func(r audit.Record) bool { return r.ObjectID == first },
		"id=DIST-NONE":                func(audit.Record) bool { return false },
		"result=denied":               func(r audit.Record) bool { return r.Result == audit.Denied },
		"result=failed":               func(r audit.Record) bool { return r.Result == audit.Failed },
		"result=done":                 func(r audit.Record) bool { return r.Result == audit.Done },
		"address=10.0.3.7":            func(r audit.Record) bool { return r.Actor.Address == "10.0.3.7" },
		"from=2026-11-24":             func(r audit.Record) bool { return day(r) >= "2026-11-24" },
		"to=2026-11-23":               func(r audit.Record) bool { return day(r) <= "2026-11-23" },
		"from=2026-11-23&to=2026-11-23&role=accountant": func(r audit.Record) bool { return day(r) == "2026-11-23" && r.Actor.Role == "accountant" },
		"from=2020-01-01&to=2020-01-02":                 func(audit.Record) bool { return false },
		"q=" + url.QueryEscape("ответа БАНКА <сроч"):    func(r audit.Record) bool { return strings.Contains(r.Reason+r.Details["stopped.because"], "Жду") },
		"q=" + url.QueryEscape("ЕЛКА"):                  func(r audit.Record) bool { return r.Reason == "ёлка" },
		"q=" + reference:                                func(r audit.Record) bool { return r.ObjectID == first || r.Details["orderReference"] == reference },
		"q=filter":                                      func(audit.Record) bool { return false }, // of readings, which would find themselves
		"object=audit&q=filter":                         func(r audit.Record) bool { return r.Object == "audit" },
		"q=150000.00":                                   func(r audit.Record) bool { return r.Details["amount"] == "15000000" },
		"person=" + w.manager.Email + "&result=denied":  func(r audit.Record) bool { return r.Actor.ID == w.manager.ID && r.Result == audit.Denied },
	} {
		t.Run(query, func(t *testing.T) {
			var numbers []int64
			byResult := map[audit.Result]int{}
			for _, r := range all {
				if want(r) {
					numbers = append(numbers, r.Seq)
					byResult[r.Result]++
				}
			}
			assert.Equal(t, numbers, w.exported(t, query), "a file, in the order of the log")
			totals, err := w.CountAudit(t.Context(), auditFilter(t, query))
			require.NoError(t, err)
			assert.Equal(t, len(numbers), totals.Count)
			for _, result := range []audit.Result{audit.Done, audit.Denied, audit.Failed} {
				assert.Equal(t, byResult[result], totals.ByResult[result], result)
			}
			slices.Reverse(numbers)
			assert.Equal(t, numbers, w.found(t, query), "pages, the newest first")
		})
	}
}

func TestAuditFilterIsItsAddress(t *testing.T) {
	for _, query := range []string{
		"", "q=a&person=b%40c.kz&role=auditor&object=user&action=user.created&id=x&result=denied&address=10.0.0.1&from=2026-11-01&to=2026-11-02&cursor=7&size=100",
	} {
		v, err := url.ParseQuery(query)
		require.NoError(t, err)
		assert.Equal(t, v, auditFilter(t, query).Values())
	}
	for _, query := range []string{
		"role=boss", "result=ok", "from=1.11.2026", "to=x", "cursor=x", "cursor=-1", "size=7", "sort=at", "person=a&person=b", "q=" + strings.Repeat("я", 256),
	} {
		v, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = store.ParseAuditFilter(v)
		var bad *store.FilterError
		assert.ErrorAs(t, err, &bad, query)
	}
}

// However a log is cut into pages, each record is on exactly one of them, also
// when more are written meanwhile.
func TestPagesOfTheLogNeitherRepeatNorHide(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		require.NoError(t, store.Record(t.Context(), w.DB, w.maker, "policy.changed", "policy", fmt.Sprint(i)))
	}
	f := auditFilter(t, "size=25&object=policy")
	var ids []string
	for {
		p, err := w.AuditLog(t.Context(), f)
		require.NoError(t, err)
		for _, l := range p.Lines {
			ids = append(ids, l.ObjectID)
		}
		if f.Cursor = p.Next; f.Cursor == "" {
			break
		}
		require.NoError(t, store.Record(t.Context(), w.DB, w.maker, "policy.changed", "policy", "later"))
	}
	require.Len(t, ids, 60)
	assert.Equal(t, "59", ids[0])
	assert.Equal(t, "0", ids[59])
}

// The numbers of a period are exact even after a clock that ran ahead.
func TestPeriodsFollowTheTimesOfTheRecords(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		want := map[string][]int64{}
		steps := rapid.SliceOfN(rapid.IntRange(-30, 40), 1, 6).Draw(r, "hours")
		for _, hours := range steps {
			w.clock.Advance(time.Duration(hours)*time.Hour + time.Microsecond)
			require.NoError(r, store.Record(t.Context(), w.DB, w.maker, "balance.moved", "balance", "KZT"))
			last := lastRecord(t, w.DB)
			day := last.At.Add(5 * time.Hour).Format(time.DateOnly)
			want[day] = append(want[day], last.Seq)
		}
		for day, numbers := range want {
			assert.Equal(r, numbers, w.exported(r, "object=balance&from="+day+"&to="+day))
		}
	})
}

// No address makes the page read the whole log: one index each, from the newest
// record on, without sorting.
func TestPagesOfTheLogUseAnIndex(t *testing.T) {
	w := busy(t)
	for query, want := range map[string]string{
		"":                              "SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)",
		"person=" + w.maker.Email:       "SEARCH audit USING INDEX audit_by_actor (actor=? AND seq<?)",
		"object=policy":                 "SEARCH audit USING INDEX audit_by_kind (object=? AND seq<?)",
		"action=user.created":           "SEARCH audit USING INDEX audit_by_action (action=? AND seq<?)",
		"id=DIST-NONE":                  "SEARCH audit USING INDEX audit_by_object (object_id=? AND seq<?)",
		"result=denied":                 "SEARCH audit USING INDEX audit_by_result (result=? AND seq<?)",
		"from=2026-11-23&to=2026-11-23": "SEARCH audit USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"q=x&role=auditor&cursor=10":    "SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)",
		"object=user&from=2026-11-23":   "SEARCH audit USING INDEX audit_by_kind (object=? AND seq>? AND seq<?)",
	} {
		statement, args, err := store.AuditQueryOf(t.Context(), w.DB, auditFilter(t, query))
		require.NoError(t, err)
		assert.Equal(t, want, plan(t, w, statement, args...), query)
	}
	const arguments = 3 // more than needed is no mistake
	for name, want := range map[string][]string{
		"whole":   {"SEARCH audit", "SEARCH audit USING INDEX audit_by_result (result=?)"},
		"period":  {"SEARCH audit USING INDEX audit_by_time (at>? AND at<?)"},
		"lately":  {"SEARCH audit USING INDEX audit_by_time (at>?)"},
		"objects": {"SEARCH d USING INDEX", "SEARCH a USING INDEX", "SEARCH c USING INDEX", "SEARCH u USING INDEX", "SEARCH e USING INDEX"},
		"meant":   {"distributions_by_reference (order_reference=?)", "(plexy_id=?)", "(email=?)"},
	} {
		statement := store.AuditQueries()[name]
		steps := plan(t, w, statement, make([]any, arguments)...)
		for _, step := range want {
			assert.Contains(t, steps, step, name)
		}
	}
}

// What a page names is found in one query: payments by their attempts and
// decisions too.
func TestObjectsOfThePageHaveNames(t *testing.T) {
	w := newWorld(t)
	claimed := storetest.Sending(t, w.DB, w.maker)
	export, err := w.CreateExport(t.Context(), w.maker, registerExport())
	require.NoError(t, err)
	found, err := w.AuditObjects(t.Context(), []string{claimed.Distribution.ID, claimed.Attempt.ID, w.maker.ID, export.ID, "missing"})
	require.NoError(t, err)
	reference := claimed.Distribution.OrderReference
	assert.Len(t, found, 4)
	assert.Equal(t, reference, found[claimed.Distribution.ID].Name)
	assert.Equal(t, reference, found[claimed.Attempt.ID].Name)
	assert.Equal(t, claimed.Distribution.ID, found[claimed.Attempt.ID].Distribution)
	assert.Equal(t, claimed.Distribution.Amount, found[claimed.Attempt.ID].Amount)
	assert.Equal(t, w.maker.Name, found[w.maker.ID].Name)
	assert.Equal(t, "export", found[export.ID].Kind)
}

// One record stands for all reading of the same by the same person in five
// minutes.
func TestReadingIsRecordedOnce(t *testing.T) {
	w := newWorld(t)
	read := func(by distribution.Actor, filter string) int {
		require.NoError(t, w.RecordReading(t.Context(), by, filter))
		return len(w.found(t, "action=audit.read"))
	}
	assert.Equal(t, 1, read(w.manager, ""))
	assert.Equal(t, 1, read(w.manager, ""))
	assert.Equal(t, 2, read(w.manager, "q=a"), "another filter")
	w.clock.Advance(time.Millisecond)
	auditor := storetest.User(t, w.DB, distribution.Auditor)
	assert.Equal(t, 3, read(auditor, "q=a"), "another person")
	w.clock.Advance(4 * time.Minute)
	assert.Equal(t, 3, read(w.manager, ""))
	w.clock.Advance(time.Minute + time.Second)
	assert.Equal(t, 4, read(w.manager, ""))
}

// Who may not export the log neither orders a file nor gets one of before.
func TestTheLogIsExportedByWhoMay(t *testing.T) {
	w := newWorld(t)
	n := store.NewExport{Kind: store.ExportAudit, Format: "csv", Dialect: "plain"}
	for _, role := range distribution.Roles() {
		who := storetest.User(t, w.DB, role)
		_, err := w.CreateExport(t.Context(), who, n)
		if distribution.Allows(role, distribution.ExportAudit) {
			assert.NoError(t, err, role)
		} else {
			assert.ErrorIs(t, err, distribution.ErrForbidden, role)
		}
	}
	e, err := w.CreateExport(t.Context(), w.manager, n)
	require.NoError(t, err)
	demoted := w.manager
	demoted.Role = distribution.Accountant
	_, err = w.Export(t.Context(), demoted, e.ID)
	assert.ErrorIs(t, err, distribution.ErrForbidden)
}
