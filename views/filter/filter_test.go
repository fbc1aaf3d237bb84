package filter

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/i18n"
)

func full() Filter {
	return Filter{
		Q: "ТОО & К", Statuses: []distribution.Status{distribution.Paid, distribution.Failed}, From: "2026-03-01", To: "2026-03-16",
		Min: "10000.50", Max: "20000", BIN: "141040012347", IBAN: "KZ86125KZT5004100100", KNP: "859", Author: "g@sapa.kz",
		Origin: distribution.FromPlexy, IDs: []string{"a", "b"}, Sort: "amount", Size: "100",
	}
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	assert.Equal(t, "/distributions", u.Path)
	return u.Query()
}

func TestAnAddressBringsTheFilterBack(t *testing.T) {
	assert.Equal(t, full(), Of(query(t, full().URL())))
	assert.Equal(t, "/distributions", Filter{}.URL())
	assert.Equal(t, Filter{}, Of(url.Values{"cursor": {"abc"}}), "paging is not part of it")
}

func TestAChipDropsItsConditionAndNothingElse(t *testing.T) {
	c, err := i18n.Load()
	require.NoError(t, err)
	chips := full().Chips(i18n.With(t.Context(), c.Printer(i18n.Russian)))
	var shown []string
	for _, chip := range chips {
		shown = append(shown, chip.Name+": "+chip.Value)
	}
	assert.Equal(t, []string{
		"Поиск: ТОО & К", "Статус: Исполнен", "Статус: Не исполнен", "Период: 01.03.2026 – 16.03.2026",
		"Сумма: 10\u00a0000,50\u00a0₸ – 20\u00a0000,00\u00a0₸", "БИН / ИИН: 141040012347", "IBAN: KZ86 125K ZT50 0410 0100", "КНП: 859",
		"Почта автора: g@sapa.kz", "Источник: Вне панели", "Отмеченные строки: 2",
	}, shown)
	all := query(t, full().URL())
	for i, dropped := range [][]string{{"q"}, {"status"}, {"status"}, {"from", "to"}, {"min", "max"}, {"bin"}, {"iban"}, {"knp"}, {"author"}, {"origin"}, {"id"}} {
		left := query(t, chips[i].Drop)
		for name := range all {
			switch {
			case name == "status" && dropped[0] == "status":
				assert.Len(t, left["status"], 1)
			case name == dropped[0] || name == dropped[len(dropped)-1]:
				assert.Empty(t, left[name], "chip %d keeps %s", i, name)
			default:
				assert.Equal(t, all[name], left[name], "chip %d drops %s", i, name)
			}
		}
	}
	assert.Equal(t, []string{"failed"}, query(t, chips[1].Drop)["status"])
}

func TestHalfOpenAndUnreadableValues(t *testing.T) {
	c, err := i18n.Load()
	require.NoError(t, err)
	ctx := i18n.With(t.Context(), c.Printer(i18n.Russian))
	value := func(f Filter) string { return f.Chips(ctx)[0].Value }
	assert.Equal(t, "от 01.03.2026", value(Filter{From: "2026-03-01"}))
	assert.Equal(t, "до 16.03.2026", value(Filter{To: "2026-03-16"}))
	assert.Equal(t, "до 0", value(Filter{Max: "0"}), "no amount to pay, but a limit")
	assert.Empty(t, Filter{Sort: "amount", Size: "25"}.Chips(ctx))
}

func TestSorting(t *testing.T) {
	newest := Filter{Q: "x"}
	assert.Equal(t, "descending", newest.AriaSort("created"), "the default")
	assert.Empty(t, newest.AriaSort("amount"))
	assert.Equal(t, "/distributions?q=x&sort=created", newest.SortedBy("created"), "turned round")
	assert.Equal(t, "/distributions?q=x", Filter{Q: "x", Sort: "created"}.SortedBy("created"), "and back: the default is not written")
	assert.Equal(t, "/distributions?q=x&sort=-amount", newest.SortedBy("amount"))
	assert.Equal(t, "/distributions?q=x&sort=amount", Filter{Q: "x", Sort: "-amount"}.SortedBy("amount"))
	assert.Equal(t, "ascending", Filter{Sort: "amount"}.AriaSort("amount"))
}

func TestWholeGroups(t *testing.T) {
	assert.Equal(t, "/distributions?size=100&sort=amount", full().All())
	assert.Equal(t, "/distributions?size=100&sort=amount&status=unknown", full().WithStatuses(distribution.Unknown))
	assert.True(t, full().Narrow())
	assert.False(t, Filter{Sort: "amount", Size: "25"}.Narrow())
	assert.True(t, full().Has(distribution.Paid))
	assert.False(t, full().Has(distribution.Draft))
}
