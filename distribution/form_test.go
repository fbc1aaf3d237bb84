package distribution

import (
	"errors"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDocumentedExampleGoesThrough(t *testing.T) {
	c, errs := documentedForm().Parse()
	require.Nil(t, errs)
	assert.Equal(t, Content{
		OrderReference: "DIST-100001", Amount: 15_000_000, Currency: "KZT",
		Recipient: Recipient{
			Name: "TOO Credit Partner", BIN: BIN{"123456789012"}, IBAN: IBAN{"KZ86125KZT5004100100"},
			BIC: BIC{"KCJBKZKX"}, KBe: KBe{"17"}, KNP: KNP{"119"},
		},
		PaymentPurpose: "Распределение средств по договору 123",
	}, c)
}

func TestWarnings(t *testing.T) {
	banks, err := embeddedBanks()
	require.NoError(t, err)
	for name, row := range map[string]struct {
		bin, iban, bic string
		want           []WarningCode
	}{
		"nothing":                {"090740019001", "KZ47856TEST000000001", "KCJBKZKX", nil},
		"a branch of the bank":   {"090740019001", "KZ47856TEST000000001", "KCJBKZKX123", nil},
		"another bank's branch":  {"090740019001", "KZ47856TEST000000001", "NBRKKZKX123", []WarningCode{WarnBICBank}},
		"check digit":            {"090740019002", "KZ47856TEST000000001", "KCJBKZKX", []WarningCode{WarnBINCheck}},
		"bank not known to list": {"090740019001", "KZ90999TEST000000001", "KCJBKZKX", []WarningCode{WarnBankUnknown}},
	} {
		f := documentedForm()
		f.BIN, f.IBAN, f.BIC = row.bin, row.iban, row.bic
		c, errs := f.Parse()
		require.Empty(t, errs, name)
		var got []WarningCode
		for _, w := range Warnings(c, banks) {
			got = append(got, w.Code)
		}
		assert.Equal(t, row.want, got, name)
	}
}

// set writes one field of the form.
func set(t *testing.T, f *Form, name Field, text string) {
	t.Helper()
	fields := map[Field]*string{
		FieldName: &f.Name, FieldBIN: &f.BIN, FieldKBe: &f.KBe, FieldIBAN: &f.IBAN, FieldBIC: &f.BIC,
		FieldAmount: &f.Amount, FieldCurrency: &f.Currency, FieldKNP: &f.KNP, FieldPurpose: &f.Purpose, FieldReference: &f.OrderReference,
	}
	require.Contains(t, fields, name)
	*fields[name] = text
}

func TestEveryErrorOfEveryField(t *testing.T) {
	rows := []struct {
		field      Field
		text, code string
	}{
		{FieldName, "", "required"},
		{FieldName, " \u00a0\n", "required"},
		{FieldName, strings.Repeat("ә", 256), "name.toolong"},
		{FieldName, "ТОО\u202eОТКАТ", "text.bidi"},
		{FieldName, "ТОО\u200bОТКАТ", "text.invisible"},
		{FieldBIN, "", "required"},
		{FieldBIN, "12345678901", "bin.length"},
		{FieldBIN, "12345678901X", "bin.digits"},
		{FieldBIN, "000000000000", "bin.zeros"},
		{FieldKBe, "", "required"},
		{FieldKBe, "20", "kbe.unknown"},
		{FieldIBAN, "", "required"},
		{FieldIBAN, "KZ86125KZT500410010", "iban.length"},
		{FieldIBAN, "RU86125KZT5004100100", "iban.country"},
		{FieldIBAN, "KZ86125KZT500410010*", "iban.alphabet"},
		{FieldIBAN, "KZ86125КZT5004100100", "iban.cyrillic"},
		{FieldIBAN, "KZ861A5KZT5004100100", "iban.bankcode"},
		{FieldIBAN, "KZ87125KZT5004100100", "iban.checksum"},
		{FieldBIC, "", "required"},
		{FieldBIC, "KCJB", "bic.format"},
		{FieldBIC, "КCJBKZKX", "bic.cyrillic"},
		{FieldAmount, "", "required"},
		{FieldAmount, "12 50", "amount.format"},
		{FieldAmount, "1.250", "amount.ambiguous"},
		{FieldAmount, "1000,123", "amount.decimals"},
		{FieldAmount, "-1", "amount.sign"},
		{FieldAmount, "1e5", "amount.exponent"},
		{FieldAmount, "１", "amount.digits"},
		{FieldAmount, "0", "amount.zero"},
		{FieldAmount, "1000000000000000", "amount.toolarge"},
		{FieldCurrency, "", "currency.kzt"},
		{FieldCurrency, "USD", "currency.kzt"},
		{FieldCurrency, "kzt", "currency.kzt"},
		{FieldKNP, "", "required"},
		{FieldKNP, "11", "knp.digits"},
		{FieldPurpose, "", "required"},
		{FieldPurpose, strings.Repeat("x", 1001), "purpose.toolong"},
		{FieldPurpose, "a\x00b", "text.control"},
		{FieldReference, "DIST 1", "reference.format"},
		{FieldReference, strings.Repeat("x", 65), "reference.format"},
	}
	met := map[string]bool{}
	for _, row := range rows {
		t.Run(string(row.field)+"/"+row.code, func(t *testing.T) {
			f := documentedForm()
			set(t, &f, row.field, row.text)
			c, errs := f.Parse()
			require.Len(t, errs, 1)
			require.NotNil(t, errs[row.field])
			assert.Equal(t, row.code, errs[row.field].Code)
			assert.Zero(t, c)
		})
		met[row.code] = true
	}
	assert.ElementsMatch(t, reasonCodes(t), sortedKeys(met))
}

// reasonCodes are the codes that the source hands to reason: whole literals, and
// the ends that are put behind the kind of a field.
func reasonCodes(t *testing.T) []string {
	t.Helper()
	codes := map[string]bool{}
	_, files := sources(t)
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name, ok := call.Fun.(*ast.Ident)
			if !ok || (name.Name != "reason" && name.Name != "strangerAt") {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING && lit.Value != `""` {
				code, err := strconv.Unquote(lit.Value)
				require.NoError(t, err)
				codes[code] = true
			}
			return true
		})
	}
	for _, code := range []string{"iban.cyrillic", "bic.cyrillic", "iban.alphabet", "name.toolong", "purpose.toolong"} {
		codes[code] = true
	}
	require.Greater(t, len(codes), 20)
	return sortedKeys(codes)
}

