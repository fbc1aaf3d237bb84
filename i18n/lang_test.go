package i18n

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNegotiate(t *testing.T) {
	for _, c := range []struct {
		name, cookie, header string
		want                 Lang
	}{
		{"nothing known", "", "", Russian},
		{"cookie wins over the header", "kk", "en", Kazakh},
		{"a cookie that is not ours is passed over", "de", "en", English},
		{"a cookie with a region is not ours", "en-GB", "kk", Kazakh},
		{"header: first of equals", "", "en,kk", English},
		{"header: by weight", "", "en;q=0.3,kk;q=0.8", Kazakh},
		{"header: regions and scripts are ignored", "", "kk-Cyrl-KZ", Kazakh},
		{"header: languages that are not ours are passed over", "", "de-DE,fr;q=0.9,en;q=0.1", English},
		{"header: weight nought means never", "", "kk;q=0", Russian},
		{"header: none of ours", "", "de,fr", Russian},
		{"header: any", "", "*", Russian},
		{"header: nonsense", "", ";;;=?", Russian},
		{"header: endless", "", strings.Repeat("a-", 5000), Russian},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, Negotiate(c.cookie, c.header))
		})
	}
}

func TestParseLang(t *testing.T) {
	for _, l := range Languages() {
		got, ok := ParseLang(string(l))
		assert.True(t, ok)
		assert.Equal(t, l, got)
	}
	for _, text := range []string{"", "RU", "ru-RU", "de"} {
		_, ok := ParseLang(text)
		assert.False(t, ok, text)
	}
	assert.Equal(t, Russian, Languages()[0], "the default comes first")
}
