package i18n

import (
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sample has one message of each kind.
func sample(t *testing.T) *Catalog {
	t.Helper()
	plural := "\n[\"rows\"]\none = \"{{.Count}} строка из {{.File}}\"\nfew = \"{{.Count}} строки из {{.File}}\"\n" +
		"many = \"{{.Count}} строк из {{.File}}\"\nother = \"{{.Count}} строки из {{.File}}\"\n"
	c, err := load(fstest.MapFS{
		"ru/a.toml": {Data: []byte(`"plain" = "Готово"` + "\n" + `"named" = "{{.Got}} из {{.Want}}"` + "\n" + `"onlyru" = "Привет"` + plural)},
		"kk/a.toml": {Data: []byte(`"plain" = "Дайын"`)},
		"en/a.toml": {Data: []byte(`"plain" = "Done"`)},
	})
	require.NoError(t, err)
	return c
}

func TestT(t *testing.T) {
	p := sample(t).Printer(Russian)
	for _, c := range []struct{ name, got, want string }{
		{"plain", p.T("plain"), "Готово"},
		{"filled", p.T("named", "Got", 19, "Want", "20"), "19 из 20"},
		{"from a map", p.T("named", Pairs(map[string]string{"Got": "19", "Want": "20"})...), "19 из 20"},
		{"a value is never read as a template", p.T("named", "Got", "{{.Want}}", "Want", "<b>"), "{{.Want}} из <b>"},
		{"a value that is missing shows", p.T("named", "Got", 19), "19 из ⟦Want⟧"},
		{"a name without a value shows", p.T("named", "Got", 19, "Want"), "19 из ⟦Want⟧"},
		{"a name that is no text shows", p.T("named", 1, 2, "Want", 20), "⟦Got⟧ из 20"},
		{"a value too many does no harm", p.T("plain", "Other", 1), "Готово"},
		{"a missing message shows its key", p.T("no.such"), "⟦no.such⟧"},
		{"a message of another language is missing", sample(t).Printer(English).T("onlyru"), "⟦onlyru⟧"},
		{"an unknown language speaks Russian", sample(t).Printer("de").T("plain"), "Готово"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, c.got)
		})
	}
	assert.True(t, p.Has("plain"))
	assert.False(t, p.Has("no.such"))
	assert.Equal(t, Kazakh, sample(t).Printer(Kazakh).Lang())
}

func TestN(t *testing.T) {
	p := sample(t).Printer(Russian)
	for count, want := range map[int]string{
		0:    "0 строк из a.csv",
		1:    "1 строка из a.csv",
		2:    "2 строки из a.csv",
		5:    "5 строк из a.csv",
		11:   "11 строк из a.csv",
		21:   "21 строка из a.csv",
		112:  "112 строк из a.csv",
		1284: "1\u00a0284 строки из a.csv",
	} {
		assert.Equal(t, want, p.N("rows", count, "File", "a.csv"))
	}
	assert.Equal(t, "2 строки из ⟦File⟧", p.N("rows", 2))
	assert.Equal(t, "⟦no.such⟧", p.N("no.such", 2))
	assert.Equal(t, "Готово", p.N("plain", 2), "a message without plural forms has one for all")
}

func TestContext(t *testing.T) {
	ctx := With(t.Context(), loaded(t).Printer(Kazakh))
	assert.Equal(t, Kazakh, From(ctx).Lang())
	assert.Equal(t, "Сақтау", T(ctx, "common.save"))
	assert.Equal(t, "3 күн бұрын", N(ctx, "ago.days", 3))

	p, at := From(ctx), time.Date(2026, 11, 22, 16, 5, 0, 0, time.UTC)
	whole, cents := MoneyParts(ctx, 150)
	assert.Equal(t, []string{"1", ",50"}, []string{whole, cents})
	assert.Equal(t, p.Money(150), Money(ctx, 150))
	assert.Equal(t, p.Amount(150), Amount(ctx, 150))
	assert.Equal(t, p.Count(1284), Count(ctx, 1284))
	assert.Equal(t, p.Words(150), Words(ctx, 150))
	assert.Equal(t, p.Date(at), Date(ctx, at))
	assert.Equal(t, p.DateTime(at), DateTime(ctx, at))
	assert.Equal(t, p.Time(at), Time(ctx, at))
	assert.Equal(t, p.Clock(at), Clock(ctx, at))
	assert.Equal(t, p.ShortDate(at), ShortDate(ctx, at))
	assert.Equal(t, p.MonthDay(at), MonthDay(ctx, at))
	assert.Equal(t, p.ISO(at), ISO(ctx, at))
	assert.Equal(t, p.Ago(at, at.Add(time.Hour)), Ago(ctx, at, at.Add(time.Hour)))
}

func TestContextWithoutPrinter(t *testing.T) {
	ctx := t.Context()
	assert.Equal(t, Russian, From(ctx).Lang())
	assert.Equal(t, "⟦common.save⟧", T(ctx, "common.save"))
	assert.Equal(t, "⟦ago.days⟧", N(ctx, "ago.days", 3))
	assert.Equal(t, "1,50\u00a0₸", Money(ctx, 150))
	assert.Equal(t, Russian, From(With(ctx, nil)).Lang())
}

func TestCatalogServesManyAtOnce(t *testing.T) {
	c := loaded(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, l := range Languages() {
				assert.NotContains(t, c.Printer(l).N("ago.days", 5), "⟦")
			}
		})
	}
	wg.Wait()
}
