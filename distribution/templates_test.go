package distribution

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTemplateIsFilled(t *testing.T) {
	all := tables(t)
	at := almatyTime(t, "2026-11-23 12:00")
	goods := all.Templates.Of("710", "ru")
	require.Len(t, goods, 1)
	assert.Equal(t, "Оплата за товар по договору № 44 от 02.02.2026, в т.ч. НДС 16% 13793,10 тенге",
		goods[0].Fill(Filling{Contract: "44", Date: "02.02.2026", VAT: all.VAT.Text(10_000_000, at, "ru")}))
	assert.Equal(t, "Оплата за товар по договору № 44 от {date}, без НДС", goods[0].Fill(Filling{Contract: " 44\n", VAT: NoVAT("ru")}))
	assert.Equal(t, "Оплата за товар по договору № {date} от 1, {vat}", goods[0].Fill(Filling{Contract: "{date}", Date: "1"}), "filled once")

	kazakh := all.Templates.Of("859", "kk")
	require.Len(t, kazakh, 1)
	assert.Equal(t, "02.02.2026 № 44 шарт бойынша көрсетілген қызметтер үшін төлем, оның ішінде ҚҚС 16% 13793,10 теңге",
		kazakh[0].Fill(Filling{Contract: "44", Date: "02.02.2026", VAT: all.VAT.Text(10_000_000, at, "kk")}))
	assert.Equal(t, goods, all.Templates.Of("710", "en"), "a purpose is not written in English")
	assert.Empty(t, all.Templates.Of("119", "ru"))
}

// A filled template is a purpose without a finding; an open slot is one.
func TestFilledTemplatesPassTheBook(t *testing.T) {
	all := tables(t)
	f := setOf(vectors(t, "testdata/sets_good.csv")[0])
	for _, one := range all.Templates.all {
		knp, known := all.KNPs.Of(one.KNP)
		assert.True(t, known && knp.RU != "", "only for named codes: %s", one.KNP)
		f.KNP = one.KNP
		f.Purpose = one.Fill(Filling{Contract: "118/2-К", Date: "02.02.2026", VAT: NoVAT(one.Lang)})
		assert.Empty(t, codesOf(all.check(f)), f.Purpose)
		f.Purpose = one.Fill(Filling{Date: "02.02.2026", VAT: NoVAT(one.Lang)})
		assert.Contains(t, codesOf(all.check(f)), "purpose.slot", f.Purpose)
	}
}

func TestRateOfVATByDay(t *testing.T) {
	vat := tables(t).VAT
	for day, want := range map[string]int64{"2025-12-31 23:59": 12, "2026-01-01 00:00": 16, "2009-01-01 00:00": 12} {
		got, ok := vat.Percent(almatyTime(t, day))
		assert.True(t, ok)
		assert.Equal(t, want, got, day)
	}
	before := almatyTime(t, "2008-12-31 12:00")
	_, ok := vat.Percent(before)
	assert.False(t, ok)
	assert.Empty(t, vat.Text(100, before, "ru"))
}

func TestTaxInsideAnAmount(t *testing.T) {
	for _, row := range []struct {
		amount  Amount
		percent int64
		want    Amount
	}{
		{11600, 16, 1600},
		{10_000_000, 16, 1_379_310}, // 13 793,103…
		{1, 16, 0},
		{4, 16, 1}, // 0,55 tiyn
		{11200, 12, 1200},
		{100, 0, 0},
		{MaxAmount, 99, 49_748_743_718_592_964},
	} {
		assert.Equal(t, row.want, Included(row.amount, row.percent), "%s", row.amount)
	}
	rapid.Check(t, func(t *rapid.T) {
		amount, percent := drawAmount(t), rapid.Int64Range(0, 99).Draw(t, "percent")
		exact := new(big.Rat).Mul(big.NewRat(int64(amount), 1), big.NewRat(percent, 100+percent))
		off := new(big.Rat).Sub(exact, big.NewRat(int64(Included(amount, percent)), 1))
		require.LessOrEqual(t, off.Abs(off).Cmp(big.NewRat(1, 2)), 0)
	})
}

func TestReadTemplatesRefuses(t *testing.T) {
	for row, want := range map[string]string{
		"71,ru,Оплата\n":            `templates.csv: line 3: KNP "71" is not three digits`,
		"710,en,Payment\n":          `lang "en" is not ru or kk`,
		"710,ru,\n":                 "the text is empty",
		"710,ru,Оплата {договор}\n": "slot {договор} is not one of {contract} {date} {vat}",
		"710,ru,Оплата {contract\n": "slot {contract is not one of",
	} {
		_, err := ReadTemplates(strings.NewReader("# as of 2026-11-01\nknp,lang,text\n" + row))
		assert.ErrorContains(t, err, want)
	}
	for rows, want := range map[string]string{
		"2026-01-01,100\n":               `vat.csv: line 3: percent "100"`,
		"01.01.2026,16\n":                `date "01.01.2026" is not written 2026-01-01`,
		"2026-01-01,16\n2009-01-01,12\n": "line 4: 2009-01-01 does not come after 2026-01-01",
	} {
		_, err := ReadVAT(strings.NewReader("# as of 2026-11-01\nfrom,percent\n" + rows))
		assert.ErrorContains(t, err, want)
	}
}