func TestAllErrorsAtOnce(t *testing.T) {
	c, errs := Form{OrderReference: "a b"}.Parse()
	assert.Zero(t, c)
	want := map[Field]string{}
	for _, f := range Fields() {
		want[f] = "required"
	}
	want[FieldCurrency], want[FieldReference] = "currency.kzt", "reference.format"
	got := map[Field]string{}
	for f, r := range errs {
		got[f] = r.Code
	}
	assert.Equal(t, want, got)
}

func TestFreeTextIsOneVisibleLine(t *testing.T) {
	for text, want := range map[string]string{
		"  по договору 123 ":                  "по договору 123",
		"по\r\nдоговору":                      "по договору",
		"по\nдоговору":                        "по договору",
		"по\rдоговору":                        "по договору",
		"по\tдоговору":                        "по договору",
		"по\u2028договору":                    "по договору",
		"по\u2029договору":                    "по договору",
		"по\n\nдоговору":                      "по  договору",
		"«Ёлки» & <b>'\"`":                    "«Ёлки» & <b>'\"`",
		"Қазақстан әғқңөұүһі №1 — 100\u00a0%": "Қазақстан әғқңөұүһі №1 — 100\u00a0%",
		"=1+1": "=1+1",
		"👍":    "👍",
	} {
		f := documentedForm()
		f.Name, f.Purpose = text, text
		c, errs := f.Parse()
		require.Empty(t, errs, "%q", text)
		assert.Equal(t, want, c.Recipient.Name)
		assert.Equal(t, want, c.PaymentPurpose)
	}
	for code, marks := range map[string][]string{
		"text.control":   {"\x00", "\x07", "\x1b", "\x7f", "\u0085", "\v", "\f", "\xff", "\ufffd"},
		"text.bidi":      {"\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u200f", "\u061c"},
		"text.invisible": {"\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164"},
	} {
		for _, mark := range marks {
			f := documentedForm()
			f.Purpose = "по" + mark + "договору" + mark
			_, errs := f.Parse()
			require.NotNil(t, errs[FieldPurpose], "%q", mark)
			assert.Equal(t, Reason{
				Code: code, Args: map[string]string{"Position": "3"}, Places: []int{3}, Suggestion: "подоговору",
			}, *errs[FieldPurpose], "%q", mark)
		}
	}
}

