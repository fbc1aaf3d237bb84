package store_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// sample fills the mirror with n rows that tie in every column, and a few drafts
// of our own. The number of a row goes into its id at Plexy.
func sample(t testing.TB, w *world, from, n int) {
	t.Helper()
	pick := func(of []string, i int) string { return of[i%len(of)] }
	var page []distribution.Remote
	for i := from; i < from+n; i++ {
		r := w.foreign(fmt.Sprintf("P-%d", i), pick([]string{"created", "paid", "failed", "processing", "returned"}, i/2))
		r.Amount = []distribution.Amount{1_000_00, 1_000_01, 2_000_00, 0, 5_000_00}[i%5]
		r.Recipient.Name = pick([]string{"ТОО «Заря»", "Ахметов А.", "ёлка", "100% хлопок", "a_b", "Әлем"}, i)
		r.Recipient.IBAN = pick([]string{"KZ86125KZT5004100100", "KZ53601A861005417851"}, i/3)
		r.Recipient.KNP = pick([]string{"119", "859"}, i/4)
		r.CreatedAt = time.Date(2026, 11, 20+i%4, 18+i%3, 59, 59, 999_999_000, time.UTC) // around midnight in Almaty
		page = append(page, r)
	}
	w.apply(t, "list", page...)
	if from == 0 {
		for range 5 {
			storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.Amount = "1000,00" })
		}
	}
}

// table is the whole table, each row read by its id, once: they do not change.
type table map[string]distribution.Distribution

func (all table) read(t testing.TB, w *world) table {
	t.Helper()
	for _, id := range column(t, w.DB, "SELECT id FROM distributions") {
		if _, known := all[id]; !known {
			all[id] = w.read(t, id)
		}
	}
	return all
}

func (all table) ids() []string { return slices.Sorted(maps.Keys(all)) }

// matches is what a filter means, said once more without SQL.
func matches(f store.Filter, d distribution.Distribution) bool {
	text := d.RecipientText()
	q, found := store.Plain(f.Q), f.Q == ""
	for _, field := range []string{d.OrderReference, d.PlexyID, text.Name, text.BIN, text.IBAN, d.Amount.String()} {
		found = found || strings.Contains(store.Plain(field), q) || strings.Contains(store.Plain(field), strings.ReplaceAll(q, " ", ""))
	}
	if a, err := distribution.ParseAmount(f.Q); err == nil && a == d.Amount {
		found = true
	}
	return found &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, d.Status)) &&
		(f.From.IsZero() || !d.CreatedAt.Before(f.From)) && (f.To.IsZero() || d.CreatedAt.Before(f.To)) &&
		(f.Min == nil || d.Amount >= *f.Min) && (f.Max == nil || d.Amount <= *f.Max) &&
		(f.BIN == "" || f.BIN == text.BIN) && (f.IBAN == "" || f.IBAN == text.IBAN) && (f.KNP == "" || f.KNP == text.KNP) &&
		(f.Author == "" || f.Author == d.CreatedBy.Email) && (f.Origin == "" || f.Origin == d.Origin) &&
		(len(f.IDs) == 0 || slices.Contains(f.IDs, d.ID))
}

// compare is what a sort means, said once more without SQL.
func compare(sort string) func(a, b distribution.Distribution) int {
	name, descending := strings.CutPrefix(sort, "-")
	return func(a, b distribution.Distribution) int {
		if descending {
			a, b = b, a
		}
		by := map[string]int{
			"created": a.CreatedAt.Compare(b.CreatedAt), "updated": a.UpdatedAt.Compare(b.UpdatedAt),
			"amount": cmp.Compare(a.Amount, b.Amount), "recipient": cmp.Compare(a.RecipientText().Name, b.RecipientText().Name),
			"status": cmp.Compare(a.Status, b.Status),
		}
		return cmp.Or(by[name], cmp.Compare(a.ID, b.ID))
	}
}

// Whatever comes between two pages, the pages together hold each row that was
// there at first once, in order.
func TestPagesHoldEachRowOnce(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 40)
	next, all := 40, table{}
	rapid.Check(t, func(r *rapid.T) {
		f := drawFilter(r, all.read(t, w).ids())
		f.Size = rapid.IntRange(1, 9).Draw(r, "rows of a page")
		want := map[string]bool{}
		for _, d := range all.read(t, w) {
			if matches(f, d) {
				want[d.ID] = true
			}
		}
		var got []distribution.Distribution
		comes := rapid.IntRange(0, 2).Draw(r, "page after which rows come")
		for page := 0; ; page++ {
			p, err := w.List(t.Context(), f)
			require.NoError(r, err)
			require.LessOrEqual(r, len(p.Rows), f.Size)
			got = append(got, p.Rows...)
			if p.Next == "" {
				break
			}
			require.Len(r, p.Rows, f.Size, "only the last page is short")
			if page == comes {
				sample(t, w, next, 2)
				next += 2
			}
			f.Cursor = p.Next
		}
		require.True(r, slices.IsSortedFunc(got, compare(f.Sort)), f.Sort)
		seen := map[string]bool{}
		for _, d := range got {
			require.False(r, seen[d.ID], "twice: %s", d.ID)
			seen[d.ID] = true
			require.True(r, matches(f, d), "does not match: %+v", d)
		}
		for id := range want {
			require.True(r, seen[id], "missing: %s", id)
		}
	})
}

