package distribution

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Document is the contract, invoice or act that a purpose of payment names.
type Document struct {
	Number string // as written
	Date   string // 2026-02-02; empty: none beside it
}

// Documents finds what a purpose names: "по договору поставки № 44 от 02.02.2026",
// "дог. 118/2-К", "02.02.2026 № 44 шарт бойынша".
func Documents(purpose string) []Document {
	words := strings.Fields(strings.NewReplacer("№", " № ", "#", " № ", ",", " , ", ";", " ; ", "(", " ", ")", " ").Replace(purpose))
	var found []Document
	for i := 0; i < len(words); i++ {
		at := numberAt(words, i)
		if at < 0 {
			continue
		}
		d := Document{Number: strings.Trim(words[at], ".:"), Date: dateNear(words, i, at)}
		if !slices.Contains(found, d) {
			found = append(found, d)
		}
		i = at
	}
	return found
}

// numberAt is where the number stands that the word at i announces; -1: it does not.
func numberAt(words []string, i int) int {
	if numberSign(words[i]) {
		if i+1 < len(words) && isNumber(words[i+1]) {
			return i + 1
		}
		return -1
	}
	if !namesDocument(words[i]) {
		return -1
	}
	if i+1 < len(words) && isNumber(words[i+1]) {
		return i + 1
	}
	// "по договору аренды от 02.02.2026 № 44": a few words on, but only with the sign.
	for at := i + 1; at+1 < len(words) && at <= i+6 && words[at] != "," && words[at] != ";"; at++ {
		if numberSign(words[at]) && isNumber(words[at+1]) {
			return at + 1
		}
	}
	return -1
}

func numberSign(word string) bool {
	return slices.Contains([]string{"№", "n", "no", "no.", "nr", "номер", "номері"}, strings.ToLower(word))
}

// namesDocument knows the words for a contract, an invoice, an act, an order.
func namesDocument(word string) bool {
	word = strings.ToLower(strings.TrimRight(word, ".:"))
	if slices.Contains([]string{"дог", "сч", "к-т", "с/ф", "счф", "согл"}, word) {
		return true
	}
	return slices.ContainsFunc([]string{
		"договор", "контракт", "соглашени", "счет", "счёт", "инвойс", "накладн", "акт", "заказ", "заявк", "спецификаци",
		"шарт", "келісім", "шот", "contract", "agreement", "invoice", "order",
	}, func(stem string) bool { return strings.HasPrefix(word, stem) })
}

// isNumber tells a number of a document from a date and from a word.
func isNumber(word string) bool {
	return strings.ContainsFunc(word, unicode.IsDigit) && date(word) == "" &&
		!strings.ContainsFunc(word, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`/\-–_.:`, r)
		})
}

// dateNear is the date behind a number ("от 02.02.2026"), or between the word that
// announces it and the number, or right before that word.
func dateNear(words []string, word, number int) string {
	for at := number + 1; at < len(words) && at <= number+2; at++ {
		if d := dateAt(words, at); d != "" {
			return d
		}
	}
	for at := word + 1; at < number; at++ {
		if d := dateAt(words, at); d != "" {
			return d
		}
	}
	if word > 0 {
		return date(words[word-1])
	}
	return ""
}

// dateAt reads 02.02.2026 and "2 февраля 2026".
func dateAt(words []string, at int) string {
	if d := date(words[at]); d != "" || at+2 >= len(words) {
		return d
	}
	months := []string{
		"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
	}
	month := slices.Index(months, strings.ToLower(words[at+1]))
	if month < 0 {
		return ""
	}
	day, err := time.Parse("2 2006", words[at]+" "+strings.Trim(words[at+2], ".гГ"))
	if err != nil {
		return ""
	}
	return time.Date(day.Year(), time.Month(month+1), day.Day(), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func date(word string) string {
	word = strings.TrimRight(word, ".гж")
	for _, layout := range []string{"2.1.2006", "2.1.06", "2/1/2006", "2-1-2006", time.DateOnly} {
		if day, err := time.Parse(layout, word); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	return ""
}

// SameDocument is the first document that two purposes name alike. A number alone
// is enough unless both have a date and the dates differ.
func SameDocument(purpose, earlier string) (Document, bool) {
	others := Documents(earlier)
	for _, d := range Documents(purpose) {
		if slices.ContainsFunc(others, func(o Document) bool {
			return foldNumber(o.Number) == foldNumber(d.Number) && (o.Date == d.Date || o.Date == "" || d.Date == "")
		}) {
			return d, true
		}
	}
	return Document{}, false
}

// foldNumber makes 118/2-К, 118/2–k and 118\2-K the same.
func foldNumber(number string) string {
	return strings.NewReplacer(`\`, "/", "–", "-", "_", "-").Replace(latinised(strings.ToUpper(strings.Trim(number, ".-/"))))
}

// SameDocumentHint says that an earlier purpose named the same document.
func SameDocumentHint(d Document) Finding {
	return hint("purpose.same", "Number", d.Number)
}
