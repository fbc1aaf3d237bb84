package store_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func TestWhatIsPastedTogether(t *testing.T) {
	for q, want := range map[string][]string{
		"A-1 A-2":                                       {"A-1", "A-2"},
		"A-1,A-2;A-3\nA-4\r\nA-5\tA-6":                  {"A-1", "A-2", "A-3", "A-4", "A-5", "A-6"},
		"A-1, A-1, A-2":                                 {"A-1", "A-2"},
		" DIST-7F3K9Q DIST-B7SDMH ":                     {"DIST-7F3K9Q", "DIST-B7SDMH"},
		"118, 119, 12":                                  {"118", "119", "12"},
		"141040012347 090540005490":                     {"141040012347", "090540005490"},
		"Счёт/118 №119":                                 {"Счёт/118", "№119"},
		"kz86 125k zt50 0410 0100, A-1":                 {"KZ86125KZT5004100100", "A-1"},
		"KZ86 125K ZT50 0410 0100 KZ53601A861005417851": {"KZ86125KZT5004100100", "KZ53601A861005417851"},
		"0195a1c2-0000-7000-8000-000000000000 plx-1":    {"0195a1c2-0000-7000-8000-000000000000", "plx-1"},
		// One thing, or words.
		"":                         nil,
		"A-1":                      nil,
		"A-1, A-1":                 nil,
		"A-1,":                     nil,
		"1 250 000,00":             nil,
		"250 000":                  nil,
		"KZ86 125K ZT50 0410 0100": nil,
		"KZ86 125K":                nil,
		"125K ZT50 0410":           nil,
		"ТОО Заря 118":             nil,
		"ТОО «Заря-2», «Заря-3»":   nil,
		"Ахметов, Садыков":         nil,
	} {
		assert.Equal(t, want, store.Pasted(q), q)
	}
}

// Several identifiers may be longer than words are.
func TestManyMayBePasted(t *testing.T) {
	long := strings.Repeat("DIST-7F3K9Q,", 100)
	assert.Equal(t, strings.TrimSpace(long)+"A-1", parseFilter(t, "q="+long+"A-1").Q)
	_, err := store.ParseFilter(map[string][]string{"q": {strings.Repeat("DIST-7F3K9Q,", 400) + "A-1"}})
	assert.Error(t, err)
}

func TestPastedOnesAreFoundAndTheRestIsNamed(t *testing.T) {
	w := newWorld(t)
	mine := storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.OrderReference, f.IBAN = "A-1", "KZ86125KZT5004100100" })
	elsewhere := w.foreign("plx-9", "paid")
	elsewhere.OrderReference, elsewhere.Recipient.IBAN, elsewhere.Recipient.BIN = "B/2", "KZ53601A861005417851", "090540005490"
	w.apply(t, "list", elsewhere)
	for q, want := range map[string]struct{ found, absent []string }{
		"A-1 B/2 A-2":                  {[]string{"A-1", "B/2"}, []string{"A-2"}},
		"a-1, b/2":                     {[]string{"A-1", "B/2"}, nil},
		"PLX-9; " + mine.ID:            {[]string{"A-1", "B/2"}, nil},
		"090540005490, 090540005491":   {[]string{"B/2"}, []string{"090540005491"}},
		"KZ53 601A 8610 0541 7851 A-3": {[]string{"B/2"}, []string{"A-3"}},
		"A-2 A-3":                      {nil, []string{"A-2", "A-3"}},
		"nobody":                       {nil, nil},
	} {
		p, err := w.List(t.Context(), store.Filter{Q: q, Sort: "created", Size: 25})
		require.NoError(t, err, q)
		assert.ElementsMatch(t, want.found, references(p.Rows), q)
		absent, err := w.Absent(t.Context(), q)
		require.NoError(t, err, q)
		assert.Equal(t, want.absent, absent, q)
	}
}

func references(rows []distribution.Distribution) []string {
	var all []string
	for _, d := range rows {
		all = append(all, d.OrderReference)
	}
	return all
}

func TestSuggestions(t *testing.T) {
	w := newWorld(t)
	for _, reference := range []string{"SPRING-1", "SPRING-11", "Осень/7"} {
		storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.OrderReference, f.Name = reference, "ТОО «Қазақ Ёлка»" })
		w.clock.Advance(1)
	}
	for q, want := range map[string]struct {
		exact string
		rows  []string
	}{
		"spring-1":          {"SPRING-1", []string{"SPRING-11", "SPRING-1"}},
		"SPRING":            {"", []string{"SPRING-11", "SPRING-1"}},
		"осень/7":           {"Осень/7", []string{"Осень/7"}},
		"қазақ ел":          {"", []string{"Осень/7", "SPRING-11"}},
		"казак ел":          {"", []string{"Осень/7", "SPRING-11"}}, // keyboards without Kazakh letters are common
		"sp":                {"", nil},
		`"; DROP`:           {"", nil},
		"OR AND *":          {"", nil},
		"SPRING-1, Осень/7": {"", []string{"Осень/7", "SPRING-1"}},
	} {
		got, err := w.Suggest(t.Context(), q, 2)
		require.NoError(t, err, q)
		assert.Equal(t, want.rows, references(got.Rows), q)
		if want.exact == "" {
			assert.Nil(t, got.Exact, q)
		} else if assert.NotNil(t, got.Exact, q) {
			assert.Equal(t, want.exact, got.Exact.OrderReference, q)
		}
	}
}

