package distributions

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func (p FormProps) chrome(ctx context.Context) layout.Chrome { return titled(p.Chrome, p.title(ctx)) }

func (p FormProps) title(ctx context.Context) string {
	if p.ID == "" {
		return i18n.T(ctx, "form.title_new")
	}
	return i18n.T(ctx, "form.title_edit")
}

// action is where the form is posted to.
func (p FormProps) action() string {
	if p.ID != "" {
		return components.DistributionURL(p.ID, "edit")
	}
	if p.CopyOf != nil {
		return "/distributions?copy=" + url.QueryEscape(p.CopyOf.ID)
	}
	return "/distributions"
}

// leave is where the form is left to without saving.
func (p FormProps) leave() string {
	if p.ID == "" {
		return "/distributions"
	}
	return components.DistributionURL(p.ID)
}

// redrawn reports that the page answers a form that did not go through.
func (p FormProps) redrawn() bool {
	return len(p.Errors) > 0 || p.unticked() > 0 || p.ReasonMissing
}

// guard warns before typed text is lost; text that came back is not saved.
func (p FormProps) guard() string {
	if p.redrawn() {
		return "dirty"
	}
	return ""
}

func (p FormProps) unticked() int {
	n := 0
	for _, w := range p.Warnings {
		if !p.ticked(w.Code) {
			n++
		}
	}
	return n
}

func (p FormProps) ticked(code distribution.WarningCode) bool {
	return slices.Contains(p.Confirmed, string(code))
}

// problem is a line of the summary and the id it leads to.
type problem struct{ ID, Text string }

func (p FormProps) problems(ctx context.Context) []problem {
	var all []problem
	for _, f := range distribution.Fields() {
		if r := p.Errors[f]; r != nil {
			all = append(all, problem{target(f), summaryText(ctx, f, r)})
		}
	}
	for _, w := range p.Warnings {
		if !p.ticked(w.Code) {
			all = append(all, problem{target(w.Field), components.WarningText(ctx, w)})
		}
	}
	if p.ReasonMissing {
		all = append(all, problem{"duplicateReason", i18n.T(ctx, "form.reason_missing")})
	}
	return all
}

func (p FormProps) hasProblems(ctx context.Context) bool { return len(p.problems(ctx)) > 0 }

// asksReason reports that the field carries that warning.
func (p FormProps) asksReason(name distribution.Field) bool {
	return slices.ContainsFunc(p.Warnings, func(w distribution.Warning) bool {
		return w.Code == distribution.WarnDuplicate && w.Field == name
	})
}

// target is the control of a field; the currency has none of its own.
func target(f distribution.Field) string {
	if f == distribution.FieldCurrency {
		f = distribution.FieldAmount
	}
	return components.FieldID(f)
}

// summaryText names the field where the message itself does not.
func summaryText(ctx context.Context, f distribution.Field, r *distribution.Reason) string {
	text := components.ReasonText(ctx, r)
	if r.Code == "required" || strings.HasPrefix(r.Code, "text.") {
		return components.FieldName(ctx, f) + ": " + text
	}
	return text
}

// field is what all fields have in common: text, message and ticks.
func (p FormProps) field(ctx context.Context, name distribution.Field, value string) components.Field {
	f := components.Field{Name: name, Label: components.FieldName(ctx, name), Value: value, Required: true}
	if r := p.Errors[name]; r != nil {
		f.Error = components.ReasonText(ctx, r)
	}
	for _, w := range p.Warnings {
		if w.Field == name {
			f.Ticks = append(f.Ticks, components.Tick{
				Code: string(w.Code), Text: components.WarningText(ctx, w),
				Label: components.WarningTick(ctx, string(w.Code)), Checked: p.ticked(w.Code),
			})
		}
	}
	return f
}

func (p FormProps) name(ctx context.Context) components.Field {
	return p.field(ctx, distribution.FieldName, p.Values.Name)
}

func (p FormProps) bin(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldBIN, p.Values.BIN)
	f.Span, f.Class, f.InputMode = 4, "code", "numeric"
	return f
}

func (p FormProps) kbe(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldKBe, p.Values.KBe)
	f.Span, f.Placeholder, f.Options = 2, i18n.T(ctx, "form.choose"), kbeOptions(ctx)
	return f
}

func (p FormProps) iban(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldIBAN, p.Values.IBAN)
	f.Span, f.Class = 4, "iban"
	if bank := components.BankName(ctx, p.Order.Bank); bank != "" && f.Error == "" {
		f.Hint, f.Good = i18n.T(ctx, "form.iban_bank", "Bank", bank), true
	}
	return f
}

func (p FormProps) bic(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldBIC, p.Values.BIC)
	f.Span, f.Class = 2, "code"
	return f
}

func (p FormProps) amount(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldAmount, p.Values.Amount)
	f.Span, f.InputMode, f.Money = 4, "decimal", true
	if p.Order.Amount > 0 && f.Error == "" {
		f.Hint, f.Good = i18n.Money(ctx, int64(p.Order.Amount))+" · "+i18n.Words(ctx, int64(p.Order.Amount)), true
	}
	if p.Limit > 0 {
		f.Hint, f.Good = overLimit(ctx, p.Limit), false
	}
	if r := p.Errors[distribution.FieldCurrency]; r != nil && f.Error == "" {
		f.Error = components.ReasonText(ctx, r)
	}
	return f
}

// overLimit says beforehand that the amount would be refused.
func overLimit(ctx context.Context, limit distribution.Amount) string {
	return i18n.T(ctx, "limits.over", "Limit", i18n.Money(ctx, int64(limit)))
}

func (p FormProps) knp(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldKNP, p.Values.KNP)
	f.Span, f.Class, f.InputMode, f.Hint = 2, "code is-tall", "numeric", i18n.T(ctx, "form.knp_hint")
	return f
}

// purposeAim is how many characters banks are sure to take; more is a warning.
const purposeAim = 140

func (p FormProps) purpose(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldPurpose, p.Values.Purpose)
	f.Rows, f.Hint = 3, i18n.T(ctx, "form.purpose_hint", "Max", strconv.Itoa(purposeAim))
	return f
}

func (p FormProps) reference(ctx context.Context) components.Field {
	f := p.field(ctx, distribution.FieldReference, p.Values.OrderReference)
	f.Span, f.Class, f.Required = 3, "code", false
	f.Aside, f.Placeholder = i18n.T(ctx, "form.optional"), i18n.T(ctx, "form.reference_hint")
	return f
}

// kbeOptions are the eighteen codes: residency 1 or 2, sector 1 to 9.
func kbeOptions(ctx context.Context) []components.Option {
	var all []components.Option
	for _, residency := range []string{"1", "2"} {
		for sector := '1'; sector <= '9'; sector++ {
			code := residency + string(sector)
			all = append(all, components.Option{Value: code, Label: code + " · " + kbeName(ctx, code)})
		}
	}
	return all
}

// kbeName says a code in words; empty for one that is not among the eighteen.
func kbeName(ctx context.Context, code string) string {
	residency := [2]string{"kbe.residency.1", "kbe.residency.2"}
	sector := [9]string{
		"kbe.sector.1", "kbe.sector.2", "kbe.sector.3", "kbe.sector.4", "kbe.sector.5",
		"kbe.sector.6", "kbe.sector.7", "kbe.sector.8", "kbe.sector.9",
	}
	kbe, err := distribution.ParseKBe(code)
	if err != nil {
		return ""
	}
	digits := kbe.String()
	return i18n.T(ctx, sector[digits[1]-'1']) + ", " + i18n.T(ctx, residency[digits[0]-'1'])
}
