package components

import "plexydash/i18n"

// shortName is what a language calls itself, in three letters. It is the same
// on the pages of every language, so that each finds its own.
func shortName(l i18n.Lang) string {
	switch l {
	case i18n.Kazakh:
		return "Қаз"
	case i18n.English:
		return "Eng"
	case i18n.Russian:
	}
	return "Рус"
}
