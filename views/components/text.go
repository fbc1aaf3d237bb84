package components

import (
	"context"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
)

// ReasonText says why a field is refused and how to put it right.
func ReasonText(ctx context.Context, r *distribution.Reason) string {
	return i18n.T(ctx, "error."+r.Code, i18n.Pairs(r.Args)...)
}

// HintText says what is worth knowing about a field.
func HintText(ctx context.Context, f distribution.Finding) string {
	return i18n.T(ctx, "hint."+string(f.Code)+f.Variant, argumentsOf(ctx, f)...)
}

// WarningText says what is odd about a field.
func WarningText(ctx context.Context, w distribution.Warning) string {
	return i18n.T(ctx, "warning."+string(w.Code)+w.Variant, argumentsOf(ctx, w)...)
}

// argumentsOf names the bank in the language of ctx.
func argumentsOf(ctx context.Context, f distribution.Finding) []any {
	all := i18n.Pairs(f.Args)
	if f.Bank.BIC != "" {
		all = append(all, "Bank", BankName(ctx, f.Bank))
	}
	return all
}

// WarningTick is the text beside the box that accepts a warning.
func WarningTick(ctx context.Context, code string) string {
	return i18n.T(ctx, "warning."+code+".confirm")
}

// WarningName names a warning in two or three words, without its figures.
func WarningName(ctx context.Context, code string) string {
	return OrCode(ctx, "warned.", code)
}

// RefusalText says why an action is not possible.
func RefusalText(ctx context.Context, code string) string {
	return OrCode(ctx, "refusal.", code)
}

// WhyText says why a distribution is in its state.
func WhyText(ctx context.Context, code string) string {
	return OrCode(ctx, "reason.", code)
}

// Quoted is what somebody wrote, in the quotation marks of the language.
func Quoted(ctx context.Context, text string) string {
	return i18n.T(ctx, "layout.quoted", "Text", text)
}

// Tied keeps what belongs together on one line: a sign and its number, a number
// and its unit. It is for showing; what is copied stays as it was written.
func Tied(text string) string {
	return strings.NewReplacer("№ ", "№\u00a0", " тиын", "\u00a0тиын", " tiyn", "\u00a0tiyn").Replace(text)
}

// OrCode is the message under prefix and code; a code without a message is
// shown as it is, so that nothing is hidden from people.
func OrCode(ctx context.Context, prefix, code string) string {
	if !i18n.From(ctx).Has(prefix + code) {
		return i18n.T(ctx, "layout.code", "Code", code)
	}
	return i18n.T(ctx, prefix+code)
}

// StatusWord is the name of a state.
func StatusWord(ctx context.Context, s distribution.Status) string {
	return OrCode(ctx, "status.", string(s))
}

// FieldName is the label of a form field.
func FieldName(ctx context.Context, f distribution.Field) string {
	return i18n.T(ctx, "field."+string(f))
}

// ActorName is the person's name, or what part of the program acted.
func ActorName(ctx context.Context, p distribution.Person) string {
	part, system := strings.CutPrefix(p.ID, "system:")
	if !system {
		return p.Name
	}
	return OrCode(ctx, "actor.", part)
}
