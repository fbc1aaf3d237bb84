package distribution

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pasted is a block of bank details, spread over the fields of the form. Nothing
// is guessed: a value is as it stood in the block, to be checked like a typed one.
type Pasted struct {
	Values map[Field]string
	Asks   map[Field][]string // different values for one field; a person chooses
	Bank   string             // the name of the bank, which is no field
	Left   []string           // what was not understood, in its order
}

// maxPasted is more than any letter's worth of bank details, in bytes.
const maxPasted = 16 << 10

// Spread reads a block of bank details as it stands in a letter, in cells of a
// spreadsheet or in a print-out: labels in any order, one a line or all in one
// line; and without a label an account number, twelve digits, a bank's code, and
// a name that begins with its legal form.
func Spread(text string) Pasted {
	s := spreader{
		pasted: Pasted{Values: map[Field]string{}, Asks: map[Field][]string{}},
		labels: labels(), owners: owners(),
	}
	if len(text) > maxPasted {
		s.pasted.Left = []string{strings.ToValidUTF8(text[:maxPasted], "") + "…"}
		return s.pasted
	}
	for line := range strings.Lines(strings.ToValidUTF8(strings.ReplaceAll(text, "\r", "\n"), "")) {
		s.line(strings.Map(plainSpace, line))
	}
	for field := range s.pasted.Asks {
		delete(s.pasted.Values, field)
	}
	return s.pasted
}

// plainSpace makes every space but a tab, which parts cells, a plain one.
func plainSpace(r rune) rune {
	switch {
	case r == '\t':
		return r
	case unicode.IsSpace(r):
		return ' '
	case strings.ContainsRune("\u200b\u2060\ufeff\u00ad", r):
		return -1
	}
	return r
}

type spreader struct {
	pasted  Pasted
	labels  []label
	owners  map[string]bool
	heads   []Field // of the columns that the next line fills
	waiting Field   // of a label whose value is on the next line
	payer   bool    // what is read is about us, not the recipient
}

// mark is a label found in a line: the field, and where it and its value begin.
type mark struct {
	field     Field
	at, value int
}

func (s *spreader) line(line string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	cells := strings.Split(line, "\t")
	if s.heads != nil && len(cells) > 1 {
		s.row(cells)
		return
	}
	if s.heads = s.headings(cells); s.heads != nil {
		return
	}
	marks := s.marks(line)
	end := len(line)
	if len(marks) > 0 {
		end = marks[0].at
	}
	if lead := line[:end]; strings.TrimFunc(lead, isGap) != "" && (len(marks) == 0 || s.waiting != "" || strings.Trim(lead, bullets) != "") {
		s.lead(lead)
	}
	for i, m := range marks {
		end := len(line)
		if i+1 < len(marks) {
			end = marks[i+1].at
		}
		s.marked(m, line[min(m.value, end):end], i+1 == len(marks))
	}
}

// lead takes what stands before the first label of a line.
func (s *spreader) lead(text string) {
	field := s.waiting
	if s.waiting = ""; field != "" {
		s.take(field, text)
		return
	}
	s.bare(text)
}

// marked takes the value of a label.
func (s *spreader) marked(m mark, value string, last bool) {
	s.waiting = ""
	if m.field == fieldPayer || m.field == FieldName {
		s.payer = m.field == fieldPayer
	}
	field := m.field
	if s.payer {
		field = fieldOther
	}
	if strings.TrimFunc(value, isGap) != "" {
		s.take(field, value)
	} else if last {
		s.waiting = field
	}
}

// headings reads a line of column names: at least three cells, each a label or
// empty or a word that is not known.
func (s *spreader) headings(cells []string) []Field {
	var fields []Field
	known := 0
	for _, cell := range cells {
		cell = strings.TrimFunc(cell, isGap)
		field := Field(fieldOther)
		if i := slices.IndexFunc(s.labels, func(l label) bool { rest, ok := cutFold(cell, l.text); return ok && s.onlyOwners(rest) }); i >= 0 {
			field = s.labels[i].field
			known++
		} else if strings.ContainsFunc(cell, unicode.IsDigit) {
			return nil
		}
		fields = append(fields, field)
	}
	if known < 3 {
		return nil
	}
	return fields
}

