package i18n

import (
	"maps"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Printer speaks one language. It is immutable and safe for concurrent use.
type Printer struct {
	lang      Lang
	messages  map[string]message
	localizer *i18n.Localizer
}

// Printer returns the printer of l; a language that is not ours speaks Russian.
func (c *Catalog) Printer(l Lang) *Printer {
	if _, ok := ParseLang(string(l)); !ok {
		l = Russian
	}
	return &Printer{
		lang:      l,
		messages:  c.messages[l],
		localizer: i18n.NewLocalizer(c.bundle, string(l)),
	}
}

// Lang returns the language of the printer.
func (p *Printer) Lang() Lang { return p.lang }

// Has reports whether the language of the printer has a message under key.
func (p *Printer) Has(key string) bool {
	_, ok := p.messages[key]
	return ok
}

// T returns the message under key. Pairs are placeholder names and values by
// turns: T("error.iban.length", "Got", 19, "Want", 20). Values print as fmt.Sprint
// does: money, counts and times are formatted by the caller.
//
// Nothing is ever left out silently: a missing message reads ⟦key⟧, a
// placeholder without a value ⟦Name⟧.
func (p *Printer) T(key string, pairs ...any) string {
	return p.say(key, nil, pairs)
}

// N returns the message under key in the plural form of count (CLDR plural
// rules), with {{.Count}} set to the grouped count and pairs as in T.
func (p *Printer) N(key string, count int, pairs ...any) string {
	all := append([]any{"Count", p.Count(count)}, pairs...)
	return p.say(key, count, all)
}

// say fills the message under key; pluralCount is an int or nil.
func (p *Printer) say(key string, pluralCount any, pairs []any) string {
	if !p.Has(key) {
		return "⟦" + key + "⟧"
	}
	// The error is not needed: it also reports a plural form that is missing
	// and was replaced by "other", which is a text worth showing.
	text, _ := p.localizer.Localize(&i18n.LocalizeConfig{
		MessageID:    key,
		PluralCount:  pluralCount,
		TemplateData: p.values(key, pairs),
	})
	if text == "" {
		return "⟦" + key + "⟧"
	}
	return text
}

// values returns the template data of a message: the pairs, and ⟦Name⟧ for
// every placeholder they leave without a value.
func (p *Printer) values(key string, pairs []any) map[string]any {
	data := make(map[string]any, len(pairs)/2)
	for _, name := range p.messages[key].placeholders {
		data[name] = "⟦" + name + "⟧"
	}
	maps.Insert(data, pairsOf(pairs))
	return data
}

// pairsOf walks pairs as names and values. A name that is not a string and a
// last name without a value are passed over.
func pairsOf(pairs []any) func(yield func(string, any) bool) {
	return func(yield func(string, any) bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			name, ok := pairs[i].(string)
			if ok && !yield(name, pairs[i+1]) {
				return
			}
		}
	}
}

// Pairs turns arguments kept as a map, such as those of a field error, into the
// pairs that T takes.
func Pairs(args map[string]string) []any {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return pairs
}
