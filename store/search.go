package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plexydash/distribution"
)

const (
	maxQuery  = 255   // characters of a search
	maxPasted = 4_000 // of several identifiers pasted together
	// A search with more matches than this is not looked up in the index of
	// letters: a page of them is met soon enough along the order of the list.
	scarce = 10_000
)

// searchable reports whether a text is short enough to be searched for.
func searchable(q string) bool {
	n := utf8.RuneCountInString(q)
	return n <= maxQuery || n <= maxPasted && Pasted(q) != nil
}

// Pasted splits a search into the references, Plexy ids, BINs and IBANs that were
// pasted together. It is nil for everything else: one word, a name, an amount, an
// account in groups of four.
func Pasted(q string) []string {
	if _, err := distribution.ParseAmount(q); err == nil {
		return nil
	}
	separate := func(r rune) bool { return strings.ContainsRune(",;\n\r\t", r) }
	// Between plain spaces may stand the groups of an account, or the words of a name.
	listed := strings.ContainsFunc(strings.TrimFunc(q, func(r rune) bool { return separate(r) || unicode.IsSpace(r) }), separate)
	words := strings.FieldsFunc(q, func(r rune) bool { return separate(r) || unicode.IsSpace(r) })
	var all []string
	for i := 0; i < len(words); {
		word, n := words[i], 1
		if account, groups := accountIn(words[i:]); groups > 0 {
			word, n = account, groups
		} else if !identifies(word, listed) {
			return nil
		}
		if !slices.Contains(all, word) {
			all = append(all, word)
		}
		i += n
	}
	if len(all) < 2 {
		return nil
	}
	return all
}

// accountIn joins the groups of four that the words begin with to an account.
func accountIn(words []string) (account string, groups int) {
	const length = 20
	for i, word := range words {
		account += strings.ToUpper(word)
		switch {
		case !strings.HasPrefix(account, "KZ") || len(account) > length || len(account) < length && len(word) != 4:
			return "", 0
		case len(account) == length:
			return account, i + 1
		}
	}
	return "", 0
}

// identifies reports whether a word can be a reference or a number: it has a
// digit and no sign that a reference may not have. Where only spaces part the
// words, a short one without a dash is more likely a part of something.
func identifies(word string, listed bool) bool {
	const signs = "-_./№#"
	whole := listed || utf8.RuneCountInString(word) > 4 || strings.ContainsAny(word, signs)
	return whole && strings.ContainsFunc(word, unicode.IsDigit) && !strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(signs, r)
	})
}

// Plain is a text as every search has it, what is typed and what is looked at:
// folded, and in the Russian letters that stand on every keyboard for the Kazakh
// ones. Fold makes a difference between them, and keys of payments rest on it.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'ә':
			return 'а'
		case 'ғ':
			return 'г'
		case 'қ':
			return 'к'
		case 'ң':
			return 'н'
		case 'ө':
			return 'о'
		case 'ұ', 'ү':
			return 'у'
		case 'һ':
			return 'х'
		case 'і':
			return 'и'
		}
		return r
	}, Fold(s))
}

// sought is the condition of a search.
func (f Filter) sought() (cond string, args []any) {
	if pasted := Pasted(f.Q); pasted != nil {
		return identified(pasted)
	}
	q := Plain(f.Q)
	if f.rare {
		cond, args = "id IN (SELECT id FROM search_rows WHERE n IN (SELECT rowid FROM search_index WHERE search_index MATCH ?))", []any{match(q)}
	} else {
		cond, args = `search LIKE ? ESCAPE '\' OR search LIKE ? ESCAPE '\'`, []any{like(q), like(closed(q))}
	}
	if amount, err := distribution.ParseAmount(f.Q); err == nil { // as pages write it
		cond, args = cond+" OR amount = ?", append(args, int64(amount))
	}
	return "(" + cond + ")", args
}

// closed is a text without its spaces: accounts are kept so.
func closed(q string) string { return strings.ReplaceAll(q, " ", "") }

// match is what the index of letters is asked for: the text as it is, or closed.
func match(q string) string {
	phrase := func(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
	if closed(q) == q {
		return phrase(q)
	}
	return phrase(q) + " OR " + phrase(closed(q))
}

// identified is the condition of the rows that one of the words names; each of its
// columns has an index.
func identified(words []string) (cond string, args []any) {
	return named(words, "id", "plexy_id", "order_reference", "recipient_bin", "recipient_iban")
}

// named is anyOf, and the rows whose reference is a word in other letters.
func named(words []string, columns ...string) (cond string, args []any) {
	cond, args = anyOf(words, columns...)
	var plain []string
	for _, word := range words {
		plain = append(plain, Plain(word))
	}
	or, with := among(plainReference, plain)
	return "(" + cond + " OR " + or + ")", append(args, with...)
}

// plainReference is the first part of the text that is searched; it has an index.
const plainReference = "substr(search, 1, instr(search, ' | ') - 1)"

// anyOf is the condition of the rows that have one of the words in one of the
// columns. Case does not matter where it is all one.
func anyOf(words []string, columns ...string) (cond string, args []any) {
	var forms []string
	for _, word := range words {
		all := []string{word, strings.ToUpper(word), strings.ToLower(word)}
		slices.Sort(all)
		forms = append(forms, slices.Compact(all)...)
	}
	var each []string
	for _, column := range columns {
		one, with := among(column, forms)
		each, args = append(each, one), append(args, with...)
	}
	return "(" + strings.Join(each, " OR ") + ")", args
}

// counted finds out how a search is looked up: a rare text by the index of
// letters, a common one along the order of the list.
func (f Filter) counted(ctx context.Context, q querier) (Filter, error) {
	text := Plain(f.Q)
	if utf8.RuneCountInString(closed(text)) < leastSuggested || Pasted(f.Q) != nil {
		return f, nil
	}
	var n int
	err := q.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH $1 LIMIT $2)", match(text), scarce+1).Scan(&n)
	if err != nil {
		return f, fmt.Errorf("store: search: %w", err)
	}
	f.rare = n <= scarce
	return f, nil
}
