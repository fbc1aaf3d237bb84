package distribution

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func tables(t testing.TB) Tables {
	t.Helper()
	all, err := EmbeddedTables()
	require.NoError(t, err)
	return all
}

// codesOf are the codes of findings, in their order.
func codesOf(found []Finding) string {
	var codes []string
	for _, f := range found {
		codes = append(codes, string(f.Code))
	}
	return strings.Join(codes, " ")
}

// setOf is the form of a row of sets_good.csv and sets_wrong.csv: what, name, bin,
// iban, bic, kbe, amount, knp, purpose, codes.
func setOf(row []string) Form {
	return Form{
		Name: row[1], BIN: row[2], IBAN: row[3], BIC: row[4], KBe: row[5], Amount: row[6], KNP: row[7], Purpose: row[8],
		Currency: "KZT", OrderReference: "DIST-1",
	}
}

// Fifty sets of requisites that are right and fifty that are wrong give exactly
// the codes of their rows: what blocks, what warns and what is hinted, from the
// top of the form to its bottom.
func TestBookOfRules(t *testing.T) {
	all := tables(t)
	for _, file := range []string{"testdata/sets_good.csv", "testdata/sets_wrong.csv"} {
		rows := vectors(t, file)
		require.Len(t, rows, 50)
		for _, row := range rows {
			t.Run(row[0], func(t *testing.T) {
				found := all.check(setOf(row))
				assert.Equal(t, row[9], codesOf(found))
			})
		}
	}
}

// Each rule of the book is broken by a set, an amount, a history or a form test.
func TestEveryRuleOfTheBookIsShown(t *testing.T) {
	all := tables(t)
	met := map[CheckCode]bool{
		// Of amounts and of single fields: TestEveryErrorOfEveryField.
		"amount.format": true, "amount.sign": true, "amount.exponent": true, "amount.digits": true, "amount.toolarge": true,
		"currency.kzt": true, "reference.format": true, "name.toolong": true, "purpose.toolong": true, "text.control": true, "text.invisible": true,
		// Of the history and the balance, which the book is not told.
		"duplicate": true, "balance.short": true, "iban.new": true, "name.new": true, "purpose.same": true,
	}
	for _, row := range vectors(t, "testdata/sets_wrong.csv") {
		for _, f := range all.check(setOf(row)) {
			met[f.Code] = true
		}
	}
	var book []CheckCode
	for _, rule := range Rules() {
		book = append(book, rule.Code)
		assert.NotEmpty(t, rule.Source, rule.Code)
		if rule.Field != "" {
			assert.Contains(t, Fields(), rule.Field, rule.Code)
		}
	}
	assert.ElementsMatch(t, sortedKeys(met), book)
}

func TestEveryFindingFollowsItsRule(t *testing.T) {
	book := map[CheckCode]Rule{}
	for _, rule := range Rules() {
		require.NotContains(t, book, rule.Code, "a code is one rule")
		book[rule.Code] = rule
	}
	all := tables(t)
	for _, row := range vectors(t, "testdata/sets_wrong.csv") {
		for _, f := range all.check(setOf(row)) {
			assert.Equal(t, book[f.Code].Severity, f.Severity, f.Code)
			if book[f.Code].Field != "" {
				assert.Equal(t, book[f.Code].Field, f.Field, f.Code)
			}
		}
	}
	assert.Equal(t, FieldKNP, finding(Hints, "knp.unusual", nil).Field)
}

// The BIN of Plexy's own example fails its check digit and is read no further;
// its account is the National Bank's, its BIC Bank CenterCredit's.
func TestDocumentedExampleWantsTwoTicks(t *testing.T) {
	found := tables(t).check(documentedForm())
	require.Equal(t, "bin.check bic.bank", codesOf(found))
	assert.Equal(t, "NBRKKZKX", found[1].Bank.BIC)
	assert.Equal(t, map[string]string{
		"Bank": "РГУ «Национальный Банк Республики Казахстан»", "Want": "NBRKKZKX", "Got": "KCJBKZKX",
	}, found[1].Args)
}

