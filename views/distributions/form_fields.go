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
	return "/distributions" + p.about("")
}

// checks is the address that looks at the form while it is filled in.
func (p FormProps) checks() string { return "/distributions/checks" + p.about("") }

// fill is the address that puts something into the form and draws it again.
func (p FormProps) fill() string { return "/distributions/fillings" + p.about("") }

// keep is the address that keeps the form as it is typed; then says what comes
// after it and may be empty.
func (p FormProps) keep(then string) string {
	return "/drafts/" + url.PathEscape(p.FormToken) + p.about(then)
}

// about is what the address of a request tells of the form beside its fields.
func (p FormProps) about(then string) string {
	v := url.Values{}
	for name, value := range map[string]string{"edit": p.ID, "copy": p.CopyID, "then": then} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// kept tells since when the server has the form; empty: it does not.
func (p FormProps) kept(ctx context.Context) string {
	if p.KeptAt.IsZero() {
		return ""
	}
	return i18n.T(ctx, "draft.kept", "Time", components.Moment(ctx, p.KeptAt, p.Order.Date))
}

// leave is where the form was opened from.
func (p FormProps) leave() string {
	if p.ID == "" {
		return "/distributions"
	}
	return components.DistributionURL(p.ID)
}

// guard warns before typed text is lost; text that came back is not saved.
func (p FormProps) guard() string {
	if p.Refused {
		return "dirty"
	}
	return ""
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

// summaryTitle says what is to be done about so many problems.
func (p FormProps) summaryTitle(ctx context.Context, count int) string {
	if count == len(p.Errors) {
		return i18n.N(ctx, "form.errors", count)
	}
	return i18n.N(ctx, "form.problems", count)
}

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

// formPart is a part of the form under its own heading.
type formPart struct {
	name   string // message key
	fields []formField
}

// formField is one row of the table of the form: how the control looks, and what
// is said about it beside errors and warnings.
type formField struct {
	components.Field
	say func(context.Context, FormProps, *components.Field)
}

// recipientPart is the part that begins with the search for a saved one.
const recipientPart = "form.part.recipient"

// formParts is the form from top to bottom, in the order of the document that
// people type from.
func formParts() []formPart {
	return []formPart{
		{recipientPart, []formField{
			{components.Field{Name: distribution.FieldName}, nil},
			{components.Field{Name: distribution.FieldBIN, Span: 3, Class: "code", InputMode: "numeric"}, sayBIN},
			{components.Field{Name: distribution.FieldKBe, Span: 3, Class: "code", Pick: true}, sayKBe},
			{components.Field{Name: distribution.FieldIBAN, Span: 3, Class: "code", Fours: true}, sayIBAN},
			{components.Field{Name: distribution.FieldBIC, Span: 3, Class: "code"}, nil},
		}},
		{"form.part.payment", []formField{
			{components.Field{Name: distribution.FieldAmount, Span: 4, InputMode: "decimal", Money: true}, sayAmount},
			{components.Field{Name: distribution.FieldKNP, Span: 2, Class: "code is-tall", Pick: true}, sayKNP},
			{components.Field{Name: distribution.FieldPurpose, Rows: 3}, sayPurpose},
			{components.Field{Name: distribution.FieldReference, Span: 3, Class: "code"}, sayReference},
		}},
	}
}

// draw is the field with its text, messages and ticks.
func (p FormProps) draw(ctx context.Context, row formField) components.Field {
	f := row.Field
	f.Label, f.Value, f.Check = components.FieldName(ctx, f.Name), *p.Values.Text(f.Name), p.checks()
	f.Fill = p.fill()
	f.Required = f.Name != distribution.FieldReference
	if r := p.Errors[f.Name]; r != nil {
		f.Error, f.Offers = components.ReasonText(ctx, r), offersOf(ctx, r)
	}
	f.Notes = p.notes(ctx, f.Name)
	for _, w := range p.Warnings {
		if w.Field == f.Name {
			f.Ticks = append(f.Ticks, components.Tick{
				Code: string(w.Code), Text: components.WarningText(ctx, w),
				Label: components.WarningTick(ctx, string(w.Code)), Checked: p.ticked(w.Code), Variant: w.Variant, Now: *p.Values.Text(f.Name), Was: w.Was,
			})
		}
	}
	if row.say != nil {
		row.say(ctx, p, &f)
	}
	return f
}

// tellsOf reports that something may be said of the field already: it is filled
// in, or was left empty.
func (p FormProps) tellsOf(name distribution.Field) bool {
	return strings.TrimSpace(*p.Values.Text(name)) != "" || p.Errors[name] != nil
}

const number = "{n}" // the script counts while people type

func sayBIN(ctx context.Context, _ FormProps, f *components.Field) {
	f.Counter = components.Counter{
		Max: 12, Text: i18n.T(ctx, "form.count", "Count", number, "Max", "12"), Over: i18n.T(ctx, "form.over", "Count", number),
	}
}

func sayIBAN(ctx context.Context, p FormProps, f *components.Field) {
	f.Counter = components.Counter{
		Max: 20, Text: i18n.T(ctx, "form.count", "Count", number, "Max", "20"), Over: i18n.T(ctx, "form.over", "Count", number),
	}
	if bank := components.BankName(ctx, p.Order.Bank); bank != "" && f.Error == "" {
		f.Hint, f.Good = i18n.T(ctx, "form.iban_bank", "Bank", bank), true
	}
}

func sayAmount(ctx context.Context, p FormProps, f *components.Field) {
	if p.Order.Amount > 0 && f.Error == "" {
		f.Hint, f.Good = i18n.Money(ctx, int64(p.Order.Amount))+" · "+i18n.Words(ctx, int64(p.Order.Amount)), true
	}
	if p.Limit > 0 {
		f.Hint, f.Good = overLimit(ctx, p.Limit), false
	}
	if r := p.Errors[distribution.FieldCurrency]; r != nil && f.Error == "" {
		f.Error = components.ReasonText(ctx, r)
	}
}

// overLimit says beforehand that the amount would be refused.
func overLimit(ctx context.Context, limit distribution.Amount) string {
	return i18n.T(ctx, "limits.over", "Limit", i18n.Money(ctx, int64(limit)))
}

func sayPurpose(ctx context.Context, _ FormProps, f *components.Field) {
	aim, last := strconv.Itoa(distribution.SafePurpose), strconv.Itoa(distribution.FilesPurpose)
	f.Hint = i18n.T(ctx, "form.purpose_hint", "Max", aim)
	f.Counter = components.Counter{
		Max: distribution.SafePurpose, Rest: i18n.T(ctx, "form.rest", "Count", number, "Max", aim),
		Over: i18n.T(ctx, "fill.beyond", "Count", number, "Max", aim),
		Last: distribution.FilesPurpose, Far: i18n.T(ctx, "fill.beyond", "Count", number, "Max", last),
	}
}

func sayReference(ctx context.Context, _ FormProps, f *components.Field) {
	f.Aside, f.Placeholder = i18n.T(ctx, "form.optional"), i18n.T(ctx, "form.reference_hint")
}

// subject tells one unfinished form from another.
func (d FormDraft) subject(ctx context.Context) string {
	name := d.Values.Name
	if name == "" {
		name = i18n.T(ctx, "draft.nameless")
	}
	return name + ", " + i18n.DateTime(ctx, d.KeptAt)
}
