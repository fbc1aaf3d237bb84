package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func loaded(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	require.NoError(t, err)
	return c
}

func keysOf(messages map[string]message) []string {
	var keys []string
	for key := range messages {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		ru, more, want string
	}{
		"broken TOML":            {`"a" = `, "", "ru/a.toml"},
		"a key in two areas":     {`"x" = "один"`, `"x" = "два"`, `key "x" is already in ru/a.toml`},
		"a condition":            {`"x" = "{{if .A}}a{{end}}"`, "", `key "x"`},
		"a pipe":                 {`"x" = "{{.A | printf}}"`, "", `key "x"`},
		"a space inside":         {`"x" = "{{ .A }}"`, "", `key "x"`},
		"a brace never closed":   {`"x" = "{{.A"`, "", `key "x"`},
		"a small letter":         {`"x" = "{{.a}}"`, "", `key "x"`},
		"a number for a message": {`"x" = 5`, "", "ru/a.toml"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{
				"ru/a.toml": {Data: []byte(c.ru)},
				"ru/b.toml": {Data: []byte(c.more)},
				"kk/a.toml": {Data: []byte(`"x" = "x"`)},
				"en/a.toml": {Data: []byte(`"x" = "x"`)},
			}
			_, err := load(files)
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := load(fstest.MapFS{"ru/a.toml": {Data: []byte(`"x" = "x"`)}})
	assert.ErrorContains(t, err, `"kk"`, "a language without files")
}

func TestAllLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	c := loaded(t)
	russian := c.messages[Russian]
	for _, l := range Languages() {
		assert.Equal(t, keysOf(russian), keysOf(c.messages[l]), "keys of %s", l)
		for key, m := range c.messages[l] {
			assert.ElementsMatch(t, russian[key].placeholders, m.placeholders, "placeholders of %s in %s", key, l)
			file := strings.TrimPrefix(m.file, string(l))
			assert.Equal(t, strings.TrimPrefix(russian[key].file, "ru"), file, "area of %s in %s", key, l)
		}
	}
}

func TestEveryMessageSaysSomething(t *testing.T) {
	for l, messages := range loaded(t).messages {
		for key, m := range messages {
			assert.NotEmpty(t, m.forms, "%s in %s", key, l)
			for form, text := range m.forms {
				assert.NotEmpty(t, text, "%s (%s) in %s", key, form, l)
				assert.Equal(t, strings.TrimSpace(text), text, "%s (%s) in %s has space around it", key, form, l)
			}
		}
	}
}

// The forms that CLDR has for the cardinal numbers of each language.
func TestPluralFormsAreComplete(t *testing.T) {
	want := map[Lang][]string{
		Russian: {"few", "many", "one", "other"},
		Kazakh:  {"one", "other"},
		English: {"one", "other"},
	}
	c := loaded(t)
	for key, m := range c.messages[Russian] {
		for _, l := range Languages() {
			var forms []string
			for form := range c.messages[l][key].forms {
				forms = append(forms, form)
			}
			expected := []string{"other"}
			if len(m.forms) > 1 {
				expected = want[l]
			}
			assert.ElementsMatch(t, expected, forms, "%s in %s", key, l)
		}
	}
}

// sameInRussianAndKazakh lists the messages whose text is rightly the same.
func sameInRussianAndKazakh() []string {
	return []string{
		"lang.ru", "lang.kk", "lang.en", // every language names itself
		"role.accountant", "role.manager", "role.auditor", "nav.balance", "passport.sheet", "column.currency", "column.recipientKbe", "detail.took.minutes", "chart.key.balance", "chart.millions", // taken over by Kazakh unchanged
	}
}

func TestNoLanguageIsLeftUntranslated(t *testing.T) {
	c := loaded(t)
	word := regexp.MustCompile(`\p{L}+`)
	cyrillic := func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
	russianWords := []string{
		"и", "или", "для", "на", "в", "с", "из", "это", "этот", "нет", "уже", "ещё", "нельзя", "нужно", "если", "сумма", "номер", "счёт",
		"платёж", "получатель", "отправить", "отправлено", "ошибка", "согласование", "назначение", "поручение", "документ", "страница",
	}
	for key, kk := range c.messages[Kazakh] {
		for form, text := range kk.forms {
			for _, w := range word.FindAllString(strings.ToLower(text), -1) {
				assert.NotContains(t, russianWords, w, "%s (%s) in Kazakh: %s", key, form, text)
			}
			if strings.ContainsFunc(text, cyrillic) && !slices.Contains(sameInRussianAndKazakh(), key) {
				assert.NotEqual(t, c.messages[Russian][key].forms[form], text, "%s (%s) in Kazakh", key, form)
			}
		}
	}
	for key, en := range c.messages[English] {
		for form, text := range en.forms {
			if !strings.HasPrefix(key, "lang.") {
				assert.False(t, strings.ContainsFunc(text, cyrillic), "%s (%s) in English: %s", key, form, text)
			}
		}
	}
}
