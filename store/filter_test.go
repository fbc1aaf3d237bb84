package store_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/distribution"
	"plexydash/store"
)

func parseFilter(t testing.TB, address string) store.Filter {
	t.Helper()
	v, err := url.ParseQuery(address)
	require.NoError(t, err)
	f, err := store.ParseFilter(v)
	require.NoError(t, err, address)
	return f
}

const (
	idA = "01900000-0000-7000-8000-00000000000a"
	idB = "01900000-0000-7000-8000-00000000000b"
)

func amountOf(a distribution.Amount) *distribution.Amount { return &a }

func TestEachParameterIsUnderstood(t *testing.T) {
	for address, change := range map[string]func(*store.Filter){
		"":                           func(*store.Filter) {},
		"q=":                         func(*store.Filter) {},
		"q=&status=&from=&size=":     func(*store.Filter) {},
		"q=+ТОО+Заря+":               func(f *store.Filter) { f.Q = "ТОО Заря" },
		"status=unknown":             func(f *store.Filter) { f.Statuses = []distribution.Status{"unknown"} },
		"status=queued&status=draft": func(f *store.Filter) { f.Statuses = []distribution.Status{"draft", "queued"} },
		"status=paid&status=paid":    func(f *store.Filter) { f.Statuses = []distribution.Status{"paid"} },
		// Whole days in Almaty, UTC+5.
		"from=2026-11-22": func(f *store.Filter) { f.From = time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC) },
		"to=2026-11-22":   func(f *store.Filter) { f.To = time.Date(2026, 11, 22, 19, 0, 0, 0, time.UTC) },
		"to=2024-02-29":   func(f *store.Filter) { f.To = time.Date(2024, 2, 29, 19, 0, 0, 0, time.UTC) },
		"to=2026-12-31":   func(f *store.Filter) { f.To = time.Date(2026, 12, 31, 19, 0, 0, 0, time.UTC) },
		// Decimal tenge into tiyn.
		"min=150000":                    func(f *store.Filter) { f.Min = amountOf(15_000_000) },
		"max=150000.05":                 func(f *store.Filter) { f.Max = amountOf(15_000_005) },
		"max=1+250+000,5":               func(f *store.Filter) { f.Max = amountOf(125_000_050) },
		"min=0":                         func(f *store.Filter) { f.Min = amountOf(0) },
		"max=0,00":                      func(f *store.Filter) { f.Max = amountOf(0) },
		"bin=123456789012":              func(f *store.Filter) { f.BIN = "123456789012" },
		"iban=kz86+125k+zt50+0410+0100": func(f *store.Filter) { f.IBAN = "KZ86125KZT5004100100" },
		"knp=119":                       func(f *store.Filter) { f.KNP = "119" },
		"author=Accountant@demo.kz":     func(f *store.Filter) { f.Author = "accountant@demo.kz" },
		"origin=plexy":                  func(f *store.Filter) { f.Origin = distribution.FromPlexy },
		"id=" + idB + "&id=" + idA + "&id=" + idB: func(f *store.Filter) { f.IDs = []string{idA, idB} },
		"origin=dashboard":                        func(f *store.Filter) { f.Origin = distribution.FromDashboard },
		"sort=created":                            func(f *store.Filter) { f.Sort = "created" },
		"sort=-created":                           func(*store.Filter) {},
		"sort=-updated":                           func(f *store.Filter) { f.Sort = "-updated" },
		"sort=amount":                             func(f *store.Filter) { f.Sort = "amount" },
		"sort=-recipient":                         func(f *store.Filter) { f.Sort = "-recipient" },
		"sort=status":                             func(f *store.Filter) { f.Sort = "status" },
		"size=25":                                 func(f *store.Filter) { f.Size = 25 },
		"size=50":                                 func(*store.Filter) {},
		"size=100":                                func(f *store.Filter) { f.Size = 100 },
		"size=250":                                func(f *store.Filter) { f.Size = 250 },
		"q=" + strings.Repeat("ы", 255):           func(f *store.Filter) { f.Q = strings.Repeat("ы", 255) },
		"from=2026-11-22&to=2026-11-22": func(f *store.Filter) {
			f.From = time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC)
			f.To = f.From.AddDate(0, 0, 1)
		},
		"q=a%25_b&sort=-amount&size=100": func(f *store.Filter) { f.Q, f.Sort, f.Size = "a%_b", "-amount", 100 },
	} {
		want := store.Filter{Sort: "-created", Size: 50}
		change(&want)
		assert.Equal(t, want, parseFilter(t, address), address)
	}
}

func TestWhatIsNotUnderstoodIsNamed(t *testing.T) {
	for address, param := range map[string]string{
		"status=sent":                   "status",
		"status=draft&status=PAID":      "status",
		"from=22.11.2026":               "from",
		"from=2026-13-01":               "from",
		"from=2026-11-22T00:00:00Z":     "from",
		"to=2026-02-29":                 "to",
		"to=today":                      "to",
		"min=-1":                        "min",
		"min=1.005":                     "min",
		"min=1e5":                       "min",
		"min=.":                         "min",
		"min=0.0.0":                     "min",
		"max=many":                      "max",
		"max=99999999999999999999":      "max",
		"origin=bank":                   "origin",
		"sort=id":                       "sort",
		"sort=--created":                "sort",
		"sort=Created":                  "sort",
		"sort=created_at":               "sort",
		"sort=amount,id":                "sort",
		"size=10":                       "size",
		"size=0":                        "size",
		"size=-50":                      "size",
		"size=all":                      "size",
		"id=1":                          "id",
		"id=" + idA + "&id=' OR 1=1 --": "id",
		strings.Repeat("id="+idA+"&", 251) + "size=250": "id", // more than a page has
		"cursor=broken":                 "cursor",
		"cursor=e30":                    "cursor", // {}
		"cursor=eyJzIjoiLWNyZWF0ZWQifQ": "cursor", // {"s":"-created"}
		"page=2":                        "page",
		"page=":                         "page",
		"q=a&q=b":                       "q",
		"sort=amount&sort=status":       "sort",
		"Q=a":                           "Q",
		"q=" + strings.Repeat("ы", 256): "q",
	} {
		v, err := url.ParseQuery(address)
		require.NoError(t, err)
		_, err = store.ParseFilter(v)
		refused, ok := errors.AsType[*store.FilterError](err)
		require.True(t, ok, "%s: %v", address, err)
		assert.Equal(t, param, refused.Param, address)
		assert.NotContains(t, refused.Error(), "SELECT")
	}
}