// What is offered passes the check that failed; nothing else is changed.
func TestOfferedCorrections(t *testing.T) {
	for _, row := range []struct {
		field              Field
		typed, code, offer string
		places             []int
	}{
		{FieldIBAN, "КZ86125КZТ5004100100", "iban.cyrillic", "KZ86125KZT5004100100", []int{1, 8, 10}},
		{FieldIBAN, "KZ86125KZT50041001ОО", "iban.cyrillic", "KZ86125KZT5004100100", []int{19, 20}},
		{FieldIBAN, "KZ86I25KZT5004100100", "iban.bankcode", "KZ86125KZT5004100100", []int{5}},
		{FieldIBAN, "KZ86125KZT5OO41OO1OO", "iban.checksum", "KZ86125KZT5004100100", nil},
		{FieldIBAN, "KZ87125KZT5004100100", "iban.checksum", "", nil},
		{FieldIBAN, "КZ87125KZT5004100100", "iban.cyrillic", "", []int{1}},
		{FieldIBAN, "KZ86125KZT50041001Я0", "iban.alphabet", "", []int{19}},
		{FieldBIC, "КСJBKZKX", "bic.cyrillic", "KCJBKZKX", []int{1, 2}},
		{FieldBIC, "KCJB", "bic.format", "", nil},
		{FieldBIN, "09074ОО19OO1", "bin.digits", "090740019001", []int{6}},
		{FieldBIN, "09074ОО19OO2", "bin.digits", "", []int{6}},
		{FieldKBe, "1З", "kbe.unknown", "13", nil},
		{FieldKBe, "1Я", "kbe.unknown", "", nil},
		{FieldKNP, "7I0", "knp.digits", "710", nil},
		{FieldKNP, "7Я0", "knp.digits", "", nil},
		{FieldPurpose, "по\u200bдоговору № 1", "text.invisible", "подоговору № 1", []int{3}},
		{FieldPurpose, "по\u202eдоговору\u202c № 1", "text.bidi", "подоговору № 1", []int{3}},
		{FieldName, "ТОО «Гeлиос»", "name.mixed", "ТОО «Гелиос»", []int{7}},
		{FieldName, "TОO Helios", "name.mixed", "TOO Helios", []int{2}},
		{FieldName, "ТОО «Gелиос»", "name.mixed", "", []int{6}},
	} {
		f := setOf(vectors(t, "testdata/sets_good.csv")[0])
		*f.Text(row.field) = row.typed
		found := tables(t).check(f)
		require.Equal(t, row.code, codesOf(found), row.typed)
		assert.Equal(t, row.offer, found[0].Suggestion, row.typed)
		assert.Equal(t, row.places, found[0].Places, row.typed)
	}
}

func TestHyphenPartsAlphabets(t *testing.T) {
	for _, text := range []string{"IT-компания «Tech»", "Cash&Carry в Алматы", "1С и Excel", "№44А", "", "«KAZ Minerals» ЖШС"} {
		_, ok := mixedWord(text)
		assert.False(t, ok, text)
	}
}

func TestFirstMixedWordIsTold(t *testing.T) {
	m, ok := mixedWord("хорошо Бaнк Бaнк")
	require.True(t, ok)
	assert.Equal(t, mixed{Word: "Бaнк", Place: 9, Char: "a", Suggestion: "хорошо Банк Бaнк"}, m)
}

// A field check has to answer in less than 5 ms; this measures the whole book on a
// whole form with the history of a recipient.
func BenchmarkChecks(b *testing.B) {
	all, f := tables(b), documentedForm()
	f.BIN, f.Purpose = "990940004405", strings.Repeat("Оплата по договору поставки № 44 от 02.02.2026, ", 20)
	known := make([]Known, 50)
	for i := range known {
		known[i] = Known{Name: "ТОО «Гелиос»", BIN: "990940004405", IBAN: "KZ16886TEST000000001"}
	}
	b.ReportAllocs()
	for b.Loop() {
		all.check(f, known...)
	}
}

func almatyTime(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, Almaty())
	require.NoError(t, err)
	return at.UTC()
}

// check holds a form against the whole book, as pages do one after the other: what
// blocks, what warns and what is only worth saying, from the top of the form to its
// bottom.
func (t Tables) check(f Form, known ...Known) []Finding {
	c, errs := f.ParseEach()
	var found []Finding
	for name, r := range errs {
		found = append(found, Finding{
			Code: CheckCode(r.Code), Severity: Blocks, Field: name, Args: r.Args, Places: r.Places, Suggestion: r.Suggestion,
		})
	}
	found = append(found, Warnings(c, t.Banks)...)
	found = append(found, Compare(c, known)...)
	found = append(found, t.Hints(c)...)
	sortFindings(found)
	return found
}

// sortFindings puts findings in the order of the form, the heavier first.
func sortFindings(found []Finding) {
	fields, severities := Fields(), []Severity{Blocks, Warns, Hints}
	slices.SortStableFunc(found, func(a, b Finding) int {
		if a.Field != b.Field {
			return slices.Index(fields, a.Field) - slices.Index(fields, b.Field)
		}
		return slices.Index(severities, a.Severity) - slices.Index(severities, b.Severity)
	})
}
