package components

import (
	"cmp"
	"context"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
)

// Fours writes an IBAN in groups of four, however it was typed. It must not
// break over lines: the style sheet sees to that.
func Fours(iban string) string {
	var b strings.Builder
	for i, r := range []rune(strings.Join(strings.Fields(iban), "")) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Tail is the last four characters of an IBAN, by which people know an account.
func Tail(iban string) string { return iban[max(0, len(iban)-4):] }

// CodeText writes a control code in two groups: "7F3-K9Q".
func CodeText(code string) string {
	if len(code) != 6 {
		return code
	}
	return code[:3] + "-" + code[3:]
}

// CodeName is the name of a code in the language of ctx, else in Russian, and of a
// section that it is one; empty for a code without a name.
func CodeName(ctx context.Context, c distribution.NamedCode) string {
	name := inLanguage(ctx, c.RU, c.KK, c.EN)
	if len(c.Code) == 1 {
		return i18n.T(ctx, "form.knp_section", "Code", c.Code, "Name", name)
	}
	return name
}

// inLanguage is the name in the language of ctx; in Russian where it has none.
func inLanguage(ctx context.Context, ru, kk, en string) string {
	switch i18n.From(ctx).Lang() {
	case i18n.Kazakh:
		return cmp.Or(kk, ru)
	case i18n.English:
		return cmp.Or(en, ru)
	case i18n.Russian:
	}
	return ru
}

// BankName is the bank's name in the language of ctx, else in Russian, the
// language of the directory; empty for a bank that is not in it.
func BankName(ctx context.Context, b distribution.Bank) string {
	return inLanguage(ctx, b.RU, b.KK, b.EN)
}

// BankShort is the name in the quotation marks, the inner ones where there are
// several, for narrow columns.
func BankShort(ctx context.Context, b distribution.Bank) string {
	name := BankName(ctx, b)
	short, _, closed := strings.Cut(name, "»")
	opened := strings.LastIndex(short, "«")
	if !closed || opened < 0 {
		return name
	}
	return short[opened+len("«"):]
}

// BankWord is the name as people say it, for rows: a column of banks need not say
// bank, nor in which country. What would not be a name any more stays whole.
func BankWord(ctx context.Context, b distribution.Bank) string {
	short := BankShort(ctx, b)
	words := strings.Fields(short)
	for len(words) > 1 && saysBank(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	for len(words) > 1 && saysBank(words[0]) {
		words = words[1:]
	}
	if name := strings.Join(words, " "); len(words) <= 2 && name != strings.ToLower(name) {
		return name
	}
	return short
}

func saysBank(word string) bool {
	switch strings.Trim(strings.ToLower(word), "()") {
	case "bank", "банк", "банкі", "kazakhstan", "казахстан", "казахстана", "қазақстан":
		return true
	}
	return false
}

// Names lists people by name.
func Names(people []distribution.Person) string {
	var all []string
	for _, p := range people {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}

// Surname is the last word of a name, or the first when initials follow it.
func Surname(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	if last := words[len(words)-1]; !strings.HasSuffix(last, ".") {
		return last
	}
	return words[0]
}

// Initials are the first letters of the first two words of a name.
func Initials(name string) string {
	var b strings.Builder
	for _, word := range strings.Fields(name)[:min(2, len(strings.Fields(name)))] {
		b.WriteString(strings.ToUpper(string([]rune(word)[:1])))
	}
	return b.String()
}

// Moment is the clock when t is of the same day in Almaty as now, else day and
// minutes.
func Moment(ctx context.Context, t, now time.Time) string {
	if i18n.Date(ctx, t) == i18n.Date(ctx, now) {
		return i18n.Clock(ctx, t)
	}
	return i18n.ShortDate(ctx, t) + " " + i18n.Time(ctx, t)
}

// HourOf is Moment without seconds.
func HourOf(ctx context.Context, t, now time.Time) string {
	if i18n.Date(ctx, t) == i18n.Date(ctx, now) {
		return i18n.Time(ctx, t)
	}
	return i18n.ShortDate(ctx, t) + " " + i18n.Time(ctx, t)
}

// BothClocks writes t in Almaty and in UTC, for the hint over a time.
func BothClocks(ctx context.Context, t time.Time) string {
	return i18n.DateTime(ctx, t) + " · " + t.UTC().Format("15:04:05") + " UTC"
}