func TestRefusalTellsTheValue(t *testing.T) {
	_, err := store.ParseFilter(url.Values{"sort": {" id "}})
	assert.Equal(t, &store.FilterError{Param: "sort", Value: "id"}, err)
	_, err = store.ParseFilter(url.Values{"q": {"a", "b"}})
	assert.Equal(t, &store.FilterError{Param: "q", Value: "a, b"}, err)
}

func TestCursorBelongsToItsSort(t *testing.T) {
	w := newWorld(t)
	w.apply(t, "list", w.foreign("P-1", "created"), w.foreign("P-2", "created"))
	page, err := w.List(t.Context(), store.Filter{Sort: "amount", Size: 1})
	require.NoError(t, err)
	require.NotEmpty(t, page.Next)
	assert.Equal(t, page.Next, parseFilter(t, "sort=amount&cursor="+page.Next).Cursor)
	for _, other := range []string{"", "sort=-amount&", "sort=created&"} {
		v, err := url.ParseQuery(other + "cursor=" + page.Next)
		require.NoError(t, err)
		_, err = store.ParseFilter(v)
		assert.Equal(t, &store.FilterError{Param: "cursor", Value: page.Next}, err, other)
	}
}

// drawFilter is any filter that an address can say, with values that rows of
// the sample have; ids are those of rows that may be ticked.
func drawFilter(r *rapid.T, ids []string) store.Filter {
	v := url.Values{}
	maybe := func(name string, values ...string) {
		if rapid.IntRange(0, 3).Draw(r, name+"?") == 0 {
			v.Set(name, rapid.SampledFrom(values).Draw(r, name))
		}
	}
	maybe("q", "заря", "Ахметов", "алем", "Әл", "KZ86 125K", "P-1", "ELSEWHERE", "100%", "_", "1 000,00")
	if n := rapid.IntRange(0, 4).Draw(r, "statuses"); n > 2 {
		for range n {
			v.Add("status", string(rapid.SampledFrom(distribution.Statuses()).Draw(r, "status")))
		}
	}
	if n := rapid.IntRange(-6, 12).Draw(r, "ticked"); n > 0 {
		v["id"] = rapid.SliceOfN(rapid.SampledFrom(ids), n, n).Draw(r, "ids")
	}
	maybe("from", "2026-11-01", "2026-11-22", "2026-11-23")
	maybe("to", "2026-11-21", "2026-11-22", "2026-11-23")
	maybe("min", "0", "1000", "1000.01", "2000")
	maybe("max", "0", "1000", "1 999,99", "5000")
	maybe("bin", "900101300123", "123456789012")
	maybe("iban", "KZ86125KZT5004100100", "KZ53601A861005417851")
	maybe("knp", "119", "859")
	maybe("author", "accountant1@example.kz", "nobody@example.kz")
	maybe("origin", "plexy", "dashboard")
	maybe("sort", "created", "-created", "updated", "-updated", "amount", "-amount", "recipient", "-recipient", "status", "-status")
	maybe("size", "25", "50", "100", "250")
	f, err := store.ParseFilter(v)
	require.NoError(r, err)
	return f
}

func TestFilterComesBackFromItsAddress(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := drawFilter(r, []string{idA, idB})
		again, err := store.ParseFilter(f.Values())
		require.NoError(r, err)
		require.Equal(r, f, again)
		if f.Narrow() {
			require.NotEmpty(r, f.Values())
		}
	})
}

func TestAddressLeavesOutWhatIsDefault(t *testing.T) {
	for address, want := range map[string]string{
		"":                                "",
		"sort=-created&size=50&q=":        "",
		"size=100&sort=amount":            "size=100&sort=amount",
		"status=queued&status=draft":      "status=draft&status=queued",
		"from=2026-11-22&to=2026-11-22":   "from=2026-11-22&to=2026-11-22",
		"min=0&max=150000":                "max=150000.00&min=0.00",
		"iban=kz86+125k+zt50+0410+0100":   "iban=KZ86125KZT5004100100",
		"author=A@DEMO.kz&origin=plexy":   "author=a%40demo.kz&origin=plexy",
		"bin=123456789012&knp=119&q=a%25": "bin=123456789012&knp=119&q=a%25",
	} {
		assert.Equal(t, want, parseFilter(t, address).Values().Encode(), address)
	}
}

func TestNarrowIsWhatLeavesSomethingOut(t *testing.T) {
	for _, address := range []string{"", "sort=amount", "size=25"} {
		assert.False(t, parseFilter(t, address).Narrow(), address)
	}
	for _, address := range []string{
		"q=a", "status=draft", "from=2026-11-22", "to=2026-11-22", "min=0", "max=1", "bin=1", "iban=1", "knp=1", "author=a", "origin=plexy", "id=" + idA,
	} {
		assert.True(t, parseFilter(t, address).Narrow(), address)
	}
}
