package distribution

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCleaning(t *testing.T) {
	for _, row := range []struct {
		clean func(string) string
		want  string
		texts []string
	}{
		{CleanIBAN, "KZ86125KZT5004100100", []string{
			"kz86 125k zt50 0410 0100", "IBAN: KZ86125KZT5004100100", "IBAN KZ86-125K-ZT50-0410-0100", "iban kz86125kzt5004100100",
			"ИИК KZ86125KZT5004100100", "ИИК/IBAN: KZ86125KZT5004100100", "ЖСК: KZ86\u00a0125K\u2009ZT50\u202f04100100", "р/с № KZ86125KZT5004100100",
			"ИИК: IBAN: KZ86125KZT5004100100", "IBANKZ86125KZT5004100100", "ИИКKZ86125KZT5004100100", "\ufeffKZ86125KZT5004100100",
		}},
		{CleanBIN, "090740019001", []string{"БИН 0907 4001 9001", "БИН/ИИН: 090740019001", "иин-090740019001", "БСН:090740019001", "БИН090740019001"}},
		{CleanBIC, "KCJBKZKX", []string{"БИК: kcjbkzkx", "BIC KCJBKZKX", "SWIFT/BIC: KCJBKZKX", "БСК KCJB KZ KX", "swift code: KCJBKZKX"}},
		{CleanBIC, "BICAKZKA", []string{"BICAKZKA", "BIC BICAKZKA"}},
		{CleanKBe, "17", []string{"КБе 17", "кбе:17", " 1 7 ", "KBe - 17"}},
		{CleanKNP, "710", []string{"КНП: 710", "ТМК 710", "код назначения платежа 710"}},
		{CleanIBAN, "", []string{"", " ", "IBAN", "ИИК:", "IBAN: "}},
		{CleanIBAN, "КZ86", []string{"КZ86", "иик: кz86"}}, // a Cyrillic К stays, to be reported
	} {
		for _, text := range row.texts {
			assert.Equal(t, row.want, row.clean(text), "%q", text)
		}
	}
}

// Cleaning twice is cleaning once, and never changes what is typed.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{"IBAN: kz86 125k", "БИН/ИИН 0907", "иик иик kz", "BICBIC", "кбе17", "\xff", "ıſ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range []func(string) string{CleanIBAN, CleanBIN, CleanBIC, CleanKBe, CleanKNP} {
			once := c(text)
			require.Equal(t, once, c(once), "%q", text)
		}
		Fours(text)
		if b, err := ParseBIN(text); err == nil {
			again, err := ParseBIN(b.String())
			require.NoError(t, err)
			require.Equal(t, b, again)
			b.Holder()
			b.DateOK()
		}
		if b, err := ParseBIC(text); err == nil {
			again, err := ParseBIC(b.String())
			require.NoError(t, err)
			require.Equal(t, b, again)
		}
	})
}
