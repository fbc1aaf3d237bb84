package session

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plexydash/store"
)

// DemoPassword opens the accounts of demo mode, and is written in the README:
// where money is real nobody may have it.
const DemoPassword = "plexy-demo-password"

//go:embed common.txt
var commonList string

// walks are rows of keyboards and alphabets, along which fingers go by
// themselves; longer ones begin again.
func walks() []string {
	return []string{
		"1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
		"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm", "1234567890qwertyuiopasdfghjklzxcvbnm",
		"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "йцукенгшщзхъфывапролджэячсмитьбю", "әіңғүұқөһ", "әіңғүұқөһйцукенгшщзхъфывапролджэячсмитьбю",
	}
}

// common reports that a password is one of those that are tried first.
func common(password string) bool {
	folded := strings.ToLower(password)
	unit := period(folded)
	if utf8.RuneCountInString(unit) < MinPasswordWithFactor && unit != folded {
		return true // a short thing again and again
	}
	word := strings.TrimFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc([]string{folded, unit, word}, listed) || walked(folded)
}

func listed(word string) bool {
	return word != "" && strings.Contains("\n"+commonList, "\n"+word+"\n") && !strings.HasPrefix(word, "#")
}

// period is the shortest text of which the whole is a repetition.
func period(text string) string {
	runes := []rune(text)
	for n := 1; n <= len(runes)/2; n++ {
		repeats := true
		for i := n; i < len(runes) && repeats; i++ {
			repeats = runes[i] == runes[i-n]
		}
		if repeats {
			return string(runes[:n])
		}
	}
	return text
}

func walked(text string) bool {
	back := []rune(text)
	slices.Reverse(back)
	return slices.ContainsFunc(walks(), func(row string) bool {
		long := strings.Repeat(row, 1+utf8.RuneCountInString(text)/utf8.RuneCountInString(row)+1)
		return strings.Contains(long, text) || strings.Contains(long, string(back))
	})
}

// own reports that little is left of a password without the words that stand
// beside it on the sign-in page.
func own(password string, of store.User) bool {
	local, domain, _ := strings.Cut(of.Email, "@")
	words := slices.Concat([]string{"plexydash", "plexy", local, domain}, strings.Fields(strings.ToLower(of.Name)), strings.Split(domain, "."), split(local))
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	rest := strings.ToLower(password)
	whole := rest
	for _, word := range words {
		if utf8.RuneCountInString(word) >= 4 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return rest != whole && utf8.RuneCountInString(strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })) < MinPasswordWithFactor
}

func split(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
}
