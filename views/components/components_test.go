package components

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/i18n"
)

func TestFours(t *testing.T) {
	for typed, want := range map[string]string{
		"":                         "",
		"KZ86125KZT5004100100":     "KZ86 125K ZT50 0410 0100",
		"KZ86 125K ZT50 0410 0100": "KZ86 125K ZT50 0410 0100",
		"KZ86125":                  "KZ86 125",
		"КЗ86125":                  "КЗ86 125", // as typed, Cyrillic and all
	} {
		assert.Equal(t, want, Fours(typed))
	}
}

func TestShortForms(t *testing.T) {
	assert.Equal(t, "0100", Tail("KZ86125KZT5004100100"))
	assert.Equal(t, "KZ", Tail("KZ"))
	assert.Equal(t, "7F3-K9Q", CodeText("7F3K9Q"))
	assert.Equal(t, "7F3", CodeText("7F3"))
	for name, want := range map[string][2]string{
		"Гүлнар Сулейменова": {"Сулейменова", "ГС"},
		"Г. Сулейменова":     {"Сулейменова", "ГС"},
		"Сулейменова Г. А.":  {"Сулейменова", "СГ"},
		"ким":                {"ким", "К"},
		"":                   {"", ""},
	} {
		assert.Equal(t, want, [2]string{Surname(name), Initials(name)}, name)
	}
}

func TestBanksAreNamedAsThePlaceLets(t *testing.T) {
	c, err := i18n.Load()
	require.NoError(t, err)
	bank := func(ru, kk, en string) distribution.Bank { return distribution.Bank{RU: ru, KK: kk, EN: en} }
	for name, test := range map[string]struct {
		bank              distribution.Bank
		lang              i18n.Lang
		whole, short, row string
	}{
		"latin":               {bank("АО «Kaspi Bank»", "", ""), i18n.Russian, "АО «Kaspi Bank»", "Kaspi Bank", "Kaspi"},
		"in Kazakh":           {bank("", "«Kaspi Bank» АҚ", ""), i18n.Kazakh, "«Kaspi Bank» АҚ", "Kaspi Bank", "Kaspi"},
		"without quotation":   {bank("", "", "Freedom Bank Kazakhstan"), i18n.English, "Freedom Bank Kazakhstan", "Freedom Bank Kazakhstan", "Freedom"},
		"the first word":      {bank("АО «Банк ЦентрКредит»", "", ""), i18n.Russian, "АО «Банк ЦентрКредит»", "Банк ЦентрКредит", "ЦентрКредит"},
		"and the country":     {bank("АО «Народный Банк Казахстана»", "", ""), i18n.Russian, "АО «Народный Банк Казахстана»", "Народный Банк Казахстана", "Народный"},
		"country first":       {bank("", "«Қазақстан Халық Банкі» АҚ", ""), i18n.Kazakh, "«Қазақстан Халық Банкі» АҚ", "Қазақстан Халық Банкі", "Халық"},
		"inner quotation":     {bank("АО «ЖССБ «Отбасы банк»", "", ""), i18n.Russian, "АО «ЖССБ «Отбасы банк»", "Отбасы банк", "Отбасы"},
		"no name without it":  {bank("АО «Банк развития Казахстана»", "", ""), i18n.Russian, "АО «Банк развития Казахстана»", "Банк развития Казахстана", "Банк развития Казахстана"},
		"only in Russian":     {bank("Евразийский банк развития", "", ""), i18n.Kazakh, "Евразийский банк развития", "Евразийский банк развития", "Евразийский банк развития"},
		"not in the register": {bank("", "", ""), i18n.Russian, "", "", ""},
	} {
		ctx := i18n.With(t.Context(), c.Printer(test.lang))
		assert.Equal(t, [3]string{test.whole, test.short, test.row}, [3]string{BankName(ctx, test.bank), BankShort(ctx, test.bank), BankWord(ctx, test.bank)}, name)
	}
}

