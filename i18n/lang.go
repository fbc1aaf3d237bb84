// Package i18n speaks the three languages of the dashboard: messages with
// plurals, money, dates and amounts in words.
//
// Messages live in messages/<language>/<area>.toml, one flat quoted key a
// line; placeholders have the one form {{.Name}}. A Printer made by
// Catalog.Printer speaks one language; the web layer puts it into the request's
// context with With, and T, N, Money and the rest take it from there.
package i18n

import (
	"slices"

	"golang.org/x/text/language"
)

// Lang is a language of the dashboard: its BCP 47 tag, fit for <html lang>.
type Lang string

// The languages. Russian is the default.
const (
	Russian Lang = "ru"
	Kazakh  Lang = "kk"
	English Lang = "en"
)

// Languages returns all languages, the default one first.
func Languages() []Lang {
	return []Lang{Russian, Kazakh, English}
}

// ParseLang returns the language whose tag is exactly s; false for any other text.
func ParseLang(s string) (Lang, bool) {
	l := Lang(s)
	return l, slices.Contains(Languages(), l)
}

// Negotiate chooses the language of an answer: the cookie's value if it is one
// of ours, then the best of the Accept-Language header (RFC 9110, section
// 12.5.4; regions are ignored), then Russian.
func Negotiate(cookie, acceptLanguage string) Lang {
	if l, ok := ParseLang(cookie); ok {
		return l
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Russian
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if l, ok := ParseLang(base.String()); ok {
			return l
		}
	}
	return Russian
}
