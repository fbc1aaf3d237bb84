package distribution

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// take puts the value that a label announced into its field; what follows the
// value is read on its own.
func (s *spreader) take(field Field, text string) {
	value, rest := text, ""
	switch field {
	case FieldIBAN:
		value, rest = cutCode(text, 20)
	case FieldBIN:
		value, rest = cutCode(text, 12)
	case FieldBIC:
		value, rest = cutWord(text)
	case FieldKBe:
		value, rest = cutCode(text, 2)
	case FieldKNP:
		value, rest = cutCode(text, 3)
	case FieldAmount:
		value, rest = cutAmount(text)
	default:
		if cell, more, ok := strings.Cut(strings.Trim(text, "\t "), "\t"); ok {
			value, rest = cell, more
		}
	}
	s.put(field, value)
	if strings.TrimFunc(rest, isGap) != "" {
		s.bare(rest)
	}
}

// put keeps a value. A second, other one makes the field a question.
func (s *spreader) put(field Field, value string) {
	switch value = unquoted(value); field {
	case FieldIBAN, FieldBIN, FieldBIC, FieldKBe, FieldKNP:
		value = clean(value, field)
	case fieldBank:
		s.pasted.Bank = value
		return
	case fieldOther, fieldPayer:
		s.left(value)
		return
	default: // kept as it is
	}
	if value == "" {
		return
	}
	first, again := s.pasted.Values[field]
	if !again {
		s.pasted.Values[field] = value
		return
	}
	if first == value {
		return
	}
	if s.pasted.Asks[field] == nil {
		s.pasted.Asks[field] = []string{first}
	}
	if !slices.Contains(s.pasted.Asks[field], value) {
		s.pasted.Asks[field] = append(s.pasted.Asks[field], value)
	}
}

func (s *spreader) left(text string) {
	if text = strings.Trim(strings.Join(strings.Fields(text), " "), " ,;|"); strings.ContainsFunc(text, func(r rune) bool { return !isGap(r) }) {
		s.pasted.Left = append(s.pasted.Left, text)
	}
}

// bare reads a text without a label: what can only be one thing.
func (s *spreader) bare(text string) {
	if s.payer {
		s.left(text)
		return
	}
	for at := 0; at < len(text); {
		if size := s.bareAt(text, at); size > 0 {
			text = text[:at] + "\t" + text[at+size:]
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	for cell := range strings.SplitSeq(text, "\t") {
		switch cell = strings.Trim(cell, " ,;|"); {
		case cell == "":
		case !startsLegalForm(cell):
			s.left(cell)
		case bankNamed(cell):
			s.pasted.Bank = unquoted(cell)
		default:
			s.put(FieldName, cell)
		}
	}
}

// bareAt puts a value that begins there and tells how long it is.
func (s *spreader) bareAt(text string, at int) int {
	if before, _ := utf8.DecodeLastRuneInString(text[:at]); unicode.IsLetter(before) || unicode.IsDigit(before) || before == '+' {
		return 0
	}
	rest := text[at:]
	if code, after := cutCode(rest, 20); code != "" {
		if iban, err := ParseIBAN(code); err == nil && strings.EqualFold(iban.String()[:2], rest[:min(2, len(rest))]) {
			s.put(FieldIBAN, code)
			return len(rest) - len(after)
		}
	}
	word := rest
	if end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }); end >= 0 {
		word = rest[:end]
	}
	if len(word) == 12 && digits(word) {
		s.put(FieldBIN, word)
		return len(word)
	}
	if (len(word) == 8 || len(word) == 11) && word[4:6] == "KZ" && checkBIC(word) == nil {
		s.put(FieldBIC, word)
		return len(word)
	}
	return 0
}

// cutCode cuts a code of so many letters and digits, however it is grouped. One
// of another length is cut where the next thing begins.
func cutCode(text string, want int) (code, rest string) {
	text = strings.TrimLeftFunc(text, isGap)
	n := 0
	for at, r := range text {
		alnum := unicode.IsLetter(r) || unicode.IsDigit(r)
		switch {
		case n >= want && !alnum, strings.ContainsRune(",;|()\t", r):
			return text[:at], text[at:]
		case alnum:
			n++
		}
	}
	return text, ""
}

func cutWord(text string) (word, rest string) {
	text = strings.TrimLeftFunc(text, isGap)
	if at := strings.IndexAny(text, " \t,;|()"); at >= 0 {
		return text[:at], text[at:]
	}
	return text, ""
}

// cutAmount cuts digits, their separators and the currency. Tiyn in a word of
// their own are not put together with the tenge: the whole text is left to ask.
func cutAmount(text string) (amount, rest string) {
	text = strings.TrimLeft(text, " \t:=")
	end := strings.IndexFunc(text, func(r rune) bool { return !digit(r) && !strings.ContainsRune(" .,+-−", r) })
	if end < 0 {
		return strings.TrimRight(text, " .,"), ""
	}
	amount, rest = text[:end], text[end:]
	for _, unit := range []string{"тенге", "теңге", "тг.", "тг", "KZT", "₸"} {
		after, ok := cutFold(rest, unit)
		if !ok {
			continue
		}
		cents, tiyn := strings.CutSuffix(strings.Trim(after, " ."), "тиын")
		if cents = strings.TrimSpace(cents); tiyn && cents != "00" && digits(cents) {
			return strings.TrimSpace(text), ""
		} else if tiyn && cents == "00" {
			after = ""
		}
		return strings.TrimRight(amount, " .,"), after
	}
	if strings.TrimSpace(amount) == "" {
		return "", rest
	}
	return strings.TrimRight(amount, " .,"), rest
}

// unquoted takes the marks away in which a spreadsheet puts a cell.
func unquoted(text string) string {
	text = strings.Trim(strings.TrimSpace(text), ",;|\t ")
	if inner, ok := strings.CutPrefix(text, `"`); ok && strings.Contains(inner, `""`) {
		return strings.TrimSpace(strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`))
	}
	return text
}

// legalForms begin the names of organisations.
func legalForms() []string {
	return []string{
		"ТОО", "АО", "ИП", "НАО", "ГУ", "РГП", "РГУ", "КГП", "ГКП", "КХ", "ОЮЛ", "ОО", "КСК", "ОСИ", "ТДО", "Товарищество", "Акционерное общество",
		"Индивидуальный предприниматель", "ЖШС", "АҚ", "ЖК", "ШҚ", "LLP", "JSC", "LLC", "TOO", "AO",
	}
}

func startsLegalForm(text string) bool {
	return slices.ContainsFunc(legalForms(), func(form string) bool {
		rest, ok := strings.CutPrefix(text, form)
		next, _ := utf8.DecodeRuneInString(rest)
		return ok && strings.TrimFunc(rest, isGap) != "" && !unicode.IsLetter(next)
	}) || endsLegalForm(text)
}

// endsLegalForm knows the Kazakh and the English order: «Алма» ЖШС, Alma LLP.
func endsLegalForm(text string) bool {
	return slices.ContainsFunc([]string{" ЖШС", " АҚ", " ЖК", " LLP", " JSC", " LLC"}, func(form string) bool {
		return strings.HasSuffix(text, form)
	})
}

func bankNamed(text string) bool {
	small := strings.ToLower(text)
	return strings.Contains(small, "банк") || strings.Contains(small, "bank")
}