// The families of the design: amber is everything nobody knows, and nothing
// that nobody knows is red.
func TestTheFamilyOfEachState(t *testing.T) {
	want := map[Tone][]distribution.Status{
		Plain: {distribution.Draft, distribution.Declined, distribution.Cancelled, distribution.Abandoned},
		Blue:  {distribution.AwaitingApproval, distribution.Queued, distribution.Sending, distribution.Accepted, distribution.Processing},
		Green: {distribution.Paid},
		Amber: {distribution.Unknown, distribution.NotFound, distribution.Mismatch},
		Red:   {distribution.Failed, distribution.Returned, distribution.Refused},
	}
	got := map[Tone][]distribution.Status{}
	icons := map[string]bool{}
	for _, s := range distribution.Statuses() {
		got[StatusTone(s)] = append(got[StatusTone(s)], s)
		icons[StatusIcon(s)] = true
	}
	for tone, states := range want {
		assert.ElementsMatch(t, states, got[tone], tone)
	}
	assert.Len(t, icons, len(distribution.Statuses()), "each state has a shape of its own")
	assert.Equal(t, look{Plain, "unknown"}, lookOf("new"))
}

func TestEveryIconOfTheTableExists(t *testing.T) {
	sprite, err := os.ReadFile("../../static/icons.svg")
	require.NoError(t, err)
	for _, s := range append(distribution.Statuses(), "new") {
		assert.Contains(t, string(sprite), `id="`+StatusIcon(s)+`"`)
	}
}

// What was typed is drawn again as it is, in every kind of control.
func TestAFieldKeepsWhatWasTyped(t *testing.T) {
	typed := `"><b> 1.250&nbsp;'`
	escaped := `&#34;&gt;&lt;b&gt; 1.250&amp;nbsp;&#39;`
	for name, f := range map[string]Field{
		"input":  {Name: "amount", Value: typed},
		"money":  {Name: "amount", Value: typed, Money: true},
		"area":   {Name: "amount", Value: typed, Rows: 3},
		"select": {Name: "amount", Value: typed, Options: []Option{{Value: "17", Label: "17"}}},
	} {
		var b bytes.Buffer
		require.NoError(t, FormField(f).Render(t.Context(), &b))
		assert.Contains(t, b.String(), escaped, name)
		assert.NotContains(t, b.String(), "<b>", name)
	}
}

func TestAFieldTellsWhatIsSaidAboutIt(t *testing.T) {
	f := Field{Name: "recipient.bin", Label: "БИН", Error: "плохо", Hint: "хорошо", Ticks: []Tick{{Code: "bin.check", Text: "странно", Label: "сверено", Checked: true}}}
	var b bytes.Buffer
	require.NoError(t, FormField(f).Render(t.Context(), &b))
	html := b.String()
	assert.Contains(t, html, `aria-describedby="recipient-bin-error warn-bin-check recipient-bin-hint"`)
	assert.Contains(t, html, `aria-invalid="true"`)
	assert.Contains(t, html, `name="recipient.bin"`)
	assert.Regexp(t, regexp.MustCompile(`name="confirm" value="bin\.check" checked`), html)
	assert.Regexp(t, `class="field +is-error"`, html, "an error outranks a warning")
}

func TestWhatDiffersInAnAccountIsMarked(t *testing.T) {
	for name, c := range map[string]struct{ now, before, want string }{
		"none before":       {"KZ84722C000012345678", "", "KZ84 722C 0000 1234 5678"},
		"the same":          {"KZ84722C000012345678", "kz84 722c 0000 1234 5678", "KZ84 722C 0000 1234 5678"},
		"the last four":     {"KZ84722C000012345678", "KZ84722C000012348765", "KZ84 722C 0000 1234 <mark>5678</mark>"},
		"over a gap":        {"KZ84722C000012345678", "KZ84722C000012000078", "KZ84 722C 0000 12<mark>34 56</mark>78"},
		"before a gap":      {"KZ84722C000012345678", "KZ11722C000012345678", "KZ<mark>84</mark> 722C 0000 1234 5678"},
		"written otherwise": {"KZ84722C", "KZ84", "KZ84 <mark>722C</mark>"},
	} {
		var b bytes.Buffer
		require.NoError(t, IBANDiff(c.now, strings.ToUpper(c.before)).Render(t.Context(), &b))
		assert.Equal(t, c.want, strings.TrimSpace(b.String()), name)
	}
}