// One sum, three ways: over the rows, by SQL, by the register.
func TestTotalsAreTheSumOfTheRegister(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 60)
	all := table{}.read(t, w)
	rapid.Check(t, func(r *rapid.T) {
		for range 10 { // a hundred times: a thousand filters
			totalsOf(r, w, all, drawFilter(r, all.ids()))
		}
	})
}

// totalsOf holds what the list says of its filter against the rows that match it,
// found without SQL, and against what an export writes.
func totalsOf(r *rapid.T, w *world, all table, f store.Filter) {
	want := store.Totals{ByStatus: map[distribution.Status]store.StatusTotal{}}
	for _, d := range all {
		if !matches(f, d) {
			continue
		}
		of := want.ByStatus[d.Status]
		want.ByStatus[d.Status] = store.StatusTotal{Count: of.Count + 1, Sum: of.Sum + d.Amount}
		want.Count, want.Sum = want.Count+1, want.Sum+d.Amount
	}
	f.Cursor, f.Size = "ignored", 1
	totals, err := w.Totals(r.Context(), f)
	require.NoError(r, err)
	require.Equal(r, want, totals)
	count, err := w.Count(r.Context(), f)
	require.NoError(r, err)
	require.Equal(r, want.Count, count)

	var rows []distribution.Distribution
	var sum distribution.Amount
	for d, err := range w.Register(r.Context(), f) {
		require.NoError(r, err)
		rows, sum = append(rows, d), sum+d.Amount
	}
	require.Len(r, rows, want.Count)
	require.Equal(r, want.Sum, sum)
	require.True(r, slices.IsSortedFunc(rows, compare(f.Sort)), f.Sort)
}

// The register is one moment, however long it takes to write it out, and is
// longer than one read from the database.
func TestRegisterIsOfOneMoment(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 600)
	n := 0
	for _, err := range w.Register(t.Context(), store.Filter{Sort: "amount"}) {
		require.NoError(t, err)
		if n%200 == 0 {
			sample(t, w, 2_004+n, 1) // with the largest amount: at the end of the order
		}
		n++
	}
	assert.Equal(t, 605, n)
}

