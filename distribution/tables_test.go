package distribution

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEmbeddedTablesAreWhole(t *testing.T) {
	all := tables(t)
	assert.Equal(t, []string{"2026-11", "2026-11", "2026-01-02", "2026-11", "2026-11", "2026-01-01"}, []string{
		all.Banks.AsOf, all.KBes.AsOf, all.KNPs.AsOf, all.Days.AsOf, all.Templates.AsOf, all.VAT.AsOf,
	})
	for _, kbe := range all.KBes.All() {
		for _, name := range []string{kbe.RU, kbe.KK, kbe.EN} {
			assert.NotEmpty(t, name, kbe.Code)
		}
	}
	named := 0
	for _, knp := range all.KNPs.All() {
		told, ok := all.KNPs.Named(knp.Code)
		assert.True(t, ok, knp.Code)
		for _, name := range []string{told.RU, told.KK, told.EN} {
			assert.NotEmpty(t, name, knp.Code)
		}
		if knp.RU != "" {
			named++
			assert.Equal(t, knp, told)
		} else {
			assert.Equal(t, knp.Code[:1], told.Code, "its section")
		}
	}
	assert.Equal(t, []int{18, 56, 31}, []int{len(all.KBes.All()), len(all.KNPs.All()), named})
	_, ok := all.KNPs.Of("010")
	assert.True(t, ok, "zeros in front stay")
	_, ok = all.KNPs.Of("10")
	assert.False(t, ok)
	_, ok = all.KNPs.Named("")
	assert.False(t, ok)
}

func TestOperatorReplacesOneTable(t *testing.T) {
	all, err := ReadTables(fstest.MapFS{"knp.csv": {Data: []byte("# as of 2027-01-01\ncode,name_ru,name_kk,name_en,used_for\n999,Своё,,,\n")}})
	require.NoError(t, err)
	assert.Equal(t, []NamedCode{{Code: "999", RU: "Своё"}}, all.KNPs.All())
	assert.Len(t, all.KBes.All(), 18)
	f := setOf(vectors(t, "testdata/sets_good.csv")[0])
	f.KNP = "999"
	assert.Empty(t, all.check(f))
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	_, err := ReadTables(fstest.MapFS{
		"knp.csv":       {Data: []byte("code\n")},
		"vat.csv":       {Data: []byte("# as of 2026-01-01\nfrom,percent\n2026-01-01,16%\n")},
		"templates.csv": {Mode: fs.ModeDir},
	})
	assert.ErrorContains(t, err, "knp.csv: line 1: the first line has to say how old the table is, as in “# as of 2026-11-01”")
	assert.ErrorContains(t, err, `vat.csv: line 3: percent "16%" is not a whole number from 0 to 99`)
	assert.ErrorContains(t, err, "templates.csv: ")
}

// Excel writes semicolons, a byte order mark, and cells behind the first line.
func TestTableAsExcelSavesIt(t *testing.T) {
	text := "\ufeff# as of 2026-11-01;;;;\r\ncode;name_ru;name_kk;name_en;used_for\r\n 710 ;\"Товары, \"\"и\"\" прочее\";;Goods;\r\n"
	l, err := ReadKNPs(strings.NewReader(text))
	require.NoError(t, err)
	assert.Equal(t, "2026-11-01", l.AsOf)
	assert.Equal(t, []NamedCode{{Code: "710", RU: `Товары, "и" прочее`, EN: "Goods"}}, l.All())
}

type brokenFile struct{}

func (brokenFile) Read([]byte) (int, error) { return 0, errors.New("disk") }

func TestReadTableRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "knp.csv: line 1: the first line",
		"# as of yesterday\n":              "knp.csv: line 1: the first line",
		"2026-11-01\n":                     "knp.csv: line 1: the first line",
		"# as of 2026-11-01":               "knp.csv: line 2: the columns have to be code, name_ru, name_kk, name_en, used_for",
		"# as of 2026-11-01\ncode,name\n":  "knp.csv: line 2: the columns have to be",
		"# as of 2026-11-01\n\xcf\xee\n":   "knp.csv: not UTF-8; in Excel save it as “CSV UTF-8”",
		strings.Repeat("x", maxTable+1):    "knp.csv: larger than 4 MiB",
		knpHead + "71,,,,\n":               `line 3: KNP "71" is not three digits; keep the column as text, so that 010 stays 010`,
		knpHead + "710,,,,\n710,,,,\n":     "line 4: code 710 stands twice",
		knpHead + "7,,,,\n7,,,,\n":         "line 4: code 7 stands twice",
		knpHead + "710,,,,salary\n":        `line 3: used_for "salary" is not empty or one of person, social, budget, own`,
		knpHead + "710,,,,\n\n711,,,,,,\n": "line 5: 7 cells, want 5",
	} {
		l, err := ReadKNPs(strings.NewReader(text))
		assert.ErrorContains(t, err, want)
		assert.Zero(t, l)
	}
	_, err := ReadKNPs(brokenFile{})
	assert.EqualError(t, err, "knp.csv: disk")
}

const knpHead = "# as of 2026-11-01\ncode,name_ru,name_kk,name_en,used_for\n"

func TestReadKBesRefuses(t *testing.T) {
	const head = "# as of 2026-11-01\ncode,name_ru,name_kk,name_en\n"
	for rows, want := range map[string]string{
		"17,ТОО,,\n":           "kbe.csv: 1 codes, want all 18",
		"10,ТОО,,\n":           `kbe.csv: line 3: KBe "10" is not one of 11…19, 21…29`,
		"17,ТОО,,\n17,ТОО,,\n": "kbe.csv: line 4: code 17 stands twice",
	} {
		_, err := ReadKBes(strings.NewReader(head + rows))
		assert.ErrorContains(t, err, want)
	}
}

func FuzzReadTables(f *testing.F) {
	for _, name := range []string{"banks.csv", "kbe.csv", "knp.csv", "holidays.csv", "templates.csv", "vat.csv"} {
		text, err := tableText(nil, name)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte("\ufeff# as of 2026-11-01;;\r\nfrom;percent\r\n2026-01-01;16\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		files := fstest.MapFS{}
		for _, name := range []string{"banks.csv", "kbe.csv", "knp.csv", "holidays.csv", "templates.csv", "vat.csv"} {
			files[name] = &fstest.MapFile{Data: text}
		}
		all, err := ReadTables(files)
		require.Error(t, err, "no text is all six tables")
		for _, bank := range all.Banks.byBIC {
			require.Len(t, bank.BIC, 8)
		}
	})
}