// Whatever letters a name has and whatever letters it is searched by, in a list, in
// suggestions and by a reference that is pasted: many type without the Kazakh ones.
func TestKazakhIsFoundWithoutItsLetters(t *testing.T) {
	w := newWorld(t)
	payees := map[string]string{"Қ-1": "ТОО «Қазақ»", "Ә-2": "ТОО «Әлемі»", "Ё-3": "ТОО «Ёлки»", "Ү-4": "Үңғі өһұ", "Й-5": "ИП Йод"}
	for reference, name := range payees {
		storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.OrderReference, f.Name = reference, name })
	}
	for q, want := range map[string]string{
		"казак": "Қ-1", "Қазақ": "Қ-1", "ҚАЗАК": "Қ-1", "алеми": "Ә-2", "әлемі": "Ә-2", "елки": "Ё-3", "ЁЛКИ": "Ё-3",
		"унги оху": "Ү-4", "үңғі өһұ": "Ү-4", "йод": "Й-5", "иод": "", "ке": "", "аз": "Қ-1", "әл": "Ә-2",
	} {
		p, err := w.List(t.Context(), store.Filter{Q: q, Sort: "created", Size: 25})
		require.NoError(t, err)
		assert.Equal(t, want, strings.Join(references(p.Rows), " "), q)
		n, err := w.Count(t.Context(), store.Filter{Q: q})
		require.NoError(t, err)
		assert.Equal(t, len(p.Rows), n, q)
		if s, err := w.Suggest(t.Context(), q, 8); assert.NoError(t, err) && utf8.RuneCountInString(q) > 2 {
			assert.Equal(t, want, strings.Join(references(s.Rows), " "), q)
		}
	}
	for q, want := range map[string][]string{"к-1, а-2": {"Ә-2", "Қ-1"}, "Ұ-4, Е-3": {"Ё-3", "Ү-4"}, "И-5 И-6": nil} {
		p, err := w.List(t.Context(), store.Filter{Q: q, Sort: "created", Size: 25})
		require.NoError(t, err)
		assert.ElementsMatch(t, want, references(p.Rows), q)
		absent, err := w.Absent(t.Context(), q)
		require.NoError(t, err)
		assert.Len(t, absent, 2-len(want), q)
	}
	found, err := w.Suggest(t.Context(), "к-1", 8)
	require.NoError(t, err)
	assert.Equal(t, "Қ-1", found.Exact.OrderReference)
	assert.NotEqual(t, store.Fold("Қ"), store.Fold("К"), "keys of payments tell them apart")
}

// What is edited is found by its new text, not by the old one.
func TestTheIndexFollowsAnEdit(t *testing.T) {
	w := newWorld(t)
	d := storetest.Draft(t, w.DB, w.maker, func(f *distribution.Form) { f.Name = "ТОО «Прежнее»" })
	n := storetest.Filled(t, func(f *distribution.Form) { f.Name = "ТОО «Новое»" })
	_, err := w.Edit(t.Context(), w.maker, d.ID, n)
	require.NoError(t, err)
	for q, want := range map[string]int{"прежнее": 0, "новое": 1} {
		got, err := w.Suggest(t.Context(), q, 8)
		require.NoError(t, err)
		assert.Len(t, got.Rows, want, q)
		p, err := w.List(t.Context(), store.Filter{Q: q, Sort: "created", Size: 25})
		require.NoError(t, err)
		assert.Len(t, p.Rows, want, q)
	}
}

// A search reads an index, never the whole table.
func TestSearchUsesAnIndex(t *testing.T) {
	w := newWorld(t)
	sample(t, w, 0, 10)
	for q, steps := range map[string][]string{
		"заря":    {"VIRTUAL TABLE INDEX", "distributions USING INDEX sqlite_autoindex_distributions"},
		"A-1 A-2": {"MULTI-INDEX OR", "distributions_by_reference", "distributions_by_bin", "distributions_by_iban", "distributions_by_plain_reference"},
	} {
		f, err := store.Counted(t.Context(), w.DB, store.Filter{Q: q, Sort: "-created", Size: 50})
		require.NoError(t, err)
		got := explain(t, w, f)
		for _, step := range steps {
			assert.Contains(t, got, step, q)
		}
		assert.NotContains(t, got, "SCAN distributions", q)
	}
}
