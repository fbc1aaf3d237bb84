package store_test

import (
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// dayText is a day as "in out closing", in tenge; "-" while nothing is known.
func dayTexts(t *testing.T, w *world, n int) []string {
	t.Helper()
	days, err := w.BalanceDays(t.Context(), n)
	require.NoError(t, err)
	require.Len(t, days, n)
	var all []string
	for i, d := range days {
		if i > 0 {
			assert.Equal(t, 24*time.Hour, d.Day.Sub(days[i-1].Day))
		}
		assert.Equal(t, "00:00 +0500", d.Day.Format("15:04 -0700"))
		if !d.Known {
			all = append(all, "-")
			continue
		}
		assert.Equal(t, d.Closing, d.Opening+d.In-d.Out)
		all = append(all, d.In.String()+" "+d.Out.String()+" "+d.Closing.String())
	}
	return all
}

// answered is a figure that the answer to a POST told.
func (w *world) answered(t testing.TB, before, after distribution.Amount) {
	t.Helper()
	storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker), store.OutcomeOK, func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, store.NewID(), "created")
		r.CreatedAt, r.BalanceBefore, r.BalanceAfter = w.Now(), &before, &after
		return d.Answer(r)
	})
}

func TestBalanceDays(t *testing.T) {
	const nextDay = 24 * time.Hour
	minute := func(w *world) { w.clock.Advance(time.Minute) }
	cases := []struct {
		name string
		what func(*testing.T, *world)
		want []string // the last three days
	}{
		{"nothing was ever told", func(*testing.T, *world) {}, []string{"-", "-", "-"}},
		{"the first figure is no deposit", func(t *testing.T, w *world) { w.told(t, 100) }, []string{"-", "-", "0.00 0.00 1.00"}},
		{"the first figure is an answer", func(t *testing.T, w *world) { w.answered(t, 100, 70) }, []string{"-", "-", "0.00 0.30 0.70"}},
		{"up and down on one day", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.told(t, 300)
			w.told(t, 250)
		}, []string{"-", "-", "2.00 0.50 2.50"}},
		{"a day without news keeps the figure", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.clock.Advance(nextDay)
			w.clock.Advance(nextDay)
			w.told(t, 40)
		}, []string{"0.00 0.00 1.00", "0.00 0.00 1.00", "0.00 0.60 0.40"}},
		{"a figure from before the days opens them", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.clock.Advance(10 * nextDay)
		}, []string{"0.00 0.00 1.00", "0.00 0.00 1.00", "0.00 0.00 1.00"}},
		{"and the first change is against it", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.clock.Advance(10 * nextDay)
			w.told(t, 130)
			w.clock.Advance(nextDay)
		}, []string{"0.00 0.00 1.00", "0.30 0.00 1.30", "0.00 0.00 1.30"}},
		{"midnight is that of Almaty", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.clock.Advance(11*time.Hour + 59*time.Minute) // 23:59 after 12:00
			w.told(t, 90)
			minute(w)
			w.told(t, 70)
		}, []string{"-", "0.00 0.10 0.90", "0.00 0.20 0.70"}},
		{"a deposit between a reading and an answer", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.answered(t, 600, 570)
		}, []string{"-", "-", "5.00 0.30 5.70"}},
		{"read before the answer came", func(t *testing.T, w *world) {
			w.told(t, 100)
			w.told(t, 70)
			w.answered(t, 100, 70)
		}, []string{"-", "-", "0.00 0.30 0.70"}},
		{"a reading that was late", func(t *testing.T, w *world) {
			w.answered(t, 100, 70)
			w.told(t, 100)
			minute(w)
			w.told(t, 70)
		}, []string{"-", "-", "0.00 0.30 0.70"}},
		{"the same, but it stays", func(t *testing.T, w *world) {
			w.answered(t, 100, 70)
			w.told(t, 100)
			w.clock.Advance(6 * time.Minute)
			w.told(t, 70)
		}, []string{"-", "-", "0.30 0.60 0.70"}},
		{"other currencies are other accounts", func(t *testing.T, w *world) {
			w.told(t, 100)
			require.NoError(t, w.KeepBalance(t.Context(), syncer(), store.Balance{Amount: 5, Currency: "USD"}, storetest.Answer("balance", w.Now())))
		}, []string{"-", "-", "0.00 0.00 1.00"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c.what(t, w)
			assert.Equal(t, c.want, dayTexts(t, w, 3))
		})
	}
}

// A database from before the days were kept gets the same days as one that kept
// them from the first figure on.
func TestDaysOfOldFigures(t *testing.T) {
	file, err := fs.ReadFile(store.Migrations(t), "0010_overview.sql")
	require.NoError(t, err)
	_, fill, _ := strings.Cut(string(file), "INSERT INTO balance_days")
	for seed := range uint64(4) {
		w, dice := newWorld(t), rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a test
		for range 60 {
			figure := distribution.Amount(1 + dice.IntN(3))
			if dice.IntN(3) == 0 {
				w.answered(t, distribution.Amount(1+dice.IntN(3)), figure)
			} else {
				w.told(t, figure)
			}
			w.clock.Advance([]time.Duration{time.Second, time.Minute, 10 * time.Hour}[dice.IntN(3)])
		}
		const days = "SELECT day || ' ' || opening || ' ' || came || ' ' || went || ' ' || closing FROM balance_days ORDER BY day"
		kept := column(t, w.DB, days)
		require.NotEmpty(t, kept)
		w.sql(t, "DELETE FROM balance_days")
		w.sql(t, "INSERT INTO balance_days"+fill)
		require.Equal(t, kept, column(t, w.DB, days))
	}
}