// row fills the columns that the line above named.
func (s *spreader) row(cells []string) {
	heads := s.heads
	s.heads = nil
	for i, cell := range cells {
		field := Field(fieldOther)
		if i < len(heads) {
			field = heads[i]
		}
		if strings.TrimSpace(cell) != "" {
			s.take(field, cell)
		}
	}
}

// marks finds the labels of a line. One that says only whose the next one is
// ("Beneficiary IBAN") is passed over.
func (s *spreader) marks(line string) []mark {
	var found []mark
	for at := 0; at < len(line); {
		m, ok := s.markAt(line, at)
		if !ok {
			_, size := utf8.DecodeRuneInString(line[at:])
			at += size
			continue
		}
		if n := len(found); n > 0 && strings.TrimFunc(line[min(found[n-1].value, m.at):m.at], isGap) == "" && isWhose(found[n-1].field) {
			m.at = found[n-1].at
			found = found[:n-1]
		}
		found = append(found, m)
		at = max(m.value, at+1)
	}
	return found
}

func isWhose(f Field) bool { return f == FieldName || f == fieldBank }

// markAt reports the label that begins there, if one does.
func (s *spreader) markAt(line string, at int) (mark, bool) {
	before, _ := utf8.DecodeLastRuneInString(line[:at])
	if unicode.IsLetter(before) || unicode.IsDigit(before) {
		return mark{}, false
	}
	for _, l := range s.labels {
		rest, ok := cutFold(line[at:], l.text)
		if !ok || !partsFrom(rest, l.text) {
			continue
		}
		field, value, colon := l.field, rest, strings.HasPrefix(strings.TrimLeft(rest, " )"), ":") || strings.HasPrefix(rest, "=")
		for {
			word, after, mine := s.owner(value)
			if word == "" || strings.EqualFold(word, "iban") && l.field != FieldIBAN { // "Beneficiary IBAN", but "ИИК (IBAN)"
				break
			}
			if !mine {
				field = fieldOther
			}
			value = after
			colon = colon || strings.HasPrefix(strings.TrimLeft(after, " )"), ":")
		}
		trimmed := strings.TrimLeftFunc(value, isGap)
		if s.fits(field, trimmed, colon || startsCell(line[:at])) {
			return mark{field, at, len(line) - len(trimmed)}, true
		}
	}
	return mark{}, false
}

// owner reads a word that says whose the value is.
func (s *spreader) owner(text string) (word, rest string, mine bool) {
	text = strings.TrimLeft(text, " ():-–\t")
	end := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(text)
	}
	mine, known := s.owners[strings.ToLower(text[:end])]
	if !known {
		return "", text, false
	}
	return text[:end], text[end:], mine
}

func (s *spreader) onlyOwners(text string) bool {
	for {
		word, rest, _ := s.owner(text)
		if word == "" {
			return strings.TrimFunc(rest, isGap) == ""
		}
		text = rest
	}
}

// bullets stand before the items of a list.
const bullets = " -–—•*·.)0123456789"

// startsCell reports that nothing but a gap stands between there and the
// beginning of the line, a cell or a list's item.
func startsCell(before string) bool {
	before = strings.TrimRight(before, bullets)
	return before == "" || strings.HasSuffix(before, "\t") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "|")
}

// fits tells a label from the same word in a sentence: a code follows it, or it
// stands where a label stands.
func (s *spreader) fits(field Field, value string, placed bool) bool {
	first, _ := utf8.DecodeRuneInString(value)
	switch field {
	case FieldIBAN:
		return value == "" && placed || len(value) > 2 && accountLike(value)
	case FieldBIN, FieldKBe, FieldKNP:
		return value == "" && placed || unicode.IsDigit(first)
	case FieldBIC:
		return value == "" && placed || strings.ContainsFunc(firstWord(value), unicode.IsLetter) && len([]rune(firstWord(value))) >= 8
	case fieldOther:
		return placed || unicode.IsDigit(first)
	default:
		return placed
	}
}

// accountLike reports that two letters and a digit begin the text, or digits alone.
func accountLike(text string) bool {
	word := []rune(compact(text))
	if len(word) < 3 {
		return false
	}
	return unicode.IsLetter(word[0]) && unicode.IsLetter(word[1]) && unicode.IsDigit(word[2]) ||
		unicode.IsDigit(word[0]) && unicode.IsDigit(word[1]) && len([]rune(firstWord(text))) >= 16
}

func firstWord(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.TrimFunc(word, isGap)
}