func TestLengthIsCountedInCharacters(t *testing.T) {
	f := documentedForm()
	f.Name, f.Purpose = strings.Repeat("Қ", 255), strings.Repeat("ө", 1000)
	_, errs := f.Parse()
	require.Empty(t, errs)

	f.Name, f.Purpose = f.Name+"Қ", f.Purpose+"ө"
	_, errs = f.Parse()
	assert.Equal(t, map[string]string{"Got": "256", "Max": "255"}, errs[FieldName].Args)
	assert.Equal(t, map[string]string{"Got": "1001", "Max": "1000"}, errs[FieldPurpose].Args)
}

func TestReference(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "", // the caller gives a random one
		"  \t":                  "",
		" DIST-100001 ":         "DIST-100001",
		"a_b/c.d#e-f№7":         "a_b/c.d#e-f№7",
		"Счёт-12":               "Счёт-12",
		strings.Repeat("ә", 64): strings.Repeat("ә", 64),
	} {
		f := documentedForm()
		f.OrderReference = text
		c, errs := f.Parse()
		require.Empty(t, errs, text)
		assert.Equal(t, want, c.OrderReference)
	}
	for _, text := range []string{"a b", "a\nb", "a,b", "a\u200bb", "a\x00", "<b>", "a'b", "a%20b", "a\xff", strings.Repeat("ә", 65)} {
		f := documentedForm()
		f.OrderReference = text
		_, errs := f.Parse()
		require.NotNil(t, errs[FieldReference], "%q", text)
		assert.Equal(t, Reason{Code: "reference.format", Args: map[string]string{"Max": "64"}}, *errs[FieldReference])
	}
}

func TestParseFunctionsSayWhy(t *testing.T) {
	assert.Panics(t, func() {
		field(FieldErrors{}, FieldBIN, "", func(string) (int, error) { return 0, errors.New("without a reason") })
	})
}

// What is right is a value although other fields are not; what stands in a field
// is found by its name.
func TestAnUnfinishedFormIsReadAsFarAsItGoes(t *testing.T) {
	f := Form{Amount: "150 000,00", IBAN: "KZ86", Currency: "KZT"}
	c, errs := f.ParseEach()
	assert.EqualValues(t, 150_000_00, c.Amount)
	assert.Empty(t, c.Recipient.IBAN)
	assert.NotContains(t, errs, FieldAmount)
	assert.Contains(t, errs, FieldIBAN)
	whole, _ := f.Parse()
	assert.Empty(t, whole, "nothing of a refused form is used")

	places := map[*string]bool{}
	for _, name := range Fields() {
		*f.Text(name) = string(name)
		places[f.Text(name)] = true
	}
	assert.Len(t, places, len(Fields()))
	assert.Equal(t, "recipient.iban", f.IBAN)
}