func TestRegisterStopsWhenAskedAndTellsOfAnError(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	for range w.Register(t.Context(), store.Filter{Sort: "amount"}) {
		break
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	errs := 0
	for _, err := range w.Register(ctx, store.Filter{Sort: "amount"}) {
		require.ErrorIs(t, err, context.Canceled)
		errs++
	}
	assert.Equal(t, 1, errs)

	w.sql(t, "UPDATE distributions SET recipient_iban = 'XX' WHERE origin = 'dashboard'")
	rows, failed := 0, false
	for _, err := range w.Register(t.Context(), store.Filter{Sort: "amount"}) {
		require.False(t, failed, "something after the error")
		failed = err != nil
		rows++
	}
	assert.True(t, failed, "a row of ours that does not parse is an error, not a shorter register")
	_, err := w.List(t.Context(), store.Filter{Sort: "amount", Size: 250})
	require.ErrorContains(t, err, "never parsed")
}

func TestLastPageHasNoNext(t *testing.T) {
	w := newWorld(t)
	p, err := w.List(t.Context(), store.Filter{Sort: "-created", Size: 25})
	require.NoError(t, err)
	assert.Equal(t, store.Page{}, p)
	for i := range 25 {
		w.apply(t, "list", w.foreign(fmt.Sprintf("P-%d", i), "created"))
	}
	p, err = w.List(t.Context(), store.Filter{Sort: "-created", Size: 25})
	require.NoError(t, err)
	assert.Len(t, p.Rows, 25)
	assert.Empty(t, p.Next, "full, and the last")
}

func TestSearch(t *testing.T) {
	w := newWorld(t)
	names := []string{"ТОО «Ёлочка»", "Қазақ Әлем ЖШС", "100% хлопок", "100 хлопок", "A_B", "AXB", `back\slash`, "O'Brien; DROP TABLE"}
	var page []distribution.Remote
	for i, name := range names {
		r := w.foreign(fmt.Sprintf("p%d", i), "created")
		r.Recipient.Name, r.Amount = name, distribution.Amount(1_250_000_00+i)
		r.Recipient.IBAN, r.Recipient.BIN, r.OrderReference = fmt.Sprintf("KZ%018d", i), fmt.Sprintf("%012d", 7000+i), fmt.Sprintf("Ref/%d", i)
		page = append(page, r)
	}
	w.apply(t, "list", page...)
	for q, want := range map[string][]string{
		"ёлочка":                   {"ТОО «Ёлочка»"},
		"ЕЛОЧКА":                   {"ТОО «Ёлочка»"}, // ё is е for whoever searches
		"тоо":                      {"ТОО «Ёлочка»"},
		"ҚАЗАҚ":                    {"Қазақ Әлем ЖШС"},
		"әлем  жшс":                {"Қазақ Әлем ЖШС"},
		"казак":                    {"Қазақ Әлем ЖШС"}, // for whoever has no Kazakh keyboard
		"100%":                     {"100% хлопок"},
		"100_":                     nil,
		"a_b":                      {"A_B"},
		`k\s`:                      {`back\slash`},
		`\`:                        {`back\slash`},
		"o'brien; drop":            {"O'Brien; DROP TABLE"},
		"ref/3":                    {"100 хлопок"},
		"P4":                       {"A_B"},
		"000000007002":             {"100% хлопок"},
		"KZ00 0000 0000 0000 0006": {`back\slash`},
		"1250000.03":               {"100 хлопок"},
		"1 250 000,03":             {"100 хлопок"}, // as pages write it
		"1\u00a0250\u00a0000,03 ₸": {"100 хлопок"},
		"хлопок":                   {"100% хлопок", "100 хлопок"},
		"nothing":                  nil,
	} {
		p, err := w.List(t.Context(), store.Filter{Q: q, Sort: "amount", Size: 250})
		require.NoError(t, err, q)
		var got []string
		for _, d := range p.Rows {
			got = append(got, d.RecipientText().Name)
		}
		assert.Equal(t, want, got, "search for %q", q)
	}
}

// Days of the filter are days in Almaty, on the date that Plexy gave the row.
func TestDaysAreWholeInAlmaty(t *testing.T) {
	w := newWorld(t)
	midnight := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC) // between the 21st and the 22nd
	for id, at := range map[string]time.Time{
		"21-last": midnight.Add(-time.Microsecond), "22-first": midnight,
		"22-last": midnight.Add(24*time.Hour - time.Microsecond), "23-first": midnight.Add(24 * time.Hour),
	} {
		r := w.foreign(id, "created")
		r.CreatedAt = at
		w.apply(t, "list", r)
	}
	for address, want := range map[string][]string{
		"from=2026-11-22&to=2026-11-22": {"22-first", "22-last"},
		"from=2026-11-22":               {"22-first", "22-last", "23-first"},
		"to=2026-11-21":                 {"21-last"},
		"from=2026-11-23&to=2026-11-22": nil,
	} {
		f := parseFilter(t, address+"&sort=created")
		p, err := w.List(t.Context(), f)
		require.NoError(t, err)
		var got []string
		for _, d := range p.Rows {
			got = append(got, d.PlexyID)
		}
		assert.Equal(t, want, got, address)
	}
}

// A page must not sort the table, or it costs more with each year.
func TestPagesReadAnIndex(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	for sort, index := range map[string]string{
		"created": "distributions_by_created", "updated": "distributions_by_update", "amount": "distributions_by_amount",
		"recipient": "distributions_by_recipient", "status": "distributions_by_state",
	} {
		for _, f := range []store.Filter{{Sort: sort}, {Sort: "-" + sort}} {
			f.Size = 2
			p, err := w.List(t.Context(), f)
			require.NoError(t, err)
			for _, f.Cursor = range []string{"", p.Next} {
				plan := explain(t, w, f)
				assert.Contains(t, plan, "USING INDEX "+index, f.Sort)
				assert.NotContains(t, plan, "TEMP B-TREE", f.Sort)
			}
		}
	}
	for _, sort := range []string{"created", "-created"} {
		plan := explain(t, w, store.Filter{Sort: sort, Statuses: []distribution.Status{distribution.Unknown}})
		assert.Contains(t, plan, "USING INDEX distributions_by_status (status=?)")
		assert.NotContains(t, plan, "TEMP B-TREE")
	}
}

func explain(t *testing.T, w *world, f store.Filter) string {
	t.Helper()
	query, args := store.PageQuery(f, 51)
	return plan(t, w, query, args...)
}

// plan is how SQLite would run the query.
func plan(t *testing.T, w *world, query string, args ...any) string {
	t.Helper()
	rows, err := store.ReadPool(w.DB).QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(t, rows.Err())
	return strings.Join(steps, "\n")
}
